# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Several processes on one store, and processes that are killed while they write.

Each process is the executable StorePeer. `DEWAR_SEED=N` repeats the moments of a run's kills.
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEER = Path(os.environ.get("DEWAR_BIN", ROOT / ".build/debug")) / "StorePeer"
SEED = int(os.environ.get("DEWAR_SEED") or random.SystemRandom().randrange(2**32))
PROCESSES = 4
INCREMENTS = 1000
KILLS = 20
PARALLEL = 4


def setUpModule():
    print(f"\n{KILLS} kills a store: DEWAR_SEED={SEED}", file=sys.stderr)


class Store:
    """A kind of store in a folder, and what can be said of its files."""

    def __init__(self, kind, name):
        self.kind = kind
        self.name = name

    def specification(self, folder):
        return f"{self.kind}:{Path(folder) / self.name}"

    def check(self, test, folder):
        """Whatever happened to its processes, the store's files are sound."""


class SQLite(Store):
    def check(self, test, folder):
        connection = sqlite3.connect(Path(folder) / self.name)
        try:
            test.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            test.assertEqual(connection.execute("SELECT count(*) FROM dewar_sessions").fetchone(), (1,))
        finally:
            connection.close()


STORES = [SQLite("sqlite", "sessions.sqlite")]


class Peer:
    """A process that has the store open. Its answers are read line by line."""

    def __init__(self, specification):
        self.process = subprocess.Popen(
            [PEER, specification], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=60)
        # What was not sent before the process was killed cannot be sent any more.
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.stdout.close()

    def send(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def answer(self):
        """The lines up to "done"."""
        lines = []
        while (line := self.line()) != "done":
            if not line or line.startswith("error"):
                raise AssertionError(f"StorePeer: {line or 'ended'}")
            lines.append(line)
        return lines

    def ask(self, *words):
        self.send(*words)
        return self.answer()

    def kill(self):
        """kill -9; what it had acknowledged by then."""
        self.process.kill()
        return [line.rstrip("\n") for line in self.process.stdout if line.endswith("\n")]


class StoreProcessTests(unittest.TestCase):
    def test_no_increment_of_four_processes_is_lost(self):
        for store in STORES:
            with self.subTest(store.kind), tempfile.TemporaryDirectory() as folder:
                self.increment_from_four_processes(store, folder)

    def test_what_was_acknowledged_survives_kill_9(self):
        for store in STORES:
            with self.subTest(store.kind), tempfile.TemporaryDirectory() as folder:
                self.kill_writers(store, folder)

    def increment_from_four_processes(self, store, folder):
        peers = [Peer(store.specification(folder)) for _ in range(PROCESSES)]
        try:
            [cookie] = peers[0].ask("create")
            for peer in peers:
                peer.send("increment", cookie, "n", INCREMENTS)
            made = [int(line) for peer in peers for line in peer.answer()]
            self.assertEqual(sorted(made), list(range(1, PROCESSES * INCREMENTS + 1)))
            for peer in peers:
                self.assertEqual(peer.ask("read", cookie, "n"), [str(PROCESSES * INCREMENTS)])
        finally:
            for peer in peers:
                peer.close()
        store.check(self, folder)

    def kill_writers(self, store, folder):
        chance = random.Random(SEED)
        with Peer(store.specification(folder)) as peer:
            [cookie] = peer.ask("create")
            peer.ask("increment", cookie, "n", 1)
        stored = 1
        for _ in range(KILLS):
            with Peer(store.specification(folder)) as peer:
                peer.send("increment", cookie, "n", 1_000_000, PARALLEL)
                lines = [peer.line() for _ in range(chance.randrange(1, 300))]
                acknowledged = [int(line) for line in lines + peer.kill()]
            self.assertEqual(len(set(acknowledged)), len(acknowledged))
            self.assertGreater(min(acknowledged), stored)
            with Peer(store.specification(folder)) as peer:
                found = int(peer.ask("read", cookie, "n")[0])
            # The writes that were under way may or may not have been stored; no other.
            self.assertGreaterEqual(found, max(acknowledged))
            self.assertLessEqual(found, stored + len(acknowledged) + PARALLEL)
            stored = found
        store.check(self, folder)


if __name__ == "__main__":
    unittest.main()

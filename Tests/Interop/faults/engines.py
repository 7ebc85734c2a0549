# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Redis and PostgreSQL, set up so that they lose nothing that they acknowledged when they are killed."""

import asyncio
import os
import signal
import time
from pathlib import Path

from servers import Postgres, Redis


class DurableRedis(Redis):
    """Redis that answers a write when it is on the disk (`appendfsync always`)."""

    def command(self):
        return [
            *super().command(), "--appendonly", "yes", "--appendfsync", "always",
            "--auto-aof-rewrite-min-size", "8mb", "--aof-use-rdb-preamble", "yes"]

    @property
    def has_ended(self):
        return self.process.poll() is not None

    def answers(self):
        # While it reads its file after a start it answers all but this with an error.
        return self.ask(b"PING\r\n").startswith(b"+PONG")


class DurablePostgres(Postgres):
    """PostgreSQL with `fsync`, as it comes; its files are small, so that a small disk takes them."""

    def prepare(self):
        super().prepare()
        with (Path(self.data) / "postgresql.conf").open("a") as settings:
            settings.write("max_wal_size = 64MB\nmin_wal_size = 32MB\nshared_buffers = 16MB\n")

    def command(self):
        command = super().command()
        return command[:command.index("-c")]

    @property
    def has_ended(self):
        return self.process.poll() is not None

    def kill(self):
        """kill -9 of every process of it: what the first one began does not outlive it."""
        family = [self.process.pid, *children(self.process.pid)]
        for process in family:
            send(process, signal.SIGKILL)
        self.process.wait(20)
        deadline = time.monotonic() + 20
        while any(is_alive(process) for process in family[1:]) and time.monotonic() < deadline:
            time.sleep(0.01)


def children(process):
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def send(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def is_alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def start_again(engine):
    """Starts it, again and again for a while: what is left of the one before may keep it from starting."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return await asyncio.to_thread(engine.start)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Sessions on the server, used from outside: copied cookies, restarts, several processes, and kill -9."""

import asyncio
import re
import sqlite3
import tempfile
import unittest
from pathlib import Path

from programs import BIN, KEY, Load, Machines, Program, cookie_of, example, plain_session, require_programs

EXAMPLES = ("Login", "Counter")
KINDS = ("directory", "sqlite")


def setUpModule():
    require_programs(*EXAMPLES)


class Place:
    """Somewhere to keep sessions, gone when the `with` block ends."""

    def __init__(self, kind):
        self.kind = kind
        self.folder = tempfile.TemporaryDirectory()
        name = {"directory": "sessions", "sqlite": "sessions.sqlite"}[kind]
        self.path = Path(self.folder.name) / name
        self.option = f"{kind}:{self.path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def everything(self):
        """All the bytes at rest, and the names of the files."""
        files = [file for file in Path(self.folder.name).rglob("*") if file.is_file()]
        return b"".join(str(file).encode() + file.read_bytes() for file in files)


def signed_in(app, name="admin"):
    """The cookie of a visitor who has just signed in."""
    return cookie_of(app.post("/login", username=name).headers["Set-Cookie"])


class CopiedCookieTests(unittest.TestCase):
    def test_a_copied_cookie_is_dead_after_logout(self):
        for option in ("memory", *KINDS):
            with self.subTest(option), Place("directory" if option == "memory" else option) as place:
                with example("Login", "--sessions", "memory" if option == "memory" else place.option) as login:
                    cookie = signed_in(login)
                    self.assertIn("Logged in as admin", login.get("/", cookie).text)
                    self.assertIn("Max-Age=0", login.get("/logout", cookie).headers["Set-Cookie"])
                    self.assertIn("You are not logged in", login.get("/", cookie).text)

    def test_what_is_at_rest_lets_nobody_in(self):
        for kind in KINDS:
            with self.subTest(kind), Place(kind) as place, example("Login", "--sessions", place.option) as login:
                cookie = signed_in(login)
                stolen = place.everything()
                value = cookie.partition("=")[2]
                self.assertNotIn(value.encode(), stolen)
                self.assertNotIn(value.partition(".")[0].encode(), stolen)
                # Whatever stands in the files, no text of it is a cookie, by itself or with the cookie's own signature.
                texts = set(re.findall(rb"[\w.=-]{20,200}", stolen))
                self.assertGreater(len(texts), 0)
                for text in texts:
                    for end in ("", "." + value.partition(".")[2]):
                        forged = "session=" + text.decode() + end
                        self.assertIn("You are not logged in", login.get("/", forged).text)

    def test_a_client_s_own_id_is_never_taken_over(self):
        with Place("directory") as place, example("Login", "--sessions", place.option) as login:
            for junk in ("session=chosen", "session=" + "A" * 64 + "." + "A" * 43):
                cookie = cookie_of(login.post("/login", junk, username="admin").headers["Set-Cookie"])
                self.assertNotEqual(cookie, junk)
                self.assertIn("You are not logged in", login.get("/", junk).text)


class RestartTests(unittest.TestCase):
    def test_a_visitor_stays_signed_in_over_a_restart(self):
        for kind in KINDS:
            with self.subTest(kind), Place(kind) as place:
                with example("Login", "--sessions", place.option) as login:
                    cookie = signed_in(login)
                    self.assertEqual(login.stop(), 0)
                with example("Login", "--sessions", place.option) as login:
                    self.assertIn("Logged in as admin", login.get("/", cookie).text)

    def test_a_place_that_cannot_be_used_is_told_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "elsewhere"
            target.mkdir(0o700)
            link = Path(folder) / "link"
            link.symlink_to(target)
            for option in (f"directory:{link}", f"directory:{folder}/no/such/folder", "sqlite:/", "postgres", "sqlite:"):
                with self.subTest(option):
                    program = Program.__new__(Program)
                    Program.__init__(program, BIN / "Login", "--port", "0", "--secret-key", KEY, "--sessions", option)
                    self.assertNotIn(program.process.wait(20), (0, None))
                    lines = [line for line in program.log.read_text().splitlines() if "Error" in line]
                    self.assertEqual(len(lines), 1, program.log.read_text())
                    program.folder.cleanup()


class CountingTests(unittest.TestCase):
    def test_parallel_requests_of_one_visitor_lose_nothing(self):
        for option in ("memory", *KINDS):
            with self.subTest(option), Place("directory" if option == "memory" else option) as place:
                with example("Counter", "--sessions", "memory" if option == "memory" else place.option) as counter:
                    cookie = cookie_of(counter.get("/count").headers["Set-Cookie"])
                    asyncio.run(Load(counter.url, [cookie] * 16).run(requests=20))
                    self.assertEqual(counter.get("/count", cookie).text, str(1 + 16 * 20 + 1))

    def test_four_processes_on_one_store_lose_nothing(self):
        for kind in KINDS:
            with self.subTest(kind), Place(kind) as place, Machines("Counter", place.option, 4) as counters:
                cookie = cookie_of(counters[0].get("/count").headers["Set-Cookie"])

                async def count():
                    await asyncio.gather(*(Load(counter.url, [cookie]).run(requests=1000) for counter in counters))

                asyncio.run(count())
                self.assertEqual(counters[3].get("/count", cookie).text, str(1 + 4 * 1000 + 1))


class KillTests(unittest.TestCase):
    """kill -9 in the middle of writing, 20 times: what the server had acknowledged is there afterwards."""

    kills = 20
    clients = 32

    def test_no_acknowledged_write_is_lost(self):
        for kind in KINDS:
            with self.subTest(kind), Place(kind) as place:
                cookies, counts, answered, seconds = None, None, 0, 0
                for _ in range(self.kills):
                    with example("Counter", "--sessions", place.option) as counter:
                        if cookies is None:
                            fields = [counter.get("/count").headers["Set-Cookie"] for _ in range(self.clients)]
                            cookies, counts = [cookie_of(field) for field in fields], [1] * self.clients
                        load = Load(counter.url, cookies, counts)
                        asyncio.run(load.run(until=lambda: counter.process.kill(), after=1.0))
                        answered, seconds = answered + load.answered, seconds + 1.0
                        self.assertNotIn("damaged", counter.log.read_text())
                    counts = load.counts
                    with example("Counter", "--sessions", place.option) as counter, plain_session():
                        for number, cookie in enumerate(cookies):
                            found = int(counter.get("/count", cookie).text)
                            # One request more may have been saved without its answer arriving.
                            self.assertIn(found - counts[number], (1, 2), f"{kind}: visitor {number}")
                            counts[number] = found
                        self.assertEqual(counter.stop(), 0)
                        self.assertNotIn("damaged", counter.log.read_text())
                if kind == "sqlite":
                    with sqlite3.connect(place.path) as database:
                        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
                print(f"DEWAR: {kind}: {self.kills} kills during {answered / seconds:.0f} writes a second")


if __name__ == "__main__":
    unittest.main()

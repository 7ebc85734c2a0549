# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The key and the format of a live site are changed under load, and nobody notices."""

import asyncio
import subprocess
import sys
import tempfile
import time
import unittest
from itertools import count
from pathlib import Path

from programs import BIN, Program, require_programs
from servers import Redis, free_port

#: A little more than the 500 requests a second that it is about: what comes late is not made up for.
MACHINES, VISITORS, RATE = 3, 64, 560
OLD, NEW = "the key that the site began with, long enough", "the key that the site goes on with, long enough"

#: What each machine is restarted with, one machine after the other: the key is accepted, then signs, then the old one is retired;
#: and so with the format. At every moment each machine opens what any other one writes.
STEPS = {
    "the site as it was": ["--secret-key", OLD, "--sessions", "flask"],
    "the new key is accepted": ["--secret-key", OLD, "--secret-key-fallback", NEW, "--sessions", "flask"],
    "the new key signs": ["--secret-key", NEW, "--secret-key-fallback", OLD, "--sessions", "flask"],
    "the old key is retired": ["--secret-key", NEW, "--sessions", "flask"],
    "sealed is accepted": ["--secret-key", NEW, "--sessions", "flask", "--accept", "sealed"],
    "sealed is written": ["--secret-key", NEW, "--sessions", "sealed", "--accept", "flask"],
    "flask is retired": ["--secret-key", NEW, "--sessions", "sealed"],
}


def setUpModule():
    require_programs("Counter", "dewar")


class Machine:
    """One process of the site, always on the same port; `is_open` is what a load balancer in front knows of it."""

    def __init__(self):
        self.port = free_port()
        self.is_open = False
        self.in_flight = self.loads = 0
        self.program = None

    async def start(self, options):
        self.program = Program(BIN / "Counter", "--port", str(self.port), *options)
        await asyncio.to_thread(self.program.__enter__)
        self.is_open = True

    async def restart(self, options):
        """A restart as a deployment does it: no new requests, the last answers, SIGTERM, and the new process."""
        self.is_open = False
        while self.in_flight:
            await asyncio.sleep(0.005)
        status = await asyncio.to_thread(self.program.stop)
        if status != 0:
            raise AssertionError(f"The program ended with status {status}.")
        await asyncio.to_thread(self.program.__exit__)
        await self.start(options)


    async def has_loaded_keys(self):
        """Waits until the program says that it has taken over what the file says now."""
        self.loads += 1
        deadline = time.monotonic() + 20
        while self.program.log.read_text().count("the secret keys were loaded anew") < self.loads:
            if time.monotonic() > deadline:
                raise AssertionError("The keys are not loaded: " + self.program.log.read_text())
            await asyncio.sleep(0.05)


class Visitor:
    """A signed-in visitor, who knows what the answers must be, also with more than one window open."""

    def __init__(self, site, number, windows=1):
        self.site, self.name = site, f"visitor-{number}"
        self.windows = windows
        self.cookie = None
        self.counted = 0

    async def sign_in(self):
        status, _, _ = await self.ask("POST", "/login", f"username={self.name}")
        if status != 302 or not self.cookie:
            raise AssertionError(f"{self.name} cannot sign in: {status}")

    async def step(self, number):
        if number % 4 == 0:
            status, page, _ = await self.ask("GET", "/")
            right = page.startswith(f"Logged in as {self.name}<")
        else:
            status, page, _ = await self.ask("GET", "/count")
            self.counted += 1
            # Of two windows the one that counts first may show its page last; `check` looks at the sum.
            right = page == str(self.counted) or self.windows > 1
        if status != 200 or not right:
            self.site.problems.append(f"{self.name}, {self.site.step}: {status} {page[:80]!r}, count {self.counted}")

    async def check(self):
        """Nothing was lost, and the visitor is still who they are."""
        await self.step(0)
        _, page, _ = await self.ask("GET", "/count")
        if page != str(self.counted + 1):
            self.site.problems.append(f"{self.name}: {page[:80]!r} after {self.counted} counts")

    async def ask(self, method, path, form=""):
        head, page = await self.site.send(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + (f"Cookie: {self.cookie}\r\n" if self.cookie else "")
            + f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}")
        for line in head.split("\r\n"):
            if line.lower().startswith("set-cookie: "):
                self.cookie = line.partition(": ")[2].partition(";")[0]
        return int(head[9:12]), page, head


class Site:
    """Three machines behind a load balancer, which tries the next machine when a connection is refused, and only then."""

    def __init__(self):
        self.machines = [Machine() for _ in range(MACHINES)]
        self.turns = count()
        self.step = ""
        self.problems = []
        self.answered = self.refused = 0

    async def send(self, request):
        for _ in range(10 * MACHINES):
            machine = self.machines[next(self.turns) % MACHINES]
            if not machine.is_open:
                continue
            machine.in_flight += 1
            try:
                head, page = await self.exchange(machine, request.encode())
            except ConnectionRefusedError:
                self.refused += 1
                continue
            finally:
                machine.in_flight -= 1
            if not head:
                raise AssertionError(f"{self.step}: a machine gave no answer")
            self.answered += 1
            return head, page
        raise AssertionError("No machine takes a connection.")

    @staticmethod
    async def exchange(machine, request):
        reader, writer = await asyncio.open_connection("127.0.0.1", machine.port)
        try:
            writer.write(request)
            head, _, page = (await asyncio.wait_for(reader.read(), 20)).decode().partition("\r\n\r\n")
            return head, page
        finally:
            writer.close()

    async def start(self, options):
        await asyncio.gather(*(machine.start(options) for machine in self.machines))

    def stop(self):
        for machine in self.machines:
            if machine.program:
                machine.program.__exit__()


class Load:
    """Requests at a steady rate, spread over the visitors, until `is_done`."""

    def __init__(self, site, visitors):
        self.site, self.visitors = site, visitors
        self.is_done = False

    async def run(self):
        started = time.monotonic()
        windows = [visitor for visitor in self.visitors for _ in range(visitor.windows)]
        await asyncio.gather(*(self.visit(visitor, number, len(windows)) for number, visitor in enumerate(windows)))
        self.seconds = time.monotonic() - started

    async def visit(self, visitor, number, windows):
        interval = windows / RATE
        due = time.monotonic() + number / RATE
        for step in count(number):
            await asyncio.sleep(due - time.monotonic())
            # A machine too slow for the rate is not asked to make up for it.
            due = max(due + interval, time.monotonic())
            if self.is_done or self.site.problems:
                return
            await visitor.step(step)


class RotationTests(unittest.TestCase):
    def test_key_and_format_change_under_load_and_nobody_is_logged_out(self):
        (_, first), *steps = STEPS.items()

        async def change(site, visitors):
            for site.step, options in steps:
                for machine in site.machines:
                    await machine.restart(options)
                    await asyncio.sleep(0.25)
                await everybody_counts(visitors)

        self.rotate(first, change)

    def test_the_key_changes_without_a_restart_under_load(self):
        with tempfile.TemporaryDirectory() as folder, Redis() as redis:
            for place, windows in (("sealed", 1), (redis.url, 2)):
                with self.subTest(place):
                    file = Path(folder) / f"keys{windows}"
                    key_command("add", file)

                    async def change(site, visitors):
                        for site.step in ("add", "sign", "retire"):
                            await asyncio.to_thread(key_command, site.step, file)
                            await asyncio.gather(*(machine.has_loaded_keys() for machine in site.machines))
                            await everybody_counts(visitors)

                    self.rotate(["--key-file", str(file), "--sessions", place], change, windows)

    def rotate(self, options, change, windows=1):
        """Starts a site, and does a change to it while its visitors are there."""
        site = Site()
        try:
            asyncio.run(self.under_load(site, options, change, windows))
        finally:
            site.stop()
        self.assertEqual(site.problems, [])

    async def under_load(self, site, options, change, windows):
        await site.start(options)
        visitors = [Visitor(site, number, windows) for number in range(VISITORS)]
        await asyncio.gather(*(visitor.sign_in() for visitor in visitors))
        load = Load(site, visitors)
        running = asyncio.create_task(load.run())
        try:
            await everybody_counts(visitors)
            await change(site, visitors)
        finally:
            load.is_done = True
            await running
        await asyncio.gather(*(visitor.check() for visitor in visitors))
        print(f"DEWAR: rotation: {site.answered} requests, {site.answered / load.seconds:.0f} a second, "
              f"{VISITORS} visitors", file=sys.stderr)


async def everybody_counts(visitors):
    """Waits until each has been written a cookie since now, as a site waits for its longest session before it retires a key."""
    seen = [visitor.counted for visitor in visitors]
    deadline = time.monotonic() + 20
    while any(visitor.counted < before + 2 * visitor.windows for visitor, before in zip(visitors, seen)):
        if time.monotonic() > deadline or visitors[0].site.problems:
            raise AssertionError(f"The visitors do not go on: {visitors[0].site.problems}")
        await asyncio.sleep(0.02)


def key_command(verb, file):
    subprocess.run([BIN / "dewar", "key", verb, file], check=True, capture_output=True, timeout=20)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Visitors and attackers at a steady rate; each answer is checked against what the visitor knows."""

import asyncio
import time
from collections import Counter
from itertools import count
from random import Random

from faults.client import LOST, PATIENCE, Client

#: How long a session lasts without a request, in seconds. Clients that keep no cookie leave one behind each time.
IDLE = 10
#: A visitor who was away for longer signs in again: the machine may have stood still.
AWAY = IDLE / 3
BODY_TIMEOUT = 3

numbers = count(1)


class Wrong(Exception):
    """An answer that is not what it must be."""


class Visitor:
    """One browser with one session at a time, and what it knows of that."""

    kinds = ("see", "count", "put", "newcomer", "forged", "huge", "fields", "parts")
    shares = (34, 17, 6, 40, 1.5, 0.5, 0.5, 0.5)

    def __init__(self, load, number, rate):
        self.load, self.number, self.pause = load, number, 1 / rate
        self.random = Random(load.random.getrandbits(64))
        self.client = self.open_client()
        self.cookie, self.entries, self.used = None, {}, 0.0

    def open_client(self):
        return Client([self.load.port])

    async def run(self):
        due = time.monotonic() + self.random.uniform(0, self.pause)
        while not self.load.is_over:
            # Who is late by more than a second does not make up for it: the rate that was reached is printed.
            due = max(due + self.pause, time.monotonic() - 1)
            await asyncio.sleep(max(0, due - time.monotonic()))
            began = time.monotonic()
            try:
                await self.step()
            except (Wrong, *LOST) as error:
                self.cookie = None
                # While the whole machine is stopped, sessions end, and the time for an answer runs out.
                longest = IDLE - AWAY if isinstance(error, Wrong) else PATIENCE + 2
                if time.monotonic() - began > longest:
                    self.load.done["(the machine stood still)"] += 1
                else:
                    self.load.note_wrong(f"visitor {self.number}: {error!r}")
        self.client.close()

    async def step(self):
        if self.cookie is None or time.monotonic() - self.used > AWAY:
            return await self.sign_in()
        if self.random.random() < 0.01:
            return await self.sign_out()
        kind = self.random.choices(self.kinds, self.shares)[0]
        await getattr(self, kind)()

    async def send(self, what, path, form=None, cookie=None, status=200):
        number = next(numbers)
        began = time.monotonic()
        found, view, given = await self.client.send(0, number, path, form, cookie)
        self.load.times.append(time.monotonic() - began)
        self.load.done[what] += 1
        if found != status:
            raise Wrong(f"{what}: status {found}")
        if status == 200 and view["request"] != str(number):
            raise Wrong(f"{what}: the answer to request {view['request']}")
        return view, [line.partition(";")[0] for line in given]

    async def own(self, what, form=None):
        """A request with the visitor's cookie: the session is as it knows it."""
        self.used = time.monotonic()
        view, given = await self.send(what, f"/{what}", form, self.cookie)
        if view.get("user") != self.user or view["entries"] != self.entries:
            raise Wrong(f"{what}: {view}, and not {self.user} with {self.entries}")
        self.cookie = given[-1] if given else self.cookie

    async def sign_in(self):
        life = next(numbers)
        self.user, self.entries, self.used = f"user{life}", {"life": life}, time.monotonic()
        view, given = await self.send("sign-in", "/sign-in", {"user": self.user, "life": life})
        if view.get("user") != self.user or view["entries"] != self.entries or len(given) != 1:
            raise Wrong(f"sign-in: {view}")
        self.cookie = given[0]

    async def sign_out(self):
        ended, self.cookie = self.cookie, None
        await self.send("sign-out", "/sign-out", {}, ended)
        await self.anonymous("after the sign-out", ended)

    async def anonymous(self, what, cookie):
        view, given = await self.send(what, "/see", cookie=cookie)
        if view.get("user") is not None or view["entries"]:
            raise Wrong(f"{what}: {view}")

    async def see(self):
        await self.own("see")

    async def count(self):
        self.entries = {**self.entries, "n": self.entries.get("n", 0) + 1}
        await self.own("count", {})

    async def put(self):
        value = self.random.randrange(1, 1000)
        self.entries = {**self.entries, "last": value}
        await self.own("put", {"key": "last", "value": value})

    async def newcomer(self):
        """A client that keeps no cookie: each of its requests begins a session."""
        view, given = await self.send("newcomer", "/count", {})
        if view.get("user") is not None or view["entries"] != {"n": 1} or len(given) != 1:
            raise Wrong(f"newcomer: {view}, {len(given)} cookies")

    async def forged(self):
        at = self.random.randrange(len("session="), len(self.cookie))
        letter = "A" if self.cookie[at] != "A" else "B"
        # The last letter of a value has bits that mean nothing, and another one may spell the same; so two are changed.
        await self.anonymous("forged cookie", self.cookie[:at] + letter + self.cookie[at + 1:] + "A")

    async def huge(self):
        await self.anonymous("huge cookie", "session=" + "A" * 60_000)
        await self.send("too huge a cookie", "/see", cookie="session=" + "A" * 70_000, status=431)

    async def fields(self):
        """Thousands of fields, of which the page needs two."""
        value = self.random.randrange(1, 1000)
        self.entries = {**self.entries, "last": value}
        await self.own("put", {"key": "last", "value": value, **{f"f{index}": index for index in range(5000)}})

    async def parts(self):
        """A form that is larger than forms may be."""
        await self.send("too large a form", "/put", {"key": "x" * 600_000}, status=413)


class Load:
    """So many requests a second at one server."""

    visitor = Visitor

    def __init__(self, port, rate, seed, visitors=64, attackers=8):
        self.port, self.rate, self.random = port, rate, Random(seed)
        self.visitors = [self.visitor(self, number, rate / visitors) for number in range(visitors)]
        self.attackers = attackers
        self.done, self.wrong, self.times = Counter(), [], []
        self.is_over = False

    async def run(self, seconds):
        tasks = [asyncio.create_task(visitor.run()) for visitor in self.visitors]
        tasks += [asyncio.create_task(self.send_slowly()) for _ in range(self.attackers)]
        await asyncio.sleep(seconds)
        self.is_over = True
        await asyncio.gather(*tasks)

    def note_wrong(self, what):
        if len(self.wrong) < 20:
            self.wrong.append(what)

    async def send_slowly(self):
        """A body of a few bytes a second, again and again: 408, after the time for a body."""
        while not self.is_over:
            began, writer = time.monotonic(), None
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(b"POST /put HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                             b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
                answer = asyncio.create_task(Client.answer(reader))
                while not answer.done() and time.monotonic() < began + 10 * BODY_TIMEOUT:
                    writer.write(b"x")
                    await asyncio.wait([answer], timeout=0.3)
                status = answer.result()[0] if answer.done() else None
                if status != 408:
                    self.note_wrong(f"a slow body: status {status} after {time.monotonic() - began:.1f} s")
                self.done["slow body"] += 1
            except LOST as error:
                self.note_wrong(f"a slow body: {error!r}")
            finally:
                if writer is not None:
                    writer.close()

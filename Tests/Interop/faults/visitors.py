# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Browsers that sign in, count, write, renew and sign out, in several tabs, and note what they are answered."""

import asyncio
import time
from collections import Counter
from itertools import count
from random import Random

from .client import LOST, Client
from .history import Ending, Exchange, Life, User
from .promises import Finding, judge, unsure_counts
from .story import tell

numbers = count(1)
GRAVES = 150


class Crowd:
    """The visitors of a site: two browsers for each user."""

    def __init__(self, site, rules, seed, size):
        self.site, self.rules = site, rules
        self.random = Random(f"{seed} {site.kind} visitors")
        self.generation, self.lives = count(1), count(1)
        self.gate, self.stopping = asyncio.Event(), False
        self.owners, self.living, self.graves = {}, {}, []
        self.stories, self.condemned, self.statuses = [], set(), Counter()
        #: Counts that were not acknowledged, and those of them that were made.
        self.unsure = self.unsure_made = 0
        users = [self.new_user() for _ in range(size)]
        self.browsers = [Browser(self, users, index) for index in range(size) for _ in range(2)]
        site.memory_lost = self.memory_lost
        self.gate.set()

    def new_user(self):
        return User(f"user{next(self.generation)}")

    def start(self):
        self.tasks = [asyncio.create_task(browser.run()) for browser in self.browsers]

    async def pause(self):
        """Until every browser has its answers, or has given up on them."""
        self.gate.clear()
        while not all(browser.is_resting or task.done() for browser, task in zip(self.browsers, self.tasks)):
            await asyncio.sleep(0.02)
        for task in self.tasks:
            if task.done():
                task.result()

    async def stop(self):
        self.stopping = True
        self.gate.set()
        await asyncio.gather(*self.tasks)

    def memory_lost(self, moment):
        """The process that had the sessions in its memory was killed."""
        for life in self.living.values():
            life.endings.append(Ending(moment, None, "the process that had it in memory was killed"))

    def take_cookie(self, cookie, life):
        """A cookie is one session's: two sessions that are given the same are one visitor's in another's hands."""
        owner = self.owners.setdefault(hash(cookie), life.number)
        if owner != life.number:
            self.report(life, [Finding("own_session_only", f"its cookie was also given to session {owner}")])

    def bury(self, life, cookies):
        """The life is over: it is judged, and its cookies are tried now and then."""
        self.living.pop(life.number, None)
        self.report(life, judge(life, self.rules))
        unsure, made = unsure_counts(life)
        self.unsure, self.unsure_made = self.unsure + unsure, self.unsure_made + made
        self.graves.append((life, cookies))
        if len(self.graves) > GRAVES:
            self.graves.pop(self.random.randrange(len(self.graves)))

    def report(self, life, findings):
        """Tells a life's findings, once."""
        if findings and life.number not in self.condemned:
            self.condemned.add(life.number)
            self.stories.append(tell(life, findings, self.site.events, self.site.kind))


class Browser:
    def __init__(self, crowd, users, index):
        self.crowd, self.users, self.index = crowd, users, index
        self.random = Random(crowd.random.getrandbits(64))
        self.client = Client([wire.port for wire in crowd.site.wires])
        self.cookie, self.cookies, self.life, self.is_resting = None, [], None, False

    async def run(self):
        while await self.may_go_on():
            if await self.sign_in():
                await self.live()
        self.client.close()

    async def may_go_on(self):
        self.is_resting = True
        await self.crowd.gate.wait()
        self.is_resting = False
        await asyncio.sleep(self.random.uniform(0, 0.06))
        return not self.crowd.stopping

    async def sign_in(self):
        user = self.users[self.index]
        if user.is_spent:
            user = self.users[self.index] = self.crowd.new_user()
        number, self.cookie, self.cookies = next(self.crowd.lives), None, []
        began = self.exchange("sign-in")
        life = Life(number, user, began)
        self.crowd.living[number] = life
        await self.perform(life, began, "/sign-in", {"user": user.name, "life": number}, takes_cookie=True)
        if not began.is_done or self.cookie is None:
            self.crowd.living.pop(number, None)
            if began.is_done or began.status not in (None, 503):
                what = f"signing in gave {began.status} and no cookie"
                self.crowd.report(life, [Finding("an_outage_is_an_error", what, began.number)])
            return False
        life.exchanges.append(began)
        self.life = life
        return True

    async def live(self):
        """Until the session has ended, or may have."""
        life, steps = self.life, self.random.randint(5, 90)
        while await self.may_go_on():
            steps -= 1
            if steps <= 0:
                await self.end(life)
            else:
                await self.step(life)
            if any(not one.sees for one in life.exchanges[-6:] if one.is_done) or self.is_over(life):
                break
        else:
            return
        # What comes after the end, on every process.
        for _ in range(3):
            if await self.may_go_on():
                await self.do(life, "probe", cookie=self.random.choice(self.cookies))
        self.life = None
        self.crowd.bury(life, self.cookies)

    def is_over(self, life):
        return bool(life.all_endings())

    async def step(self, life):
        match self.random.choices(("tabs", "last", "grow", "renew"), (80, 10, 3, 4))[0]:
            case "tabs":
                # A cookie that holds the session itself is the last answer's: tabs would overwrite each other.
                tabs = self.random.randint(1, 3) if self.crowd.site.kind != "sealed" else 1
                await asyncio.gather(*(self.tab(life) for _ in range(tabs)))
            case "last": await self.write(life, "put", "last")
            case "grow" if self.crowd.site.kind != "sealed": await self.write(life, "grow", "ballast")
            case "renew": await self.do(life, "renew", {})

    async def tab(self, life):
        match self.random.choices(("count", "see", "put"), (60, 25, 15))[0]:
            case "count": await self.do(life, "count", {})
            case "see": await self.do(life, "see")
            case "put": await self.write(life, "put", f"k{self.random.randrange(20)}")

    async def write(self, life, operation, key):
        value = self.random.randrange(1, 20_000)
        await self.do(life, operation, {"key": key, "value": value}, key=key, value=value)

    async def end(self, life):
        """Signs out, here or everywhere, while other requests of the session are in flight."""
        await self.do(life, "see")
        company = [self.tab(life) for _ in range(self.random.randint(0, 2) if self.crowd.site.kind != "sealed" else 0)]
        if self.random.random() < 0.2:
            await asyncio.gather(self.sign_out_everywhere(life.user), *company)
        else:
            await asyncio.gather(self.do(life, "sign-out", {}), *company)

    async def sign_out_everywhere(self, user):
        """Without a cookie, as an administrator would."""
        ending = Ending(time.monotonic(), None, "all of the user's sessions were signed out")
        user.everywhere.append(ending)
        try:
            status, _, _ = await self.client.send(
                self.process(), next(numbers), "/sign-out-everywhere", {"user": user.name})
        except LOST:
            status = None
        if status == 200:
            ending.answered = time.monotonic()
        else:
            user.is_spent = True

    def process(self):
        return self.random.randrange(len(self.client.ports))

    def exchange(self, operation, process=None, **more):
        process = self.process() if process is None else process
        return Exchange(next(numbers), operation, process, time.monotonic(), **more)

    async def do(self, life, operation, form=None, cookie=None, **more):
        """A request with the session's cookie, or another one of it; the answer's cookie is taken if it is whole."""
        exchange = self.exchange(operation, **more)
        life.exchanges.append(exchange)
        path = "/see" if operation == "probe" else f"/{operation}"
        await self.perform(life, exchange, path, form, cookie or self.cookie, takes_cookie=cookie is None)
        return exchange

    async def perform(self, life, exchange, path, form=None, cookie=None, takes_cookie=False):
        crowd, given = self.crowd, []
        try:
            exchange.status, exchange.view, given = await self.client.send(
                exchange.process, exchange.number, path, form, cookie)
        except LOST:
            pass
        exchange.answered = time.monotonic()
        crowd.statuses[exchange.status] += 1
        for line in given if exchange.is_done else []:
            value = line.partition(";")[0]
            if takes_cookie and "Max-Age=0" not in line and (exchange.sees or exchange.operation == "sign-in"):
                self.cookie = value
                self.cookies.append(value)
                crowd.take_cookie(value, life)

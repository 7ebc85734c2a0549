# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The operator's page of a site with a million sessions, and what visitors notice of it.

For each store: StoreScale fills it, BenchServer serves it, and a stream of `GET /count` has what it takes alone and while an
operator asks for one page after the other, without a pause.
"""

import html
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from . import listing
from .goals import PLACE_NAMES, Verdict
from .processes import CORES, LOAD_CORE, Process
from .servers import ROOT, Engines, Server
from .stream import Stream
from .tables import table

STORES = ("sqlite", "redis", "postgres")
PAGE = "/admin/sessions"
#: How many sessions the goals are about, and with how few there is a page for everything that is looked at.
SESSIONS, FEWEST = 1_000_000, 3000
#: Requests for /count a second.
RATE = 200

#: No page may take longer, in milliseconds.
PAGE_LIMIT = 200
#: What a visitor may notice: how much later one request in a hundred is answered, and how late any.
LATER_LIMIT = 20
LATEST_LIMIT = 100

FIRST, DEEP, USER, ROBOT = "all sessions, the first page", "all sessions, pages from the middle on", \
    "a user with one session", "a user with a twentieth of all sessions"


@dataclass
class Times:
    """Times in milliseconds."""
    values: list

    @property
    def median(self):
        return median(self.values)

    @property
    def slowest(self):
        return max(self.values)

    @property
    def late(self):
        """The 99th percentile: one in a hundred takes longer."""
        return sorted(self.values)[len(self.values) * 99 // 100]


@dataclass
class Found:
    """What was measured with one store."""
    pages: dict
    alone: Times
    beside: Times
    #: The command's, by what it shows.
    lists: dict = field(default_factory=dict)


def measure(sessions, asks=20, program=ROOT / ".build/release", say=print):
    """What each store has, by its name."""
    before = os.sched_getaffinity(0)
    # The engines and this program, which is the load, are where the servers are not.
    os.sched_setaffinity(0, {LOAD_CORE})
    try:
        with Engines() as engines:
            return {store: measure_store(store, engines, sessions, asks, program, say) for store in STORES}
    finally:
        os.sched_setaffinity(0, before)


def measure_store(store, engines, sessions, asks, program, say):
    place = new_place(store, engines)
    start = time.monotonic()
    cursor = fill(program, place, sessions)
    if store == "postgres":
        # As autovacuum does, and not in the midst of the measurement.
        engines.postgres.ask_sql("\\connect overview\nVACUUM ANALYZE; SELECT 1")
    say(f"{PLACE_NAMES[store]} has {sessions:,} sessions after {time.monotonic() - start:.0f} s", flush=True)
    server = Server(f"overview {store}", "Dewar's App", serving(program, place))
    try:
        server.run(engines)
        found = measure_pages(server, sessions, cursor, asks)
        found.lists = {name: Times(times) for name, times in listing.measure(program, place, asks).items()}
        return found
    finally:
        server.stop()


def new_place(store, engines):
    match store:
        case "sqlite": return f"sqlite:{engines.new_folder() / 'sessions.sqlite'}"
        case "redis": return engines.redis_url()
    return engines.postgres_url("overview")


def fill(program, place, sessions):
    """Fills a store, on all cores, and gives the cursor in the middle of a scan."""
    run = subprocess.run(
        [program / "StoreScale", "fill", place, str(sessions), str(sessions // 20)], capture_output=True, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, CORES))
    if run.returncode:
        raise RuntimeError(f"StoreScale does not fill {place}: {run.stderr}")
    return run.stdout.strip()


def serving(program, place):
    def start(server, _):
        command = [program / "BenchServer", "--kind", "app", "--overview", "--port", server.port, "--place", place]
        return [Process(command, server.folder, ("127.0.0.1", server.port))]
    return start


def measure_pages(server, sessions, cursor, asks):
    server.admit_visitors()
    operator = server.ask("POST", "/operator", form={"username": "operator"})[1]
    requests = [get("/count", cookie, server.port) for cookie in server.cookies]
    pages, alone, beside = {}, [], []
    with Stream(server.port, requests, RATE) as stream:
        # What the filling has left to do, such as SQLite's checkpoint, is over by then.
        stream.alone(asks / 4)
        for name, walk in walks(sessions, cursor, asks).items():
            # Alone before and after, as long as the pages take or longer: a machine that grows slower does so for both.
            alone += stream.alone(asks / 10)
            times, pages[name] = stream.beside(asked(walk, operator, server.port))
            beside += times
        alone += stream.alone(asks / 10)
    return Found({name: Times(times) for name, times in pages.items()}, Times(alone), Times(beside))


def asked(walk, operator, port):
    """A walk's requests, with the operator's cookie."""
    answer = None
    try:
        while True:
            answer = yield get(walk.send(answer), operator, port)
    except StopIteration:
        return


def get(path, cookie, port):
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()


# MARK: What an operator looks at

def walks(sessions, cursor, asks):
    """Generators of paths, each of which is sent the answer. A number means nothing for a wrong answer, so they look."""
    robot = sessions // 20
    return {
        FIRST: first_page(asks, sessions), DEEP: deep_pages(asks, cursor), USER: users(asks, sessions - robot),
        ROBOT: robots(asks, robot),
    }


def first_page(asks, sessions):
    for _ in range(asks):
        text = (yield PAGE).decode()
        # One or two may have ended since.
        expect(15 <= text.count("<h3>") <= 20 and "Next page" in text, "the first page has 20 sessions", text)
        expect(sessions <= 10_000 or "<dd>more than " in text, "the count stops", text)


def deep_pages(asks, cursor):
    path = f"{PAGE}?after={quote(cursor, safe='')}"
    for _ in range(asks):
        text = (yield path).decode()
        expect("<h3>" in text and "First page" in text, "a page from the middle on has sessions", text)
        following = re.search(r'href="([^"]*\?after=[^"]*)">Next page', text)
        expect(following, "another page follows", text)
        path = html.unescape(following[1])


def users(asks, sessions):
    """Every fourth session has a user of its own. Those that end within the next minutes are passed over."""
    numbers = (number for number in range(0, sessions, 4) if number * 7919 % 2_592_000 > 3600)
    for _ in range(asks):
        number = next(numbers)
        text = (yield f"{PAGE}?user=user%20{number}").decode()
        expect(text.count(f"<bdi>user {number}</bdi>") == 1, f"user {number} has one session", text)


def robots(asks, count):
    for _ in range(asks):
        text = (yield f"{PAGE}?user=robot").decode()
        expect(text.count("<bdi>robot</bdi>") == min(count, 50), "50 sessions are shown", text)
        expect((count > 50) == ("There are more" in text), "the page says that there are more", text)


def expect(holds, what, text):
    if not holds:
        raise RuntimeError(f"Not so: {what}. The page is: {text[:20_000]}")


# MARK: What was found

def verdicts(found):
    for store, result in found.items():
        name = PLACE_NAMES[store]
        lists = {f"`dewar sessions list`, {shown}": times for shown, times in result.lists.items()}
        for page, times in (result.pages | lists).items():
            yield Verdict(
                f"{name}: {page}", f"under {PAGE_LIMIT} ms", of_pages(times), word(times.slowest < PAGE_LIMIT))
        later = result.beside.late - result.alone.late
        yield Verdict(
            f"{name}: 99 of 100 requests meanwhile", f"at most {LATER_LIMIT} ms later", f"{later:+.1f} ms",
            word(later <= LATER_LIMIT))
        yield Verdict(
            f"{name}: every request meanwhile", f"under {LATEST_LIMIT} ms", f"{result.beside.slowest:.1f} ms",
            word(result.beside.slowest < LATEST_LIMIT))


def word(holds):
    return "ok" if holds else "short"


def targets(found):
    return table(["Target", "goal", "measured", ""], ([v.what, v.goal, v.measured, v.word] for v in verdicts(found)))


def page_table(found):
    rows = [[page, *(of_pages(result.pages[page]) for result in found.values())] for page in (FIRST, DEEP, USER, ROBOT)]
    return table(["Page", *names(found)], rows)


def list_table(found):
    rows = [[name, *(of_pages(result.lists[name]) for result in found.values())] for name in listing.COMMANDS]
    return table(["`dewar sessions list`", *names(found)], rows)


def stream_table(found):
    rows = [
        ["alone", *(of_stream(result.alone) for result in found.values())],
        ["while pages are asked for", *(of_stream(result.beside) for result in found.values())],
    ]
    return table([f"`GET /count`, {RATE} a second", *names(found)], rows)


def names(found):
    return [PLACE_NAMES[store] for store in found]


def of_pages(times):
    return f"{times.median:.0f} ms, {times.slowest:.0f} ms"


def of_stream(times):
    return f"{times.median:.1f}, {times.late:.1f}, {times.slowest:.1f} ms"

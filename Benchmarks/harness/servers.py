# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The servers that are measured, all with the same four routes: Dewar's on two grounds, with sessions in every place."""

import http.client
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from servers import Postgres, Redis, free_port  # noqa: E402  (the tests' module)

from .processes import CORES, LOAD_CORE, SERVER_CORE, Process  # noqa: E402

PLACES = ("flask", "sealed", "memory", "directory", "sqlite", "redis", "postgres")
#: Where sessions can be kept that are made by hand, in the fewest steps.
HAND_MADE_PLACES = ("flask", "memory", "directory", "sqlite", "redis")
VISITORS = 64


class Engines:
    """Redis, PostgreSQL and a temporary folder for all servers, until the `with` block ends."""

    def __enter__(self):
        with ExitStack() as starting:
            self.folder = starting.enter_context(tempfile.TemporaryDirectory())
            self.redis, self.postgres = starting.enter_context(Redis()), starting.enter_context(Postgres())
            self.redis_databases = 0
            self.running = starting.pop_all()
        return self

    def __exit__(self, *_):
        self.running.close()

    def new_folder(self):
        return Path(tempfile.mkdtemp(dir=self.folder))

    def redis_url(self):
        """The URL of a new, empty database."""
        self.redis_databases += 1
        return f"{self.redis.url}/{self.redis_databases}"

    def postgres_url(self, name):
        """The URL of a new database."""
        self.postgres.ask_sql(f"CREATE DATABASE {name}; SELECT 1")
        return f"{self.postgres.url.removesuffix('/postgres')}/{name}"


@dataclass
class Server:
    """A server of one or more processes on one port, and its visitors' cookies."""
    name: str
    group: str
    start: object
    #: The pages that are measured.
    pages: tuple = ("/hello", "/", "/count")
    #: The server whose `/hello` is what a request costs without a session; None for its own.
    base: str | None = None
    has_sessions: bool = True
    #: On every core, with the load on the same ones, and not on a core of its own.
    has_all_cores: bool = False
    processes: list = field(default_factory=list)
    cookies: list = field(default_factory=list)

    def run(self, engines):
        self.port = free_port()
        self.folder = engines.new_folder()
        self.processes = []
        for process in self.start(self, engines):
            self.processes.append(process)
            process.start()

    def stop(self):
        for process in reversed(self.processes):
            process.stop()

    @property
    def cores(self):
        return CORES if self.has_all_cores else [SERVER_CORE]

    @property
    def load_cores(self):
        return CORES if self.has_all_cores else [LOAD_CORE]

    def cpu_nanoseconds(self):
        return sum(process.cpu_nanoseconds() for process in self.processes)

    def admit_visitors(self):
        """Signs in the visitors, who come back with what they were given."""
        if not self.has_sessions:
            self.cookies = [f"session={number:0>72}" for number in range(VISITORS)]
            return
        self.cookies = [self.ask("POST", "/login", form={"username": "admin"})[1] for _ in range(VISITORS)]
        if len(set(self.cookies)) < VISITORS and not self.is_cookie_only:
            raise RuntimeError(f"{self.name} gave two visitors one session")

    @property
    def is_cookie_only(self):
        return self.name.endswith(("flask", "sealed", "cookies"))

    def check(self):
        """Fails unless the pages say what they should: a number means nothing for a wrong answer."""
        for cookie in (self.cookies[0], self.cookies[-1]):
            self.expect("/hello", cookie, "Hello")
            if self.has_sessions:
                self.expect("/", cookie, "Logged in as admin")
                _, changed = self.expect("/count", cookie)
                self.expect("/count", changed or cookie, above=1)

    def expect(self, path, cookie, text=None, above=0):
        found, changed = self.ask("GET", path, cookie)
        if found != text if text else not (found.isdecimal() and int(found) > above):
            raise RuntimeError(f"{self.name} answers {path} with {found!r}")
        return found, changed

    def ask(self, method, path, cookie="", form=None):
        """A page's text, and the cookies that came with it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": cookie} if cookie else {}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(form) if form else None, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{self.name} answers {path} with {response.status}: {text}")
        given = response.headers.get_all("Set-Cookie") or []
        return text, "; ".join(cookie.partition(";")[0] for cookie in given)


BARE = "bare"


def dewar_servers():
    """Hummingbird without sessions, and then each place on Hummingbird and on App."""
    servers = [Server(BARE, "Hummingbird without sessions", dewar("bare"), pages=("/hello",), has_sessions=False)]
    for kind, group in (("hummingbird", "Dewar on Hummingbird"), ("app", "Dewar's App")):
        for place in PLACES:
            # A page that does not look at its session costs the same whatever store it would be in.
            pages = ("/hello", "/", "/count") if place in ("flask", "memory") else ("/", "/count")
            servers.append(Server(f"{kind} {place}", group, dewar(kind, place), pages, base=BARE))
    servers += [
        Server(f"handmade {place}", "Made by hand on Hummingbird", dewar("handmade", place), ("/", "/count"), base=BARE)
        for place in HAND_MADE_PLACES
    ]
    servers.append(Server(
        "cores sqlite", "Dewar on Hummingbird, on all cores", dewar("hummingbird", "sqlite"), ("/count",),
        has_all_cores=True))
    return servers


def dewar(kind, place=None):
    def start(server, engines):
        options = ["--place", location(kind, place, server, engines)] if place else []
        program = ROOT / ".build/release/BenchServer"
        command = [program, "--kind", kind, "--port", server.port, "--loops", len(server.cores), *options]
        return [Process(command, server.folder, ("127.0.0.1", server.port), cores=server.cores)]
    return start


def location(kind, place, server, engines):
    match place:
        case "directory": return f"directory:{server.folder / 'sessions'}"
        case "sqlite": return f"sqlite:{server.folder / 'sessions.sqlite'}"
        case "redis": return engines.redis_url()
        case "postgres": return engines.postgres_url(f"{kind}_sessions")
    return place

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Every way the example apps keep sessions, on engines that are started once for a module's tests."""

import tempfile
from itertools import count
from pathlib import Path

from programs import example
from servers import Postgres, Redis

#: What `--sessions` takes, in the order of the README.
BACKENDS = ("flask", "signed", "sealed", "memory", "directory", "sqlite", "redis", "postgres", "flask-session")
COOKIE_ONLY = ("flask", "signed", "sealed")
#: Contents on the server under Dewar's own records.
STORED = ("memory", "directory", "sqlite", "redis", "postgres")


class Backends:
    """Redis, PostgreSQL and a folder; and the apps that were asked for, until `close`."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.numbers, self.databases = count(1), count(1)
        self.running = []
        self.redis, self.postgres = self.enter(Redis()), self.enter(Postgres())
        self.shared = {kind: self.option(kind) for kind in BACKENDS}
        self.apps = {}

    def enter(self, program):
        program.__enter__()
        self.running.append(program)
        return program

    def close(self):
        for program in reversed(self.running):
            program.__exit__()
        self.folder.cleanup()

    def option(self, kind):
        """What `--sessions` takes for a new place of this kind."""
        number = next(self.numbers)
        match kind:
            case "directory": return f"directory:{Path(self.folder.name) / f'sessions{number}'}"
            case "sqlite": return f"sqlite:{Path(self.folder.name) / f'{number}.sqlite'}"
            case "redis": return f"{self.redis.url}/{next(self.databases)}"
            case "flask-session": return f"flask-session:{self.redis.url}/{next(self.databases)}"
            case "postgres":
                self.postgres.ask_sql(f"CREATE DATABASE sessions{number}; SELECT 1")
                return f"{self.postgres.url.removesuffix('/postgres')}/sessions{number}"
        return kind

    def app(self, kind, *options, name="Login", place=None, **more):
        """A running example: one for all tests that ask for the same, on the shared place unless another is given."""
        asked = (kind, options, name, place, *more.items())
        if asked not in self.apps:
            program = example(name, "--sessions", place or self.shared[kind], *options, **more)
            self.apps[asked] = self.enter(program)
        return self.apps[asked]

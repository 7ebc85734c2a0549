# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The example apps as running programs, curl with a cookie jar, and visitors in a hurry."""

import asyncio
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("DEWAR_BIN", ROOT / ".build/release"))
KEY = "a secret key of the example tests, 48 letters long"


def require_programs(*names):
    """Fails with what to do when a program has not been built."""
    missing = [name for name in names if not (BIN / name).exists()]
    if missing:
        raise AssertionError(f"Run `swift build -c release` first: {BIN} has no {', '.join(missing)}.")


class Program:
    """A server in a process of its own, on a port that was free; it is stopped when the `with` block ends."""

    def __init__(self, *command, patience=20, cwd=None, env=None):
        self.folder = tempfile.TemporaryDirectory()
        self.output, self.log = (Path(self.folder.name) / name for name in ("output", "log"))
        with self.output.open("wb") as output, self.log.open("wb") as log:
            # It starts in an empty folder, unless told otherwise: nothing may depend on where a user happens to be, and
            # nothing is left behind.
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=log, cwd=cwd or self.folder.name,
                env={**os.environ, "TMPDIR": self.folder.name, **(env or {})})
        self.patience = patience

    def __enter__(self):
        try:
            self.url = self.wait_for_url()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self.folder.cleanup()

    def wait_for_url(self):
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"Running on (https?://\S+)", self.log.read_text()):
                return found[1]
            time.sleep(0.02)
        raise AssertionError(f"The program does not serve (status {self.process.poll()}): {self.log.read_text()}")

    def stop(self, number=signal.SIGTERM):
        """Ends the program as a person or a service manager would, and gives its exit status."""
        self.process.send_signal(number)
        return self.process.wait(20)

    def get(self, path, cookie=None, **options):
        return self.send("GET", path, cookie, **options)

    def post(self, path, cookie=None, **form):
        return self.send("POST", path, cookie, data=form)

    def send(self, method, path, cookie=None, **options):
        """One request without a cookie jar; redirects are not followed. A test that cares how long it takes measures it."""
        headers = {"Cookie": cookie} if cookie else {}
        with plain_session() as session:
            return session.request(
                method, self.url + path, headers=headers, allow_redirects=False, timeout=30, **options)


class ConfigurationFile:
    """A file of settings, readable by its owner alone because it holds the key."""

    def __init__(self, settings):
        self.settings = settings

    def __enter__(self):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump(self.settings, self.file)
        self.file.flush()
        return self.file.name

    def __exit__(self, *_):
        self.file.close()


class Machines:
    """Several processes of an example in one place, three unless said otherwise."""

    def __init__(self, name, option, count=3):
        self.programs = [example(name, "--sessions", option) for _ in range(count)]

    def __enter__(self):
        try:
            for program in self.programs:
                program.url = program.wait_for_url()
        except BaseException:
            self.__exit__()
            raise
        return self.programs

    def __exit__(self, *_):
        for program in self.programs:
            program.__exit__()


class Load:
    """Visitors that count, each on a connection of its own, one request after the other."""

    def __init__(self, url, cookies, counts=None):
        self.host, self.port = url.removeprefix("http://").split(":")
        self.cookies = cookies
        self.counts = list(counts or [0] * len(cookies))
        self.answered = 0

    async def run(self, requests=None, until=None, after=None):
        """So many requests each; or until `until` has been called, after so many seconds."""
        visitors = [asyncio.create_task(self.visit(number, requests)) for number in range(len(self.cookies))]
        if until:
            await asyncio.sleep(after)
            until()
        await asyncio.wait_for(asyncio.gather(*visitors), 120)

    async def visit(self, number, requests):
        reader, writer = await asyncio.open_connection(self.host, int(self.port))
        request = f"GET /count HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookies[number]}\r\n\r\n".encode()
        done = 0
        try:
            while requests is None or done < requests:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                status, length = int(head[9:12]), int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
                body = await reader.readexactly(length)
                if status != 200:
                    raise AssertionError(f"status {status}")
                self.counts[number] = int(body)
                self.answered += 1
                done += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            if requests is not None:
                raise
        finally:
            writer.close()


class Curl:
    """curl with a cookie jar.

    Redirects are not followed unless asked for: curl then reads its jar again, and a cookie deleted on the way is back.
    """

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.jar = Path(self.folder.name) / "jar"
        # Another cookie: curl leaves the file alone when the last cookie is gone, so that a deletion would not show.
        self.jar.write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\ttheme\tdark\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def __call__(self, *arguments):
        command = ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "10"]
        run = subprocess.run(
            [*command, "--cookie", self.jar, "--cookie-jar", self.jar, *arguments],
            capture_output=True, text=True, timeout=20, check=True)
        return run.stdout

    @property
    def cookie(self):
        """The session's `Cookie` header as the jar has it; none when there is none."""
        fields = [line.split("\t") for line in self.jar.read_text().splitlines()]
        return next((f"session={field[6]}" for field in fields if len(field) == 7 and field[5] == "session"), None)


def example(name, *options, key=KEY):
    return Program(BIN / name, "--port", "0", *(["--secret-key", key] if key else []), *options)


def cookie_of(set_cookie):
    """The `Cookie` header that answers a `Set-Cookie` header."""
    return set_cookie.partition(";")[0]


def plain_session():
    """A requests session that asks no proxy."""
    session = requests.Session()
    session.trust_env = False
    return session

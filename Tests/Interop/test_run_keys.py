# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""`dewar run`: its options, how it stops an app, and at a terminal the keys that start the app again and end it.

The terminal is a pseudo-terminal, and the shell in it is bash. A script in the place of Swift "builds" a small server,
so that nothing has to be compiled. A real app is in test_new_app.py.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from programs import BIN, plain_session, require_programs

#: Notes how it was called.
SWIFT = """#!/bin/sh
echo "$*" >> calls
case "$*" in
"package dump-package") echo '{"targets": [{"name": "shop", "type": "executable"}]}' ;;
"build --show-bin-path") pwd ;;
esac
"""
#: Answers with the number of its process, and notes its port in the environment and its arguments.
#: With --listen its port is in the arguments. With --deaf it does not end when it is told to, and notes that; a second
#: one does. Two pages wait: /brief until there is a file "go", and /endless for ever.
SHOP = """#!/usr/bin/env python3
import http.server, json, os, signal, sys, time

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/":
            open(self.path[1:], "w").close()
            while self.path == "/endless" or not os.path.exists("go"):
                time.sleep(0.01)
        body = str(os.getpid()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

given, port = sys.argv[1:], os.environ["PORT"]
with open("arguments", "w") as file:
    json.dump([port, *given], file)
if "--deaf" in given and not os.path.exists("go"):
    signal.signal(signal.SIGTERM, lambda *_: open(f"told-{os.getpid()}", "w").close())
if "--listen" in given:
    os.environ["PORT"], port = "none", given[given.index("--listen") + 1]
http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Page).serve_forever()
"""
HINT = "Press r to build and start the app again, and q to quit."
WARNING = "Other machines can read source lines"


def setUpModule():
    require_programs("dewar")


class RunTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name, text, mode in (("swift", SWIFT, 0o755), ("shop", SHOP, 0o755), ("Package.swift", "", 0o644)):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(mode)
        self.environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "NO_COLOR": "1"}
        self.shown, self.read = "", 0

    def wait(self, pattern):
        """Waits for what has not been waited for before."""
        deadline = time.monotonic() + 60
        while not (found := re.compile(pattern).search(self.shown, self.read)):
            if time.monotonic() > deadline:
                raise AssertionError(f"Not seen: {pattern}: {self.shown}")
            if select.select([self.output], [], [], 0.1)[0]:
                self.shown += os.read(self.output, 4096).decode()
        self.read = found.end()
        return found

    def start(self):
        """Waits until the app runs, and gives the number of its process."""
        self.url = self.wait(r"Serving on (http://\S+)")[1].replace("0.0.0.0", "127.0.0.1")
        self.wait("ready on")
        return self.page()

    def page(self, path="/"):
        with plain_session() as session:
            return int(session.get(self.url + path, timeout=60).text)

    @property
    def builds(self):
        return (self.folder / "calls").read_text().splitlines().count("build --product shop")

    def assertGone(self, process):
        deadline = time.monotonic() + 20
        while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        with self.assertRaises(ProcessLookupError):
            os.kill(process, 0)


class TerminalTests(RunTestCase):
    def shell(self, script):
        """Runs a script of bash at a terminal; its arguments are the command."""
        self.output, child = pty.openpty()
        self.addCleanup(os.close, self.output)
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", BIN / "dewar", "run", "--port", "0"], stdin=child, stdout=child,
            stderr=child, cwd=self.folder, env=self.environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(child)
        self.addCleanup(process.wait, 20)
        # The terminal hangs up with its first process, and all that is left in it ends.
        self.addCleanup(process.kill)

    def type(self, keys):
        os.write(self.output, keys.encode())

    def assertEnds(self):
        """The command has ended well, and the terminal is as it was: lines, which are shown."""
        self.wait(r"status 0\r\n")
        modes = self.wait(r"modes (.*)\.")[1].split()
        self.assertIn("icanon", modes)
        self.assertIn("echo", modes)

    #: Reports how the command ended, and what the terminal is like.
    REPORT = 'echo "status $?"; echo "modes" $(stty -a | tr -d ";") "."; read -r _'

    def test_r_starts_the_app_again_and_q_ends_it(self):
        self.shell(f'"$@"; {self.REPORT}')
        first = self.start()
        self.assertEqual(self.shown.count(HINT), 1)
        self.type("xyzzy")
        self.type("r")
        self.wait("building")
        second = self.page()
        self.assertNotEqual(second, first)
        self.wait("ready on")
        self.assertGone(first)
        self.assertEqual(self.builds, 2)
        self.type("R")
        self.wait("ready on")
        third = self.page()
        self.assertEqual(self.builds, 3)
        self.assertEqual(len({first, second, third}), 3)
        self.type("q")
        self.assertEnds()
        self.assertGone(third)
        # What was pressed is not shown.
        self.assertNotIn("xyzzy", self.shown)
        self.assertEqual(self.shown.count(HINT), 1)

    def test_control_c_ends_it_too(self):
        self.shell(f'trap : INT; "$@"; {self.REPORT}')
        self.start()
        self.type("\x03")
        self.assertEnds()

    def test_r_builds_again_what_could_not_be_built(self):
        broken = SWIFT.replace('"build --show', '"build --product shop") echo "error: no"; exit 1 ;;\n"build --show')
        (self.folder / "swift").write_text(broken)
        self.shell(f'"$@"; {self.REPORT}')
        self.wait("cannot be built")
        (self.folder / "swift").write_text(SWIFT)
        self.type("r")
        self.wait("ready on")
        self.type("q")
        self.assertEnds()

    def test_in_the_background_it_leaves_the_terminal_alone(self):
        self.shell(f'set -m; "$@" & echo "process $!"; wait $!; {self.REPORT}')
        process = int(self.wait(r"process (\d+)")[1])
        app = self.start()
        # The keys are the shell's.
        self.type("q")
        self.assertEqual(self.page(), app)
        self.assertNotIn(HINT, self.shown)
        os.kill(process, signal.SIGTERM)
        self.assertEnds()

    def test_it_takes_the_terminal_again_after_the_shell_had_it(self):
        self.shell(f'set -m; "$@"; stty sane; bg; echo "process" $(jobs -p); read -r _; fg; {self.REPORT}')
        app = self.start()
        self.type("\x1a")
        process = int(self.wait(r"process (\d+)")[1])
        # In the background it answers, and is not stopped for what it does to the terminal.
        self.assertEqual(self.page(), app)
        self.assertNotIn("(stopped)", Path(f"/proc/{process}/status").read_text())
        self.type("\n")
        deadline = time.monotonic() + 20
        while termios.tcgetattr(self.output)[3] & termios.ICANON and time.monotonic() < deadline:
            time.sleep(0.02)
        self.type("r")
        self.wait("ready on")
        self.assertNotEqual(self.page(), app)
        self.type("q")
        self.assertEnds()


class PipeTests(RunTestCase):
    def run_dewar(self, *options):
        """Runs the command without a terminal, and waits until the app runs."""
        self.output, child = os.pipe()
        self.addCleanup(os.close, self.output)
        process = subprocess.Popen(
            [BIN / "dewar", "run", "--port", "0", *options], stdin=subprocess.PIPE, stdout=child, stderr=child,
            cwd=self.folder, env=self.environment)
        os.close(child)
        self.addCleanup(process.wait, 20)
        # The app ends with it, unless the test has failed.
        self.addCleanup(process.kill)
        self.addCleanup(process.stdin.close)
        return process, self.start()

    def wait_for(self, is_so, what):
        deadline = time.monotonic() + 60
        while not is_so():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.01)

    def wait_for_file(self, name):
        self.wait_for((self.folder / name).exists, f"there is no {name}")

    def assertEnds(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 0)

    def test_without_a_terminal_nothing_is_read(self):
        process, app = self.run_dewar()
        process.stdin.write(b"rq\n")
        process.stdin.flush()
        (self.folder / "Package.swift").write_text("// another one\n")
        self.wait("ready on")
        self.assertNotEqual(self.page(), app)
        self.assertEqual(self.builds, 2)
        self.assertNotIn(HINT, self.shown)
        self.assertNotIn(WARNING, self.shown)
        self.assertEnds(process)

    def test_arguments_have_the_port(self):
        process, _ = self.run_dewar("--", "--listen", "{port}", "--url", "http://h:{port}/{port}", "{PORT}")
        port, *given = json.loads((self.folder / "arguments").read_text())
        self.assertEqual(given, ["--listen", port, "--url", f"http://h:{port}/{port}", "{PORT}"])
        self.assertEnds(process)

    def test_what_is_watched_starts_the_app_again(self):
        (self.folder / "mail").mkdir()
        (self.folder / "prices.csv").write_text("1")
        process, app = self.run_dewar("--watch", "mail", "--watch", str(self.folder / "prices.csv"))
        (self.folder / "mail/welcome.txt").write_text("Welcome")
        self.wait(r"mail/welcome\.txt has changed")
        self.wait("ready on")
        second = self.page()
        (self.folder / "prices.csv").write_text("22")
        self.wait(r"prices\.csv has changed")
        self.wait("ready on")
        self.assertEqual(len({app, second, self.page()}), 3)
        self.assertEqual(self.builds, 3)
        self.assertEnds(process)

    def test_other_machines_are_warned_of(self):
        process, _ = self.run_dewar("--host", "0.0.0.0")
        self.assertEqual(self.shown.count(WARNING), 1)
        self.assertEnds(process)

    def test_what_the_app_is_answering_gets_three_seconds(self):
        process, app = self.run_dewar("--", "--deaf")
        with ThreadPoolExecutor(2) as pool:
            brief, endless = pool.submit(self.page, "/brief"), pool.submit(self.page, "/endless")
            self.wait_for_file("brief")
            self.wait_for_file("endless")
            (self.folder / "Package.swift").write_text("// another one\n")
            self.wait_for_file(f"told-{app}")
            told = time.monotonic()
            # It is stopping, and answers what came before that.
            (self.folder / "go").touch()
            self.assertEqual(brief.result(60), app)
            with self.assertRaises(requests.exceptions.ConnectionError):
                endless.result(60)
        self.assertGreater(time.monotonic() - told, 2.5)
        self.assertGone(app)
        self.wait("ready on")
        self.assertNotEqual(self.page(), app)
        self.assertEnds(process)


if __name__ == "__main__":
    unittest.main()

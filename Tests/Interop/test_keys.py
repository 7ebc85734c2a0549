# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The command `dewar key`, and servers that follow its file while they run."""

import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
import unittest
from base64 import b64decode
from contextlib import ExitStack
from pathlib import Path

from flask_peer import FlaskPeer, cookie_of
from programs import BIN, example
from test_flask_unsign import dewar

FORMATS = ("flask", "sealed", "signed", "memory")


def refused(*arguments):
    """The status and the one line of a command that cannot do what it was asked."""
    run = subprocess.run([BIN / "dewar", *arguments], capture_output=True, text=True, timeout=60)
    assert run.returncode != 0 and run.stdout == ""
    return run.returncode, run.stderr


def replace(path, text):
    """Writes a file in one step, so that no server reads half of it."""
    temporary = path.with_suffix(".tmp")
    temporary.touch(0o600)
    temporary.write_text(text)
    os.replace(temporary, path)


class KeyFileTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = self.path("keys")

    def path(self, name):
        return Path(self.folder.name) / name

    def phases(self, file=None):
        """What each key is for, by its fingerprint."""
        return {line.split()[1]: line.split()[0] for line in dewar("key", "list", file or self.file).splitlines()}


class CommandTests(KeyFileTestCase):
    def test_a_key_is_32_random_bytes(self):
        keys = {dewar("key").strip() for _ in range(5)}
        self.assertEqual(len(keys), 5)
        for key in keys:
            self.assertEqual(len(b64decode(key.removeprefix("base64:"), validate=True)), 32)
        self.assertRegex(dewar("key", "--hex"), r"^[0-9a-f]{64}\n$")

    def test_flask_takes_the_hex_as_it_is(self):
        key = dewar("key", "--hex").strip()
        with example("Login", key=key) as login:
            self.assertIn("Logged in as admin", login.get("/", FlaskPeer(key).cookie({"username": "admin"})).text)

    def test_the_three_phases(self):
        self.assertIn("signs; it is the only key", dewar("key", "add", self.file))
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        (old,) = self.phases()
        added = dewar("key", "add", self.file)
        new = next(key for key in self.phases() if key != old)
        self.assertEqual(self.phases(), {old: "sign", new: "next"})
        self.assertTrue(added.startswith(new))
        dewar("key", "sign", self.file, "--retire-after", "30")
        self.assertEqual(self.phases(), {old: "accept", new: "sign"})
        self.assertRegex(self.file.read_text(), r"accept base64:\S+ until \d{4}-\d\d-\d\d\n")
        self.assertIn("1 accepted besides", dewar("key", "check", self.file))
        self.assertEqual(dewar("key", "retire", self.file), f"{old} is gone\n")
        self.assertEqual(self.phases(), {new: "sign"})
        self.assertEqual(os.listdir(self.folder.name), ["keys"])

    def test_comments_stay_and_nothing_shows_a_key(self):
        dewar("key", "add", self.file)
        self.file.write_text("# the shop's keys\n" + self.file.read_text())
        printed = dewar("key", "add", self.file) + dewar("key", "sign", self.file) + dewar("key", "list", self.file)
        self.assertTrue(self.file.read_text().startswith("# the shop's keys\n"))
        for key in re.findall(r"base64:(\S+)", self.file.read_text()):
            for at in range(0, len(key) - 8):
                self.assertNotIn(key[at:at + 8], printed)

    def test_json_tells_of_the_keys_that_a_command_is_about(self):
        printed = []

        def told(*arguments):
            printed.append(dewar("key", *arguments, self.file, "--json"))
            return json.loads(printed[-1])

        (old,) = told("add")
        self.assertEqual(old, {"fingerprint": old["fingerprint"], "phase": "sign", "until": None, "ended": False})
        (new,) = told("add")
        self.assertEqual(new, {**old, "fingerprint": new["fingerprint"], "phase": "next"})
        self.assertEqual(self.phases(), {old["fingerprint"]: "sign", new["fingerprint"]: "next"})
        self.assertEqual(told("list"), [old, new])
        signs, accepted = told("sign", "--retire-after", "30")
        self.assertEqual(signs, {**new, "phase": "sign"})
        self.assertEqual(accepted, {**old, "phase": "accept", "until": accepted["until"]})
        self.assertIn(f"accept {old['fingerprint']} until {accepted['until']}\n", dewar("key", "list", self.file))
        text = self.file.read_text()
        keys = re.findall(r"base64:(\S+)", text)
        self.file.write_text(text.replace(accepted["until"], "2020-02-29"))
        past = {**accepted, "until": "2020-02-29", "ended": True}
        self.assertEqual(told("check"), [past, signs])
        self.assertEqual(told("list"), [past, signs])
        self.assertEqual(told("retire"), [{**old, "phase": "gone", "ended": True}])
        self.assertEqual(told("check"), [signs])
        self.assertEqual(len(keys), 2)
        for key in keys:
            for at in range(0, len(key) - 8):
                self.assertNotIn(key[at:at + 8], "".join(printed))

    def test_a_key_in_json_has_its_fingerprint(self):
        for options, form in (((), ""), (("--hex",), "text:")):
            made = json.loads(dewar("key", "make", *options, "--json"))
            self.assertEqual(list(made), ["fingerprint", "key"])
            replace(self.file, f"sign {form}{made['key']}\n")
            self.assertEqual(self.phases(), {made["fingerprint"]: "sign"})

    def test_what_cannot_be_done_is_told_in_one_line(self):
        dewar("key", "add", self.file)
        before = self.file.read_bytes()
        weak = self.path("weak")
        weak.touch(0o600)
        weak.write_text("sign text:s3cr7t\n")
        broken = self.path("broken")
        broken.touch(0o600)
        broken.write_text("sign base64:s3cr7t!\n")
        opened = self.path("open")
        shutil.copy(self.file, opened)
        opened.chmod(0o644)
        cases = [
            (("sign", self.file), "no key waits to sign"), (("retire", self.file), "there is no old key to retire"),
            (("list", self.path("none")), "No such file"), (("check", weak), "has 6 bytes"),
            (("check", broken), "line 1: what follows base64: is not base64"), (("add", broken), "line 1"),
            (("sign", opened), "others can read or write it (mode 644)"),
        ]
        for arguments, message in cases:
            status, line = refused("key", *arguments)
            self.assertEqual(status, 1, line)
            self.assertRegex(line, r"^Error: [^\n]+\n$")
            self.assertIn(message, line)
            self.assertNotIn("s3cr7t", line)
        self.assertEqual(self.file.read_bytes(), before)
        self.assertEqual(refused("key", "sign", self.file, "--retire-after", "0")[0], 64)
        self.assertIn("signs", dewar("key", "check", weak, "--allow-weak"))
        self.assertIn("accepted", dewar("key", "add", opened, "--allow-others"))
        self.assertEqual(stat.S_IMODE(opened.stat().st_mode), 0o644)


class RotationTests(KeyFileTestCase):
    """Two servers, each with a copy of the file, go through the phases one after the other while they run."""

    def wait_for(self, login, count):
        deadline = time.monotonic() + 30
        while login.log.read_text().count("were loaded anew") < count:
            self.assertLess(time.monotonic(), deadline, "the keys were not loaded")
            time.sleep(0.05)

    def test_nobody_is_logged_out_while_the_key_changes(self):
        for sessions in FORMATS:
            with self.subTest(sessions), ExitStack() as stack:
                self.rotate(sessions, stack)

    def rotate(self, sessions, stack):
        file = self.path(f"{sessions}.keys")
        dewar("key", "add", file)
        # A store in memory is one process's own.
        copies = [self.path(f"{sessions}.{number}") for number in range(1 if sessions == "memory" else 2)]
        for copy in copies:
            shutil.copy2(file, copy)
        servers = [
            stack.enter_context(example("Login", "--sessions", sessions, "--key-file", copy, key=None)) for copy in copies]
        first = cookie_of(servers[0].post("/login", username="admin").headers["Set-Cookie"])
        cookies = [first]
        for phase, command in enumerate((("add",), ("sign",)), 1):
            dewar("key", *command, file)
            for server, copy in zip(servers, copies):
                replace(copy, file.read_text())
                self.wait_for(server, phase)
                for cookie in cookies:
                    for other in servers:
                        self.assertIn("Logged in as admin", other.get("/", cookie).text)
                answer = server.post("/login", cookies[-1], username="admin")
                cookies.append(cookie_of(answer.headers["Set-Cookie"]) if "Set-Cookie" in answer.headers else cookies[-1])
        dewar("key", "retire", file)
        for server, copy in zip(servers, copies):
            replace(copy, file.read_text())
            self.wait_for(server, 3)
            self.assertIn("Logged in as admin", server.get("/", cookies[-1]).text)
            self.assertIn("You are not logged in", server.get("/", first).text)

    def test_a_broken_file_is_told_once_and_changes_nothing(self):
        dewar("key", "add", self.file)
        with example("Login", "--key-file", self.file, key=None) as login:
            cookie = cookie_of(login.post("/login", username="admin").headers["Set-Cookie"])
            good = self.file.read_text()
            replace(self.file, "sign base64:s3cr3t!\n")
            deadline = time.monotonic() + 30
            while "the keys stay as they were" not in login.log.read_text():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)
            self.assertIn("Logged in as admin", login.get("/", cookie).text)
            replace(self.file, good)
            dewar("key", "add", self.file)
            self.wait_for(login, 1)
            self.assertEqual(login.log.read_text().count("the keys stay as they were"), 1)
            self.assertNotIn("s3cr3t", login.log.read_text())
            self.assertIn("Logged in as admin", login.get("/", cookie).text)


class StartTests(KeyFileTestCase):
    def test_a_server_does_not_start_on_a_file_that_others_can_read(self):
        dewar("key", "add", self.file)
        self.file.chmod(0o640)
        run = subprocess.run(
            [BIN / "Login", "--port", "0", "--key-file", self.file], capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertIn("others can read or write it (mode 640)", run.stderr)

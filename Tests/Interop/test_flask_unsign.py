# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Keys against flask-unsign, which tries a list of words on a Flask cookie: docs/KEYS.md quotes what is printed here.

The apps attacked are those of this test alone, on this machine.
"""

import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from flask_peer import cookie_of
from programs import BIN, example

WORDS = 10_000
TUTORIAL_KEY = "any random string"
# The list is no secret: words that people make keys of, with a number behind each.
STEMS = ("secret", "password", "flask", "session", "admin", "development", "changeme", "hunter", "letmein", "supersecret")


def word_list(path):
    """Writes 10,000 words; the tutorial's key is among the last."""
    words = [f"{stem}{number}" for number in range(WORDS // len(STEMS)) for stem in STEMS]
    words[-500] = TUTORIAL_KEY
    assert len(set(words)) == WORDS
    path.write_text("\n".join(words) + "\n")


def dewar(*arguments):
    return subprocess.run([BIN / "dewar", *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def flask_unsign(*arguments):
    """Runs the real tool: its status, all that it prints, and how long it took."""
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "flask_unsign", *arguments], capture_output=True, text=True, timeout=300)
    return run.returncode, run.stdout + run.stderr, time.monotonic() - started


def signed_in(*options, key):
    """The value of the cookie that the login app gives to admin."""
    with example("Login", "--sessions", *options, key=key) as login:
        cookie = cookie_of(login.post("/login", username="admin").headers["Set-Cookie"])
        assert "Logged in as admin" in login.get("/", cookie).text
        return cookie.removeprefix("session=")


class FlaskUnsignTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.words = Path(self.folder.name) / "words.txt"
        word_list(self.words)

    def attack(self, cookie):
        report = flask_unsign("--unsign", "--cookie", cookie, "--wordlist", str(self.words), "--no-literal-eval")
        lines = [line for line in report[1].splitlines() if "Attempted" not in line]
        print("\n" + "\n".join(lines) + f"\n(in {report[2]:.1f} s)", file=sys.stderr)
        return report

    def test_the_tutorials_key_is_found_in_seconds(self):
        status, output, seconds = self.attack(signed_in("flask", key=None))
        self.assertEqual(status, 0)
        self.assertIn("Found secret key after", output)
        self.assertIn(TUTORIAL_KEY, output)
        self.assertLess(seconds, 30)

    def test_a_key_of_dewar_key_is_not_found(self):
        keys = (("--hex", "--secret-key"), (None, "--secret-key-base64"))
        for form, option in keys:
            key = dewar("key", *([form] if form else [])).strip().removeprefix("base64:")
            cookie = signed_in("flask", option, key, key=None)
            status, output, _ = self.attack(cookie)
            self.assertEqual(status, 1)
            self.assertIn("Failed to find secret key after", output)
            self.assertNotIn("Found", output)
            self.assertNotIn(key, output)

    def test_a_sealed_cookie_cannot_even_be_decoded(self):
        key = dewar("key", "--hex").strip()
        readable, sealed = signed_in("flask", key=key), signed_in("sealed", key=key)
        self.assertIn("admin", flask_unsign("--decode", "--cookie", readable)[1])
        status, output, _ = flask_unsign("--decode", "--cookie", sealed)
        print(f"\n{output.strip()}", file=sys.stderr)
        self.assertNotIn("admin", output)
        self.assertIn("Failed to decode cookie", output)
        # Not even the right key is recognised as one: there is no signature to try it on.
        self.words.write_text(key + "\n")
        status, output, _ = self.attack(sealed)
        self.assertEqual(status, 1)
        self.assertIn("Failed to decode cookie", output)
        self.assertNotIn("Found", output)

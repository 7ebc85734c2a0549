# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The example apps with the clients of programs: curl with its own cookie jar (-b, -c), and Python's requests.

AsyncHTTPClient, which Hummingbird's users have, is in Tests/DewarTests/Server/AsyncHTTPClientTests.swift.
"""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from programs import example, plain_session, require_programs

PLACES = ("flask", "sealed", "signed", "memory")


def setUpModule():
    require_programs("Accounts", "Counter", "Login")


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


class CurlTests(unittest.TestCase):
    def setUp(self):
        self.jar = Path(self.enterContext(tempfile.TemporaryDirectory()), "jar")

    def curl(self, *arguments):
        """The body of an answer; the jar is read before, if there is one, and written afterwards."""
        reading = ["-b", self.jar] if self.jar.exists() else []
        return subprocess.run(
            ["curl", "-sSf", "--noproxy", "*", "--max-time", "10", *reading, "-c", self.jar, *arguments],
            capture_output=True, text=True, timeout=20, check=True).stdout

    @property
    def kept(self):
        """The jar's cookies: domain, for subdomains, path, secure, expires, name; without values."""
        lines = self.jar.read_text().replace("#HttpOnly_", "HttpOnly ").splitlines()
        return [line.split("\t")[:6] for line in lines if line and not line.startswith("#")]

    def test_signing_in_and_out(self):
        for place in PLACES:
            with self.subTest(place), example("Accounts", "--sessions", place) as site:
                page = self.curl(f"{site.url}/sign-in")
                self.assertEqual(self.kept, [["HttpOnly 127.0.0.1", "FALSE", "/", "FALSE", "0", "session"]])
                fields = {"user": "ada", "password": "analytical engine", "csrf_token": token(page)}
                sent = [part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}")]
                self.curl(*sent, f"{site.url}/sign-in")
                page = self.curl(f"{site.url}/")
                self.assertIn("Signed in as ada", page)
                stolen = self.jar.read_text()
                self.curl("--data-urlencode", f"csrf_token={token(page)}", f"{site.url}/sign-out")
                self.assertIn("You are not signed in", self.curl(f"{site.url}/"))
                self.assertEqual(self.kept, [])
                # A copy of the jar from before is as good as what it was copied from.
                self.jar.write_text(stolen)
                is_ended = place in ("sealed", "memory")
                self.assertIn("You are not signed in" if is_ended else "Signed in as ada", self.curl(f"{site.url}/"))
                self.jar.unlink()

    def test_counting(self):
        for place in PLACES:
            with self.subTest(place), example("Counter", "--sessions", place) as site:
                self.assertEqual([self.curl(f"{site.url}/count") for _ in range(3)], ["1", "2", "3"])
                # Several requests of one run keep the jar in curl's memory.
                self.assertEqual(self.curl(*[f"{site.url}/count"] * 3), "456")
                self.assertEqual(self.curl(f"{site.url}/count"), "7")
                self.jar.unlink()

    def test_a_redirect_takes_the_new_cookie_along(self):
        with example("Login") as site:
            page = self.curl("--location", "--data", "username=ada", f"{site.url}/login")
            self.assertIn("Logged in as ada", page)
            # Not with --location: curl then reads the jar again on the way, and what was deleted is back.
            self.curl(f"{site.url}/logout")
            self.assertIn("You are not logged in", self.curl(f"{site.url}/"))


class RequestsTests(unittest.TestCase):
    def test_signing_in_counting_and_out(self):
        for place in PLACES:
            with self.subTest(place), plain_session() as visitor:
                with example("Accounts", "--sessions", place) as site:
                    page = visitor.get(f"{site.url}/devices", timeout=10)
                    self.assertEqual([step.status_code for step in page.history], [302])
                    page = visitor.post(
                        page.url, data={"user": "ada", "password": "analytical engine", "csrf_token": token(page.text)},
                        timeout=10)
                    self.assertEqual(page.url, f"{site.url}/devices")
                    page = visitor.get(site.url, timeout=10)
                    self.assertIn("Signed in as ada", page.text)
                    [cookie] = visitor.cookies
                    self.assertEqual(
                        (cookie.name, cookie.path, cookie.secure, cookie.expires), ("session", "/", False, None))
                    self.assertTrue(cookie.has_nonstandard_attr("HttpOnly"))
                    page = visitor.post(f"{site.url}/sign-out", data={"csrf_token": token(page.text)}, timeout=10)
                    self.assertIn("You are not signed in", page.text)
                    self.assertEqual(len(visitor.cookies), 0)
                with example("Counter", "--sessions", place) as site:
                    counts = [visitor.get(f"{site.url}/count", timeout=10).text for _ in range(5)]
                    self.assertEqual(counts, ["1", "2", "3", "4", "5"])


if __name__ == "__main__":
    unittest.main()

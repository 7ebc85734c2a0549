# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Running servers: error pages for development, which only their own machine may see, and work behind requests."""

import signal
import tempfile
import time
import unittest
from pathlib import Path

from accessibility import findings, prefer
from browser import Browser
from programs import BIN, KEY, Program, plain_session, require_programs
from tab import DESKTOP, PHONE

SIZES = {"desktop": DESKTOP, "phone": PHONE}


def setUpModule():
    require_programs("ApplicationPeer")


def peer(*options, **environment):
    settings = [f"{name}={value}" for name, value in environment.items()]
    return Program("/usr/bin/env", *settings, BIN / "ApplicationPeer", "--port", "0", "--secret-key", KEY, *options)


def ask(program, method, path, **options):
    with plain_session() as session:
        return session.request(method, program.url + path, timeout=10, **options)


class DebugTests(unittest.TestCase):
    def test_it_is_off_unless_the_environment_turns_it_on(self):
        for environment in ({}, {"DEWAR_DEBUG": "0"}, {"DEWAR_DEBUG": ""}):
            with self.subTest(environment), peer(**environment) as program:
                response = program.get("/shop/shoes")
                self.assertEqual(response.status_code, 500)
                for word in ("cellar", "Flood", "shop.item"):
                    self.assertNotIn(word, response.text)
                self.assertNotIn("debug", program.log.read_text())

    def test_it_shows_the_error_to_this_machine_and_no_secret(self):
        with peer(DEWAR_DEBUG="1") as program:
            response = ask(
                program, "POST", "/shop/shoes?token=planted", data={"password": "planted"},
                headers={"Authorization": "Bearer planted", "X-Api-Key": "planted", "Cookie": "session=planted; a=planted"})
            self.assertEqual(response.status_code, 500)
            for text in ("&lt;b&gt;the cellar&lt;/b&gt; is flooded", "Flood", "shop.item", "/shop/&lt;item&gt;",
                         "ApplicationPeer/main.swift:", "Authorization", "token"):
                self.assertIn(text, response.text)
            # The lines of the source around the route.
            self.assertRegex(response.text, r"<mark>\d+&gt; .*&lt;item&gt;")
            for secret in ("planted", KEY):
                self.assertNotIn(secret, response.text)
            self.assertIn("debug is on", program.log.read_text())

    def test_a_proxy_or_another_name_gets_the_plain_page(self):
        with peer(DEWAR_DEBUG="1") as program:
            for headers in ({"X-Forwarded-For": "192.0.2.1"}, {"Via": "1.1 proxy"}, {"Host": "shop.example"}):
                with self.subTest(headers):
                    self.assertNotIn("cellar", ask(program, "GET", "/shop/shoes", headers=headers).text)

    def test_a_server_for_other_machines_shows_nothing(self):
        with peer("--host", "0.0.0.0", DEWAR_DEBUG="1") as program:
            program.url = program.url.replace("0.0.0.0", "127.0.0.1")
            self.assertNotIn("cellar", program.get("/shop/shoes").text)
            self.assertIn("debug is off: the server does not listen on a loopback address", program.log.read_text())

    def test_the_pages_are_for_everybody(self):
        browser = self.enterContext(Browser())
        program = self.enterContext(peer(DEWAR_DEBUG="1"))
        tab, without = browser.window().tab(), browser.window().tab(javascript=False)
        for path, text in {"/shop/shoes?size=9": "is flooded", "/seee": "Routes with a similar rule"}.items():
            without.go(program.url + path)
            self.assertIn(text, without.text)
            for name, size in SIZES.items():
                for scheme, ground in {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 27)"}.items():
                    with self.subTest(path, size=name, scheme=scheme):
                        tab.resize(size)
                        prefer(tab, scheme)
                        tab.go(program.url + path)
                        self.assertIn(text, tab.text)
                        self.assertEqual(tab.evaluate("getComputedStyle(document.body).backgroundColor"), ground)
                        self.assertLessEqual(tab.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
                        self.assertEqual(findings(tab), [])


class BackgroundTests(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.file = Path(self.folder, "done")

    def test_a_response_does_not_wait_and_the_shutdown_does(self):
        with peer() as program:
            began = time.monotonic()
            self.assertEqual(program.get(f"/work?file={self.file}&ms=4000").text, "accepted")
            self.assertLess(time.monotonic() - began, 3.5)
            self.assertFalse(self.file.exists())
            self.assertEqual(program.stop(), 0)
            self.assertEqual(self.file.read_text(), "done")
            self.assertNotIn("background work", program.log.read_text())

    def test_work_that_outlives_the_shutdown_is_cut_off_and_told(self):
        with peer(SERVER_SHUTDOWN_TIMEOUT="1") as program:
            self.assertEqual(program.get(f"/work?file={self.file}&ms=60000").text, "accepted")
            began = time.monotonic()
            self.assertEqual(program.stop(signal.SIGTERM), 0)
            self.assertLess(time.monotonic() - began, 10)
            self.assertFalse(self.file.exists())
            log = program.log.read_text()
            self.assertIn("background work was cancelled", log)
            self.assertNotIn("requests were cut off", log)
            self.assertIn("ApplicationPeer/main.swift:", log)

    def test_an_error_is_logged(self):
        with peer() as program:
            program.get(f"/work?file={self.file}&fails=1")
            self.assertEqual(program.stop(), 0)
            self.assertIn("background work failed", program.log.read_text())

    def test_more_than_the_limit_is_503(self):
        with peer(SERVER_MAXIMUM_BACKGROUND_WORK="2", SERVER_SHUTDOWN_TIMEOUT="1") as program:
            statuses = [program.get(f"/work?file={self.file}&ms=60000").status_code for _ in range(3)]
            self.assertEqual(statuses, [200, 200, 503])
            self.assertEqual(program.stop(), 0)


if __name__ == "__main__":
    unittest.main()

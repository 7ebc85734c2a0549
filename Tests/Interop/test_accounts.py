# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The accounts example from outside: signing in and back to the page, one's devices, signing out, on several stores."""

import concurrent.futures
import functools
import re
import tempfile
import unittest

from programs import example, plain_session

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"


class Visitor:
    """A browser: it keeps cookies, and fills in the forms of the pages that it has got."""

    def __init__(self, site, agent="curl/8.0"):
        self.site, self.session = site, plain_session()
        self.session.headers["User-Agent"] = agent

    def get(self, path, **options):
        return self.session.get(self.site.url + path, timeout=10, **options)

    def submit(self, page, target=None, **fields):
        """Sends the first form of a page that leads to a target, with its token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)[1]
        return self.session.post(
            self.site.url + (target or page), data={**fields, "csrf_token": token}, allow_redirects=False, timeout=10)

    def sign_in(self, path="/sign-in"):
        return self.submit(path, user="ada", password="analytical engine")

    @property
    def is_signed_in(self):
        return "Signed in as ada" in self.get("/").text


def on_each_store(test):
    """Runs a test against the example on each store that needs no server."""

    @functools.wraps(test)
    def run(self):
        with tempfile.TemporaryDirectory() as folder:
            for place in ("memory", f"directory:{folder}/sessions", f"sqlite:{folder}/sessions.sqlite"):
                with self.subTest(place), example("Accounts", "--sessions", place) as site:
                    test(self, site)

    return run


class AccountsTests(unittest.TestCase):
    @on_each_store
    def test_a_visitor_signs_in_and_is_led_back(self, site):
        visitor = Visitor(site)
        sent = visitor.get("/devices", allow_redirects=False)
        self.assertEqual((sent.status_code, sent.headers["Location"]), (302, "/sign-in?next=/devices"))
        self.assertEqual(visitor.sign_in(sent.headers["Location"]).headers["Location"], "/devices")
        self.assertIn("This device", visitor.get("/devices").text)
        self.assertEqual(Visitor(site).sign_in("/sign-in?next=https://attacker.example/").headers["Location"], "/")

    @on_each_store
    def test_devices_are_listed_and_ended(self, site):
        here, there, elsewhere = Visitor(site, FIREFOX), Visitor(site, SAFARI), Visitor(site)
        for visitor in (here, there, elsewhere):
            visitor.sign_in()
        page = here.get("/devices").text
        for label in ("Firefox on Linux", "Safari on macOS", "curl"):
            self.assertIn(f"<h2>{label}", page)
        # The forms have ids, which open nothing, and no part of a cookie.
        for visitor in (here, there, elsewhere):
            for part in visitor.session.cookies["session"].split("."):
                self.assertNotIn(part, page)
        row = page.partition("Safari on macOS")[2]
        here.submit("/devices", device=re.search(r'name="device" value="(\w+)"', row)[1])
        self.assertEqual([v.is_signed_in for v in (here, there, elsewhere)], [True, False, True])
        here.submit("/devices", others="1")
        self.assertEqual([v.is_signed_in for v in (here, there, elsewhere)], [True, False, False])

    @on_each_store
    def test_signing_out_is_for_good(self, site):
        visitor = Visitor(site)
        visitor.sign_in()
        cookie = visitor.session.cookies["session"]
        answer = visitor.submit("/", "/sign-out")
        self.assertEqual(answer.headers["Clear-Site-Data"], '"cache", "storage"')
        self.assertIn("Max-Age=0", answer.headers["Set-Cookie"])
        self.assertIn("You are not signed in", site.get("/", f"session={cookie}").text)

    @on_each_store
    def test_guessing_a_password_is_limited(self, site):
        owner, attackers = Visitor(site), [Visitor(site) for _ in range(12)]
        owner.sign_in()
        for attacker in attackers:
            attacker.get("/sign-in")
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda attacker: attacker.submit("/sign-in", user="Ada ", password="guess"), attackers))
        self.assertEqual(sorted(answer.status_code for answer in answers), 5 * [200] + 7 * [429])
        for answer in answers:
            self.assertEqual("Retry-After" in answer.headers, answer.status_code == 429)
        refused = Visitor(site).sign_in()
        self.assertEqual((refused.status_code, refused.headers["Cache-Control"]), (429, "no-store"))
        self.assertIn(int(refused.headers["Retry-After"]), range(1, 31))
        # The device that is signed in stays so, and another user is not affected.
        self.assertTrue(owner.is_signed_in)
        other = Visitor(site).submit("/sign-in", user="grace", password="nanosecond of wire")
        self.assertEqual(other.status_code, 302)

    @on_each_store
    def test_nothing_is_done_without_a_token(self, site):
        visitor = Visitor(site)
        visitor.sign_in()
        for path in ("/sign-in", "/again", "/sign-out", "/devices"):
            answer = visitor.session.post(site.url + path, data={"csrf_token": "wrong"}, timeout=10)
            self.assertEqual(answer.status_code, 403, path)
        self.assertTrue(visitor.is_signed_in)

    @on_each_store
    def test_a_planted_cookie_is_not_signed_in(self, site):
        attacker = Visitor(site)
        attacker.get("/sign-in")
        planted = attacker.session.cookies["session"]
        victim = Visitor(site)
        victim.session.cookies.set("session", planted, domain="127.0.0.1", path="/")
        victim.sign_in()
        self.assertTrue(victim.is_signed_in)
        self.assertFalse(attacker.is_signed_in)


if __name__ == "__main__":
    unittest.main()

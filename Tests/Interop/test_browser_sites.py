# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Debian's Chromium between sites: what pages of another site can make it do, and cookies that only HTTPS protects."""

import os
import unittest
from unittest import mock

from browser import Browser
from browser_sites import OtherSite, TLSProxy, at
from programs import example, require_programs

# Names of the examples' site: the browser says where a request comes from (Sec-Fetch-Site) only to the first.
HOSTS = ("127.0.0.1", "shop.test")
ATTRIBUTES = ("name", "domain", "path", "httpOnly", "secure", "session", "sameSite")


def setUpModule():
    require_programs("Login", "Accounts", "Check")
    global browser
    browser = Browser().__enter__()
    unittest.addModuleCleanup(browser.__exit__)


class SitesTests(unittest.TestCase):
    def setUp(self):
        self.open_window()
        self.attacker = self.enterContext(OtherSite())

    def open_window(self):
        self.window = browser.window()
        self.addCleanup(self.window.close)
        self.tab = self.window.tab()

    def serve(self, name, *options):
        return self.enterContext(example(name, *options)).url

    def log_in(self, url):
        self.tab.go(f"{url}/login")
        self.tab.fill("[name=username]", "ada")
        self.tab.follow("Login")
        self.assertIn("Logged in as ada", self.tab.text)

    def form(self, url, script=True, **fields):
        """The URL of an attacker's page with a form for the site; a script sends it, or the visitor's click."""
        inputs = "".join(f"<input type=hidden name={name} value={value}>" for name, value in fields.items())
        send = "<script>document.forms[0].submit()</script>" if script else ""
        return self.attacker.page(f"<form method=post action={url}>{inputs}<button>You have won</button></form>{send}")


class CrossSiteFormTests(SitesTests):
    def test_another_site_s_form_changes_nothing(self):
        for host in HOSTS:
            for place in ("flask", "memory"):
                with self.subTest(host=host, place=place):
                    self.open_window()
                    url = at(self.serve("Login", "--sessions", place), host)
                    self.log_in(url)
                    [cookie] = self.window.cookies("session")
                    self.tab.go(self.form(f"{url}/login", script=False, username="mallory"))
                    self.tab.follow("You have won")
                    self.assertEqual((self.tab.url, self.tab.status), (f"{url}/login", 403))
                    fields = self.tab.fields
                    # The browser sends a cookie without SameSite along for two minutes, so that the cookie's attributes
                    # alone would not have helped.
                    self.assertIn(cookie["value"], fields.get("Cookie", ""))
                    self.assertEqual(fields["Origin"], self.attacker.url)
                    self.assertEqual(fields.get("Sec-Fetch-Site"), "cross-site" if host == HOSTS[0] else None)
                    self.assertEqual([one["value"] for one in self.window.cookies("session")], [cookie["value"]])
                    self.tab.go(url)
                    self.assertIn("Logged in as ada", self.tab.text)

    def test_a_form_that_a_script_sends_is_refused_too(self):
        url = self.serve("Login")
        self.log_in(url)
        self.tab.navigate(self.form(f"{url}/login", username="mallory"))
        self.tab.wait_for("Nothing was done")
        self.assertEqual(self.tab.url, f"{url}/login")
        self.tab.go(url)
        self.assertIn("Logged in as ada", self.tab.text)

    def test_a_sibling_domain_is_another_site_to_the_application(self):
        url = at(self.serve("Login"), "shop.test")
        self.log_in(url)
        with OtherSite("blog.shop.test") as sibling:
            self.attacker = sibling
            self.tab.go(self.form(f"{url}/login", script=False, username="mallory"))
            self.tab.follow("You have won")
        self.assertEqual(self.tab.status, 403)

    def test_a_visitor_who_is_not_signed_in_is_not_signed_in_by_another_site(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.tab.go(self.form(f"{url}/sign-in", script=False, user="ada", password="analytical+engine"))
        self.tab.follow("You have won")
        self.assertEqual((self.tab.status, self.window.cookies()), (403, []))

    def test_a_script_of_another_site_learns_nothing(self):
        url = self.serve("Login", "--sessions", "memory")
        self.log_in(url)
        self.tab.go(self.attacker.page("<p>Hello"))
        asked = """fetch("%s/", {credentials: "include", mode: "%s"}).then(answer => answer.text(), () => "refused")"""
        self.assertEqual(self.tab.evaluate(asked % (url, "cors")), "refused")
        self.assertEqual(self.tab.evaluate(asked % (url, "no-cors")), "")
        send = """fetch("%s/login", {method: "POST", credentials: "include", mode: "no-cors",
            body: new URLSearchParams({username: "mallory"})}).then(() => "sent")"""
        self.assertEqual(self.tab.evaluate(send % url), "sent")
        self.tab.go(url)
        self.assertIn("Logged in as ada", self.tab.text)

    def test_no_other_site_shows_a_page_in_a_frame(self):
        url = self.serve("Accounts")
        self.tab.go(self.attacker.page(f"<iframe src={url}/sign-in></iframe>"))
        self.tab.wait(lambda: any("frame-ancestors" in error for error in self.tab.errors), "a frame that is refused")


class LinkTests(SitesTests):
    def check(self, same_site):
        """What a visitor sees who is logged in, and follows another site's link to the site; and after a reload."""
        settings = {"SESSION_COOKIE_SAMESITE": same_site} if same_site else {}
        with mock.patch.dict(os.environ, settings):
            url = self.serve("Check")
        self.tab.go(f"{url}/test/session/set")
        [cookie] = self.window.cookies("session")
        self.assertEqual(cookie.get("sameSite"), same_site)
        self.tab.go(self.attacker.page(f"<a href={url}/test/session/check>A link</a>"))
        self.tab.follow("A link")
        first = self.tab.text
        self.tab.go(f"{url}/test/session/check")
        self.assertEqual([one["value"] for one in self.window.cookies("session")], [cookie["value"]])
        return first, self.tab.text

    def test_the_session_comes_along_with_a_link_from_another_site(self):
        for same_site in (None, "Lax"):
            with self.subTest(same_site):
                self.assertEqual(self.check(same_site), ("Logged in as user", "Logged in as user"))

    def test_strict_keeps_the_cookie_back_and_the_session_stays(self):
        self.assertEqual(self.check("Strict"), ("You are not logged in", "Logged in as user"))


class HostCookieTests(unittest.TestCase):
    """`__Host-session`, the default, behind TLS with a certificate of its own."""

    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(example("Accounts", "--sessions", "memory", "--https"))
        cls.proxy = cls.enterClassContext(TLSProxy(cls.site))
        cls.browser = cls.enterClassContext(Browser(accepting=cls.proxy.key_hash))

    def setUp(self):
        self.window = self.browser.window()
        self.addCleanup(self.window.close)
        self.tab = self.window.tab()

    def sign_in(self, url):
        self.tab.go(f"{url}/sign-in")
        self.tab.fill("[name=user]", "ada")
        self.tab.fill("[name=password]", "analytical engine")
        self.tab.follow("Sign in")

    def test_a_visitor_signs_in_and_out_over_tls(self):
        self.sign_in(self.proxy.url())
        self.assertIn("Signed in as ada", self.tab.text)
        [cookie] = self.window.cookies()
        self.assertEqual(
            {name: cookie.get(name) for name in ATTRIBUTES},
            {"name": "__Host-session", "domain": "shop.test", "path": "/", "httpOnly": True, "secure": True,
             "session": True, "sameSite": "Lax"})
        self.tab.follow("Your devices")
        self.assertIn("This device", self.tab.text)
        self.tab.go(self.proxy.url())
        self.tab.follow("Sign out")
        self.assertEqual((self.window.cookies(), self.tab.errors), ([], []))
        for _ in range(2):
            self.tab.back()
            self.assertNotIn("Signed in as", self.tab.text)
            self.assertNotIn("This device", self.tab.text)

    def test_plain_http_keeps_no_such_cookie(self):
        self.sign_in(at(self.site.url, "shop.test"))
        self.assertEqual(self.window.cookies(), [])
        self.assertNotIn("Signed in as", self.tab.text)

    def test_a_sibling_domain_cannot_plant_the_cookie(self):
        self.tab.go(self.proxy.url("blog.shop.test"))
        plant = "document.cookie = '%s=planted; Domain=shop.test; Path=/; Secure'"
        for name in ("__Host-session", "session"):
            self.tab.evaluate(plant % name)
        # The browser keeps the one whose name promises nothing.
        self.assertEqual([cookie["name"] for cookie in self.window.cookies()], ["session"])
        self.sign_in(self.proxy.url())
        self.assertIn("Signed in as ada", self.tab.text)


if __name__ == "__main__":
    unittest.main()

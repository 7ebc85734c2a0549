# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Debian's Chromium at the examples: what a visitor does with one site. Other sites are in test_browser_sites.py."""

import tempfile
import unittest

from browser import Browser
from browser_sites import at
from flask_peer import FlaskPeer
from programs import KEY, example, require_programs

EXAMPLES = ("Login", "Dashboard", "Cart", "Accounts", "Counter")
ATTRIBUTES = ("name", "domain", "path", "httpOnly", "secure", "session", "sameSite")


def setUpModule():
    require_programs(*EXAMPLES)
    global browser
    browser = Browser().__enter__()
    unittest.addModuleCleanup(browser.__exit__)


class SiteTests(unittest.TestCase):
    """Each test has a window of its own, and so no cookie."""

    def setUp(self):
        self.tab = self.new_window()
        self.window = self.tab.window

    def new_window(self, javascript=True):
        """A tab of another visitor."""
        window = browser.window()
        self.addCleanup(window.close)
        return window.tab(javascript)

    def serve(self, name, *options):
        site = example(name, *options)
        self.addCleanup(site.__exit__)
        return site.__enter__().url

    def log_in(self, tab, url, name="ada"):
        tab.go(f"{url}/login")
        tab.fill("[name=username]", name)
        tab.follow("Login")
        self.assertIn(f"Logged in as {name}", tab.text)

    def sign_in(self, tab, url, page="/"):
        tab.go(f"{url}/sign-in?next={page}")
        tab.fill("[name=user]", "ada")
        tab.fill("[name=password]", "analytical engine")
        tab.follow("Sign in")
        self.assertNotIn("/sign-in", tab.url)

    def assert_not_shown_again(self, tab, text):
        """The Back button, as often as there is a page: none of them shows the text. Gives what they show."""
        shown = []
        while tab.pages_before > 1:
            tab.back()
            self.assertNotIn(text, tab.text, f"{tab.url}, {'from memory' if tab.was_restored else 'asked for'}")
            shown.append(tab.text)
        self.assertTrue(shown)
        return shown


class LoginTests(SiteTests):
    def test_a_visitor_logs_in_and_out(self):
        url = self.serve("Login")
        for javascript in (True, False):
            with self.subTest(javascript=javascript):
                tab = self.window.tab(javascript)
                self.log_in(tab, url, "Zoë 🍶 <b>")
                tab.reload()
                self.assertIn("Logged in as Zoë 🍶 <b>", tab.text)
                self.assertEqual(len(self.window.cookies("session")), 1)
                tab.follow("click here to log out")
                self.assertIn("You are not logged in", tab.text)
                self.assertEqual(self.window.cookies("session"), [])
                self.assertEqual(tab.errors, [])

    def test_two_tabs_are_one_visitor_and_another_window_is_another(self):
        for place in ("flask", "sealed", "memory"):
            with self.subTest(place):
                url = self.serve("Login", "--sessions", place)
                other = self.window.tab()
                other.go(url)
                self.log_in(self.tab, url)
                other.reload()
                self.assertIn("Logged in as ada", other.text)
                stranger = self.new_window()
                stranger.go(url)
                self.assertIn("You are not logged in", stranger.text)
                other.follow("click here to log out")
                self.tab.reload()
                self.assertIn("You are not logged in", self.tab.text)

    def test_the_browser_keeps_the_cookie_as_it_was_meant(self):
        url = self.serve("Login")
        self.log_in(self.tab, url)
        [cookie] = self.window.cookies()
        self.assertEqual(FlaskPeer(KEY).read(f"session={cookie['value']}"), {"username": "ada"})
        self.assertEqual(
            {name: cookie.get(name) for name in ATTRIBUTES},
            {"name": "session", "domain": "127.0.0.1", "path": "/", "httpOnly": True, "secure": False, "session": True,
             "sameSite": None})

    def test_scripts_do_not_see_the_cookie(self):
        url = self.serve("Login")
        self.log_in(self.tab, url)
        self.assertEqual(self.tab.evaluate("document.cookie = 'theme=dark'; document.cookie"), "theme=dark")
        self.assertEqual(self.tab.evaluate("cookieStore.getAll().then(all => all.map(one => one.name))"), ["theme"])
        # Nor can a script replace it.
        self.tab.evaluate("document.cookie = 'session=planted'")
        self.tab.reload()
        self.assertIn("Logged in as ada", self.tab.text)

    def test_a_page_s_own_requests_carry_the_session(self):
        url = self.serve("Counter", "--sessions", "memory")
        self.tab.go(f"{url}/count")
        counts = self.tab.evaluate(
            """Promise.all([...Array(20)].map(() => fetch("/count").then(answer => answer.text())))""")
        self.assertEqual(sorted(map(int, counts)), list(range(2, 22)))


class CartTests(SiteTests):
    def test_a_basket_in_two_tabs(self):
        for place in ("flask", "memory"):
            with self.subTest(place):
                url = self.serve("Cart", "--sessions", place)
                other = self.window.tab()
                for tab in (self.tab, other):
                    tab.go(url)
                self.tab.follow("[value=bread]")
                # This page is from before; what it sends comes on top of what is there.
                other.follow("[value=apple]")
                other.follow("[value=apple]")
                self.assertIn("Total: 4.10", other.text)
                self.tab.reload()
                self.assertIn("Total: 4.10", self.tab.text)
                self.tab.fill("[name=count]", "5")
                self.tab.follow("Change")
                self.assertIn("Total: 5.00", self.tab.text)
                self.tab.follow("Remove")
                self.assertIn("Total: 3.50", self.tab.text)
                self.tab.follow("Buy")
                self.assertIn("Thank you for buying 1 things.", self.tab.text)

    def test_a_message_is_shown_once_and_a_reload_buys_nothing(self):
        url = self.serve("Cart")
        self.tab.go(url)
        self.tab.follow("[value=cheese]")
        self.tab.reload()
        self.assertIn("Total: 7.20", self.tab.text)
        self.tab.follow("Buy")
        self.assertIn("Thank you", self.tab.text)
        self.tab.reload()
        self.assertNotIn("Thank you", self.tab.text)
        self.assertIn("Total: 0.00", self.tab.text)
        self.assertEqual(self.window.cookies("session"), [])

    def test_clicks_at_once_are_all_counted_in_a_store(self):
        url = self.serve("Cart", "--sessions", "memory")
        tabs = [self.tab, self.window.tab()]
        self.tab.go(url)
        self.tab.follow("[value=apple]")
        tabs[1].go(url)
        add = """Promise.all([...Array(8)].map(() => fetch("/add", {
            method: "POST", body: new URLSearchParams({product: "apple"})}).then(answer => answer.status)))"""
        both = [tab.begin(add) for tab in tabs]
        self.assertEqual([tab.value_of(one) for tab, one in zip(tabs, both)], [[200] * 8, [200] * 8])
        self.tab.reload()
        self.assertEqual(self.tab.evaluate("document.querySelector('[name=count]').value"), "17")


class DashboardTests(SiteTests):
    def log_in_by_form(self, tab, url):
        """The tutorial leaves the page with the form to the reader."""
        tab.go(f"{url}/dashboard")
        self.assertEqual(tab.text, "Access denied!")
        tab.evaluate("""document.body.innerHTML =
            "<form method=post action=/login><input name=username><button>Log in</button></form>" """)
        tab.fill("[name=username]", "admin")
        tab.follow("Log in")
        self.assertEqual(tab.text, "Logged in successfully!")

    def test_back_after_the_logout_shows_nothing_of_the_user(self):
        for place in ("flask", "sealed", "memory"):
            with self.subTest(place):
                url = at(self.serve("Dashboard", "--sessions", place), "shop.test")
                tab = self.new_window()
                self.log_in_by_form(tab, url)
                tab.go(f"{url}/dashboard")
                self.assertEqual(tab.text, "Welcome to the dashboard!")
                tab.go(f"{url}/logout")
                self.assertEqual(tab.window.cookies("session"), [])
                self.assertIn("Access denied!", self.assert_not_shown_again(tab, "Welcome"))


class AccountsTests(SiteTests):
    def test_a_script_that_an_attacker_brings_in_does_not_run(self):
        def inject(tab):
            """What a page does that shows an attacker's text as it is."""
            tab.evaluate("""document.write(`<p>shown</p><script>window.attacked = 1</script>
                <img src="data:," onerror="window.attacked = 2"><b style="color: red">red</b>`)""")
            tab.wait_for("shown")
            return tab.evaluate("new Promise(done => setTimeout(() => done(window.attacked), 300))")

        # Without a policy it runs: the test would see it.
        self.tab.go(f"{self.serve('Counter')}/")
        self.assertIn(inject(self.tab), (1, 2))
        url = self.serve("Accounts", "--sessions", "memory")
        tab = self.new_window()
        self.sign_in(tab, url)
        self.assertIn("Signed in as ada", tab.text)
        tab.go(f"{url}/devices")
        tab.go(url)
        # The page's own style sheet has the nonce, and nothing complains.
        self.assertEqual(tab.evaluate("getComputedStyle(document.body).marginLeft"), "17.6px")
        self.assertEqual(tab.errors, [])
        self.assertIsNone(inject(tab))
        self.assertTrue(any("Content Security Policy" in error for error in tab.errors), tab.errors)

    def test_a_visitor_signs_in_and_is_led_back(self):
        url = self.serve("Accounts", "--sessions", "memory")
        for javascript in (True, False):
            with self.subTest(javascript=javascript):
                tab = self.window.tab(javascript)
                tab.go(f"{url}/devices")
                self.assertEqual(tab.url, f"{url}/sign-in?next=/devices")
                tab.fill("[name=user]", "ada")
                tab.fill("[name=password]", "wrong")
                tab.follow("Sign in")
                self.assertIn("There is no such user with that password.", tab.text)
                tab.fill("[name=user]", "ada")
                tab.fill("[name=password]", "analytical engine")
                tab.follow("Sign in")
                self.assertEqual(tab.url, f"{url}/devices")
                self.assertIn("Chrome on", tab.text)
                tab.go(url)
                tab.follow("Sign out")
                self.assertIn("You are not signed in", tab.text)
                self.assertEqual((self.window.cookies("session"), tab.errors), ([], []))

    def test_a_sign_in_gives_another_cookie(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.tab.go(f"{url}/sign-in")
        [before] = self.window.cookies("session")
        self.sign_in(self.tab, url)
        [after] = self.window.cookies("session")
        self.assertNotEqual(before["value"], after["value"])

    def test_back_after_the_sign_out_shows_nothing_of_the_user(self):
        # Browsers obey Clear-Site-Data to localhost and over HTTPS, and not over plain HTTP elsewhere. There Chromium
        # shows the page to which the sign-in led once more, if it is as it came then: see docs/TESTING.md.
        for host in ("127.0.0.1", "shop.test"):
            for place in ("flask", "sealed", "memory"):
                with self.subTest(host=host, place=place):
                    url = at(self.serve("Accounts", "--sessions", place), host)
                    tab = self.new_window()
                    self.sign_in(tab, url, "/devices")
                    if host == "shop.test":
                        tab.reload()
                    self.assertIn("Where you are signed in", tab.text)
                    tab.go(f"{url}/?here")
                    self.assertIn("Signed in as ada", tab.text)
                    tab.follow("Sign out")
                    self.assertIn("You are not signed in", tab.text)
                    self.assertEqual(tab.window.cookies("session"), [])
                    shown = self.assert_not_shown_again(tab, "Signed in as")
                    self.assertFalse([text for text in shown if "Where you are signed in" in text])

    def test_the_other_tab_of_a_user_who_signed_out(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.sign_in(self.tab, url)
        other = self.window.tab()
        other.go(f"{url}/devices")
        self.assertIn("This device", other.text)
        there = self.new_window()
        self.sign_in(there, url)
        other.reload()
        self.tab.go(url)
        self.tab.follow("Sign out")
        # A form of the page that is still open there does nothing any more, and leads to the sign-in.
        other.follow("Sign out all other devices")
        self.assertEqual(other.url, f"{url}/sign-in?next=/devices")
        there.reload()
        self.assertIn("Signed in as ada", there.text)

    def test_a_device_is_ended_from_another(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.sign_in(self.tab, url)
        there = self.new_window()
        self.sign_in(there, url)
        self.tab.go(f"{url}/devices")
        self.tab.follow("[name=device]")
        self.assertIn("Signed out: Chrome on", self.tab.text)
        there.reload()
        self.assertIn("You are not signed in", there.text)
        self.tab.go(url)
        self.assertIn("Signed in as ada", self.tab.text)


class PrefetchTests(SiteTests):
    """What the browser asks for before the visitor goes there."""

    kinds = {
        "link": """const link = document.createElement("link");
            link.rel = "prefetch"; link.href = "%s"; document.head.append(link)""",
        "prefetch": """const rules = document.createElement("script"); rules.type = "speculationrules";
            rules.textContent = '{"prefetch": [{"source": "list", "urls": ["%s"]}]}'; document.head.append(rules)""",
        "prerender": """const rules = document.createElement("script"); rules.type = "speculationrules";
            rules.textContent = '{"prerender": [{"source": "list", "urls": ["%s"]}]}'; document.head.append(rules)""",
    }

    def prefetch(self, tab, kind, path):
        """Makes the browser fetch a page ahead, with the visitor's cookie, and gives the status of what it got."""
        before = len(tab.fetched_ahead)
        tab.evaluate("{" + self.kinds[kind] % path + "}")
        tab.wait(lambda: len(tab.fetched_ahead) > before, f"a {kind} of {path}")
        request, status = tab.fetched_ahead[-1]
        self.assertIn("prefetch", request["Sec-Purpose"])
        self.assertIn("session=", request["Cookie"])
        return status

    def test_a_prefetch_of_the_way_out_signs_no_visitor_out(self):
        for kind in self.kinds:
            for place in ("flask", "memory"):
                with self.subTest(kind=kind, place=place):
                    url = self.serve("Login", "--sessions", place)
                    tab = self.window.tab()
                    self.log_in(tab, url)
                    self.assertEqual(self.prefetch(tab, kind, "/logout"), 503)
                    tab.reload()
                    self.assertIn("Logged in as ada", tab.text)
                    # Going there asks again, and does it.
                    tab.follow("click here to log out")
                    self.assertIn("You are not logged in", tab.text)

    def test_a_prefetch_counts_nothing(self):
        url = self.serve("Counter", "--sessions", "memory")
        self.tab.go(f"{url}/count")
        self.assertEqual(self.prefetch(self.tab, "prefetch", "/count?ahead"), 503)
        self.tab.go(f"{url}/count")
        self.assertEqual(self.tab.text, "2")

    def test_a_page_that_changes_nothing_may_be_fetched_ahead(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.sign_in(self.tab, url)
        self.assertEqual(self.prefetch(self.tab, "prefetch", "/devices"), 200)
        self.tab.follow("Your devices")
        self.assertIn("This device", self.tab.text)


class RestartTests(unittest.TestCase):
    def test_a_permanent_session_outlives_the_browser_and_another_does_not(self):
        for values, stays in (({"username": "ada"}, False), ({"username": "ada", "_permanent": True}, True)):
            with self.subTest(values=values), tempfile.TemporaryDirectory() as profile, example("Login") as site:
                with Browser(profile) as first:
                    tab = first.profile_window.tab()
                    tab.go(site.url)
                    # Flask has made it permanent; Dewar sends it again with each page.
                    value = FlaskPeer(KEY).cookie(values).removeprefix("session=")
                    tab.send("Network.setCookie", name="session", value=value, url=site.url)
                    tab.reload()
                    self.assertIn("Logged in as ada", tab.text)
                    [cookie] = first.profile_window.cookies("session")
                    self.assertEqual(cookie["session"], not stays)
                with Browser(profile) as second:
                    tab = second.profile_window.tab()
                    tab.go(site.url)
                    self.assertIn("Logged in as ada" if stays else "You are not logged in", tab.text)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The page of a user's devices in Chromium: at two sizes, with JavaScript and without, by keyboard, and axe's rules."""

import tempfile
import unittest

from accessibility import findings, focused_by_keyboard, prefer, press
from browser import Browser
from programs import example, require_programs
from tab import DESKTOP, PHONE

SIZES = {"desktop": DESKTOP, "phone": PHONE}


def setUpModule():
    require_programs("Accounts", "Cart")
    global browser
    browser = Browser().__enter__()
    unittest.addModuleCleanup(browser.__exit__)


class PageTests(unittest.TestCase):
    def serve(self, name, *options):
        return self.enterContext(example(name, *options)).url

    def tab(self, javascript=True, size=DESKTOP):
        """A tab of another visitor."""
        window = browser.window()
        self.addCleanup(window.close)
        tab = window.tab(javascript)
        tab.resize(size)
        return tab

    def signed_in(self, url, *options, page="/devices"):
        tab = self.tab(*options)
        tab.go(f"{url}/sign-in?next={page}")
        tab.fill("[name=user]", "ada")
        tab.fill("[name=password]", "analytical engine")
        tab.follow("Sign in")
        self.assertEqual(tab.url, url + page)
        return tab

    def is_signed_in(self, tab, url):
        tab.go(url)
        return "Signed in as ada" in tab.text


class DevicesTests(PageTests):
    def test_one_device_is_ended_and_then_all_others(self):
        for name, size in SIZES.items():
            for javascript in (True, False):
                with self.subTest(name, javascript=javascript):
                    url = self.serve("Accounts", "--sessions", "memory")
                    others = [self.signed_in(url, True, DESKTOP, page="/") for _ in range(3)]
                    here = self.signed_in(url, javascript, size)
                    self.assertEqual(here.text.count("Chrome on"), 4)
                    self.assertEqual(here.text.count("This device"), 1)
                    self.assertEqual(here.text.count("just now"), 8)
                    here.follow("[name=device]")
                    self.assertEqual(here.url, f"{url}/devices")
                    self.assertIn("Signed out: Chrome on", here.text)
                    self.assertEqual(here.text.count("Last used"), 3)
                    self.assertEqual(sum(self.is_signed_in(tab, url) for tab in others), 2)
                    here.follow("Sign out all other devices")
                    self.assertIn("All other devices are signed out.", here.text)
                    self.assertIn("You are signed in on no other device.", here.text)
                    self.assertFalse(any(self.is_signed_in(tab, url) for tab in others))
                    # A reload does nothing again.
                    here.reload()
                    self.assertNotIn("All other devices are signed out.", here.text)
                    self.assertTrue(self.is_signed_in(here, url))
                    self.assertEqual([tab.errors for tab in [here, *others]], [[]] * 4)

    def test_the_style_sheet_is_there_and_shows_light_and_dark(self):
        url = self.serve("Accounts", "--sessions", "memory")
        tab = self.signed_in(url)
        grounds = {}
        for scheme in ("light", "dark"):
            prefer(tab, scheme)
            grounds[scheme] = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        self.assertEqual(grounds, {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 27)"})
        self.assertEqual(tab.errors, [])

    def test_nothing_on_the_page_is_a_cookie(self):
        for place in ("memory", f"sqlite:{self.enterContext(tempfile.TemporaryDirectory())}/sessions.sqlite"):
            with self.subTest(place):
                url = self.serve("Accounts", "--sessions", place)
                other, here = self.signed_in(url), self.signed_in(url)
                here.reload()
                markup = here.evaluate("document.documentElement.outerHTML")
                for tab in (other, here):
                    [cookie] = tab.window.cookies("session")
                    for part in cookie["value"].split("."):
                        self.assertNotIn(part, markup)
                name = here.evaluate("document.querySelector('[name=device]').value")
                # An id, which opens no session.
                self.assertRegex(name, r"\A[0-9a-f]{32}\Z")

    def test_a_site_without_a_list(self):
        url = self.serve("Accounts", "--sessions", "sealed")
        other, here = self.signed_in(url, page="/"), self.signed_in(url)
        self.assertIn("This site keeps no list of the devices", here.text)
        self.assertEqual(findings(here), [])
        here.follow("Sign out all other devices")
        self.assertIn("All other devices are signed out.", here.text)
        self.assertFalse(self.is_signed_in(other, url))
        self.assertTrue(self.is_signed_in(here, url))


class AccessibilityTests(PageTests):
    def test_the_page_is_for_everybody(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.signed_in(url)
        self.signed_in(url)
        tab = self.signed_in(url)
        for name, size in SIZES.items():
            for scheme in ("light", "dark"):
                tab.resize(size)
                prefer(tab, scheme)
                tab.reload()
                with self.subTest(name, scheme=scheme):
                    self.assertEqual(findings(tab), [])
        tab.follow("[name=device]")
        with self.subTest("a message"):
            self.assertEqual(findings(tab), [])
        tab.follow("Sign out all other devices")
        with self.subTest("no other device"):
            self.assertEqual(findings(tab), [])

    def test_the_keyboard_reaches_each_button_and_ends_a_session(self):
        url = self.serve("Accounts", "--sessions", "memory")
        other, here = self.signed_in(url, page="/"), self.signed_in(url)
        order = focused_by_keyboard(here)
        self.assertEqual(order, [(f"{url}/", True), ("device", True), ("others", True)])
        here.evaluate("document.querySelector('[name=device]').focus()")
        here.lead(lambda: press(here, "Enter", 13))
        self.assertIn("Signed out: Chrome on", here.text)
        self.assertFalse(self.is_signed_in(other, url))

    def test_a_screen_reader_is_told_which_device(self):
        url = self.serve("Accounts", "--sessions", "memory")
        self.signed_in(url)
        tab = self.signed_in(url)
        tab.send("Accessibility.enable")
        nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
        said = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
        buttons = [name for role, name in said if role == "button"]
        everywhere, device = sorted(buttons, key=lambda name: "Chrome" in name)
        self.assertEqual(everywhere, "Sign out all other devices")
        self.assertRegex(device, r"^Sign out Chrome on \w+")
        [described] = [
            node["description"]["value"] for node in nodes
            if node["role"]["value"] == "button" and node.get("description", {}).get("value")]
        self.assertRegex(described, "Last used.*just now")
        roles = [role for role, _ in said]
        for role, count in {"main": 1, "banner": 1, "list": 1, "listitem": 2}.items():
            self.assertEqual(roles.count(role), count, role)
        headings = [name for role, name in said if role == "heading"]
        self.assertEqual((headings[0], len(headings)), ("Where you are signed in", 3))

    def test_the_other_pages_of_the_examples(self):
        url = self.serve("Accounts", "--sessions", "memory")
        tab = self.tab()
        tab.go(f"{url}/sign-in")
        with self.subTest("sign-in"):
            self.assertEqual(findings(tab), [])
        tab = self.signed_in(url, page="/again")
        with self.subTest("again"):
            self.assertEqual(findings(tab), [])
        tab.go(url)
        with self.subTest("index"):
            self.assertEqual(findings(tab), [])
        shop = self.serve("Cart")
        tab.go(shop)
        tab.follow("[value=apple]")
        tab.resize(PHONE)
        with self.subTest("cart"):
            self.assertEqual(findings(tab), [])


class CheckTests(PageTests):
    """What the check finds in a page that shuts people out."""

    def test_each_fault_is_found(self):
        url = self.serve("Accounts", "--sessions", "memory")
        for fault, script in {
            "html-has-lang": "document.documentElement.removeAttribute('lang')",
            "button-name": "document.querySelector('main').append(document.createElement('button'))",
            "color-contrast": "document.querySelector('main p').style.color = '#999'",
            "heading-order": "document.querySelector('h1').insertAdjacentHTML('afterend', '<h4>Devices</h4>')",
            "landmark-one-main": "document.querySelector('main').outerHTML = '<p>Devices</p>'",
            "label": "document.querySelector('main').append(document.createElement('input'))",
            "target-size": "document.querySelector('button').style = 'min-height: 0; height: 12px; padding: 0'",
            "reflow": "document.querySelector('main').style = 'width: 2000px; max-width: none'",
        }.items():
            with self.subTest(fault):
                self.signed_in(url)
                tab = self.signed_in(url)
                tab.evaluate(f"{{{script}}}")
                self.assertIn(fault, [finding.partition(":")[0] for finding in findings(tab)])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The operator's page in Chromium: at two sizes, with JavaScript and without, by keyboard, and axe's rules."""

import tempfile
import unittest

from accessibility import findings, focused_by_keyboard, prefer, press
from browser import Browser
from programs import example, require_programs
from tab import DESKTOP, PHONE

SIZES = {"desktop": DESKTOP, "phone": PHONE}
PASSWORDS = {"ada": "analytical engine", "grace": "nanosecond of wire"}
PAGE = "/admin/sessions"


def setUpModule():
    require_programs("Accounts")
    global browser
    browser = Browser().__enter__()
    unittest.addModuleCleanup(browser.__exit__)


class OperatorTests(unittest.TestCase):
    def serve(self, place="memory"):
        return self.enterContext(example("Accounts", "--sessions", place)).url

    def tab(self, javascript=True, size=DESKTOP):
        """A tab of another visitor."""
        window = browser.window()
        self.addCleanup(window.close)
        tab = window.tab(javascript)
        tab.resize(size)
        return tab

    def signed_in(self, url, user, *options, page="/"):
        tab = self.tab(*options)
        tab.go(f"{url}/sign-in?next={page}")
        tab.fill("[name=user]", user)
        tab.fill("[name=password]", PASSWORDS[user])
        tab.follow("Sign in")
        return tab

    def operator(self, url, *options):
        tab = self.signed_in(url, "ada", *options, page=PAGE)
        self.assertEqual(tab.url, url + PAGE)
        return tab

    def is_signed_in(self, tab, url):
        tab.go(url)
        return "Signed in as" in tab.text

    def number(self, tab, name):
        """One of the numbers at the top of the page."""
        return tab.evaluate(
            f"[...document.querySelectorAll('.numbers div')].find(d => d.innerText.startsWith('{name}'))"
            ".querySelector('dd').innerText")


class OverviewTests(OperatorTests):
    def test_a_user_is_found_and_sessions_end(self):
        for name, size in SIZES.items():
            for javascript in (True, False):
                with self.subTest(name, javascript=javascript):
                    url = self.serve()
                    graces = [self.signed_in(url, "grace") for _ in range(3)]
                    here = self.operator(url, javascript, size)
                    self.assertEqual(self.number(here, "Live sessions"), "4")
                    self.assertEqual(self.number(here, "Signed-in users"), "2")
                    here.fill("#user", "grace")
                    here.follow("Find")
                    self.assertEqual(here.url, f"{url}{PAGE}?user=grace")
                    self.assertIn("Sessions of grace", here.text)
                    here.follow("[name=session]")
                    self.assertEqual(here.url, f"{url}{PAGE}?user=grace")
                    self.assertIn("Ended: the session of grace, Chrome on", here.text)
                    self.assertEqual(sum(self.is_signed_in(tab, url) for tab in graces), 2)
                    here.follow("End all sessions of grace")
                    self.assertIn("End all sessions of grace?", here.text)
                    here.follow("Cancel")
                    self.assertEqual(sum(self.is_signed_in(tab, url) for tab in graces), 2)
                    here.follow("End all sessions of grace")
                    here.follow("End them")
                    self.assertIn("Ended: sessions of grace, 2 in number.", here.text)
                    self.assertFalse(any(self.is_signed_in(tab, url) for tab in graces))
                    # A reload does nothing again.
                    here.reload()
                    self.assertNotIn("Ended:", here.text)
                    self.assertIn("There are no sessions here.", here.text)
                    self.assertEqual([tab.errors for tab in [here, *graces]], [[]] * 4)

    def test_all_sessions_end_but_the_operators(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for place in ("memory", f"sqlite:{folder}/sessions.sqlite"):
            with self.subTest(place):
                url = self.serve(place)
                others = [self.signed_in(url, user) for user in ("ada", "grace", "grace")]
                here = self.operator(url, False)
                here.follow("End all sessions but this one")
                self.assertIn("End the sessions of all users but this one?", here.text)
                here.follow("End them")
                self.assertEqual(here.url, url + PAGE)

                def are_ended():
                    here.reload()
                    return "All other sessions have been ended: 3 (ada, just now)." in here.text

                here.wait(are_ended, "the end of all others")
                self.assertEqual(self.number(here, "Live sessions"), "1")
                self.assertFalse(any(self.is_signed_in(tab, url) for tab in others))
                # Users may come back.
                self.assertTrue(self.is_signed_in(self.signed_in(url, "grace"), url))

    def test_other_users_are_refused(self):
        url = self.serve()
        tab = self.signed_in(url, "grace")
        self.assertNotIn("All sessions", tab.text)
        tab.go(url + PAGE)
        self.assertEqual(tab.status, 403)
        self.assertIn("You may not see this page.", tab.text)
        stranger = self.tab()
        stranger.go(url + PAGE)
        self.assertEqual(stranger.url, f"{url}/sign-in?next={PAGE}")

    def test_the_charts_show_what_the_table_says(self):
        url = self.serve()
        self.signed_in(url, "grace")
        here = self.operator(url)
        here.follow("[name=session]")

        def has_counted():
            here.reload()
            return "Sessions ended: 1 in all" in here.text

        here.wait(has_counted, "an ended session in the chart")
        for link, steps in (("Last 24 hours", 24), ("Last hour", 12)):
            here.follow(link)
            rows = here.evaluate("""[...document.querySelectorAll("tbody tr")].map(
                row => [...row.querySelectorAll("td")].map(cell => Number(cell.innerText)))""")
            self.assertEqual(len(rows), steps)
            self.assertEqual([sum(column) for column in zip(*rows)], [2, 1, 0])
            # Each bar is drawn, as high as its number says.
            bars = here.evaluate("""[...document.querySelectorAll("svg")].map(svg => {
                const frame = svg.getBoundingClientRect();
                return [...svg.querySelectorAll("rect")].map(
                    bar => Math.round(100 * bar.getBoundingClientRect().height / frame.height))})""")
            for column, chart in zip(zip(*rows), bars):
                most = max(column)
                expected = [100 * number / most for number in column if number]
                self.assertEqual(len(chart), len(expected))
                for found, wanted in zip(chart, expected):
                    self.assertAlmostEqual(found, wanted, delta=4)
        self.assertEqual(here.errors, [])

    def test_nothing_on_the_page_is_a_cookie(self):
        url = self.serve()
        other, here = self.signed_in(url, "grace"), self.operator(url)
        for query in ("", "?user=grace", "?user=grace&end=user", "?end=everybody"):
            here.go(url + PAGE + query)
            markup = here.evaluate("document.documentElement.outerHTML")
            for tab in (other, here):
                [cookie] = tab.window.cookies("session")
                for part in cookie["value"].split("."):
                    self.assertNotIn(part, markup)

    def test_a_site_without_a_store(self):
        url = self.serve("sealed")
        other, here = self.signed_in(url, "grace"), self.operator(url)
        self.assertIn("This site keeps no sessions in a store", here.text)
        self.assertEqual(findings(here), [])
        here.fill("#user", "grace")
        here.follow("End all sessions of this user")
        here.follow("End them")
        self.assertIn("Ended: all sessions of grace.", here.text)
        self.assertFalse(self.is_signed_in(other, url))


class AccessibilityTests(OperatorTests):
    def test_the_page_is_for_everybody(self):
        url = self.serve()
        self.signed_in(url, "grace")
        tab = self.operator(url)
        for query in ("", "?over=day", "?user=grace", "?user=eve", "?user=grace&end=user", "?end=everybody"):
            for name, size in SIZES.items():
                for scheme in ("light", "dark"):
                    tab.resize(size)
                    prefer(tab, scheme)
                    tab.go(url + PAGE + query)
                    with self.subTest(query, size=name, scheme=scheme):
                        self.assertEqual(findings(tab), [])
        tab.go(url + PAGE)
        tab.follow("[name=session]")
        with self.subTest("a message"):
            self.assertEqual(findings(tab), [])

    def test_the_style_sheet_is_there_and_shows_light_and_dark(self):
        url = self.serve()
        self.signed_in(url, "grace")
        tab = self.operator(url)
        seen = {}
        for scheme in ("light", "dark"):
            prefer(tab, scheme)
            seen[scheme] = tab.evaluate("""[
                getComputedStyle(document.body).backgroundColor,
                getComputedStyle(document.querySelector(".sign-ins rect")).fill]""")
        self.assertEqual(seen["light"], ["rgb(255, 255, 255)", "rgb(11, 87, 208)"])
        self.assertEqual(seen["dark"], ["rgb(21, 23, 27)", "rgb(138, 180, 248)"])

    def test_the_keyboard_reaches_each_link_and_button_and_ends_a_session(self):
        url = self.serve()
        other, here = self.signed_in(url, "grace"), self.operator(url)
        order = focused_by_keyboard(here)
        self.assertEqual([is_seen for _, is_seen in order], [True] * len(order))
        self.assertEqual(order[0][0], f"{url}/")
        self.assertEqual(order[1][0], "user")
        self.assertIn("Find", order[2][0])
        self.assertEqual([what for what, _ in order[3:]], [
            "session", f"{url}{PAGE}?end=everybody", f"{url}{PAGE}", f"{url}{PAGE}?over=day"])
        here.evaluate("document.querySelector('[name=session]').focus()")
        here.lead(lambda: press(here, "Enter", 13))
        self.assertIn("Ended: the session of grace", here.text)
        self.assertFalse(self.is_signed_in(other, url))

    def test_a_screen_reader_is_told_whose_session_and_what_a_chart_shows(self):
        url = self.serve()
        self.signed_in(url, "grace")
        tab = self.operator(url)
        tab.send("Accessibility.enable")
        nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
        said = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
        buttons = [name for role, name in said if role == "button"]
        self.assertEqual(buttons[0], "Find")
        self.assertRegex(buttons[1], r"^End the session of grace, Chrome on \w+")
        [described] = [
            node["description"]["value"] for node in nodes
            if node["role"]["value"] == "button" and node.get("description", {}).get("value")]
        self.assertRegex(described, "Last used.*just now")
        charts = [name for role, name in said if role == "image"]
        self.assertEqual([name.partition(":")[0] for name in charts], ["Sign-ins", "Sessions ended", "Cookies refused"])
        regions = [name for role, name in said if role == "region"]
        self.assertEqual(regions, ["Now", "All sessions", "What happened"])
        roles = [role for role, _ in said]
        for role, count in {"main": 1, "banner": 1, "search": 1, "table": 1, "columnheader": 4}.items():
            self.assertEqual(roles.count(role), count, role)
        headings = [name for role, name in said if role == "heading"]
        self.assertEqual(headings[0], "Sessions")


if __name__ == "__main__":
    unittest.main()

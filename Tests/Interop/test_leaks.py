# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""No page, no log at its loudest and no public declaration gives away what opens a session."""

import http.client
import re
import unittest
from urllib.parse import urlencode

from backends import BACKENDS, Backends
from programs import KEY, ROOT, require_programs

#: The pages of each example in the order of a visit, with the forms that are sent.
VISITS = {
    "Login": ["/", "/login", ("/login", {"username": "ada"}), "/", "/nothing", ("/login", {}), "/logout", "/"],
    "Dashboard": ["/dashboard", ("/login", {"username": "admin"}), "/dashboard", "/login", "/logout", "/dashboard"],
    "Check": ["/test/session/check", "/test/session/set", "/test/session/check", "/test/session/pop", "/"],
    "Cart": ["/", ("/add", {"product": "apple"}), "/", ("/change/apple", {"count": "3"}), ("/change/apple", {"count": "x"}),
             "/", ("/buy", {}), "/", ("/buy", {}), "/"],
    "Accounts": ["/", "/devices", "/sign-in", ("/sign-in", {"user": "ada", "password": "wrong"}),
                 ("/sign-in", {"user": "ada", "password": "analytical engine"}), "/", "/devices",
                 ("/again", {"password": "analytical engine"}), "/devices", "/", ("/devices", {"others": "1"}),
                 "/devices", ("/sign-out", {}), "/"],
    "Counter": ["/", "/count", "/count", ("/login", {"username": "ada"}), "/", "/logout", "/count"],
}
lab = None


def setUpModule():
    global lab
    require_programs(*VISITS)
    lab = Backends()


def tearDownModule():
    lab.close()


class Visit:
    """A browser that keeps every answer to the byte, and every cookie it was ever given."""

    def __init__(self, site):
        self.site = site
        self.cookie = None
        self.cookies, self.answers = set(), []

    def go(self, step):
        path, form = step if isinstance(step, tuple) else (step, None)
        if form is not None:
            form = form | self.token
        host, _, port = self.site.url.removeprefix("http://").rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        try:
            connection.request(
                "GET" if form is None else "POST", path, None if form is None else urlencode(form),
                {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
                 **({"Cookie": self.cookie} if self.cookie else {})})
            answer = connection.getresponse()
            page, fields = answer.read(), answer.getheaders()
        finally:
            connection.close()
        written = [value for name, value in fields if name.lower() == "set-cookie"]
        self.answers.append((path, page, [field for field in fields if field[0].lower() != "set-cookie"], written))
        for line in written:
            self.cookie = line.partition(";")[0]
            self.cookies.add(self.cookie.partition("=")[2])
            if "Max-Age=0" in line:
                self.cookie = None
        self.cookies.discard("")

    @property
    def token(self):
        """The field with the CSRF token of the last page that had one."""
        field = re.compile(rb'name="csrf_token" value="([^"]+)"')
        found = [token for _, page, *_ in self.answers for token in field.findall(page)]
        return {"csrf_token": found[-1].decode()} if found else {}

    @property
    def secrets(self):
        """The cookies' values and the long parts of them."""
        parts = {part for value in self.cookies for part in value.split(".")}
        return {text for text in self.cookies | parts if len(text) >= 16}


class ExampleLeakTests(unittest.TestCase):
    def test_no_page_and_no_log_holds_a_cookie_and_none_is_sent_twice(self):
        for kind in BACKENDS:
            for name, steps in VISITS.items():
                with self.subTest(kind, example=name):
                    site = lab.app(kind, "--log-level", "trace", name=name)
                    visit = Visit(site)
                    for step in steps:
                        visit.go(step)
                    visit.cookie = "session=" + next(iter(visit.cookies))[:-1] + "~"
                    visit.go(steps[0])
                    self.assertTrue(visit.secrets)
                    for path, page, fields, written in visit.answers:
                        self.assertLessEqual(len(written), 1, path)
                        for secret in visit.secrets:
                            self.assertNotIn(secret.encode(), page, path)
                            self.assertNotIn(secret, str(fields), path)
                    log = site.log.read_text() + site.output.read_text()
                    self.assertIn(" trace ", log)
                    for secret in (*visit.secrets, KEY):
                        self.assertNotIn(secret, log)


class PublicDeclarationTests(unittest.TestCase):
    """Nothing that a page is made from can name the secret of a session: there is no public way to it."""

    #: What may be public although it is called so: settings, tokens for forms, hashes at rest, the whole field for the response.
    harmless = {
        "cookie", "cookieName", "cookies", "csrfToken", "demandsToken", "previousSecretHash", "secretHash", "setCookie", "tokens",
        "variesOnCookie",
    }

    def test_no_public_declaration_hands_out_a_token_or_a_secret(self):
        declared = re.compile(r"^\s*(?:public|open)\b[^/]*?\b(?:var|let|func|case|struct|class|enum|actor)\s+`?(\w+)")
        member = re.compile(r"token|secret|ticket|cookie", re.IGNORECASE)
        kinds = re.compile(r"\b(SessionSecret|SessionTicket|TokenContents|TokenCoder|SessionState|StoredSession)\b")
        found = 0
        for file in sorted((ROOT / "Sources").rglob("*.swift")):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if match := declared.match(line):
                    found += 1
                    self.assertIsNone(kinds.search(line), f"{file}:{number}")
                    # A kind of error is a name for what went wrong, and holds nothing.
                    is_kind = re.search(r"= Kind\(|-> Kind \{", line)
                    if member.search(match[1]) and not is_kind and not line.strip().startswith(("public struct", "public enum")):
                        self.assertIn(match[1], self.harmless, f"{file}:{number}")
        self.assertGreater(found, 300)


if __name__ == "__main__":
    unittest.main()

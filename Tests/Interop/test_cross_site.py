# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Requests that other sites make a browser send to the running login app, byte by byte as they come over the wire."""

import http.client
import unittest

from flask_peer import FlaskPeer, cookie_of
from programs import KEY, Curl, example, plain_session

FORM = "username=mallory"


class Wire:
    """One request at a time, with exactly the fields given."""

    def __init__(self, site):
        self.host, _, self.port = site.url.removeprefix("http://").rpartition(":")

    @property
    def authority(self):
        return f"{self.host}:{self.port}"

    def post(self, path="/login", host=None, **fields):
        """The status, the page and the cookie of a form sent with these fields; `_` stands for `-`."""
        connection = http.client.HTTPConnection(self.host, int(self.port), timeout=10)
        try:
            connection.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or self.authority)
            for name, value in fields.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(FORM)))
            connection.endheaders(FORM.encode())
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Set-Cookie")
        finally:
            connection.close()


class CrossSiteTests(unittest.TestCase):
    def setUp(self):
        program = example("Login")
        self.site = program.__enter__()
        self.addCleanup(program.__exit__)
        self.wire = Wire(self.site)
        self.own = f"http://{self.wire.authority}"

    def assert_refused(self, *paths, **fields):
        status, page, cookie = self.wire.post(*paths, **fields)
        self.assertEqual((status, cookie), (403, None), fields)
        self.assertIn("Nothing was done", page)
        self.assertNotIn("attacker", page)

    def assert_allowed(self, *paths, **fields):
        status, _, cookie = self.wire.post(*paths, **fields)
        self.assertEqual(status, 302, fields)
        self.assertEqual(FlaskPeer(KEY).read(cookie_of(cookie)), {"username": "mallory"})

    def test_another_site_s_form_is_refused(self):
        for fields in [
            {"Origin": "https://attacker.example", "Sec_Fetch_Site": "cross-site"},
            {"Origin": "https://attacker.example"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site", "Origin": "http://sub.localhost"},
            {"Sec_Fetch_Site": "cross-site", "Origin": self.own},
            {"Sec_Fetch_Site": "SAME-ORIGIN"},
        ]:
            self.assert_refused(**fields)

    def test_the_site_s_own_form_is_taken(self):
        for fields in [
            {"Origin": self.own, "Sec_Fetch_Site": "same-origin"},
            {"Origin": self.own},
            {"Sec_Fetch_Site": "same-origin"},
            {"Sec_Fetch_Site": "none"},
            {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
            {},
            {"Origin": ""},
        ]:
            self.assert_allowed(**fields)

    def test_no_origin_at_all_is_another_one(self):
        self.assert_refused(Origin="null")
        self.assert_refused(Origin="null", Sec_Fetch_Site="cross-site")

    def test_ports_letters_and_schemes(self):
        host, port = self.wire.host, self.wire.port
        for origin in [
            f"http://{host}", f"http://{host}:80", f"http://{host}:{int(port) + 1}", f"http://{host}:0{port}",
            f"http://localhost:{port}", f"{self.own}/", f"{self.own}.attacker.example",
            f"http://attacker.example@{host}:{port}", f"//{host}:{port}", f"{host}:{port}", f"{self.own} https://attacker.example",
        ]:
            self.assert_refused(Origin=origin)
        # The request does not tell which scheme it was sent with; Sec-Fetch-Site does.
        self.assert_allowed(Origin=f"https://{host}:{port}")
        self.assert_refused(Origin=f"https://{host}:{port}", Sec_Fetch_Site="cross-site")

    def test_the_host_field_decides_and_no_forwarded_one(self):
        self.assert_allowed(host="shop.example", Origin="https://shop.example")
        self.assert_allowed(host="shop.example:8443", Origin="https://shop.example:8443")
        self.assert_refused(host="shop.example:8443", Origin="https://shop.example")
        self.assert_allowed(host="Shop.example", Origin="https://shop.example")
        self.assert_allowed(host="shop.example:443", Origin="https://shop.example")
        self.assert_refused(host="shop.example:443", Origin="http://shop.example")
        for name in ("X_Forwarded_Host", "X_Forwarded_For", "Forwarded", "X_Original_Host", "X_Forwarded_Server"):
            value = "host=attacker.example" if name == "Forwarded" else "attacker.example"
            self.assert_refused(Origin="https://attacker.example", **{name: value})

    def test_the_visitor_stays_who_they_are(self):
        cookie = FlaskPeer(KEY).cookie({"username": "admin"})
        self.assert_refused(Cookie=cookie, Origin="https://attacker.example")
        self.assertIn("Logged in as admin", self.site.get("/", cookie).text)

    def test_a_method_in_disguise_changes_nothing(self):
        self.assert_refused("/login?_method=GET", Origin="https://attacker.example", X_HTTP_Method_Override="GET")

    def test_programs_need_no_field_and_no_token(self):
        with Curl() as curl, plain_session() as session:
            page = curl("--location", "--data", "username=admin", f"{self.site.url}/login")
            self.assertIn("Logged in as admin", page)
            page = session.post(f"{self.site.url}/login", data={"username": "eve"}, timeout=10).text
            self.assertIn("Logged in as eve", page)

    def test_stored_sessions_are_guarded_alike(self):
        with example("Login", "--sessions", "memory") as site:
            wire = Wire(site)
            self.assertEqual(wire.post(Origin="https://attacker.example")[0], 403)
            self.assertEqual(wire.post(Origin=f"http://{wire.authority}")[0], 302)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Which hosts a running program answers for, and what it believes of proxies, byte by byte as it comes over the wire."""

import os
import re
import socket
import unittest
from unittest import mock

from programs import example

PAGE = "/test/session/check"


class Site:
    """The example whose settings come from the environment."""

    def __init__(self, test, **settings):
        with mock.patch.dict(os.environ, settings):
            program = example("Check")
        self.program = program
        program.__enter__()
        test.addCleanup(program.__exit__)
        self.host, _, self.port = program.url.removeprefix("http://").rpartition(":")

    def send(self, head):
        """What is answered to exactly these lines."""
        with socket.create_connection((self.host, int(self.port)), timeout=10) as connection:
            connection.sendall("\r\n".join([*head, "Connection: close", "", ""]).encode("latin-1"))
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer.decode("latin-1")

    def status(self, *head):
        return int(re.match(r"HTTP/1\.[01] (\d{3}) ", self.send(head))[1])

    def location(self, *head):
        return re.search(r"(?im)^location: (.*?)\r?$", self.send(head))[1]


class HostTests(unittest.TestCase):
    def test_a_request_whose_host_is_none_is_a_bad_request(self):
        site = Site(self)
        get = f"GET {PAGE} HTTP/1.1"
        self.assertEqual(site.status(get, "Host: localhost"), 200)
        self.assertEqual(site.status(get), 400)
        for hosts in [
            ["a.test:8080@b.test"], ["a b"], ['x"><script>'], [""], ["a:port"], ["a.test", "b.test"], ["a.test", "a.test"],
            ["a.test", ""], ["\xe4.test"],
        ]:
            answer = site.send([get, *(f"Host: {host}" for host in hosts)])
            self.assertRegex(answer, r"^HTTP/1\.1 400 ", hosts)
            for host in filter(None, hosts):
                self.assertNotIn(host, answer)
            self.assertNotIn("set-cookie", answer.lower())
        log = site.program.log.read_text()
        for word in ("missingHost", "malformedHost", "repeatedHost"):
            self.assertIn(word, log)
        self.assertNotIn("<script>", log)

    def test_a_health_check_of_http_1_0_needs_no_host(self):
        site = Site(self)
        self.assertEqual(site.status(f"GET {PAGE} HTTP/1.0"), 200)
        self.assertEqual(site.status("OPTIONS / HTTP/1.0"), 404)
        self.assertEqual(site.status(f"GET {PAGE} HTTP/1.0", "Host: a b"), 400)

    def test_a_target_that_names_the_site_is_taken_and_its_host_counts(self):
        site = Site(self, TRUSTED_HOSTS="shop.example")
        for target, host, status in [
            (f"http://shop.example{PAGE}", "shop.example", 200), (f"HTTPS://Shop.Example:8443{PAGE}?a=1", "evil.example", 200),
            (f"http://evil.example{PAGE}", "shop.example", 400), (f"http://user@shop.example{PAGE}", "shop.example", 400),
            ("http://shop.example", "shop.example", 404), (f"http://{PAGE}", "shop.example", 400),
            ("http://shop.example?a=1", "shop.example", 404),
        ]:
            self.assertEqual(site.status(f"GET {target} HTTP/1.1", f"Host: {host}"), status, target)
        target = f"http://shop.example{PAGE}"
        self.assertEqual(site.status(f"GET {target} HTTP/1.1"), 400)
        self.assertEqual(site.status(f"GET {target} HTTP/1.1", "Host: shop.example", "Host: shop.example"), 400)
        self.assertEqual(site.status(f"GET {target} HTTP/1.0"), 200)

    def test_the_redirect_of_slashes_names_no_host(self):
        site = Site(self)
        target = PAGE.replace("/session", "//session")
        self.assertEqual(site.location(f"GET {target}?a=1 HTTP/1.1", "Host: attacker.example"), f"{PAGE}?a=1")

    def test_only_trusted_hosts_are_answered(self):
        site = Site(self, TRUSTED_HOSTS="shop.example,.cdn.example")
        get = f"GET {PAGE} HTTP/1.1"
        for host, status in [
            ("shop.example", 200), ("shop.example:8080", 200), ("a.cdn.example", 200), ("attacker.example", 400),
            ("localhost", 400), (f"{site.host}:{site.port}", 400),
        ]:
            self.assertEqual(site.status(get, f"Host: {host}"), status, host)
            # Without ProxyFix it is the request's own host that counts.
            self.assertEqual(site.status(get, f"Host: {host}", "X-Forwarded-Host: shop.example"), status, host)

    def test_a_trusted_host_that_is_none_stops_the_start(self):
        with self.assertRaisesRegex(AssertionError, 'The trusted host "\\*.shop.example" is none'):
            Site(self, TRUSTED_HOSTS="*.shop.example")


class ProxyTests(unittest.TestCase):
    fields = [
        "Host: backend:5000", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example, shop.example",
        "X-Forwarded-Prefix: /app",
    ]

    def test_what_a_counted_proxy_says_holds(self):
        site = Site(
            self, PROXY_FIX_X_PROTO="1", PROXY_FIX_X_HOST="1", PROXY_FIX_X_PREFIX="1", TRUSTED_HOSTS="shop.example")
        target = PAGE.replace("/session", "//session")
        self.assertEqual(site.location(f"GET {target} HTTP/1.1", *self.fields), f"/app{PAGE}")
        # The page takes no POST; from another site it is not even looked for.
        for origin, status in [
            ("https://shop.example", 405), ("http://shop.example", 403), ("https://evil.example", 403),
            ("https://backend:5000", 403),
        ]:
            self.assertEqual(
                site.status(f"POST {PAGE} HTTP/1.1", *self.fields, f"Origin: {origin}", "Content-Length: 0"), status, origin)

    def test_what_it_says_must_be_something(self):
        site = Site(
            self, PROXY_FIX_X_PROTO="1", PROXY_FIX_X_HOST="1", PROXY_FIX_X_PORT="1", PROXY_FIX_X_PREFIX="1")
        for field in [
            "X-Forwarded-Host: a b", "X-Forwarded-Proto: javascript", "X-Forwarded-Port: 99999",
            "X-Forwarded-Prefix: //evil.example", 'X-Forwarded-Prefix: /"><script>',
        ]:
            answer = site.send([f"GET {PAGE} HTTP/1.1", "Host: backend", field])
            self.assertRegex(answer, r"^HTTP/1\.1 400 ", field)
            self.assertNotIn(field.partition(": ")[2], answer)

    def test_a_base_url_holds_whatever_a_request_says(self):
        site = Site(self, BASE_URL="https://shop.example/app")
        target = PAGE.replace("/session", "//session")
        self.assertEqual(site.location(f"GET {target} HTTP/1.1", "Host: backend"), f"/app{PAGE}")
        for origin, status in [("https://shop.example", 405), ("http://shop.example", 403), ("http://backend", 403)]:
            self.assertEqual(
                site.status(
                    f"POST {PAGE} HTTP/1.1", "Host: backend", f"Origin: {origin}", "Content-Length: 0"), status, origin)


if __name__ == "__main__":
    unittest.main()

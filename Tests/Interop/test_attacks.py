# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Attacks on the running login app, each on every backend.

Where a backend cannot resist by its nature, a table says what happens instead, and the test holds it to that.
"""

import functools
import hashlib
import hmac
import http.client
import itertools
import json
import time
import unittest
from base64 import urlsafe_b64encode
from types import SimpleNamespace

from backends import BACKENDS, COOKIE_ONLY, STORED, Backends
from cache import SharedCache, listed
from flask_peer import FlaskPeer, cookie_of
from itsdangerous import TimestampSigner
from programs import KEY, plain_session, require_programs
from sealed_cookie import decoded, encoded, open_bytes, seal_bytes

OTHER_KEY = "the key of another app, which has nothing to do with ours"
EXAMPLES = ("Login", "Counter", "Accounts")
IN, OUT = "Logged in as ", "You are not logged in"
lab = None


def setUpModule():
    global lab
    require_programs(*EXAMPLES)
    lab = Backends()


def tearDownModule():
    for connection in connections.values():
        connection.close()
    lab.close()


def sign_in(app, name="admin", cookie=None):
    """The cookie of a visitor who has just signed in."""
    return cookie_of(app.post("/login", cookie, username=name).headers["Set-Cookie"])


connections = {}


def page_of(app, cookie):
    """The first page for a cookie, over a connection that is kept: there are thousands of attempts."""
    host, _, port = app.url.removeprefix("http://").rpartition(":")
    connection = connections.setdefault(app.url, http.client.HTTPConnection(host, int(port), timeout=10))
    connection.request("GET", "/", headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    return SimpleNamespace(status=answer.status, text=answer.read().decode())


def on_each(*options, kinds=BACKENDS, **more):
    """A test of a running app, once for each backend."""
    def of(test):
        @functools.wraps(test)
        def run(self):
            for kind in kinds:
                with self.subTest(kind):
                    test(self, kind, lab.app(kind, *options, **more))
        return run
    return of


class Attack(unittest.TestCase):
    def assert_in(self, app, cookie, name="admin"):
        self.assertIn(IN + name, page_of(app, cookie).text)

    def assert_out(self, app, cookie, message=None):
        page = page_of(app, cookie)
        self.assertEqual((page.status, page.text.startswith(OUT)), (200, True), message)


class FixationTests(Attack):
    """The attacker gives the victim a cookie before the victim signs in, and uses it afterwards."""

    @on_each()
    def test_an_invented_cookie_is_not_taken_over(self, kind, app):
        for planted in ("session=chosen", "session=" + "A" * 43, "session=" + "A" * 64 + "." + "A" * 43):
            own = sign_in(app, cookie=planted)
            self.assertNotEqual(own, planted)
            self.assert_in(app, own)
            self.assert_out(app, planted)

    @on_each(kinds=(*STORED, "flask-session", "sealed"))
    def test_a_cookie_of_a_session_that_has_ended_is_not_taken_over(self, kind, app):
        planted = sign_in(app, "mallory")
        app.get("/logout", planted)
        own = sign_in(app, cookie=planted)
        self.assertNotEqual(own, planted)
        self.assert_in(app, own)
        self.assert_out(app, planted)

    #: The tutorial's login only sets a value, and does not renew the session as `signIn` and `renew()` do. A live session in a
    #: store is then one session, whoever holds its cookie; contents in a cookie are a copy that the victim's login leaves alone.
    planted_live_session = {
        "flask": "mallory", "signed": "mallory", "sealed": "mallory",
        **dict.fromkeys((*STORED, "flask-session"), "admin"),
    }

    @on_each()
    def test_what_a_live_cookie_shows_when_a_login_does_not_renew(self, kind, app):
        planted = sign_in(app, "mallory")
        app.post("/login", planted, username="admin")
        self.assert_in(app, planted, self.planted_live_session[kind])


class ReplayTests(Attack):
    """The attacker has copied the cookie, and uses it after its owner has logged out."""

    #: Nothing on the server knows of a session in a `.flask` or `.signed` cookie, so that nothing can end it before its time:
    #: these formats have no id to keep a list of. `.sealed` has one, and an App keeps the list.
    is_dead_after_logout = {
        "flask": False, "signed": False, "sealed": True, **dict.fromkeys((*STORED, "flask-session"), True),
    }

    @on_each()
    def test_replay_after_logout(self, kind, app):
        self.assertEqual(set(self.is_dead_after_logout), set(BACKENDS))
        cookie = sign_in(app)
        self.assertIn("Max-Age=0", app.get("/logout", cookie).headers["Set-Cookie"])
        if self.is_dead_after_logout[kind]:
            self.assert_out(app, cookie)
        else:
            self.assert_in(app, cookie)

    @on_each()
    def test_another_session_of_the_same_name_survives(self, kind, app):
        one, two = sign_in(app), sign_in(app)
        app.get("/logout", one)
        self.assert_in(app, two)

    @on_each()
    def test_a_logout_without_a_session_ends_nobody_s(self, kind, app):
        cookie = sign_in(app)
        for other in (None, "session=", "session=chosen", cookie[:-1]):
            app.get("/logout", other)
        self.assert_in(app, cookie)


class AccountTests(Attack):
    """The same against the example that signs in with `signIn`, proves it again with `reauthenticate`, and out with `signOut`."""

    @on_each(name="Accounts")
    def test_a_cookie_from_before_the_sign_in_is_worth_nothing(self, kind, app):
        # The form's token begins a session: the attacker's, which the victim then signs in with.
        planted = cookie_of(app.get("/sign-in").headers["Set-Cookie"])
        own = self.submit(app, "/sign-in", planted, user="ada", password="analytical engine")
        self.assertNotEqual(own, planted)
        self.assertIn("Signed in as ada", app.get("/", own).text)
        self.assertIn("You are not signed in", app.get("/", planted).text)

    #: As at a logout, and for the same reason.
    is_dead_after_renewal = ReplayTests.is_dead_after_logout

    @on_each(name="Accounts")
    def test_a_cookie_that_was_copied_before_a_renewal(self, kind, app):
        copied = self.submit(app, "/sign-in", user="ada", password="analytical engine")
        own = self.submit(app, "/again", copied, password="analytical engine")
        self.assertEqual("You are not signed in" in app.get("/", copied).text, self.is_dead_after_renewal[kind])
        self.assertIn("Signed in as ada", app.get("/", own).text)

    @on_each(name="Accounts")
    def test_a_cookie_that_was_copied_before_a_sign_out(self, kind, app):
        copied = self.submit(app, "/sign-in", user="ada", password="analytical engine")
        self.assertEqual(self.submit(app, "/sign-out", copied), "session=")
        self.assertEqual("You are not signed in" in app.get("/", copied).text, ReplayTests.is_dead_after_logout[kind])

    def submit(self, app, path, cookie=None, **form):
        """Sends a form of the site's own, as a browser would, and gives the cookie that comes back."""
        fields = {"Sec-Fetch-Site": "same-origin", **({"Cookie": cookie} if cookie else {})}
        with plain_session() as session:
            answer = session.post(app.url + path, data=form, headers=fields, allow_redirects=False, timeout=10)
        self.assertEqual(answer.status_code, 302)
        return cookie_of(answer.headers["Set-Cookie"])


class SwapTests(Attack):
    """A cookie of one app, or of one name, is sent as another's."""

    #: Flask-Session's cookie is a bare id: no key is in it, and whoever shares its records shares its sessions.
    opens_under_another_key = {**dict.fromkeys(BACKENDS, False), "flask-session": True}

    @on_each()
    def test_two_apps_with_two_keys_on_one_place(self, kind, app):
        other = lab.app(kind, key=OTHER_KEY)
        cookie = sign_in(app)
        if self.opens_under_another_key[kind] and kind not in COOKIE_ONLY:
            self.assert_in(other, cookie)
        else:
            self.assert_out(other, cookie)

    @on_each()
    def test_two_apps_with_two_keys_on_two_places(self, kind, app):
        other = lab.app(kind, key=OTHER_KEY, place=self.second_place(kind))
        self.assert_out(other, sign_in(app))
        self.assert_out(app, sign_in(other))

    #: A cookie that carries the contents says by its key and its name which app it is for, and by nothing else.
    opens_in_another_app_of_the_same_key = {**dict.fromkeys(BACKENDS, False), **dict.fromkeys(COOKIE_ONLY, True)}

    @on_each()
    def test_two_apps_with_one_key_on_two_places(self, kind, app):
        other = lab.app(kind, place=self.second_place(kind), name="Counter")
        cookie = sign_in(app)
        if self.opens_in_another_app_of_the_same_key[kind]:
            self.assert_in(other, cookie)
        else:
            self.assert_out(other, cookie)

    #: Flask signs the contents and not the name, and Flask-Session nothing at all.
    opens_under_another_name = {**dict.fromkeys(BACKENDS, False), "flask": True, "flask-session": True}

    @on_each()
    def test_two_cookie_names_of_one_key_and_place(self, kind, app):
        other = lab.app(kind, "--cookie-name", "admin_session")
        value = sign_in(app).partition("=")[2]
        self.assert_out(other, f"session={value}")
        if self.opens_under_another_name[kind]:
            self.assert_in(other, f"admin_session={value}")
        else:
            self.assert_out(other, f"admin_session={value}")

    places = {}

    def second_place(self, kind):
        return self.places.setdefault(kind, lab.option(kind))


class ConfusionTests(Attack):
    """Tokens of another format, another algorithm or another purpose, some of them made with the right key."""

    def test_no_backend_opens_another_s_cookie(self):
        cookies = {kind: sign_in(lab.app(kind)) for kind in BACKENDS}
        for kind, (other, cookie) in itertools.product(BACKENDS, cookies.items()):
            with self.subTest(kind, cookie=other):
                if kind == other:
                    self.assert_in(lab.app(kind), cookie)
                else:
                    self.assert_out(lab.app(kind), cookie)

    @on_each(kinds=("flask", "signed", "sealed", "memory"))
    def test_what_is_signed_for_anything_else_opens_nothing(self, kind, app):
        payloads = self.payloads()
        digests = (hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.md5)
        purposes = ("cookie-session", "itsdangerous", "itsdangerous.Signer", "dewar.session.session", "dewar.ticket.session",
                    "dewar.session", "dewar.session.", "session", "")
        right = {("cookie-session", hashlib.sha1), ("dewar.session.session", hashlib.sha256)}
        forged = [
            TimestampSigner(KEY, salt=purpose, key_derivation=derivation, digest_method=digest).sign(payload).decode()
            for purpose in purposes for digest in digests for derivation in ("hmac", "concat", "django-concat", "none")
            for payload in payloads if (purpose, digest) not in right or derivation != "hmac"
        ]
        for token in forged:
            self.assert_out(app, f"session={token}", token)

    @on_each()
    def test_keys_that_everybody_knows_open_nothing(self, kind, app):
        own = sign_in(app).removeprefix("session=")
        parts = own.split(".")
        known = ["", "session", "secret", "cookie-session", "dewar.session.session", own, *parts]
        for payload, key in itertools.product(self.payloads(), known):
            for digest, salt in ((hashlib.sha1, "cookie-session"), (hashlib.sha256, "dewar.session.session")):
                signer = TimestampSigner(key or b"\0", salt=salt, key_derivation="hmac", digest_method=digest)
                self.assert_out(app, f"session={signer.sign(payload).decode()}")

    @on_each()
    def test_web_tokens_open_nothing(self, kind, app):
        claims = {"username": "admin", "sub": "admin", "exp": 2**31, "_user_id": "admin"}
        for algorithm in ("none", "None", "nOnE", "HS256", "HS1", "RS256", "ES256", "dir", ""):
            for header in ({"alg": algorithm}, {"alg": algorithm, "typ": "JWT", "kid": "../../dev/null"}):
                head = f"{web_part(header)}.{web_part(claims)}"
                right = hmac.digest(KEY.encode(), head.encode(), "sha256")
                for signature in (b"", b"\0" * 32, right):
                    self.assert_out(app, f"session={head}.{web_bytes(signature)}", header)
                self.assert_out(app, f"session={head}", header)

    def test_every_byte_of_a_sealed_header_counts(self):
        app = lab.app("sealed")
        token = decoded(sign_in(app).removeprefix("session="))
        for position in range(37):
            for value in {0, 1, 2, 255, token[position] ^ 1} - {token[position]}:
                bent = token[:position] + bytes([value]) + token[position + 1:]
                self.assert_out(app, f"session={encoded(bent)}", position)

    def test_no_other_purpose_version_or_key_seals_a_session(self):
        app = lab.app("sealed")
        token = sign_in(app).removeprefix("session=")
        plain, key = open_bytes(token, [KEY.encode()], "session"), KEY.encode()
        self.assert_in(app, f"session={seal_bytes(plain, key, 'session')}")
        for forged in (
            seal_bytes(plain, key, "session", version=b"\0"), seal_bytes(plain, key, "session", version=b"\2"),
            seal_bytes(plain, key, "session", purpose=b"dewar.values"), seal_bytes(plain, key, "session", purpose=b""),
            seal_bytes(plain, key, "__Host-session"), seal_bytes(plain, OTHER_KEY.encode(), "session"),
            with_key_id_of(seal_bytes(plain, OTHER_KEY.encode(), "session"), token),
        ):
            self.assert_out(app, f"session={forged}")

    @on_each()
    def test_a_shortened_or_lengthened_cookie_is_nobody(self, kind, app):
        cookie = sign_in(app)
        value = cookie.removeprefix("session=")
        for bent in (value[:-1], value[1:], value + "A", value + ".", value * 2, value[:len(value) // 2],
                     value.swapcase(), value[::-1], value.replace(".", ".."), f'"{value}x"'):
            if bent != value:
                self.assert_out(app, f"session={bent}", bent)

    @on_each()
    def test_the_first_of_two_cookies_counts_and_is_not_mixed_with_the_second(self, kind, app):
        mallory, admin = sign_in(app, "mallory"), sign_in(app)
        self.assert_in(app, f"{mallory}; {admin}", "mallory")
        self.assert_in(app, f"{admin}; {mallory}")

    @staticmethod
    def payloads():
        values = FlaskPeer(KEY).cookie({"username": "admin"}).removeprefix("session=").partition(".")[0]
        dated = web_part([int(time.time()), {"username": "admin"}])
        return values, dated


class ExpiryTests(Attack):
    """The attacker's browser keeps the cookie for as long as it likes, whatever its Max-Age says."""

    seconds = 1

    def test_a_cookie_that_is_kept_too_long_is_nobody(self):
        # A use would lengthen the life of a stored session, so each look is with the cookie of another visitor.
        apps = {kind: lab.app(kind, "--idle", str(self.seconds)) for kind in BACKENDS}
        visitors = {kind: [sign_in(app) for _ in range(16)] for kind, app in apps.items()}
        deadline = time.monotonic() + 5
        for kind, app in apps.items():
            with self.subTest(kind):
                while page_of(app, visitors[kind].pop()).text.startswith(IN):
                    self.assertLess(time.monotonic(), deadline, "The session does not end.")
                    time.sleep(0.25)
                for cookie in (*visitors[kind], *visitors[kind]):
                    # What has ended does not come back by being used, either.
                    self.assert_out(app, cookie)


class CacheTests(Attack):
    """A cache in front of the app keeps all that it may, and serves it to everybody."""

    @on_each()
    def test_nobody_is_served_somebody_else_s_page(self, kind, app):
        cache = SharedCache(app)
        visitors = {name: sign_in(app, name) for name in ("admin", "eve")}
        for _ in range(2):
            for name, cookie in visitors.items():
                self.assertIn(IN + name, cache.get("/", cookie).text)
            self.assertIn(OUT, cache.get("/").text)
        self.assertGreater(cache.hits, 0)

    @on_each()
    def test_what_sets_a_cookie_or_goes_by_it_says_so(self, kind, app):
        cookie = sign_in(app)
        for answer in (
            app.get("/"), app.get("/", cookie), app.get("/", "session=junk"), app.post("/login", username="a"),
            app.post("/login", cookie, username="b"), app.get("/logout", cookie), app.get("/logout"),
        ):
            self.assertIn("cookie", listed(answer, "Vary"))
            if "Set-Cookie" in answer.headers and kind not in ("flask", "flask-session"):
                self.assertIn("no-store", listed(answer, "Cache-Control"))

    # Flask-Session's sessions outlive the browser's, and their cookie goes with each answer for which they are opened.
    @on_each()
    def test_no_cookie_goes_to_a_page_that_does_not_look_at_the_session(self, kind, app):
        cookie = sign_in(app)
        self.assertNotIn("Set-Cookie", app.get("/nothing", cookie).headers)
        for answer in (app.get("/login", cookie), app.send("DELETE", "/", cookie)):
            self.assertEqual("Set-Cookie" in answer.headers, kind == "flask-session")

    #: Flask says Vary: Cookie with a cookie, and nothing of caching. Two visitors without one ask for the same then, and a cache
    #: that keeps what has no date may give the second the first one's cookie. `forbidsCaching` is what forbids that.
    a_cache_may_give_away_the_first_cookie = {**dict.fromkeys(BACKENDS, False), "flask": True, "flask-session": True}

    @on_each(name="Counter")
    def test_the_first_cookie_of_a_visit_and_a_cache(self, kind, app):
        cache = SharedCache(app)
        first, second = cache.get("/count"), cache.get("/count")
        self.assertEqual(
            first.headers["Set-Cookie"] == second.headers["Set-Cookie"] and cache.hits == 1,
            self.a_cache_may_give_away_the_first_cookie[kind])


class ForwardedTests(Attack):
    """The attacker writes what only a proxy may write."""

    forged = [
        {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https"}, {"X-Forwarded-Proto": "https, http"},
        {"X-Forwarded-Ssl": "on"}, {"X-Forwarded-Scheme": "https"}, {"Front-End-Https": "on"}, {"X-Url-Scheme": "https"},
        {"X-Forwarded-Host": "attacker.example"}, {"X-Forwarded-Port": "443"}, {"X-Forwarded-Prefix": "/attacker"},
        {"X-Forwarded-Server": "attacker.example"}, {"X-Original-URL": "/logout"}, {"X-Rewrite-URL": "/logout"},
        {"Forwarded": "for=127.0.0.1;host=attacker.example;proto=https"}, {"X-Forwarded-For": "127.0.0.1"},
        {"X-Script-Name": "/attacker"}, {"X-Real-IP": "127.0.0.1"},
    ]

    @on_each()
    def test_forged_fields_change_nothing(self, kind, app):
        cookie = sign_in(app)
        plain = [self.ask(app, *request) for request in self.requests(cookie)]
        for fields in self.forged:
            asked = [self.ask(app, *request, **fields) for request in self.requests(cookie)]
            self.assertEqual(asked, plain, fields)

    @on_each()
    def test_forged_fields_let_no_other_site_in(self, kind, app):
        for fields in self.forged:
            for origin in ("https://attacker.example", "http://attacker.example", "null"):
                answer = self.ask(app, "POST", "/login", "username=mallory", None, Origin=origin, **fields)
                self.assertEqual((answer.status, answer.attributes), (403, None), fields)

    @on_each()
    def test_a_redirect_leads_to_no_other_host(self, kind, app):
        for fields in (*self.forged, {"Host": "attacker.example"}):
            answer = self.ask(app, "POST", "/login", "username=a", None, **fields)
            self.assertEqual((answer.status, answer.location), (302, "/"), fields)

    @staticmethod
    def requests(cookie):
        return [("GET", "/", "", cookie), ("POST", "/login", "username=admin", cookie), ("POST", "/login", "username=a", None),
                ("GET", "/logout", "", None), ("GET", "/login", "", cookie), ("GET", "/nothing", "", None)]

    @staticmethod
    def ask(app, method, path, form, cookie, **fields):
        """The parts of an answer that such a field might change."""
        host, _, port = app.url.removeprefix("http://").rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        try:
            given = {"Content-Type": "application/x-www-form-urlencoded", **({"Cookie": cookie} if cookie else {}), **fields}
            connection.request(method, path, form or None, given)
            answer = connection.getresponse()
            written = answer.getheader("Set-Cookie")
            attributes = written and [part for part in written.split("; ")[1:] if not part.startswith("Expires=")]
            return SimpleNamespace(
                status=answer.status, location=answer.getheader("Location"), page=answer.read(), attributes=attributes,
                vary=answer.getheader("Vary"), caching=answer.getheader("Cache-Control"))
        finally:
            connection.close()


def web_bytes(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def web_part(value):
    return web_bytes(json.dumps(value, separators=(",", ":")).encode())


def with_key_id_of(forged, genuine):
    forged, genuine = decoded(forged), decoded(genuine)
    return encoded(forged[:1] + genuine[1:5] + forged[5:])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The example apps and ./demo, used from outside: with curl, with requests, and with cookies of real Flask."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from base64 import b64encode, urlsafe_b64decode
from pathlib import Path
from unittest import mock

import requests
from flask_peer import FlaskPeer, FlaskSite, cookie_of
from programs import BIN, KEY, ROOT, Curl, Program, example, plain_session, require_programs

EXAMPLES = ("Login", "Dashboard", "Check", "Cart", "Accounts")
CHECK_KEY = b'_5#y2L"F4Q8z\n\xec]/'


def setUpModule():
    require_programs(*EXAMPLES)


def methods(response):
    return set(re.split(r"\s*,\s*", response.headers["Allow"]))


class LoginTests(unittest.TestCase):
    def test_curl_logs_in_and_out(self):
        with example("Login") as login, Curl() as curl:
            self.assertIn("You are not logged in", curl(f"{login.url}/"))
            self.assertIn("Logged in as admin", curl("--location", "--data", "username=admin", f"{login.url}/login"))
            self.assertIn("Logged in as admin", curl(f"{login.url}/"))
            self.assertEqual(FlaskPeer(KEY).read(curl.cookie), {"username": "admin"})
            curl(f"{login.url}/logout")
            self.assertIn("You are not logged in", curl(f"{login.url}/"))
            self.assertIsNone(curl.cookie)

    def test_requests_logs_in_and_out(self):
        with example("Login") as login, plain_session() as browser:
            self.assertIn("<form", browser.get(f"{login.url}/login", timeout=10).text)
            page = browser.post(f"{login.url}/login", data={"username": "Zoë 🍶"}, timeout=10)
            self.assertIn("Logged in as Zoë 🍶", page.text)
            self.assertEqual(FlaskPeer(KEY).read(f"session={browser.cookies['session']}"), {"username": "Zoë 🍶"})
            self.assertIn("You are not logged in", browser.get(f"{login.url}/logout", timeout=10).text)
            self.assertEqual(len(browser.cookies), 0)

    def test_a_flask_cookie_logs_in(self):
        with example("Login") as login:
            page = login.get("/", FlaskPeer(KEY).cookie({"username": "admin"}))
            self.assertIn("Logged in as admin", page.text)
            self.assertEqual(page.headers["Vary"], "Cookie")
            self.assertNotIn("Set-Cookie", page.headers)

    def test_one_cookie_jar_serves_flask_and_dewar(self):
        with example("Login") as dewar, FlaskSite(KEY) as flask, Curl() as curl:
            curl("--data", "username=swift", f"{dewar.url}/login")
            self.assertIn("Logged in as swift", curl(f"{flask.url}/"))
            curl("--data", "username=python", f"{flask.url}/login")
            self.assertIn("Logged in as python", curl(f"{dewar.url}/"))
            curl(f"{dewar.url}/logout")
            self.assertIn("You are not logged in", curl(f"{flask.url}/"))

    def test_text_and_base64_keys(self):
        raw = bytes(range(256))
        for options, key in [
            (["--secret-key", "Schlüssel 🔑 of some length"], "Schlüssel 🔑 of some length"),
            (["--secret-key-base64", b64encode(raw).decode()], raw),
            (["--secret-key-base64", b64encode(CHECK_KEY).decode()], CHECK_KEY),
        ]:
            with example("Login", *options, key=None) as login:
                self.assertIn("Logged in as admin", login.get("/", FlaskPeer(key).cookie({"username": "admin"})).text)
                written = login.post("/login", username="admin").headers["Set-Cookie"]
                self.assertEqual(FlaskPeer(key).read(cookie_of(written)), {"username": "admin"})

    def test_signed_sessions_are_not_flasks(self):
        with example("Login", "--sessions", "signed") as login, Curl() as curl:
            self.assertIn("Logged in as admin", curl("--location", "--data", "username=admin", f"{login.url}/login"))
            self.assertEqual(FlaskPeer(KEY).read(curl.cookie), {})
            self.assertIn("You are not logged in", login.get("/", FlaskPeer(KEY).cookie({"username": "admin"})).text)
            curl(f"{login.url}/logout")
            self.assertIn("You are not logged in", curl(f"{login.url}/"))

    def test_the_set_cookie_header_is_flasks(self):
        with example("Login") as login:
            written = login.post("/login", username="admin").headers["Set-Cookie"]
            own = FlaskPeer(KEY).set_cookie({"username": "admin"})
            self.assertEqual(written.partition(";")[2], own.partition(";")[2])
            self.assertEqual(written.partition(".")[0], own.partition(".")[0])
            deletion = login.get("/logout", cookie_of(written)).headers["Set-Cookie"]
            self.assertEqual(
                deletion, "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/")

    def test_an_altered_or_foreign_cookie_is_nobody(self):
        cookie = FlaskPeer(KEY).cookie({"username": "admin"})
        payload, moment, signature = cookie.removeprefix("session=").split(".")
        altered = "A" if signature[5] != "A" else "B"
        with example("Login") as login:
            for value in [
                f"x{payload[1:]}.{moment}.{signature}", f"{payload}.{moment[::-1]}.{signature}", payload, "..", "",
                f"{payload}.{moment}.{signature[:5]}{altered}{signature[6:]}", f"{payload}.{moment}.", "%00\"\\",
                FlaskPeer("another key").cookie({"username": "admin"}).removeprefix("session="),
            ]:
                page = login.get("/", f"session={value}")
                self.assertEqual((page.status_code, "You are not logged in" in page.text), (200, True), value)

    def test_names_are_escaped(self):
        with example("Login") as login:
            cookie = cookie_of(login.post("/login", username="<script>alert('x')</script>").headers["Set-Cookie"])
            page = login.get("/", cookie).text
            self.assertIn("Logged in as &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", page)
            self.assertNotIn("<script", page)

    def test_methods(self):
        with example("Login") as login:
            page, head = login.get("/"), login.send("HEAD", "/")
            self.assertEqual((head.status_code, head.content), (200, b""))
            self.assertEqual(head.headers["Content-Length"], str(len(page.content)))
            for path, allowed in [("/", {"GET", "HEAD", "OPTIONS"}), ("/login", {"GET", "HEAD", "OPTIONS", "POST"})]:
                options, refused = login.send("OPTIONS", path), login.send("DELETE", path)
                self.assertEqual((options.status_code, methods(options)), (200, allowed))
                self.assertEqual((refused.status_code, methods(refused)), (405, allowed))
            self.assertEqual(login.get("/nothing").status_code, 404)

    def test_a_missing_field_is_a_bad_request(self):
        with example("Login") as login:
            answer = login.post("/login", name="admin")
            self.assertEqual(answer.status_code, 400)
            self.assertNotIn("Set-Cookie", answer.headers)
            self.assertEqual(login.post("/login").status_code, 400)


class DashboardTests(unittest.TestCase):
    def test_curl_logs_in_and_out(self):
        with example("Dashboard") as site, Curl() as curl:
            self.assertEqual(curl(f"{site.url}/dashboard"), "Access denied!")
            self.assertEqual(curl("--data", "username=guest", f"{site.url}/login"), "Login failed!")
            self.assertEqual(curl("--data", "username=admin", f"{site.url}/login"), "Logged in successfully!")
            self.assertEqual(FlaskPeer(KEY).read(curl.cookie)["_user_id"], "admin")
            self.assertEqual(curl(f"{site.url}/dashboard"), "Welcome to the dashboard!")
            self.assertEqual(curl(f"{site.url}/logout"), "Logged out successfully!")
            self.assertEqual(curl(f"{site.url}/dashboard"), "Access denied!")

    def test_flask_cookies_sign_in_as_flask_login_would(self):
        with example("Dashboard") as site:
            for value, welcome in [("admin", True), ("0", True), (1, True), ("", False), (None, False), (True, False)]:
                page = site.get("/dashboard", FlaskPeer(KEY).cookie({"_user_id": value}))
                self.assertEqual(page.text, "Welcome to the dashboard!" if welcome else "Access denied!", value)

    def test_a_copied_cookie_is_dead_after_the_logout(self):
        with example("Dashboard", "--sessions", "memory") as site:
            cookie = cookie_of(site.post("/login", username="admin").headers["Set-Cookie"])
            self.assertEqual(site.get("/dashboard", cookie).text, "Welcome to the dashboard!")
            site.get("/logout", cookie)
            self.assertEqual(site.get("/dashboard", cookie).text, "Access denied!")

    def test_signed_sessions(self):
        with example("Dashboard", "--sessions", "signed") as site, plain_session() as browser:
            browser.post(f"{site.url}/login", data={"username": "admin"}, timeout=10)
            self.assertEqual(browser.get(f"{site.url}/dashboard", timeout=10).text, "Welcome to the dashboard!")

    def test_a_get_of_the_login_is_refused(self):
        with example("Dashboard") as site:
            answer = site.get("/login")
            self.assertEqual((answer.status_code, methods(answer)), (405, {"OPTIONS", "POST"}))
            self.assertEqual(site.post("/login").status_code, 400)


class CheckTests(unittest.TestCase):
    def test_the_key_comes_from_the_configuration_file(self):
        with example("Check", key=None) as site, Curl() as curl:
            self.assertEqual(curl(f"{site.url}/test/session/check"), "You are not logged in")
            self.assertEqual(curl(f"{site.url}/test/session/set"), "Test")
            self.assertEqual(curl(f"{site.url}/test/session/check"), "Logged in as user")
            self.assertEqual(FlaskPeer(CHECK_KEY).read(curl.cookie), {"username": "user"})
            self.assertEqual(curl(f"{site.url}/test/session/pop"), "Test")
            self.assertEqual(curl(f"{site.url}/test/session/check"), "You are not logged in")
            page = site.get("/test/session/check", FlaskPeer(CHECK_KEY).cookie({"username": "flask"}))
            self.assertEqual(page.text, "Logged in as flask")

    def test_a_key_on_the_command_line_goes_first(self):
        with example("Check", key=KEY) as site:
            page = site.get("/test/session/check", FlaskPeer(KEY).cookie({"username": "flask"}))
            self.assertEqual(page.text, "Logged in as flask")
            page = site.get("/test/session/check", FlaskPeer(CHECK_KEY).cookie({"username": "flask"}))
            self.assertEqual(page.text, "You are not logged in")

    def test_signed_sessions(self):
        with example("Check", "--sessions", "signed") as site, Curl() as curl:
            curl(f"{site.url}/test/session/set")
            self.assertEqual(curl(f"{site.url}/test/session/check"), "Logged in as user")


class CartTests(unittest.TestCase):
    def test_a_visit_to_the_shop(self):
        with example("Cart") as shop, Curl() as curl:
            curl("--data", "product=apple", f"{shop.url}/add")
            curl("--data", "product=apple", f"{shop.url}/add")
            curl("--data", "product=bread", f"{shop.url}/add")
            self.assertEqual(basket(curl.cookie), {"apple": 2, "bread": 1})
            curl("--data", "count=5", f"{shop.url}/change/bread")
            self.assertEqual(basket(curl.cookie), {"apple": 2, "bread": 5})
            self.assertIn("Total: 18.10", curl("--location", "--data", "", f"{shop.url}/remove/nothing"))
            curl("--location", "--data", "", f"{shop.url}/remove/apple")
            self.assertEqual(basket(curl.cookie), {"bread": 5})
            self.assertIn("Thank you for buying 5 things.", curl("--location", "--data", "", f"{shop.url}/buy"))
            page = curl(f"{shop.url}/")
            self.assertIn("Total: 0.00", page)
            self.assertNotIn("Thank you", page)
            self.assertIsNone(curl.cookie)

    def test_flask_reads_the_message(self):
        with example("Cart") as shop:
            written = shop.post("/buy").headers["Set-Cookie"]
            self.assertEqual(
                FlaskPeer(KEY).read(cookie_of(written)), {"_flashes": [("message", "The basket is empty.")]})

    def test_a_basket_from_flask(self):
        with example("Cart") as shop:
            cookie = FlaskPeer(KEY).cookie({"basket": {"items": {"cheese": 2}}, "other": (1, b"2")})
            self.assertIn("Total: 14.40", shop.get("/", cookie).text)
            written = cookie_of(shop.post("/add", cookie, product="cheese").headers["Set-Cookie"])
            self.assertEqual(
                FlaskPeer(KEY).read(written), {"basket": {"items": {"cheese": 3}}, "other": (1, b"2")})

    def test_a_signed_basket_may_hold_any_number(self):
        with example("Cart") as shop:
            for count, total in [(2**63 - 1, "7192.80"), (-2**63, "0.00"), (0, "0.00"), (1000, "7192.80")]:
                items = {"cheese": count, "gold": count, "silver": count}
                cookie = FlaskPeer(KEY).cookie({"basket": {"items": items}})
                self.assertIn(f"Total: {total}", shop.get("/", cookie).text, count)
                self.assertEqual(shop.post("/add", cookie, product="cheese").status_code, 302)
                self.assertEqual(shop.post("/buy", cookie).status_code, 302)
            # No number of a basket at all: it is another, empty one.
            cookie = FlaskPeer(KEY).cookie({"basket": {"items": {"cheese": 2**70}}})
            self.assertIn("Total: 0.00", shop.get("/", cookie).text)

    def test_wrong_orders_are_refused(self):
        with example("Cart") as shop:
            for path, form, status in [
                ("/add", {}, 400), ("/add", {"product": "gold"}, 404), ("/change/gold", {"count": "1"}, 404),
                ("/change/apple", {}, 400), ("/change/apple", {"count": "many"}, 400),
                ("/change/apple", {"count": "-1"}, 400), ("/change/apple", {"count": "9" * 30}, 400),
            ]:
                answer = shop.post(path, **form)
                self.assertEqual((answer.status_code, answer.headers.get("Set-Cookie")), (status, None), (path, form))

    def test_signed_sessions(self):
        with example("Cart", "--sessions", "signed") as shop, Curl() as curl:
            self.assertIn("Total: 7.20", curl("--location", "--data", "product=cheese", f"{shop.url}/add"))


def basket(cookie):
    return FlaskPeer(KEY).read(cookie)["basket"]["items"]


class SealedTests(unittest.TestCase):
    def test_every_example_takes_sealed_sessions(self):
        for name, path, form, page, shown in [
            ("Login", "/login", {"username": "admin"}, "/", "Logged in as admin"),
            ("Dashboard", "/login", {"username": "admin"}, "/dashboard", "Welcome to the dashboard!"),
            ("Check", "/test/session/set", None, "/test/session/check", "Logged in as user"),
            ("Cart", "/add", {"product": "cheese"}, "/", "Total: 7.20"),
        ]:
            with self.subTest(name), example(name, "--sessions", "sealed") as site:
                answer = site.get(path) if form is None else site.post(path, **form)
                cookie = cookie_of(answer.headers["Set-Cookie"])
                self.assertIn(shown, site.get(page, cookie).text)
                self.assertEqual(FlaskPeer(KEY).read(cookie), {})
                # Shut, and not only signed.
                self.assertNotIn(b"admin", urlsafe_b64decode(cookie.removeprefix("session=") + "==="))


class CommandLineTests(unittest.TestCase):
    def test_bad_options_are_told_in_one_line(self):
        for options in [
            ["--nonsense"], ["--port", "many"], ["--port", "65536"], ["--port"], ["--sessions", "nowhere"], ["extra"],
            ["--secret-key-base64", "***"], ["--secret-key", KEY, "--secret-key-base64", "YQ=="],
        ]:
            self.assert_refused("Login", *options)
        for name in EXAMPLES:
            self.assert_refused(name, "--nonsense")

    def test_a_port_in_use_is_told_in_one_line(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            for name in EXAMPLES:
                told = self.assert_refused(name, "--port", str(port), "--secret-key", KEY)
                self.assertIn(str(port), told)

    def test_an_unknown_host_is_told_in_one_line(self):
        self.assertIn("nowhere.invalid", self.assert_refused("Login", "--host", "nowhere.invalid", "--secret-key", KEY))

    def test_a_setting_that_cannot_be_is_told_in_one_line(self):
        for name, value, told in [
            ("PORT", "many", "port (environment variable PORT) must be a whole number"),
            ("SESSION_COOKIE_DOMAIN", "https://example.com", "session.cookie.domain (environment variable SESSION_COOKIE_DOMAIN)"),
            ("SESSION_COOKIE_PATH", "app", "session.cookie.path (environment variable SESSION_COOKIE_PATH)"),
        ]:
            run = subprocess.run(
                [BIN / "Check", "--port", "0"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
                env={**os.environ, name: value})
            self.assertEqual(run.returncode, 1, run.stderr)
            self.assertRegex(run.stderr, r"\AError: [^\n]+\n\Z")
            self.assertIn(told, run.stderr)

    def test_an_empty_variable_is_not_set(self):
        os.environ["SESSION_COOKIE_DOMAIN"] = os.environ["PORT"] = ""
        self.addCleanup(os.environ.pop, "SESSION_COOKIE_DOMAIN")
        self.addCleanup(os.environ.pop, "PORT")
        with example("Check", key=None) as check:
            self.assertEqual(check.get("/test/session/check").status_code, 200)

    def test_sigterm_and_sigint_end_it_well(self):
        for name in EXAMPLES:
            for number in (signal.SIGTERM, signal.SIGINT):
                with example(name) as site, plain_session() as browser:
                    # A browser keeps its connection open; the server does not wait for it.
                    browser.get(f"{site.url}/", timeout=10)
                    self.assertEqual(site.stop(number), 0, f"{name} {number}")
                    with self.assertRaises(OSError):
                        socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])), timeout=5)

    def test_the_key_is_not_logged(self):
        with example("Login", "--sessions", "flask") as login:
            login.post("/login", username="admin")
            login.stop()
            self.assertNotIn(KEY, login.log.read_text())

    def assert_refused(self, name, *options):
        run = subprocess.run(
            [BIN / name, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
        self.assertNotEqual(run.returncode, 0, options)
        self.assertEqual(run.stdout, "", options)
        self.assertRegex(run.stderr, r"\A[^\n]+\n\Z", options)
        return run.stderr


class DemoTests(unittest.TestCase):
    def test_demo_serves_the_login_app_until_it_is_stopped(self):
        with self.subTest("debug"):
            self.check_demo()
            self.check_that_no_store_was_built()
        with self.subTest("release"), self.all_stores():
            self.check_demo("--release")

    @staticmethod
    def all_stores():
        """Keeps the stores in the programs that the other tests run."""
        return mock.patch.dict(os.environ, DEWAR_PARTS="Postgres Redis SQLite TLS")

    def check_that_no_store_was_built(self):
        login = ROOT / ".build/debug/Login"
        for place, store in [
            ("sqlite:sessions", "SQLite"), ("redis://127.0.0.1", "Redis"), ("postgres://127.0.0.1/a", "Postgres"),
            ("flask-session:redis://127.0.0.1", "Redis"),
        ]:
            run = subprocess.run([login, "--sessions", place], capture_output=True, text=True, timeout=20)
            self.assertNotEqual(run.returncode, 0)
            self.assertRegex(run.stderr, rf"\AError: .* without {store}\. .*\n\Z")

    def test_the_command_without_engines_says_what_it_lacks(self):
        """As the README builds it for a first app."""
        subprocess.run(
            ["swift", "build", "--product", "dewar"], cwd=ROOT, env={**os.environ, "DEWAR_PARTS": ""}, check=True,
            capture_output=True, timeout=900)
        command = ROOT / ".build/debug/dewar"
        with tempfile.TemporaryDirectory() as folder:
            for options, part in [
                (["sessions", "purge", "--store", f"sqlite:{folder}/sessions"], "SQLite"),
                (["sessions", "list", "--store", "redis://127.0.0.1:1"], "Redis"),
                (["sessions", "list", "--store", "postgres://127.0.0.1:1/a"], "Postgres"),
                (["audit", "https://127.0.0.1:1/"], "TLS"),
            ]:
                with self.subTest(part):
                    run = subprocess.run([command, *options], capture_output=True, text=True, timeout=20)
                    self.assertEqual((run.returncode, run.stdout), (1, ""))
                    self.assertRegex(run.stderr, rf"\AError: .* without {part}\. .*\n\Z")
            self.assertEqual(os.listdir(folder), [])
            made = subprocess.run(
                [command, "new", "shop", "--sign-in", "--in", folder], capture_output=True, text=True, timeout=20)
            self.assertEqual(made.returncode, 0, made.stderr)
            Path(folder, "shop/sessions/records").mkdir(parents=True)
            listed = subprocess.run(
                [command, "sessions", "list", "--json", "--store", f"directory:{folder}/shop/sessions"],
                capture_output=True, text=True, timeout=20)
            self.assertEqual(json.loads(listed.stdout), [], listed.stderr)

    def test_demo_builds_the_store_that_it_is_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "sessions"
            with Program(
                ROOT / "demo", "--port", "0", "--secret-key", KEY, f"--sessions=sqlite:{database}", patience=900
            ) as demo:
                cookie = cookie_of(demo.post("/login", username="admin").headers["Set-Cookie"])
                self.assertIn("Logged in as admin", demo.get("/", cookie).text)
                self.assertTrue(database.read_bytes().startswith(b"SQLite format 3"))

    def check_demo(self, *options):
        with Program(ROOT / "demo", *options, "--port", "0", "--secret-key", KEY, patience=900) as demo:
            deadline = time.monotonic() + 10
            while demo.url not in demo.output.read_text() and time.monotonic() < deadline:
                time.sleep(0.02)
            self.assertIn(demo.url, demo.output.read_text())
            cookie = cookie_of(demo.post("/login", username="admin").headers["Set-Cookie"])
            self.assertIn("Logged in as admin", demo.get("/", cookie).text)
            [folder] = re.findall("Its sessions: (.+), a file each in records/", demo.output.read_text())
            self.assertEqual(len(list((Path(folder) / "records").glob("*/*"))), 1)
            self.assertIn("Max-Age=0", demo.get("/logout", cookie).headers["Set-Cookie"])
            self.assertEqual(list((Path(folder) / "records").glob("*/*")), [])
            self.assertEqual(demo.stop(), 0)
            with self.assertRaises(requests.ConnectionError):
                demo.get("/")

    def test_demo_release_serves_flasks_cookies_from_a_stripped_release_build(self):
        with self.all_stores(), Program(
            ROOT / "demo", "--release", "--port", "0", "--secret-key", KEY, "--sessions", "flask", patience=900
        ) as demo:
            program = Path(f"/proc/{demo.process.pid}/exe")
            if program.exists():
                self.assertIn("/release/", str(program.resolve()))
                self.assertNotIn(b".symtab", program.read_bytes())
            cookie = cookie_of(demo.post("/login", username="admin").headers["Set-Cookie"])
            self.assertEqual(FlaskPeer(KEY).read(cookie), {"username": "admin"})
            self.assertIn("Logged in as admin", demo.get("/", FlaskPeer(KEY).cookie({"username": "admin"})).text)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Several servers behind nothing but a shared engine and a shared key, one of them Flask's."""

import asyncio
import subprocess
import time
import unittest

import redis
from flask import Flask, request, session
from flask_peer import FlaskSite
from flask_session import Session
from programs import BIN, KEY, Curl, Load, Machines, cookie_of, example
from servers import Postgres, Redis, RedisCluster

ENGINES = (Redis, Postgres)


class SharedEngineTests(unittest.TestCase):
    def test_logged_in_on_one_and_out_everywhere(self):
        for engine in ENGINES:
            with self.subTest(engine.__name__), engine() as server, Machines("Login", server.url) as (one, two, three):
                cookie = cookie_of(one.post("/login", username="admin").headers["Set-Cookie"])
                for machine in (one, two, three):
                    self.assertIn("Logged in as admin", machine.get("/", cookie).text)
                self.assertIn("Max-Age=0", three.get("/logout", cookie).headers["Set-Cookie"])
                for machine in (one, two, three):
                    self.assertIn("You are not logged in", machine.get("/", cookie).text)

    def test_no_count_of_three_processes_is_lost(self):
        for engine in ENGINES:
            with self.subTest(engine.__name__), engine() as server, Machines("Counter", server.url) as machines:
                cookie = cookie_of(machines[0].get("/count").headers["Set-Cookie"])

                async def count():
                    await asyncio.gather(*(Load(machine.url, [cookie] * 4).run(requests=50) for machine in machines))

                asyncio.run(count())
                self.assertEqual(machines[2].get("/count", cookie).text, str(1 + len(machines) * 4 * 50 + 1))

    def time_of_outage(self, login, cookie):
        start = time.monotonic()
        response = login.get("/", cookie)
        self.assertEqual((response.status_code, response.headers["Retry-After"]), (503, "5"))
        return time.monotonic() - start

    def wait_until(self, what, holds):
        deadline = time.monotonic() + 30
        while not holds():
            self.assertLess(time.monotonic(), deadline, f"it did not happen that {what}")
            time.sleep(0.05)

    def test_an_engine_that_is_gone_is_503_and_one_that_is_back_is_used(self):
        with Redis() as server, example("Login", "--sessions", server.url) as login:
            cookie = cookie_of(login.post("/login", username="admin").headers["Set-Cookie"])
            server.kill()
            # The first request waits for a restart; from then on the engine is known to be gone.
            self.assertEqual(login.get("/", cookie).status_code, 503)
            self.wait_until("requests fail at once", lambda: self.time_of_outage(login, cookie) < 0.5)
            self.assertLess(sum(self.time_of_outage(login, cookie) for _ in range(20)), 5)
            server.start()
            self.wait_until("the app is connected again", lambda: login.get("/", cookie).status_code == 200)
            # Its memory is gone with it, and so is the session; a new one works without a restart of the app.
            self.assertIn("You are not logged in", login.get("/", cookie).text)
            cookie = cookie_of(login.post("/login", username="admin").headers["Set-Cookie"])
            self.assertIn("Logged in as admin", login.get("/", cookie).text)


class SharedListTests(unittest.TestCase):
    def test_a_sealed_session_that_ends_on_one_ends_on_the_other(self):
        with Redis() as server:
            options = ("--sessions", "sealed", "--revocations", server.url)
            with example("Login", *options) as one, example("Login", *options) as two:
                cookie = cookie_of(one.post("/login", username="admin").headers["Set-Cookie"])
                for machine in (one, two):
                    self.assertIn("Logged in as admin", machine.get("/", cookie).text)
                one.get("/logout", cookie)
                self.assertIn("You are not logged in", one.get("/", cookie).text)
                deadline = time.monotonic() + 10
                while "Logged in" in two.get("/", cookie).text:
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.05)

    def test_a_list_that_cannot_be_is_told_in_one_line(self):
        for options in (("sealed", "--revocations", "flask"), ("flask", "--revocations", "memory")):
            with self.subTest(options):
                run = subprocess.run(
                    [BIN / "Login", "--port", "0", "--secret-key", KEY, "--sessions", *options],
                    capture_output=True, text=True, timeout=20)
                self.assertNotEqual(run.returncode, 0)
                self.assertEqual(len([line for line in run.stderr.splitlines() if "rror" in line]), 1, run.stderr)


class SuiteTests(unittest.TestCase):
    def test_four_programs_at_once_pass_the_conformance_suite_on_one_engine(self):
        for engine in (Redis, RedisCluster, Postgres):
            with self.subTest(engine.__name__), engine() as server:
                programs = [
                    subprocess.Popen([BIN / "StoreSuite", server.url], stderr=subprocess.PIPE, text=True) for _ in range(4)]
                try:
                    for program in programs:
                        failures = program.communicate(timeout=300)[1]
                        self.assertEqual((program.returncode, failures), (0, ""))
                finally:
                    for program in programs:
                        program.kill()
                        program.wait(20)


class FlaskSessionTests(unittest.TestCase):
    """A Flask application with Flask-Session and a Swift one share logins in one Redis."""

    def flask(self, server):
        app = Flask(__name__)
        app.config.update(
            SECRET_KEY=KEY, SESSION_TYPE="redis", SESSION_REDIS=redis.Redis(port=server.port), SESSION_USE_SIGNER=False)
        Session(app)

        @app.post("/login")
        def login():
            session["username"] = request.form["username"]
            return ""

        @app.get("/")
        def index():
            return f"Logged in as {session['username']}" if "username" in session else "You are not logged in"

        @app.get("/logout")
        def logout():
            session.pop("username", None)
            return ""

        return app

    def test_who_logs_in_on_one_side_is_logged_in_on_the_other(self):
        with Redis() as server, example("Login", "--sessions", f"flask-session:{server.url}") as swift:
            with FlaskSite(app=self.flask(server)) as flask:
                for first, second in ((swift.url, flask.url), (flask.url, swift.url)):
                    with Curl() as curl:
                        curl("--data", "username=admin", f"{first}/login")
                        for side in (first, second):
                            self.assertIn("Logged in as admin", curl(f"{side}/"))
                        curl(f"{second}/logout")
                        for side in (first, second):
                            self.assertIn("You are not logged in", curl(f"{side}/"))


if __name__ == "__main__":
    unittest.main()

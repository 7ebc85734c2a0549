# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Flask-Login and Dewar behind one cookie: who signs in on one side is signed in on the other, and out as well."""

import unittest

from flask import Flask, jsonify, request, session
from flask_login import LoginManager, UserMixin, current_user, fresh_login_required, login_required, login_user, logout_user
from flask_peer import FlaskPeer, FlaskSite
from programs import KEY, example, plain_session


class User(UserMixin):
    def __init__(self, name):
        self.id = name


def site_with_flask_login(protection="basic"):
    app = Flask("flask-login")
    app.config.update(SECRET_KEY=KEY, SESSION_PROTECTION=protection)
    manager = LoginManager(app)
    manager.user_loader(User)

    @app.get("/me")
    @login_required
    def me():
        return jsonify(user=current_user.get_id(), fresh=session.get("_fresh"))

    @app.get("/fresh")
    @fresh_login_required
    def fresh():
        return "fresh"

    @app.post("/login")
    def login():
        login_user(User(request.form["user"]), remember="remember" in request.form)
        return "in"

    @app.post("/logout")
    def logout():
        logout_user()
        return "out"

    return FlaskSite(app=app)


class FlaskLoginTests(unittest.TestCase):
    def setUp(self):
        self.flask = self.open(site_with_flask_login())
        self.swift = self.open(example("Accounts", "--sessions", "flask"))
        self.browser = plain_session()
        self.addCleanup(self.browser.close)

    def open(self, context):
        opened = context.__enter__()
        self.addCleanup(context.__exit__)
        return opened

    def get(self, site, path):
        return self.browser.get(site.url + path, allow_redirects=False, timeout=10)

    def post(self, site, path, **form):
        """A form of the site's own: a browser says so with `Origin`."""
        return self.browser.post(
            site.url + path, data=form, headers={"Origin": site.url}, allow_redirects=False, timeout=10)

    def sign_in_on_swift(self):
        self.assertEqual(self.post(self.swift, "/sign-in", user="ada", password="analytical engine").status_code, 302)

    def test_who_signs_in_on_swift_is_flasks_current_user(self):
        self.assertEqual(self.get(self.flask, "/me").status_code, 401)
        self.sign_in_on_swift()
        self.assertEqual(self.get(self.flask, "/me").json()["user"], "ada")
        # What Flask wrote into the cookie meanwhile took nothing from Swift's side, not even the time of the sign-in.
        self.assertIn("Signed in as ada", self.get(self.swift, "/").text)
        self.assertEqual(self.get(self.swift, "/devices").status_code, 200)

    def test_who_signs_in_on_flask_is_swifts_user(self):
        self.post(self.flask, "/login", user="ada")
        self.assertIn("Signed in as ada", self.get(self.swift, "/").text)
        # Flask-Login does not say when; a step-up on Swift's side asks, and Flask's sign-in goes on.
        self.assertEqual(self.get(self.swift, "/devices").headers["Location"], "/again?next=/devices")
        self.assertEqual(self.post(self.swift, "/again", password="analytical engine").status_code, 302)
        self.assertEqual(self.get(self.swift, "/devices").status_code, 200)
        self.assertEqual(self.get(self.flask, "/me").json(), {"user": "ada", "fresh": True})

    def test_whoever_signs_out_on_one_side_is_out_on_the_other(self):
        self.sign_in_on_swift()
        self.post(self.flask, "/logout")
        self.assertIn("You are not signed in", self.get(self.swift, "/").text)
        self.post(self.flask, "/login", user="ada")
        self.post(self.swift, "/sign-out")
        self.assertEqual(self.get(self.flask, "/me").status_code, 401)
        self.assertNotIn("session", self.browser.cookies)

    def test_ids_that_are_integers_or_any_text(self):
        for user, shown in [(7, "7"), ("Zoë 🍶", "Zoë 🍶"), ("<b>", "&lt;b&gt;"), (10**30, str(10**30))]:
            cookie = FlaskPeer(KEY).cookie({"_user_id": user, "_fresh": True})
            self.assertIn(f"Signed in as {shown}.", self.swift.get("/", cookie).text)
        for nobody in (None, "", True, 1.5, [], {"id": "ada"}, b"ada"):
            cookie = FlaskPeer(KEY).cookie({"_user_id": nobody})
            self.assertIn("You are not signed in", self.swift.get("/", cookie).text, nobody)

    def test_basic_protection_takes_the_sign_in_and_calls_it_stale(self):
        self.sign_in_on_swift()
        self.assertEqual(self.get(self.flask, "/me").json(), {"user": "ada", "fresh": False})
        self.assertEqual(self.get(self.flask, "/fresh").status_code, 401)

    def test_strong_protection_refuses_it(self):
        flask = self.open(site_with_flask_login("strong"))
        self.sign_in_on_swift()
        self.assertEqual(self.get(flask, "/me").status_code, 401)
        self.assertIn("You are not signed in", self.get(self.swift, "/").text)

    def test_strong_protection_takes_a_permanent_session_and_calls_it_stale(self):
        flask = self.open(site_with_flask_login("strong"))
        cookie = FlaskPeer(KEY).cookie({"_user_id": "ada", "_fresh": True, "_permanent": True})
        self.browser.cookies.set("session", cookie.removeprefix("session="), domain="127.0.0.1")
        self.assertIn("Signed in as ada", self.get(self.swift, "/").text)
        self.assertEqual(self.get(flask, "/me").json(), {"user": "ada", "fresh": False})
        self.assertEqual(self.get(flask, "/fresh").status_code, 401)
        self.assertIn("Signed in as ada", self.get(self.swift, "/").text)

    def test_without_protection_nothing_is_written(self):
        flask = self.open(site_with_flask_login(None))
        self.sign_in_on_swift()
        answer = self.get(flask, "/me")
        self.assertEqual(answer.json(), {"user": "ada", "fresh": None})
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_a_remember_cookie_outlives_a_sign_out_on_swift(self):
        self.post(self.flask, "/login", user="ada", remember="yes")
        self.post(self.swift, "/sign-out")
        self.assertEqual(self.get(self.flask, "/me").json()["user"], "ada")


if __name__ == "__main__":
    unittest.main()

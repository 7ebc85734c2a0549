# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The first question to a build: does the login app that it made share Flask's cookies with real Flask?

It needs the programs Login and CookiePeer and nothing else of the package. `./test` asks it of the release build before
anything else is run, and of the debug build. A release build once signed bytes of its stack in place of the time, so
that no cookie of it was good, while every debug build passed.
"""

import re
import time
import unittest

from flask_peer import FlaskPeer, FlaskSite, cookie_of
from itsdangerous.encoding import base64_decode, bytes_to_int
from programs import BIN, KEY, Curl, Program, require_programs

FORMATS = ("flask", "signed")


def setUpModule():
    require_programs("Login", "CookiePeer")


def login_app(sessions):
    return Program(BIN / "Login", "--port", "0", "--secret-key", KEY, "--sessions", sessions)


class BuiltProgramTests(unittest.TestCase):
    def test_a_cookie_is_signed_with_the_time(self):
        for sessions in FORMATS:
            with self.subTest(sessions=sessions), login_app(sessions) as login:
                # Several, because what happens to be in memory may look right once.
                for _ in range(20):
                    before = int(time.time())
                    signed_at = seconds_of(login.post("/login", username="admin").headers["Set-Cookie"])
                    self.assertIn(signed_at, range(before, int(time.time()) + 1))

    def test_a_sign_in_lasts(self):
        for sessions in FORMATS:
            with self.subTest(sessions=sessions), login_app(sessions) as login, Curl() as curl:
                self.assertIn("You are not logged in", curl(f"{login.url}/"))
                curl("--data", "username=admin", f"{login.url}/login")
                self.assertIn("Logged in as admin", curl(f"{login.url}/"))
                curl(f"{login.url}/logout")
                self.assertIn("You are not logged in", curl(f"{login.url}/"))

    def test_flask_reads_what_the_login_app_wrote(self):
        with login_app("flask") as login, FlaskSite(KEY) as flask, Curl() as curl:
            curl("--data", "username=admin", f"{login.url}/login")
            self.assertEqual(FlaskPeer(KEY).read(curl.cookie), {"username": "admin"})
            self.assertIn("Logged in as admin", curl(f"{flask.url}/"))

    def test_the_login_app_reads_what_flask_wrote(self):
        with login_app("flask") as login, FlaskSite(KEY) as flask, Curl() as curl:
            curl("--data", "username=admin", f"{flask.url}/login")
            self.assertIn("Logged in as admin", curl(f"{login.url}/"))


def seconds_of(set_cookie):
    """The second at which a cookie was signed: the last part but one, in base64url (itsdangerous' `TimestampSigner`)."""
    found = re.fullmatch(r"[^=]+=.*\.([\w-]*)\.[\w-]+", cookie_of(set_cookie))
    return bytes_to_int(base64_decode(found[1]))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Real Flask as the other side: it writes and reads session cookies, and serves the tutorial's login app."""

import math
import threading
from datetime import datetime, timezone
from uuid import UUID

from flask import Flask, redirect, request, session, url_for
from flask.json.tag import TaggedJSONSerializer
from markupsafe import Markup, escape
from programs import cookie_of
from werkzeug.serving import WSGIRequestHandler, make_server


class FlaskPeer:
    """Flask's sessions under a secret key (text or bytes) and older keys."""

    def __init__(self, key, fallbacks=()):
        self.app = Flask("peer")
        # A size of 0 turns off the warning about large cookies, which says nothing about the exchange.
        self.app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=list(fallbacks), MAX_COOKIE_SIZE=0)

    def set_cookie(self, values):
        """The `Set-Cookie` header that carries the values."""
        with self.app.test_request_context():
            session.update(values)
            response = self.app.response_class()
            self.app.session_interface.save_session(self.app, session._get_current_object(), response)
            return response.headers["Set-Cookie"]

    def cookie(self, values):
        """The `Cookie` header of a browser that was sent the values."""
        return cookie_of(self.set_cookie(values))

    def read(self, cookie):
        """The values in a `Cookie` header; none at all when Flask refuses it."""
        with self.app.test_request_context(headers={"Cookie": cookie}):
            return dict(session)

    def json(self, cookie):
        """The JSON text inside a session cookie, as it was signed."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        serializer.serializer = _Text
        return serializer.loads(cookie.removeprefix("session="))


class FlaskSite:
    """A Flask application, the tutorial's login app unless said otherwise, on a free port of this machine."""

    def __init__(self, key=None, app=None):
        self.server = make_server("127.0.0.1", 0, app or _login_app(key), request_handler=_QuietHandler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def tagged_json(values):
    """Flask's JSON text of some values."""
    return TaggedJSONSerializer().dumps(values)


def from_tagged_json(text):
    """The values in Flask's JSON text."""
    return TaggedJSONSerializer().loads(text)


def typed(value):
    """A value with the names of its types: Python itself takes True for 1, a Markup for a str and 0.0 for -0.0."""
    match value:
        case None | bool() | int() | UUID():
            return type(value).__name__, str(value)
        case float():
            return "float", "nan" if math.isnan(value) else value.hex()
        case Markup() | str() | bytes():
            return type(value).__name__, value
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
            return "datetime", moment.astimezone(timezone.utc).replace(microsecond=0).isoformat()
        case list() | tuple():
            return type(value).__name__, [typed(item) for item in value]
        case dict():
            return "dict", {key: typed(item) for key, item in value.items()}
    raise TypeError(f"no session holds a {type(value)}")


class _Text:
    """A serializer that leaves JSON text as it is."""

    loads = staticmethod(lambda text: text if isinstance(text, str) else text.decode())


class _QuietHandler(WSGIRequestHandler):
    def log(self, type, message, *args):
        """The test runner's output is no place for requests."""


def _login_app(key):
    app = Flask("login")
    app.secret_key = key

    @app.route("/")
    def index():
        return f"Logged in as {escape(session['username'])}" if "username" in session else "You are not logged in"

    @app.route("/login", methods=["GET", "POST"])
    def login():
        session["username"] = request.form["username"]
        return redirect(url_for("index"))

    @app.route("/logout")
    def logout():
        session.pop("username", None)
        return redirect(url_for("index"))

    return app

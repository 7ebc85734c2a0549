# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Flask with Dewar's sessions: what a test does to `flask.session` is done to a session of Dewar's, one call each."""

import warnings

import flask
import flask.helpers
import flask.json.tag
import flask.sessions
import flask.templating
from flask.signals import message_flashed

from suites.peer import MISSING, PEER, Refused


def install():
    flask.sessions.SecureCookieSessionInterface = DewarSessionInterface
    flask.Flask.session_interface = DewarSessionInterface()
    flask.json.tag.TaggedJSONSerializer = TaggedJSONSerializer
    for module in (flask, flask.helpers):
        module.flash = flash
        module.get_flashed_messages = get_flashed_messages
    flask.app.get_flashed_messages = get_flashed_messages


class DewarSession(flask.sessions.SessionMixin):
    """One open session of Dewar's."""

    def __init__(self, number):
        self.number = number

    def ask(self, call, **arguments):
        return PEER.call(f"session.{call}", session=self.number, **arguments)

    def __getitem__(self, key):
        return self.found(key, self.ask("get", key=key))

    def __setitem__(self, key, value):
        self.ask("set", key=key, value=value)

    def __delitem__(self, key):
        self.found(key, self.ask("pop", key=key))

    def __contains__(self, key):
        return self.ask("contains", key=key)

    def __len__(self):
        return self.ask("count")

    def __iter__(self):
        return iter(self.ask("keys"))

    def pop(self, key, *default):
        value = self.ask("pop", key=key)
        return default[0] if value is MISSING and default else self.found(key, value)

    def popitem(self):
        return self.found("the last", self.ask("pop_last"))

    def setdefault(self, key, default=None):
        return self.ask("set_default", key=key, value=default)

    def update(self, *values, **named):
        self.ask("update", values=dict(*values, **named))

    def clear(self):
        self.ask("clear")

    @staticmethod
    def found(key, value):
        if value is MISSING:
            raise KeyError(key)
        return value

    @property
    def new(self):
        return self.ask("is_new")

    @property
    def modified(self):
        return self.ask("is_modified")

    @modified.setter
    def modified(self, flag):
        self.ask("set_modified", flag=flag)

    @property
    def permanent(self):
        return self.ask("is_permanent")

    @permanent.setter
    def permanent(self, flag):
        self.ask("set_permanent", flag=bool(flag))

    @property
    def accessed(self):
        return self.ask("is_accessed")

    @accessed.setter
    def accessed(self, flag):
        """Flask notes an access here when `flask.session` is named. Dewar notes by itself what looks at the session."""


class DewarSessionInterface(flask.sessions.SessionInterface):
    """Opens a session from the request's `Cookie` field, and puts into the response what Dewar says."""

    def open_session(self, app, request):
        header = request.environ.get("HTTP_COOKIE")
        try:
            return DewarSession(PEER.call(
                "session.open", keys=self.keys(app), name=self.get_cookie_name(app), domain=self.get_cookie_domain(app),
                path=self.get_cookie_path(app), secure=self.get_cookie_secure(app),
                httponly=self.get_cookie_httponly(app), samesite=self.get_cookie_samesite(app),
                partitioned=self.get_cookie_partitioned(app), max_size=app.config["MAX_COOKIE_SIZE"],
                lifetime=int(app.permanent_session_lifetime.total_seconds()),
                refresh=app.config["SESSION_REFRESH_EACH_REQUEST"],
                # WSGI has the bytes of a header as Latin-1.
                cookie=header and header.encode("latin-1").decode(errors="replace")))
        except Refused as refused:
            raise ValueError(str(refused)) from None

    def save_session(self, app, session, response):
        present = response.headers.getlist("Vary")
        try:
            set_cookie, vary, warned = session.ask("commit", vary=", ".join(present) or None)
        except Refused as refused:
            raise RuntimeError(str(refused)) from None
        if set_cookie is not None:
            response.headers.add("Set-Cookie", set_cookie)
        if vary is not None:
            response.headers["Vary"] = vary
        for text in warned:
            warnings.warn(text, stacklevel=2)

    @staticmethod
    def keys(app):
        if not app.secret_key:
            return []
        keys = [app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or [])]
        return [key.encode() if isinstance(key, str) else key for key in keys]


class TaggedJSONSerializer:
    def dumps(self, value):
        return PEER.call("token.tagged_dumps", value=value).decode()

    def loads(self, text):
        return PEER.call("token.tagged_loads", value=text.encode())


def flash(message, category="message"):
    flask.session.ask("flash", message=message, category=category)
    app = flask.current_app._get_current_object()
    message_flashed.send(app, _async_wrapper=app.ensure_sync, message=message, category=category)


def get_flashed_messages(with_categories=False, category_filter=()):
    messages = flask.session.ask("flashed", categories=list(category_filter))
    return messages if with_categories else [message for _, message in messages]

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Flask with the routes of BenchServer, for gunicorn.

PEER_PLACE says where the sessions are: nothing for Flask's own cookies, `files:FOLDER`, or `redis://HOST:PORT/DATABASE`.
With `none` there is no key, and so there are no sessions.
"""

import os

from flask import Flask, request, session
from flask_session import Session

app = Flask(__name__)
place = os.environ.get("PEER_PLACE", "")
if place != "none":
    app.secret_key = "a key of a benchmark, whose sessions mean nothing"
if place.startswith("files:"):
    from cachelib.file import FileSystemCache

    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(place.removeprefix("files:")))
    Session(app)
elif place.startswith("redis:"):
    import redis

    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=redis.Redis.from_url(place))
    Session(app)


@app.get("/hello")
def hello():
    return "Hello"


@app.get("/")
def index():
    if "username" in session:
        return f"Logged in as {session['username']}"
    return "You are not logged in"


@app.get("/count")
def count():
    session["n"] = session.get("n", 0) + 1
    return str(session["n"])


@app.post("/login")
def login():
    session["username"] = request.form["username"]
    return f"Welcome {session['username']}"

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Starlette with the routes of BenchServer, for uvicorn; with `PEER_PLACE=none` it has no sessions."""

import os

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def hello(request):
    return PlainTextResponse("Hello")


async def index(request):
    if "username" in request.session:
        return PlainTextResponse(f"Logged in as {request.session['username']}")
    return PlainTextResponse("You are not logged in")


async def count(request):
    request.session["n"] = request.session.get("n", 0) + 1
    return PlainTextResponse(str(request.session["n"]))


async def login(request):
    form = await request.form()
    request.session["username"] = form["username"]
    return PlainTextResponse(f"Welcome {form['username']}")


sessions = Middleware(SessionMiddleware, secret_key="a key of a benchmark, whose sessions mean nothing")
app = Starlette(
    routes=[
        Route("/hello", hello), Route("/", index), Route("/count", count), Route("/login", login, methods=["POST"]),
    ],
    middleware=[] if os.environ.get("PEER_PLACE") == "none" else [sessions])

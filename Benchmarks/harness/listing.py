# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""`dewar sessions list` in a store with a million sessions: the whole command, from its start to its end."""

import json
import subprocess
import time

PAGE, LARGE_PAGE, USER = "a page of 50", "a page of 1,000", "a user with one session"
COMMANDS = {PAGE: ["--limit", "50"], LARGE_PAGE: ["--limit", "1000"], USER: ["--user", "user 400"]}
#: How many sessions each may show. One or two may have ended since.
SHOWN = {PAGE: range(45, 51), LARGE_PAGE: range(950, 1001), USER: range(1, 2)}


def measure(program, place, asks):
    """The times of each command in milliseconds."""
    return {name: [timed(program, place, name) for _ in range(asks)] for name in COMMANDS}


def timed(program, place, name):
    start = time.perf_counter()
    run = subprocess.run(
        [program / "dewar", "sessions", "list", "--json", "--store", place, *COMMANDS[name]], capture_output=True, text=True)
    milliseconds = (time.perf_counter() - start) * 1000
    if run.returncode or len(json.loads(run.stdout)) not in SHOWN[name]:
        raise RuntimeError(f"dewar sessions list does not show {name}: {run.stdout[:2000]} {run.stderr}")
    return milliseconds

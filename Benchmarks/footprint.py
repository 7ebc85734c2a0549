# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What sessions take in Redis and in PostgreSQL, and what a request asks of them.

    swift build -c release --product StoreScale && swift build -c release --product Counter
    .venv/bin/python Benchmarks/footprint.py [COUNT ...]

A session has contents of 200 bytes, and one in four has a user. The servers are started for it and stopped again.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("DEWAR_BIN", str(ROOT / ".build/release"))
sys.path.insert(0, str(ROOT / "Tests/Interop"))

import redis  # noqa: E402
from programs import BIN, example  # noqa: E402
from servers import Postgres, Redis  # noqa: E402

REQUESTS = 100


def fill(server, count):
    subprocess.run([BIN / "StoreScale", "fill", server.url, str(count)], check=True)


def redis_bytes(server):
    return redis.Redis(port=server.port).info("memory")["used_memory"]


def postgres_bytes(server):
    question = "VACUUM dewar_sessions; SELECT pg_total_relation_size('dewar_sessions'), pg_indexes_size('dewar_sessions')"
    answer = server.ask_sql(question)
    return [int(number) for number in answer.split("|")]


def commands(server):
    """How many commands a Redis server has been given, by kind."""
    stats = redis.Redis(port=server.port).info("commandstats")
    return {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in stats.items()}


def requests():
    """The commands of a hundred requests that read their session, and of a hundred that change it."""
    with Redis() as server, example("Counter", "--sessions", server.url) as counter:
        cookie = counter.get("/count").headers["Set-Cookie"].partition(";")[0]
        counter.get("/count", cookie)
        for path in ("/", "/count"):
            before = commands(server)
            for _ in range(REQUESTS):
                counter.get(path, cookie)
            after = commands(server)
            change = {name: after[name] - before.get(name, 0) for name in after if name not in ("info", "client|setinfo")}
            print(f"GET {path}:", {name: count / REQUESTS for name, count in change.items() if count >= REQUESTS})


def main():
    for count in [int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        with Redis() as server:
            before = redis_bytes(server)
            fill(server, count)
            print(f"Redis, {count} sessions: {(redis_bytes(server) - before) / count:.0f} bytes each", flush=True)
        with Postgres() as server:
            fill(server, count)
            total, indexes = postgres_bytes(server)
            print(f"PostgreSQL, {count} sessions: {total / count:.0f} bytes each, {indexes / count:.0f} in indexes", flush=True)
    requests()


if __name__ == "__main__":
    main()

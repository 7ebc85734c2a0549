# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A slice of time for each store, one after the other."""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers import Postgres, Redis, free_port, make_certificate  # noqa: E402
from soak.http2 import HTTP2Load  # noqa: E402
from soak.judging import MIB, descriptor_findings, memory_findings, sample, settled, slope  # noqa: E402
from soak.load import BODY_TIMEOUT, IDLE, Load  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("DEWAR_BIN", ROOT / ".build/release")) / "FaultPeer"
#: Sessions in the memory of a server that speaks HTTP/2 are the last place.
PLACES = ("memory", "directory", "sqlite", "redis", "postgres", "sealed", "http2")
KEY = "a secret key of ./soak, which keeps the sessions of no visitor"


def main():
    parser = argparse.ArgumentParser(prog="soak", description="Mixed work for a long time on each store.")
    parser.add_argument("seconds", type=float, help="how long in all, in seconds")
    parser.add_argument("--rate", type=int, default=1000, help="requests a second")
    parser.add_argument("--stores", nargs="+", choices=PLACES, default=PLACES)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    if not PROGRAM.exists():
        raise SystemExit(f"soak: {PROGRAM} is missing: swift build -c release --product FaultPeer")
    print(f"seed {options.seed}", flush=True)
    findings = []
    for place in options.stores:
        findings += [f"{place}: {one}" for one in soak(place, options.seconds / len(options.stores), options)]
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    raise SystemExit(1 if findings else 0)


def soak(place, seconds, options):
    """Loads one store for so long. Says what was wrong."""
    engine = {"redis": Redis, "sealed": Redis, "postgres": Postgres}.get(place)
    with tempfile.TemporaryDirectory() as folder:
        if engine is None:
            return asyncio.run(serve(place, options_of(place, folder), folder, seconds, options))
        with engine() as server:
            where = ["sealed", "--revocations", server.url] if place == "sealed" else [server.url]
            return asyncio.run(serve(place, where, folder, seconds, options))


def options_of(place, folder):
    """Where a server of its own has its sessions, and how it speaks."""
    if place == "http2":
        make_certificate(folder, "localhost")
        return ["memory", "--http2", "--tls-certificate", f"{folder}/cert.pem", "--tls-key", f"{folder}/key.pem"]
    return {
        "memory": ["memory"], "directory": [f"directory:{folder}/sessions"],
        "sqlite": [f"sqlite:{folder}/sessions.sqlite"]}[place]


def loads(place, port, rate, folder, options, **others):
    if place == "http2":
        return HTTP2Load(port, rate, options.seed, f"{folder}/cert.pem", **others)
    return Load(port, rate, options.seed, **others)


async def serve(place, where, folder, seconds, options):
    port = free_port()
    with open(Path(folder) / "log", "wb") as log:
        server = subprocess.Popen(
            [PROGRAM, "--port", str(port), "--secret-key", KEY, "--idle", str(IDLE), "--purge", "5",
             "--log-level", "error", "--sessions", *where],
            stdout=log, stderr=log, env={**os.environ, "SERVER_BODY_TIMEOUT": str(BODY_TIMEOUT)})
    try:
        await listens(port)
        # The first requests open what stays open.
        await loads(place, port, 200, folder, options, visitors=16, attackers=0).run(2)
        first, began = sample(server.pid, 0).descriptors, time.monotonic()
        load, samples = loads(place, port, options.rate, folder, options), []
        running = asyncio.create_task(load.run(seconds))
        while not running.done():
            samples.append(sample(server.pid, time.monotonic() - began))
            await asyncio.wait([running], timeout=1)
        await running
        seconds = time.monotonic() - began
        last = await descriptors_at_rest(server.pid, first)
        print_result(place, load, samples, seconds, (first, last))
        errors = (Path(folder) / "log").read_text(errors="replace").splitlines()
        findings = memory_findings(samples) + descriptor_findings(first, last) + load.wrong
        return findings + [f"the log has an error: {line[:300]}" for line in errors if " error " in line][:3]
    finally:
        server.kill()
        server.wait()


async def listens(port):
    for _ in range(1000):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            return writer.close()
        except OSError:
            await asyncio.sleep(0.02)
    raise SystemExit("soak: the server does not listen")


async def descriptors_at_rest(process, first):
    """How many stay open when the clients have gone: connections are closed within seconds."""
    for _ in range(20):
        found = sample(process, 0).descriptors
        if not descriptor_findings(first, found):
            break
        await asyncio.sleep(0.5)
    return found


def print_result(place, load, samples, seconds, descriptors):
    kept, times = settled(samples), sorted(load.times)
    total = load.done.total()
    print(
        f"{place}: {total} requests in {seconds:.0f} s, {total / seconds:.0f} a second; 99 of 100 within "
        f"{times[len(times) * 99 // 100] * 1000:.0f} ms; memory {samples[0].memory / MIB:.1f} MiB at first, "
        f"{kept[0].memory / MIB:.1f} when warm, {kept[-1].memory / MIB:.1f} at last, "
        f"{slope(kept) / MIB:+.3f} MiB a minute; descriptors {descriptors[0]} and {descriptors[1]}, "
        f"{max(one.descriptors for one in samples)} at most; {len(load.wrong)} wrong", flush=True)
    print("    " + ", ".join(f"{count} {what}" for what, count in load.done.most_common()), flush=True)


if __name__ == "__main__":
    main()

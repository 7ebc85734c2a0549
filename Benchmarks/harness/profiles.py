# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Whose the microseconds of a request are: a profile of each page that has a goal, by sampling.

The shares are of the samples. What they are shares of is measured without the profiler, by turns with bare Hummingbird, so that
one row can be compared with another although the machine's speed wanders.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from .load import Load, pair
from .pairs import HELLO, READING, WRITING
from .processes import LOAD_CORE
from .servers import BARE, ROOT, Engines, dewar_servers
from .tables import label, table

sys.path.insert(0, str(ROOT / "Benchmarks"))

import flame  # noqa: E402  (a program beside this package)
import shares  # noqa: E402

#: How often the samples are taken, a second, and for how many seconds.
FREQUENCY, SECONDS = 4000, 4
#: How often a page is compared with the bare one.
PAIRS = 5

PLACES = ("flask", "sealed", "memory", "directory", "sqlite", "redis")
#: The servers, and the pages of each.
PAGES = {
    BARE: [HELLO], "app flask": [HELLO], **{f"hummingbird {place}": [READING, WRITING] for place in PLACES},
    "hummingbird flask": [HELLO, READING, WRITING],
}
#: The pages that are drawn as well, and the names of their files.
DRAWN = {
    ("hummingbird flask", READING): "flask-reading", ("hummingbird flask", WRITING): "flask-writing",
    ("hummingbird sealed", WRITING): "sealed-writing", ("hummingbird memory", READING): "memory-reading",
}
#: The columns, and what `shares` calls what is counted there.
COLUMNS = {
    "sockets": ["kernel: sockets"],
    "threads that wait and wake": ["kernel: threads that wait and wake"],
    "the kernel's rest": ["kernel: files", "kernel: other"],
    "NIO and Hummingbird": ["NIO and Hummingbird"],
    "GRDB, SQLite, zlib": ["GRDB", "SQLite", "zlib"],
    "cryptography": ["cryptography"],
    "Swift": [shares.REST],
    "Dewar": ["Dewar"],
}


def measure():
    """The table, which has for each page the microseconds of a request, in all and by owner, and the drawings by their names."""
    # The engines and this program, which is the load, are where the servers are not.
    os.sched_setaffinity(0, {LOAD_CORE})
    types, named = shares.declared_types(), {server.name: server for server in dewar_servers()}
    bare, rows, drawings = named[BARE], [], {}
    with Engines() as engines, ExitStack() as running:
        for name, pages in PAGES.items():
            server = named[name]
            running.callback(server.stop)
            server.run(engines)
            server.admit_visitors()
            if server is bare:
                base = median(pair((bare, HELLO), (bare, HELLO))[0].cost for _ in range(PAIRS))
            for page in pages:
                samples, whole = sampled(server, page), whole_cost(server, page, bare, base)
                rows.append(row(server, page, whole, Counter(shares.owner(stack, types) for stack in samples)))
                if drawing := DRAWN.get((name, page)):
                    drawings[drawing] = flame.drawing(samples, f"GET {page}, {label(server)}".replace("`", ""))
                print(f"{name} {page}", flush=True)
    return table(["CPU in µs", "page", "whole", *COLUMNS], rows), drawings


def whole_cost(server, page, bare, base):
    slices = [pair((bare, HELLO), (server, page)) for _ in range(PAIRS)]
    return base + median(second.cost - first.cost for first, second in slices)


def row(server, page, whole, counts):
    of_one = whole / counts.total()
    parts = [sum(counts[owner] for owner in owners) * of_one for owners in COLUMNS.values()]
    return [label(server), f"`{page}`", f"{whole:.1f}", *(f"{part:.1f}" for part in parts)]


def sampled(server, page):
    """The stacks of a server that answers a page again and again."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "perf.data"
        recording = subprocess.Popen(
            ["perf", "record", "--quiet", "--event", "cpu-clock", "--freq", str(FREQUENCY), "--call-graph", "fp", "--pid",
             str(server.processes[0].process.pid), "--output", data, "--", "sleep", str(SECONDS)])
        with Load(server, page, server.cookies) as load:
            while recording.poll() is None:
                load.run(0.2)
        if recording.returncode:
            raise RuntimeError(f"perf ended with status {recording.returncode}")
        script = subprocess.run(["perf", "script", "--input", data], capture_output=True, text=True, check=True)
    names = subprocess.run(
        ["swift", "demangle", "--compact", "--simplified"], input=script.stdout, capture_output=True, text=True, check=True)
    return list(flame.stacks(names.stdout.splitlines()))

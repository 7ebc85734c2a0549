# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The half that measures inside of one process: what the executable SessionBench says."""

import json
import os
import subprocess

from .processes import SERVER_CORE, on_cores
from .servers import ROOT

PROGRAM = ROOT / ".build/release/SessionBench"
#: Counts allocations where it is loaded in front of the system's library; ./bench compiles it.
COUNTER = ROOT / ".build/bench/malloc_count.so"


def measure(rounds=None):
    """SessionBench's array of benchmarks, from as many rounds as it likes unless said otherwise."""
    entries = said(["--rounds", str(rounds)] if rounds else [], os.environ)
    if COUNTER.exists():
        # In a run of its own: to count takes time.
        counted = said(["--rounds", "1"], {**os.environ, "LD_PRELOAD": str(COUNTER)})
        allocations = {(entry["group"], entry["name"]): entry["allocations"] for entry in counted}
        for entry in entries:
            entry["allocations"] = allocations[entry["group"], entry["name"]]
    return entries


def said(options, environment):
    run = subprocess.run(
        [PROGRAM, "--json", *options], stdout=subprocess.PIPE, env=environment, preexec_fn=on_cores(SERVER_CORE))
    # Status 1 says that a goal is not reached, which `word` says too.
    if run.returncode not in (0, 1):
        raise RuntimeError(f"SessionBench ended with status {run.returncode}.")
    return json.loads(run.stdout)


def ratio(entry):
    """How many times its floor a benchmark takes, by its own rounds if it says so; None if it has no floor."""
    if entry.get("ratio") is not None:
        return entry["ratio"]
    return entry["nanoseconds"] / entry["floor"]["nanoseconds"] if entry.get("floor") else None


def word(entry):
    """`ok` or `short` where there is a goal, and nothing elsewhere."""
    if entry.get("goal") is None or ratio(entry) is None:
        return ""
    return "ok" if ratio(entry) <= entry["goal"] else "short"

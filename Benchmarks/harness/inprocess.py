# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The half that measures inside of one process: what the executable SessionBench says."""

import json
import subprocess

from .processes import SERVER_CORE, on_core
from .servers import ROOT

PROGRAM = ROOT / ".build/release/SessionBench"


def measure():
    """SessionBench's array of benchmarks."""
    run = subprocess.run([PROGRAM, "--json"], stdout=subprocess.PIPE, check=True, preexec_fn=on_core(SERVER_CORE))
    return json.loads(run.stdout)


def ratio(entry):
    """How many times its floor a benchmark takes; None if it has no floor."""
    return entry["nanoseconds"] / entry["floor"]["nanoseconds"] if entry.get("floor") else None


def word(entry):
    """`ok` or `short` where there is a goal, and nothing elsewhere."""
    if entry.get("goal") is None or ratio(entry) is None:
        return ""
    return "ok" if ratio(entry) <= entry["goal"] else "short"

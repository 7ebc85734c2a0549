# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What was measured, and on what: the lines above the tables."""

import os
import re
import subprocess
from pathlib import Path

from .processes import CORES
from .servers import ROOT


def described():
    """The commit, the processor and Swift's version, in a sentence each."""
    return [f"Commit {commit()}.", f"{processor()}.", f"{swift()}."]


def commit():
    short = output("git", "rev-parse", "--short", "HEAD")
    changed = output("git", "status", "--porcelain", "--", "Sources", "Benchmarks", "Package.swift")
    return f"{short} with changes that are not committed" if changed else short


def processor():
    name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    system = f"Linux {os.uname().release.split('-')[0]}"
    return f"{name[1] if name else 'A processor that does not say its name'}, {len(CORES)} cores, {system}"


def swift():
    return (re.search(r"Swift version [\d.]+", output("swift", "--version")) or ["Swift of an unknown version"])[0]


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Says whose the time of a profile is: of the kernel, of NIO and Hummingbird, of an engine, or of Dewar.

    perf record -e cpu-clock -F 4000 -g -p PID -- sleep 5
    perf script | swift demangle --compact --simplified | Benchmarks/shares.py

A sample belongs to the function that ran or, if that is Swift's or C's own, to the nearest one that called it. Functions are
known by the types that the sources of this package and of its dependencies declare; build the package first.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from flame import stacks

ROOT = Path(__file__).resolve().parents[1]
CHECKOUTS = ROOT / ".build/checkouts"
DECLARATION = re.compile(r"^\s*(?:[@\w()]+ )*(?:struct|class|enum|actor|protocol) ([A-Z]\w+)", re.MULTILINE)
WORD = re.compile(r"\b[A-Z]\w+")

#: The kernel's work, by a function on the way to it; the first that fits.
KERNEL = [
    ("kernel: threads that wait and wake", re.compile(r"futex|__schedule|finish_task_switch|sched_yield|nanosleep")),
    ("kernel: sockets", re.compile(r"sock|tcp|epoll|inet|net_rx|eventfd")),
    ("kernel: files", re.compile(r"vfs_|ext4|openat|flock|fcntl|pread|pwrite|fsync|close|rename|newfstat|ksys_read|ksys_write")),
]
#: Libraries in C, by their functions.
NATIVE = [
    ("SQLite", re.compile(r"^sqlite3|^(pager|btree|vdbe|wal)", re.IGNORECASE)),
    ("zlib", re.compile(r"^(deflate|inflate|adler32|crc32)")),
    ("cryptography", re.compile(r"CCryptoBoringSSL|^(sha1|sha256|aes|gcm)_", re.IGNORECASE)),
    ("NIO and Hummingbird", re.compile(r"^c_nio_")),
]
OWNERS = {
    "Dewar": [ROOT / "Sources"],
    "NIO and Hummingbird": [CHECKOUTS / name for name in ("swift-nio", "hummingbird", "swift-http-types", "swift-nio-extras")],
    "GRDB": [CHECKOUTS / "GRDB.swift"],
    "cryptography": [CHECKOUTS / "swift-crypto"],
}
REST = "Swift's tasks, memory and dispatch"


def declared_types():
    """The owner of each type that only one owner declares."""
    owners = {}
    for owner, folders in OWNERS.items():
        for path in (path for folder in folders for path in folder.rglob("*.swift")):
            for name in DECLARATION.findall(path.read_text(errors="replace")):
                owners.setdefault(name, set()).add(owner)
    return {name: min(found) for name, found in owners.items() if len(found) == 1}


def owner(stack, types):
    """Whose a sample is, by its stack from the outermost function inwards."""
    inner = stack[::-1]
    if inner and inner[0].startswith("[kernel]"):
        kernel = [name for name in inner if name.startswith("[kernel]")]
        for label, pattern in KERNEL:
            if any(pattern.search(name) for name in kernel):
                return label
        return "kernel: other"
    for name in inner:
        if name.startswith("swift::"):
            continue  # Swift's own types in C++ have names that others have too.
        for label, pattern in NATIVE:
            if pattern.search(name):
                return label
        # The outermost type is whose method it is: what follows are parameters and what a generic function was made for.
        known = [types[word] for word in WORD.findall(name) if word in types]
        if known:
            return known[0]
    return REST


def main():
    types = declared_types()
    if "Dewar" not in types.values() or "NIO and Hummingbird" not in types.values():
        sys.exit("There are no sources to know functions by; build the package first.")
    counts = Counter(owner(stack, types) for stack in stacks(sys.stdin))
    total = sum(counts.values()) or sys.exit("There is no sample.")
    for label, count in counts.most_common():
        print(f"{100 * count / total:5.1f} %  {label}")


if __name__ == "__main__":
    main()

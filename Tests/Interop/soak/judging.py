# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Whether memory and descriptors grow: what is measured each second, and what is too much."""

import os
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
#: What memory may grow by: so much a minute, and in a short run so much in all, which is what allocators leave behind.
SLOPE_LIMIT = 1 * MIB
GROWTH_LIMIT = 8 * MIB
#: How many descriptors more there may be than in the beginning: a pool of connections to a store opens later.
DESCRIPTORS_LIMIT = 16
#: The share of the time in which a server comes to its working size.
WARM_UP = 1 / 3


@dataclass(frozen=True)
class Sample:
    #: Seconds since the beginning.
    at: float
    #: Bytes of memory that are the process's own.
    memory: int
    descriptors: int


def sample(process, at):
    status = Path(f"/proc/{process}/status").read_text()
    memory = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon"))
    return Sample(at, memory, len(os.listdir(f"/proc/{process}/fd")))


def settled(samples):
    """Without the warm-up."""
    begin = samples[0].at + (samples[-1].at - samples[0].at) * WARM_UP
    return [one for one in samples if one.at >= begin]


def slope(samples):
    """Bytes a minute that memory grows by: the line that fits best."""
    count = len(samples)
    middle = sum(one.at for one in samples) / count
    mean = sum(one.memory for one in samples) / count
    spread = sum((one.at - middle) ** 2 for one in samples)
    if spread == 0:
        return 0.0
    return 60 * sum((one.at - middle) * (one.memory - mean) for one in samples) / spread


def memory_findings(samples):
    """Nothing, or a sentence about memory that grows."""
    kept = settled(samples)
    minutes = (kept[-1].at - kept[0].at) / 60
    grown = slope(kept)
    if grown > SLOPE_LIMIT and grown * minutes > GROWTH_LIMIT:
        in_all = f"{grown * minutes / MIB:.1f} MiB in {minutes:.1f} minutes"
        return [f"memory grew by {grown / MIB:.2f} MiB a minute, {in_all}"]
    return []


def descriptor_findings(first, last):
    """Of the count with no client before the load, and with none after it."""
    if last > first + DESCRIPTORS_LIMIT:
        return [f"{last} descriptors were open when all clients had gone, and {first} before they came"]
    return []

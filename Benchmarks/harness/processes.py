# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Processes on a chosen core, and the CPU time that they and their children have used."""

import os
import socket
import subprocess
import time
from pathlib import Path

#: The servers have the first core to themselves; the load and the database engines share the second.
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER_CORE, LOAD_CORE, *_ = [*CORES, None, None]


def on_cores(*cores):
    """What a child runs before its program, so that all of its threads and children are on these cores."""
    return lambda: os.sched_setaffinity(0, cores)


class Process:
    """A program that answers on a port or a socket, on the servers' core; it is stopped by its own id."""

    def __init__(self, command, folder, address, environment=None, cores=(SERVER_CORE,)):
        self.command = [str(part) for part in command]
        self.folder = Path(folder)
        self.address = address
        self.cores = cores
        self.environment = {**os.environ, "TMPDIR": str(folder), **(environment or {})}
        self.process = None

    def start(self):
        log = self.folder / f"{Path(self.command[0]).name}.log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder,
                env=self.environment, preexec_fn=on_cores(*self.cores))
        deadline = time.monotonic() + 30
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command[0]} does not serve: {log.read_text(errors='replace')}")
            time.sleep(0.02)

    def answers(self):
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        with socket.socket(family) as attempt:
            return attempt.connect_ex(self.address) == 0

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                for pid in reversed(tree(self.process.pid)):
                    os.kill(pid, 9)
                self.process.wait(10)

    def cpu_nanoseconds(self):
        """The CPU time so far of all threads, also of those that have ended, and of the children."""
        return sum(time.clock_gettime_ns(cpu_clock(pid)) for pid in tree(self.process.pid))


def cpu_clock(pid):
    """Linux's clock for another process (CPUCLOCK_SCHED), which counts nanoseconds; /proc/PID/stat counts hundredths."""
    return (~pid << 3) | 2


def tree(pid):
    """A process and all below it."""
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in thread.read_text().split():
            found += tree(int(child))
    return found

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A site: the processes that serve it, what keeps its sessions, and the wires between."""

import asyncio
import os
import re
import resource
import signal
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from servers import free_port

from .disk import SIZES, Disk
from .engines import DurablePostgres, DurableRedis, start_again
from .plan import PROCESSES, WITH_DISK, WITH_ENGINE
from .story import Event
from .wire import Wire

KEY = "a secret key of ./faults, which keeps the sessions of no visitor"
STALENESS = 2.0
ALARM = re.compile(r"^.*(?:Fatal error|[Dd]amaged|[Cc]rashed|Assertion failed).*$", re.MULTILINE)


class Process:
    """A server that is started again, on the same port, whenever it was killed."""

    def __init__(self, site, number, program, options):
        self.site, self.number = site, number
        self.port = free_port()
        self.log = Path(site.folder.name) / f"log{number}"
        self.command = [program, "--port", str(self.port), "--secret-key", KEY, *options]
        self.process, self.is_wanted = None, False

    async def start(self, descriptors=None):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.site.folder.name)
        if descriptors is not None:
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (descriptors, descriptors))
        self.is_wanted = True
        for _ in range(3000):
            if self.process.poll() is not None:
                raise AssertionError(f"a process does not start: {self.log.read_text()[-2000:]}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return self
            except OSError:
                await asyncio.sleep(0.02)
        raise AssertionError(f"a process does not listen: {self.log.read_text()[-2000:]}")

    async def end(self, number=signal.SIGKILL):
        """Kills it, or asks it to stop; one that does not stop is a finding."""
        self.is_wanted = False
        self.process.send_signal(number)
        for _ in range(4000):
            if self.process.poll() is not None:
                return
            await asyncio.sleep(0.01)
        self.site.alarms.append(f"process {self.number} did not end within 40 s of signal {number}")
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Site:
    """Everything that one place of sessions needs, and what happened to it."""

    def __init__(self, kind, program, seed):
        self.kind, self.program = kind, program
        self.random = Random(f"{seed} {kind} lots")
        self.folder = tempfile.TemporaryDirectory()
        self.disk = self.engine = self.store_wire = None
        self.processes, self.wires = [], []
        self.events, self.alarms, self.happened = [], [], Counter()
        self.closing = False

    async def start(self):
        if self.kind in WITH_DISK:
            self.disk = Disk(SIZES[self.kind])
        if self.kind in WITH_ENGINE:
            await self.start_engine()
        for number in range(PROCESSES.get(self.kind, 2)):
            process = await Process(self, number, self.program, self.options()).start()
            self.processes.append(process)
            self.wires.append(await Wire(process.port, self.random).start())
        self.watcher = asyncio.create_task(self.watch())
        return self

    async def start_engine(self):
        kind = DurablePostgres if self.kind == "postgres" else DurableRedis
        self.engine = kind(self.disk.path if self.disk else None)
        await asyncio.to_thread(self.engine.__enter__)
        self.store_wire = await Wire(self.engine.port, self.random).start()

    def options(self):
        """What the program is told of where to keep sessions."""
        match self.kind:
            case "directory": return ["--sessions", f"directory:{self.disk.path / 'sessions'}"]
            case "sqlite": return ["--sessions", f"sqlite:{self.disk.path / 'sessions.sqlite'}"]
            case "redis": return ["--sessions", f"redis://127.0.0.1:{self.store_wire.port}"]
            case "postgres": return ["--sessions", f"postgres://dewar@127.0.0.1:{self.store_wire.port}/postgres"]
            case "sealed": return ["--sessions", "sealed", "--revocations", f"redis://127.0.0.1:{self.store_wire.port}"]
        return ["--sessions", self.kind]

    async def watch(self):
        """A process that ends by itself is a finding, and is started again; an engine is, when there is room again."""
        while not self.closing:
            for process in self.processes:
                if process.is_wanted and process.process.poll() is not None:
                    self.alarms.append(
                        f"process {process.number} ended by itself with status {process.process.returncode}: "
                        f"{process.log.read_text()[-1500:]}")
                    await process.start()
            await asyncio.sleep(0.05)

    def note(self, began, ended, what):
        self.events.append(Event(began, ended, what))

    def log_alarms(self):
        """What no log may say, whatever happens to the machine."""
        return [f"process {process.number} logged: {line}" for process in self.processes
                for line in ALARM.findall(process.log.read_text(errors="replace"))[:3]]

    async def close(self):
        self.closing = True
        for process in self.processes:
            process.close()
        for wire in [*self.wires, *([self.store_wire] if self.store_wire else [])]:
            await wire.close()
        if self.engine is not None:
            await asyncio.to_thread(self.engine.__exit__)
        if self.disk is not None:
            self.disk.close()
        self.folder.cleanup()


def open_files(process):
    return len(os.listdir(f"/proc/{process}/fd"))

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Does to a site what the plan says, and undoes it."""

import asyncio
import resource
import signal
import time
from random import Random

from .engines import start_again
from .sites import open_files

#: File descriptors of a process that is flooded with connections.
FEW = 256


async def disturb(site, faults):
    """All faults of a round, each in its time; when it returns, everything is in order again."""
    begin = time.monotonic()

    async def one(fault):
        await asyncio.sleep(max(0, begin + fault.at - time.monotonic()))
        began = time.monotonic()
        what = await perform(site, fault, Random(fault.seed))
        if what:
            site.happened[fault.kind] += 1
            site.note(began, time.monotonic(), what)

    # One after the other in each of the two decks: a process that is frozen cannot be killed as well.
    machine = [fault for fault in faults if ": " not in fault.kind]
    wires = [fault for fault in faults if ": " in fault.kind]

    async def each(lane):
        for fault in lane:
            await one(fault)

    await asyncio.gather(each(machine), each(wires))


async def perform(site, fault, lot):
    """Does it and says what it was; nothing if it met nothing."""
    process = lot.choice(site.processes)
    match fault.kind:
        case "kill": return await end(process, signal.SIGKILL, "killed", fault)
        case "stop": return await end(process, signal.SIGTERM, "asked to stop", fault)
        case "freeze": return await freeze(process, fault)
        case "connections": return await flood(process, fault)
        case "descriptors": return await starve(process, fault, lot)
        case "engine killed": return await kill_engine(site, fault)
        case "disk full": return await fill_disk(site, fault)
    where, _, kind = fault.kind.partition(": ")
    wire = site.store_wire if where == "store" else lot.choice(site.wires)
    share = lot.uniform(0.05, 0.5) if kind in ("cut", "truncate") else lot.uniform(0.3, 1)
    before = wire.touched[kind]
    wire.disturb(kind, share)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        wire.settle()
    count = wire.touched[kind] - before
    side = "the store" if where == "store" else f"process {site.wires.index(wire)}"
    return f"connections to {side}: {kind}, {count} times" if count else None


async def end(process, number, what, fault):
    began = time.monotonic()
    await process.end(number)
    if process.site.kind == "memory":
        process.site.memory_lost(began)
    await asyncio.sleep(fault.seconds)
    await process.start()
    return f"process {process.number} was {what}"


async def freeze(process, fault):
    process.process.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        process.process.send_signal(signal.SIGCONT)
    return f"process {process.number} was frozen"


async def flood(process, fault):
    """Few descriptors from the start, and more clients than that: the server keeps a quarter for files and stores."""
    if process.site.kind == "memory":
        process.site.memory_lost(time.monotonic())
    await process.end(signal.SIGTERM)
    await process.start(descriptors=FEW)
    connections = []
    try:
        for _ in range(FEW):
            connections.append(await asyncio.open_connection("127.0.0.1", process.port))
        await asyncio.sleep(fault.seconds)
    finally:
        for _, writer in connections:
            writer.close()
    return f"{FEW} clients held connections to process {process.number}, which had {FEW} file descriptors"


async def starve(process, fault, lot):
    """No file and no connection more than it has, or a few.

    The process may end: Swift's runtime (libdispatch) counts its threads in /proc, and stops the process (SIGILL,
    on other processors SIGTRAP) when it cannot open a file there. What it had acknowledged must be there all the same.
    """
    pid = process.process.pid
    began, before = time.monotonic(), resource.prlimit(pid, resource.RLIMIT_NOFILE)
    process.is_wanted = False
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_files(pid) + lot.randint(0, 4), before[1]))
    connections = []
    try:
        for _ in range(20):
            connections.append(await asyncio.open_connection("127.0.0.1", process.port))
        await asyncio.sleep(fault.seconds)
    except OSError:
        pass
    finally:
        for _, writer in connections:
            writer.close()
    if process.process.poll() is None:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    if await lives(process):
        process.is_wanted = True
        return f"process {process.number} had no file descriptors left"
    status = process.process.returncode
    if status not in (-signal.SIGILL, -signal.SIGTRAP):
        process.site.alarms.append(f"process {process.number} ended with status {status} without file descriptors")
    process.site.happened["(runtime ended without descriptors)"] += 1
    if process.site.kind == "memory":
        process.site.memory_lost(began)
    await process.start()
    return f"process {process.number} had no file descriptors left, and Swift's runtime ended it"


async def lives(process):
    """Whether it answers again, or ends: one that is about to end does neither for a while.

    One that does neither for ever is found by the visitors.
    """
    deadline = time.monotonic() + 15
    while process.process.poll() is None:
        if time.monotonic() > deadline:
            return True
        try:
            async with asyncio.timeout(1):
                reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
                writer.write(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = await reader.read(100)
                writer.close()
                if answer:
                    return True
        except (OSError, TimeoutError):
            await asyncio.sleep(0.05)
    return False


async def kill_engine(site, fault):
    await asyncio.to_thread(site.engine.kill)
    await asyncio.sleep(fault.seconds)
    await start_again(site.engine)
    return "the store's server was killed"


async def fill_disk(site, fault):
    taken = await site.disk.fill(fault.seconds)
    if site.engine is not None and site.engine.has_ended:
        # Redis and PostgreSQL end when they cannot write what they have to.
        site.happened["(engine ended itself on a full disk)"] += 1
        await start_again(site.engine)
    return "the disk was full" if taken else None

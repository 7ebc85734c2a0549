# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A TCP proxy that disturbs what it carries: it cuts, truncates, stalls, delays, splits, reorders and refuses."""

import asyncio
import socket
import struct
from collections import Counter

#: What it can do. Bytes of one connection keep their order; "reorder" is about those of different connections.
DISTURBANCES = ("cut", "truncate", "stall", "delay", "split", "reorder", "refuse")


class Wire:
    """Carries connections from a port of its own to another one."""

    def __init__(self, target, random):
        self.target, self.random = target, random
        self.pipes = set()
        self.disturbance, self.share, self.calm = None, 0.0, asyncio.Event()
        self.calm.set()
        #: How many pieces each disturbance has touched.
        self.touched = Counter()
        self.arrivals = self.last_departure = 0

    async def start(self):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def close(self):
        self.server.close()
        for pipe in list(self.pipes):
            pipe.abort()
        while self.pipes:
            await asyncio.sleep(0)
        await self.server.wait_closed()

    def disturb(self, kind, share):
        """Disturbs so great a share of the pieces, or of the connections, until `settle`."""
        self.disturbance, self.share = kind, share
        self.calm.clear()
        if kind == "refuse":
            for pipe in list(self.pipes):
                pipe.abort()

    def settle(self):
        self.disturbance = None
        self.calm.set()

    def is_hit(self):
        return self.random.random() < self.share

    async def accept(self, reader, writer):
        if self.disturbance == "refuse":
            self.touched["refuse"] += 1
            return reset(writer)
        try:
            onward = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return reset(writer)
        pipe = Pipe(self, (reader, writer), onward)
        self.pipes.add(pipe)
        try:
            await pipe.run()
        finally:
            self.pipes.discard(pipe)


class Pipe:
    """One connection and the one that it is carried on to."""

    def __init__(self, wire, near, far):
        self.wire, self.near, self.far = wire, near, far
        self.drops_answer = False

    async def run(self):
        pumps = [
            asyncio.create_task(self.pump(self.near[0], self.far[1], is_answer=False)),
            asyncio.create_task(self.pump(self.far[0], self.near[1], is_answer=True))]
        try:
            # Each end is told that the other has ended: a half-open connection is no use to either.
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for _, writer in (self.near, self.far):
                writer.close()

    def abort(self):
        for _, writer in (self.near, self.far):
            reset(writer)

    async def pump(self, reader, writer, is_answer):
        try:
            while data := await reader.read(65536):
                if not await self.carry(data, writer, is_answer):
                    return self.abort()
        except (OSError, asyncio.IncompleteReadError):
            return

    async def carry(self, data, writer, is_answer):
        """Whether the connection goes on."""
        wire, kind = self.wire, self.wire.disturbance
        arrival = wire.arrivals = wire.arrivals + 1
        if kind is not None and (self.drops_answer or wire.is_hit()):
            if kind == "cut":
                return self.cut(data, writer, is_answer)
            if kind == "truncate":
                wire.touched[kind] += 1
                writer.write(data[:wire.random.randrange(len(data))])
                await writer.drain()
                return False
            if kind == "split":
                wire.touched[kind] += 1
                return await self.split(data, writer)
            if kind == "stall":
                wire.touched[kind] += 1
                await wire.calm.wait()
            elif kind == "delay":
                wire.touched[kind] += 1
                await asyncio.sleep(wire.random.uniform(0.001, 0.2))
            elif kind == "reorder":
                await asyncio.sleep(wire.random.choice((0.002, 0.06)))
        if arrival < wire.last_departure:
            # A piece that came later, on another connection, has gone first.
            if kind == "reorder":
                wire.touched[kind] += 1
        wire.last_departure = max(arrival, wire.last_departure)
        writer.write(data)
        await writer.drain()
        return True

    def cut(self, data, writer, is_answer):
        """Before the other end has the request, or after: then it is done, and the answer is lost."""
        if not is_answer and not self.drops_answer and self.wire.random.random() < 0.6:
            self.drops_answer = True
            writer.write(data)
            return True
        self.wire.touched["cut"] += 1
        return False

    async def split(self, data, writer):
        """In pieces of a few bytes, each in a segment of its own."""
        rest = memoryview(data)
        while rest and len(data) - len(rest) < 600:
            size = self.wire.random.randint(1, 17)
            writer.write(bytes(rest[:size]))
            rest = rest[size:]
            await writer.drain()
            await asyncio.sleep(0)
        writer.write(bytes(rest))
        await writer.drain()
        return True


def reset(writer):
    """Ends a connection at once, so that the other end gets an error and not an orderly end."""
    if (connection := writer.get_extra_info("socket")) is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""HTTP as far as a visitor needs it, so that a lost answer is told from a whole one."""

import asyncio
import json
from urllib.parse import urlencode

PATIENCE = 12


class Client:
    """A browser's connections to a site's processes, kept open while they work."""

    def __init__(self, ports):
        self.ports = ports
        self.idle = {number: [] for number in range(len(ports))}

    async def send(self, process, number, path, form=None, cookie=None):
        """The status, the answer's JSON and its `Set-Cookie` values. One of `LOST` if no whole answer comes."""
        async with asyncio.timeout(PATIENCE):
            if self.idle[process]:
                reader, writer = self.idle[process].pop()
            else:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.ports[process])
            is_kept = False
            try:
                writer.write(self.request(number, path, form, cookie))
                status, fields, body = await self.answer(reader)
                is_kept = fields.get("connection", [""])[0].lower() != "close"
            finally:
                if is_kept:
                    self.idle[process].append((reader, writer))
                else:
                    writer.close()
        view = json.loads(body) if status == 200 else None
        return status, view, fields.get("set-cookie", [])

    @staticmethod
    def request(number, path, form, cookie):
        body = b"" if form is None else urlencode(form).encode()
        head = f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\nHost: localhost\r\nX-Request: {number}\r\n"
        if form is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        if cookie is not None:
            head += f"Cookie: {cookie}\r\n"
        return head.encode() + b"\r\n" + body

    @staticmethod
    async def answer(reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {}
        for line in head[1:-2]:
            name, _, value = line.partition(":")
            fields.setdefault(name.lower(), []).append(value.strip())
        body = await reader.readexactly(int(fields.get("content-length", ["0"])[0]))
        return int(head[0].split()[1]), fields, body

    def close(self):
        for connections in self.idle.values():
            for _, writer in connections:
                writer.close()
            connections.clear()


#: What becomes of a request of which no whole answer comes.
LOST = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError)

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""./soak: what it calls a leak is one, and what it accepts is none; and each wrong answer is noticed."""

import asyncio
import json
import os
import ssl
import tempfile
import unittest
from random import Random

import h2.config
import h2.connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from servers import make_certificate
from soak.http2 import HTTP2Load
from soak.judging import MIB, Sample, descriptor_findings, memory_findings, sample, settled, slope
from soak.load import Load, Visitor


def samples(minutes, memory):
    """One each second; `memory` gives the MiB at a second."""
    return [Sample(at, int(memory(at) * MIB), 20) for at in range(int(minutes * 60))]


class MemoryTests(unittest.TestCase):
    def test_the_slope_is_that_of_the_line(self):
        self.assertAlmostEqual(slope(samples(5, lambda at: 30 + at / 60 * 2)) / MIB, 2, places=3)
        self.assertEqual(slope(samples(5, lambda at: 30)), 0)

    def test_a_leak_is_found(self):
        # 100 bytes in each of a thousand requests a second.
        leak = samples(5, lambda at: 30 + at * 100_000 / MIB)
        self.assertRegex(memory_findings(leak)[0], r"memory grew by 5\.72 MiB a minute")
        slow = samples(30, lambda at: 30 + at / 60 * 1.2)
        self.assertEqual(len(memory_findings(slow)), 1)

    def test_a_server_that_warms_up_is_no_leak(self):
        self.assertEqual(memory_findings(samples(6, lambda at: min(60, 30 + at))), [])
        self.assertEqual(settled(samples(6, lambda at: 1))[0].at, 120)

    def test_sessions_that_come_and_expire_are_no_leak(self):
        lot = Random(1)
        self.assertEqual(memory_findings(samples(5, lambda at: 30 + at % 7 + lot.random())), [])

    def test_what_a_process_has_is_measured(self):
        before = sample(os.getpid(), 1)
        ballast, files = bytearray(os.urandom(30 * MIB)), [open(os.devnull) for _ in range(20)]
        after = sample(os.getpid(), 2)
        for file in files:
            file.close()
        self.assertGreater(after.memory - before.memory, len(ballast) - 2 * MIB)
        self.assertEqual(after.descriptors - before.descriptors, 20)


class DescriptorTests(unittest.TestCase):
    def test_descriptors_that_stay_open_are_found(self):
        self.assertEqual(descriptor_findings(20, 30), [])
        self.assertEqual(
            descriptor_findings(20, 50),
            ["50 descriptors were open when all clients had gone, and 20 before they came"])


class AnswerTests(unittest.IsolatedAsyncioTestCase):
    """A server that answers whatever a test wants, and a visitor who notices."""

    async def asyncSetUp(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.load = Load(self.server.sockets[0].getsockname()[1], 1000, 1, visitors=1, attackers=0)
        self.visitor = Visitor(self.load, 0, 1000)
        self.status, self.change = 200, {}

    async def asyncTearDown(self):
        self.visitor.client.close()
        self.server.close()

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int((head.partition(b"Content-Length: ")[2].partition(b"\r")[0]) or 0)
                await reader.readexactly(length)
                view = self.view(head.partition(b"X-Request: ")[2].partition(b"\r")[0].decode())
                writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(view)}\r\n\r\n".encode() + view)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.close()

    def view(self, number):
        return json.dumps({"request": number, "user": None, "entries": {}} | self.change).encode()

    async def wrong(self, action):
        """What the visitor, who has counted to 3, says of what the server answers."""
        self.visitor.user, self.visitor.entries, self.visitor.cookie = "ada", {"life": 1, "n": 3}, "session=abcdefgh"
        try:
            await action()
        except Exception as error:
            return str(error)
        return None

    async def test_right_answers(self):
        self.change = {"user": "ada", "entries": {"life": 1, "n": 3}}
        self.assertIsNone(await self.wrong(self.visitor.see))
        self.change = {"user": "ada", "entries": {"life": 1, "n": 4}}
        self.assertIsNone(await self.wrong(self.visitor.count))
        self.change = {}
        self.assertIsNone(await self.wrong(self.visitor.forged))

    async def test_wrong_answers(self):
        self.assertIn("see: ", await self.wrong(self.visitor.see))
        self.change = {"user": "eve", "entries": {"life": 1, "n": 3}}
        self.assertIn("see: ", await self.wrong(self.visitor.see))
        self.change = {"user": "ada", "entries": {"life": 1, "n": 3}}
        for action in (self.visitor.count, self.visitor.put, self.visitor.fields, self.visitor.newcomer,
                       self.visitor.forged, self.visitor.huge, self.visitor.sign_out, self.visitor.sign_in):
            self.assertIsNotNone(await self.wrong(action), action)
        self.assertIn("status 200", await self.wrong(self.visitor.parts))
        self.change = {"request": "1000000"}
        self.assertIn("the answer to request 1000000", await self.wrong(self.visitor.see))
        self.status = 503
        self.assertIn("status 503", await self.wrong(self.visitor.see))


class HTTP2AnswerTests(AnswerTests):
    """The same over HTTP/2."""

    async def asyncSetUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        make_certificate(folder, "localhost")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
        context.set_alpn_protocols(["h2"])
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=context)
        port = self.server.sockets[0].getsockname()[1]
        self.load = HTTP2Load(port, 1000, 1, f"{folder}/cert.pem", visitors=1, attackers=0)
        self.visitor = self.load.visitors[0]
        self.status, self.change, self.resets = 200, {}, False

    async def serve(self, reader, writer):
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        numbers = {}
        try:
            writer.write(connection.data_to_send())
            while data := await reader.read(65536):
                for event in connection.receive_data(data):
                    if isinstance(event, RequestReceived):
                        numbers[event.stream_id] = dict(event.headers).get("x-request")
                    elif isinstance(event, DataReceived) and event.flow_controlled_length:
                        connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    elif isinstance(event, StreamEnded):
                        self.answer(connection, event.stream_id, self.view(numbers[event.stream_id]))
                writer.write(connection.data_to_send())
        except (OSError, asyncio.CancelledError):
            pass
        writer.close()

    def answer(self, connection, stream, view):
        if self.resets:
            return connection.reset_stream(stream)
        connection.send_headers(stream, [(":status", str(self.status)), ("content-type", "application/json")])
        connection.send_data(stream, view, end_stream=True)

    async def test_a_stream_that_is_reset_is_wrong(self):
        self.resets = True
        self.assertIn("the stream was reset", await self.wrong(self.visitor.see))

    async def test_what_is_cancelled_is_counted(self):
        self.visitor.user, self.visitor.entries, self.visitor.cookie = "ada", {"life": 1, "n": 3}, "session=abcdefgh"
        await self.visitor.cancel()
        await self.visitor.leave()
        self.assertGreaterEqual(self.load.done["cancelled"], 1)
        self.assertEqual(self.load.done["gone before the answer"], 1)
        self.change = {"user": "ada", "entries": {"life": 1, "n": 3}}
        self.assertIsNone(await self.wrong(self.visitor.see))


if __name__ == "__main__":
    unittest.main()

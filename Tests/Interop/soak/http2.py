# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The same load over HTTP/2, with clients that reset their requests and leave before the answer."""

import asyncio
import json
import ssl
import time
from urllib.parse import urlencode

import h2.config
import h2.connection
import h2.errors
from faults.client import LOST, PATIENCE
from h2.events import ConnectionTerminated, DataReceived, ResponseReceived, StreamEnded, StreamReset

from soak.load import BODY_TIMEOUT, Load, Visitor

FORM = [("content-type", "application/x-www-form-urlencoded")]


class HTTP2Client:
    """A browser's connection over TLS, opened anew when it has ended. It sends one request at a time."""

    def __init__(self, port, context):
        self.port, self.context, self.writer = port, context, None

    async def send(self, _, number, path, form=None, cookie=None):
        """The status, the answer's JSON and its `Set-Cookie` values. One of `LOST` if no whole answer comes."""
        body = None if form is None else urlencode(form).encode()
        fields = [("x-request", str(number)), *([("cookie", cookie)] if cookie else []), *(FORM if body is not None else [])]
        answer = None
        try:
            async with asyncio.timeout(PATIENCE):
                answer = Answer(await self.ask("GET" if form is None else "POST", path, fields, is_whole=not body))
                while not answer.is_ended:
                    body = self.push(answer.stream, body)
                    answer.note(await self.events())
        except TimeoutError:
            self.close()
            raise TimeoutError(f"{path}: {answer or 'not sent'}, {len(body or b'')} bytes unsent") from None
        except BaseException:
            self.close()
            raise
        view = json.loads(answer.body) if answer.status == 200 else None
        return answer.status, view, [value for name, value in answer.fields if name == "set-cookie"]

    async def ask(self, method, path, fields=(), is_whole=True):
        """Sends the head of a request."""
        if self.writer is None:
            await self.open()
        stream = self.connection.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "https"), (":authority", "localhost"), (":path", path)]
        self.connection.send_headers(stream, [*head, *fields], end_stream=is_whole)
        self.flush()
        return stream

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.context, server_hostname="localhost")
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.connection.initiate_connection()

    def push(self, stream, body):
        """Sends as much of a body as the windows allow, and returns what is left."""
        while body:
            length = min(
                len(body), self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size)
            if length == 0:
                break
            self.connection.send_data(stream, body[:length], end_stream=length == len(body))
            body = body[length:]
        self.flush()
        return body

    async def events(self):
        data = await self.reader.read(65536)
        if not data:
            raise ConnectionResetError("the connection has ended")
        events = self.connection.receive_data(data)
        for event in events:
            if isinstance(event, DataReceived) and event.flow_controlled_length:
                self.connection.increment_flow_control_window(event.flow_controlled_length)
        self.flush()
        return events

    def reset(self, stream):
        self.connection.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
        self.flush()

    def flush(self):
        self.writer.write(self.connection.data_to_send())

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.writer = None


class Answer:
    """What has come of the answer to one stream."""

    def __init__(self, stream):
        self.stream, self.status, self.fields, self.body, self.is_ended = stream, None, [], b"", False

    def __str__(self):
        return f"stream {self.stream}, status {self.status}, {len(self.body)} bytes"

    def note(self, events):
        for event in events:
            if isinstance(event, ConnectionTerminated):
                raise ConnectionResetError(f"the connection ends: {event.error_code}")
            if getattr(event, "stream_id", None) != self.stream:
                continue
            if isinstance(event, ResponseReceived):
                self.fields = event.headers
                self.status = int(dict(event.headers)[":status"])
            elif isinstance(event, DataReceived):
                self.body += event.data
            elif isinstance(event, StreamEnded):
                self.is_ended = True
            elif isinstance(event, StreamReset) and not self.is_ended:
                raise ConnectionResetError(f"the stream was reset: {event.error_code}")


class HTTP2Visitor(Visitor):
    kinds = (*Visitor.kinds, "cancel", "leave")
    shares = (*Visitor.shares, 8, 2)

    def open_client(self):
        return HTTP2Client(self.load.port, self.load.context)

    async def cancel(self):
        """A client that opens a request and resets it, again and again, before or in the midst of its body."""
        for count in range(self.random.randrange(1, 6)):
            stream = await self.client.ask("POST", "/put", FORM, is_whole=False)
            if count % 2:
                self.client.connection.send_data(stream, b"key=last&value=")
            self.client.reset(stream)
            self.load.done["cancelled"] += 1

    async def leave(self):
        """A client that is gone before the answer comes."""
        await self.client.ask("GET", "/see")
        self.client.close()
        self.load.done["gone before the answer"] += 1


class HTTP2Load(Load):
    visitor = HTTP2Visitor

    def __init__(self, port, rate, seed, certificate, **options):
        self.context = ssl.create_default_context(cafile=certificate)
        self.context.set_alpn_protocols(["h2"])
        # The clients take four times the time for a request that they take over HTTP/1.
        super().__init__(port, rate / 4, seed, **options)

    async def send_slowly(self):
        while not self.is_over:
            began, client = time.monotonic(), HTTP2Client(self.port, self.context)
            try:
                answer = Answer(await client.ask("POST", "/put", FORM, is_whole=False))
                reading = asyncio.create_task(self.read(client, answer))
                while not reading.done() and time.monotonic() < began + 10 * BODY_TIMEOUT:
                    client.connection.send_data(answer.stream, b"x")
                    client.flush()
                    await asyncio.wait([reading], timeout=0.3)
                reading.cancel()
                if answer.status != 408:
                    self.note_wrong(f"a slow body: status {answer.status} after {time.monotonic() - began:.1f} s")
                self.done["slow body"] += 1
            except LOST as error:
                self.note_wrong(f"a slow body: {error!r}")
            finally:
                client.close()

    @staticmethod
    async def read(client, answer):
        while not answer.is_ended:
            answer.note(await client.events())

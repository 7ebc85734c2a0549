# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A client that speaks HTTP/2 over TLS, frame by frame, and does what it should not if a test says so."""

import contextlib
import dataclasses
import socket
import ssl
import time

import h2.config
import h2.connection
import h2.errors
import h2.exceptions
import h2.settings
from h2.events import DataReceived, ResponseReceived, StreamEnded, StreamReset


@dataclasses.dataclass
class GoAway:
    """The server opens no more streams; h2 would hear nothing after it, of the streams that are under way neither."""

    last_stream: int
    error_code: int


class HTTP2Client:
    """One connection. What the server sends is kept until a test asks for it."""

    def __init__(self, host, port, context, settings=None, receive_buffer=None):
        raw = socket.socket()
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.settimeout(15)
        raw.connect((host, port))
        self.socket = context.wrap_socket(raw, server_hostname="localhost")
        if self.socket.selected_alpn_protocol() != "h2":
            raise AssertionError(f"the server chose {self.socket.selected_alpn_protocol()}")
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=True, validate_outbound_headers=False, normalize_outbound_headers=False,
            validate_inbound_headers=True, header_encoding="utf-8"))
        self.events, self.is_ended, self.unread = [], False, b""
        self.authority = f"localhost:{port}"
        if settings:
            self.connection.local_settings = h2.settings.Settings(client=True, initial_values=settings)
        self.connection.initiate_connection()
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # What the client sends

    def flush(self):
        self.raw(self.connection.data_to_send())

    def raw(self, data):
        """Bytes that are perhaps no frames; a connection that has ended takes none."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def ask(self, path="/", method="GET", fields=(), end=True):
        stream = self.connection.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "https"), (":authority", self.authority), (":path", path), *fields]
        self.connection.send_headers(stream, head, end_stream=end)
        self.flush()
        return stream

    def send(self, stream, data, end=False):
        self.connection.send_data(stream, data, end_stream=end)
        self.flush()

    # What the client gets

    def read(self, patience=15, opens_windows=True):
        """Reads once; False when the connection has ended or nothing came in time."""
        self.socket.settimeout(patience)
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            return False
        except OSError:
            data = b""
        if not data:
            self.is_ended = True
            return False
        self.unread += data
        while len(self.unread) >= 9 and len(self.unread) >= (length := 9 + int.from_bytes(self.unread[:3], "big")):
            received, self.unread = self.unread[:length], self.unread[length:]
            self.note(received, opens_windows)
        self.flush()
        return True

    def note(self, received, opens_windows):
        if received[3] == 0x7:
            self.events.append(GoAway(*(int.from_bytes(received[at:at + 4], "big") for at in (9, 13))))
            return
        for event in self.connection.receive_data(received):
            self.events.append(event)
            if opens_windows and isinstance(event, DataReceived) and event.flow_controlled_length:
                with contextlib.suppress(h2.exceptions.ProtocolError):
                    self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)

    def wait(self, kind, stream=None, patience=15):
        """The first event of a kind, of a stream if one is given; None when it does not come."""
        deadline = time.monotonic() + patience
        while True:
            for event in self.events:
                if isinstance(event, kind) and stream in (None, getattr(event, "stream_id", None)):
                    return event
            left = deadline - time.monotonic()
            if left <= 0 or not self.read(left):
                return None

    def answer(self, stream, patience=15):
        """The status, the fields and the body of a whole answer."""
        if not self.wait((StreamEnded, StreamReset), stream, patience):
            raise AssertionError(f"no answer on stream {stream}: {self.events}")
        fields = dict(self.wait(ResponseReceived, stream).headers)
        body = b"".join(e.data for e in self.events if isinstance(e, DataReceived) and e.stream_id == stream)
        return fields.pop(":status"), fields, body.decode()

    def get(self, path="/", **options):
        return self.answer(self.ask(path, **options))

    def rest(self, patience=20):
        """Reads until the server ends the connection; the seconds that it took, and the codes of its GOAWAY frames."""
        began = time.monotonic()
        while not self.is_ended and time.monotonic() < began + patience:
            self.read(began + patience - time.monotonic())
        if not self.is_ended:
            raise AssertionError(f"the connection is open after {patience} seconds")
        codes = [event.error_code for event in self.events if isinstance(event, GoAway)]
        return time.monotonic() - began, codes


def client_context(certificate, protocols=("h2",)):
    made = ssl.create_default_context(cafile=certificate)
    if protocols:
        made.set_alpn_protocols(list(protocols))
    return made


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame, well formed or not (RFC 9113, section 4.1)."""
    head = (len(payload) if length is None else length).to_bytes(3, "big") + bytes([kind, flags])
    return head + stream.to_bytes(4, "big") + payload

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""An application that speaks HTTP/2: the same answers as over HTTP/1.1, every limit, and clients that do harm."""

import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

import h2.settings
import test_limits
import test_tls
from browser import Browser
from browser_sites import key_hash
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived, InformationalResponseReceived, ResponseReceived, SettingsAcknowledged, StreamEnded, StreamReset)
from http2_client import GoAway, HTTP2Client, client_context, frame
from programs import BIN, KEY, Program, require_programs
from test_tls import address

FORM = [("content-type", "application/x-www-form-urlencoded")]


def setUpModule():
    require_programs("Login", "Accounts", "ApplicationPeer")
    test_tls.setUpModule()


def certificate():
    return str(Path(test_tls.folder, "cert.pem"))


def serving(name="ApplicationPeer", *options, **limits):
    """A program that speaks HTTP/2, with limits such as head_timeout=1."""
    settings = [f"SERVER_{key.upper()}={value}" for key, value in limits.items()]
    return Program(
        "/usr/bin/env", *settings, BIN / name, "--port", "0", "--secret-key", KEY, "--http2", *test_tls.tls_options(),
        *options)


def connect(program, **options):
    host, port = address(program)
    return HTTP2Client(host, port, client_context(certificate()), **options)


class AnswerTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = cls.enterClassContext(serving())

    def curl(self, path, *options, protocol="--http2"):
        port = address(self.program)[1]
        run = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "60", "--cacert", certificate(), protocol, *options,
             f"https://localhost:{port}{path}"], capture_output=True, timeout=90)
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        return run.stdout.decode().replace(str(port), "PORT")

    def version(self, *options, protocol="--http2"):
        return self.curl("/see", *options, "--output", os.devnull, "--write-out", "%{http_version}", protocol=protocol)

    def test_the_handshake_decides(self):
        self.assertEqual(self.version(), "2")
        self.assertEqual(self.version(protocol="--http1.1"), "1.1")
        self.assertEqual(self.version("--no-alpn"), "1.1")
        self.assertEqual(self.version("--tls-max", "1.2"), "2")

    def test_answers_are_those_of_http_1_1(self):
        cases = [
            ("/see",), ("/visitor",), ("/see", "--head"), ("/nowhere",), ("/nowhere", "--head"), ("/see", "--request", "PUT"),
            ("/length", "--data", "hello"), ("/length", "--data", "hello", "--header", "Expect: 100-continue"),
            ("/length", "--data", "hello", "--header", "Expect: a-miracle"), ("/kilobytes/40",), ("/shop",), ("/shop/",),
            ("/see", "--header", "Host: shop.test:80"), ("/see", "--header", "Cookie: a=1; b=2"),
            ("/see", "--request", "OPTIONS"), ("/a%2fb?c=%20",),
        ]
        for case in cases:
            with self.subTest(case):
                old, new = (self.seen(case, protocol) for protocol in ("--http1.1", "--http2"))
                self.assertEqual(new, old)

    def seen(self, case, protocol):
        """The status, the fields but for those of a connection, and the body."""
        head, _, body = self.curl(case[0], "--include", *case[1:], protocol=protocol).replace(
            "HTTP/1.1 100 Continue\r\n\r\n", "").replace("HTTP/2 100 \r\n\r\n", "").partition("\r\n\r\n")
        status, *fields = head.lower().split("\r\n")
        fields = [field for field in fields if not field.startswith(("date:", "connection:", "transfer-encoding:"))]
        return status.split()[1], sorted(fields), body

    def test_16_megabytes_and_a_form_pass(self):
        size = self.curl("/kilobytes/16384", "--output", os.devnull, "--write-out", "%{size_download}")
        self.assertEqual(size, "16777216")
        body = Path(test_tls.folder, "body2")
        body.write_bytes(b"x" * 10_000_000)
        self.assertEqual(self.curl("/length", "--data-binary", f"@{body}"), "10000000")

    def test_a_hundred_requests_are_under_way_at_once(self):
        with connect(self.program) as client:
            began = time.monotonic()
            streams = [client.ask("/wait/500") for _ in range(100)]
            for stream in streams:
                self.assertEqual(client.answer(stream)[::2], ("200", "waited"))
            self.assertLess(time.monotonic() - began, 10)

    def test_a_body_is_asked_for_when_it_is_wanted(self):
        with connect(self.program) as client:
            stream = client.ask("/length", "POST", [("expect", "100-continue"), ("content-length", "5")], end=False)
            self.assertEqual(dict(client.wait(InformationalResponseReceived, stream).headers), {":status": "100"})
            client.send(stream, b"hello", end=True)
            self.assertEqual(client.answer(stream)[::2], ("200", "5"))

    def test_an_early_answer_ends_the_request(self):
        with connect(self.program) as client:
            stream = client.ask("/length", "POST", [("content-length", "99999999")], end=False)
            self.assertEqual(client.answer(stream)[0], "413")
            self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.NO_ERROR)
            self.assertEqual(client.get("/number/7")[2], "7")

    def test_a_first_request_may_have_as_many_bytes_of_fields_as_any_other(self):
        # curl sends it before it has read what the server allows.
        for size in (10_000, 17_000, 60_000):
            with self.subTest(size):
                cookie = "Cookie: a=" + "".join(chr(33 + at % 94) for at in range(size)).replace(";", "-")
                head = self.curl("/see", "--include", "--header", cookie)
                self.assertEqual(head.split()[1], "200")

    def test_a_client_that_resets_its_request_is_no_error_of_the_application(self):
        with serving("ApplicationPeer", "--log-level", "info") as program, connect(program) as client:
            for sent in (b"", b"a body that does not end"):
                stream = client.ask("/length", "POST", [("content-length", "5000")], end=False)
                client.send(stream, sent)
                client.connection.reset_stream(stream, ErrorCodes.CANCEL)
                client.flush()
            stream = client.ask("/kilobytes/4000")
            client.wait(ResponseReceived, stream)
            client.connection.reset_stream(stream, ErrorCodes.CANCEL)
            client.flush()
            self.assertEqual(client.get("/number/7")[2], "7")
            self.assertEqual(program.stop(), 0)
            self.assertNotIn(" error ", program.log.read_text())

    def test_crumbs_of_a_cookie_are_one_session(self):
        with serving("Login") as program, connect(program) as client:
            stream = client.ask("/login", "POST", [*FORM, ("content-length", "14")], end=False)
            client.send(stream, b"username=admin", end=True)
            status, fields, _ = client.answer(stream)
            self.assertEqual(status, "302")
            cookie = fields["set-cookie"].partition(";")[0]
            self.assertTrue(cookie.startswith("__Host-session="), cookie)
            for crumbs in ([("cookie", "a=1"), ("cookie", cookie)], [("cookie", cookie), ("cookie", "b=2")]):
                self.assertIn("Logged in as admin", client.get("/", fields=crumbs)[2])

    def test_a_malformed_request_is_an_error_of_its_stream(self):
        with connect(self.program) as client:
            for fields in ([("connection", "close")], [("Upper", "1")], [("host", "other.test")], [("x", "a\r\nb: c")]):
                stream = client.ask("/see", fields=fields)
                self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.PROTOCOL_ERROR)
            self.assertEqual(client.get("/number/7")[2], "7")

    def test_chromium_speaks_it_and_keeps_the_host_cookie(self):
        site = self.enterContext(serving("Accounts", "--sessions", "memory"))
        browser = self.enterContext(Browser(accepting=key_hash(test_tls.folder)))
        window = browser.window()
        tab = window.tab()
        tab.go(f"https://shop.test:{address(site)[1]}/sign-in")
        tab.fill("[name=user]", "ada")
        tab.fill("[name=password]", "analytical engine")
        tab.follow("Sign in")
        self.assertIn("Signed in as ada", tab.text)
        self.assertEqual(tab.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"), "h2")
        [cookie] = window.cookies()
        self.assertEqual((cookie["name"], cookie["secure"]), ("__Host-session", True))
        self.assertEqual(tab.errors, [])


class TimeTests(unittest.TestCase):
    def test_what_does_not_come_is_not_waited_for(self):
        with serving(head_timeout=1, body_timeout=1, keep_alive_timeout=6) as program:
            with self.subTest("no request"), connect(program) as client:
                self.assert_closed(client, least=0.5)
            with self.subTest("no further request"), connect(program) as client:
                self.assertEqual(client.get("/number/7")[2], "7")
                self.assert_closed(client, least=4)
            for name, start in [
                ("CONTINUATION that never ends", frame(0x1, 0x1, 3, b"\x82")), ("half a frame", frame(0x1, 0x5, 3, b"\x82", length=9))
            ]:
                with self.subTest(name), connect(program) as client:
                    self.assertEqual(client.get("/number/7")[2], "7")
                    began = time.monotonic()
                    client.raw(start)
                    while not client.is_ended and time.monotonic() < began + 10:
                        client.raw(frame(0x9, 0, 3) if name.startswith("CONT") and time.monotonic() < began + 0.5 else b"")
                        client.read(0.2)
                    self.assertLess(time.monotonic() - began, 5)
                    self.assert_closed(client)
            with self.subTest("half a body"), connect(program) as client:
                late = client.ask("/length", "POST", [("content-length", "5")], end=False)
                other = client.ask("/wait/1500")
                client.send(late, b"he")
                status, _, text = client.answer(late)
                self.assertEqual(status, "408")
                self.assertIn("did not arrive in time", text)
                self.assertEqual(client.answer(other)[2], "waited")

    def assert_closed(self, client, least=0.0):
        seconds, codes = client.rest(15)
        self.assertGreaterEqual(seconds, least)
        self.assertEqual(codes, [ErrorCodes.NO_ERROR])

    def test_a_stream_without_a_window_is_reset_and_the_others_go_on(self):
        with serving(write_timeout=2) as program, connect(program) as client:
            # The connection's window is large, and that of a stream is not opened.
            client.connection.increment_flow_control_window(1 << 24)
            client.flush()
            stalled = client.ask("/kilobytes/200")
            deadline = time.monotonic() + 10
            while not any(isinstance(event, StreamReset) for event in client.events) and time.monotonic() < deadline:
                client.read(1, opens_windows=False)
            [reset] = [event for event in client.events if isinstance(event, StreamReset)]
            self.assertEqual((reset.stream_id, reset.error_code), (stalled, ErrorCodes.CANCEL))
            self.assertEqual(client.get("/number/7")[2], "7")
            # One whose window is opened gets everything.
            self.assertEqual(len(client.get("/kilobytes/200")[2]), 200 * 1024)

    def test_an_answer_whose_end_waits_for_the_connection_is_reset(self):
        with serving(write_timeout=1, keep_alive_timeout=1) as program, connect(program) as client:
            client.ask("/kilobytes/100")
            while sum(len(event.data) for event in client.events if isinstance(event, DataReceived)) < 65535:
                self.assertTrue(client.read(opens_windows=False))
            client.ask("/number/7", "HEAD")
            # The first answer has used the connection's window up, and this client never opens it.
            deadline = time.monotonic() + 20
            while not client.is_ended and time.monotonic() < deadline:
                client.read(1, opens_windows=False)
            self.assertTrue(client.is_ended)
            self.assertEqual(sum(isinstance(event, StreamReset) for event in client.events), 2)

    def test_a_client_that_reads_no_bytes_is_cut_off(self):
        with serving(write_timeout=1, keep_alive_timeout=1) as program:
            settings = {h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: (1 << 31) - 1}
            with connect(program, settings=settings, receive_buffer=4096) as client:
                client.connection.increment_flow_control_window((1 << 31) - 1 - 65535)
                client.flush()
                self.assertTrue(client.wait(ResponseReceived, client.ask("/kilobytes/16384"), patience=60))
                time.sleep(4)
                received = 0
                client.socket.settimeout(15)
                try:
                    while part := client.socket.recv(1 << 20):
                        received += len(part)
                except OSError:
                    pass
                self.assertLess(received, 16 << 20)
            with connect(program) as client:
                self.assertEqual(client.get("/number/7")[2], "7")

    def test_a_client_that_reads_slowly_gets_everything(self):
        with serving(write_timeout=3, keep_alive_timeout=1) as program, connect(program, receive_buffer=65536) as client:
            stream = client.ask("/kilobytes/8192")
            pauses = 0
            while not any(isinstance(event, StreamEnded) for event in client.events) and client.read():
                # A read gives a record of TLS, and the client opens its window after two: within the limit.
                if pauses < 30:
                    pauses += 1
                    time.sleep(0.2)
            self.assertEqual(len(client.answer(stream)[2]), 8192 * 1024)


class HarmTests(unittest.TestCase):
    def test_many_small_windows_of_a_request_that_is_under_way_are_no_harm(self):
        with serving() as program, connect(program) as client:
            for path, size in (("/wait/1000", 6), ("/kilobytes/2048", 2048 * 1024)):
                stream = client.ask(path)
                for _ in range(40):
                    client.raw(frame(0x8, stream=stream, payload=(1).to_bytes(4, "big")) * 1000)
                self.assertEqual(len(client.answer(stream)[2]), size)

    @classmethod
    def setUpClass(cls):
        cls.program = cls.enterClassContext(serving())

    def tearDown(self):
        with connect(self.program) as client:
            self.assertEqual(client.get("/number/7")[2], "7")

    def assert_ended(self, client, code=ErrorCodes.ENHANCE_YOUR_CALM):
        _, codes = client.rest(10)
        self.assertIn(code, codes)

    def test_floods_of_frames_end_the_connection(self):
        floods = {
            "PING": lambda number: frame(0x6, payload=number.to_bytes(8, "big")),
            "SETTINGS": lambda number: frame(0x4),
            "PRIORITY": lambda number: frame(0x2, stream=2 * number + 1, payload=bytes(5)),
        }
        for name, made in floods.items():
            with self.subTest(name), connect(self.program) as client:
                client.raw(b"".join(made(number) for number in range(1000)))
                self.assert_ended(client)

    def test_a_rapid_reset_ends_the_connection(self):
        with connect(self.program) as client:
            client.wait(SettingsAcknowledged)
            for _ in range(1000):
                stream = client.connection.get_next_available_stream_id()
                head = [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/wait/3000")]
                client.connection.send_headers(stream, head, end_stream=True)
                client.connection.reset_stream(stream)
            client.flush()
            self.assert_ended(client)

    def test_empty_data_ends_the_connection(self):
        with connect(self.program) as client:
            stream = client.ask("/length", "POST", end=False)
            client.raw(frame(0x0, stream=stream) * 100)
            self.assert_ended(client)

    def test_more_than_a_hundred_streams_end_the_connection(self):
        with connect(self.program) as client:
            for _ in range(100):
                client.ask("/wait/3000")
            self.assertFalse(client.wait(GoAway, patience=0.5))
            client.raw(frame(0x1, 0x5, 201, b"\x82\x87\x84\x41\x01a"))
            self.assert_ended(client, ErrorCodes.PROTOCOL_ERROR)

    def test_a_large_head_is_answered_and_a_huge_one_ends_the_connection(self):
        with connect(self.program) as client:
            stream = client.ask("/see", fields=[("x", "y" * 70_000)])
            self.assertEqual(client.answer(stream)[0], "431")
        with connect(self.program) as client:
            # A few bytes for each time that the same field is named: HPACK makes a large list of them.
            client.ask("/see", fields=[("x", "y" * 3000)] * 60)
            _, codes = client.rest(10)
            self.assertTrue(codes)

    def test_frames_of_continuation_without_end_end_the_connection(self):
        with connect(self.program) as client:
            client.raw(frame(0x1, 0x1, 1, b"\x82") + frame(0x9, 0, 1) * 100)
            self.assert_ended(client)

    def test_bytes_that_are_no_frames_end_the_connection(self):
        for data in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", frame(0x0, stream=0, payload=b"x"), b"\xff" * 1000):
            with self.subTest(data[:20]), connect(self.program) as client:
                client.raw(data)
                _, codes = client.rest(10)
                self.assertTrue(codes)


class CrowdTests(unittest.TestCase):
    def test_connections_without_streams_make_room(self):
        with serving(maximum_connections=4, head_timeout=30, keep_alive_timeout=30) as program:
            idle = [connect(program) for _ in range(3)]
            try:
                busy = self.enterContext(connect(program))
                stream = busy.ask("/wait/4000")
                began = time.monotonic()
                for _ in range(3):
                    with connect(program) as client:
                        self.assertEqual(client.get("/number/7")[2], "7")
                self.assertLess(time.monotonic() - began, 8)
                self.assertEqual(busy.answer(stream)[2], "waited")
                ended = [client.rest(5)[1] for client in idle if client.wait(GoAway, patience=0.1)]
                self.assertGreaterEqual(len(ended), 1)
            finally:
                for client in idle:
                    client.socket.close()


class ShutdownTests(unittest.TestCase):
    def test_streams_under_way_are_finished(self):
        with serving() as program, connect(program) as client, connect(program) as idle:
            self.assertEqual(idle.get("/number/7")[2], "7")
            waiting = client.ask("/wait/3000")
            half = client.ask("/length", "POST", [("content-length", "5")], end=False)
            time.sleep(1)
            program.process.send_signal(signal.SIGTERM)
            self.assertEqual(client.wait(GoAway).error_code, ErrorCodes.NO_ERROR)
            self.assertEqual(idle.rest(15)[1], [ErrorCodes.NO_ERROR])
            client.raw(frame(0x0, 0x1, half, b"hello"))
            began = time.monotonic()
            while not client.is_ended and time.monotonic() < began + 10:
                client.read(1)
            bodies = {event.stream_id: event.data for event in client.events if isinstance(event, DataReceived) and event.data}
            self.assertEqual(bodies, {waiting: b"waited", half: b"5"})
            self.assertEqual(program.process.wait(10), 0)

    def test_streams_that_do_not_end_are_cut_off(self):
        with serving(shutdown_timeout=1) as program, connect(program) as client:
            client.ask("/wait/60000")
            client.ask("/length", "POST", [("content-length", "5")], end=False)
            time.sleep(0.3)
            began = time.monotonic()
            self.assertEqual(program.stop(), 0)
            self.assertLess(time.monotonic() - began, 8)
            self.assertIn("requests were cut off", program.log.read_text())


class HTTP1Client(test_tls.TLSClient):
    def send(self, text):
        if not hasattr(self.socket, "context"):
            self.socket = client_context(certificate(), protocols=()).wrap_socket(
                self.socket, server_hostname="localhost")
        super().send(text)


def limited(*before, name="Login", options=("--secret-key", KEY), **limits):
    return test_tls.limited(*before, name=name, options=(*options, "--http2"), **limits)


class OverHTTP1(test_tls.OverTLS):
    """The tests of a class of test_limits, over TLS, with a server that would speak HTTP/2 and a client that does not."""
    client, server = HTTP1Client, staticmethod(limited)


class HTTP1TimeTests(OverHTTP1, test_limits.TimeTests):
    test_half_a_handshake_is_closed = test_tls.TimeTests.test_half_a_handshake_is_closed


class HTTP1ConnectionTests(OverHTTP1, test_limits.ConnectionTests):
    pass


class HTTP1ShutdownTests(OverHTTP1, test_limits.ShutdownTests):
    pass


if __name__ == "__main__":
    unittest.main()

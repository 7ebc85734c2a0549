# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Clients that send nothing, half of something, or everything too slowly, against the running program."""

import contextlib
import os
import signal
import socket
import tempfile
import threading
import time
import unittest

from programs import BIN, KEY, ConfigurationFile, Program, require_programs

HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\n"
FORM = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
POST = f"POST /login HTTP/1.1\r\n{FORM}"


def setUpModule():
    require_programs("Login", "ApplicationPeer", "ProxyPeer")


def limited(*before, name="Login", options=("--secret-key", KEY), **limits):
    """A program with limits from its environment, such as head_timeout=1."""
    settings = [f"SERVER_{key.upper()}={value}" for key, value in limits.items()]
    return Program("/usr/bin/env", *settings, *before, BIN / name, "--port", "0", *options)


class Client:
    """One connection, read until the server ends it."""

    def __init__(self, program, sent=""):
        host, port = program.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=15)
        self.send(sent)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text.encode())

    def receive(self):
        return self.socket.recv(65536).decode()

    def rest(self):
        """Everything until the end of the connection, and the seconds that it took."""
        began, text = time.monotonic(), ""
        try:
            while part := self.receive():
                text += part
        except ConnectionResetError:
            pass
        return text, time.monotonic() - began


class TimeTests(unittest.TestCase):
    def setUp(self):
        self.program = self.enterContext(limited(head_timeout=1, body_timeout=1, keep_alive_timeout=1))

    def rest(self, sent):
        with Client(self.program, sent) as client:
            text, seconds = client.rest()
        self.assertGreater(seconds, 0.5)
        self.assertLess(seconds, 6)
        return text

    def test_nothing_is_answered_with_nothing(self):
        self.assertEqual(self.rest(""), "")

    def test_half_a_head_behind_a_request_is_answered_with_408(self):
        with limited(head_timeout=1) as program, Client(program, f"{HEAD}\r\n{HEAD}") as client:
            text, seconds = client.rest()
        self.assertTrue(text.startswith("HTTP/1.1 200 OK\r\n"), text)
        self.assertIn("HTTP/1.1 408 Request Timeout\r\n", text)
        self.assertLess(seconds, 6)

    def test_half_a_head_is_answered_with_408(self):
        text = self.rest(HEAD)
        self.assertTrue(text.startswith("HTTP/1.1 408 Request Timeout\r\n"), text)
        self.assertIn("connection: close", text.lower())

    def test_half_a_form_is_answered_with_408(self):
        for half in ["", "username=a"]:
            text = self.rest(f"{POST}Content-Length: 20\r\n\r\n{half}")
            self.assertTrue(text.startswith("HTTP/1.1 408 Request Timeout\r\n"), text)
            self.assertIn("connection: close", text.lower())
            self.assertIn("did not arrive in time", text)

    def test_a_connection_without_a_further_request_is_closed(self):
        text = self.rest(f"{HEAD}\r\n")
        self.assertTrue(text.startswith("HTTP/1.1 200 OK\r\n"), text)
        self.assertEqual(text.count("HTTP/1.1"), 1)

    def test_what_comes_in_time_is_served(self):
        # Each part of a head and of a body comes within its limit, and all of them together do not.
        with limited(head_timeout=3, body_timeout=3) as program, Client(program) as client:
            for part in ["POST /login HT", "TP/1.1\r\n", f"{FORM}Content-Length: 10\r\n\r\nuser", "name=a"]:
                client.send(part)
                time.sleep(0.9)
            self.assertTrue(client.receive().startswith("HTTP/1.1 302 Found\r\n"))
            client.send(f"{HEAD}\r\n")
            self.assertTrue(client.receive().startswith("HTTP/1.1 200 OK\r\n"))


class ConnectionTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = cls.enterClassContext(limited())

    def test_http_1_0_ends_with_the_answer(self):
        times = []
        for _ in range(3):
            with Client(self.program, "GET / HTTP/1.0\r\n\r\n") as client:
                text, seconds = client.rest()
            self.assertIn("connection: close", text.lower())
            self.assertIn("You are not logged in", text)
            times.append(seconds)
        # A connection that lingers first, or waits for another request, takes two seconds or more each time.
        self.assertLess(min(times), 2)

    def test_http_1_0_may_ask_to_stay(self):
        with Client(self.program, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") as client:
            self.assertIn("connection: keep-alive", client.receive().lower())
            client.send("GET / HTTP/1.0\r\n\r\n")
            self.assertIn("You are not logged in", client.rest()[0])

    def test_a_body_is_asked_for_when_it_is_wanted(self):
        with Client(self.program, f"{POST}Expect: 100-continue\r\nContent-Length: 10\r\n\r\n") as client:
            self.assertEqual(client.receive(), "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("username=a")
            self.assertTrue(client.receive().startswith("HTTP/1.1 302 Found\r\n"))
            client.send(f"{HEAD}\r\n")
            self.assertTrue(client.receive().startswith("HTTP/1.1 200 OK\r\n"))

    def test_a_body_that_is_too_large_or_that_nobody_wants_is_not_asked_for(self):
        for path, length, status in [("/login", 99_999_999, "413"), ("/nowhere", 10, "404"), ("/logout", 10, "405")]:
            head = f"POST {path} HTTP/1.1\r\n{FORM}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
            with Client(self.program, head) as client:
                text, _ = client.rest()
            self.assertTrue(text.startswith(f"HTTP/1.1 {status} "), text)
            self.assertIn("connection: close", text.lower())

    def test_another_expectation_is_refused(self):
        with Client(self.program, f"{POST}Expect: a-miracle\r\nContent-Length: 10\r\n\r\n") as client:
            self.assertTrue(client.rest()[0].startswith("HTTP/1.1 417 "))

    def test_a_head_without_end_is_refused(self):
        with Client(self.program, HEAD) as client:
            try:
                for _ in range(100):
                    client.send(f"Header: {'a' * 10_000}\r\n")
            except OSError:
                pass
            self.assertIn(client.rest()[0][:13], ["HTTP/1.1 431 ", ""])


class CrowdTests(unittest.TestCase):
    def test_200_idle_connections_and_128_files_keep_no_visitor_out(self):
        with limited("prlimit", "--nofile=128:128") as program:
            idle = [Client(program, HEAD if number % 2 else "") for number in range(100)]
            idle += [Client(program) for _ in range(100)]
            try:
                began = time.monotonic()
                for _ in range(3):
                    self.assertEqual(program.get("/").status_code, 200)
                self.assertLess(time.monotonic() - began, 60)
            finally:
                for client in idle:
                    client.socket.close()
            self.assertEqual(program.get("/").status_code, 200)
            self.assertEqual(program.stop(), 0)

    def test_a_server_that_has_run_out_of_files_recovers(self):
        with limited("prlimit", "--nofile=64:64", maximum_connections=100_000, head_timeout=4) as program:
            idle = [Client(program) for _ in range(100)]
            try:
                self.assertEqual(program.get("/").status_code, 200)
            finally:
                for client in idle:
                    client.socket.close()
            self.assertEqual(program.get("/").status_code, 200)
            self.assertEqual(program.stop(), 0)

    def test_a_full_house_serves_who_comes_next(self):
        with limited(maximum_connections=4, head_timeout=60) as program:
            with Client(program, HEAD), Client(program), Client(program), Client(program), Client(program):
                began = time.monotonic()
                self.assertEqual(program.get("/").status_code, 200)
                self.assertLess(time.monotonic() - began, 20)


class EarlyRequestTests(unittest.TestCase):
    """Requests that a client sends without waiting for answers."""

    def test_ten_thousand_in_one_burst_are_answered_in_order(self):
        requests = "".join(f"GET /number/{number} HTTP/1.1\r\nHost: a\r\n\r\n" for number in range(10_000))
        with limited(name="ApplicationPeer") as program, Client(program) as client:
            sender = threading.Thread(target=client.send, args=(requests,))
            sender.start()
            answers = client.socket.makefile("rb")
            for number in range(10_000):
                self.assertEqual(answers.readline(), b"HTTP/1.1 200 OK\r\n")
                length = 0
                while (line := answers.readline()) != b"\r\n":
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                self.assertEqual(answers.read(length), str(number).encode())
            sender.join()

    def test_what_waits_for_its_turn_takes_little_memory(self):
        # Some 14,000 requests of 18 bytes, as many as one read of a connection brings.
        burst = "GET /wait/3000 HTTP/1.1\r\nHost: a\r\n\r\n" + "GET / HTTP/1.1\r\n\r\n" * 14_000
        with limited(name="ApplicationPeer") as program, contextlib.ExitStack() as stack:
            program.get("/see")
            before = resident(program)
            clients = [stack.enter_context(Client(program)) for _ in range(20)]
            for client in clients:
                client.socket.settimeout(0.2)
                # The network takes all of it, or what it does not take is not in the memory of the server.
                with contextlib.suppress(OSError):
                    client.send(burst)
            time.sleep(1)
            grown = resident(program) - before
            # Each connection has at most 256 KiB, and what the allocator adds; decoded, it would be 8 MiB.
            self.assertLess(grown, len(clients) * 1.5 * (1 << 20))


def resident(program):
    """The bytes of memory that the process has had at most."""
    with open(f"/proc/{program.process.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


class LargeFileTests(unittest.TestCase):
    SIZE = 64 * 1024 * 1024

    def test_clients_that_read_nothing_of_a_file_leave_descriptors(self):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            with open(f"{folder}/film.bin", "wb") as film:
                film.truncate(self.SIZE)
            file = stack.enter_context(ConfigurationFile({"secretKey": KEY, "port": 0}))
            site = stack.enter_context(Program("prlimit", "--nofile=256:256", BIN / "ProxyPeer", file, folder))
            descriptors = f"/proc/{site.process.pid}/fd"
            before = len(os.listdir(descriptors))
            clients = [
                stack.enter_context(Client(site, "GET /static/film.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                for _ in range(185)]
            # All of them have been answered in part; no network buffer takes the rest.
            self.assertEqual({client.socket.recv(15) for client in clients}, {b"HTTP/1.1 200 OK"})
            # A sixteenth of the descriptors is for files, and each of the two threads opens one or two now and then.
            self.assertLessEqual(len(os.listdir(descriptors)), before + len(clients) + 16 + 8)
            self.assertEqual(site.get("/see").status_code, 200)
            self.assertEqual(site.get("/static/film.bin", stream=True).status_code, 200)
            # The first has its file open all the time, and the last has it opened for each part.
            for client in (clients[0], clients[-1]):
                received = 15
                while received < self.SIZE and (part := client.socket.recv(1 << 20)):
                    received += len(part)
                self.assertGreaterEqual(received, self.SIZE)
            for client in clients:
                client.socket.close()
            self.assertEqual(site.stop(), 0)


class WriteTests(unittest.TestCase):
    """64 megabytes, which the network does not take at once."""

    SIZE = 64 * 1024 * 1024

    def download(self, ask, most, pause, **limits):
        """The bytes that a client gets that pauses after each of the first megabytes, at most so often."""
        with limited(name="ApplicationPeer", **limits) as program:
            with Client(program, f"GET /megabytes HTTP/1.1\r\nHost: localhost\r\n{ask}\r\n") as client:
                received = pauses = 0
                with contextlib.suppress(OSError):
                    while received < self.SIZE and (part := client.socket.recv(1 << 20)):
                        received += len(part)
                        if pauses < most and received > pauses << 20:
                            pauses += 1
                            time.sleep(pause)
            self.assertEqual(program.get("/see").status_code, 200)
            return received

    def test_a_client_that_reads_nothing_is_cut_off(self):
        for ask in ("", "Connection: close\r\n"):
            with self.subTest(ask):
                self.assertLess(self.download(ask, 1, 4, write_timeout=1), self.SIZE)

    def test_a_client_that_reads_slowly_gets_everything(self):
        for ask in ("", "Connection: close\r\n"):
            with self.subTest(ask):
                received = self.download(ask, 10, 0.5, write_timeout=3, keep_alive_timeout=1)
                self.assertGreaterEqual(received, self.SIZE)

    def test_the_end_of_an_answer_is_sent_before_an_idle_connection_closes(self):
        # How much the network takes is not known: of some of these answers, it leaves less than 64 KiB unsent.
        sizes = range(1024, 6144, 60)
        with limited(name="ApplicationPeer", keep_alive_timeout=1) as program, contextlib.ExitStack() as stack:
            asked = [
                (size, stack.enter_context(
                    Client(program, f"GET /kilobytes/{size} HTTP/1.1\r\nHost: localhost\r\n\r\n")))
                for size in sizes]
            time.sleep(2.5)
            for size, client in asked:
                answer = client.socket.makefile("rb")
                while answer.readline() != b"\r\n":
                    pass
                self.assertEqual(len(answer.read(size * 1024)), size * 1024)

    def test_a_client_that_closes_its_side_gets_everything(self):
        with limited(name="ApplicationPeer") as program:
            with Client(program, "GET /megabytes HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
                client.socket.shutdown(socket.SHUT_WR)
                time.sleep(0.5)
                self.assertGreaterEqual(drain(client), self.SIZE)

    def test_a_client_that_ends_in_the_middle_of_its_body_gets_everything(self):
        with limited(name="ApplicationPeer") as program:
            with Client(
                program, "GET /megabytes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\nsome"
            ) as client:
                received = len(client.socket.recv(1 << 20))
                client.socket.shutdown(socket.SHUT_WR)
                time.sleep(0.5)
                self.assertGreaterEqual(received + drain(client), self.SIZE)

    def test_a_client_that_still_reads_when_the_server_stops_gets_everything(self):
        with limited(name="ApplicationPeer") as program:
            with Client(program, "GET /megabytes HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
                received = len(client.socket.recv(1 << 20))
                program.process.send_signal(signal.SIGTERM)
                time.sleep(0.5)
                self.assertGreaterEqual(received + drain(client), self.SIZE)
            self.assertEqual(program.process.wait(10), 0)


def drain(client):
    """How many bytes come until the connection ends."""
    received = 0
    with contextlib.suppress(OSError):
        while part := client.socket.recv(1 << 20):
            received += len(part)
    return received


class ShutdownTests(unittest.TestCase):
    def test_half_a_body_does_not_keep_the_process(self):
        with limited(shutdown_timeout=1) as program:
            with Client(program, f"{POST}Content-Length: 20\r\n\r\nuser"), Client(program, HEAD), Client(program):
                time.sleep(0.3)
                began = time.monotonic()
                self.assertEqual(program.stop(), 0)
                self.assertLess(time.monotonic() - began, 8)

    def test_a_request_that_has_begun_is_finished(self):
        with limited() as program:
            with Client(program, f"{POST}Expect: 100-continue\r\nContent-Length: 10\r\n\r\n") as client:
                self.assertEqual(client.receive(), "HTTP/1.1 100 Continue\r\n\r\n")
                client.send("user")
                program.process.send_signal(signal.SIGTERM)
                time.sleep(1)
                client.send("name=a")
                text, _ = client.rest()
            self.assertTrue(text.startswith("HTTP/1.1 302 Found\r\n"), text)
            self.assertIn("connection: close", text.lower())
            self.assertEqual(program.process.wait(10), 0)
            self.assertNotIn("cut off", program.log.read_text())

    def test_a_request_that_is_cut_off_is_told(self):
        with limited(name="ApplicationPeer", shutdown_timeout=1) as program:
            with Client(program, "GET /wait/60000 HTTP/1.1\r\nHost: localhost\r\n\r\n"), Client(program):
                time.sleep(1)
                self.assertEqual(program.stop(signal.SIGTERM), 0)
            self.assertRegex(program.log.read_text(), "connections=1 .*requests were cut off")

    def test_an_answer_that_the_client_still_sends_behind_is_not_lost(self):
        # A connection that is closed while bytes arrive is reset, and what its client has not read yet may be lost.
        with limited(name="ApplicationPeer") as program:
            with Client(program, "GET /wait/2500 HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
                time.sleep(1)
                program.process.send_signal(signal.SIGTERM)
                for _ in range(10):
                    time.sleep(0.2)
                    client.send("GET /number/1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                text, _ = client.rest()
            self.assertTrue(text.startswith("HTTP/1.1 200 OK\r\n"), text)
            self.assertIn("connection: close", text.lower())
            self.assertEqual(text.count("HTTP/1.1"), 1)
            self.assertEqual(program.process.wait(10), 0)

    def test_a_limit_that_cannot_be_kept_is_told_in_one_line(self):
        with self.assertRaises(AssertionError) as refusal:
            with limited(head_timeout="-1"):
                pass
        self.assertIn("The setting server.headTimeout must be a number of seconds", str(refusal.exception))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""An application that speaks HTTPS itself: handshakes, a renewed certificate, curl, Chromium, and every limit of
test_limits once more.
"""

import contextlib
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import test_limits
from browser import Browser
from browser_sites import key_hash
from programs import BIN, KEY, ROOT, Program, plain_session, require_programs
from servers import make_certificate

FILES = ("cert.pem", "key.pem")


def setUpModule():
    require_programs("Login", "Accounts", "ApplicationPeer")
    global folder
    folder = unittest.enterModuleContext(tempfile.TemporaryDirectory())
    make_certificate(folder, "localhost", "127.0.0.1", "shop.test")


def tls_options(place=None):
    certificate, key = (str(Path(place or folder, name)) for name in FILES)
    return ["--tls-certificate", certificate, "--tls-key", key]


def context(**versions):
    made = ssl.create_default_context(cafile=str(Path(folder, "cert.pem")))
    made.set_alpn_protocols(["h2", "http/1.1"])
    for name, version in versions.items():
        setattr(made, name, version)
    return made


def secure(name, *options):
    return Program(BIN / name, "--port", "0", "--secret-key", KEY, *options, *tls_options())


def address(program):
    host, port = program.url.removeprefix("https://").split(":")
    return host, int(port)


class TLSClient(test_limits.Client):
    """One connection over TLS. It begins the handshake with the first byte that it has to send."""

    def __init__(self, program, sent=""):
        self.socket = socket.create_connection(address(program), timeout=15)
        if sent:
            self.send(sent)

    def send(self, text):
        if not isinstance(self.socket, ssl.SSLSocket):
            self.socket = context().wrap_socket(self.socket, server_hostname="localhost")
        super().send(text)

    def receive(self):
        """What has arrived: a read gives one record of TLS, and an answer may be in several."""
        text = super().receive()
        self.socket.settimeout(0.3)
        try:
            while text and (more := super().receive()):
                text += more
        except TimeoutError:
            pass
        finally:
            self.socket.settimeout(15)
        return text

    def rest(self):
        try:
            return super().rest()
        except ssl.SSLError as error:
            raise AssertionError(f"the connection ends without a close_notify: {error}") from error


class HandshakeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = cls.enterClassContext(secure("ApplicationPeer"))

    def connect(self, made):
        raw = self.enterContext(socket.create_connection(address(self.program), timeout=15))
        return self.enterContext(made.wrap_socket(raw, server_hostname="localhost"))

    def test_tls_1_2_and_1_3_are_spoken_with_http_1_1(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version):
                connection = self.connect(context(minimum_version=version, maximum_version=version))
                self.assertEqual(connection.selected_alpn_protocol(), "http/1.1")
                connection.sendall(b"GET /see HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                self.assertIn(b"https true https://localhost/see", self.rest(connection))

    def test_older_versions_are_refused(self):
        made = context()
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version, made.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaisesRegex(ssl.SSLError, "(?i)protocol.version|unsupported.protocol"):
            self.connect(made)

    def test_a_cipher_without_forward_secrecy_is_refused(self):
        made = context(maximum_version=ssl.TLSVersion.TLSv1_2)
        made.set_ciphers("AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA")
        with self.assertRaises(ssl.SSLError):
            self.connect(made)

    def test_plain_http_is_no_request(self):
        with socket.create_connection(address(self.program), timeout=15) as connection:
            connection.sendall(b"GET /see HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                self.assertNotIn(b"200 OK", self.rest(connection))
        self.assertEqual(self.curl("/see"), "https true https://localhost:PORT/see")

    def test_url_and_scheme_are_those_of_https(self):
        self.assertEqual(self.curl("/see"), "https true https://localhost:PORT/see")
        self.assertIn("strict-transport-security: max-age=31536000", self.curl("/see", "--include").lower())

    def test_64_megabytes_and_a_form_pass(self):
        self.assertEqual(self.curl("/megabytes", "--output", os.devnull, "--write-out", "%{size_download}"), "67108864")
        body = Path(folder, "body")
        body.write_bytes(b"x" * 10_000_000)
        self.assertEqual(self.curl("/length", "--data-binary", f"@{body}"), "10000000")

    def curl(self, path, *options):
        port = address(self.program)[1]
        run = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "60", "--cacert", str(Path(folder, "cert.pem")), *options,
             f"https://localhost:{port}{path}"], capture_output=True, text=True, timeout=90, check=True)
        return run.stdout.replace(str(port), "PORT")

    @staticmethod
    def rest(connection):
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


class LossTests(unittest.TestCase):
    def test_a_client_that_is_gone_within_its_body_is_no_error_of_the_application(self):
        head = b"POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n"
        with secure("ApplicationPeer", "--log-level", "debug") as program:
            for lingers in (False, True):
                raw = socket.create_connection(address(program), timeout=15)
                client = context().wrap_socket(raw, server_hostname="localhost")
                client.sendall(head)
                # The handler waits for the body now.
                self.assertIn(b"100 Continue", client.recv(1000))
                client.sendall(b"abc")
                if not lingers:
                    # The end of the connection is a reset.
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # TLS has not said that nothing follows.
                client.close()
            self.assertEqual(program.get("/see", verify=str(Path(folder, "cert.pem"))).status_code, 200)
            self.assertEqual(program.stop(), 0)
            self.assertGreaterEqual(program.log.read_text().count("a connection has failed during a request"), 2)
            self.assertNotIn(" error ", program.log.read_text())


class StartTests(unittest.TestCase):
    def refusal(self, *options):
        run = subprocess.run(
            [BIN / "Login", "--port", "0", "--secret-key", KEY, *options], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        self.assertNotEqual(run.returncode, 0)
        self.assertRegex(run.stderr, r"\A[^\n]+\n\Z")
        return run.stderr

    def test_a_bad_file_is_told_in_one_line(self):
        with tempfile.TemporaryDirectory() as other:
            make_certificate(other, "localhost")
            [certificate, key], [_, foreign] = ([str(Path(place, name)) for name in FILES] for place in (folder, other))
            empty = Path(other, "empty.pem")
            empty.write_text("")
            cases = [
                (certificate, foreign, f"Error: The private key {foreign} does not belong to the certificate {certificate}."),
                (key, key, f"Error: The certificate {key} cannot be read;"),
                (certificate, certificate, f"Error: The private key {certificate} cannot be read;"),
                (certificate, str(empty), f"Error: The private key {empty} cannot be read;"),
                (str(empty), key, f"Error: The certificate {empty} cannot be read;"),
                ("/nowhere.pem", key, "Error: The certificate /nowhere.pem cannot be read;"),
            ]
            for one, two, line in cases:
                with self.subTest(line):
                    said = self.refusal("--tls-certificate", one, "--tls-key", two)
                    self.assertTrue(said.startswith(line), said)
                    self.assertNotIn("PRIVATE KEY", said)
        self.assertIn("Give --tls-certificate and --tls-key, or neither.", self.refusal("--tls-key", key))


class RenewalTests(unittest.TestCase):
    """The files of the certificate are replaced while the server runs."""

    def setUp(self):
        self.place = self.make()
        options = tls_options(self.place)
        self.program = self.enterContext(
            Program(BIN / "ApplicationPeer", "--port", "0", "--secret-key", KEY, *options))

    def make(self):
        place = self.enterContext(tempfile.TemporaryDirectory())
        make_certificate(place, "localhost")
        return place

    def connect(self):
        """A new connection, whatever its certificate."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        raw = self.enterContext(socket.create_connection(address(self.program), timeout=15))
        return self.enterContext(made.wrap_socket(raw, server_hostname="localhost"))

    @staticmethod
    def see(connection):
        connection.sendall(b"GET /see HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return connection.recv(65536)

    def served(self):
        """The certificate that a new connection gets, and which works."""
        connection = self.connect()
        self.assertIn(b"200 OK", self.see(connection))
        return connection.getpeercert(binary_form=True)

    @staticmethod
    def certificate(place):
        return ssl.PEM_cert_to_DER_cert(Path(place, "cert.pem").read_text())

    def replace(self, name, place):
        """Replaces a file in one step, as certbot does."""
        new = Path(self.place, "new")
        new.write_bytes(Path(place, name).read_bytes())
        os.replace(new, Path(self.place, name))

    def wait_for(self, pattern, count):
        deadline = time.monotonic() + 30
        while len(found := re.findall(pattern, self.program.log.read_text())) < count:
            self.assertLess(time.monotonic(), deadline, self.program.log.read_text())
            time.sleep(0.05)
        self.assertEqual(len(found), count)
        return found[-1]

    def test_a_renewed_certificate_is_used_and_a_bad_one_is_not(self):
        first, second = self.certificate(self.place), self.make()
        refused = "[^\n]*the certificate's files cannot be used[^\n]*"
        loaded = "[^\n]*the certificate was loaded anew[^\n]*"
        kept = self.connect()
        self.assertEqual(kept.getpeercert(binary_form=True), first)
        # The certificate without its key.
        self.replace("cert.pem", second)
        line = self.wait_for(refused, 1)
        self.assertIn(f"The private key {self.place}/key.pem does not belong to the certificate", line)
        self.assertEqual(self.served(), first)
        # Its key, too.
        self.replace("key.pem", second)
        line = self.wait_for(loaded, 1)
        self.assertRegex(line, r"tls.certificate=.*/cert\.pem tls.until=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
        self.assertEqual(self.served(), self.certificate(second))
        # Half a file.
        Path(self.place, "cert.pem").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n")
        self.assertIn(f"The certificate {self.place}/cert.pem cannot be read", self.wait_for(refused, 2))
        self.assertEqual(self.served(), self.certificate(second))
        # A connection from before all of this goes on.
        self.assertIn(b"200 OK", self.see(kept))
        self.assertNotIn("PRIVATE KEY", self.program.log.read_text())


def limited(*before, name="Login", options=("--secret-key", KEY), **limits):
    """As in test_limits, over HTTPS."""
    settings = [f"SERVER_{key.upper()}={value}" for key, value in limits.items()]
    program = Program("/usr/bin/env", *settings, *before, BIN / name, "--port", "0", *options, *tls_options())
    program.send = lambda method, path, cookie=None, **more: send(program, method, path, **more)
    return program


def send(program, method, path, **more):
    with plain_session() as session:
        return session.request(
            method, program.url + path, allow_redirects=False, timeout=30, verify=str(Path(folder, "cert.pem")), **more)


class OverTLS:
    """The tests of a class of test_limits, with another client and a program that speaks HTTPS."""
    client, server = TLSClient, staticmethod(limited)

    @classmethod
    def setUpClass(cls):
        for name, replacement in {"Client": cls.client, "limited": cls.server}.items():
            before = getattr(test_limits, name)
            setattr(test_limits, name, replacement)
            cls.addClassCleanup(setattr, test_limits, name, before)
        super().setUpClass()


class TimeTests(OverTLS, test_limits.TimeTests):
    def test_half_a_handshake_is_closed(self):
        with socket.create_connection(address(self.program), timeout=15) as connection:
            began = time.monotonic()
            # A record of TLS that says it has 512 bytes, and has four.
            connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc")
            while time.monotonic() < began + 10:
                with contextlib.suppress(ConnectionResetError):
                    if connection.recv(100):
                        continue
                break
        self.assertLess(time.monotonic() - began, 8)


class ConnectionTests(OverTLS, test_limits.ConnectionTests):
    pass


class CrowdTests(OverTLS, test_limits.CrowdTests):
    pass


class ShutdownTests(OverTLS, test_limits.ShutdownTests):
    pass


class WriteTests(OverTLS, test_limits.WriteTests):
    pass


class BrowserTests(unittest.TestCase):
    def test_chromium_keeps_the_host_cookie(self):
        site = self.enterContext(secure("Accounts", "--sessions", "memory"))
        browser = self.enterContext(Browser(accepting=key_hash(folder)))
        window = browser.window()
        tab = window.tab()
        url = f"https://shop.test:{address(site)[1]}"
        tab.go(f"{url}/sign-in")
        tab.fill("[name=user]", "ada")
        tab.fill("[name=password]", "analytical engine")
        tab.follow("Sign in")
        self.assertIn("Signed in as ada", tab.text)
        [cookie] = window.cookies()
        self.assertEqual(
            (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["path"]), ("__Host-session", True, True, "/"))
        self.assertEqual(tab.errors, [])


class DemoTests(unittest.TestCase):
    def test_demo_makes_a_certificate_and_shows_the_host_cookie(self):
        with Program(ROOT / "demo", "--tls", "--http2", "--port", "0", "--secret-key", KEY, patience=900) as demo:
            deadline = time.monotonic() + 10
            while demo.url not in demo.output.read_text() and time.monotonic() < deadline:
                time.sleep(0.02)
            self.assertTrue(demo.url.startswith("https://"))
            self.assertIn("__Host-session", demo.output.read_text())
            [place] = re.findall(r"Its certificate: (\S+)", demo.output.read_text())
            self.assertEqual(os.stat(Path(place).parent).st_mode & 0o77, 0)
            jar = Path(demo.folder.name, "jar")
            curl = ["curl", "--silent", "--cacert", place, "--cookie", str(jar), "--cookie-jar", str(jar), "--location"]
            page = subprocess.run(
                [*curl, "--data", "username=admin", f"{demo.url}/login"], capture_output=True, text=True, timeout=60)
            self.assertIn("Logged in as admin", page.stdout)
            version = subprocess.run(
                [*curl, "--output", os.devnull, "--write-out", "%{http_version}", demo.url],
                capture_output=True, text=True, timeout=60)
            self.assertEqual(version.stdout, "2")
            self.assertIn("__Host-session", jar.read_text())
            self.assertEqual(demo.stop(signal.SIGINT), 0)
            deadline = time.monotonic() + 10
            while Path(place).exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            self.assertFalse(Path(place).exists())


if __name__ == "__main__":
    unittest.main()

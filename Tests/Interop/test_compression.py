# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Compressed responses and static files with fingerprints, as curl, requests, zlib and a raw socket see them."""

import base64
import hashlib
import socket
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

import requests
from programs import BIN, ConfigurationFile, Program, require_programs

WORDS = b"what compresses well " * 50_000
STYLE = b"body { color: rebeccapurple }\n" * 20_000


def setUpModule():
    require_programs("ProxyPeer")


class SiteTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "style.css").write_bytes(STYLE)
        (cls.folder / "noise.css").write_bytes(bytes(range(256)) * 4096)
        file = cls.enterClassContext(ConfigurationFile({"secretKey": "a secret key of the tests of compression", "port": 0}))
        cls.site = cls.enterClassContext(Program(BIN / "ProxyPeer", file, cls.folder))

    def get(self, path, **headers):
        """The answer as it travels: requests decodes nothing of what is read from `raw`."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.get(self.site.url + path, headers={"Accept-Encoding": "identity", **headers}, stream=True, timeout=20)
        return answer, answer.raw.read(decode_content=False)

    def curl(self, *options):
        return subprocess.run(["curl", "--silent", "--fail", "--max-time", "20", *options], capture_output=True, check=True)


class CompressionTests(SiteTests):
    def test_clients_read_what_was_sent(self):
        for path, contents in (("/words", WORDS), ("/static/style.css", STYLE), ("/static/noise.css", bytes(range(256)) * 4096)):
            with self.subTest(path):
                self.assertEqual(self.curl("--compressed", self.site.url + path).stdout, contents)
                self.assertEqual(requests.get(self.site.url + path, timeout=20).content, contents)
                answer, body = self.get(path, Accept_Encoding="gzip")
                self.assertEqual(answer.headers["Content-Encoding"], "gzip")
                # One member (RFC 1952), with a checksum, and nothing after it.
                decoder = zlib.decompressobj(31)
                self.assertEqual(decoder.decompress(body), contents)
                self.assertTrue(decoder.eof)
                self.assertEqual(decoder.unused_data, b"")
                if path != "/static/noise.css":
                    self.assertLess(len(body), len(contents) / 50)
                plain, body = self.get(path)
                self.assertEqual((body, plain.headers.get("Content-Encoding")), (contents, None))
                self.assertEqual(plain.headers["Content-Length"], str(len(contents)))
                self.assertEqual([answer.headers["Vary"], plain.headers["Vary"]], 2 * ["Accept-Encoding"])

    def test_a_page_with_a_token_is_sent_as_it_is(self):
        answer, body = self.get("/token", Accept_Encoding="gzip")
        self.assertNotIn("Content-Encoding", answer.headers)
        self.assertIn("Cookie", answer.headers["Vary"])
        self.assertIn(WORDS, body)

    def test_a_stream_is_read_as_it_is_written(self):
        answer = requests.get(
            self.site.url + "/steps", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=20)
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        decoder, text = zlib.decompressobj(31), b""
        chunks = answer.raw.stream(decode_content=False)
        while text != b"first\n":
            text += decoder.decompress(next(chunks))
        # Only now does the stream go on.
        self.assertEqual(self.site.get("/go").status_code, 200)
        for chunk in chunks:
            text += decoder.decompress(chunk)
        self.assertEqual((text, decoder.eof), (b"first\nsecond\n", True))

    def test_parts_and_heads_and_conditions(self):
        part, body = self.get("/static/style.css", Accept_Encoding="gzip", Range="bytes=5-11")
        self.assertEqual((part.status_code, body), (206, STYLE[5:12]))
        self.assertNotIn("Content-Encoding", part.headers)
        head = requests.head(self.site.url + "/static/style.css", headers={"Accept-Encoding": "gzip"}, timeout=20)
        self.assertEqual((head.headers["Content-Encoding"], head.headers.get("Content-Length")), ("gzip", None))
        again, body = self.get("/static/style.css", Accept_Encoding="gzip", If_None_Match=head.headers["ETag"])
        self.assertEqual((again.status_code, body, again.headers["ETag"]), (304, b"", head.headers["ETag"]))
        self.assertTrue(head.headers["ETag"].startswith('W/"'))

    def test_a_connection_goes_on_after_it(self):
        head = "GET {} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{}\r\n"
        host, port = self.site.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall((head.format("/words", "") + head.format("/see", "Connection: close\r\n")).encode())
            text = b""
            while more := connection.recv(65536):
                text += more
        self.assertEqual(text.count(b"HTTP/1.1 200"), 2)
        self.assertIn(b"\r\n0\r\n\r\nHTTP/1.1 200", text)

    def test_http_1_0_gets_no_chunks(self):
        host, port = self.site.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(b"GET /words HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
            text = b""
            while more := connection.recv(65536):
                text += more
        head, _, body = text.partition(b"\r\n\r\n")
        self.assertNotIn(b"transfer-encoding", head.lower())
        self.assertEqual(zlib.decompress(body, 31), WORDS)


class FingerprintTests(SiteTests):
    def test_a_url_has_the_hash_of_the_file_and_is_kept(self):
        file = self.folder / "site.css"
        for contents in (b"a { color: red }", b"a { color: blue }"):
            file.write_bytes(contents)
            digest = base64.urlsafe_b64encode(hashlib.sha256(contents).digest()[:9]).decode()
            url = self.site.get("/url/site.css").text
            self.assertEqual(url, f"/static/site.css?v={digest}")
            answer, body = self.get(url)
            self.assertEqual(
                (body, answer.headers["Cache-Control"]), (contents, "public, max-age=31536000, immutable"))
            self.assertEqual(self.get("/static/site.css")[0].headers["Cache-Control"], "no-cache")
        old = base64.urlsafe_b64encode(hashlib.sha256(b"a { color: red }").digest()[:9]).decode()
        answer, body = self.get(f"/static/site.css?v={old}")
        self.assertEqual((body, answer.headers["Cache-Control"]), (b"a { color: blue }", "no-cache"))


if __name__ == "__main__":
    unittest.main()

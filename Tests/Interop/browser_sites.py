# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What browsers meet besides an example: pages of another site, and TLS in front of an example."""

import asyncio
import base64
import hashlib
import http.server
import ssl
import tempfile
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from servers import free_port, make_certificate


def at(url, host):
    """The URL under another name of this machine. Names that end in .test, and localhost, are different sites."""
    return url.replace("127.0.0.1", host)


class OtherSite:
    """Another site's pages, by their paths; `.url` is under a name of its own."""

    def __init__(self, name="attacker.test"):
        pages = self.pages = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = pages.get(self.path, "").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://{name}:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def page(self, html):
        """The URL of a new page."""
        path = f"/{len(self.pages)}"
        self.pages[path] = f"<!doctype html><title>Another site</title>{html}"
        return self.url + path


class TLSProxy:
    """Takes HTTPS for any name that ends in .test, and passes the bytes on as they are."""

    def __init__(self, site):
        self.backend, self.port = int(site.url.rpartition(":")[2]), free_port()
        self.folder = tempfile.TemporaryDirectory()
        make_certificate(self.folder.name, "shop.test", "*.shop.test")
        self.loop = asyncio.new_event_loop()

    def __enter__(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(self.folder.name, "cert.pem"), Path(self.folder.name, "key.pem"))
        self.loop.run_until_complete(asyncio.start_server(self.relay, "127.0.0.1", self.port, ssl=context))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(20)
        self.folder.cleanup()

    def url(self, name="shop.test"):
        return f"https://{name}:{self.port}"

    @property
    def key_hash(self):
        return key_hash(self.folder.name)

    async def relay(self, reader, writer):
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self.backend)
            await asyncio.gather(pass_on(reader, back_writer), pass_on(back_reader, writer))
        except OSError:
            writer.close()


def key_hash(folder):
    """What `Browser(accepting:)` takes: the SHA-256 of the key of the certificate in a folder."""
    certificate = x509.load_pem_x509_certificate(Path(folder, "cert.pem").read_bytes())
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


async def pass_on(reader, writer):
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    finally:
        writer.close()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Behind real nginx, Caddy and HAProxy, configured as docs/DEPLOYMENT.md says, over HTTPS."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import unittest
from pathlib import Path

from programs import BIN, ROOT, ConfigurationFile, Program, require_programs
from servers import Server, make_certificate

HOST = "shop.example"


def setUpModule():
    require_programs("ProxyPeer")


def documented(language):
    """The block in this language of the document."""
    text = (ROOT / "docs/DEPLOYMENT.md").read_text()
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)[1]


class Proxy(Server):
    """A proxy that speaks HTTPS for the host, in front of a port."""

    def __init__(self, backend):
        super().__init__()
        self.backend = backend

    def prepare(self):
        make_certificate(self.folder.name, HOST)
        self.path("configuration").write_text(self.configuration())

    def path(self, name):
        return Path(self.folder.name) / name

    def program(self, name):
        program = shutil.which(name) or shutil.which(name, path="/usr/sbin")
        if not program:
            raise AssertionError(f"{name} is missing: ./test installs it.")
        return program

    def answers(self):
        return self.curl("/").returncode == 0

    def curl(self, path, *options):
        return subprocess.run(
            ["curl", "--silent", "--include", "--max-time", "20", "--cacert", self.path("cert.pem"), "--noproxy", "*",
             "--resolve", f"{HOST}:{self.port}:127.0.0.1", *options, f"https://{HOST}:{self.port}{path}"],
            capture_output=True, text=True)

    def ask(self, path, *options):
        """The head and the body of an answer."""
        answer = self.curl(path, *options)
        if answer.returncode:
            raise AssertionError(f"curl ends with {answer.returncode}: {self.path('log').read_text()}")
        head, _, body = answer.stdout.replace("\r\n", "\n").partition("\n\n")
        return head, body


class Nginx(Proxy):
    def configuration(self):
        return self.site(documented("nginx").replace("127.0.0.1:5000", f"127.0.0.1:{self.backend}"))

    def site(self, location, before="", tls=True):
        """A site with what is said of a location, and before it."""
        temporary = "\n".join(
            f"{kind}_temp_path {self.folder.name}/{kind};" for kind in
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        # Started by root its workers are another user, who may not write into the temporary folder.
        user = "user root;" if os.geteuid() == 0 else ""
        certificate = f"""
                    ssl_certificate {self.folder.name}/cert.pem;
                    ssl_certificate_key {self.folder.name}/key.pem;""" if tls else ""
        return f"""
            {user}
            daemon off;
            pid {self.folder.name}/pid;
            error_log stderr;
            events {{}}
            http {{
                access_log off;
                {temporary}
                {before}
                server {{
                    listen 127.0.0.1:{self.port}{" ssl" if tls else ""};
                    server_name {HOST};{certificate}
                    {location}
                }}
            }}
            """

    def command(self):
        return [self.program("nginx"), "-p", self.folder.name, "-e", "stderr", "-c", self.path("configuration")]


class Caddy(Proxy):
    def configuration(self):
        site = documented("caddyfile").replace("127.0.0.1:5000", f"127.0.0.1:{self.backend}")
        certificate = f"tls {self.folder.name}/cert.pem {self.folder.name}/key.pem"
        assert site.startswith(f"{HOST} {{")
        site = site.replace(f"{HOST} {{", f"https://{HOST}:{self.port} {{\n{certificate}", 1)
        return f"{{\nadmin off\nauto_https off\nstorage file_system {self.folder.name}\n}}\n{site}"

    def command(self):
        return [self.program("caddy"), "run", "--adapter", "caddyfile", "--config", self.path("configuration")]


class HAProxy(Proxy):
    def configuration(self):
        site = documented("haproxy").replace("127.0.0.1:5000", f"127.0.0.1:{self.backend}")
        certificate = Path(self.folder.name) / "both.pem"
        certificate.write_text(self.path("cert.pem").read_text() + self.path("key.pem").read_text())
        assert "bind :443 ssl crt /etc/haproxy/shop.example.pem" in site
        site = site.replace(
            "bind :443 ssl crt /etc/haproxy/shop.example.pem", f"bind 127.0.0.1:{self.port} ssl crt {certificate}")
        return f"""
global
    log stderr format raw daemon
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
{site}
"""

    def command(self):
        return [self.program("haproxy"), "-db", "-f", self.path("configuration")]

    def answers(self):
        return self.curl("/app/folder/").returncode == 0


class ProxyTests:
    """What holds behind each of them. Its counts are those that the document gives."""

    @classmethod
    def setUpClass(cls):
        settings = {
            "secretKey": "a secret key of the tests behind proxies, 46 letters", "port": 0, "trustedHosts": [HOST],
            "proxyFix": {"xFor": 1, "xProto": 1, "xPrefix": 1},
        }
        cls.file = cls.enterClassContext(ConfigurationFile(settings))
        cls.site = cls.enterClassContext(Program(BIN / "ProxyPeer", cls.file))
        cls.proxy = cls.enterClassContext(cls.kind(cls.site.url.rpartition(":")[2]))

    def see(self, *options):
        head, body = self.proxy.ask("/app/see", *options)
        self.assertRegex(head, "^HTTP/[0-9.]+ 200")
        return head, json.loads(body)

    def test_the_application_sees_what_the_visitor_asked_for(self):
        _, sight = self.see()
        self.assertEqual(sight["scheme"], "https")
        self.assertTrue(sight["isSecure"])
        self.assertEqual(sight["host"], f"{HOST}:{self.proxy.port}")
        self.assertEqual(sight["rootPath"], "/app")
        self.assertEqual(sight["remoteAddress"], "127.0.0.1")
        self.assertEqual(sight["external"], f"https://{HOST}:{self.proxy.port}/app/see")

    def test_a_visitor_cannot_say_it_in_the_proxys_place(self):
        forged = [
            "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: http", "X-Forwarded-Host: attacker.example",
            "X-Forwarded-Prefix: /attacker", "X-Forwarded-Port: 1", "Forwarded: for=203.0.113.7;host=attacker.example",
        ]
        _, sight = self.see(*(part for field in forged for part in ["--header", field]))
        self.assertEqual(sight["remoteAddress"], "127.0.0.1")
        self.assertEqual(sight["external"], f"https://{HOST}:{self.proxy.port}/app/see")

    def test_a_visitor_signs_in_and_stays_under_the_prefix(self):
        jar = str(self.proxy.path("jar"))
        head, _ = self.proxy.ask("/app/sign-in", "--request", "POST", "--cookie-jar", jar)
        self.assertRegex(head, "(?im)^location: /app/see$")
        self.assertRegex(head, "(?im)^set-cookie: __Host-session=.*; Secure; HttpOnly; Path=/; SameSite=Lax$")
        head, sight = self.see("--cookie", jar)
        self.assertEqual(sight["user"], "ada")
        self.assertRegex(head, "(?im)^strict-transport-security: ")

    def test_redirects_of_slashes_stay_under_the_prefix(self):
        head, _ = self.proxy.ask("/app/folder")
        self.assertRegex(head, "(?im)^location: (https://shop.example:[0-9]+)?/app/folder/$")

    def test_only_this_sites_own_pages_may_post(self):
        for origin, status in [
            (f"https://{HOST}:{self.proxy.port}", 302), (f"http://{HOST}:{self.proxy.port}", 403),
            ("https://attacker.example", 403),
        ]:
            head, _ = self.proxy.ask("/app/sign-in", "--request", "POST", "--header", f"Origin: {origin}")
            self.assertRegex(head, f"^HTTP/[0-9.]+ {status}", origin)

    def test_a_long_body_and_many_requests_pass(self):
        self.proxy.path("body").write_text("a=" + "b" * 500_000)
        for _ in range(20):
            head, _ = self.proxy.ask("/app/sign-in", "--data", f"@{self.proxy.path('body')}")
            self.assertRegex(head, "^HTTP/[0-9.]+ 302")
            self.see()


    def test_a_slow_client_is_answered(self):
        context = ssl.create_default_context(cafile=self.proxy.path("cert.pem"))
        with socket.create_connection(("127.0.0.1", self.proxy.port), timeout=20) as plain, \
                context.wrap_socket(plain, server_hostname=HOST) as client:
            head = f"POST /app/sign-in HTTP/1.1\r\nHost: {HOST}:{self.proxy.port}\r\nContent-Length: 10\r\n\r\n"
            for piece in [head[:20], head[20:], *"0123456789"]:
                client.sendall(piece.encode())
                time.sleep(0.1)  # The client's slowness, which is what this is about.
            self.assertRegex(client.recv(1000).decode(), "^HTTP/1.1 302")

    def test_one_connection_carries_many_requests(self):
        answer = subprocess.run(
            ["curl", "--silent", "--max-time", "20", "--cacert", self.proxy.path("cert.pem"), "--noproxy", "*",
             "--resolve", f"{HOST}:{self.proxy.port}:127.0.0.1", "--write-out", "%{num_connects}\n",
             *(part for _ in range(5) for part in [
                 f"https://{HOST}:{self.proxy.port}/app/folder/", "--output", "/dev/null"])],
            capture_output=True, text=True, check=True)
        self.assertEqual(answer.stdout.split(), ["1", "0", "0", "0", "0"])


class NginxTests(ProxyTests, unittest.TestCase):
    kind = Nginx


class CaddyTests(ProxyTests, unittest.TestCase):
    kind = Caddy


class HAProxyTests(ProxyTests, unittest.TestCase):
    kind = HAProxy


if __name__ == "__main__":
    unittest.main()

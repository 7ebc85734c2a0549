# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What docs/DEPLOYMENT.md says of a service: its unit, and restarts that visitors do not notice."""

import json
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from programs import BIN, ConfigurationFile, Program, require_programs
from servers import Server, free_port
from test_proxies import Nginx, documented

KEY = "a secret key of the tests of restarts, long enough"


def setUpModule():
    require_programs("ProxyPeer")


class UnitTests(unittest.TestCase):
    def test_systemd_knows_every_line_of_the_unit(self):
        if not shutil.which("systemd-analyze"):
            raise AssertionError("systemd-analyze is missing: ./test installs it.")
        with tempfile.TemporaryDirectory() as folder:
            unit = documented("ini").replace("/opt/shop/Shop", str(BIN / "ProxyPeer"))
            self.assertEqual(self.complaints(folder, unit), [])
            self.assertIn("Unknown", self.complaints(folder, unit.replace("TimeoutStopSec", "TimeoutStop"))[0])

    def complaints(self, folder, unit):
        """What systemd says of a unit of ours; it says more of those that a machine has."""
        file = Path(folder) / "shop@.service"
        file.write_text(unit)
        instance = Path(folder) / "shop@5001.service"
        instance.write_text(unit)
        answer = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", instance], capture_output=True, text=True)
        return [line for line in answer.stderr.splitlines() if "shop@" in line]


class Upstreams(Nginx):
    """nginx in front of two processes, of which it can leave one out."""

    def __init__(self, ports):
        super().__init__(None)
        self.ports = ports
        self.down = None

    def configuration(self):
        block = documented("nginx-upstream")
        for port, name in zip(self.ports, ["5001", "5002"]):
            mark = " down" if port == self.down else ""
            assert f"127.0.0.1:{name};" in block
            block = block.replace(f"127.0.0.1:{name};", f"127.0.0.1:{port}{mark};")
        location = "location / { proxy_pass http://shop; proxy_set_header Host $http_host; }"
        return self.site(location, before=block, tls=False)

    def leave_out(self, port):
        """Takes a process out, or none, and waits until nginx's workers have read that."""
        self.down = port
        before = self.workers()
        self.path("configuration").write_text(self.configuration())
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 20
        while self.workers() & before:
            if time.monotonic() > deadline:
                raise AssertionError("nginx does not read its configuration again.")
            time.sleep(0.02)

    def workers(self):
        listing = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        return set(listing.stdout.split())

    def answers(self):
        return Server.ask(self, b"GET /folder/ HTTP/1.0\r\nHost: shop.example\r\n\r\n").startswith(b"HTTP/1.1 200")


class Visitor(threading.Thread):
    """Signs in, and then looks and posts until it is told to stop."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url = url
        self.stopped = threading.Event()
        self.answers = []

    def run(self):
        cookie = self.request("/sign-in", post=True)[1]
        while not self.stopped.is_set():
            status, _, body = self.request("/see", cookie)
            self.answers.append((status, json.loads(body)["user"] if status == 200 else None))
            self.answers.append((self.request("/sign-in", post=True)[0], "ada"))

    def request(self, path, cookie=None, post=False):
        request = urllib.request.Request(self.url + path, method="POST" if post else "GET")
        request.add_header("Host", "shop.example")
        if cookie:
            request.add_header("Cookie", cookie)
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=30) as answer:
                return answer.status, (answer.headers["Set-Cookie"] or "").split(";")[0], answer.read()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, (answer.headers["Set-Cookie"] or "").split(";")[0], b""


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class RestartTests(unittest.TestCase):
    def test_visitors_do_not_notice_that_both_processes_restart(self):
        ports = [free_port(), free_port()]
        files = [
            self.enterContext(ConfigurationFile({"secretKey": KEY, "port": port, "trustedHosts": ["shop.example"]}))
            for port in ports
        ]
        processes = [Program(BIN / "ProxyPeer", file) for file in files]
        try:
            for process in processes:
                process.__enter__()
            proxy = self.enterContext(Upstreams(ports))
            visitors = [Visitor(f"http://127.0.0.1:{proxy.port}") for _ in range(4)]
            for visitor in visitors:
                visitor.start()
            for index, port in enumerate(ports):
                seen = [len(visitor.answers) for visitor in visitors]
                proxy.leave_out(port)
                self.assertEqual(processes[index].stop(), 0)
                processes[index].__exit__(None, None, None)
                processes[index] = Program(BIN / "ProxyPeer", files[index])
                processes[index].__enter__()
                proxy.leave_out(None)
                self.wait(visitors, seen)
            for visitor in visitors:
                visitor.stopped.set()
                visitor.join(30)
        finally:
            for process in processes:
                process.__exit__(None, None, None)
        answers = [answer for visitor in visitors for answer in visitor.answers]
        self.assertEqual({answer for answer in answers if answer not in [(200, "ada"), (302, "ada")]}, set())
        self.assertGreater(len(answers), 200)

    def wait(self, visitors, seen):
        """Until each visitor has got twenty answers more."""
        deadline = time.monotonic() + 60
        while any(len(visitor.answers) < count + 20 for visitor, count in zip(visitors, seen)):
            if time.monotonic() > deadline:
                raise AssertionError("The visitors get no answers.")
            time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()

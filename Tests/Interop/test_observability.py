# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The page of metrics of docs/OBSERVABILITY.md: Prometheus' own programs read it."""

import json
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import requests

from programs import BIN, ROOT, Program, plain_session, require_programs
from servers import Server, free_port


def setUpModule():
    require_programs("Monitoring")


def tool(name):
    program = shutil.which(name)
    if not program:
        raise AssertionError(f"{name} is missing: apt-get install prometheus, or brew install prometheus.")
    return program


def documented(name):
    """The block of this name in the document."""
    text = (ROOT / "docs/OBSERVABILITY.md").read_text()
    return re.search(rf"```{name}\n(.*?)```", text, re.DOTALL)[1]


class Site:
    """The example, with an application for visitors and another one for the page of metrics."""

    def __init__(self, test):
        self.port, self.metrics_port = free_port(), free_port()
        self.program = Program(
            BIN / "Monitoring", "--port", str(self.port), "--metrics-port", str(self.metrics_port))
        test.addCleanup(self.program.__exit__)
        deadline = time.monotonic() + 20
        while self.program.log.read_text().count("Running on") < 2:
            if self.program.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The example does not serve: {self.program.log.read_text()}")
            time.sleep(0.02)

    def get(self, path, port=None):
        with plain_session() as session:
            return session.get(f"http://127.0.0.1:{port or self.port}{path}", timeout=10)

    def metrics(self):
        return self.get("/metrics", self.metrics_port)


class Prometheus(Server):
    """A Prometheus server that reads one page, every 200 ms."""

    def __init__(self, target):
        super().__init__()
        self.target = target

    def prepare(self):
        documented_place = "127.0.0.1:9464"
        scrape = documented("yaml-scrape")
        assert documented_place in scrape
        Path(self.folder.name, "rules.yml").write_text(documented("yaml-rules"))
        Path(self.folder.name, "prometheus.yml").write_text(
            "global: {scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}\n"
            + "rule_files: [rules.yml]\n" + scrape.replace(documented_place, f"127.0.0.1:{self.target}"))

    def command(self):
        return [
            tool("prometheus"), "--config.file", f"{self.folder.name}/prometheus.yml", "--storage.tsdb.path",
            f"{self.folder.name}/data", "--web.listen-address", f"127.0.0.1:{self.port}",
        ]

    def answers(self):
        return self.ask(b"GET /-/ready HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 200")

    def read(self, path):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/api/v1/{path}", timeout=10) as answer:
            return json.load(answer)["data"]

    def value(self, query):
        """The number that a query gives; None while there is none."""
        found = self.read("query?" + urllib.parse.urlencode({"query": query}))["result"]
        return float(found[0]["value"][1]) if found else None

    def rules(self):
        """The health of each rule of the document, by its name."""
        return {rule["name"]: rule["health"] for group in self.read("rules")["groups"] for rule in group["rules"]}

    def wait_for(self, query, wanted):
        deadline = time.monotonic() + 30
        while (value := self.value(query)) != wanted:
            if time.monotonic() > deadline:
                raise AssertionError(f"{query} is {value}, and not {wanted}.")
            time.sleep(0.1)


class PrometheusTests(unittest.TestCase):
    def test_promtool_finds_nothing_wrong_with_the_page(self):
        site = Site(self)
        self.assertEqual(site.get("/").text, "You were here 1 times.")
        answer = site.metrics()
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertIn("\ndewar_sessions_created_total 1\n", answer.text)
        labels = '{operation="write",outcome="done",store="DirectoryStore"}'
        self.assertIn(f"\ndewar_sessions_store_duration_seconds_count{labels} 1\n", answer.text)
        self.assertEqual(self.complaints(answer.text), (0, ""))
        # What promtool would say: of a metric without a help text, and of a page that cannot be read.
        self.assertEqual(self.complaints(answer.text.replace("# HELP dewar_sessions_created_total", "# "))[0], 3)
        self.assertEqual(self.complaints(answer.text + "broken{\n")[0], 1)

    def test_promtool_takes_the_rules_of_the_document(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rules.yml")
            file.write_text(documented("yaml-rules"))
            run = subprocess.run([tool("promtool"), "check", "rules", file], capture_output=True, text=True, timeout=60)
            self.assertEqual(run.returncode, 0, run.stderr)
            # Each metric that an alert names is on the page of an application.
            page = (ROOT / "Sources/SessionsPrometheus/HelpTexts.swift").read_text()
            for name in re.findall(r"dewar_\w+?(?=(?:_bucket)?[\[{])", file.read_text()):
                self.assertIn(f'"{name}"', page)

    def complaints(self, page):
        run = subprocess.run(
            [tool("promtool"), "check", "metrics"], input=page, capture_output=True, text=True, timeout=60)
        return run.returncode, run.stdout + run.stderr

    def test_a_prometheus_server_reads_the_numbers(self):
        site = Site(self)
        for _ in range(3):
            site.get("/")
        with Prometheus(site.metrics_port) as prometheus:
            prometheus.wait_for("dewar_sessions_created_total", 3)
            prometheus.wait_for('sum(dewar_sessions_store_duration_seconds_count{operation="write"})', 3)
            # A call of the store takes less than ten seconds.
            prometheus.wait_for(
                'sum(dewar_sessions_store_duration_seconds_bucket{operation="write", le="10"})', 3)
            deadline = time.monotonic() + 30
            while "unknown" in (rules := prometheus.rules()).values() and time.monotonic() < deadline:
                time.sleep(0.1)
            self.assertEqual(set(rules.values()), {"ok"})
            self.assertEqual(len(rules), 4)

    def test_visitors_do_not_get_the_page(self):
        site = Site(self)
        self.assertEqual(site.get("/metrics").status_code, 404)
        # The page is on an address that another machine does not reach.
        log = site.program.log.read_text()
        self.assertIn(f"Running on http://127.0.0.1:{site.metrics_port}", log)

    def test_one_signal_stops_both(self):
        site = Site(self)
        self.assertEqual(site.program.stop(), 0)
        for port in (site.port, site.metrics_port):
            with self.assertRaises(requests.ConnectionError):
                site.get("/", port)

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""./bench --only overview with a few thousand sessions in each store: does it find what it says, and notice what is wrong?"""

import socketserver
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from programs import BIN, require_programs

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Benchmarks"))

from harness import listing, overview  # noqa: E402
from harness.overview import Found, Times  # noqa: E402
from harness.stream import Stream  # noqa: E402

STALL = 0.3


def setUpModule():
    require_programs("BenchServer", "StoreScale", "dewar")


class StoreTests(unittest.TestCase):
    def test_each_store_shows_its_pages_beside_a_stream(self):
        said = []
        found = overview.measure(4000, asks=3, program=BIN, say=lambda text, **_: said.append(text))
        self.assertEqual(list(found), list(overview.STORES))
        self.assertEqual(len(said), 3)
        for store, result in found.items():
            with self.subTest(store):
                self.assertEqual([len(times.values) for times in result.pages.values()], [3] * 4)
                # Two hundred a second, for five times three tenths of a second.
                self.assertGreater(len(result.alone.values), 250)
                self.assertGreater(len(result.beside.values), 0)
                self.assertEqual([len(times.values) for times in result.lists.values()], [3] * 3)
        self.assertEqual(overview.list_table(found).count("\n"), 4)
        self.assertEqual(overview.page_table(found).count("\n"), 5)
        self.assertEqual(overview.stream_table(found).count("\n"), 3)


class GoalTests(unittest.TestCase):
    def words(self, pages=(10,), alone=(1,), beside=(1,), **lists):
        lists = {name: Times(list(times)) for name, times in lists.items()}
        found = {"sqlite": Found({overview.FIRST: Times(list(pages))}, Times(list(alone)), Times(list(beside)), lists)}
        return [verdict.word for verdict in overview.verdicts(found)]

    def test_the_slowest_page_counts(self):
        self.assertEqual(self.words(pages=[10, 199.9]), ["ok", "ok", "ok"])
        self.assertEqual(self.words(pages=[10, 200, 10]), ["short", "ok", "ok"])

    def test_the_slowest_list_of_the_command_counts(self):
        self.assertEqual(self.words(fifty=[10, 199.9], thousand=[200]), ["ok", "ok", "short", "ok", "ok"])

    def test_requests_may_be_a_little_later_than_alone(self):
        limit = overview.LATER_LIMIT
        self.assertEqual(self.words(alone=[5] * 200, beside=[5 + limit] * 200), ["ok", "ok", "ok"])
        self.assertEqual(self.words(alone=[5] * 200, beside=[5] * 195 + [6 + limit] * 5), ["ok", "short", "ok"])

    def test_no_request_may_be_stopped(self):
        limit = overview.LATEST_LIMIT
        self.assertEqual(self.words(beside=[5] * 999 + [limit - 1]), ["ok", "ok", "ok"])
        self.assertEqual(self.words(beside=[5] * 999 + [limit]), ["ok", "ok", "short"])


class PageTests(unittest.TestCase):
    """A wrong page is no number."""

    def refused(self, walk, answer):
        next(walk)
        with self.assertRaisesRegex(RuntimeError, "Not so"):
            walk.send(answer)

    def test_a_page_without_what_was_asked_for_is_an_error(self):
        empty = b"<p>There are no sessions here.</p>"
        for name, walk in overview.walks(sessions=20_000, cursor="/5/", asks=2).items():
            with self.subTest(name):
                self.refused(walk, empty)

    def test_the_count_of_many_must_stop(self):
        self.refused(overview.first_page(1, 20_000), b"<h3>" * 20 + b"Next page")

    def test_the_page_of_a_user_with_many_must_say_so(self):
        self.refused(overview.robots(1, 1000), b"<bdi>robot</bdi>" * 50)

    def test_the_next_page_is_the_one_that_the_link_names(self):
        walk = overview.deep_pages(2, "/5/a")
        self.assertEqual(next(walk), "/admin/sessions?after=%2F5%2Fa")
        link = b'<a class="button" href="/admin/sessions?after=%2F6%2F&amp;over=day">Next page</a>'
        self.assertEqual(walk.send(b"<h3>First page" + link), "/admin/sessions?after=%2F6%2F&over=day")


class ListTests(unittest.TestCase):
    def test_a_list_with_too_few_sessions_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "dewar"
            program.write_text("#!/bin/sh\necho '[]'\n")
            program.chmod(0o700)
            with self.assertRaisesRegex(RuntimeError, "does not show a page of 50"):
                listing.measure(Path(folder), "sqlite:sessions", asks=1)


class StreamTests(unittest.TestCase):
    """A server that does one thing at a time, and takes long for one page."""

    def setUp(self):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                while request := self.request.recv(1000):
                    with lock:
                        time.sleep(STALL if b"/long" in request else 0)
                        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, request_queue_size = True, 50

        lock = threading.Lock()
        server = Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.stream = self.enterContext(Stream(server.server_address[1], [b"GET /short"], rate=200))

    def test_alone_each_is_answered_at_once(self):
        times = sorted(self.stream.alone(STALL))
        self.assertGreaterEqual(len(times), 0.9 * 200 * STALL)
        self.assertLess(times[len(times) // 2], 100)

    def test_every_request_that_was_due_meanwhile_counts_as_late(self):
        def pages():
            self.assertIn(b"ok", (yield b"GET /long"))

        times, pages = self.stream.beside(pages())
        self.assertEqual(len(pages), 1)
        self.assertGreaterEqual(pages[0], 1000 * STALL)
        late = [milliseconds for milliseconds in times if milliseconds > 1000 * STALL / 2]
        # Half of those that were due in that time waited for half of it or longer.
        self.assertGreaterEqual(len(late), 0.4 * 200 * STALL)


if __name__ == "__main__":
    unittest.main()

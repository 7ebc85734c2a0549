# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Requests at a fixed rate, whether or not those before them have been answered, and meanwhile one visitor who asks for page
after page.

A request counts from the moment at which it was due. A server that answers none for a second so has as many late answers as
requests came in that second, and not a single one.
"""

import select
import socket
import time
from collections import deque

from .load import is_whole

CONNECTIONS = 16
#: The longest that an answer may take before the measurement is given up.
PATIENCE = 30


class Connection:
    """An open connection, on which one request at a time is on its way."""

    def __init__(self, port, epoll):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self.socket.fileno()
        self.answer, self.due = b"", None
        epoll.register(self.number, select.EPOLLIN)

    def send(self, request, due):
        self.answer, self.due = b"", due
        self.socket.sendall(request)

    def receive(self):
        """Whether the answer is whole."""
        more = self.socket.recv(1 << 20)
        if not more:
            raise RuntimeError(f"The server hung up after {self.answer!r}.")
        self.answer += more
        if not is_whole(self.answer):
            return False
        if self.answer[9:12] != b"200":
            raise RuntimeError(f"The server answers with {self.answer!r}.")
        return True


class Stream:
    """The requests: at each turn the next of them."""

    def __init__(self, port, requests, rate):
        self.requests, self.rate, self.turn = requests, rate, 0
        self.epoll = select.epoll()
        self.visitors = [Connection(port, self.epoll) for _ in range(CONNECTIONS)]
        self.reader = Connection(port, self.epoll)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in (*self.visitors, self.reader):
            connection.socket.close()
        self.epoll.close()

    def alone(self, seconds):
        """The times of the answers in milliseconds, with nothing else to do for so long."""
        end = time.perf_counter() + seconds
        return self.run(lambda: time.perf_counter() < end)

    def beside(self, pages):
        """The same while pages are asked for, and the times of the pages.

        `pages` is a generator of requests, each of which is sent the answer to its own.
        """
        times = []
        request = next(pages, None)

        def goes_on():
            return request is not None

        def read(answer, milliseconds):
            nonlocal request
            times.append(milliseconds)
            try:
                request = pages.send(answer)
            except StopIteration:
                request = None
            return request

        return self.run(goes_on, request, read), times

    def run(self, goes_on, page=None, read=None):
        clock, start, due_count = time.perf_counter, time.perf_counter(), 0
        named = {connection.number: connection for connection in (*self.visitors, self.reader)}
        idle, busy, late, times = deque(self.visitors), 0, deque(), []
        if page:
            self.reader.send(page, clock())
        while (wanted := goes_on()) or busy:
            while wanted and start + due_count / self.rate <= clock():
                late.append(start + due_count / self.rate)
                due_count += 1
            while late and idle:
                idle.popleft().send(self.requests[self.turn], late.popleft())
                self.turn = (self.turn + 1) % len(self.requests)
                busy += 1
            pause = max(0, start + due_count / self.rate - clock()) if wanted else PATIENCE
            events = self.epoll.poll(pause)
            if not wanted and not events:
                raise RuntimeError(f"{busy} requests have no answer after {PATIENCE} seconds.")
            for number, _ in events:
                connection = named[number]
                if not connection.receive():
                    continue
                milliseconds = (clock() - connection.due) * 1000
                if connection is self.reader:
                    if following := read(connection.answer, milliseconds):
                        connection.send(following, clock())
                else:
                    times.append(milliseconds)
                    idle.append(connection)
                    busy -= 1
        return times

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Load on two pages by turns, many times a second, and what each cost its server.

A machine in a cloud changes its speed within a second, and two slices of a second each would differ by more than a session
costs. Turns of a twentieth of a second meet the same machine.
"""

import os
import re
import select
import socket
import time
from dataclasses import dataclass

CONNECTIONS = 8
#: Enough for a server on all cores to have something to do, and half as many as there are visitors: no visitor asks twice at once.
MANY_CONNECTIONS = 32
TURN = 0.05
TURNS = 10
FINE_TURNS = 40

LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Slice:
    """What some load came to."""
    requests: int
    seconds: float
    #: The server's CPU time per request, in microseconds; None where it is not the question.
    cost: float | None = None

    @property
    def rate(self):
        """Requests a second."""
        return self.requests / self.seconds


def pair(reference, page, turns=TURNS):
    """A slice each of two `(server, path)`, by turns. Both are asked by `CONNECTIONS` visitors at a time.

    A server without sessions gets the other one's cookies: that a field is read is no cost of a session.
    """
    cookies = reference[0].cookies if any(reference[0].cookies) else page[0].cookies
    with Load(*reference, cookies) as first, Load(*page, page[0].cookies) as second:
        for load in (first, second):
            load.run(0)  # Opens what is opened at the first request of a connection.
            load.forget()
        for turn in range(turns):
            # Each comes first every other time: a machine that grows slower does so for both.
            for load in (first, second) if turn % 2 else (second, first):
                load.run(TURN)
        return first.slice(), second.slice()


class Load:
    """Open connections to one page, on which requests of all visitors follow each other in turn."""

    def __init__(self, server, path, cookies):
        self.server = server
        self.requests = [
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\n\r\n".encode()
            for cookie in cookies
        ]
        self.turn = 0
        self.forget()

    def __enter__(self):
        self.epoll = select.epoll()
        self.connections = {}
        for _ in range(MANY_CONNECTIONS if self.server.has_all_cores else CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections[connection.fileno()] = connection
            self.epoll.register(connection, select.EPOLLIN)
        return self

    def __exit__(self, *_):
        self.epoll.close()
        for connection in self.connections.values():
            connection.close()

    def forget(self):
        self.answers, self.seconds, self.cpu = 0, 0.0, 0

    def slice(self):
        return Slice(self.answers, self.seconds, self.cpu / 1000 / self.answers)

    def run(self, seconds):
        """Asks on all connections for so long, at least once, and waits for the last answers."""
        os.sched_setaffinity(0, self.server.load_cores)
        cpu, start = self.server.cpu_nanoseconds(), time.perf_counter()
        end = start + seconds
        requests, visitors, turn, answers = self.requests, len(self.requests), self.turn, 0
        connections, poll, clock = self.connections, self.epoll.poll, time.perf_counter
        for connection in connections.values():
            connection.send(requests[turn])
            turn = (turn + 1) % visitors
        waiting = len(connections)
        while waiting:
            for number, _ in poll(20) or self.fail(b"no answer"):
                connection = connections[number]
                answer = connection.recv(65536)
                if not is_whole(answer):
                    answer = self.rest(connection, answer)
                if answer[9:12] != b"200":
                    self.fail(answer)
                answers += 1
                if clock() < end:
                    connection.send(requests[turn])
                    turn = (turn + 1) % visitors
                else:
                    waiting -= 1
        self.turn = turn
        self.answers += answers
        self.seconds += clock() - start
        self.cpu += self.server.cpu_nanoseconds() - cpu

    def rest(self, connection, answer):
        """The whole of an answer that comes in pieces."""
        while not is_whole(answer):
            more = connection.recv(65536)
            answer = answer + more if more else self.fail(answer)
        return answer

    def fail(self, answer):
        raise RuntimeError(f"{self.server.name} answers {self.requests[0]!r} with {answer!r}")


def is_whole(answer):
    """Whether a response has all of its body: as many bytes as it says, or the last chunk."""
    end = answer.find(b"\r\n\r\n") + 4
    if end < 4:
        return False
    length = LENGTH.search(answer, 0, end)
    return len(answer) - end >= int(length[1]) if length else answer.endswith(b"0\r\n\r\n")

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What is compared with what."""

from .peers import GORILLA_COOKIES
from .postgres import PGBENCH
from .servers import BARE

HELLO, READING, WRITING = PAGES = ("/hello", "/", "/count")
BARE_PAGE = (BARE, HELLO)

#: The bare page with itself: how near to nothing a difference of nothing comes.
CONTROL = (BARE_PAGE, BARE_PAGE)
#: Whose difference should be a part of a microsecond, and which take more turns for that.
FINE = {CONTROL, (BARE_PAGE, ("hummingbird flask", HELLO))}
POSTGRES = (PGBENCH, ("hummingbird postgres", WRITING))
#: What a second core is to a store in which one connection writes at a time.
ALL_CORES = (("hummingbird sqlite", WRITING), ("cores sqlite", WRITING))


def base(server):
    """The page without a session that a server's pages are compared with: bare Hummingbird's, or its own."""
    return (server.base or server.name, HELLO)


def gorilla(page):
    """Dewar's whole requests beside gorilla's, both with signed cookies."""
    return ((GORILLA_COOKIES, page), ("hummingbird flask", page))


def of_server(server):
    """The pairs in which a server's pages are compared with a page without a session."""
    return [(base(server), (server.name, page)) for page in server.pages if (server.name, page) != base(server)]


def all_pairs(servers):
    """All pairs of a round, except pgbench's, in their order."""
    names = {server.name for server in servers}
    pairs = [CONTROL]
    for server in servers:
        if not server.has_all_cores:
            pairs += of_server(server)
    wanted = [gorilla(READING), gorilla(WRITING), ALL_CORES]
    return pairs + [pair for pair in wanted if all(name in names for name, _ in pair)]

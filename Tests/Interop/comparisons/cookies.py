# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The `Cookie` and `Set-Cookie` fields, as Werkzeug reads and writes them."""

import re

from werkzeug.http import dump_cookie
from werkzeug.sansio.http import parse_cookie

from comparisons.comparison import Comparison, Row
from comparisons.mutation import Seeds, latin1, text
from comparisons.values import canonical

QUOTED = Row("A value in quotes may hold a `;`, and names and values are trimmed of all of Unicode's white space.")
GIVEN = Row("`set_cookie` writes what it is given.")
NAMEPREP = Row("A domain beyond ASCII is prepared by all rules of Nameprep.")
REPAIRED = Row(
    "`set_cookie` writes a name with a `;`, a `=` or a control character, and a domain that is no host name, as they are.")
UNSLASH = re.compile(rb"\\([0-3][0-7]{2}|.)")


class CookieHeaders(Comparison):
    kind = "cookie-header"
    share = 15
    words = [b";", b"=", b'"', b"\\", b" ", b"\t", b"\\073", b"\\303\\251", b"; ", b'="', b'";', b"\x85", b"\xa0", b"\n", b"a=b"]

    def __init__(self):
        self.seeds = Seeds("cookie-header")

    def case(self, rng):
        return [latin1(self.seeds.mutated(rng, self.words))]

    def flask(self, case):
        return canonical(parse_cookie(case[0], list) if case[0] else [])

    def departure(self, case, flask, dewar):
        return QUOTED if canonical(self.documented(case[0])) == dewar else None

    @staticmethod
    def documented(header):
        """What the row says: each pair ends at a semicolon, and only spaces and tabs are trimmed."""
        pairs = []
        for pair in header.split(";"):
            name, _, value = pair.partition("=")
            name, value = name.strip(" \t"), value.strip(" \t")
            if len(value) >= 2 and value[0] == value[-1] == '"':
                value = UNSLASH.sub(unslashed, value[1:-1].encode()).decode(errors="replace")
            if name:
                pairs.append((name, value))
        return pairs


def unslashed(match):
    return match[1] if len(match[1]) == 1 else bytes([int(match[1], 8)])


DOMAIN = re.compile("; Domain=[^;]*")


class SetCookies(Comparison):
    kind = "set-cookie"
    share = 10
    words = [b";", b"=", b'"', b"\\", b" ", b"\xc3\xa9", b".", b"-", b"/", b"%", b"\x1a", b"__Host-", b"example.com", b":80"]

    def __init__(self):
        self.seeds = Seeds("set-cookie", skip=1)

    def case(self, rng):
        name, value, domain, path = (self.part(rng, index) for index in range(4))
        return [
            name, value, rng.choice([None, None, domain]), rng.choice([None, str(rng.randint(-(10**11), 3 * 10**11))]),
            rng.choice([None, str(rng.randint(-5, 10**9))]), rng.choice([None, path]),
            rng.choice([None, "Lax", "strict", "NONE", "other"]), "".join(rng.sample("shp", rng.randint(0, 3)))]

    def part(self, rng, index):
        """A part of a seed, changed now and then: browsers refuse most of what is changed much."""
        parts = self.seeds.take(rng).split(b"\n", 3)
        data = bytearray(parts[index] if index < len(parts) else b"")
        if rng.random() < 0.4:
            self.seeds.change(rng, data, self.words)
        return text(bytes(data)).replace("\n", "")

    def flask(self, case):
        name, value, domain, expires, age, path, same_site, flags = case
        try:
            line = dump_cookie(
                name, value, max_age=age and int(age), expires=expires and int(expires), path=path, domain=domain,
                secure="s" in flags, httponly="h" in flags, samesite=same_site, partitioned="p" in flags,
                sync_expires=False, max_size=0)
            # WSGI's text has a character for each byte.
            return canonical((line.encode("latin-1").decode(), True))
        except (ValueError, OverflowError):
            return None

    def departure(self, case, flask, dewar):
        """The peer says whether the cookie passes `validate`; a cookie that does is the one that Werkzeug writes."""
        if dewar is None:
            return None
        if not dewar.endswith("f)"):
            return self.prepared(case, flask, dewar)
        if flask is None or flask[:-2] == dewar[:-2]:
            return GIVEN
        return REPAIRED if re.search("[\0-\x1f\x7f;=]", case[0]) or case[2] is not None else None

    @staticmethod
    def prepared(case, flask, dewar):
        """Only the domain may be another one, and only if it is beyond ASCII; Werkzeug may refuse it."""
        if (case[2] or "").isascii():
            return None
        rest = [answer and DOMAIN.sub("", answer.partition(":")[2]) for answer in (flask, dewar)]
        return NAMEPREP if flask is None or rest[0] == rest[1] else None

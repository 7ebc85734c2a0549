# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Dates, as Werkzeug reads and writes them."""

from datetime import timedelta

from werkzeug.http import http_date, parse_date

from comparisons.comparison import Comparison, Row
from comparisons.mutation import Seeds, text
from comparisons.values import EPOCH, canonical

UNWRITABLE = Row("A date that its zone moves out of the years 1 to 9999 is read, and gives status 500 when the session is saved.")


class Dates(Comparison):
    kind = "date"
    share = 5
    words = [
        b" ", b",", b":", b"-", b"+", b".", b"0", b"99", b"1994", b"Nov", b"november", b"Sun,", b"GMT", b"EST", b"+0100", b"-2400",
        b"08:49:37", b"\xd9\xa3", b"_", b"\x1c", b"\xc2\xa0", b"\xc2\xb2", b"9999", b"31 Dec"]

    def __init__(self):
        self.seeds = Seeds("http-date")

    def case(self, rng):
        return [text(self.seeds.mutated(rng, self.words))]

    def flask(self, case):
        try:
            moment = parse_date(case[0])
        except OverflowError:
            return None
        if moment is None:
            return None
        try:
            written = http_date(moment)
        except (OverflowError, ValueError):
            written = None
        return canonical(((moment - EPOCH) // timedelta(seconds=1), written))

    def departure(self, case, flask, dewar):
        return UNWRITABLE if dewar is None and flask.endswith(";n)") else None

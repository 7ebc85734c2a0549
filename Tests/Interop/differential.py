# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Random inputs through real Flask, Werkzeug and itsdangerous and through Dewar, which must agree.

    differential.py COUNT [--kind KIND] [--seed N]

Both sides must accept or refuse a case alike, and make the same values of it. Where they differ, a row in the tables of
docs/FLASK.md must say that they differ just so; every other difference is printed, and is a failure. The folder
`comparisons` has the cases, and the executable DifferentialPeer is Dewar's side.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from comparisons import cookies, dates, forms, routes, sessions
from flask import Flask
from programs import BIN

ROOT = Path(__file__).resolve().parents[2]
BATCH = 500
SHOWN = 40

COMPARISONS = [
    cookies.CookieHeaders, cookies.SetCookies, sessions.TaggedJSON, sessions.Tokens, forms.Queries, forms.Forms,
    forms.Parameters, dates.Dates, routes.Rules, routes.Routes, routes.URLs,
]


class Peer:
    """The executable DifferentialPeer, which stays open."""

    def __enter__(self):
        self.process = subprocess.Popen([BIN / "DifferentialPeer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def ask(self, kind, cases):
        self.process.stdin.write(json.dumps({"kind": kind, "cases": cases}).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"DifferentialPeer has ended with status {self.process.wait(10)} at cases of {kind}")
        return json.loads(line)


class Run:
    """So many cases, and what became of them."""

    def __init__(self, seed):
        self.seed = seed
        self.cases, self.accepted, self.departures = Counter(), Counter(), Counter()
        self.disagreements = []

    def compare(self, peer, comparison, number):
        """One batch; the number and the seed repeat it."""
        rng = random.Random(f"{self.seed} {comparison.kind} {number}")
        size = max(BATCH // comparison.weight([]), 1)
        cases = [comparison.case(rng) for _ in range(size)]
        for case, dewar in zip(cases, peer.ask(comparison.kind, cases), strict=True):
            flask = comparison.flask(case)
            self.cases[comparison.kind] += comparison.weight(case)
            self.accepted[comparison.kind] += comparison.weight(case) * (flask is not None)
            if flask == dewar:
                continue
            row = comparison.departure(case, flask, dewar)
            if row is None:
                self.disagreements.append((comparison.kind, case, flask, dewar))
            else:
                self.departures[comparison.kind, row.text] += 1

    def report(self):
        for kind, count in self.cases.items():
            print(f"{kind}: {count} cases, {self.accepted[kind]} accepted")
        for (kind, row), count in sorted(self.departures.items()):
            print(f"{kind}: {count} as the row says: {row}")
        for kind, case, flask, dewar in self.disagreements[:SHOWN]:
            print(f"\n{kind}: {case!r}\n    Flask {flask!r}\n    Dewar {dewar!r}")
        print(f"{sum(self.cases.values())} cases of seed {self.seed}, {len(self.disagreements)} disagreements")


def run(count, seed, kinds=None):
    """Batches of all kinds in turn, each as often as its share asks for, until there are as many cases."""
    result = Run(seed)
    numbers = Counter()
    # Outside of an application Flask would write the keys in the order of the dictionary.
    with Peer() as peer, Flask("comparison").app_context():
        comparisons = [kind() for kind in COMPARISONS if not kinds or kind.kind in kinds]
        while sum(result.cases.values()) < count:
            comparison = min(comparisons, key=lambda one: result.cases[one.kind] / one.share)
            result.compare(peer, comparison, numbers[comparison.kind])
            numbers[comparison.kind] += 1
    return result


def rows_that_are_missing(result):
    """The rows that the run has named, and that docs/FLASK.md has not."""
    table = (ROOT / "docs/FLASK.md").read_text()
    return sorted({row for _, row in result.departures if f"\n| {row} | " not in table})


def main():
    parser = argparse.ArgumentParser(description="Compares Dewar with real Flask on random inputs.")
    parser.add_argument("count", type=int)
    parser.add_argument("--kind", action="append", choices=[kind.kind for kind in COMPARISONS])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    started = time.monotonic()
    result = run(options.count, options.seed, options.kind)
    result.report()
    print(f"in {time.monotonic() - started:.0f} s")
    missing = rows_that_are_missing(result)
    for row in missing:
        print(f"docs/FLASK.md has no row that begins: {row}")
    sys.exit(1 if result.disagreements or missing else 0)


if __name__ == "__main__":
    main()

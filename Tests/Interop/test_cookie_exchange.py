# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""500 random sessions each way between real Flask and Dewar, under keys that are rotated.

Dewar's side is the executable CookiePeer. `DEWAR_SEED=N` repeats a run.
"""

import json
import os
import random
import re
import subprocess
import sys
import unittest
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from uuid import UUID

from flask_peer import FlaskPeer, cookie_of, from_tagged_json, tagged_json, typed
from markupsafe import Markup
from programs import BIN

PEER = BIN / "CookiePeer"
SEED = int(os.environ.get("DEWAR_SEED") or random.SystemRandom().randrange(2**32))
CASES = 500


def setUpModule():
    print(f"\n500 random sessions each way: DEWAR_SEED={SEED}", file=sys.stderr)


class CookieExchangeTests(unittest.TestCase):
    def setUp(self):
        self.cases = [Case(random.Random(f"{SEED} {number}")) for number in range(CASES)]

    def test_flask_opens_what_dewar_wrote(self):
        for number, (case, line) in enumerate(zip(self.cases, write_with_dewar(self.cases))):
            opened = FlaskPeer(case.reader, case.reader_fallbacks).read(case.amid_others(cookie_of(line)))
            self.check(number, case, opened)

    def test_dewar_opens_what_flask_wrote(self):
        lines = [FlaskPeer(case.writer, case.writer_fallbacks).set_cookie(case.values) for case in self.cases]
        headers = [case.amid_others(cookie_of(line)) for case, line in zip(self.cases, lines)]
        for number, (case, opened) in enumerate(zip(self.cases, read_with_dewar(self.cases, headers))):
            self.check(number, case, opened)

    def test_both_write_the_same_json_and_attributes(self):
        for number, (case, line) in enumerate(zip(self.cases, write_with_dewar(self.cases))):
            flask = FlaskPeer(case.writer)
            own = flask.set_cookie(case.values)
            message = f"seed {SEED}, case {number}"
            self.assertEqual(flask.json(cookie_of(line)), flask.json(cookie_of(own)), message)
            self.assertEqual(without_changing_parts(line), without_changing_parts(own), message)

    def test_the_cases_cover_what_they_should(self):
        outcomes = {(case.scenario, case.is_accepted) for case in self.cases}
        self.assertEqual(len(outcomes), len(Case.SCENARIOS))
        kinds = set(re.findall(r"'(NoneType|bool|int|float|str|Markup|bytes|UUID|datetime|list|tuple|dict)', ",
                               "".join(repr(typed(case.values)) for case in self.cases)))
        self.assertEqual(len(kinds), 12)

    def check(self, number, case, opened):
        expected = case.values if case.is_accepted else {}
        self.assertEqual(typed(opened), typed(expected), f"seed {SEED}, case {number}, {case.scenario}")


class Case:
    """A random session, the keys of the side that writes it, and the keys of the side that reads it."""

    SCENARIOS = ("one key", "rotated key", "retired key", "the current key signs", "fallbacks do not sign")

    def __init__(self, rng):
        self.rng = rng
        self.values = {random_text(rng): random_value(rng, 4) for _ in range(rng.randint(1, 6))}
        if rng.random() < 0.2:
            self.values["_permanent"] = True
        self.scenario = rng.choice(self.SCENARIOS)
        old, new, *others = (random_key(rng) for _ in range(rng.randint(2, 5)))
        self.writer, self.writer_fallbacks, self.reader, self.reader_fallbacks = {
            "one key": (new, others, new, others),
            "rotated key": (old, [], new, shuffled(rng, [old, *others])),
            "retired key": (old, [], new, others),
            "the current key signs": (new, [old, *others], new, []),
            "fallbacks do not sign": (new, [old, *others], old, []),
        }[self.scenario]
        self.is_accepted = self.scenario not in ("retired key", "fallbacks do not sign")

    def amid_others(self, cookie):
        """A `Cookie` header in which other sites' cookies stand around the session."""
        before = self.rng.sample(["theme=dark", "a=1,2|3%zz", 'q="x;y"', "sessio=n", "Session=no", "empty="], 2)
        return "; ".join([*before, cookie, "last=1"])


def write_with_dewar(cases):
    answers = ask_dewar(
        {"op": "write", "json": tagged_json(case.values), **keys(case.writer, case.writer_fallbacks)} for case in cases)
    return [answer["set_cookie"] for answer in answers]


def read_with_dewar(cases, headers):
    answers = ask_dewar(
        {"op": "read", "cookie": header, **keys(case.reader, case.reader_fallbacks)}
        for case, header in zip(cases, headers))
    return [from_tagged_json(answer["json"]) if answer.get("json") else {} for answer in answers]


def ask_dewar(requests):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    peer = subprocess.run([PEER], input=lines.encode(), capture_output=True, timeout=120)
    if peer.returncode != 0:
        raise AssertionError(f"CookiePeer ended with status {peer.returncode}: {peer.stderr.decode()[-2000:]}")
    return [json.loads(line) for line in peer.stdout.splitlines()]


def keys(key, fallbacks):
    return {"key": base64(key), "fallbacks": [base64(fallback) for fallback in fallbacks]}


def base64(key):
    return b64encode(key.encode() if isinstance(key, str) else key).decode()


def without_changing_parts(set_cookie):
    """A `Set-Cookie` header without what depends on the second in which it was made."""
    return re.sub(r"(Expires=|^session=)[^;]*", r"\1", set_cookie)


# Random values


def random_key(rng):
    """Text or bytes; every key is another one."""
    return rng.randbytes(rng.randint(8, 80)) if rng.random() < 0.5 else f"{rng.getrandbits(64)} {random_text(rng)}"


def random_value(rng, depth):
    containers = [random_list, random_tuple, random_dict] if depth else []
    return rng.choice(SCALARS + containers * 3)(rng, depth)


def random_list(rng, depth):
    return [random_value(rng, depth - 1) for _ in range(rng.randint(0, 5))]


def random_tuple(rng, depth):
    return tuple(random_list(rng, depth))


def random_dict(rng, depth):
    if rng.random() < 0.2:
        # One entry under a key that looks like one of Flask's tags.
        return {rng.choice([" t", " b", " m", " u", " d", " di", " t__", " di__", " x"]): random_value(rng, depth - 1)}
    return {random_text(rng): random_value(rng, depth - 1) for _ in range(rng.randint(0, 5))}


def random_text(rng, depth=0):
    alphabets = [
        "abcXYZ 019_-", "\"\\/\x00\x01\x1f\x7f\b\f\n\r\t", "<script>&'\"", "äßñøé", "e\u0301a\u0308\u200d\ufeff",
        "日本語한국中文", "🧪🍶👩‍🔬\U0010ffff", "\u2028\u2029\ud7ff\ue000\uffff", " t__ di",
    ]
    return "".join(rng.choice(rng.choice(alphabets)) for _ in range(rng.choice([0, 1, 3, 8, 8, 40])))


def random_integer(rng, depth):
    sign = rng.choice([-1, 1])
    return rng.choice([
        0, rng.randint(-1000, 1000), sign * (2 ** rng.choice([31, 32, 53, 62, 63, 64, 200]) + rng.randint(-2, 2)),
        sign * rng.getrandbits(rng.randint(1, 1500)),
    ])


def random_float(rng, depth):
    return rng.choice([
        0.0, -0.0, 1.0, 0.1, 1e16, 1e-5, 1e22, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"),
        float("nan"), rng.uniform(-1e6, 1e6), rng.gauss(0, 1) * 10.0 ** rng.randint(-300, 300),
    ])


def random_moment(rng, depth):
    moment = datetime(1000, 1, 2) + timedelta(days=rng.randrange(3_287_000), microseconds=rng.randrange(86_400_000_000))
    zone = rng.choice([None, timezone.utc, timezone(timedelta(minutes=rng.randint(-720, 840)))])
    return moment.replace(tzinfo=zone)


def shuffled(rng, items):
    return rng.sample(items, len(items))


SCALARS = [
    lambda rng, depth: None,
    lambda rng, depth: rng.random() < 0.5,
    random_integer,
    random_float,
    random_text,
    lambda rng, depth: Markup(random_text(rng)),
    lambda rng, depth: rng.randbytes(rng.choice([0, 1, 2, 3, 16, 100])),
    lambda rng, depth: UUID(int=rng.getrandbits(128)),
    random_moment,
]

if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""500 random records each way between Flask-Session's own serializer and Dewar, in both of its formats.

Dewar's side is the executable CookiePeer. `DEWAR_SEED=N` repeats a run.
"""

import os
import random
import sys
import unittest
from base64 import b64decode, b64encode
from datetime import datetime, timezone
from uuid import UUID

import msgspec
from flask import Flask
from flask_peer import from_tagged_json, tagged_json, typed
from flask_session.base import MsgSpecSerializer
from test_cookie_exchange import ask_dewar, random_float, random_moment, random_text

SEED = int(os.environ.get("DEWAR_SEED") or random.SystemRandom().randrange(2**32))
CASES = 500
FORMATS = ("msgpack", "json")


def setUpModule():
    print(f"\n500 random records each way: DEWAR_SEED={SEED}", file=sys.stderr)


class FlaskSessionTests(unittest.TestCase):
    def setUp(self):
        self.serializers = {name: MsgSpecSerializer(Flask("peer"), name) for name in FORMATS}
        self.cases = [Case(random.Random(f"{SEED} {number}")) for number in range(CASES)]

    def test_flask_session_reads_what_dewar_wrote(self):
        for name, serializer in self.serializers.items():
            answers = ask_dewar(
                {"op": "write_record", "json": tagged_json(case.values), "is_json": name == "json"}
                for case in self.cases)
            for case, answer in zip(self.cases, answers):
                record = b64decode(answer["record"])
                expected = serializer.decode(serializer.encode(case.values))
                self.assertEqual(typed(serializer.decode(record)), typed(expected), case)

    def test_both_write_the_same_message_pack(self):
        answers = ask_dewar({"op": "write_record", "json": tagged_json(case.values)} for case in self.cases)
        for case, answer in zip(self.cases, answers):
            self.assertEqual(b64decode(answer["record"]), self.serializers["msgpack"].encode(case.values), case)

    def test_dewar_reads_what_flask_session_wrote(self):
        for name, serializer in self.serializers.items():
            records = [serializer.encode(case.values) for case in self.cases]
            # Dewar is set to the other format: both are read in any case.
            answers = ask_dewar(
                {"op": "read_record", "record": b64encode(record).decode(), "is_json": name != "json"}
                for record in records)
            for case, record, answer in zip(self.cases, records, answers):
                self.assertEqual(typed(from_tagged_json(answer["json"])), typed(serializer.decode(record)), case)

    def test_what_dewar_does_not_change_stays_and_its_copy_is_the_same(self):
        serializer = self.serializers["msgpack"]
        records = [serializer.encode(case.values) for case in self.cases]
        answers = ask_dewar({"op": "copy_record", "record": b64encode(record).decode()} for record in records)
        for case, record, answer in zip(self.cases, records, answers):
            values = serializer.decode(b64decode(answer["record"]))
            copies = values.pop("copies")
            # Compared as bytes: microseconds count, and so does -0.0.
            self.assertEqual(serializer.encode(values), record, case)
            self.assertEqual(msgspec.msgpack.encode(copies), msgspec.msgpack.encode(list(values.values())), case)

    def test_what_swift_has_no_value_for_survives(self):
        values = {
            "keys": {1: "a", 2.5: "b", None: "c", True: "d"}, "exact": datetime.max.replace(tzinfo=timezone.utc),
            "naive": datetime(2024, 1, 2, 3, 4, 5, 678901), "set": {7},
        }
        record = self.serializers["msgpack"].encode(values)
        [answer] = ask_dewar([{"op": "copy_record", "record": b64encode(record).decode()}])
        after = self.serializers["msgpack"].decode(b64decode(answer["record"]))
        del after["copies"]
        self.assertEqual(self.serializers["msgpack"].encode(after), record)

    def test_what_flask_session_cannot_store_dewar_refuses(self):
        for json in ('{"x":{" m":"<b>"}}', '{"x":18446744073709551616}', '{"x":-9223372036854775809}'):
            with self.assertRaises((TypeError, OverflowError)):
                msgspec.msgpack.encode(from_tagged_json(json))
            [answer] = ask_dewar([{"op": "write_record", "json": json}])
            self.assertNotIn("record", answer)

    def test_damaged_records_are_refused_or_read_alike(self):
        serializer = self.serializers["msgpack"]
        rng = random.Random(f"{SEED} damage")
        records = [damaged(rng, serializer.encode(case.values)) for case in self.cases for _ in range(4)]
        answers = ask_dewar({"op": "read_record", "record": b64encode(record).decode()} for record in records)
        agreed = 0
        for record, answer in zip(records, answers):
            theirs = decoded(record)
            if isinstance(theirs, dict) and is_plain(theirs):
                self.assertEqual(typed(from_tagged_json(answer["json"])), typed(theirs), record)
                agreed += 1
            elif theirs is None:
                self.assertNotIn("json", answer, record)
        self.assertGreater(agreed, 100)

    def test_the_cases_cover_what_they_should(self):
        kinds = "".join(repr(typed(case.values)) for case in self.cases)
        for kind in ("NoneType", "bool", "int", "float", "str", "bytes", "UUID", "datetime", "list", "tuple", "dict"):
            self.assertIn(f"'{kind}', ", kinds)


class Case:
    """A session with a random value of each of some kinds, all of which Flask-Session can store."""

    def __init__(self, rng):
        self.values = {random_text(rng): random_value(rng, 4) for _ in range(rng.randint(1, 6))}
        # Alone, the mark of a permanent session is no session.
        self.values["name"] = "bob"
        if rng.random() < 0.5:
            self.values["_permanent"] = True

    def __repr__(self):
        return f"seed {SEED}: {self.values!r}"


def random_value(rng, depth):
    return rng.choice(SCALARS + ([random_list, random_tuple, random_dict] * 3 if depth else []))(rng, depth)


def random_list(rng, depth):
    count = rng.choice([0, 1, 3, 5, 15, 16, 17]) if depth == 1 else 3
    return [random_value(rng, depth - 1) for _ in range(count)]


def random_tuple(rng, depth):
    return tuple(random_list(rng, depth))


def random_dict(rng, depth):
    count = rng.choice([0, 1, 2, 15, 16, 20]) if depth == 1 else 3
    return {random_text(rng): random_value(rng, depth - 1) for _ in range(count)}


def random_integer(rng, depth):
    bound = 2 ** rng.choice([0, 5, 7, 8, 15, 16, 31, 32, 63])
    return min(max(rng.choice([-1, 1]) * bound + rng.randint(-2, 2), -2**63), 2**64 - 1)


def random_time(rng, depth):
    """A moment in whole seconds of UTC: it comes to Dewar in tagged JSON, which keeps no more."""
    return random_moment(rng, depth).replace(microsecond=0, tzinfo=timezone.utc)


def damaged(rng, record):
    record = bytearray(record)
    for _ in range(rng.randint(1, 3)):
        record[rng.randrange(len(record))] = rng.randrange(256)
    return bytes(record if rng.random() < 0.8 else record[: rng.randrange(len(record))])


def decoded(record):
    """What Flask-Session reads from a record, pickle apart; None when it reads nothing."""
    for decoder in (msgspec.msgpack.Decoder(), msgspec.json.Decoder()):
        try:
            return decoder.decode(record)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return None


def is_plain(value):
    """Whether there is nothing in a value that a session in Swift holds otherwise."""
    match value:
        case dict():
            return all(type(key) is str and is_plain(item) for key, item in value.items())
        case list():
            return all(map(is_plain, value))
        case None | bool() | int() | float() | str() | bytes() | datetime():
            return True
    return False


SCALARS = [
    lambda rng, depth: None,
    lambda rng, depth: rng.random() < 0.5,
    random_integer,
    random_float,
    random_text,
    lambda rng, depth: "é" * rng.choice([15, 16, 127, 128]),
    lambda rng, depth: rng.randbytes(rng.choice([0, 1, 2, 16, 255, 256])),
    lambda rng, depth: UUID(int=rng.getrandbits(128)),
    random_time,
]

if __name__ == "__main__":
    unittest.main()

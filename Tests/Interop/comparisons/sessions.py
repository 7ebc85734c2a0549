# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Flask's JSON of sessions, and Flask's session cookies."""

import base64
import hashlib
import json
import re
import zlib
from datetime import datetime, timedelta, timezone
from uuid import UUID

from flask.json.tag import TagDateTime, TaggedJSONSerializer, TagMarkup, TagUUID
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from comparisons.comparison import Comparison, Row
from comparisons.dates import UNWRITABLE
from comparisons.mutation import Seeds, latin1
from comparisons.values import EPOCH, canonical, without_surrogates

SERIALIZER = TaggedJSONSerializer()
SURROGATES = Row("Text that is half a surrogate pair stays so.")
HUGE = Row("A number in a date that is beyond those of C gives status 500.")
SPELLINGS = Row("A UUID is read from any text that Python's `UUID` takes: with underscores, `0x`, a sign, or `urn:` within.")
DEPTH = Row("Python's recursion limit bounds nesting, beyond it is status 500.")
MARKUP = Row("Markup of what is no text is Python's `str` of it.")
TWICE = Row("Of two entries with the same key the first need not be readable.")

WORDS = [
    *(b'"%s"' % tag for tag in [b" t", b" b", b" m", b" u", b" d", b" di", b" t__", b""]),
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u00e9", b"\\ud83d\\ude00", b"\\ud800", b"\xc3\xa9", b"null",
    b"true", b"NaN",
    b"-Infinity", b"1e5", b"-0.0", b"0", b"12345678901234567890", b" ", b"\n", b'{" t":[', b'{" d":"', b'{" u":"', b'{" b":"', b"=",
    b"urn:", b"uuid:", b"{}", b"-", b"_", b"GMT", b"+", b"\t",
]


class DocumentedUUID(TagUUID):
    """The spellings that Dewar reads."""

    def to_python(self, value):
        if not isinstance(value, str):
            raise TypeError
        digits = value.removeprefix("urn:").removeprefix("uuid:").strip("{}").replace("-", "")
        if not re.fullmatch("[0-9A-Fa-f]{32}", digits):
            Documented.rows.add(SPELLINGS)
            raise ValueError
        return UUID(digits)


class DocumentedDate(TagDateTime):
    """Null for a date that cannot be written."""

    def to_python(self, value):
        try:
            moment = super().to_python(value)
        except OverflowError:
            Documented.rows.add(HUGE)
            return None
        if moment is not None:
            try:
                moment.astimezone(timezone.utc)
            except OverflowError:
                Documented.rows.add(UNWRITABLE)
                return None
        return moment


class DocumentedMarkup(TagMarkup):
    """Notes what is no text: what Dewar makes of it is not said here."""

    def to_python(self, value):
        if isinstance(value, (list, tuple, dict, bytes, datetime)):
            Documented.rows.add(MARKUP)
        return super().to_python(value)


class Documented(TaggedJSONSerializer):
    """Flask's serializer with the documented departures, and which of them it has met."""

    rows = set()
    default_tags = [
        {TagUUID: DocumentedUUID, TagDateTime: DocumentedDate, TagMarkup: DocumentedMarkup}.get(tag, tag)
        for tag in TaggedJSONSerializer.default_tags]

    def loads(self, text):
        """Dewar reads each value of an object, and Flask the last of each key."""
        json.loads(text, object_pairs_hook=self.note)
        return json.loads(text, object_pairs_hook=lambda pairs: self.untag(dict(pairs)))

    @staticmethod
    def note(pairs):
        if len(entries := dict(pairs)) < len(pairs):
            Documented.rows.add(TWICE)
        return entries

    def met(self, read, dewar):
        """The first row that the documented reading met, if what it gives is Dewar's answer."""
        Documented.rows = set()
        try:
            value = read(self)
            answer = canonical(without_surrogates(value)) if value is not None else None
        except Exception:
            answer = None
        if MARKUP in Documented.rows:
            return MARKUP
        return min(Documented.rows, key=str, default=None) if answer == dewar else None


DOCUMENTED = Documented()


def written(value):
    try:
        return SERIALIZER.dumps(value)
    except Exception:
        return None


def depth(data):
    """The most brackets that are open at once, those in texts counted too."""
    level = deepest = 0
    for byte in data:
        level += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, level)
    return deepest


class TaggedJSON(Comparison):
    kind = "tagged-json"
    share = 20

    def __init__(self):
        self.seeds = Seeds("tagged-json")

    def case(self, rng):
        return [latin1(self.seeds.mutated(rng, WORDS))]

    def flask(self, case):
        value = self.value(case)
        try:
            return None if value is None else canonical((value[0], written(value[0])))
        except UnicodeEncodeError:
            return "half a surrogate pair"

    @staticmethod
    def value(case):
        """In a tuple; None when the text is refused, whatever the error: each of them is a status 500."""
        try:
            return (SERIALIZER.loads(case[0].encode("latin-1").decode()),)
        except Exception:
            return None

    def departure(self, case, flask, dewar):
        if flask == "half a surrogate pair":
            value = without_surrogates(self.value(case)[0])
            if canonical((value, written(value))) == dewar:
                return SURROGATES
        if depth(case[0].encode("latin-1")) > 150:
            return DEPTH
        return DOCUMENTED.met(lambda serializer: self.both(serializer, case), dewar)

    @staticmethod
    def both(serializer, case):
        value = without_surrogates(serializer.loads(case[0].encode("latin-1").decode()))
        return value, written(value)


class FrozenSigner(TimestampSigner):
    now = 1_700_000_000

    def get_timestamp(self):
        return self.now


class Tokens(Comparison):
    kind = "token"
    share = 15
    keys = ["an older key of the comparison", "the key of the comparison"]
    words = [b".", b"=", b"-", b"_", b"+", b"/", b"A", b"AA", b"%", b" ", b"\n", b"\xc3\xa9", b"ZVPxAA", b"eyJ"]

    def __init__(self):
        self.seeds = Seeds("tagged-json")
        self.serializer = URLSafeTimedSerializer(
            self.keys, salt="cookie-session", serializer=SERIALIZER, signer=FrozenSigner,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1})

    def case(self, rng):
        payload = self.seeds.mutated(rng, WORDS) if rng.random() < 0.3 else self.valid(rng)
        if rng.random() < 0.3:
            payload = b"." + base64.urlsafe_b64encode(zlib.compress(payload)).rstrip(b"=")
        else:
            payload = base64.urlsafe_b64encode(payload).rstrip(b"=")
        FrozenSigner.now = rng.choice([0, *[1_699_999_000, 1_700_000_000] * 3, 1_700_000_001, rng.getrandbits(40)])
        signer = self.serializer.make_signer("cookie-session")
        if rng.random() < 0.15:
            payload = self.changed(rng, payload)
        if rng.random() < 0.9:
            token = signer.sign(payload)
        else:
            # The time is signed too, and may be any text.
            token = TimestampSigner.__mro__[1].sign(signer, payload + b"." + self.changed(rng, b"ZVPxAA"))
        if rng.random() < 0.25:
            token = self.changed(rng, token)
        return [latin1(token), "1700000000", rng.choice([None, "0", "3600", "2678400"])]

    def valid(self, rng):
        """A session that is one."""
        while True:
            seed = self.seeds.take(rng)
            if TaggedJSON.value([latin1(seed)]) is not None:
                return seed

    def changed(self, rng, data):
        data = bytearray(data)
        self.seeds.change(rng, data, self.words)
        return bytes(data)

    def flask(self, case):
        value = self.value(case)
        try:
            return value and canonical(value)
        except UnicodeEncodeError:
            return "half a surrogate pair"

    def value(self, case):
        token, now, age = case
        FrozenSigner.now = int(now)
        try:
            value, signed_at = self.serializer.loads(
                token.encode("latin-1"), max_age=age and int(age), return_timestamp=True)
        except Exception:
            return None
        return value, (signed_at - EPOCH) // timedelta(seconds=1)

    def departure(self, case, flask, dewar):
        if flask == "half a surrogate pair":
            if canonical(without_surrogates(self.value(case))) == dewar:
                return SURROGATES
        self.serializer.serializer = DOCUMENTED
        try:
            return DOCUMENTED.met(lambda _: self.value(case), dewar)
        finally:
            self.serializer.serializer = SERIALIZER

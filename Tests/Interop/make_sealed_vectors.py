# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Makes Tests/Fixtures/sealed/: `python.json` with sealed_cookie.py alone, `swift.json` with Dewar's CookiePeer.

The files are published and stay as they are; this says where they came from. Run it only for a new version of the format.
"""

import hashlib
import json
import sys
import zlib
from base64 import b64decode, b64encode
from datetime import datetime, timezone
from uuid import UUID

import sealed_cookie
from flask_peer import tagged_json
from markupsafe import Markup
from programs import ROOT

FOLDER = ROOT / "Tests/Fixtures/sealed"
NOW = 1_700_000_000
KEY = b"an example key, 32 or more bytes long"
OTHER_KEY = bytes(range(200, 232))
HOST = "__Host-session"
ID = bytes(range(16))

SESSIONS = [
    ("one entry", {"username": "admin"}),
    ("every type", {
        "none": None, "true": True, "int": -42, "big": 2**80, "float": 0.1, "text": "Zoë 🍶 \u2028 e\u0301", "list": [1, [2]],
        "tuple": (1, (2,)), "bytes": bytes(range(256)), "markup": Markup("<b>&amp;</b>"), "uuid": UUID(int=2**127 + 5),
        "date": datetime(2024, 2, 29, 12, 30, 1, tzinfo=timezone.utc), "dict": {" t": {"a": [(1,)]}}}),
    ("permanent", {"_permanent": True, "user": "ada"}),
    ("flashes", {"_flashes": [("message", "Saved."), ("error", "Not saved.")]}),
    ("an empty text and an empty key", {"": ""}),
    ("long and compressed", {"visited": ["/"] * 400}),
]


def vectors():
    """Name, values, and what is not as usual."""
    for name, values in SESSIONS:
        yield name, values, {}
    yield "begun before it was sealed", {"n": 1}, {"created": NOW - 1000}
    yield "no absolute limit", {"n": 1}, {"absolute": None}
    yield "the absolute end comes first", {"n": 1}, {"created": NOW - 1000, "absolute": 1200, "now": NOW + 200}
    yield "the last second of the idle time", {"n": 1}, {"now": NOW + 3600}
    yield "another cookie's name", {"n": 1}, {"cookie_name": "shop"}
    yield "a key of bytes", {"n": 1}, {"key": OTHER_KEY}
    yield "a fallback key", {"n": 1}, {"key": OTHER_KEY, "keys": [KEY, OTHER_KEY]}
    yield "a key longer than a block of the hash", {"n": 1}, {"key": bytes(range(256))}


def common(name, number, changes):
    """A vector without its token. The first key is the current one."""
    key = changes.get("key", KEY)
    current, *fallbacks = changes.get("keys", [key])
    return {
        "name": name, "secret_key_base64": base64(current),
        "secret_key_fallbacks_base64": [base64(fallback) for fallback in fallbacks],
        "cookie_name": changes.get("cookie_name", HOST), "now": changes.get("now", NOW), "idle": 3600,
        "absolute": changes.get("absolute", 24 * 3600), "clock_skew": 60,
        "salt_base64": base64(hashlib.sha256(f"salt {name} {number}".encode()).digest()),
        "id_base64": base64(hashlib.sha256(f"id {name} {number}".encode()).digest()[:16]),
    }, key


def opened(made_by):
    for number, (name, values, changes) in enumerate(vectors()):
        vector, key = common(name, f"{made_by} {number}", changes)
        text, created = sorted_json(values), changes.get("created", NOW)
        absolute_end = NOW + 3600 if vector["absolute"] is None else created + vector["absolute"]
        vector.update(
            created=created, sealed=NOW, expires=min(NOW + 3600, absolute_end), json=text,
            id_made=created * 1000 + (0 if made_by == "swift" else 123),
            is_compressed=len(zlib.compress(text.encode())) < len(text.encode()))
        seal = seal_with_dewar if made_by == "swift" else seal_with_python
        # What seals has one key; what opens may have more.
        yield {**vector, "token": seal(vector, key)}


def sorted_json(values):
    """Flask's JSON text as an application writes it, with its keys in order."""
    return json.dumps(json.loads(tagged_json(values)), sort_keys=True, separators=(",", ":"))


def seal_with_python(vector, key, **changes):
    text = vector["json"].encode()
    form, body = (b"\1", zlib.compress(text)) if vector["is_compressed"] else (b"\0", text)
    front = times(vector["created"], vector["sealed"], vector["expires"])
    plain = form + front + from_base64(vector["id_base64"]) + vector["id_made"].to_bytes(6, "big") + body
    return raw_seal(vector, key, plain, **changes)


def raw_seal(vector, key, plain, **changes):
    return sealed_cookie.seal_bytes(
        plain, key, changes.pop("name", vector["cookie_name"]), salt=from_base64(vector["salt_base64"]), **changes)


def seal_with_dewar(vector, key):
    from test_sealed_cookies import ask_dewar, sealing
    [answer] = ask_dewar([sealing(vector, key)])
    return answer["set_cookie"].partition(";")[0].partition("=")[2]


def refused():
    """Name, reason, what the reader has that is not usual, and what makes the token."""
    def plain(body=b'{"n":1}', form=b"\0", created=NOW, sealed=NOW, expires=NOW + 3600, id_made=NOW * 1000):
        return form + times(created, sealed, expires) + ID + id_made.to_bytes(6, "big") + body

    def made(plain=plain(), key=KEY, **changes):
        return lambda vector: raw_seal(vector, key, plain, **changes)

    def bent(position, flip=1):
        def make(vector):
            token = bytearray(sealed_cookie.decoded(raw_seal(vector, KEY, plain())))
            token[position] ^= flip
            return sealed_cookie.encoded(bytes(token))
        return make

    def text(change):
        return lambda vector: change(raw_seal(vector, KEY, plain()))

    cut = [text(lambda token, length=length: token[:length]) for length in (0, 1, 5, 70)]
    bomb = zlib.compress(b'{"n":"' + b"a" * (1 << 20) + b'"}')
    yield "another cookie's name", "bad_seal", {}, made(name="session")
    yield "a name that only begins the same", "bad_seal", {}, made(name=HOST + "2")
    yield "another purpose", "bad_seal", {}, made(purpose=b"dewar.csrf")
    yield "another key", "unknown_key", {}, made(key=OTHER_KEY)
    yield "the other key is a fallback of neither", "unknown_key", {"keys": [OTHER_KEY, b"x" * 32]}, made()
    yield "version 0", "unknown_version", {}, made(version=b"\0")
    yield "version 2", "unknown_version", {}, made(version=b"\2")
    yield "a bit of the key's id", "unknown_key", {}, bent(1)
    yield "a bit of the salt", "bad_seal", {}, bent(20)
    yield "a bit of the ciphertext", "bad_seal", {}, bent(40)
    yield "a bit of the tag", "bad_seal", {}, bent(-1, 128)
    for number, make in enumerate(cut):
        yield f"cut short {number}", "malformed_token", {}, make
    yield "without its last byte", "bad_seal", {}, text(
        lambda token: sealed_cookie.encoded(sealed_cookie.decoded(token)[:-1]))
    yield "with a byte more", "bad_seal", {}, text(
        lambda token: sealed_cookie.encoded(sealed_cookie.decoded(token) + b"\0"))
    yield "padded", "malformed_token", {}, text(lambda token: token + "=" * (-len(token) % 4 or 4))
    yield "a dot", "malformed_token", {}, text(lambda token: token + ".")
    yield "standard base64", "malformed_token", {}, text(
        lambda token: token[:9] + "+" + token[10:])
    yield "a spare bit is set", "malformed_token", {}, made_with_spare_bit
    yield "idle for too long", "expired", {"now": NOW + 3601}, made()
    yield "past the end that is inside", "expired", {"now": NOW + 61}, made(plain(expires=NOW + 60))
    yield "past the absolute limit of today", "expired", {"absolute": 100}, made(plain(created=NOW - 101))
    yield "sealed in the future", "not_yet_valid", {"now": NOW - 61}, made()
    yield "begun after it was sealed", "bad_payload", {}, made(plain(created=NOW + 61))
    yield "no such form", "bad_payload", {}, made(plain(form=b"\2"))
    yield "no times", "bad_payload", {}, made(plain()[:15])
    yield "no id", "bad_payload", {}, made(plain()[:16])
    yield "half of an id", "bad_payload", {}, made(plain()[:24])
    yield "an id without its time", "bad_payload", {}, made(plain()[:37])
    yield "an id made past the year 9999", "bad_payload", {}, made(plain(id_made=253402300800000))
    yield "a time past the year 9999", "bad_payload", {}, made(plain(expires=2**40 - 1))
    yield "no JSON", "bad_payload", {}, made(plain(b"n"))
    yield "a list", "bad_payload", {}, made(plain(b"[]"))
    yield "not compressed", "bad_payload", {}, made(plain(form=b"\1"))
    yield "compressed and cut short", "bad_payload", {}, made(plain(zlib.compress(b'{"n":1}')[:-5], form=b"\1"))
    yield "over a mebibyte", "bad_payload", {}, made(plain(bomb, form=b"\1"))
    yield "nothing", "bad_payload", {}, made(b"")


def made_with_spare_bit(vector):
    """A token whose last character has bits that stand for no byte, one of which is set."""
    token = raw_seal(vector, KEY, b"\0" + times(NOW, NOW, NOW + 3600) + ID + bytes(6) + b'{"n":1}')
    assert len(token) % 4 in (2, 3)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) | 1]


def refusals():
    for number, (name, reason, changes, make) in enumerate(refused()):
        vector, _ = common(name, f"refused {number}", changes)
        yield {**vector, "reason": reason, "token": make(vector)}


def times(*seconds):
    return b"".join(second.to_bytes(5, "big") for second in seconds)


def base64(data):
    return b64encode(data).decode()


def from_base64(text):
    return b64decode(text)


def write(name, lists):
    entries = (",\n".join(json.dumps(item, separators=(",", ":")) for item in items) for items in lists.values())
    parts = ",\n".join(f'"{key}": [\n{text}\n]' for key, text in zip(lists, entries))
    (FOLDER / name).write_text("{\n" + parts + "\n}\n")


if __name__ == "__main__":
    which = sys.argv[1:] or ["python", "swift"]
    if "python" in which:
        write("python.json", {"open": list(opened("python")), "refuse": list(refusals())})
    if "swift" in which:
        write("swift.json", {"open": list(opened("swift"))})

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Dewar's sealed cookies in Python, after docs/FORMATS.md and nothing else. Keys are bytes, times are seconds since 1970."""

import hmac
import os
import time
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.json.tag import TaggedJSONSerializer

HEADER, TAG, FRONT, PURPOSE = 37, 16, 38, b"dewar.session"
JSON_LIMIT, LAST_SECOND = 1 << 20, 253402300799  # a mebibyte; the year 9999


def seal(values, key, name="__Host-session", created=None, sealed=None, idle=3600, absolute=24 * 3600, id=None, id_made=None):
    """The cookie's value for a session. A session keeps its `id` (16 bytes) and the millisecond in which that was made."""
    sealed = int(time.time()) if sealed is None else sealed
    created = sealed if created is None else created
    expires = sealed + idle if absolute is None else min(sealed + idle, created + absolute)
    json = TaggedJSONSerializer().dumps(values).encode()
    short = zlib.compress(json)
    form, body = (b"\1", short) if len(short) < len(json) else (b"\0", json)
    front = form + b"".join(t.to_bytes(5, "big") for t in (created, sealed, expires)) + (id or os.urandom(16))
    return seal_bytes(front + (sealed * 1000 if id_made is None else id_made).to_bytes(6, "big") + body, key, name)


def read_session(cookie, keys, name="__Host-session", now=None, idle=3600, absolute=24 * 3600, clock_skew=60):
    """The session in a cookie's value, or None."""
    now = int(time.time()) if now is None else now
    plain = open_bytes(cookie, keys, name)
    if plain is None or len(plain) < FRONT or plain[0] > 1:
        return None
    created, sealed, expires = (int.from_bytes(plain[at:at + 5], "big") for at in (1, 6, 11))
    id_made = int.from_bytes(plain[32:FRONT], "big")  # and the id is plain[16:32]
    if sealed > now + clock_skew or created > sealed + clock_skew or now > min(expires, sealed + idle):
        return None
    if max(created, sealed, expires, id_made // 1000) > LAST_SECOND or absolute is not None and now > created + absolute:
        return None
    try:
        json = inflated(plain[FRONT:]) if plain[0] else plain[FRONT:]
        session = TaggedJSONSerializer().loads(json.decode()) if json else None
    except (ValueError, zlib.error):
        return None
    return session if isinstance(session, dict) else None


def seal_bytes(plain, key, name, salt=None, purpose=PURPOSE, version=b"\1"):
    header = version + key_id(key) + (os.urandom(32) if salt is None else salt)
    return encoded(header + AESGCM(token_key(key, header)).encrypt(bytes(12), plain, header + purpose + b"\0" + name.encode()))


def open_bytes(cookie, keys, name, purpose=PURPOSE):
    token = decoded(cookie) or b""
    if token[:1] != b"\1" or len(token) < HEADER + TAG:
        return None
    header = token[:HEADER]
    for key in keys:
        if key_id(key) == header[1:5]:
            try:
                context = header + purpose + b"\0" + name.encode()
                return AESGCM(token_key(key, header)).decrypt(bytes(12), token[HEADER:], context)
            except InvalidTag:
                pass
    return None


def key_id(key):
    return expand(key, b"id")[:4]


def token_key(key, header):
    return expand(key, b"key" + header[5:])


def expand(key, info):
    """HKDF-SHA-256 (RFC 5869) with one block of output."""
    return hmac.digest(hmac.digest(b"dewar.sealed.1", key, "sha256"), info + b"\1", "sha256")


def inflated(data):
    inflater = zlib.decompressobj()
    json = inflater.decompress(data, JSON_LIMIT + 1)
    return json if inflater.eof and len(json) <= JSON_LIMIT else None


def encoded(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    """The bytes of a text in base64url, if it is spelled as `encoded` spells it."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if encoded(data) == text else None

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""itsdangerous with Dewar's signers, serializer and base64."""

import hashlib
import time
from datetime import datetime, timezone

import itsdangerous.encoding
import itsdangerous.serializer
import itsdangerous.signer
import itsdangerous.timed
import itsdangerous.url_safe
from itsdangerous.exc import BadData, BadPayload, BadSignature, BadTimeSignature, SignatureExpired

from suites.peer import PEER, NotInDewar, Refused

#: Dewar's codes in itsdangerous' words.
ERRORS = {
    "no_separator": (BadTimeSignature, "No separator found in value"),
    "bad_signature": (BadTimeSignature, "Signature does not match"),
    "timestamp_missing": (BadTimeSignature, "timestamp missing"),
    "timestamp_malformed": (BadTimeSignature, "Malformed timestamp"),
    "expired": (SignatureExpired, "Signature age is over the limit"),
    "not_yet_valid": (SignatureExpired, "Signature age is under 0"),
    "bad_payload": (BadPayload, "The payload cannot be read"),
    "bad_base64": (BadData, "Invalid base64-encoded data"),
}


def install():
    itsdangerous.encoding.base64_encode = base64_encode
    itsdangerous.encoding.base64_decode = base64_decode
    itsdangerous.encoding.int_to_bytes = lambda number: ask("int_to_bytes", number=str(number))
    itsdangerous.encoding.bytes_to_int = lambda value: int(ask("bytes_to_int", value=value))
    itsdangerous.signer.Signer = Signer
    itsdangerous.timed.TimestampSigner = TimestampSigner
    itsdangerous.url_safe.URLSafeTimedSerializer = URLSafeTimedSerializer


def ask(call, **arguments):
    try:
        return PEER.call(f"token.{call}", **arguments)
    except Refused as refused:
        raise translated(refused) from None


def translated(refused):
    """Dewar's error as one of itsdangerous': it carries nothing of the token."""
    kind, text = ERRORS[refused.code]
    if issubclass(kind, BadTimeSignature):
        signed_at = refused.signed_at
        return kind(text, date_signed=None if signed_at is None else moment(signed_at))
    return kind(text)


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


def to_bytes(value):
    return value.encode() if isinstance(value, str) else value


def now():
    return int(time.time())


def base64_encode(value):
    return ask("base64_encode", value=to_bytes(value))


def base64_decode(value):
    return ask("base64_decode", value=to_bytes(value))


def secret_keys(keys):
    """Python has the key that signs last."""
    keys = [keys] if isinstance(keys, (str, bytes)) else list(keys)
    return [to_bytes(key) for key in reversed(keys)]


def digest_name(method):
    name = "sha1" if method is None else method().name
    if name not in ("sha1", "sha256"):
        raise NotInDewar(f"the digest {name}")
    return name


class Signer:
    def __init__(
        self, secret_key, salt="itsdangerous.Signer", sep=".", key_derivation="hmac", digest_method=None, algorithm=None
    ):
        if key_derivation != "hmac":
            raise NotInDewar(f"the key derivation {key_derivation}")
        if algorithm is not None:
            raise NotInDewar("an algorithm of one's own")
        if to_bytes(sep) != b".":
            raise NotInDewar("another separator")
        self.sep = b"."
        self.parameters = {"keys": secret_keys(secret_key), "salt": salt, "digest": digest_name(digest_method)}

    def sign(self, value):
        return ask("sign", value=to_bytes(value), **self.parameters)

    def unsign(self, signed):
        return ask("unsign", value=to_bytes(signed), **self.parameters)

    def validate(self, signed):
        try:
            self.unsign(signed)
        except BadSignature:
            return False
        return True

    def verify_signature(self, value, signature):
        # This one is of the bare signature, in the timed signer too.
        return Signer.validate(self, to_bytes(value) + b"." + to_bytes(signature))


class TimestampSigner(Signer):
    def sign(self, value):
        return ask("sign_timed", value=to_bytes(value), now=now(), **self.parameters)

    def unsign(self, signed, max_age=None, return_timestamp=False):
        value, signed_at = ask(
            "unsign_timed", value=to_bytes(signed), now=now(), max_age=max_age, **self.parameters)
        return (value, moment(signed_at)) if return_timestamp else value


class URLSafeTimedSerializer:
    """Flask's: with tagged JSON, HMAC-SHA-1, and the key derivation `hmac`."""

    signer = TimestampSigner

    def __init__(
        self, secret_key, salt="itsdangerous", serializer=None, serializer_kwargs=None, signer=None,
        signer_kwargs=None, fallback_signers=None
    ):
        if serializer or serializer_kwargs:
            raise NotInDewar("a serializer of one's own")
        if signer or fallback_signers or (signer_kwargs or {}) != {}:
            raise NotInDewar("a signer of one's own")
        self.keys = secret_keys(secret_key)
        self.salt = salt

    def dumps(self, value, salt=None):
        return ask("dumps", value=value, now=now(), keys=self.keys, salt=salt or self.salt).decode()

    def loads(self, signed, max_age=None, return_timestamp=False, salt=None):
        value, signed_at = ask(
            "loads", value=to_bytes(signed), now=now(), max_age=max_age, keys=self.keys, salt=salt or self.salt)
        return (value, moment(signed_at)) if return_timestamp else value

    def make_signer(self, salt=None):
        return TimestampSigner(self.keys[::-1], salt=salt or self.salt)

    def load_payload(self, payload):
        raise NotInDewar("reading what is not signed")

    def loads_unsafe(self, signed):
        raise NotInDewar("reading what is not signed")

    def dump(self, value, file):
        raise NotInDewar("files")

    def iter_unsigners(self):
        raise NotInDewar("a signer of one's own")

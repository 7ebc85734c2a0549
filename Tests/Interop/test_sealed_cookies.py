# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Sealed cookies between Dewar and sealed_cookie.py, which knows nothing of it but docs/FORMATS.md.

Dewar's side is the executable CookiePeer. `DEWAR_SEED=N` repeats a run.
"""

import json
import random
import sys
import unittest
from base64 import b64decode, b64encode

from flask_peer import FlaskPeer, cookie_of, from_tagged_json, tagged_json, typed
from programs import KEY, ROOT, Curl, example
from sealed_cookie import decoded, encoded, key_id, open_bytes, read_session, seal
from test_cookie_exchange import SEED, ask_dewar, random_text, random_value

FOLDER = ROOT / "Tests/Fixtures/sealed"
CASES = 300


def setUpModule():
    print(f"\n{CASES} random sealed sessions each way: DEWAR_SEED={SEED}", file=sys.stderr)


def vectors(file, kind):
    found = json.loads((FOLDER / f"{file}.json").read_text())[kind]
    if not found:
        raise AssertionError(f"{file}.json has no list {kind}")
    return found


def keys_of(vector):
    return [b64decode(text) for text in (vector["secret_key_base64"], *vector["secret_key_fallbacks_base64"])]


def read(vector, cookie=None, **changes):
    """What Python opens with what the vector says."""
    given = {"keys": keys_of(vector), "name": vector["cookie_name"], "now": vector["now"], "idle": vector["idle"],
             "absolute": vector["absolute"], "clock_skew": vector["clock_skew"], **changes}
    return read_session(vector["token"] if cookie is None else cookie, **given)


def sealing(vector, key):
    """What asks CookiePeer to seal a vector."""
    return {"op": "seal", "key": b64encode(key).decode(), "json": vector["json"], "cookie_name": vector["cookie_name"],
            "created": vector["created"], "now": vector["sealed"], "idle": 3600, "absolute": vector["absolute"],
            "salt": vector["salt_base64"], "id": vector["id_base64"]}


class SealedVectorTests(unittest.TestCase):
    def test_every_vector_of_either_side_opens(self):
        for file in ("swift", "python"):
            for vector in vectors(file, "open"):
                opened = read(vector)
                self.assertEqual(typed(opened), typed(from_tagged_json(vector["json"])), vector["name"])

    def test_the_times_are_where_the_document_says(self):
        for vector in vectors("swift", "open"):
            plain = open_bytes(vector["token"], keys_of(vector), vector["cookie_name"])
            times = [int.from_bytes(plain[at:at + 5], "big") for at in (1, 6, 11)]
            self.assertEqual(times, [vector["created"], vector["sealed"], vector["expires"]], vector["name"])
            self.assertEqual(plain[0] == 1, vector["is_compressed"], vector["name"])
            self.assertEqual(plain[16:32], b64decode(vector["id_base64"]), vector["name"])
            self.assertEqual(int.from_bytes(plain[32:38], "big"), vector["id_made"], vector["name"])

    def test_what_is_forged_or_ended_is_refused(self):
        for vector in vectors("python", "refuse"):
            self.assertIsNone(read(vector), vector["name"])

    def test_no_bit_of_a_vector_can_be_changed(self):
        for vector in vectors("swift", "open"):
            token = decoded(vector["token"])
            positions = range(len(token)) if len(token) < 200 else range(0, len(token), 17)
            for position in positions:
                for bit in range(8):
                    bent = bytearray(token)
                    bent[position] ^= 1 << bit
                    self.assertIsNone(read(vector, encoded(bytes(bent))), vector["name"])

    def test_no_other_name_or_key_opens_a_vector(self):
        for vector in vectors("swift", "open"):
            self.assertIsNone(read(vector, name=vector["cookie_name"] + "x"), vector["name"])
            self.assertIsNone(read(vector, keys=[b"another key of thirty-two bytes!"]), vector["name"])

    def test_dewar_seals_its_vectors_again_to_the_byte(self):
        found = [vector for vector in vectors("swift", "open") if not vector["is_compressed"]]
        by_id = [next(key for key in keys_of(vector) if key_id(key) == decoded(vector["token"])[1:5]) for vector in found]
        answers = ask_dewar([sealing(vector, key) for vector, key in zip(found, by_id)])
        for vector, answer in zip(found, answers):
            self.assertEqual(cookie_of(answer["set_cookie"]).partition("=")[2], vector["token"], vector["name"])


class SealedExchangeTests(unittest.TestCase):
    def setUp(self):
        self.cases = [SealedCase(random.Random(f"sealed {SEED} {number}")) for number in range(CASES)]

    def test_python_opens_what_dewar_sealed(self):
        for number, (case, answer) in enumerate(zip(self.cases, ask_dewar(case.request("seal") for case in self.cases))):
            name, _, cookie = cookie_of(answer["set_cookie"]).partition("=")
            message = f"seed {SEED}, case {number}"
            self.assertEqual(name, case.name, message)
            opened = read_session(cookie, [b"older", case.key], name, case.sealed, case.idle, case.absolute)
            self.assertEqual(typed(opened), typed(case.values), message)
            self.assertIsNone(read_session(cookie, [case.key], name + "2", case.sealed, case.idle, case.absolute), message)
            self.assertIsNone(read_session(cookie, [b"older"], name, case.sealed, case.idle, case.absolute), message)

    def test_dewar_opens_what_python_sealed(self):
        requests = [case.request("unseal", cookie=f"a=1; {case.name}={case.cookie()}; b=2") for case in self.cases]
        for number, (case, answer) in enumerate(zip(self.cases, ask_dewar(requests))):
            self.assertEqual(typed(from_tagged_json(answer["json"])), typed(case.values), f"seed {SEED}, case {number}")

    def test_dewar_refuses_what_python_bent(self):
        requests = [case.request("unseal", cookie=f"{case.name}={case.bent()}") for case in self.cases]
        for number, answer in enumerate(ask_dewar(requests)):
            self.assertNotIn("json", answer, f"seed {SEED}, case {number}")


class SealedCase:
    """A random session, key, name, and age."""

    def __init__(self, rng):
        self.rng = rng
        self.values = {random_text(rng): random_value(rng, 3) for _ in range(rng.randint(1, 6))}
        self.key = rng.randbytes(rng.randint(8, 80))
        self.name = rng.choice(["__Host-session", "session", "s", "shop-2_x"])
        self.idle, self.absolute = rng.randint(60, 10**6), rng.choice([None, rng.randint(10**6, 10**8)])
        self.sealed = rng.randint(10**9, 10**10)
        self.created = self.sealed - rng.randint(0, self.idle)

    def request(self, op, **more):
        return {"op": op, "key": b64encode(self.key).decode(), "fallbacks": [], "json": tagged_json(self.values),
                "cookie_name": self.name, "created": self.created, "now": self.sealed, "idle": self.idle,
                "absolute": self.absolute, **more}

    def cookie(self):
        return seal(self.values, self.key, self.name, self.created, self.sealed, self.idle, self.absolute)

    def bent(self):
        """The cookie with a bit changed, a byte less, or another character at the end."""
        token = bytearray(decoded(self.cookie()))
        match self.rng.randrange(3):
            case 0: token[self.rng.randrange(len(token))] ^= 1 << self.rng.randrange(8)
            case 1: del token[self.rng.randrange(len(token))]
            case 2: token.append(self.rng.randrange(256))
        return encoded(bytes(token))


class SealedExampleTests(unittest.TestCase):
    def test_sealed_sessions_log_in_and_out(self):
        with example("Login", "--sessions", "sealed") as login, Curl() as curl:
            self.assertIn("Logged in as admin", curl("--location", "--data", "username=admin", f"{login.url}/login"))
            cookie = curl.cookie.removeprefix("session=")
            self.assertEqual(FlaskPeer(KEY).read(curl.cookie), {})
            self.assertEqual(
                read_session(cookie, [KEY.encode()], "session", idle=31 * 86400, absolute=None), {"username": "admin"})
            self.assertNotIn(b"admin", decoded(cookie))
            self.assertIn("You are not logged in", login.get("/", FlaskPeer(KEY).cookie({"username": "admin"})).text)
            curl(f"{login.url}/logout")
            self.assertIn("You are not logged in", curl(f"{login.url}/"))

    def test_a_cookie_that_python_sealed_logs_in(self):
        with example("Login", "--sessions", "sealed") as login:
            cookie = seal({"username": "admin"}, KEY.encode(), "session", idle=31 * 86400, absolute=None)
            self.assertIn("Logged in as admin", login.get("/", f"session={cookie}").text)
            other = seal({"username": "admin"}, KEY.encode(), "shop", idle=31 * 86400, absolute=None)
            self.assertIn("You are not logged in", login.get("/", f"session={other}").text)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Dewar as Python's tests call it: the executable SuitePeer, which stays open, and one line of JSON for each call."""

import json
import subprocess
from base64 import b64decode, b64encode
from datetime import datetime, timezone
from uuid import UUID

from markupsafe import Markup
from programs import BIN

MISSING = object()


class NotInDewar(Exception):
    """The test asks for what Dewar has not got; suites/*_suite.py says of each such test where that is documented."""


class Refused(Exception):
    """Dewar's error: its code, and when the token was signed where the error says so."""

    def __init__(self, error):
        super().__init__(error["text"])
        self.code = error["code"]
        self.signed_at = error.get("signed_at")


class Peer:
    def __init__(self):
        self.process = None
        self.calls = 0

    def call(self, name, /, **arguments):
        """What the call gives; MISSING when that is nothing."""
        self.calls += 1
        self.start()
        line = json.dumps({"call": name, "arguments": to_wire(arguments)})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"SuitePeer has ended with status {self.process.wait(10)} at the call {name}")
        answer = json.loads(answer)
        if error := answer.get("error"):
            if error["code"] in ("unexpected", "unusable_call", "unknown_call"):
                raise AssertionError(f"SuitePeer could not make the call {name}: {error['text']}")
            raise Refused(error)
        return from_wire(answer["value"]) if answer.get("value") is not None else MISSING

    def start(self):
        if self.process is None:
            self.process = subprocess.Popen([BIN / "SuitePeer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def stop(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(10)
            self.process.stdout.close()


PEER = Peer()


def optional(value):
    """What a call gives, with None for nothing."""
    return None if value is MISSING else value


def to_wire(value):
    """A value as TypedValue.swift reads it; TypeError for what no session holds."""
    match value:
        case None:
            return ["none"]
        case bool():
            return ["bool", value]
        case int():
            return ["int", str(value)]
        case float():
            return ["float", repr(value)]
        case Markup():
            return ["markup", str(value)]
        case str():
            return ["text", value]
        case bytes():
            return ["bytes", b64encode(value).decode()]
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
            return ["date", moment.timestamp()]
        case UUID():
            return ["uuid", str(value)]
        case list() | tuple():
            return [type(value).__name__, [to_wire(item) for item in value]]
        case dict():
            return ["dict", [{"key": str(key), "value": to_wire(item)} for key, item in value.items()]]
    raise TypeError(f"no session of Dewar's holds a {type(value).__name__}")


def from_wire(parts):
    kind, content = parts[0], parts[1] if len(parts) > 1 else None
    match kind:
        case "int":
            return int(content)
        case "float":
            return float(content)
        case "markup":
            return Markup(content)
        case "bytes":
            return b64decode(content)
        case "date":
            return datetime.fromtimestamp(content, timezone.utc)
        case "uuid":
            return UUID(content)
        case "list":
            return [from_wire(item) for item in content]
        case "tuple":
            return tuple(from_wire(item) for item in content)
        case "dict":
            return {entry["key"]: from_wire(entry["value"]) for entry in content}
    return content

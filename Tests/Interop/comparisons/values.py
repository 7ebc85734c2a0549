# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Values as text that is the same for equal values of the same kind, and for no others; CanonicalText.swift writes the same."""

import math
import re
import struct
from datetime import datetime, timedelta, timezone
from uuid import UUID

from markupsafe import Markup

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SURROGATE = re.compile("[\ud800-\udfff]")


def canonical(value):
    match value:
        case None:
            return "n"
        case bool():
            return "t" if value else "f"
        case int():
            return f"i{value};"
        case float():
            return "dnan;" if math.isnan(value) else f"d{struct.unpack('>Q', struct.pack('>d', value))[0]:x};"
        case Markup():
            return "m" + sized(str(value))
        case str():
            return "s" + sized(value)
        case bytes():
            return f"b{value.hex()};"
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
            return f"D{(moment - EPOCH) // timedelta(seconds=1)};"
        case UUID():
            return f"u{value};"
        case list():
            return f"[{''.join(map(canonical, value))}]"
        case tuple():
            return f"({''.join(map(canonical, value))})"
        case dict():
            return "{" + "".join(sized(key) + canonical(item) for key, item in value.items()) + "}"
    raise TypeError(f"no session holds a {type(value).__name__}")


def sized(text):
    return f"{len(text.encode())}:{text}"


def without_surrogates(value):
    """The value with U+FFFD for each half of a surrogate pair."""
    match value:
        case Markup():
            return Markup(SURROGATE.sub("\ufffd", str(value)))
        case str():
            return SURROGATE.sub("\ufffd", value)
        case list():
            return [without_surrogates(item) for item in value]
        case tuple():
            return tuple(without_surrogates(item) for item in value)
        case dict():
            return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    return value

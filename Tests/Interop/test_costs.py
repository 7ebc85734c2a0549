# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A coarse guard: what a session costs beside one HMAC of 256 bytes, in the release build.

The limits are two to three times what is measured, so that a busy machine passes, and a change that makes sessions twice
as dear does not stay unseen for long. `./bench` has the fine measurements.
"""

import json
import subprocess
import unittest

from programs import BIN, require_programs

#: How many HMACs a request may cost: one that does not look at its session, one that reads, one that writes.
LIMITS = {
    "flask, 200 bytes": (30, 30, 70),
    "signed, 60 bytes": (6, 20, 45),
    "sealed, 60 bytes": (4, 30, 70),
    "memory, 60 bytes": (3, 20, 40),
    "memory, 3500 bytes": (3, 35, 60),
}


def setUpModule():
    require_programs("SessionBench")


def costs(group):
    output = subprocess.run(
        [BIN / "SessionBench", "--json", "--rounds", "9", group], capture_output=True, check=True, timeout=120)
    return {entry["name"]: entry["ratio"] for entry in json.loads(output.stdout)}


class CostTests(unittest.TestCase):
    def test_a_session_costs_what_its_cryptography_costs_times_a_little(self):
        for group, limits in LIMITS.items():
            measured = costs(group)
            for name, limit in zip(("not looking", "reading", "writing"), limits, strict=True):
                with self.subTest(group=group, name=name):
                    self.assertLess(measured[name], limit)

    def test_reading_does_not_depend_on_the_length_of_what_is_not_asked_for(self):
        """Sixty times the contents cost a few times as much, not sixty times."""
        short, long = costs("memory, 60 bytes"), costs("memory, 3500 bytes")
        self.assertLess(long["reading"], 4 * short["reading"])

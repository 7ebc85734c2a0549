# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A short comparison of Dewar with real Flask on random inputs; "./fuzz --differential COUNT" makes long ones."""

import sys
import unittest

import differential
from programs import require_programs

CASES = 20_000
#: The same inputs each time, so that a change of Dewar's is what makes this fail.
SEED = 1


class DifferentialTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_programs("DifferentialPeer")
        cls.result = differential.run(CASES, SEED)

    def test_flask_and_dewar_agree(self):
        self.assertEqual(self.result.disagreements[:3], [])

    def test_every_departure_is_a_row(self):
        self.assertNotEqual(self.result.departures, {})
        self.assertEqual(differential.rows_that_are_missing(self.result), [])

    def test_every_kind_is_accepted_and_refused(self):
        for comparison in differential.COMPARISONS:
            cases, accepted = self.result.cases[comparison.kind], self.result.accepted[comparison.kind]
            self.assertGreater(accepted, cases // 20, comparison.kind)
        print(f"\n{sum(self.result.cases.values())} cases, {len(self.result.disagreements)} disagreements", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()

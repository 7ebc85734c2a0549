# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The simulation finds nothing in some seeds, runs in the same way twice, and its bugs can still be planted."""

import re
import subprocess
import unittest

from programs import BIN, ROOT, require_programs


class SimulationTests(unittest.TestCase):
    def run_simulation(self, *options, status=0):
        require_programs("SessionsSimulation")
        result = subprocess.run([BIN / "SessionsSimulation", *options], capture_output=True, text=True, timeout=300)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout if status == 0 else result.stderr

    def test_it_finds_nothing(self):
        # Every twentieth seed runs twice, and a fingerprint that differs is a failure.
        output = self.run_simulation("--from", "1", "--count", "400", "--seconds", "240", "--brief")
        self.assertRegex(output, r"found nothing after 400 seeds and \d{5} requests")

    def test_a_seed_tells_the_same_story_in_two_processes(self):
        stories = [re.sub(r"requests? in \d+ s.*", "", self.run_simulation("--seed", "11")) for _ in range(2)]
        self.assertIn("request 1 ", stories[0])
        self.assertEqual(stories[0], stories[1])

    def test_a_wrong_option_is_refused(self):
        self.assertIn("--fast is no option", self.run_simulation("--fast", status=64))

    def test_every_bug_can_still_be_planted(self):
        result = subprocess.run(
            ["python3", ROOT / "Tests/Simulation/planted.py", "--check"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"^\d+ bugs can be planted$")


if __name__ == "__main__":
    unittest.main()

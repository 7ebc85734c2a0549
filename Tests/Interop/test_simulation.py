# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The simulation finds nothing in 55,000 seeds, runs in the same way twice, and its bugs can still be planted."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from programs import BIN, ROOT, require_programs


SAVED = ROOT / "Tests/Simulation/seeds"
# The same in every run, so that a change is judged by what it changes; ./simulate takes new ones.
# They take some five minutes of one processor.
SEEDS = 55_000
SECONDS = 1200


class SimulationTests(unittest.TestCase):
    def run_simulation(self, *options, status=0):
        require_programs("SessionsSimulation")
        result = subprocess.run(
            [BIN / "SessionsSimulation", *options], capture_output=True, text=True, timeout=SECONDS + 300)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout if status == 0 else result.stderr

    def test_it_finds_nothing(self):
        # Every hundredth seed runs twice; other fingerprints are a failure, and so is an event that never happens.
        output = self.run_simulation("--from", "1", "--count", str(SEEDS), "--seconds", str(SECONDS))
        runs = re.search(r"seeds \d+ to \d+: (\d+) runs, (\d+) requests", output)
        self.assertEqual(int(runs[1]), SEEDS)
        self.assertGreater(int(runs[2]), 3_000_000)

    def test_equal_seeds_give_equal_fingerprints(self):
        prints = [
            re.search(r"fingerprint of all runs \w+", self.run_simulation(
                "--from", "1", "--count", "200", "--seconds", "240"))[0]
            for _ in range(2)]
        self.assertEqual(*prints)

    def test_the_saved_runs_find_nothing_any_more(self):
        saved = sorted(SAVED.glob("*.json"))
        output = self.run_simulation("--replay", *saved)
        self.assertEqual(output, f"replayed {len(saved)} saved runs, each in 100 orders, and found nothing\n")

    def test_a_file_that_holds_no_run_is_refused(self):
        self.assertIn("holds no saved run", self.run_simulation("--replay", __file__, status=65))

    def test_what_finds_nothing_is_not_saved(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.json"
            complaint = self.run_simulation("--seed", "11", "--save", path, status=1)
            self.assertIn("there is no finding to save", complaint)
            self.assertFalse(path.exists())

    def test_a_seed_tells_the_same_story_in_two_processes(self):
        stories = [re.sub(r"requests? in \d+ s.*", "", self.run_simulation("--seed", "11")) for _ in range(2)]
        self.assertIn("request 1 ", stories[0])
        self.assertEqual(stories[0], stories[1])

    def test_a_wrong_option_is_refused(self):
        self.assertIn("--fast is no option", self.run_simulation("--fast", status=64))
        self.assertIn("--replay needs files", self.run_simulation("--replay", status=64))

    def test_every_bug_can_still_be_planted(self):
        result = subprocess.run(
            ["python3", ROOT / "Tests/Simulation/planted.py", "--check"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"^\d+ bugs can be planted$")


if __name__ == "__main__":
    unittest.main()

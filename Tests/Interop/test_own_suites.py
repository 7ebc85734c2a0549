# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The tests of Flask, Werkzeug, itsdangerous and Flask-Login, with Dewar in the place of what they test.

The source distributions come from the package index, in the versions of requirements.txt, and stay in `.venv/suites`.
Each suite has a list in the folder `suites`. A test that Dewar does not pass stands there, with the row of
docs/FLASK.md that says why; it must go on failing, and with the error that is noted. A test that asked Dewar for
nothing does not count.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from importlib import import_module
from pathlib import Path

from programs import require_programs
from suites.suite import ROOT, matching


class OwnSuites(unittest.TestCase):
    def test_itsdangerous(self):
        self.run_suite("itsdangerous_suite")

    def test_flask(self):
        self.run_suite("flask_suite")

    def test_werkzeug(self):
        self.run_suite("werkzeug_suite")

    def test_flask_login(self):
        self.run_suite("flask_login_suite")

    def run_suite(self, module):
        require_programs("SuitePeer")
        suite = import_module(f"suites.{module}").SUITE
        self.check_files(suite)
        self.check_rows(suite)
        results, log = run_pytest(module, suite)
        asked = {test: result for test, result in results.items() if result["asked"] or result["outcome"] != "passed"}
        wrong = [*self.unexpected(suite, asked), *self.unused(suite, results)]
        passed = sum(result["outcome"] == "passed" for result in asked.values())
        lacking = sum("NotInDewar: " in result["error"] for result in asked.values())
        print(f"\n{suite.project}'s own tests: {len(asked)} ran on Dewar, {passed} passed, "
              f"{len(asked) - passed} differ, {lacking} of them as they ask for what it has not; "
              f"{len(results) - len(asked)} more asked it for nothing", file=sys.stderr)
        if wrong:
            self.fail("\n\n".join(wrong))
        self.assertEqual(passed, suite.passes, f"the number of tests that pass\n{log[-2000:]}")

    def check_files(self, suite):
        """Every file of the suite is run, or it is said why not."""
        tests = suite.folder() / "tests"
        found = {str(path.relative_to(tests)) for path in tests.rglob("test_*.py")}
        listed = {file for file in found if matching(file, [*suite.files, *suite.other_files])}
        self.assertEqual(found, listed, "files that the list does not name")
        self.assertEqual(set(suite.files) - found, set(), "files that are not there")

    def check_rows(self, suite):
        """Every difference is a row of the tables in docs/FLASK.md."""
        table = (ROOT / "docs/FLASK.md").read_text()
        for difference in suite.differences:
            self.assertIn(f"\n| {difference.row} | ", table, "docs/FLASK.md has no row that begins so")

    @staticmethod
    def unexpected(suite, results):
        """What is wrong: a failure that is not on the list, another error than the one there, or no failure at all."""
        expected = {pattern: error for difference in suite.differences for pattern, error in difference.tests.items()}
        for test, result in results.items():
            patterns = matching(test, expected)
            if not patterns and result["outcome"] != "passed":
                yield f"{test} failed:\n{result['error'][-3000:]}"
            for pattern in patterns:
                if result["outcome"] == "passed":
                    yield f"{test} passed, and is on the list of differences"
                elif expected[pattern] not in result["error"]:
                    yield f"{test} failed without {expected[pattern]!r}:\n{result['error'][-3000:]}"

    @staticmethod
    def unused(suite, results):
        """Lines of the list that fit no test."""
        names = [pattern for difference in suite.differences for pattern in difference.tests]
        names += [f"{file}::{test}" for file, tests in suite.selected.items() for test in tests]
        for pattern in names:
            if not any(matching(test, [pattern]) for test in results):
                yield f"no test is called {pattern}"


def run_pytest(module, suite):
    """What became of each test, by its name, and pytest's output."""
    tests = suite.folder() / "tests"
    with tempfile.TemporaryDirectory() as temporary:
        result = Path(temporary) / "result.json"
        interop = Path(__file__).resolve().parent
        environment = {
            **os.environ, "DEWAR_SUITE": module, "DEWAR_RESULT": str(result), "PYTHONPATH": str(interop),
            "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "suites.plugin", "-p", "no:cacheprovider", "-c", os.devnull,
             "--rootdir", tests.parent, "--quiet", "--tb=short", *suite.pytest_options,
             *(tests / file for file in suite.files)],
            env=environment, cwd=temporary, capture_output=True, text=True, timeout=300)
        log = run.stdout + run.stderr
        # 0: all passed; 1: some failed. Anything else is a run that did not happen.
        if run.returncode not in (0, 1):
            raise AssertionError(f"pytest ended with status {run.returncode}:\n{log[-5000:]}")
        return json.loads(result.read_text()), log


if __name__ == "__main__":
    unittest.main()

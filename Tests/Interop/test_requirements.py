# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""scripts/check-requirements finds what is wrong with a copy of the package that was broken on purpose."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from programs import ROOT

PAGE = "docs/SECURITY-REQUIREMENTS.md"


class RequirementsTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.copy = Path(self.folder.name)
        for name in ("docs", "Tests", "Sources/SessionsTesting", "Sources/DewarTool/Audit"):
            shutil.copytree(ROOT / name, self.copy / name)

    def test_the_package_passes(self):
        self.assertEqual(self.check(), (0, ""))

    def test_a_test_that_is_gone_is_found(self):
        for file, name, told in [
            ("Tests/Interop/test_attacks.py", "test_replay_after_logout", "test_attacks.py::test_replay_after_logout"),
            ("Tests/SessionsTests/Backend/SessionCookieLineTests.swift", "theStandardCookieIsAHostCookie",
             "SessionCookieLineTests/theStandardCookieIsAHostCookie()"),
            ("Sources/SessionsTesting/Checks/LogoutChecks.swift", "a copied cookie stops working after destroy()",
             "SessionStoreSuite: a copied cookie stops working after destroy()"),
        ]:
            self.change(file, name, "another")
            self.assert_told(f"there is no test {told}")

    def test_a_test_of_another_suite_does_not_count(self):
        self.change("Tests/SessionsTests/Backend/SessionCookieLineTests.swift", "SessionCookieLineTests", "OtherTests")
        self.assert_told("there is no test SessionCookieLineTests/theStandardCookieIsAHostCookie()")

    def test_a_function_that_is_no_test_does_not_count(self):
        file = self.copy / "Tests/SessionsTests/Store/RandomnessTests.swift"
        file.write_text(file.read_text().replace("@Test func idsHave", "func idsHave"))
        self.assert_told("there is no test RandomnessTests/idsHave128BitsAndSecrets256()")

    def test_a_row_that_is_missing_doubled_or_unknown_is_found(self):
        row = next(line for line in (self.copy / PAGE).read_text().splitlines() if line.startswith("| CHIPS |"))
        self.change(PAGE, row + "\n", "")
        self.assert_told("CHIPS: the row is missing")
        self.change(PAGE, "| DBSC spec |", row + "\n" + row + "\n| DBSC |")
        self.assert_told("CHIPS: there are 2 rows", "DBSC: no such requirement", "DBSC spec: the row is missing")

    def test_a_requirement_that_only_the_audit_names_is_found(self):
        for file, old, new in [
            ("CookieRules.swift", '.low, "6265bis"', '.low, "6265"'),
            ("PageRules.swift", '.critical, "OWASP caching"', '.critical, "OWASP cach"'),
            ("CookieRules.swift", '.high, "ASVS 3.3.5"', '.high, "ASVS 3.4.9"'),
        ]:
            self.change(f"Sources/DewarTool/Audit/{file}", old, new)
            self.assert_told(new.split('"')[1] + ": dewar audit names it, and no row begins with it")
        for file in (self.copy / "Sources/DewarTool/Audit").iterdir():
            file.write_text("")
        self.assert_told("no requirements were found in Sources/DewarTool/Audit")

    def test_a_row_that_says_nothing_is_found(self):
        self.change(PAGE, "**Not yet**: the draft changes", "The draft changes")
        self.assert_told("DBSC spec: the row does not say what is done about it")
        self.change(PAGE, "The draft changes", "**Satisfied**: the draft changes")
        self.assert_told("DBSC spec: satisfied, and no test is named")

    def change(self, file, old, new):
        text = (self.copy / file).read_text()
        self.assertIn(old, text)
        (self.copy / file).write_text(text.replace(old, new))

    def assert_told(self, *problems):
        status, told = self.check()
        self.assertEqual(status, 1)
        for problem in problems:
            self.assertIn(problem, told)

    def check(self):
        run = subprocess.run(
            [ROOT / "scripts/check-requirements", self.copy], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.stdout, "")
        return run.returncode, run.stderr


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""scripts/check-layers finds what it is there for: each test breaks one rule in a copy of the sources."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class LayerTests(unittest.TestCase):
    def setUp(self):
        self.copy = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("Sources", "scripts"):
            shutil.copytree(ROOT / name, self.copy / name)
        (self.copy / "docs").mkdir()
        shutil.copy(ROOT / "docs/ARCHITECTURE.md", self.copy / "docs")

    def check(self):
        """The lines that the script prints; none when all is well."""
        run = subprocess.run([self.copy / "scripts/check-layers"], capture_output=True, text=True)
        self.assertEqual(run.returncode != 0, bool(run.stderr), run.stderr)
        return run.stderr.splitlines()

    def add(self, file, text):
        with (self.copy / "Sources" / file).open("a") as source:
            source.write(text)

    def change(self, old, new):
        page = self.copy / "docs/ARCHITECTURE.md"
        text = page.read_text()
        self.assertIn(old, text)
        page.write_text(text.replace(old, new, 1))

    def test_the_sources_keep_the_order(self):
        self.assertEqual(self.check(), [])

    def test_a_type_of_a_higher_layer(self):
        self.add("Sessions/Basics/SessionID.swift", "\nstruct Upward { let manager: SessionManager }\n")
        self.assertEqual(
            self.check(), ["check-layers: Sources/Sessions: Basics must not know (top), and uses SessionManager"])

    def test_a_type_of_the_same_layer(self):
        self.add("Sessions/Events/SessionEvents.swift", "\nstruct Sideways { let record: SessionRecord }\n")
        self.assertEqual(
            self.check(), ["check-layers: Sources/Sessions: Events must not know Store, and uses SessionRecord"])

    def test_a_member_that_a_higher_layer_adds(self):
        self.add("Sessions/Store/SessionRecord.swift", "\nextension SessionID {\n    var addedByAHigherLayer: Int { 1 }\n}\n")
        self.add("Sessions/Basics/SessionID.swift", "\nlet upward = SessionID(using: .system).addedByAHigherLayer\n")
        self.assertEqual(
            self.check(), ["check-layers: Sources/Sessions: Basics must not know Store, and uses addedByAHigherLayer"])

    def test_comments_and_texts_are_no_uses(self):
        self.add("Sessions/Basics/SessionID.swift", '\n// SessionManager\n/// ``SessionManager``\nlet text = "SessionManager"\n')
        self.assertEqual(self.check(), [])

    def test_what_a_text_interpolates_is_one(self):
        self.add("Sessions/Basics/SessionID.swift", '\nlet text = "is \\(SessionManager.self)"\n')
        self.assertEqual(len(self.check()), 1)

    def test_a_folder_that_stands_on_no_layer(self):
        (self.copy / "Sources/Sessions/New").mkdir()
        self.add("Sessions/New/Thing.swift", "struct Thing {}\n")
        self.assertEqual(self.check(), ["check-layers: Sources/Sessions/New is in no layer"])

    def test_a_module_with_folders_and_no_layers(self):
        (self.copy / "Sources/SessionsSQLite/New").mkdir()
        self.add("SessionsSQLite/New/Thing.swift", "struct Thing {}\n")
        self.assertEqual(self.check(), ["check-layers: Sources/SessionsSQLite has folders, and no layers"])

    def test_a_type_behind_an_attribute(self):
        self.add("Sessions/Store/SessionRecord.swift", "\n@safe final class Attributed {}\n")
        self.add("Sessions/Basics/SessionID.swift", "\nlet upward = Attributed()\n")
        self.assertEqual(
            self.check(), ["check-layers: Sources/Sessions: Basics must not know Store, and uses Attributed"])

    def test_a_folder_that_is_gone(self):
        self.change("\nCookie\nBasics\n", "\nCookie Gone\nBasics\n")
        self.assertEqual(self.check(), ["check-layers: Sources/Sessions/Gone is in a layer, and not there"])

    def test_an_exception_that_is_used_no_longer(self):
        self.change("\nCookie\nBasics\n", "\nCookie\nBasics\nBasics -> (top): SessionManager\n")
        [line] = self.check()
        self.assertIn("Basics -> (top): SessionManager is used no longer", line)

    def test_an_exception_that_is_used(self):
        self.change("\nCookie\nBasics\n", "\nCookie\nBasics\nBasics -> (top): SessionManager\n")
        self.add("Sessions/Basics/SessionID.swift", "\nstruct Upward { let manager: SessionManager }\n")
        self.assertEqual(self.check(), [])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""How many modules SwiftPM compiles for a product: the table "What gets built" in README.md, held to the build's own plan."""

import re
import unittest

from programs import BIN, ROOT

#: The plan by which SwiftPM has built the programs that are tested: for each command its name, and the files that it reads and writes.
PLAN = ROOT / f".build/{BIN.name}.yaml"
COMMAND = re.compile(r'^  "([^"]+)":\n((?:    .*\n)+)', re.MULTILINE)
FILES = re.compile(r"^    (inputs|outputs): \[(.*)\]$", re.MULTILINE)
#: The command that compiles a Swift module is named after it.
MODULE = re.compile(r"C\.(\w+)-.*\.module")


class Plan:
    def __init__(self, text):
        self.reads, makers, self.compiles = {}, {}, {}
        for name, body in COMMAND.findall(text):
            files = {kind: re.findall(r'"([^"]+)"', listed) for kind, listed in FILES.findall(body)}
            self.reads[name] = files.get("inputs", [])
            makers |= dict.fromkeys(files.get("outputs", []), name)
            if found := MODULE.fullmatch(name):
                self.compiles[found[1]] = name
        self.makers = makers

    def modules(self, product):
        """The Swift modules that must be compiled before a program can be linked with the product's."""
        seen, waiting = set(), [self.compiles[product]]
        while waiting:
            command = waiting.pop()
            if command not in seen:
                seen.add(command)
                waiting += [self.makers[file] for file in self.reads[command] if file in self.makers]
        return {module for module, command in self.compiles.items() if command in seen}


def promised():
    """Each product and its number of modules, as the table has them."""
    section = (ROOT / "README.md").read_text().partition("### What gets built")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \| (\d+) \|", section, re.MULTILINE)
    return {product: int(number) for products, number in rows for product in re.findall(r"`(\w+)`", products)}


class ModuleTests(unittest.TestCase):
    def test_the_table_has_every_library_with_what_it_brings(self):
        libraries = re.findall(r'\.library\(name: "(\w+)"', (ROOT / "Package.swift").read_text())
        plan = Plan(PLAN.read_text())
        self.assertEqual(promised(), {library: len(plan.modules(library)) for library in libraries})


if __name__ == "__main__":
    unittest.main()

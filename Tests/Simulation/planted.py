#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Plants bugs in a copy of the sources, and says how many seeds the simulation takes to find each.

    Tests/Simulation/planted.py                    every bug of Tests/Simulation/bugs
    Tests/Simulation/planted.py NAME…              these
    Tests/Simulation/planted.py --seeds N          at most N seeds for each (20,000 unless said otherwise)
    Tests/Simulation/planted.py --seconds N        at most N seconds for each (600 unless said otherwise)
    Tests/Simulation/planted.py --check            only looks whether each bug's text is still in the sources
    Tests/Simulation/planted.py --copy FOLDER      only makes the copy, with the bugs in it
    Tests/Simulation/planted.py --program PATH     runs a program that was built of such a copy

A bug is a file: why, the file that it is planted in, the old text, which must be there exactly once, and the new text. In
the new text PLANTED is true while this bug is looked for, so that one program has all bugs and shows one at a time. A run
in Tests/Simulation/seeds that has the name of a bug must find it, too. Status 1 means that one was not found, or that the program finds something with none of them; 2 that a text no longer exists.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUGS = Path(__file__).resolve().parent / "bugs"
SAVED = Path(__file__).resolve().parent / "seeds"
FORM = re.compile(r"why: (.*)\nfile: (.*)\n--- old\n(.*)\n--- new\n(.*)\n", re.DOTALL)
SWITCH = '''// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The bug that is looked for.
private let planted = getenv("DEWAR_PLANTED").map { String(cString: $0) } ?? ""

package func isPlanted(_ name: String) -> Bool { planted == name }
'''


@dataclass
class Bug:
    name: str
    why: str
    file: str
    old: str
    new: str

    @classmethod
    def read(cls, path):
        match = FORM.fullmatch(path.read_text())
        if not match:
            sys.exit(f"planted.py: {path.name} is not of the form of a bug")
        why, file, old, new = match.groups()
        if "PLANTED" not in new:
            sys.exit(f"planted.py: {path.name} does not say where it is PLANTED")
        return cls(path.stem, why, file, old, new.replace("PLANTED", f'isPlanted("{path.stem}")'))

    def plant(self, root):
        path = root / self.file
        text = path.read_text() if path.is_file() else ""
        if text.count(self.old) != 1:
            raise LookupError(f"{self.name}: {self.file} has its old text {text.count(self.old)} times, and not once")
        path.write_text(text.replace(self.old, self.new))


def copy_sources(bugs, target):
    """A copy of the package with all bugs in it. What is built of an earlier copy stays, so that little is built anew."""
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
        text=True).stdout.split("\n")
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, fresh / name)
    (fresh / "Sources/SessionsSupport/System/Planted.swift").write_text(SWITCH)
    for bug in bugs:
        bug.plant(fresh)
    # A file that is the same keeps its time, and need not be compiled again.
    for path in fresh.rglob("*"):
        before = target / path.relative_to(fresh)
        if path.is_file() and before.is_file() and before.read_bytes() == path.read_bytes():
            shutil.copystat(before, path)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def build(package):
    command = ["swift", "build", "-c", "release", "--product", "SessionsSimulation", "--scratch-path",
               str(package.parent / "built")]
    subprocess.run(command, cwd=package, check=True, stdout=subprocess.DEVNULL)
    folder = subprocess.run(
        command[:4] + command[6:] + ["--show-bin-path"], cwd=package, check=True, capture_output=True, text=True)
    return Path(folder.stdout.strip()) / "SessionsSimulation"


def hunt(program, name, seeds, seconds):
    """What was found, and after how many seeds; nothing when nothing was."""
    environment = dict(os.environ, DEWAR_PLANTED=name)
    result = subprocess.run(
        [program, "--brief", "--from", "1", "--count", str(seeds), "--seconds", str(seconds)], env=environment,
        capture_output=True, text=True)
    match = re.search(r"found (\w+) after (\d+) seeds", result.stdout)
    if not match or result.returncode not in (0, 1):
        sys.exit(f"planted.py: the simulation with {name or 'no bug'} ended with status {result.returncode}: "
                 f"{result.stdout}{result.stderr}")
    return (None if result.returncode == 0 else match[1]), int(match[2])


def is_found_again(program, name):
    """Whether the saved run of the name of a bug finds it."""
    environment = dict(os.environ, DEWAR_PLANTED=name)
    result = subprocess.run(
        [program, "--replay", SAVED / f"{name}.json"], env=environment, capture_output=True, text=True)
    return result.returncode == 1 and "a promise was not kept" in result.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--copy", type=Path)
    parser.add_argument("--program", type=Path)
    options = parser.parse_args()
    bugs = [Bug.read(path) for path in sorted(BUGS.glob("*.txt"))]
    unknown = set(options.names) - {bug.name for bug in bugs}
    if unknown:
        sys.exit(f"planted.py: there is no bug {', '.join(sorted(unknown))}")
    package = options.copy or ROOT / ".build/planted/package"
    if not options.program:
        try:
            copy_sources(bugs, package)
        except LookupError as error:
            print(f"planted.py: {error}", file=sys.stderr)
            sys.exit(2)
    if options.check or options.copy:
        print(f"{len(bugs)} bugs can be planted")
        return
    program = options.program or build(package)
    found, count = hunt(program, "", min(options.seeds, 2000), options.seconds)
    if found:
        print(f"with no bug: {found} after {count} seeds")
        sys.exit(1)
    missed = 0
    for bug in bugs:
        if options.names and bug.name not in options.names:
            continue
        found, count = hunt(program, bug.name, options.seeds, options.seconds)
        missed += found is None
        print(f"{bug.name:34} {found or 'NOT FOUND':22} {count:7} seeds   {bug.why}", flush=True)
        if (SAVED / f"{bug.name}.json").is_file() and not is_found_again(program, bug.name):
            missed += 1
            print(f"{bug.name}: its saved run does not find it", flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What a suite's list says, and where the suite comes from."""

import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".venv/suites"


@dataclass
class Difference:
    """Tests that fail on Dewar, each with a piece of the error that it fails with.

    `row` is the first cell of the row in docs/FLASK.md that says so.
    """

    row: str
    tests: dict[str, str]


@dataclass
class Suite:
    """A project's own tests, named as pytest names them, from the folder `tests` on; `*` stands for any text."""

    project: str
    #: The module whose `install()` puts Dewar where the tests find the project.
    shim: str
    #: The files that are run, and those that are not, with the reason.
    files: list[str]
    other_files: dict[str, str]
    #: Of these files only the tests named here are about what Dewar has; of all others every test is run.
    selected: dict[str, list[str]] = field(default_factory=dict)
    #: Tests that are not run, with the reason.
    excluded: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    #: What else pytest is told.
    pytest_options: list[str] = field(default_factory=list)
    #: How many tests pass: those that asked Dewar for something.
    passes: int = 0

    def is_run(self, test):
        """Whether a test is to be run."""
        name, _, rest = test.partition("::")
        chosen = self.selected.get(name)
        return not matching(test, self.excluded) and (chosen is None or bool(matching(rest, chosen)))

    def folder(self):
        """The unpacked source distribution, which is downloaded when it is not there yet."""
        version = pinned_version(self.project)
        folder = CACHE / f"{self.project}-{version}"
        if not folder.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            download(f"{self.project}=={version}", folder)
        return folder


def matching(test, patterns):
    """Those of the patterns that a test's name fits. Brackets stand for themselves: they are pytest's parameters."""
    return [pattern for pattern in patterns if fnmatchcase(test, pattern.replace("[", "[[]"))]


def pinned_version(project):
    requirements = (ROOT / "Tests/Interop/requirements.txt").read_text()
    return re.search(rf"(?m)^{re.escape(project)}==(\S+)$", requirements)[1]


def download(requirement, folder):
    """Gets a source distribution from the package index, and unpacks it as `folder`; all of it or nothing."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--no-binary", ":all:", "--dest", temporary, requirement], check=True, timeout=120)
        [archive] = Path(temporary).glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(temporary, filter="data")
        [unpacked] = (path for path in Path(temporary).iterdir() if path.is_dir())
        unpacked.rename(folder)

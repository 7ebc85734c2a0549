# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A plugin of pytest: puts Dewar in the place of what is tested, and writes down what became of each test.

`DEWAR_SUITE` names the module with the suite's list, and `DEWAR_RESULT` the file to write.
"""

import importlib
import json
import os
from pathlib import Path

from suites.peer import PEER

SUITE = importlib.import_module(f"suites.{os.environ['DEWAR_SUITE']}").SUITE
results = {}


def pytest_configure(config):
    # Before any test file is imported: they take the names that they test from the project.
    importlib.import_module(f"suites.{SUITE.shim}").install()


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if not SUITE.is_run(name(item.nodeid))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if SUITE.is_run(name(item.nodeid))]


def pytest_runtest_setup(item):
    PEER.calls = 0


def pytest_runtest_logreport(report):
    """A test is its worst phase; each says whether Dewar was asked until then."""
    result = results.setdefault(name(report.nodeid), {"outcome": "passed", "error": ""})
    result["asked"] = PEER.calls > 0
    if report.outcome != "passed":
        result.update(outcome=report.outcome, error=str(report.longrepr))


def pytest_sessionfinish(session):
    PEER.stop()
    Path(os.environ["DEWAR_RESULT"]).write_text(json.dumps(results))


def name(nodeid):
    """A test's name from the folder `tests` on."""
    return nodeid.partition("tests/")[2] or nodeid

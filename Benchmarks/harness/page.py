# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""docs/PERFORMANCE.md, docs/OPERATING.md and docs/COMMAND.md: pages that people write, with tables between marks that a run replaces."""

import re

from .servers import ROOT

PAGE, OPERATING, COMMAND = (ROOT / "docs" / name for name in ("PERFORMANCE.md", "OPERATING.md", "COMMAND.md"))
PLOTS = ROOT / "docs/performance"


def replaced(page, name, text):
    """The page with other text between the marks `<!-- bench:NAME -->` and `<!-- /bench -->`."""
    marks = re.compile(rf"(<!-- bench:{re.escape(name)} -->\n).*?(<!-- /bench -->)", re.DOTALL)
    page, count = marks.subn(lambda found: f"{found[1]}{text.rstrip()}\n{found[2]}", page)
    if count != 1:
        raise ValueError(f"The page has {count} places for {name}, and should have one.")
    return page


def write(texts, plots, path=PAGE):
    """Puts each text in its place on the page, and each plot in its file; what was not measured stays as it is."""
    page = path.read_text()
    for name, text in texts.items():
        page = replaced(page, name, text)
    path.write_text(page)
    PLOTS.mkdir(exist_ok=True)
    for name, plot in plots.items():
        (PLOTS / f"{name}.svg").write_text(plot)

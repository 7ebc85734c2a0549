# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Bar plots as SVG, readable on white and on black."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, LABELS, NUMBERS = 860, 270, 90
BAR, GAP, TOP, LEGEND = 15, 12, 44, 26
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #222; }
.title { font-size: 15px; font-weight: 600; }
.bar0 { fill: #2f6fb0; }
.bar1 { fill: #d9822b; }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd; }
  .bar0 { fill: #6aa6e0; }
  .bar1 { fill: #eba55c; }
}
"""


@dataclass(frozen=True)
class Bars:
    """One line of a plot: a bar for each series, or None where nothing was measured."""
    label: str
    values: tuple


def bars(title, series, rows, number="{:,.0f}"):
    """A plot of horizontal bars, which all begin at zero. What costs less than nothing has a bar of no length."""
    longest = max((value for row in rows for value in row.values if value is not None), default=1) or 1
    scale = (WIDTH - LABELS - NUMBERS) / longest
    parts = [f'<text class="title" x="8" y="24">{escape(title)}</text>']
    left = 8
    for place, name in enumerate(series if len(series) > 1 else ()):
        parts.append(f'<rect class="bar{place}" x="{left}" y="{TOP - 8}" width="12" height="12"/>')
        parts.append(f'<text x="{left + 18}" y="{TOP + 3}">{escape(name)}</text>')
        left += 40 + 8 * len(name)
    top = TOP + (LEGEND if len(series) > 1 else 0)
    for row in rows:
        middle = top + BAR * len(series) / 2 + 5
        parts.append(f'<text x="{LABELS - 10}" y="{middle:g}" text-anchor="end">{escape(row.label)}</text>')
        for place, value in enumerate(row.values):
            if value is not None:
                parts += bar(place, top + BAR * place, max(value, 0) * scale, number.format(value))
        top += BAR * len(series) + GAP
    return document(title, top, parts)


def bar(place, y, length, text):
    yield f'<rect class="bar{place}" x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR - 2}"/>'
    yield f'<text x="{LABELS + length + 6:.1f}" y="{y + BAR - 3}">{escape(text)}</text>'


def document(title, height, parts):
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>", f"<style>\n{STYLE}</style>", *parts, "</svg>", "",
    ])

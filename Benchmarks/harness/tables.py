# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The tables of docs/PERFORMANCE.md, as Markdown."""

from . import inprocess
from .goals import PLACE_NAMES, WORDS
from .pairs import CONTROL, PAGES, POSTGRES, base


def table(heads, rows):
    """Markdown: the first column is text, and the others are numbers."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets(verdicts):
    return table(
        ["Target", "goal", "measured", "", "by hand"], ([v.what, v.goal, v.measured, v.word, v.by_hand] for v in verdicts))


def added(results, servers):
    """What a session adds to a request, for each server."""
    rows = [["Hummingbird without sessions, compared with itself", with_spread(results.added(CONTROL)), "", ""]]
    for server in servers:
        cells = []
        for page in PAGES:
            pair = (base(server), (server.name, page))
            cells.append(with_spread(results.added(pair)) if results.has(pair) and pair != CONTROL else "")
        if any(cells):
            rows.append([label(server), *cells])
    return table(["Server CPU in µs", *(WORDS[page] for page in PAGES)], rows)


def requests(results, servers):
    """Whole requests: CPU time and rate."""
    rows = []
    for server in servers:
        for page in server.pages:
            cost, rate = results.cost((server.name, page)), results.rate((server.name, page))
            rows.append([label(server), f"`{page}`", f"{cost.median:.1f}", f"{rate.median:,.0f}"])
    return table(["Server", "page", "CPU in µs", "requests a second"], rows)


def postgres(results):
    if not results.has(POSTGRES):
        return "Not measured."
    keys = zip(("pgbench", "Dewar on Hummingbird, `/count`"), POSTGRES)
    return table(["PostgreSQL", "a second"], ([what, f"{results.rate(key).median:,.0f}"] for what, key in keys))


def process(entries):
    """All benchmarks of SessionBench; a column that none of them fills is left out."""
    heads = ["Inside of one process", "time", "floor", "times the floor", "goal", "", "allocations"]
    rows = [process_row(entry) for entry in entries]
    filled = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    return table([heads[place] for place in filled], ([row[place] for place in filled] for row in rows))


def process_row(entry):
    floor, goal, allocations = entry.get("floor"), entry.get("goal"), entry.get("allocations")
    ratio = inprocess.ratio(entry)
    return [
        f"{entry['group']}: {entry['name']}", time(entry["nanoseconds"]),
        f"{floor['name']}: {time(floor['nanoseconds'])}" if floor else "", f"{ratio:.2f}" if ratio else "",
        f"at most {goal:g}" if goal is not None else "", inprocess.word(entry),
        f"{round(allocations, 1):g}" if allocations is not None else "",
    ]


def time(nanoseconds):
    return f"{nanoseconds:.0f} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:.2f} µs"


def with_spread(spread):
    return f"{spread.median:+.1f} ({spread.low:+.1f} to {spread.high:+.1f})"


def label(server):
    place = server.name.partition(" ")[2]
    return f"{server.group}: {PLACE_NAMES[place] if place in PLACE_NAMES else place}" if place else server.group

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What must hold, and whether it does."""

from dataclasses import dataclass

from .pairs import ALL_CORES, BARE_PAGE, HELLO, POSTGRES, READING, WRITING, gorilla
from .servers import HAND_MADE_PLACES

WORDS = {HELLO: "not looking", READING: "reading", WRITING: "writing"}
PLACE_NAMES = {
    "flask": "`.flask`", "sealed": "`.sealed`", "memory": "memory", "directory": "directory", "sqlite": "SQLite",
    "redis": "Redis", "postgres": "PostgreSQL",
}


@dataclass(frozen=True)
class Added:
    """At most so many microseconds more than the page without a session."""
    what: str
    pair: tuple
    limit: float
    #: The same page with sessions that are made by hand, in the fewest steps.
    by_hand: tuple | None = None

    def measured(self, results):
        return results.added(self.pair)

    def holds(self, spread):
        return spread.median <= self.limit

    @property
    def goal(self):
        return f"at most +{self.limit:g} µs"

    @staticmethod
    def text(spread):
        return f"{spread.median:+.2f} µs ({spread.low:+.2f} to {spread.high:+.2f})"


@dataclass(frozen=True)
class Times:
    """At least so many times as many requests a second as the other."""
    what: str
    pair: tuple
    limit: float
    is_strict: bool = False

    def measured(self, results):
        return results.times(self.pair)

    def holds(self, spread):
        return spread.median > self.limit if self.is_strict else spread.median >= self.limit

    @property
    def goal(self):
        return f"{'more than' if self.is_strict else 'at least'} {self.limit:g} times"

    @staticmethod
    def text(spread):
        return f"{spread.median:.3f} times ({spread.low:.2f} to {spread.high:.2f})"


@dataclass(frozen=True)
class Rate:
    """At least so many requests a second to the second page."""
    what: str
    pair: tuple
    limit: float

    def measured(self, results):
        return results.rate(self.pair[1])

    def holds(self, spread):
        return spread.median >= self.limit

    @property
    def goal(self):
        return f"at least {self.limit:,}"

    @staticmethod
    def text(spread):
        return f"{spread.median:,.0f} ({spread.low:,.0f} to {spread.high:,.0f})"


#: The most that a session in each place may add, reading and writing.
LIMITS = {
    "flask": (3, 5), "sealed": (4, 7), "memory": (3, 4), "directory": (20, 60), "sqlite": (25, 80), "redis": (25, 45),
}


def all_goals():
    return [
        Added("`.flask`, not looking", (BARE_PAGE, ("hummingbird flask", HELLO)), 0.3),
        *(
            Added(
                f"{PLACE_NAMES[place]}, {WORDS[page]}", (BARE_PAGE, (f"hummingbird {place}", page)), limit,
                by_hand=(BARE_PAGE, (f"handmade {place}", page)) if place in HAND_MADE_PLACES else None)
            for place, limits in LIMITS.items() for page, limit in zip((READING, WRITING), limits)
        ),
        Added("`App` instead of bare Hummingbird, a page without a session", (BARE_PAGE, ("app flask", HELLO)), 3),
        *(
            Times(f"`.flask`, {WORDS[page]}: requests a second, of gorilla's with cookies", gorilla(page), 1, is_strict=True)
            for page in (READING, WRITING)
        ),
        Rate("SQLite, writing: requests a second on all cores, with the load on them", ALL_CORES, 10_000),
        Times("PostgreSQL, writing: requests a second, of pgbench's transactions", POSTGRES, 0.6),
    ]


@dataclass(frozen=True)
class Verdict:
    what: str
    goal: str
    measured: str
    #: `ok`, `short`, or `not measured`.
    word: str
    #: What it costs by hand; empty if nothing was made by hand.
    by_hand: str = ""


def judge(results, goals):
    """A verdict on each goal, in order."""
    for goal in goals:
        if not results.has(goal.pair):
            yield Verdict(goal.what, goal.goal, "", "not measured")
            continue
        spread = goal.measured(results)
        yield Verdict(
            goal.what, goal.goal, goal.text(spread), "ok" if goal.holds(spread) else "short", by_hand(goal, results))


def by_hand(goal, results):
    pair = getattr(goal, "by_hand", None)
    return f"{results.added(pair).median:+.2f} µs" if pair and results.has(pair) else ""

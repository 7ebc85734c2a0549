# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Medians with their spread, of what each pair of each round says for itself.

The machine's speed wanders, by half within minutes. So the two slices of a pair, which ran by turns, are compared with each
other, and the medians are of these differences and ratios.
"""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Spread:
    """The median of some rounds, and the quartiles around it."""
    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        values = sorted(values)
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, _, high = quantiles(values, n=4, method="inclusive")
        return cls(median(values), low, high)


class Results:
    """The slices of all rounds. A key is a server's name and a page; each round has two slices for each pair of keys."""

    def __init__(self):
        self.rounds = []

    def has(self, pair):
        return bool(self.rounds) and all(pair in round for round in self.rounds)

    def added(self, pair):
        """What the second page costs more than the first, in microseconds of the servers' CPU time."""
        return Spread.of(second.cost - first.cost for first, second in self.slices(pair))

    def times(self, pair):
        """How many times as many requests a second the second page answers as the first."""
        return Spread.of(second.rate / first.rate for first, second in self.slices(pair))

    def cost(self, key):
        """The server's CPU time per request, in microseconds."""
        return Spread.of(slice.cost for slice in self.all(key))

    def rate(self, key):
        """Requests a second."""
        return Spread.of(slice.rate for slice in self.all(key))

    def slices(self, pair):
        return [round[pair] for round in self.rounds]

    def all(self, key):
        """All slices of a page, in whichever pair."""
        return [slices[place] for round in self.rounds for pair, slices in round.items()
                for place in (0, 1) if pair[place] == key]

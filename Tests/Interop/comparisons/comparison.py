# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What a comparison has: cases, Flask's answers, and the documented departures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A departure: the first cell of its row in docs/FLASK.md."""

    text: str


class Comparison:
    """One part that both have. A case is a list of texts, for the peer."""

    #: The kind, as the peer calls it.
    kind = ""
    #: How many of a hundred cases are of it.
    share = 10

    def case(self, rng):
        raise NotImplementedError

    def flask(self, case):
        """What the original makes of the case, as canonical text; None when it refuses it."""
        raise NotImplementedError

    def weight(self, case):
        """For how many cases one counts."""
        return 1

    def departure(self, case, flask, dewar):
        """The row that says that the two answers differ so; None when there is none, and it is a disagreement."""
        return None

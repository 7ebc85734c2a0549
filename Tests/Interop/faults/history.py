# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What visitors sent and what they were answered: all that the promises are judged by.

Times are seconds of a clock that only goes forward. A *life* is a session of one browser from its sign-in on.
"""

from dataclasses import dataclass, field


@dataclass
class Exchange:
    """A request, and its answer if one came."""

    number: int
    operation: str
    process: int
    sent: float
    key: str | None = None
    value: int | None = None
    #: When the answer was there, or an error in its place; None while it is awaited, and for ever if none came.
    answered: float | None = None
    #: The answer's status; None if no whole answer came.
    status: int | None = None
    #: What the handler says that it saw: `request`, `user` and `entries`.
    view: dict | None = None

    @property
    def is_done(self):
        """Acknowledged: what the request asked for has happened."""
        return self.status == 200

    @property
    def sees(self):
        """Whether the handler saw a session with a user."""
        return self.is_done and self.view is not None and self.view.get("user") is not None

    @property
    def entries(self):
        return (self.view or {}).get("entries") or {}


@dataclass
class Ending:
    """A sign-out: possible from `sent` on, and certain from `answered` on, if it was acknowledged."""

    sent: float
    answered: float | None
    why: str


@dataclass
class User:
    name: str
    #: Sign-outs of all of the user's sessions, in this life and others.
    everywhere: list = field(default_factory=list)
    #: Whether a sign-out of all sessions is on its way for ever, so that it may end any session of this user.
    is_spent: bool = False


@dataclass
class Life:
    number: int
    user: User
    #: The sign-in, acknowledged.
    began: Exchange
    exchanges: list = field(default_factory=list)
    #: What ended the session from outside of it.
    endings: list = field(default_factory=list)

    def all_endings(self):
        """Everything that may have ended the session, in the order in which it was sent."""
        found = list(self.endings)
        for exchange in self.exchanges:
            if exchange.operation == "sign-out":
                found.append(Ending(exchange.sent, exchange.answered if exchange.is_done else None, "it signed out"))
            elif exchange.operation == "renew" and not exchange.is_done:
                found.append(Ending(exchange.sent, None, "the answer with its new cookie was lost"))
        for ending in self.user.everywhere:
            if self.began.answered < ending.sent:
                found.append(ending)
            # A sign-in at the same moment may have ended or not; cookies are compared by the millisecond.
            elif ending.answered is None or self.began.sent < ending.answered + 0.005:
                found.append(Ending(ending.sent, None, ending.why))
        return sorted(found, key=lambda ending: ending.sent)


@dataclass(frozen=True)
class Rules:
    """What a place promises."""

    #: How long a sign-out may take to be known to another process, in seconds.
    staleness: float = 0.0
    #: Whether a sign-out that was not acknowledged either happened or did not. A list of revocations may have it in one
    #: process, which forgets it when it is killed.
    ends_for_good: bool = True

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Which faults happen when: the seed decides it, for each site by itself."""

from dataclasses import dataclass
from random import Random

from .wire import DISTURBANCES

#: The places in which sessions are kept. "sealed" are cookies with a list of revocations in Redis.
SITES = ("memory", "directory", "sqlite", "redis", "postgres", "sealed")
#: How many processes serve each.
PROCESSES = {"memory": 1}

ON_PROCESSES = ("kill", "stop", "freeze", "connections", "descriptors")
ON_VISITORS = tuple(f"visitors: {kind}" for kind in DISTURBANCES)
ON_ENGINES = ("engine killed",)
TO_ENGINES = tuple(f"store: {kind}" for kind in DISTURBANCES)
ON_DISKS = ("disk full",)
WITH_ENGINE = ("redis", "postgres", "sealed")
WITH_DISK = ("directory", "sqlite", "redis", "postgres")
KINDS = ON_PROCESSES + ON_ENGINES + ON_DISKS + TO_ENGINES + ON_VISITORS


def kinds(site):
    """The faults of a site: those of its machine, and those of its connections, which may come at the same time."""
    has_engine = site in WITH_ENGINE
    machine = ON_PROCESSES + (ON_ENGINES if has_engine else ()) + (ON_DISKS if site in WITH_DISK else ())
    return machine, ON_VISITORS + (TO_ENGINES if has_engine else ())


@dataclass(frozen=True)
class Fault:
    kind: str
    #: Seconds from the beginning of the round.
    at: float
    seconds: float
    #: For what is drawn by lot while it happens.
    seed: int

    @property
    def ends(self):
        return self.at + self.seconds


class Planner:
    """Deals the faults of a site like cards, so that each comes before one comes twice."""

    def __init__(self, seed, site):
        self.random = Random(f"{seed} {site}")
        self.decks = [Deck(part, self.random) for part in kinds(site)]

    def round(self, seconds):
        """The faults of the next round, by the time at which they begin."""
        faults = []
        for deck in self.decks:
            at = self.random.uniform(0.3, 1.5)
            while at < seconds:
                kind = deck.deal()
                lasting = min(self.lasting(kind), seconds - at)
                faults.append(Fault(kind, at, lasting, self.random.getrandbits(32)))
                at += lasting + self.random.uniform(0.1, 1.2)
        return sorted(faults, key=lambda fault: fault.at)

    def lasting(self, kind):
        """For how long, in seconds: sometimes longer than the stores wait for an answer or a lock (5 seconds)."""
        is_long = self.random.random() < 0.2
        match kind:
            case "kill" | "stop": return self.random.uniform(0.05, 0.8)
            case "freeze" | "visitors: stall" | "store: stall" if is_long: return self.random.uniform(5.5, 7)
            case "engine killed" | "store: refuse" if is_long: return self.random.uniform(3, 6)
        return self.random.uniform(0.4, 2.5)


class Deck:
    def __init__(self, cards, random):
        self.cards, self.random, self.left = cards, random, []

    def deal(self):
        if not self.left:
            self.left = list(self.cards)
            self.random.shuffle(self.left)
        return self.left.pop()

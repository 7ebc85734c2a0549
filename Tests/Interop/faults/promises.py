# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The promises of docs/TESTING.md, held to the history of one session. Nothing here knows the product's insides."""

from dataclasses import dataclass
from math import inf

OWN_ENTRIES = ("n", "life")


@dataclass(frozen=True)
class Finding:
    promise: str
    what: str
    exchange: int | None = None


class Record:
    """A life's history, sorted once for all checks."""

    def __init__(self, life):
        self.life, self.endings = life, life.all_endings()
        self.counts = [one for one in life.exchanges if one.operation == "count"]
        self.writes = {}
        for one in life.exchanges:
            if one.key is not None:
                self.writes.setdefault(one.key, []).append(one)
        #: The first answer that found no session any more. (A probe may try a cookie from before a renewal.)
        aside = ("sign-out", "probe")
        self.gone = min(
            (one for one in life.exchanges if one.is_done and not one.sees and one.operation not in aside),
            key=lambda one: one.answered, default=None)

    def writes_before(self, key, exchange):
        """The requests that may have written the entry when the exchange was answered."""
        return [one for one in self.writes.get(key, ()) if one.sent < exchange.answered]


def judge(life, rules):
    """Every promise that was broken in the life, and the exchange in which it shows."""
    record = Record(life)
    return [
        Finding(check.__name__, what, exchange.number)
        for exchange in life.exchanges for check in CHECKS for what in check(record, exchange, rules)]


def an_outage_is_an_error(record, exchange, rules):
    """A request whose session cannot be read or written is answered with 503, and with nothing else."""
    if exchange.status not in (None, 200, 503):
        yield f"the status was {exchange.status}"


def answers_belong_to_their_requests(record, exchange, rules):
    if exchange.is_done and (exchange.view or {}).get("request") != str(exchange.number):
        yield f"the answer was for request {(exchange.view or {}).get('request')}"


def own_session_only(record, exchange, rules):
    """No visitor gets the session of another, nor anything that this session's visitor did not write."""
    life = record.life
    if not exchange.is_done:
        return
    user = (exchange.view or {}).get("user")
    if user is not None and user != life.user.name:
        yield f"the session was that of {user}"
    if exchange.entries.get("life", life.number) != life.number:
        yield f"the entries were those of session {exchange.entries['life']}"
    if exchange.sees:
        for key, value in exchange.entries.items():
            if key not in OWN_ENTRIES and not any(one.value == value for one in record.writes_before(key, exchange)):
                yield f"{key} was {value}, which the visitor had not written"


def counters_are_exact(record, exchange, rules):
    """A counter has every count that was acknowledged, and no more than were sent."""
    if not exchange.sees or exchange.operation in ("sign-in", "sign-out", "probe"):
        return
    sent = [one for one in record.counts if one.sent < exchange.answered]
    least = sum(one.is_done and one.sees and one.answered < exchange.sent for one in sent)
    least += exchange.operation == "count"
    found = exchange.entries.get("n", 0)
    if not least <= found <= len(sent):
        yield f"the counter was {found}: {least} counts had been acknowledged, and {len(sent)} had been sent"


def no_acknowledged_write_is_lost(record, exchange, rules):
    """An entry has the value of the last acknowledged write, or of one that may have come later."""
    if not exchange.sees or exchange.operation in ("sign-out", "probe"):
        return
    for key in record.writes:
        known = record.writes_before(key, exchange)
        before = [one for one in known if one.is_done and one.sees and one.answered < exchange.sent]
        found = exchange.entries.get(key)
        if not before:
            continue
        if found is None:
            yield f"{key} was gone, which request {before[-1].number} had written"
            continue
        sources = [one for one in known if one.value == found]
        if sources and all(is_overwritten(source, before) for source in sources):
            yield f"{key} was {found} again, which request {before[-1].number} had replaced"


def unsure_counts(life):
    """Of the counts without an acknowledgement: how many there were, and how many had been made all the same.

    Nothing if the session was not read after all of them had been answered, or given up.
    """
    last = next((one for one in reversed(life.exchanges) if one.sees and one.operation == "see"), None)
    counts = [one for one in life.exchanges if one.operation == "count"]
    if last is None or any(one.answered is None or one.answered > last.sent for one in counts):
        return 0, 0
    known = sum(one.sees for one in counts)
    return len(counts) - known, last.entries.get("n", 0) - known


def is_overwritten(source, later):
    """Whether the write had been acknowledged before another one began that was acknowledged too."""
    return source.is_done and any(source.answered < one.sent for one in later)


def nothing_comes_back(record, exchange, rules):
    """After an acknowledged sign-out, or once a request has seen none, there is no session."""
    is_back = exchange.sees or (exchange.is_done and "life" in exchange.entries)
    if exchange.operation == "sign-out" or not is_back:
        return
    for ending in record.endings:
        if ending.answered is not None and exchange.sent > ending.answered + rules.staleness:
            yield f"the session was there {exchange.sent - ending.answered:.3f} s after its end ({ending.why})"
            return
    if rules.ends_for_good and record.gone is not None and record.gone.answered < exchange.sent:
        yield f"the session was there, which request {record.gone.number} had not found any more"


def signed_in_until_an_end(record, exchange, rules):
    """Only a sign-out signs the visitor out: an outage is never an answer without the session."""
    if not exchange.is_done or exchange.sees or exchange.operation == "sign-out":
        return
    if exchange.answered < min((ending.sent for ending in record.endings), default=inf):
        yield "there was no session, and nothing had ended it"


CHECKS = (
    an_outage_is_an_error, answers_belong_to_their_requests, own_session_only, counters_are_exact,
    no_acknowledged_write_is_lost, nothing_comes_back, signed_in_until_an_end,
)

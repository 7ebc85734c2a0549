# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A session's history in words."""

from dataclasses import dataclass

LONGEST = 60


@dataclass(frozen=True)
class Event:
    """Something that was done to a site, from when until when."""

    began: float
    ended: float
    what: str


def tell(life, findings, events, site):
    """The findings, and what was sent, answered and disturbed until the last of them."""
    lines = [f"{site}: session {life.number} of {life.user.name}:"]
    lines += [
        f"    {finding.promise} was broken in request {finding.exchange}: {finding.what}" for finding in findings[:5]]
    if len(findings) > 5:
        lines.append(f"    (and {len(findings) - 5} more)")
    marked = {finding.exchange for finding in findings}
    first = life.began.sent
    shown = life.exchanges or [life.began]
    last = max((number for number, one in enumerate(shown) if one.number in marked), default=len(shown) - 1)
    left_out = max(0, last + 1 - LONGEST)
    told = [(one.sent, sentence(one, first, one.number in marked)) for one in shown[left_out:last + 1]]
    begin = told[0][0] if told else first
    end = max(one.answered or one.sent for one in shown[:last + 1])
    told += [
        (event.began, f"{event.began - first:9.3f} s  *** {event.what} (until {event.ended - first:.3f} s)")
        for event in events if event.ended >= begin and event.began <= end]
    told += [
        (ending.sent, f"{ending.sent - first:9.3f} s  {ending.why}, "
         + (f"acknowledged at {ending.answered - first:.3f} s" if ending.answered is not None else "not acknowledged"))
        for ending in [*life.endings, *life.user.everywhere] if begin <= ending.sent <= end]
    if left_out:
        lines.append(f"    (the first {left_out} requests are left out)")
    return "\n".join(lines + ["    " + text for _, text in sorted(told)])


def sentence(one, first, is_marked):
    what = one.operation if one.key is None else f"{one.operation} {one.key} = {one.value}"
    text = f"{one.sent - first:9.3f} s  request {one.number} to process {one.process}: {what}; "
    if one.answered is None:
        text += "no answer"
    elif one.status != 200:
        text += f"{one.answered - first:.3f} s: " + (f"status {one.status}" if one.status else "cut off")
    else:
        view = one.view or {}
        entries = ", ".join(f"{key} = {value}" for key, value in sorted(one.entries.items()) if key != "life")
        text += f"{one.answered - first:.3f} s: user {view.get('user')}, {entries or 'no entries'}"
    return text + ("   <<<" if is_marked else "")

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Several sites at once, rounds of faults, and after each round everything must be right and answered again."""

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.history import Rules  # noqa: E402
from faults.mischief import disturb  # noqa: E402
from faults.plan import KINDS, SITES, Planner, kinds  # noqa: E402
from faults.recovery import recover  # noqa: E402
from faults.sites import STALENESS, Site  # noqa: E402
from faults.visitors import Crowd  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("DEWAR_BIN", ROOT / ".build/release")) / "FaultPeer"
ROUND = 45


def main():
    parser = argparse.ArgumentParser(prog="faults", description="Disturbs servers and checks what their visitors see.")
    parser.add_argument("seconds", type=float, help="how long, in seconds, without the recovery after each round")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="decides the plan of faults")
    parser.add_argument("--sites", nargs="+", choices=SITES, default=SITES, help="where sessions are kept")
    parser.add_argument("--users", type=int, default=3, help="users of each site, with two browsers each")
    options = parser.parse_args()
    if not PROGRAM.exists():
        raise SystemExit(f"faults: {PROGRAM} is missing: swift build -c release --product FaultPeer")
    print(f"seed {options.seed}", flush=True)
    raise SystemExit(asyncio.run(run(options)))


async def run(options):
    began, crowds = time.monotonic(), []
    sites = [Site(kind, PROGRAM, options.seed) for kind in options.sites]
    try:
        # All of them, also if one fails: what is still starting could not be stopped.
        for started in await asyncio.gather(*(site.start() for site in sites), return_exceptions=True):
            if isinstance(started, BaseException):
                raise started
        for site in sites:
            rules = Rules(STALENESS + 0.5, False) if site.kind == "sealed" else Rules()
            crowds.append(Crowd(site, rules, options.seed, options.users))
            crowds[-1].start()
        planners = [Planner(options.seed, site.kind) for site in sites]
        rounds = max(1, round(options.seconds / ROUND))
        for number in range(rounds):
            length = options.seconds / rounds
            await asyncio.gather(*(
                one_round(crowd, planner.round(length), length) for crowd, planner in zip(crowds, planners)))
            broken = sum(len(crowd.stories) + len(crowd.site.alarms) for crowd in crowds)
            requests = sum(crowd.statuses.total() for crowd in crowds)
            print(f"round {number + 1} of {rounds}: {requests} requests, {broken} findings", flush=True)
        await asyncio.gather(*(crowd.stop() for crowd in crowds))
        return report(crowds, options, time.monotonic() - began)
    finally:
        await asyncio.gather(*(site.close() for site in sites))


async def one_round(crowd, faults, seconds):
    end = time.monotonic() + seconds
    await disturb(crowd.site, faults)
    await asyncio.sleep(max(0, end - time.monotonic()))
    await recover(crowd)


def report(crowds, options, seconds):
    """Prints what happened and what was found; the status of the program."""
    width = 37
    print(f"\n{'':{width}}" + "".join(f"{crowd.site.kind:>11}" for crowd in crowds))
    missing = []
    aside = {kind for crowd in crowds for kind in crowd.site.happened} - set(KINDS)
    for kind in (*KINDS, *sorted(aside)):
        cells = []
        for crowd in crowds:
            has_it = any(kind in deck for deck in kinds(crowd.site.kind))
            cells.append(str(crowd.site.happened[kind]) if has_it or crowd.site.happened[kind] else "-")
            if has_it and crowd.site.happened[kind] == 0:
                missing.append(f"{crowd.site.kind}: {kind}")
        if any(cell != "-" for cell in cells):
            print(f"{kind:{width}}" + "".join(f"{cell:>11}" for cell in cells))
    for status, words in ((200, "answered"), (503, "503: store out of reach"), (None, "no whole answer")):
        print(f"{words:{width}}" + "".join(f"{crowd.statuses[status]:>11}" for crowd in crowds))
    count = sum(len(crowd.stories) for crowd in crowds)
    alarms = [
        f"{crowd.site.kind}: {alarm}" for crowd in crowds for alarm in crowd.site.alarms + crowd.site.log_alarms()]
    # A short run deals each fault to some site; a long one deals every fault to every site.
    if options.seconds < 180:
        everywhere = {kind for crowd in crowds for kind in crowd.site.happened}
        missing = [kind for kind in KINDS if kind not in everywhere and any(
            kind in deck for crowd in crowds for deck in kinds(crowd.site.kind))]
    for text in [story for crowd in crowds for story in crowd.stories[:2]] + alarms[:10]:
        print(f"\n{text}")
    for kind in missing:
        print(f"It did not happen: {kind}")
    unsure, made = (sum(getattr(crowd, name) for crowd in crowds) for name in ("unsure", "unsure_made"))
    print(f"of {unsure} counts without an acknowledgement {made} had been made")
    requests = sum(crowd.statuses.total() for crowd in crowds)
    lives = sum(next(crowd.lives) - 1 for crowd in crowds)
    print(f"\nseed {options.seed}: {requests} requests of {lives} sessions in {seconds:.0f} s; "
          f"{count} sessions broke a promise, {len(alarms)} alarms")
    return 1 if count or alarms or missing else 0


if __name__ == "__main__":
    main()

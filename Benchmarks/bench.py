#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Measures what a session costs, prints each target with `ok` or `short`, and writes docs/PERFORMANCE.md.

./bench installs and builds what this needs, and passes its options on: `./bench --help` describes them.
"""

import argparse
import os
import re
import signal
import sys
from contextlib import ExitStack

from harness import goals, inprocess, machine, overview, page, peers, plot, postgres, profiles, tables
from harness.load import CONNECTIONS, FINE_TURNS, TURN, TURNS, pair
from harness.pairs import FINE, POSTGRES, all_pairs, base
from harness.processes import LOAD_CORE
from harness.servers import BARE, VISITORS, Engines, dewar_servers
from harness.statistics import Results

QUICK_ROUNDS = 2


def options():
    parser = argparse.ArgumentParser(prog="./bench", description="Measures what a session costs.")
    parser.add_argument("--rounds", type=int, default=12, help="how often each page is measured (12)")
    parser.add_argument(
        "--only", choices=("process", "http", "profiles", "overview"),
        help="one half: inside of one process, or over HTTP; or what nothing else measures: where the time of a request goes, "
        "or the operator's page")
    parser.add_argument(
        "--sessions", type=int, default=overview.SESSIONS, metavar="N",
        help="how many sessions the operator's page has to show (1,000,000); with another number docs/OPERATING.md stays as it is")
    parser.add_argument("--quick", action="store_true", help="two rounds; docs/PERFORMANCE.md stays as it is")
    parser.add_argument(
        "--kinds", metavar="REGEX", type=re.compile, help="the servers whose names this finds; docs/PERFORMANCE.md stays as it is")
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True,
        help="other projects too (yes); without them docs/PERFORMANCE.md stays as it is")
    parser.add_argument("--needs", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds = QUICK_ROUNDS
    if chosen.rounds < 1:
        parser.error("--rounds takes 1 or more")
    if chosen.sessions < overview.FEWEST:
        parser.error(f"--sessions takes {overview.FEWEST} or more")
    return chosen


def main():
    chosen = options()
    if chosen.needs:
        # For ./bench, which installs and builds what these words stand for.
        halves = [chosen.only] if chosen.only else ["process", "http"]
        print(*halves, *(["peers"] if chosen.peers else []))
        return
    if LOAD_CORE is None:
        sys.exit("bench: this takes two cores: one for the server, and one for the load.")
    if chosen.only == "overview":
        measure_overview(chosen.sessions)
    if chosen.only == "profiles":
        measure_profiles()
    description = machine.described()
    texts, plots, words = {}, {}, []
    if chosen.only != "http":
        measure_process(texts, words, rounds=QUICK_ROUNDS if chosen.quick else None)
    if chosen.only != "process":
        measure_http(chosen, description, texts, plots, words)
    if not chosen.quick and not chosen.kinds and chosen.peers:
        page.write(texts, plots)
        print(f"docs/PERFORMANCE.md has the new numbers of: {', '.join(texts)}.")
    short, missing = words.count("short"), words.count("not measured")
    print(f"{words.count('ok')} ok, {short} short" + (f", {missing} not measured" if missing else ""))
    sys.exit(1 if short else 0)


def measure_overview(sessions):
    """Exits with 1 if a target is missed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    found = overview.measure(sessions)
    texts = {"overview-pages": overview.page_table(found), "overview-requests": overview.stream_table(found)}
    for text in (*machine.described(), *texts.values(), overview.list_table(found), overview.targets(found)):
        print(text, end="\n\n")
    if sessions == overview.SESSIONS:
        page.write(texts, {}, page.OPERATING)
        page.write({"overview-lists": overview.list_table(found)}, {}, page.COMMAND)
        print("docs/OPERATING.md and docs/COMMAND.md have the new numbers.")
    words = [verdict.word for verdict in overview.verdicts(found)]
    print(f"{words.count('ok')} ok, {words.count('short')} short")
    sys.exit(1 if "short" in words else 0)


def measure_profiles():
    """Ends the program: there is no target."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    description = machine.described()
    text, drawings = profiles.measure()
    setup = "\n".join(f"- {line}" for line in description)
    page.write({"profiles": f"{setup}\n\n{text}"}, drawings)
    print(*description, text, "docs/PERFORMANCE.md has the new numbers.", sep="\n")
    sys.exit(0)


def measure_process(texts, words, rounds):
    if not inprocess.PROGRAM.exists():
        print("Not measured: what happens inside of one process, because SessionBench is not built.")
        return
    entries = inprocess.measure(rounds)
    texts["process"] = tables.process(entries)
    words += [word for entry in entries if (word := inprocess.word(entry))]
    print(texts["process"], end="\n\n")


def measure_http(chosen, description, texts, plots, words):
    servers, missing = chosen_servers(chosen)
    results = measure_rounds(servers, chosen.rounds)
    verdicts = list(goals.judge(results, goals.all_goals()))
    words += [verdict.word for verdict in verdicts]
    texts["setup"] = "\n".join(f"- {line}" for line in [
        *description, f"Rounds: {chosen.rounds}; in each, {TURNS} turns of {TURN * 1000:g} ms for each page of a pair, "
        f"{CONNECTIONS} connections, {VISITORS} visitors.",
        *(f"{line}." for line in peers.versions()), *(f"Not measured: {line}." for line in missing)])
    texts["targets"] = tables.targets(verdicts)
    texts["added"] = tables.added(results, servers)
    texts["requests"] = tables.requests(results, servers)
    texts["postgres"] = tables.postgres(results)
    plots.update(all_plots(results, servers))
    for name in ("setup", "added", "requests", "postgres", "targets"):
        print(texts[name], end="\n\n")


def chosen_servers(chosen):
    """The servers to measure, and what is said of those that are not."""
    servers, missing = dewar_servers(), []
    for peer in peers.peer_servers() if chosen.peers else []:
        why = peers.why_missing(peer)
        if why:
            missing.append(f"{peer.group} ({peer.name}): {why}")
        else:
            servers.append(peer)
    if chosen.kinds:
        wanted = [server for server in servers if chosen.kinds.search(server.name)]
        needed = {BARE, *(server.base for server in wanted)}
        servers = [server for server in servers if server in wanted or server.name in needed]
    return servers, missing


def measure_rounds(servers, rounds):
    """Compares one pair of pages after the other, round after round.

    Each round has its own processes. Where the system puts the pages of a process in memory makes a request some
    microseconds dearer or cheaper for as long as it runs: with one process for all rounds that would be taken for the page's.
    """
    # The servers are stopped if this program is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The engines and this program, which is the load, are where the servers are not.
    os.sched_setaffinity(0, {LOAD_CORE})
    results = Results()
    for number in range(rounds):
        results.rounds.append(one_round(servers))
        print(f"round {number + 1} of {rounds}: {len(servers)} servers answer as they should", flush=True)
    return results


def one_round(servers):
    """Starts all servers, checks their answers, and takes two slices for each pair."""
    with Engines() as engines, ExitStack() as running:
        for server in servers:
            running.callback(server.stop)
            server.run(engines)
            server.admit_visitors()
            server.check()
        found = slices(servers, engines)
        for server in servers:
            server.check()
    return found


def slices(servers, engines):
    found, named = {}, {server.name: server for server in servers}
    pgbench = postgres.Pgbench(engines) if POSTGRES[1][0] in named else None
    for first, second in all_pairs(servers):
        turns = FINE_TURNS if (first, second) in FINE else TURNS
        found[first, second] = pair((named[first[0]], first[1]), (named[second[0]], second[1]), turns)
    if pgbench:
        name, page = POSTGRES[1]
        found[POSTGRES] = pgbench.pair(named[name], page)
    return found


def all_plots(results, servers):
    added, rates = [], []
    for server in servers:
        if not server.has_sessions or server.has_all_cores:
            continue
        label = tables.label(server).replace("`", "")
        keys = [(server.name, page) for page in ("/", "/count")]
        added.append(plot.Bars(label, tuple(results.added((base(server), key)).median for key in keys)))
        rates.append(plot.Bars(label, tuple(results.rate(key).median for key in keys)))
    series = ("reading", "writing")
    return {
        "added": plot.bars("What a session adds to a request: µs of server CPU", series, added, "{:.1f}"),
        "requests": plot.bars("Requests a second on one core", series, rates),
    }


if __name__ == "__main__":
    main()

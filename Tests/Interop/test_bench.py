# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What ./bench makes of its measurements: medians of pairs, verdicts, the page and the plots. No server runs here."""

import re
import sys
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Benchmarks"))

from harness import goals, inprocess, page, plot, profiles, tables  # noqa: E402
from harness.load import Slice, is_whole  # noqa: E402
from harness.pairs import BARE_PAGE, all_pairs, of_server  # noqa: E402
from harness.peers import peer_servers  # noqa: E402
from harness.postgres import COLUMNS  # noqa: E402
from harness.servers import ROOT, dewar_servers  # noqa: E402
from harness.statistics import Results, Spread  # noqa: E402

READING = ("hummingbird flask", "/")
PAIR = (BARE_PAGE, READING)


def results(*costs):
    """Rounds of one pair, with the costs of the bare page and of the other."""
    found = Results()
    found.rounds = [{PAIR: (Slice(1000, 0.05, bare), Slice(500, 0.05, page))} for bare, page in costs]
    return found


class StatisticsTests(unittest.TestCase):
    def test_a_difference_is_taken_within_each_round(self):
        """The machine is slow in the second round, and the median of all times would say 30."""
        self.assertEqual(results((40, 50), (60, 70), (40, 51)).added(PAIR), Spread(10, 10, 10.5))

    def test_one_round_has_no_spread(self):
        self.assertEqual(results((40, 50)).added(PAIR), Spread(10, 10, 10))

    def test_rates_are_compared_as_how_many_times(self):
        self.assertEqual(results((40, 50)).times(PAIR).median, 0.5)


class GoalTests(unittest.TestCase):
    def test_a_goal_is_ok_up_to_its_limit(self):
        goal = goals.Added("reading", PAIR, 10)
        words = [verdict.word for costs in ((40, 50), (40, 50.1)) for verdict in goals.judge(results(costs), [goal])]
        self.assertEqual(words, ["ok", "short"])

    def test_more_than_is_not_as_much_as(self):
        same = Results()
        same.rounds = [{PAIR: (Slice(1000, 1, 1), Slice(1000, 1, 1))}]
        for is_strict, word in ((True, "short"), (False, "ok")):
            verdict, = goals.judge(same, [goals.Times("", PAIR, 1, is_strict)])
            self.assertEqual(verdict.word, word)

    def test_a_rate_is_the_second_pages_own(self):
        for requests, word in ((10_000, "ok"), (9_999, "short")):
            found = Results()
            found.rounds = [{PAIR: (Slice(20_000, 1, 1), Slice(requests, 1, 1))}]
            verdict, = goals.judge(found, [goals.Rate("", PAIR, 10_000)])
            self.assertEqual(verdict.word, word)

    def test_a_server_on_all_cores_is_no_part_of_what_a_session_adds(self):
        server, = (server for server in dewar_servers() if server.has_all_cores)
        pairs = [pair for pair in all_pairs(dewar_servers()) if (server.name, "/count") in pair]
        self.assertEqual(pairs, [goals.ALL_CORES])

    def test_what_it_costs_by_hand_stands_beside_it(self):
        goal = goals.Added("reading", PAIR, 5, by_hand=PAIR)
        verdict, = goals.judge(results((40, 47)), [goal])
        self.assertEqual(verdict.by_hand, "+7.00 µs")
        self.assertTrue(tables.targets([verdict]).endswith("| short | +7.00 µs |"))
        unknown, = goals.judge(results((40, 47)), [goals.Added("reading", PAIR, 5, by_hand=(BARE_PAGE, ("handmade x", "/")))])
        self.assertEqual(unknown.by_hand, "")

    def test_every_place_of_the_goals_that_is_made_by_hand_has_a_server(self):
        names = {server.name for server in dewar_servers()}
        pairs = [goal.by_hand for goal in goals.all_goals() if getattr(goal, "by_hand", None)]
        self.assertEqual(len(pairs), 10)
        for _, (name, page) in pairs:
            self.assertIn(name, names, page)

    def test_what_was_not_measured_is_neither(self):
        verdict, = goals.judge(Results(), [goals.Added("reading", PAIR, 10)])
        self.assertEqual(verdict.word, "not measured")

    def test_every_goal_but_pgbench_is_about_pairs_of_a_round(self):
        pairs = all_pairs(dewar_servers() + peer_servers())
        others = [goal.pair for goal in goals.all_goals() if goal.pair not in pairs]
        self.assertEqual(others, [goals.POSTGRES])

    def test_no_pair_of_a_server_is_measured_twice(self):
        pairs = all_pairs(dewar_servers() + peer_servers())
        self.assertEqual(len(pairs), len(set(pairs)))

    def test_a_peer_is_compared_with_its_own_page(self):
        self.assertEqual(
            of_server(peer_servers()[0]),
            [(("gorilla cookies", "/hello"), ("gorilla cookies", page)) for page in ("/", "/count")])

    def test_a_benchmark_in_the_process_is_judged_by_its_floor(self):
        entry = {"name": "open", "nanoseconds": 25, "floor": {"name": "two HMACs", "nanoseconds": 10}, "goal": 2.5}
        self.assertEqual(inprocess.word(entry), "ok")
        self.assertEqual(inprocess.word({**entry, "goal": 2.4}), "short")
        self.assertEqual(inprocess.word({**entry, "goal": None}), "")


class TableTests(unittest.TestCase):
    def test_a_column_that_nothing_fills_is_left_out(self):
        plain = {"group": "store", "name": "read", "nanoseconds": 340.4}
        self.assertEqual(tables.process([plain]).splitlines()[::2], [
            "| Inside of one process | time |", "| store: read | 340 ns |"])
        floor = {"name": "copy", "nanoseconds": 500}
        floored = {**plain, "nanoseconds": 1500, "floor": floor, "goal": 2.5, "allocations": 21.4629}
        self.assertEqual(tables.process([floored]).splitlines()[2],
                         "| store: read | 1.50 µs | copy: 500 ns | 3.00 | at most 2.5 | short | 21.5 |")


class PageTests(unittest.TestCase):
    TEXT = "Before.\n<!-- bench:one -->\nold\n<!-- /bench -->\nBetween.\n<!-- bench:two -->\nkept\n<!-- /bench -->\n"

    def test_only_what_is_between_its_marks_changes(self):
        self.assertEqual(page.replaced(self.TEXT, "one", "new \\1\n"), self.TEXT.replace("old", "new \\1"))

    def test_a_place_that_is_missing_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "0 places for three"):
            page.replaced(self.TEXT, "three", "new")

    def test_the_page_has_every_place(self):
        text = page.PAGE.read_text()
        for name in ("setup", "targets", "added", "requests", "postgres", "process", "profiles"):
            page.replaced(text, name, "")
        page.replaced(page.COMMAND.read_text(), "overview-lists", "")


class ProfileTests(unittest.TestCase):
    def test_each_page_that_has_a_goal_has_a_profile(self):
        pages = [goal.pair[1] for goal in goals.all_goals() if isinstance(goal, goals.Added)]
        self.assertGreater(len(pages), 10)
        for server, url in pages:
            self.assertIn(url, profiles.PAGES[server])


class PlotTests(unittest.TestCase):
    def test_a_plot_is_xml_with_a_bar_for_each_value(self):
        rows = [plot.Bars("a < b", (1, 2)), plot.Bars("c", (-1, None))]
        root = ElementTree.fromstring(plot.bars("What & why", ("reading", "writing"), rows))
        bars = [element for element in root.iter("{http://www.w3.org/2000/svg}rect") if int(element.get("x")) == plot.LABELS]
        lengths = [float(bar.get("width")) for bar in bars]
        self.assertEqual([length / lengths[1] for length in lengths], [0.5, 1, 0])


class LoadTests(unittest.TestCase):
    def test_a_response_is_whole_with_all_of_its_body(self):
        head = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n"
        for answer, whole in (
            (head[:-1], False), (head + b"Hell", False), (head + b"Hello", True), (chunked, False),
            (chunked + b"0\r\n\r\n", True),
        ):
            self.assertEqual(is_whole(answer), whole, answer)


class PostgresTests(unittest.TestCase):
    def test_pgbench_sends_the_columns_of_the_schema(self):
        source = (ROOT / "Sources/SessionsPostgres/SessionSchema.swift").read_text()
        found = re.findall(r'Column\(name: "(\w+)", type: "(\w+)", isRequired: (\w+)\)', source)
        self.assertEqual({name: None if required == "true" else kind for name, kind, required in found},
                         {**COLUMNS, "write_id": None})


if __name__ == "__main__":
    unittest.main()

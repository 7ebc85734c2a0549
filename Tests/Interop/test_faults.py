# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""./faults: it finds nothing in a short run, and each of its checks fails on a history that breaks its promise."""

import asyncio
import re
import subprocess
import sys
import unittest
from pathlib import Path
from random import Random

from faults.history import Ending, Exchange, Life, Rules, User
from faults.plan import KINDS, SITES, Planner, kinds
from faults.promises import CHECKS, judge, unsure_counts
from faults.story import Event, tell
from faults.wire import Wire
from programs import ROOT, require_programs


class Story:
    """A life that is made up, one request a second, each answered half a second later unless said otherwise."""

    def __init__(self):
        began = self.exchange(0, "sign-in", user="ada", life=7)
        self.life = Life(7, User("ada"), began, [began])

    def exchange(self, at, operation, key=None, value=None, status=200, answered=None, **view):
        number = 100 + at
        one = Exchange(number, operation, 0, at, key=key, value=value, answered=answered or at + 0.5, status=status)
        if status == 200:
            user, request = view.pop("user", None), view.pop("request", str(number))
            one.view = {"request": request, "user": user, "entries": view}
        return one

    def does(self, operation, at=None, **more):
        at = len(self.life.exchanges) if at is None else at
        self.life.exchanges.append(self.exchange(at, operation, **more))
        return self

    def sees(self, operation="see", **more):
        return self.does(operation, user="ada", life=7, **more)


class PromiseTests(unittest.TestCase):
    def broken(self, story, rules=Rules()):
        return [(finding.promise, finding.exchange) for finding in judge(story.life, rules)]

    def test_a_history_in_which_every_promise_is_kept(self):
        story = Story().sees("count", n=1).does("count", status=503).does("count", status=None).sees(n=2)
        story.sees("put", key="last", value=5, last=5, n=3).does("put", key="last", value=6, status=None)
        story.sees(last=6, n=3).sees("put", key="last", value=8, last=8, n=3).sees(last=6, n=3)
        story.does("sign-out").does("see").does("count", n=1)
        self.assertEqual(self.broken(story), [])

    def test_an_answer_that_is_neither_right_nor_503_is_found(self):
        self.assertEqual(self.broken(Story().does("see", status=500)), [("an_outage_is_an_error", 101)])

    def test_the_answer_to_another_request_is_found(self):
        self.assertEqual(self.broken(Story().sees(request="99")), [("answers_belong_to_their_requests", 101)])

    def test_the_session_of_another_user_is_found(self):
        self.assertEqual(self.broken(Story().does("see", user="eve", life=7)), [("own_session_only", 101)])

    def test_another_session_of_the_same_user_is_found(self):
        self.assertEqual(self.broken(Story().does("see", user="ada", life=8)), [("own_session_only", 101)])

    def test_what_the_visitor_has_not_written_is_found(self):
        self.assertEqual(self.broken(Story().sees(last=5)), [("own_session_only", 101)])

    def test_a_lost_count_is_found(self):
        story = Story().sees("count", n=1).sees("count", n=2).sees(n=1)
        self.assertEqual(self.broken(story), [("counters_are_exact", 103)])

    def test_a_count_that_is_made_twice_is_found(self):
        story = Story().sees("count", n=1).does("count", status=503).sees(n=3)
        self.assertEqual(self.broken(story), [("counters_are_exact", 103)])

    def test_counts_at_the_same_time_may_be_seen_or_not(self):
        for found in (1, 2):
            story = Story().sees("count", n=1, at=1).sees("count", n=found, at=2, answered=9).sees(n=found, at=3)
            self.assertEqual(self.broken(story), [] if found == 2 else [("counters_are_exact", 102)])

    def test_a_lost_write_is_found(self):
        story = Story().sees("put", key="k1", value=5, k1=5).sees()
        self.assertEqual(self.broken(story), [("no_acknowledged_write_is_lost", 102)])

    def test_a_replaced_write_that_returns_is_found(self):
        story = Story().sees("put", key="k1", value=5, k1=5).sees("put", key="k1", value=6, k1=6).sees(k1=5)
        self.assertEqual(self.broken(story), [("no_acknowledged_write_is_lost", 103)])

    def test_a_session_after_its_sign_out_is_found(self):
        story = Story().does("sign-out").sees()
        self.assertEqual(self.broken(story), [("nothing_comes_back", 102)])
        story = Story().does("sign-out").does("probe", life=7)
        self.assertEqual(self.broken(story), [("nothing_comes_back", 102)])

    def test_a_session_after_the_sign_out_of_all_is_found(self):
        story = Story().sees(at=3)
        story.life.user.everywhere.append(Ending(1, 2, "all were signed out"))
        self.assertEqual(self.broken(story), [("nothing_comes_back", 103)])
        # One that signed in at the same moment may be there.
        story.life.user.everywhere[0].sent = 0.2
        self.assertEqual(self.broken(story), [])

    def test_a_session_that_was_gone_and_is_there_again_is_found(self):
        story = Story().does("sign-out", status=503).does("see").sees()
        self.assertEqual(self.broken(story), [("nothing_comes_back", 103)])
        self.assertEqual(self.broken(story, Rules(2, ends_for_good=False)), [])

    def test_a_list_of_revocations_may_take_its_staleness_and_no_longer(self):
        self.assertEqual(self.broken(Story().does("sign-out").sees(at=3), Rules(2)), [])
        self.assertEqual(self.broken(Story().does("sign-out").sees(at=4), Rules(2)), [("nothing_comes_back", 104)])

    def test_an_empty_session_in_an_outage_is_found(self):
        self.assertEqual(self.broken(Story().does("see").does("sign-out")), [("signed_in_until_an_end", 101)])

    def test_who_may_have_been_signed_out_may_be(self):
        for ending in ("sign-out", "renew"):
            self.assertEqual(self.broken(Story().does(ending, status=None).does("see")), [])
        story = Story().does("see", at=3)
        story.life.endings.append(Ending(2, None, "the process was killed"))
        self.assertEqual(self.broken(story), [])

    def test_counts_without_an_answer_are_told_apart(self):
        story = Story().sees("count", n=1).does("count", status=503).does("count", status=None).sees(n=2)
        self.assertEqual(unsure_counts(story.life), (2, 1))

    def test_every_check_has_failed_in_these_tests(self):
        source = Path(__file__).read_text()
        for check in CHECKS:
            self.assertIn(f'[("{check.__name__}", 1', source)

    def test_a_finding_is_told_in_words(self):
        story = Story().sees("count", n=1).sees(n=0)
        text = tell(story.life, judge(story.life, Rules()), [Event(0.5, 1.5, "process 0 was killed")], "sqlite")
        self.assertIn("counters_are_exact was broken in request 102: the counter was 0", text)
        self.assertIn("*** process 0 was killed (until 1.500 s)", text)
        self.assertRegex(text, r"request 102 to process 0: see; 2\.500 s: user ada, n = 0   <<<")


class PlanTests(unittest.TestCase):
    def test_a_seed_decides_the_plan(self):
        one, same, other = (
            [Planner(seed, "redis").round(60) for _ in range(1)] for seed in (1, 1, 2))
        self.assertEqual(one, same)
        self.assertNotEqual(one, other)

    def test_every_fault_of_a_site_comes_within_a_few_minutes(self):
        for site in SITES:
            planner = Planner(3, site)
            found = {fault.kind for _ in range(4) for fault in planner.round(45)}
            self.assertEqual(found, {kind for deck in kinds(site) for kind in deck}, site)
        self.assertEqual(set(KINDS), {kind for site in SITES for deck in kinds(site) for kind in deck})

    def test_no_fault_outlasts_its_round(self):
        self.assertLessEqual(max(fault.ends for fault in Planner(4, "postgres").round(45)), 45)


class WireTests(unittest.IsolatedAsyncioTestCase):
    """Each disturbance does what it is called, and none changes the order of the bytes of one connection."""

    question = bytes(range(256)) * 4

    async def asyncSetUp(self):
        self.received = []
        self.echo = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.wire = await Wire(self.echo.sockets[0].getsockname()[1], Random(5)).start()

    async def asyncTearDown(self):
        await self.wire.close()
        self.echo.close()

    async def serve(self, reader, writer):
        try:
            for _ in range(2):
                data = await reader.readexactly(len(self.question))
                self.received.append(data)
                writer.write(data)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def ask(self):
        """What comes back, until it ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.wire.port)
        writer.write(self.question)
        answer = b""
        try:
            while len(answer) < len(self.question) and (data := await reader.read(65536)):
                answer += data
        except OSError:
            pass
        writer.close()
        return answer

    async def test_whole_answers(self):
        for kind in (None, "delay", "split", "reorder"):
            self.wire.disturb(kind, 1)
            self.assertEqual(await asyncio.gather(*(self.ask() for _ in range(5))), [self.question] * 5, kind)
            if kind in ("delay", "split"):
                self.assertGreaterEqual(self.wire.touched[kind], 10)

    async def test_reordering_lets_a_later_connection_pass(self):
        self.wire.disturb("reorder", 0.5)
        for _ in range(5):
            await asyncio.gather(*(self.ask() for _ in range(10)))
        self.assertGreater(self.wire.touched["reorder"], 0)

    async def test_cut_loses_requests_and_answers(self):
        self.wire.disturb("cut", 1)
        for _ in range(20):
            self.assertEqual(await self.ask(), b"")
        self.assertTrue(0 < len(self.received) < 20, len(self.received))

    async def test_truncated_answers(self):
        self.wire.disturb("truncate", 0.5)
        answers = [await self.ask() for _ in range(20)]
        self.assertTrue(any(0 < len(answer) < len(self.question) for answer in answers))

    async def test_a_stalled_answer_comes_when_the_stall_ends(self):
        self.wire.disturb("stall", 1)
        asking = asyncio.create_task(self.ask())
        while not self.wire.touched["stall"]:
            await asyncio.sleep(0.001)
        self.assertFalse(asking.done())
        self.wire.settle()
        self.assertEqual(await asking, self.question)

    async def test_refused(self):
        self.wire.disturb("refuse", 1)
        self.assertEqual(await self.ask(), b"")
        self.assertEqual(self.received, [])


class RunTests(unittest.TestCase):
    def test_every_promise_is_kept_in_a_short_run(self):
        require_programs("FaultPeer")
        run = subprocess.run(
            [sys.executable, ROOT / "Tests/Interop/faults", "40"], capture_output=True, text=True, timeout=400)
        self.assertEqual(run.returncode, 0, run.stdout[-20000:] + run.stderr[-5000:])
        requests, lives = map(int, re.search(r"(\d+) requests of (\d+) sessions", run.stdout).groups())
        self.assertGreater(requests, 2000)
        self.assertGreater(lives, 50)
        self.assertGreater(len(re.findall(r"\b503\b.*[1-9]", run.stdout)), 0)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""After a round everything is in order again: each session is read, and each that has ended is tried once more."""

import asyncio
import time

from .promises import Finding, judge, unsure_counts

#: How long after the last fault every process must answer, in seconds.
PATIENCE = 20


async def recover(crowd):
    healed = time.monotonic()
    await crowd.pause()
    await asyncio.gather(*(read(crowd, browser, healed) for browser in crowd.browsers if browser.life))
    dead = [crowd.random.choice(crowd.browsers) for _ in crowd.graves]
    for browser, (life, cookies) in zip(dead, crowd.graves):
        if cookies:
            await browser.do(life, "probe", cookie=crowd.random.choice(cookies))
            crowd.report(life, judge(life, crowd.rules))
    if crowd.site.engine is not None and crowd.site.engine.has_ended:
        crowd.site.alarms.append("the store's server had ended by itself")
    crowd.site.events.clear()
    crowd.gate.set()


async def read(crowd, browser, healed):
    """The browser's session on each process: it must be answered within the time, and be right."""
    life = browser.life
    for process in range(len(browser.client.ports)):
        while True:
            exchange = await browser.do(life, "see", process=process)
            if exchange.is_done:
                break
            if time.monotonic() > healed + PATIENCE:
                crowd.report(life, [Finding(
                    "everything_recovers", f"process {process} did not answer {PATIENCE} s after the last fault",
                    exchange.number)])
                return
            await asyncio.sleep(0.1)
    findings = judge(life, crowd.rules)
    crowd.report(life, findings)
    if exchange.sees and not findings:
        unsure, made = unsure_counts(life, exchange)
        crowd.unsure += unsure
        crowd.unsure_made += made

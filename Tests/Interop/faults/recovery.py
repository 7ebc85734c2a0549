# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""After a round everything is in order again: each session is read, and each that has ended is tried once more."""

import asyncio

from .promises import Finding, judge

#: For how long a process may not answer after the last fault, in seconds.
PATIENCE = 20


async def recover(crowd):
    await crowd.pause()
    await asyncio.gather(*(read(crowd, browser) for browser in crowd.browsers if browser.life))
    dead = [crowd.random.choice(crowd.browsers) for _ in crowd.graves]
    for browser, (life, cookies) in zip(dead, crowd.graves):
        if cookies:
            await browser.do(life, "probe", cookie=crowd.random.choice(cookies))
            crowd.report(life, judge(life, crowd.rules))
    if crowd.site.engine is not None and crowd.site.engine.has_ended:
        crowd.site.alarms.append("the store's server had ended by itself")
    crowd.site.events.clear()
    crowd.gate.set()


async def read(crowd, browser):
    """The browser's session on each process: it must be answered within the time, and be right."""
    life, waited = browser.life, 0.0
    for process in range(len(browser.client.ports)):
        while True:
            exchange = await browser.do(life, "see", process=process)
            if exchange.is_done:
                break
            # Not by the clock alone: while the whole machine is stopped, no process can answer.
            waited += 0.1 + min(exchange.answered - exchange.sent, PATIENCE / 2)
            if waited > PATIENCE:
                crowd.report(life, [Finding(
                    "everything_recovers", f"process {process} did not answer {PATIENCE} s after the last fault",
                    exchange.number)])
                return
            await asyncio.sleep(0.1)
    crowd.report(life, judge(life, crowd.rules))

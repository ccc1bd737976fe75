"""One request at a time to a host on which several sites keep files."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import monotonic

from crawler.run.host_turns import Turns


def run(coroutine):
    """Run it in a thread of its own: a browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


def test_a_host_is_asked_in_turn_with_pauses():
    turns, asked, at_once = Turns(), [], []

    async def ask(host, pause):
        async with turns.turn(host, 0.0) as turn:
            at_once.append(sum(1 for _, end in asked if end is None))
            asked.append((monotonic(), None))
            await asyncio.sleep(0.01)
            asked[-1] = (asked[-1][0], monotonic())
            turn.pause = pause

    async def main():
        await asyncio.gather(*(ask("a.vn", 0.05) for _ in range(4)))

    run(main())
    assert at_once == [0] * 4
    assert all(later[0] - earlier[1] > 0.045 for earlier, later in pairwise(asked))


def test_a_site_that_is_crawled_goes_first():
    turns, order = Turns(), []

    async def file():
        async with turns.turn("a.vn", 0.0):
            order.append("file")

    async def main():
        turns.hold(["a.vn", "b.vn"])
        waiting = asyncio.ensure_future(file())
        await asyncio.sleep(0.02)
        order.append("pages")
        assert turns.is_held("a.vn") and not turns.is_held("c.vn")
        turns.release(["a.vn", "b.vn"])
        await asyncio.wait_for(waiting, 2)

    run(main())
    assert order == ["pages", "file"]

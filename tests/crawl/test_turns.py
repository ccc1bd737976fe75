"""One request at a time to a host on which several sites keep files."""

import asyncio
from itertools import pairwise
from time import monotonic

from crawler.run.host_turns import Turns
from tests.running import alone


def test_a_host_is_asked_in_turn_with_pauses():
    turns, asked, at_once = Turns(), [], []

    async def ask(host, pause):
        async with turns.turn(host, 0.0) as turn:
            at_once.append(sum(1 for _, end in asked if end is None))
            asked.append((monotonic(), None))
            for _ in range(20):  # the others may run, and have to wait all the same
                await asyncio.sleep(0)
            asked[-1] = (asked[-1][0], monotonic())
            turn.pause = pause

    async def main():
        await asyncio.gather(*(ask("a.vn", 0.05) for _ in range(4)))

    alone(main())
    assert at_once == [0] * 4, "a host was asked for a file while it still sent another one"
    assert all(later[0] - earlier[1] > 0.045 for earlier, later in pairwise(asked)), "a host had no pause between files"


def test_a_site_that_is_crawled_goes_first():
    turns, order = Turns(), []

    async def file():
        async with turns.turn("a.vn", 0.0):
            order.append("file")

    async def main():
        turns.hold("thu_a", ["a.vn", "b.vn"])
        waiting = asyncio.ensure_future(file())
        for _ in range(20):  # it may run, and has to wait all the same
            await asyncio.sleep(0)
        order.append("pages")
        assert turns.is_held("a.vn") and not turns.is_held("c.vn")
        turns.release("thu_a")
        await waiting

    alone(main())
    assert order == ["pages", "file"], "a file was asked for while its host's pages were crawled"

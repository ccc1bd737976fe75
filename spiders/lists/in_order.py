"""Handles what comes of one site in the order in which it comes, though lists are read in another process meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scrapy.crawler import Crawler

from crawler.scrapy_internals import look_at_idle_spider


class InOrder:
    """What comes waits for the lists before it; while any list is waiting or read, its site asks for nothing more.

    So each list has its say before the next request is chosen, as if it had been read at once.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._turn = asyncio.Lock()
        self._lists = 0

    @asynccontextmanager
    async def a_list(self) -> AsyncIterator[None]:
        """Wait for what came before; nothing that comes later is handled during the block."""
        engine = self._crawler.engine
        self._lists += 1
        engine.pause()
        try:
            async with self._turn:
                yield
        finally:
            self._lists -= 1
            if not self._lists:
                engine.unpause()
                look_at_idle_spider(self._crawler)

    @asynccontextmanager
    async def an_article(self) -> AsyncIterator[None]:
        """Wait for the lists that came before."""
        async with self._turn:
            yield

"""Keeps requests to a host one at a time, also where several sites of a run have files on it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

_LOOK_AGAIN = 0.5  # seconds


@dataclass(slots=True)
class Turn:
    """One turn at a host; its holder can lengthen the pause that follows."""

    pause: float


class Turns:
    """Whose turn it is at which host. A site holds its own hosts while its pages are crawled; at other hosts sites take
    turns.

    Scrapy alone would keep the pause between two requests only within a site.
    """

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}

    def hold(self, hosts: Iterable[str]) -> None:
        """Keep `hosts` for a site that is crawled from now on."""
        self._held.update(hosts)

    def release(self, hosts: Iterable[str]) -> None:
        """Give back hosts that a site needs no more."""
        self._held.subtract(hosts)

    def is_held(self, host: str) -> bool:
        """Whether a site is being crawled on `host`."""
        return self._held[host] > 0

    @asynccontextmanager
    async def turn(self, host: str, pause: float) -> AsyncIterator[Turn]:
        """Wait until `host` is free, and keep it free for the turn's `pause` seconds afterwards."""
        turn = Turn(pause)
        async with self._locks[host]:
            while (left := self._free_at.get(host, 0.0) - monotonic()) > 0 or self.is_held(host):
                await asyncio.sleep(left if left > 0 else _LOOK_AGAIN)
            try:
                yield turn
            finally:
                self._free_at[host] = monotonic() + turn.pause

"""One request at a time to a host, also where several sites of one run keep files on it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

_LOOK_AGAIN = 0.5  # seconds


@dataclass(slots=True)
class Turn:
    """One turn; who has it can ask for a longer pause after it."""

    pause: float


class Turns:
    """Who may ask which host. A site holds its own hosts while its pages are crawled; other hosts are asked in turn.

    Scrapy keeps the pause between two requests for each site alone.
    """

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}

    def hold(self, hosts: Iterable[str]) -> None:
        """Hosts that a site is crawled from now on."""
        self._held.update(hosts)

    def release(self, hosts: Iterable[str]) -> None:
        """The site has no more to ask of them."""
        self._held.subtract(hosts)

    def is_held(self, host: str) -> bool:
        """Whether a site is crawled from `host` now."""
        return self._held[host] > 0

    @asynccontextmanager
    async def turn(self, host: str, pause: float) -> AsyncIterator[Turn]:
        """Wait until nobody asks `host`; afterwards nobody else does for the turn's `pause` seconds."""
        turn = Turn(pause)
        async with self._locks[host]:
            while (left := self._free_at.get(host, 0.0) - monotonic()) > 0 or self.is_held(host):
                await asyncio.sleep(left if left > 0 else _LOOK_AGAIN)
            try:
                yield turn
            finally:
                self._free_at[host] = monotonic() + turn.pause

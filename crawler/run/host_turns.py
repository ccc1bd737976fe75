"""Keeps requests to a server one at a time, also where several sites of a run are on it, or have files there."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

_LOOK_AGAIN = 0.5  # seconds


@dataclass(slots=True)
class Turn:
    """One turn at a server; its holder can lengthen the pause that follows."""

    pause: float


class Turns:
    """Whose turn it is at which server, by address where that is known, else by host (`crawler.run.servers`). A site
    holds its own servers while its pages are crawled; at other servers sites take turns.

    Scrapy alone would keep the pause between two requests only within a site.
    """

    def __init__(self) -> None:
        self._holders: dict[str, frozenset[str]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked: set[str] = set()  # servers that are asked for a file just now
        self._free_at: dict[str, float] = {}
        self._over = asyncio.Event()

    def hold(self, site: str, servers: Iterable[str]) -> None:
        """Keep `servers` for a site that is crawled from now on."""
        self._holders.setdefault(site, frozenset(servers))

    def release(self, site: str, pause: float = 0.0) -> None:
        """Give back the servers that a site needs no more, after a pause of seconds; nothing where it has none."""
        for server in self._holders.pop(site, ()):
            self._free_at[server] = max(self._free_at.get(server, 0.0), monotonic() + pause)
        self.note_change()

    def is_held(self, server: str) -> bool:
        """Whether a site is being crawled on `server`."""
        return any(server in servers for servers in self._holders.values())

    def are_free(self, servers: Iterable[str]) -> bool:
        """Whether no site is being crawled on one of `servers`."""
        return not any(map(self.is_held, servers))

    def note_change(self) -> None:
        """Wake those who wait for a change."""
        self._over.set()
        self._over = asyncio.Event()

    def change(self) -> "asyncio.Task[bool]":
        """Return what is done once something was given back since."""
        return asyncio.ensure_future(self._over.wait())

    async def pause_over(self, servers: Collection[str]) -> None:
        """Wait until nobody asks one of `servers`, which the caller holds, and the pause there is over."""
        while self._asked.intersection(servers):
            await self.change()
        while (left := max(self._free_at.get(server, 0.0) for server in servers) - monotonic()) > 0:
            await asyncio.sleep(left)

    @asynccontextmanager
    async def turn(self, server: str, pause: float) -> AsyncIterator[Turn]:
        """Wait until `server` is free, and keep it free for the turn's `pause` seconds afterwards."""
        turn = Turn(pause)
        async with self._locks[server]:
            while (left := self._free_at.get(server, 0.0) - monotonic()) > 0 or self.is_held(server):
                await asyncio.sleep(left if left > 0 else _LOOK_AGAIN)
            self._asked.add(server)
            try:
                yield turn
            finally:
                self._asked.discard(server)
                self._free_at[server] = monotonic() + turn.pause
                self.note_change()

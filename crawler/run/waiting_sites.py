"""The sites of a run that were not begun yet: which comes next, so that no server is asked by two sites at once."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from crawler.run.host_turns import Turns
from crawler.run.servers import Servers, is_asked_directly

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from crawler.run.site import Site

_AHEAD = 8  # sites whose names are looked up before it is their turn


class WaitingSites:
    """Sites in the order in which they are to begin. One whose server another site is at waits, and the next goes
    first; nothing else changes the order, so none waits for longer than its server is busy."""

    def __init__(self, servers: Servers, turns: Turns, settings: "BaseSettings"):
        self._sites: deque[type[Site]] = deque()
        self._servers = servers
        self._turns = turns
        self._settings = settings

    def __len__(self) -> int:
        return len(self._sites)

    def extend(self, sites: "Iterable[type[Site]]") -> None:
        """Add sites at the end."""
        for site in sites:
            if not (self._servers.by_address and is_asked_directly(site, self._settings)):
                self._servers.not_looked_up(site.host_names())
            self._sites.append(site)

    @property
    def slugs(self) -> list[str]:
        """The sites that wait, in their order."""
        return [site.name for site in self._sites]

    async def begin_next(self, is_over: Callable[[], bool]) -> "type[Site] | None":
        """Return the next site, with its servers held for it and the pause there over; None where the run is over, or
        no site waits. The caller gives the servers back."""
        while self._sites and not is_over():
            site = self._free_one()
            if site is None:
                await self._change()
                continue
            self._sites.remove(site)
            servers = self.servers_of(site)
            self._turns.hold(site.name, servers)
            await self._turns.pause_over(servers)
            if not is_over():
                return site
            self._sites.appendleft(site)
            self._turns.release(site.name)
        return None

    def _free_one(self) -> "type[Site] | None":
        """The first site whose servers are free; None where there is none, or a site before it is looked up yet."""
        for site in self._sites:
            if not self._servers.are_known(site.host_names()):
                return None
            if self._turns.are_free(self.servers_of(site)):
                return site
        return None

    def servers_of(self, site: "type[Site]") -> frozenset[str]:
        """The servers of a site's hosts, as far as they were looked up."""
        return frozenset(map(self._servers.of, site.host_names()))

    async def _change(self) -> None:
        """Look up the names of the next sites, and wait until one is known or a server was given back."""
        unknown = (site for site in self._sites if not self._servers.are_known(site.host_names()))
        hosts = [host for site in islice(unknown, _AHEAD) for host in site.host_names()]
        lookups = [self._servers.looking_up(host) for host in hosts if not self._servers.are_known([host])]
        change = self._turns.change()
        await asyncio.wait([change, *lookups], return_when=asyncio.FIRST_COMPLETED)
        change.cancel()

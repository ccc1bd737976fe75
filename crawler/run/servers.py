"""Which server a host is on: the address that its name resolves to. The wards of a province often share one."""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

from twisted.internet.defer import Deferred

from crawler.network.addresses import parse_address
from crawler.run.site import Site

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_PATIENCE = 5.0  # seconds for one name; a run does not wait longer to know that two hosts are one server
_AT_ONCE = 4  # names that are looked up; connections need the resolver's threads too


class Servers:
    """The server of each host, as far as it was looked up: an address, or the host itself where none is known.

    Names are looked up by the resolver of the run, Scrapy's, whose answers the connections use afterwards. What it says
    first holds for the whole run, as it does for the connections: a host with several addresses is asked at one. A name
    that does not resolve in time is a server of its own, and is asked all the same.
    """

    def __init__(self) -> None:
        self.by_address = False  # whether names are looked up at all: not where nobody is asked by address
        self._known: dict[str, str] = {}
        self._looked_up: dict[str, asyncio.Task[str]] = {}
        self._free = asyncio.Semaphore(_AT_ONCE)

    def of(self, host: str) -> str:
        """Return the server of a host, without looking it up."""
        return self._known.get(host, host)

    def are_known(self, hosts: Iterable[str]) -> bool:
        """Tell whether all hosts were looked up, or need not be."""
        return all(host in self._known for host in hosts)

    async def look_up(self, host: str) -> str:
        """Return the server of a host, once it is known."""
        if self.by_address and host not in self._known:
            await asyncio.shield(self.looking_up(host))
        return self.of(host)

    def looking_up(self, host: str) -> "asyncio.Task[str]":
        """Begin to look a host up, unless that has begun; the result is known when the task is done."""
        if host not in self._looked_up:
            self._looked_up[host] = asyncio.ensure_future(self._look_up(host))
        return self._looked_up[host]

    def not_looked_up(self, hosts: Iterable[str]) -> None:
        """Take hosts for servers of their own."""
        for host in hosts:
            self._known.setdefault(host, host)

    def end(self) -> None:
        """Look up no further: the run is over."""
        for lookup in self._looked_up.values():
            lookup.cancel()

    async def _look_up(self, host: str) -> str:
        found = host
        if address := parse_address(host):
            found = str(address)
        else:
            async with self._free:
                try:
                    found = await asyncio.wait_for(_resolved(host), _PATIENCE)
                except Exception as error:  # the site's own requests say what is wrong
                    logger.debug("the address of %s is not known: %s", host, error or type(error).__name__)
        self._known[host] = found
        self._looked_up.pop(host, None)
        return found


def _resolved(host: str) -> "asyncio.Future[str]":
    from twisted.internet import reactor

    answer: Deferred[str] = reactor.resolve(host)  # type: ignore[arg-type]  # a name, whatever its interface says
    return answer.asFuture(asyncio.get_running_loop())


def is_asked_directly(site: "type[Spider]", settings: "BaseSettings") -> bool:
    """Tell whether a site is asked without a proxy. Behind one, which address a host has is not ours to know."""
    if not issubclass(site, Site):
        return False
    if site.proxy is not None:
        return not site.proxy
    if settings.get("TINPHUONG_PROXY"):
        return False
    host = site.host_names()[0]
    return not getproxies().get(site.scheme) or bool(proxy_bypass(host))

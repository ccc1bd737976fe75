"""Asks the name service, slowly, by Twisted's resolver, in the reactor that a crawl runs in.

service = NameService(reach, rate=20.0)       # within a running asyncio loop
answer = await service.ask("anbinh.thoaison.angiang.gov.vn")
"""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from twisted.internet import defer
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.names import client, dns, error

from crawler import clock
from crawler.discovery.model import AnswerKind, DnsAnswer
from crawler.errors import UsageError
from crawler.network.addresses import Address, Reach, parse_address

RESOLV_CONF = "/etc/resolv.conf"
PORT = 53

_MOST_ALIASES = 8
_LONGEST = 30.0  # seconds for one question, by TCP and all its servers
_LABEL_BYTES = 6  # of a label that nobody uses


def parse_server(text: str) -> tuple[str, int]:
    """Return address and port of a name server: "127.0.0.1:5353", "9.9.9.9", "[::1]:53". Raises UsageError."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or "]" in port or (parse_address(text.strip()) is not None):
        host, port = text.strip(), str(PORT)
    address = parse_address(host)
    if address is None or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError(f"discover.dns: {text!r} is not the address of a name server; write it like 127.0.0.1:5353")
    return str(address), int(port)


class NameService:
    """Asks for names: at most `rate` questions a second, however many are asked at once.

    `server`: (address, port), None for those of the system; `timeout`: seconds to wait for each server; `sent`: how
    many questions were asked; `came`: how many of them were answered, also by an error; `unanswered`: how many had
    their time and were not.
    """

    def __init__(
        self, reach: Reach, *, server: tuple[str, int] | None = None, rate: float = 20.0, timeout: float = 5.0,
        resolver: Any = None, now: Callable[[], datetime] = clock.now,
    ):  # fmt: skip
        self._reach = reach
        self._pause = 1.0 / rate
        self._timeout = timeout
        self._resolver = resolver or _resolver(server)
        self._now = now
        self._next = 0.0
        self.sent = 0
        self.came = 0
        self.unanswered = 0

    async def ask(self, host: str) -> DnsAnswer:
        """Return what the name service says of a host: its IPv4 addresses, or those of IPv6 where it has none of IPv4.

        It is asked once; nothing raises.
        """
        at = self._now()
        for kind in (dns.A, dns.AAAA):
            said, found, alias = await self._addresses(host, kind)
            if said is not AnswerKind.NODATA:
                break
        if said is not AnswerKind.LIVE:
            return DnsAnswer(host, said, at, alias=alias)
        allowed = tuple(str(address) for address in found if self._reach.allows(address))
        if not allowed:
            return DnsAnswer(host, AnswerKind.PRIVATE, at, tuple(map(str, found)), alias)
        return DnsAnswer(host, AnswerKind.LIVE, at, allowed, alias)

    async def any_name(self, suffix: str) -> bool | None:
        """Tell whether names under a suffix that nobody uses answer as well, by two of them; None where that is not
        known, as no answer came."""
        asked = [await self.ask(f"{label}.{suffix}") for label in (unused_label(), unused_label())]
        if any(answer.kind in (AnswerKind.LIVE, AnswerKind.PRIVATE) for answer in asked):
            return True
        if all(answer.kind in (AnswerKind.SILENT, AnswerKind.SERVFAIL) for answer in asked):
            return None
        return False

    async def _addresses(self, host: str, kind: int) -> tuple[AnswerKind, list[Address], str]:
        """Ask for one kind of address, and follow aliases whose target the answer does not hold."""
        name, alias = host, ""
        for _ in range(_MOST_ALIASES):
            said, records = await self._records(name, kind)
            if said is not AnswerKind.LIVE:
                return said, [], alias
            found, last = _followed(name, records)
            if not last:
                break
            alias = last if last != host else alias
            if found or last == name:
                return (AnswerKind.LIVE if found else AnswerKind.NODATA), found, alias
            name = last
        return AnswerKind.SERVFAIL, [], alias  # aliases that lead in a circle

    async def _records(self, name: str, kind: int) -> tuple[AnswerKind, list[Any]]:
        await self._turn()
        self.sent += 1
        query = [dns.Query(name.encode("ascii"), kind, dns.IN)]
        deferred: defer.Deferred[Any] = self._resolver.queryUDP(query, (self._timeout,))
        deferred.addCallback(self._resolver.filterAnswers)  # asks again by TCP where the answer was cut
        try:
            answers, _, _ = await asyncio.wait_for(deferred.asFuture(asyncio.get_running_loop()), _LONGEST)
        except error.DNSNameError:
            self.came += 1
            return AnswerKind.NXDOMAIN, []
        except (error.DomainError, defer.CancelledError):  # SERVFAIL, REFUSED and what is broken otherwise
            self.came += 1
            return AnswerKind.SERVFAIL, []
        except (OSError, defer.TimeoutError, ConnectError, ConnectionClosed):  # or there is no way to the server
            self.unanswered += 1
            return AnswerKind.SILENT, []
        self.came += 1
        return (AnswerKind.LIVE if answers else AnswerKind.NODATA), list(answers)

    async def _turn(self) -> None:
        """Wait until the next question may be asked."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        self._next = mine + self._pause
        if mine > now:
            await asyncio.sleep(mine - now)


def _resolver(server: tuple[str, int] | None) -> Any:
    try:
        given: dict[str, Any] = {"servers": [server]} if server else {"resolv": RESOLV_CONF}
        return client.Resolver(**given)  # type: ignore[no-untyped-call]
    except (OSError, IndexError, UnicodeError) as problem:
        raise UsageError(
            f"{RESOLV_CONF} cannot be read ({problem}): name a server with TINPHUONG_DNS, like 9.9.9.9"
        ) from problem


def _followed(name: str, records: list[Any]) -> tuple[list[Address], str]:
    """Return the addresses of a name in an answer, and the last name that its aliases lead to, "" in a circle."""
    aliases: dict[str, str] = {}
    addresses: dict[str, list[Address]] = {}
    for record in records:
        owner = _text(record.name)
        if record.type == dns.CNAME:
            aliases[owner] = _text(record.payload.name)
        elif record.type in (dns.A, dns.AAAA):
            kind = IPv4Address if record.type == dns.A else IPv6Address
            addresses.setdefault(owner, []).append(kind(record.payload.address))
    last, passed = name.lower(), set[str]()
    while last in aliases:
        if last in passed:
            return [], ""
        passed.add(last)
        last = aliases[last]
    return addresses.get(last, []), last


def _text(name: Any) -> str:
    return str(name).lower().rstrip(".")


def unused_label() -> str:
    """Return a label that no host has."""
    return f"x{secrets.token_hex(_LABEL_BYTES)}"

"""Fetches the front page of each live name, with the manners of a crawl and one request at a time to a server.

pages = FrontPages.of(fetch)     # `fetch` as the job of `crawler.new_site.probe.probe` gets it
page = await pages.front_page(answer)
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urljoin

from crawler import urls
from crawler.discovery.dns import unused_label
from crawler.discovery.model import AnswerKind, DnsAnswer, FrontPage
from crawler.discovery.same_page import alike
from crawler.errors import InternalError
from crawler.extraction.charsets import declared_charset
from crawler.extraction.onward import sends_on_to
from crawler.network.destinations import plain_name
from crawler.new_site.probe import Fetch, Fetched, PageNotFetched, Probe
from crawler.reasons import Reason, sentence
from crawler.run.host_turns import Turns

_MOST_HOPS = 6
_NO_WAY = 3  # hosts after which a proxy is believed to open no way to https at all
_WITHOUT_HTTPS = frozenset({Reason.TLS, Reason.REFUSED, Reason.TIMEOUT, Reason.CONNECTION, Reason.PROXY})
_KEPT_HEADERS = frozenset({"content-type", "server", "x-powered-by", "x-generator", "set-cookie", "link", "via",
                           "liferay-portal", "microsoftsharepointteamservices", "x-aspnet-version",
                           "last-modified"})  # fmt: skip


class Asks(Protocol):
    """What asks for pages: `Probe`. `pause`: seconds between two requests."""

    @property
    def pause(self) -> float:
        """Seconds."""
        ...

    def look(self, url: str, *, tls: str = "") -> Awaitable[Fetched]:
        """Return a page without following redirects."""
        ...

    def look_as(self, url: str, address: str) -> Awaitable[Fetched]:
        """Return what the server at an address answers for a URL."""
        ...


@dataclass(slots=True)
class _Answer:
    """What a server answered in the end: a page, or the host to which it sends on."""

    url: str
    host: str  # that it was asked for
    body: bytes = b""
    charset: str = ""


@dataclass(slots=True)
class _Visit:
    """How far the visit of a host has come. `doubted`: host → why its certificate was not believed."""

    answer: DnsAnswer
    notes: list[str] = field(default_factory=list)
    doubted: dict[str, str] = field(default_factory=dict)

    def note(self, said: str) -> None:
        """Keep a sentence, once."""
        if said not in self.notes:
            self.notes.append(said)


class FrontPages:
    """Fetches front pages. Several may be asked for at once: those on one address wait for each other, with the pause
    of the host between two requests; those on several addresses go side by side."""

    def __init__(self, asks: Asks):
        self._asks = asks
        self._turns = Turns()
        self._https_fails = 0  # hosts to which the proxy opened no way; -1 once one was reached by https
        self._any: dict[tuple[str, ...], asyncio.Future[_Answer | None]] = {}
        self._addresses: dict[str, str] = {}

    @classmethod
    def of(cls, fetch: Fetch) -> "FrontPages":
        """Return what fetches by the probe whose job was given `fetch`."""
        probe = getattr(fetch, "__self__", None)
        if not isinstance(probe, Probe):
            raise InternalError("front pages are fetched inside the job of a probe")
        return cls(probe)

    async def front_page(self, answer: DnsAnswer) -> FrontPage:
        """Return the front page of a host that answered, or why there is none; never raises PageNotFetched.

        https is tried first, then http, and only where neither works is a certificate believed that proves nothing:
        the page then has the fact `tls`, and what was wrong is in its notes.
        """
        if answer.kind != AnswerKind.LIVE or not answer.addresses:
            reason = Reason.INTERNAL_ADDRESS if answer.kind == AnswerKind.PRIVATE else Reason.DNS
            return FrontPage(answer.host, "", 0, b"", answer.at, failed=reason, why=sentence(reason))
        self._addresses[answer.host] = answer.addresses[0]
        visit = _Visit(answer)
        try:
            page = await self._in_some_way(visit)
        except PageNotFetched as error:
            status = int(error.reason[5:]) if error.reason.startswith("http_") else 0
            return FrontPage(
                answer.host, error.url, status, b"", answer.at, address=answer.addresses[0], failed=error.reason,
                why=error.said, notes=tuple(visit.notes),
            )  # fmt: skip
        return await self._compared(page, visit)

    async def _in_some_way(self, visit: _Visit) -> FrontPage:
        host = visit.answer.host
        try:
            page = await self._follow(f"https://{host}/", visit) if self._https_fails < _NO_WAY else None
        except PageNotFetched as error:
            if error.reason not in _WITHOUT_HTTPS or urls.host_and_port(error.url) != host:
                raise
            first = error
            self._https_fails += error.reason == Reason.PROXY and self._https_fails >= 0
        else:
            if page is not None:
                self._https_fails = -1
                return page
            first = PageNotFetched(f"https://{host}/", Reason.PROXY, "the proxy opens no way to https")
        visit.note(f"https://{host}/ gave no page: {first.said}")
        try:
            return await self._follow(f"http://{host}/", visit, believing=True)
        except PageNotFetched as error:
            if first.reason != Reason.TLS or not visit.doubted:
                raise (error if first.reason != Reason.TLS else first) from None
        return await self._follow(f"https://{host}/", visit, believing=True)

    async def _follow(self, url: str, visit: _Visit, *, believing: bool = False) -> FrontPage:
        """Return the page to which an address leads in the end. `believing`: whatever the certificates on the way.

        Raises PageNotFetched.
        """
        address = visit.answer.addresses[0]
        asked = set()
        for _ in range(_MOST_HOPS):
            asked.add(url)
            address = self._addresses.get(urls.host(url), address)
            try:
                fetched = await self._look(url, address, visit, believing=believing)
            except PageNotFetched as error:
                onward = urls.absolute(url, error.location) if error.location else None
                if onward is None:
                    raise
            else:
                body = fetched.response.body
                found = [urls.absolute(url, link) for link in sends_on_to(body, url, _charset(fetched))]
                others = [link for link in dict.fromkeys(found) if link and link not in asked]
                if len(others) != 1:
                    return self._page(url, address, fetched, visit)
                onward = others[0]
            if urls.host(onward) != urls.host(url):
                visit.note(f"{urls.host(url)} leads to {urls.host(onward)}")
            if onward in asked:
                raise PageNotFetched(url, Reason.REDIRECT_LOOP)
            url = onward
        raise PageNotFetched(url, Reason.REDIRECT_LOOP)

    async def _look(self, url: str, address: str, visit: _Visit, *, believing: bool) -> Fetched:
        """Ask for one page in its turn; once more with a weaker proof where the certificate was doubted before."""
        host = urls.host(url)
        waiting = _weaker(visit.doubted.get(host, "")) if believing and url.startswith("https:") else [""]
        while True:
            tls = waiting.pop(0)
            try:
                async with self._turns.turn(address, self._asks.pause) as turn:
                    fetched = await self._asks.look(url, tls=tls)
                    turn.pause = max(turn.pause, fetched.pause)
                return fetched
            except PageNotFetched as error:
                if error.reason != Reason.TLS:
                    raise
                visit.doubted.setdefault(host, error.said)
                if believing and not tls:
                    waiting = _weaker(error.said)
                if not waiting:
                    raise

    def _page(self, url: str, address: str, fetched: Fetched, visit: _Visit) -> FrontPage:
        sent: dict[bytes, list[bytes]] = dict(fetched.response.headers)
        lines = {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in sent.items()}
        tls = next((flag.removeprefix("tls=") for flag in fetched.response.flags if flag.startswith("tls=")), "")
        if tls and (doubt := visit.doubted.get(urls.host(url))):
            visit.note(f"read with tls = {tls}: {doubt.partition(';')[0]}")
        return FrontPage(
            visit.answer.host, url, fetched.response.status, fetched.response.body, fetched.at, _charset(fetched) or "",
            tuple(sorted((name, value) for name, value in lines.items() if name in _KEPT_HEADERS)), address,
            url.partition(":")[0], tls, notes=tuple(visit.notes),
        )  # fmt: skip

    async def _compared(self, page: FrontPage, visit: _Visit) -> FrontPage:
        """Return the page with what its server gives a host that nobody uses."""
        other = await self._of_nobody(page, visit.answer)
        if other is None:
            return page
        its, own, asked = (plain_name(urls.host(url)) for url in (other.url, page.url, f"//{page.host}"))
        if its != other.host:  # any host is sent on
            same = its == own != asked
        else:
            same = alike((page.body, page.charset, (asked, own)), (other.body, other.charset, (other.host,)))
        return replace(page, same_as_any=same, asked_any=True)

    async def _of_nobody(self, page: FrontPage, answer: DnsAnswer) -> _Answer | None:
        """Return what the server of a host answers for one that nobody uses; asked once of each address and scheme, and
        of each suffix too where the name service answers for any name. None where it gave no page."""
        address, suffix = answer.addresses[0], answer.host.partition(".")[2]
        scheme = page.scheme if plain_name(urls.host(page.url)) == plain_name(urls.host(f"//{page.host}")) else "http"
        asked = (address, scheme, suffix) if answer.any_name else (address, scheme)
        if asked not in self._any:
            host = f"{unused_label()}.{suffix}"
            self._any[asked] = asyncio.ensure_future(self._ask_nobody(f"{scheme}://{host}/", address))
        return await self._any[asked]

    async def _ask_nobody(self, url: str, address: str) -> _Answer | None:
        host = urls.host(url)
        for _ in range(3):
            try:
                async with self._turns.turn(address, self._asks.pause):
                    fetched = await self._asks.look_as(url, address)
            except PageNotFetched as error:
                onward = urls.absolute(url, error.location) if error.location else None
                if onward is None:
                    return None
            else:
                body, charset = fetched.response.body, _charset(fetched)
                found = list(dict.fromkeys(urljoin(url, link) for link in sends_on_to(body, url, charset)))
                if len(found) != 1:
                    return _Answer(url, host, body, charset or "")
                onward = found[0]
            url = onward
            if plain_name(urls.host(url)) != host:
                return _Answer(url, host)
        return None


def _weaker(doubt: str) -> list[str]:
    """Return with which facts `tls` a server may still be believed, after what was said of its certificate."""
    if not doubt:
        return [""]
    return ["any"] if 'tls = "any"' in doubt else ["old", "any"]


def _charset(fetched: Fetched) -> str | None:
    return declared_charset((fetched.response.headers.get("Content-Type") or b"").decode("latin-1"))


async def front_page(answer: DnsAnswer, fetch: Fetch) -> FrontPage:
    """Return one front page; for several use `FrontPages`, which knows what was asked of a server before."""
    return await FrontPages.of(fetch).front_page(answer)

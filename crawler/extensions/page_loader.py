"""Loads the pages of articles in a browser, to learn what they ask for to look as they did."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from crawler.extraction.requisites import Requisite, RequisiteKind
from crawler.reasons import Reason
from crawler.rendering.browser import RunBrowser, is_alive, what_is_missing
from crawler.rendering.page import Answer, Asked, RenderedPage
from crawler.run.failures import NotUsed, Refused
from crawler.run.log_fields import about, site_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

logger = logging.getLogger(__name__)

_KINDS = {
    "stylesheet": RequisiteKind.STYLE, "font": RequisiteKind.FONT, "script": RequisiteKind.SCRIPT,
    "image": RequisiteKind.PICTURE, "xhr": RequisiteKind.DATA, "fetch": RequisiteKind.DATA,
}  # fmt: skip
_HEADERS = frozenset({"accept", "x-requested-with", "referer"})  # of those of the page, with which scripts are answered

Get = Callable[[Requisite, Mapping[str, str]], Awaitable[tuple[str, bytes]]]
"""Returns (Content-Type, body) of what a page asks for, from the captures or by asking for it with these headers.
Raises NotUsed."""


class PageLoader:
    """Loads captured pages, one at a time, in a browser that has no network: `get` answers all that they ask for.

    Every answer may be used by the page that asked for it, whatever host it came from, as in a replay.
    """

    def __init__(self, crawler: Crawler, get: Get, *, most: int):
        """`most`: files that one page may ask for."""
        self.crawler = crawler
        self.get = get
        self.most = most
        context = crawler.settings.get("TINPHUONG_CONTEXT")
        self.browser: RunBrowser = getattr(context, "browser", None) or RunBrowser()
        self._program = crawler.settings.get("TINPHUONG_BROWSER_PROGRAM") or ""
        self._context: BrowserContext | None = None

    async def asked_by(self, url: str, html: bytes, content_type: str) -> list[Requisite]:
        """Return what the page at `url` asked for, each address once, in that order, also what it did not get.

        Raises Refused where there is no browser, and NotUsed where it loses the page or takes too long.
        """
        asked: dict[str, Requisite] = {}
        one_by_one = asyncio.Lock()

        async def answer(sent: Asked) -> Answer:
            requisite = Requisite(sent.url, _KINDS[sent.kind])
            if len(asked) >= self.most and sent.url not in asked:
                raise NotUsed(Reason.TOO_MANY, f"more than {self.most}")
            requisite = asked.setdefault(sent.url, requisite)
            is_data = requisite.kind == RequisiteKind.DATA
            headers = {name: text for name, text in sent.headers.items() if is_data and name.lower() in _HEADERS}
            async with one_by_one:
                kind, body = await self.get(requisite, headers)
            readable = {
                "Access-Control-Allow-Origin": sent.headers.get("origin") or "*",
                "Access-Control-Allow-Credentials": "true",
            }
            return Answer(sent.url, 200, [("Content-Type", kind), *readable.items()], body)

        context = await self._opened()
        came = Answer(url, 200, [("Content-Type", content_type or "text/html")], html)
        seconds = self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        page = RenderedPage(came, answer, seconds=seconds, largest=0, most_requests=self.most)
        try:
            finished = await page.load(context)
        finally:
            with suppress(Exception):  # the browser is gone: the next page gets another one
                await context.clear_cookies()
        self.crawler.stats.inc_value("requisites/loaded_pages")
        if said := ", ".join(f"{reason} {count}" for reason, count in finished.refused.most_common()):
            logger.debug("%s: it did not get what it asked for: %s", url, said, extra=about(site_of(self.crawler)))
        return list(asked.values())

    async def close(self) -> None:
        """Let go of the browser."""
        if self._context is not None:
            context, self._context = self._context, None
            await self.browser.leave(context)

    async def _opened(self) -> "BrowserContext":
        if self._context is not None and not is_alive(self._context):
            await self.close()
        if self._context is None:
            if missing := what_is_missing(self._program):
                raise Refused(Reason.NO_BROWSER, missing)
            self._context = await self.browser.context(self._program, self.crawler.settings["USER_AGENT"])
        return self._context

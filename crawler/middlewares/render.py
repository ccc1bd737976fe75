"""Finishes pages that only a script fills in a browser, and keeps what came of it beside what the server sent."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from crawler import urls
from crawler.extensions.ledger import ledger_of
from crawler.extensions.requisites import Requisites
from crawler.extraction.page_problems import is_frame
from crawler.extraction.requisites import Requisite, RequisiteKind
from crawler.middlewares.capture import CAPTURE_KIND, FINISHED_PAGE, exchange_of, kind_of
from crawler.network.destinations import plain_name
from crawler.reasons import Reason
from crawler.rendering.browser import RunBrowser, is_alive, what_is_missing
from crawler.rendering.hash_links import CANNOT_BE_READ, names_pages_by_hash
from crawler.rendering.page import Answer, Asked, Finished, RenderedPage
from crawler.run.failures import NotUsed, Refused, of_failure
from crawler.run.log_fields import about, site_of
from crawler.run.site import Site
from crawler.run.site_memory import FIRST
from storage.archives.captures import CaptureKind
from storage.errors import CapturesUnwritable

if TYPE_CHECKING:
    from typing import Self

    from playwright.async_api import BrowserContext

logger = logging.getLogger(__name__)

RENDER = "render"
"""In a request's meta: its page is to be finished in a browser, whatever the site's facts say."""

_MOST_KEPT = 32 * 1024 * 1024  # bytes of scripts that are kept for the next pages of a site
# What the page itself says in its requests; all else is what any request of the crawl says.
_HEADERS = frozenset({"accept", "content-type", "referer", "origin", "x-requested-with", "authorization"})
_OF_THE_PROGRAM = re.compile(r"(?:x-|rsc$|next-)[a-z0-9-]*", re.IGNORECASE)
_BY_PATH = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*["']?/[^"'\s>#]+""", re.IGNORECASE)
_REQUISITES = {"script": RequisiteKind.SCRIPT, "xhr": RequisiteKind.DATA, "fetch": RequisiteKind.DATA}
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)


class RenderMiddleware:
    """Finishes pages of a site with the fact `render` in a browser.

    The page itself comes as any other, and is kept as it came. The browser has no network: what the page's scripts ask
    for is asked for by the crawl, of the site's own hosts only, with robots.txt, pauses, retries, bounds and captures
    as for any request. The finished page takes the place of what came, and is a capture of its own. Scripts are asked
    for once in a run. Where requisites are kept, what the page of an article got is among them. Off in a replay, which
    reads the finished page from the archive. Counts under `render/`.
    """

    def __init__(self, crawler: Crawler):
        spider, context = crawler.spidercls, crawler.settings.get("TINPHUONG_CONTEXT")
        if context is not None and context.archive is not None:
            raise NotConfigured
        self.of_site = spider.render if issubclass(spider, Site) else ""
        if issubclass(spider, Site) and not self.of_site:
            raise NotConfigured
        self.crawler = crawler
        self.browser: RunBrowser = getattr(context, "browser", None) or RunBrowser()
        self.program = crawler.settings.get("TINPHUONG_BROWSER_PROGRAM") or ""
        self.seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self.largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._context: BrowserContext | None = None
        self._one_by_one = asyncio.Lock()
        self._scripts: dict[str, tuple[Answer, int | None]] = {}  # with their captures
        self._scripts_size = 0
        self._missing: str | None = None
        self._looked = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware, or switch it off for a site whose pages are whole without a browser."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    def process_request(self, request: Request) -> None:
        """Ask for the whole page, not whether it changed: its scripts may fill it otherwise each time.

        Raises Refused where there is no browser to finish it.
        """
        if not self._is_wanted(request):
            return
        if not self._looked:
            self._looked, self._missing = True, what_is_missing(self.program)
            if self._missing:
                self._say_missing(self._missing)
        if self._missing:
            raise Refused(Reason.NO_BROWSER, self._missing)
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return the finished page. Raises NotUsed, and CapturesUnwritable."""
        is_page = response.status == 200 and isinstance(response, HtmlResponse)
        if not is_page or not self._is_wanted(request) or not _SCRIPT.search(response.body):
            return response
        requisites = self.crawler.get_extension(Requisites) if "key" in request.cb_kwargs else None
        hosts = {plain_name(urls.host(url)) for url in (response.url, request.url)}
        if isinstance(spider := self.crawler.spider, Site):
            hosts |= {plain_name(host) for host in spider.allowed_domains}
        asker = _Asker(self, hosts, are_requisites=requisites is not None)
        try:
            async with self._one_by_one:
                finished = await self._finished(request, response, asker)
        except NotUsed as error:
            self.crawler.stats.inc_value(f"render/{error.reason}")
            raise
        self.crawler.stats.inc_value("render/finished")
        self.crawler.stats.inc_value("render/requests", finished.requests)
        self.crawler.stats.inc_value("render/pressed", finished.pressed)
        self._say_refused(response.url, finished)
        made = self._page_of(response, finished)
        self._keep(request, made)
        if requisites is not None and (capture_id := request.meta.get("capture_id")) is not None:
            requisites.note_finished(capture_id, asker.got)
        return made

    async def spider_closed(self) -> None:
        """Let go of the browser."""
        if self._context is not None:
            context, self._context = self._context, None
            await self.browser.leave(context)

    def _is_wanted(self, request: Request) -> bool:
        if self.of_site and "section" in request.cb_kwargs:
            return True
        is_article = "key" in request.cb_kwargs
        return (self.of_site == "pages" and is_article) or bool(request.meta.get(RENDER))

    async def _finished(self, request: Request, response: Response, asker: "_Asker") -> Finished:
        if self._context is not None and not is_alive(self._context):
            await self.spider_closed()
        if self._context is None:
            try:
                self._context = await self.browser.context(self.program, self.crawler.settings["USER_AGENT"])
            except Refused as error:
                self._missing = error.detail
                self._say_missing(error.detail)
                raise
        page = RenderedPage(
            _answer_of(response),
            asker.fetch,
            seconds=self.seconds,
            largest=self.largest,
            wants_more=self._wants_more if self.of_site and request.cb_kwargs.get("page") == FIRST else lambda _: False,
        )
        finished = await page.finish(self._context)
        if self.of_site and "section" in request.cb_kwargs and (why := _why_empty(finished)):
            raise NotUsed(Reason.FILLED_BY_SCRIPT, why)
        if not _is_of(finished.url, asker.hosts):
            raise NotUsed(Reason.OFFSITE, f"its script sends on to {finished.url[:200]}")
        return finished

    def _wants_more(self, addresses: list[str]) -> bool:
        """Tell whether a list goes on beyond what earlier runs have read: none of these addresses is known."""
        spider = self.crawler.spider
        if not isinstance(spider, Site) or spider.frontier.allowance <= 0:
            return False
        keys = {key for url in addresses if (key := spider.platform.identity(url))}
        return spider.memory.full or not keys & set(spider.memory.stored)

    def _page_of(self, response: Response, finished: Finished) -> Response:
        headers = response.headers.copy()
        for name in ("ETag", "Last-Modified", "Content-Length", "Content-Encoding"):  # of what the server sent
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        before = urldefrag(response.url).url
        url = response.url if finished.url == before else finished.url
        flags = [*response.flags, FINISHED_PAGE]
        return response.replace(
            cls=HtmlResponse, url=url, headers=headers, body=finished.html, encoding="utf-8", flags=flags
        )

    def _keep(self, request: Request, page: Response) -> None:
        """Write the finished page to the run's captures; it is the capture that an article then points to."""
        context = self.crawler.settings.get("TINPHUONG_CONTEXT")
        captures = getattr(context, "captures", None)
        if captures is None:
            return
        ledger = ledger_of(self.crawler)
        kind = kind_of(request, page)
        try:
            came = request.meta.get("capture_id")
            made_of = captures.record_of(came) if came else None
            exchange = replace(exchange_of(request, page, None), made_of=made_of, address=None)
            request.meta["capture_id"] = captures.keep(
                exchange, site=ledger.report.site, kind=kind, run_id=ledger.run_id
            )
        except CapturesUnwritable as error:
            ledger.stop_run(error)
            raise
        self.crawler.stats.inc_value("capture/finished_pages")

    def _say_refused(self, url: str, finished: Finished) -> None:
        for reason, count in finished.refused.items():
            self.crawler.stats.inc_value(f"render/refused/{reason}", count)
        if said := ", ".join(f"{reason} {count}" for reason, count in finished.refused.most_common()):
            logger.info("%s: requests of its scripts were not sent: %s", url, said, extra=self._about(url=url))

    def _say_missing(self, said: str) -> None:
        if self.of_site:
            logger.error("%s: %s", site_of(self.crawler), said, extra=self._about(Reason.NO_BROWSER))

    def _about(self, reason: str | None = None, url: str | None = None) -> Mapping[str, Any]:
        return about(site_of(self.crawler), url=url, reason=reason)

    def script(self, url: str) -> tuple[Answer, int | None] | None:
        """Return a script that came earlier in this run, with the id of its capture."""
        return self._scripts.get(url)

    def keep_script(self, url: str, answer: Answer, capture_id: int | None) -> None:
        """Keep a script for the next pages, as a browser would."""
        if answer.status == 200 and self._scripts_size + len(answer.body) <= _MOST_KEPT:
            self._scripts[url] = answer, capture_id
            self._scripts_size += len(answer.body)


class _Asker:
    """Asks for what one page wants, of some hosts and their subdomains.

    `are_requisites`: so its scripts and data are captured; `got`: what came of them, with capture and size in bytes.
    """

    def __init__(self, middleware: RenderMiddleware, hosts: set[str], *, are_requisites: bool):
        self.middleware = middleware
        self.hosts = hosts
        self.are_requisites = are_requisites
        self.got: list[tuple[Requisite, int, int]] = []

    async def fetch(self, asked: Asked) -> Answer:
        """Return the answer; raises NotUsed."""
        if not _is_of(asked.url, self.hosts):
            raise NotUsed(Reason.OFFSITE, "another host")
        is_script = asked.kind == "script" and asked.method == "GET"
        if is_script and (known := self.middleware.script(asked.url)):
            self._note(asked, *known)
            return known[0]
        try:
            response = await self.middleware.crawler.engine.download_async(self._request(asked))
            if not _is_of(response.url, self.hosts):
                raise NotUsed(Reason.OFFSITE, "another host")
        except NotUsed:
            raise
        except Exception as error:
            raise NotUsed(*of_failure(error)) from error
        answer = _answer_of(response)
        capture_id = response.meta.get("capture_id") if response.request else None
        if is_script:
            self.middleware.keep_script(asked.url, answer, capture_id)
        self._note(asked, answer, capture_id)
        return answer

    def _note(self, asked: Asked, answer: Answer, capture_id: int | None) -> None:
        if answer.status == 200 and capture_id and asked.method != "HEAD" and (kind := _REQUISITES.get(asked.kind)):
            url = asked.url if asked.method == "GET" else urls.with_form(asked.url, asked.body.decode("latin-1"))
            self.got.append((Requisite(url, kind), capture_id, len(answer.body)))

    def _request(self, asked: Asked) -> Request:
        headers = {
            name: value
            for name, value in asked.headers.items()
            if name.lower() in _HEADERS or _OF_THE_PROGRAM.fullmatch(name)
        }
        is_requisite = self.are_requisites and asked.kind in _REQUISITES
        return Request(
            asked.url,
            callback=NO_CALLBACK,
            method=asked.method,
            headers=headers,
            body=asked.body,
            cookies=[{"name": name, "value": value} for name, value in asked.cookies.items()],
            priority=1000,  # the page waits for it
            meta={"allow_offsite": False} | ({CAPTURE_KIND: CaptureKind.REQUISITE} if is_requisite else {}),
        )


def _why_empty(finished: Finished) -> str | None:
    """Return why a page shows no list although a browser ran its scripts, as far as the page itself tells."""
    text = finished.html.decode("utf-8", "replace")
    if not _BY_PATH.search(text) and names_pages_by_hash(text):
        return CANNOT_BE_READ
    if not is_frame(text):
        return None
    refused = ", ".join(f"{reason} {count}" for reason, count in finished.refused.most_common())
    said = f"; requests of its scripts were not sent ({refused})" if refused else ""
    return f"it stays an empty frame in a browser, too{said}"


def _answer_of(response: Response) -> Answer:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    return Answer(response.url, response.status, headers, response.body)


def _is_of(url: str, hosts: set[str]) -> bool:
    """Whether an address is on one of `hosts`, or on a subdomain of one."""
    name = plain_name(urls.host(url))
    return any(name == host or name.endswith(f".{host}") for host in hosts)

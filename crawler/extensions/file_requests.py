"""Requests for the files that articles link to, on whatever host they are, through the site's own downloader."""

import asyncio
import logging
from collections.abc import Mapping
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import urls
from crawler.errors import InternalError
from crawler.extensions.ledger import Ledger
from crawler.extraction.page_problems import page_problem
from crawler.filetypes import is_markup
from crawler.middlewares.capture import ANY_DATA
from crawler.middlewares.destinations import destinations_of
from crawler.network.destinations import Refusal
from crawler.reasons import Reason, http_reason
from crawler.run.log_fields import about
from crawler.run.servers import is_asked_directly
from crawler.scrapy_internals import lengthen_pause, look_at_idle_spider, pause_of_host
from storage.archives.captures import CaptureKind
from storage.errors import CapturesUnwritable, Unwritable
from storage.files.attachments import Wanted

logger = logging.getLogger(__name__)

_MOST_HOPS = 5
_OK = 200


class HostsStillHeld(InternalError):
    """The file is on another host after all; ask again, at `url`, once the site's own hosts are released."""

    def __init__(self, url: str):
        super().__init__(url)
        self.url = url


class FileRequests:
    """Fetches one file at a time, with the robots.txt, pauses, retries and captures that pages have.

    Files on other hosts are fetched too, in turn with the other sites of the run, but only from where requests may go
    (`crawler.network.destinations`). Until `release`, the site holds its own `hosts`, with the servers that they are
    on, and asks no others.
    """

    def __init__(self, crawler: Crawler, ledger: Ledger, hosts: list[str]):
        settings = crawler.settings
        self.crawler = crawler
        self.ledger = ledger
        self.largest = settings.getint("TINPHUONG_ATTACHMENT_MAXSIZE")
        self.timeout = settings.getfloat("TINPHUONG_ATTACHMENT_TIMEOUT")
        self.pause = settings.getfloat("DOWNLOAD_DELAY")
        self.pause_elsewhere = max(self.pause, settings.getfloat("TINPHUONG_DELAY_ELSEWHERE"))
        self.destinations = destinations_of(crawler)
        self.hosts = frozenset(hosts)
        self.held = hosts
        self._is_direct = is_asked_directly(crawler.spidercls, settings)
        self._servers = frozenset(map(ledger.context.servers.of, hosts))
        ledger.context.turns.hold(ledger.report.site, self._servers)

    def release(self) -> None:
        """Let other sites ask the servers that were held, after the pause that a page has, too."""
        if self.held:
            self.held = []
            pause = max((pause_of_host(self.crawler, server) for server in self._servers), default=0.0)
            self.ledger.context.turns.release(self.ledger.report.site, max(self.pause, pause))

    async def fetch(self, file: Wanted) -> Response | tuple[str, str]:
        """Return the response with the file, or (reason, detail).

        Redirects are followed here, because each may lead to another host.

        Raises HostsStillHeld, and what the downloader raises.
        """
        return await self.fetch_url(file.url, CaptureKind.PICTURE if file.is_picture else CaptureKind.ATTACHMENT)

    async def fetch_url(
        self,
        url: str,
        kind: CaptureKind,
        largest: int = 0,
        *,
        headers: Mapping[str, str] | None = None,
        any_data: bool = False,
    ) -> Response | tuple[str, str]:
        """Do what `fetch` does, for a capture of that kind; `largest`: bytes, 0 for the bound of attachments.

        `headers`: to be sent in the place of those for files; `any_data`: it may be a web page.
        """
        for _ in range(_MOST_HOPS + 1):
            if refused := self._refusal(url):
                return refused
            response = await self._download(url, kind, largest or self.largest, headers or {}, any_data)
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            if response.status in urls.REDIRECTS and location:
                try:
                    url = urljoin(url, location)
                except ValueError:
                    return Reason.BAD_ADDRESS, f"it redirects to {location[:200]}"
                continue
            if "not-in-archive" in response.flags:
                return Reason.NOT_IN_ARCHIVE, ""
            if response.status != _OK:
                return http_reason(response.status), f"status {response.status}"
            return response
        return Reason.NOT_A_FILE, "it redirects again and again"

    def _refusal(self, url: str) -> Refusal | None:
        return None if self.ledger.mode == "replay" else self.destinations.refusal(url, elsewhere=True)

    async def _download(
        self, url: str, kind: CaptureKind, largest: int, headers: Mapping[str, str], any_data: bool
    ) -> Response:
        engine, host = self.crawler.engine, urls.host(url)
        foreign, context = host not in self.hosts, self.ledger.context
        request = Request(
            url,
            # Without a Content-Encoding the capture holds the bytes of the file as they are stored.
            headers={"Accept": "*/*", **headers, "Accept-Encoding": "identity"},
            meta={
                "file": kind,
                ANY_DATA: any_data,
                "allow_offsite": foreign,
                "dont_redirect": True,
                "download_maxsize": largest,
                "download_timeout": self.timeout,
            },
        )
        if self.held and foreign:  # else two sites, each holding its own hosts, could wait for each other
            raise HostsStillHeld(url)
        if self.held or self.ledger.mode == "replay":
            return await engine.download_async(request)
        server = await context.servers.look_up(host) if self._is_direct else context.servers.of(host)
        request.meta["download_slot"] = server
        if foreign and self.pause_elsewhere > self.pause:  # what was said of the site goes for its own hosts
            lengthen_pause(self.crawler, request, self.pause_elsewhere)
        async with context.turns.turn(server, self.pause) as turn:
            response = await engine.download_async(request)
            turn.pause = max(self.pause, pause_of_host(self.crawler, server))
            return response


def end_of_task(crawler: Crawler, ledger: Ledger, what: str, task: "asyncio.Task[None]") -> None:
    """Say how the fetching of `what` ended, which was done while the spider was idle, and let the spider go on."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, CapturesUnwritable | Unwritable):
        ledger.stop_run(error)
    elif error is not None:
        site = ledger.report.site
        logger.error("%s of %s: %s", what, site, error, exc_info=error, extra=about(site))
        ledger.report.bugs += 1
    look_at_idle_spider(crawler)


def why_no_file(response: Response) -> tuple[str, str]:
    """Return (reason, detail) for an answer that holds no file."""
    if not response.body.strip():
        return Reason.NOT_A_FILE, "nothing came"
    if is_markup(response.body):
        problem = page_problem(response.body, response.url)
        return (problem or Reason.NOT_A_FILE), "a web page came in its place"
    declared = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Reason.NOT_A_FILE, f"its bytes are not those of a document ({declared or 'no type declared'})"

"""Asking for a file that a page links to, wherever it lies, through the downloader of the site's own pages."""

from ipaddress import ip_address
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import urls
from crawler.errors import InternalError
from crawler.extensions.ledger import Ledger
from crawler.extraction.page_problems import page_problem
from crawler.filetypes import is_markup
from crawler.reasons import Reason, http_reason
from storage.files.attachments import Wanted

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
_OK = 200


class HostsStillHeld(InternalError):
    """An own file lies on another host after all: to be asked for when the site's own hosts are given free."""


class Asking:
    """Asks for one file at a time: robots.txt, pauses, retries and captures are those of the pages.

    Files on other hosts are fetched too, in turn with the other sites of the run; never from an address inside a
    private network. Until `release` the site's own hosts are held, and nothing else is asked.
    """

    def __init__(self, crawler: Crawler, ledger: Ledger, hosts: list[str]):
        settings = crawler.settings
        self.crawler = crawler
        self.ledger = ledger
        self.largest = settings.getint("TINPHUONG_ATTACHMENT_MAXSIZE")
        self.timeout = settings.getfloat("TINPHUONG_ATTACHMENT_TIMEOUT")
        self.pause = settings.getfloat("DOWNLOAD_DELAY")
        self.held = hosts
        ledger.shared.turns.hold(hosts)

    def release(self) -> None:
        """Let other sites ask the hosts that were held."""
        held, self.held = self.held, []
        self.ledger.shared.turns.release(held)

    async def ask(self, file: Wanted) -> Response | tuple[str, str]:
        """Return the response with the file, or (reason, detail).

        Redirects are followed here, as each may change hosts.

        Raises HostsStillHeld, and what the downloader raises.
        """
        url = file.url
        for _ in range(_MOST_HOPS + 1):
            if is_internal(urls.host(url)):
                return Reason.INTERNAL_ADDRESS, url
            response = await self._download(url, "picture" if file.is_picture else "attachment")
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            if response.status in _REDIRECTS and location:
                url = urljoin(url, location)
                if not url.startswith(("http://", "https://")):
                    return Reason.NOT_A_FILE, f"it redirects to {url[:200]}"
                continue
            if "not-in-archive" in response.flags:
                return Reason.NOT_IN_ARCHIVE, ""
            if response.status != _OK:
                return http_reason(response.status), f"status {response.status}"
            return response
        return Reason.NOT_A_FILE, "it redirects again and again"

    async def _download(self, url: str, kind: str) -> Response:
        engine, host = self.crawler.engine, urls.host(url)
        foreign = host not in self.crawler.spider.allowed_domains  # type: ignore[union-attr]
        request = Request(
            url,
            # The bytes of the capture are to be those of the file: unpacked, as they are stored.
            headers={"Accept": "*/*", "Accept-Encoding": "identity"},
            meta={
                "file": kind,
                "allow_offsite": foreign,
                "dont_redirect": True,
                "download_maxsize": self.largest,
                "download_timeout": self.timeout,
            },
        )
        if engine is None:
            raise RuntimeError("the crawl is over")
        if self.held and foreign:  # two sites that hold their own hosts would wait for each other's
            raise HostsStillHeld
        if self.held or self.ledger.mode == "replay":
            return await engine.download_async(request)
        async with self.ledger.shared.turns.turn(host, self.pause) as turn:
            response = await engine.download_async(request)
            if slot := engine.downloader.slots.get(host):
                turn.pause = max(self.pause, slot.delay)
            return response


def is_internal(host: str) -> bool:
    """Whether a host is one of a private network or of this machine, by its name; no page is to lead a crawl there."""
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal")) or host[-1:].isdigit()


def what_came(response: Response) -> tuple[str, str]:
    """(reason, detail) for an answer that is no file."""
    if not response.body.strip():
        return Reason.NOT_A_FILE, "nothing came"
    if is_markup(response.body):
        problem = page_problem(response.body, response.url)
        return (problem or Reason.NOT_A_FILE), "a web page came in its place"
    declared = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Reason.NOT_A_FILE, f"its bytes are no document's ({declared or 'no type declared'})"

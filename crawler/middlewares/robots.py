"""Obeys robots.txt, its Crawl-delay included, and fetches nothing where it cannot be read."""

import asyncio
import logging
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from crawler import urls
from crawler.extraction.page_problems import page_problem
from crawler.network import robots_txt
from crawler.network.destinations import origin_of
from crawler.reasons import Reason, http_reason
from crawler.run.failures import RobotsUnreadable, of_failure
from crawler.run.log_fields import about, site_of
from crawler.run.site import Site
from crawler.scrapy_internals import lengthen_pause

if TYPE_CHECKING:
    from typing import Self

_MOST_SITEMAPS = 10  # that a robots.txt may name

logger = logging.getLogger(__name__)

Rules = ProtegoRobotParser | RobotsUnreadable

_MOST_HOPS = 5  # redirects that are followed, to whatever host (RFC 9309, 2.3.1.2)
_MOST_UNPACKED = 4 * 1024 * 1024  # bytes of a robots.txt that came compressed although it was not asked for so
BELIEVED = "believed"  # in meta: how a server is believed from now on, where that was too little before
_RECEIVED = "robots_received"  # in meta: a list with the number of bytes that came


class RobotsMiddleware:
    """Fetches each host's robots.txt once and lets no request pass that it forbids.

    404 and other 4xx answers mean "no rules" (RFC 9309, 2.3.1.3). A network failure or a 5xx answer means that the
    rules are unknown: then nothing is fetched from the host, and the site's run says so. Where a web page comes in the
    file's place, a nonsense address of the host is asked for: a server that answers any address with the same page has
    no rules; an anti-bot page, or a page that only stands there, means that they are unknown. Redirects are followed,
    also to other hosts; no more than robots_txt.MOST_BYTES are read. A Crawl-delay longer than DOWNLOAD_DELAY lengthens
    the host's pause, up to ROBOTS_MAX_CRAWL_DELAY seconds. Hosts outside the site are asked only for requests marked
    with `allow_offsite`. Counts under `robots/`.
    """

    def __init__(self, crawler: Crawler):
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent = crawler.settings["USER_AGENT"]
        self.longest_delay = crawler.settings.getfloat("ROBOTS_MAX_CRAWL_DELAY")
        self._rules: dict[tuple[str, bool, str], asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware, or switch it off without ROBOTSTXT_OBEY."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.stop_reading, signal=signals.bytes_received)
        crawler.signals.connect(middleware.bound_unpacking, signal=signals.response_downloaded)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest where the rules forbid the URL, RobotsUnreadable where they are unknown."""
        if _RECEIVED in request.meta:
            request.meta[_RECEIVED][:] = [0]
            request.meta["download_maxsize"] = 0  # `stop_reading` bounds it, and keeps what came before
        if request.meta.get("dont_obey_robotstxt"):
            return
        asked = origin_of(request.url), bool(request.meta.get("allow_offsite")), request.meta.get(BELIEVED, "")
        if asked not in self._rules:
            self._rules[asked] = asyncio.ensure_future(self._fetch(*asked[:2]))
        rules = await self._rules[asked]
        if isinstance(rules, RobotsUnreadable):
            raise RobotsUnreadable(rules.reason, rules.detail)
        if not rules.allowed(request.url, self.agent):
            self.crawler.stats.inc_value("robots/forbidden")
            raise IgnoreRequest("forbidden by robots.txt")
        self._slow_down(request, rules)

    def stop_reading(self, data: bytes, request: Request) -> None:
        """End the download of a robots.txt of which more has come than is read, and keep what came."""
        if received := request.meta.get(_RECEIVED):
            received[0] += len(data)
            if received[0] > robots_txt.MOST_BYTES:
                raise StopDownload(fail=False)

    def bound_unpacking(self, request: Request) -> None:
        """Let a robots.txt that came compressed not grow without end."""
        if _RECEIVED in request.meta:
            request.meta["download_maxsize"] = _MOST_UNPACKED

    async def _fetch(self, origin: str, allow_offsite: bool) -> Rules:
        rules: Rules
        try:
            rules = await self._read(origin, await self._get(f"{origin}/robots.txt", allow_offsite))
            self._note_sitemaps(origin, rules)
        except RobotsUnreadable as error:
            rules = error
        except Exception as error:
            rules = RobotsUnreadable(*of_failure(error))
        self.crawler.stats.inc_value("robots/unreadable" if isinstance(rules, RobotsUnreadable) else "robots/read")
        if isinstance(rules, RobotsUnreadable):
            of_file = about(site_of(self.crawler), url=f"{origin}/robots.txt", reason=rules.reason)
            said = "%s/robots.txt could not be read (%s): nothing is fetched from there"
            logger.info(said, origin, rules.detail, extra=of_file)
        return rules

    async def _get(self, url: str, allow_offsite: bool) -> Response:
        """Return the answer to a request, behind redirects. Raises RobotsUnreadable, and what the downloader raises."""
        for _ in range(_MOST_HOPS + 1):
            meta = {
                "dont_obey_robotstxt": True, "dont_redirect": True, "allow_offsite": allow_offsite, _RECEIVED: [0],
            }  # fmt: skip
            request = Request(
                url, priority=1000, meta=meta, callback=NO_CALLBACK, headers={"Accept-Encoding": "identity"}
            )
            response = await self.crawler.engine.download_async(request)
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            if response.status not in urls.REDIRECTS or not location:
                return response
            url, allow_offsite = urljoin(url, location), True
        raise RobotsUnreadable(Reason.REDIRECT_LOOP, f"it is redirected more than {_MOST_HOPS} times")

    async def _read(self, origin: str, response: Response) -> ProtegoRobotParser:
        if response.status >= 500 or response.status == 429:
            raise RobotsUnreadable(http_reason(response.status), f"status {response.status}")
        text = "" if response.status >= 400 else robots_txt.read(response.body)
        if robots_txt.is_page(text):
            await self._judge_page(origin, response, text)
            text = ""
        return ProtegoRobotParser(text.encode(), self.crawler.spider)

    async def _judge_page(self, origin: str, response: Response, page: str) -> None:
        """Tell what a page in place of robots.txt means; raises RobotsUnreadable unless any address is answered so."""
        problem = page_problem(response.body[: robots_txt.MOST_BYTES], response.url)
        if problem is Reason.ANTIBOT or robots_txt.is_challenge(page):
            raise RobotsUnreadable(Reason.ANTIBOT, "in place of robots.txt")
        path = robots_txt.nonsense_path(urls.host(origin))
        try:
            other = await self._get(f"{origin}{path}", allow_offsite=False)
        except Exception as error:
            _, detail = of_failure(error)
            raise RobotsUnreadable(Reason.ROBOTS_UNREADABLE, f"an HTML page came instead ({detail})") from error
        second = robots_txt.read(other.body)
        same = other.status == response.status and robots_txt.is_page(second)
        if not same or not robots_txt.are_alike(page, second, "/robots.txt", path):
            detail = f"an HTML page came instead, and an address that cannot exist {_said(other)}"
            raise RobotsUnreadable(Reason.ROBOTS_UNREADABLE, detail)
        self.crawler.stats.inc_value("robots/catch_all")
        logger.info("%s answers any address with the same page, also robots.txt: it has no rules", origin)

    def _note_sitemaps(self, origin: str, rules: ProtegoRobotParser) -> None:
        """Leave the sitemaps that the robots.txt of the site's own hosts name to the spider."""
        spider = self.crawler.spider
        if isinstance(spider, Site) and urls.host(origin) in spider.allowed_domains:
            named = (
                urls.absolute(f"{origin}/robots.txt", address) for address in islice(rules.rp.sitemaps, _MOST_SITEMAPS)
            )
            spider.robots_sitemaps = list(dict.fromkeys([*spider.robots_sitemaps, *(url for url in named if url)]))

    def _slow_down(self, request: Request, rules: ProtegoRobotParser) -> None:
        delay = rules.crawl_delay(self.agent)
        if delay and lengthen_pause(self.crawler, request, delay := min(delay, self.longest_delay)):
            self.crawler.stats.set_value("robots/crawl_delay", delay)


def _said(response: Response) -> str:
    return "gets another page" if response.status == 200 else f"is answered with {response.status}"

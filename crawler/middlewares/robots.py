"""Obeys robots.txt, its Crawl-delay included, and fetches nothing where it cannot be read."""

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler import urls
from crawler.reasons import Reason, http_reason
from crawler.run.failures import RobotsUnreadable, of_failure
from crawler.run.site import Site
from crawler.scrapy_internals import lengthen_pause

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

Rules = ProtegoRobotParser | RobotsUnreadable


class RobotsMiddleware:
    """Fetches each host's robots.txt once and lets no request pass that it forbids.

    404 and other 4xx answers mean "no rules" (RFC 9309, 2.3.1.3). A network failure, a 5xx answer, or a page of HTML
    in the file's place (an anti-bot page, a home page) means that the rules are unknown: then nothing is fetched from
    the host, and the site's run says so. A Crawl-delay longer than DOWNLOAD_DELAY lengthens the host's pause, up to
    ROBOTS_MAX_CRAWL_DELAY seconds. Hosts outside the site are asked only for requests marked with `allow_offsite`.
    Counts under `robots/`.
    """

    def __init__(self, crawler: Crawler):
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent = crawler.settings["USER_AGENT"]
        self.longest_delay = crawler.settings.getfloat("ROBOTS_MAX_CRAWL_DELAY")
        self._rules: dict[tuple[str, bool], asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware, or switch it off without ROBOTSTXT_OBEY."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest where the rules forbid the URL, RobotsUnreadable where they are unknown."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc}"
        asked = origin, bool(request.meta.get("allow_offsite"))
        if asked not in self._rules:
            self._rules[asked] = asyncio.ensure_future(self._fetch(*asked))
        rules = await self._rules[asked]
        if isinstance(rules, RobotsUnreadable):
            raise RobotsUnreadable(rules.reason, rules.detail)
        if not rules.allowed(request.url, self.agent):
            self.crawler.stats.inc_value("robots/forbidden")
            raise IgnoreRequest("forbidden by robots.txt")
        self._slow_down(request, rules)

    async def _fetch(self, origin: str, allow_offsite: bool) -> Rules:
        meta = {"dont_obey_robotstxt": True, "allow_offsite": allow_offsite}
        request = Request(f"{origin}/robots.txt", priority=1000, meta=meta, callback=NO_CALLBACK)
        rules: Rules
        try:
            response = await self.crawler.engine.download_async(request)
            rules = self._read(response)
            self._note_sitemaps(origin, rules)
        except RobotsUnreadable as error:
            rules = error
        except Exception as error:
            rules = RobotsUnreadable(*of_failure(error))
        self.crawler.stats.inc_value("robots/unreadable" if isinstance(rules, RobotsUnreadable) else "robots/read")
        if isinstance(rules, RobotsUnreadable):
            logger.info("%s/robots.txt could not be read (%s): nothing is fetched from there", origin, rules.detail)
        return rules

    def _read(self, response: Response) -> ProtegoRobotParser:
        body = response.body.removeprefix(b"\xef\xbb\xbf")
        if response.status >= 500 or response.status == 429:
            raise RobotsUnreadable(http_reason(response.status), f"status {response.status}")
        if response.status >= 400:
            body = b""
        elif body.lstrip()[:1] == b"<":
            raise RobotsUnreadable(Reason.ROBOTS_UNREADABLE, "an HTML page came instead")
        return ProtegoRobotParser(body, self.crawler.spider)

    def _note_sitemaps(self, origin: str, rules: ProtegoRobotParser) -> None:
        """Leave the sitemaps that the robots.txt of the site's own hosts name to the spider."""
        spider = self.crawler.spider
        if isinstance(spider, Site) and urls.host(origin) in spider.allowed_domains:
            named = (urls.absolute(f"{origin}/robots.txt", address) for address in rules.rp.sitemaps)
            spider.robots_sitemaps = list(dict.fromkeys([*spider.robots_sitemaps, *(url for url in named if url)]))

    def _slow_down(self, request: Request, rules: ProtegoRobotParser) -> None:
        delay = rules.crawl_delay(self.agent)
        if delay and lengthen_pause(self.crawler, request, delay := min(delay, self.longest_delay)):
            self.crawler.stats.set_value("robots/crawl_delay", delay)

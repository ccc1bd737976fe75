"""Sends no request to where none may go: by host name, port and scheme, and for each hop of a redirect."""

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from w3lib.url import safe_url_string

from crawler import urls
from crawler.network.addresses import Reach
from crawler.network.destinations import Destinations, is_web_address, ports_of_facts
from crawler.reasons import Reason
from crawler.run.failures import Refused
from crawler.run.site import Site

if TYPE_CHECKING:
    from typing import Self


def destinations_of(crawler: Crawler) -> Destinations:
    """Return where the requests of a crawl may go: by its settings and the facts of its site, if it has one."""
    spider = crawler.spidercls
    hosts = [spider.host, *spider.other_hosts] if issubclass(spider, Site) else []
    reach = Reach.of_names(crawler.settings.getlist("TINPHUONG_ALLOW_PRIVATE"))
    return Destinations(reach, ports_of_facts(hosts))


class DestinationsMiddleware:
    """Judges each request by its URL before it leaves, and each redirect before it is followed.

    Pages stay on the ports that the site's facts name; requests that may leave the site (files, pictures, a robots.txt
    that was redirected) may go to the usual ports besides. The address behind a name is judged when the connection is
    made (`crawler.network.connections`). Off in a replay, which sends nothing. Counts under `destinations/`.
    """

    def __init__(self, crawler: Crawler):
        context = crawler.settings.get("TINPHUONG_CONTEXT")
        if context is not None and context.archive is not None:
            raise NotConfigured
        self.crawler = crawler
        self.destinations = destinations_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware, or switch it off where pages come from an archive."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Refused where the request may not be sent."""
        elsewhere = bool(request.meta.get("file") or request.meta.get("allow_offsite"))
        if refused := self.destinations.refusal(request.url, elsewhere=elsewhere):
            self._refuse(*refused)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response. Raises Refused for a redirect to what is no address at all."""
        location = response.headers.get("Location")
        if location and response.status in urls.REDIRECTS:
            try:
                target = urljoin(request.url, safe_url_string(location))
                is_valid = Request(target).url.startswith(("http://", "https://")) and is_web_address(target)
            except ValueError:
                is_valid = False
            if not is_valid:
                shown = location.decode("utf-8", "replace")[:200]
                self._refuse(Reason.BAD_ADDRESS, f"it redirects to {shown}, which is no address of the web")
        return response

    def _refuse(self, reason: str, detail: str) -> None:
        self.crawler.stats.inc_value(f"destinations/{reason}")
        raise Refused(reason, detail)

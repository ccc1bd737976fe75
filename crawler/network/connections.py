"""The download handler of every request: it judges each address that a name resolved to before it connects.

Scrapy's handler resolves a name and connects to the addresses of the answer. Here each of these connections goes
through `GuardedReactor`, so the address that is judged is the one that is connected to, for pages, robots.txt, files
and every hop of a redirect; a name whose answer changes in between gains nothing. Connections to a proxy are not
judged: the operator named it, and what it resolves is out of sight.
"""

import re
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from scrapy.http import Response
from twisted.web.client import HTTPConnectionPool
from zope.interface import directlyProvides, providedBy  # type: ignore[import-untyped]

from crawler import urls
from crawler.network.addresses import Reach
from crawler.network.destinations import without_user
from crawler.network.tls import TlsPolicy
from crawler.reasons import Reason
from crawler.run.failures import ProxyFailed, Refused
from crawler.scrapy_internals import LongHead, bound_heads, connect_through, is_of_tunnel, use_connections

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

MOST_HEADERS = 256 * 1024  # bytes of the head of one response: those of portals have some thousands


def why_no_way(error: Exception, proxy: str) -> str | None:
    """Return why `proxy` (host and port) gave no connection at all, as a sentence; None for a failure behind it."""
    if is_of_tunnel(error):
        said = re.search(r"'status': (\d{3})", str(error))
        return f"the proxy {proxy} opened no way to the server" + (f": it answered {said[1]}" if said else "")
    if isinstance(error, CannotResolveHostError):
        return f"the host of the proxy {proxy} does not resolve"
    if isinstance(error, DownloadConnectionRefusedError):
        return f"the proxy {proxy} refused the connection"
    return None


class GuardedReactor:
    """The reactor, but for connections to addresses that `reach` does not allow: they are refused before they begin."""

    def __init__(self, reactor: Any, reach: Reach):
        self._reactor = reactor
        self._reach = reach
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def connectTCP(self, host: str, port: int, *arguments: Any, **named: Any) -> Any:
        """Connect to an address. Raises Refused where requests may not go there, or where it is a name."""
        try:
            why = self._reach.why_not(ip_address(host))
        except ValueError:
            why = f"its host {host} was not resolved"
        if why:
            raise Refused(Reason.INTERNAL_ADDRESS, why)
        return self._reactor.connectTCP(host, port, *arguments, **named)


class GuardedPool(HTTPConnectionPool):
    """A pool whose new connections go through a GuardedReactor, but for those to a proxy."""

    def __init__(self, reactor: Any, reach: Reach):
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._guarded = GuardedReactor(reactor, reach)

    def getConnection(self, key: Any, endpoint: Any) -> "Deferred[Any]":
        """Return a connection of the pool, or a new one."""
        connect_through(self._guarded, key, endpoint)
        return super().getConnection(key, endpoint)


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, with addresses judged and certificates verified.

    A failure of TLS says what is wrong, in a sentence, and is not tried again where the certificate is.
    """

    lazy = False

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        from twisted.internet import reactor

        self.tls = TlsPolicy.of_spider(crawler.spider or crawler.spidercls)
        pool = GuardedPool(reactor, self.reach(crawler))
        use_connections(self, pool, self.tls)
        bound_heads(pool, MOST_HEADERS)

    def reach(self, crawler: Crawler) -> Reach:
        """Return where connections may lead."""
        return Reach.of_names(crawler.settings.getlist("TINPHUONG_ALLOW_PRIVATE"))

    async def download_request(self, request: Request) -> Response:
        """Download a page. Raises Refused, and what Scrapy's handler raises."""
        clean = without_user(request.url)
        if clean != request.url:
            request = request.replace(url=clean)
        host = urls.host(request.url)
        self.tls.forget(host)
        through = urlsplit(request.meta.get("proxy") or "").netloc  # without user and password, by ProxyMiddleware
        try:
            response = await super().download_request(request)
        except Exception as error:
            if through and (why := why_no_way(error, through)):
                raise ProxyFailed(why) from error
            if LongHead.__name__ in str(error):
                raise Refused(Reason.TOO_LARGE, f"more than {MOST_HEADERS} bytes of headers") from error
            if why := self.tls.why_failed(host, error):
                raise Refused(Reason.TLS, why) from error
            raise
        if through and response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:  # no answer of the site
            raise Refused(Reason.PROXY, f"the proxy {through} wants a user and password, or others than it was given")
        if note := self.tls.noted(host) if request.url.startswith("https:") else "":
            response.flags.append(f"tls={note}")
        return response

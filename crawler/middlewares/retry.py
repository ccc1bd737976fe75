"""Retries failed requests later, and no sooner than the server allows."""

import asyncio
import logging
import random

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from crawler import urls
from crawler.middlewares.transfer import is_whole
from crawler.run.failures import NotUsed, ProxyFailed
from crawler.run.host_patience import HostPatience, given_up_stat
from crawler.run.log_fields import about, site_of
from crawler.run.retry_after import seconds_to_wait
from crawler.scrapy_internals import refuse_waiting, silence_host

logger = logging.getLogger(__name__)


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries with a growing pause before each, and with Retry-After honoured for the whole host.

    The pause starts at RETRY_BACKOFF seconds and doubles with each try, give or take a quarter. After a 429 or 503
    with Retry-After nothing is sent to the host for as long as it asks, up to RETRY_AFTER_MAX seconds. A server that
    asks for more refuses: the page is not tried again in this run. A host that has used up what one run waits for it is
    given up: nothing more is asked of it (see HostPatience). Counts under `retry/`.
    """

    def __init__(self, crawler: Crawler):
        super().__init__(crawler.settings)
        self.exceptions_to_retry = (*self.exceptions_to_retry, ProxyFailed)
        self.crawler = crawler
        self.first_pause = crawler.settings.getfloat("RETRY_BACKOFF")
        self.longest_wait = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self.patience = HostPatience(
            crawler.settings.getint("TINPHUONG_TIMEOUTS_IN_A_ROW"),
            crawler.settings.getfloat("TINPHUONG_TIMEOUT_SUM"),
            crawler.settings.getfloat("TINPHUONG_RETRY_AFTER_SUM"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PatientRetryMiddleware":
        """Return the middleware, connected to the signal of every downloaded response."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.silence_host, signal=signals.response_downloaded)
        return middleware

    def silence_host(self, response: Response, request: Request) -> None:
        """Stop the host's queue for as long as the server asks; runs before the queue's next request leaves."""
        self.patience.answered(_host(request))
        asked = _retry_after(response) if response.status in (429, 503) else None
        if asked is None or asked > self.longest_wait:
            return
        if self.patience.asked_to_wait(_host(request), asked, response.status):
            self._give_up(request)
            return
        silence_host(self.crawler, request, asked)
        self.crawler.stats.inc_value("retry/after")

    async def process_request(self, request: Request) -> None:
        """Hold a retried request until its pause is over. Raises NotUsed for a host that was given up."""
        if pause := request.meta.pop("retry_pause", 0.0):
            await asyncio.sleep(pause)
        if given_up := self.patience.given_up.get(_host(request)):
            raise NotUsed(*given_up)

    def process_response(  # type: ignore[override]  # without the spider, which Scrapy no longer hands in
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the response, or the request to try again."""
        asked = _retry_after(response)
        if _host(request) in self.patience.given_up:
            return response
        if asked is not None and asked > self.longest_wait:
            self.crawler.stats.inc_value("retry/refused_for_long")
            return response
        if is_whole(response):
            again = super().process_response(request, response)
        else:
            again = self._retry(request, "truncated") or response
        if isinstance(again, Request) and asked is None:
            self._pause(again)
        return again

    def process_exception(  # type: ignore[override]  # as above
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """Return the request to try again, or None."""
        if isinstance(exception, DownloadTimeoutError):
            if self.patience.timed_out(_host(request), request.meta.get("download_timeout", 0.0)):
                self._give_up(request)
            if _host(request) in self.patience.given_up:
                return None
        again = super().process_exception(request, exception)
        if isinstance(again, Request):
            self._pause(again)
        return again

    def _give_up(self, request: Request) -> None:
        """Ask for nothing more at the host of `request`, not even for what already waits for its turn there."""
        reason, detail = self.patience.given_up[_host(request)]
        self.crawler.stats.set_value(given_up_stat(_host(request)), detail)
        of_host = about(site_of(self.crawler), url=request.url, reason=reason)
        logger.info("%s: %s", _host(request), detail, extra=of_host)
        refuse_waiting(self.crawler, request, NotUsed(reason, detail))

    def _pause(self, request: Request) -> None:
        times = request.meta.get("retry_times", 1)
        request.meta["retry_pause"] = self.first_pause * 2 ** (times - 1) * random.uniform(0.75, 1.25)  # noqa: S311


def _host(request: Request) -> str:
    return urls.host(request.url)


def _retry_after(response: Response) -> float | None:
    return seconds_to_wait((response.headers.get("Retry-After") or b"").decode("latin-1"))

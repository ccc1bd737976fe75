"""Retries failed requests later, and no sooner than the server allows."""

import asyncio
import random

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.middlewares.transfer import is_whole
from crawler.run.retry_after import seconds_to_wait
from crawler.scrapy_internals import silence_host


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries with a growing pause before each, and with Retry-After honoured for the whole host.

    The pause starts at RETRY_BACKOFF seconds and doubles with each try, give or take a quarter. After a 429 or 503
    with Retry-After nothing is sent to the host for as long as it asks, up to RETRY_AFTER_MAX seconds. A server that
    asks for more refuses: the page is not tried again in this run. Counts under `retry/`.
    """

    def __init__(self, crawler: Crawler):
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.first_pause = crawler.settings.getfloat("RETRY_BACKOFF")
        self.longest_wait = crawler.settings.getfloat("RETRY_AFTER_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PatientRetryMiddleware":
        """Return the middleware, connected to the signal of every downloaded response."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.silence_host, signal=signals.response_downloaded)
        return middleware

    def silence_host(self, response: Response, request: Request) -> None:
        """Stop the host's queue for as long as the server asks; runs before the queue's next request leaves."""
        asked = _retry_after(response) if response.status in (429, 503) else None
        if asked is None or asked > self.longest_wait:
            return
        silence_host(self.crawler, request, asked)
        self.crawler.stats.inc_value("retry/after")

    async def process_request(self, request: Request) -> None:
        """Hold a retried request until its pause is over."""
        if pause := request.meta.pop("retry_pause", 0.0):
            await asyncio.sleep(pause)

    def process_response(  # type: ignore[override]  # without the spider, which Scrapy no longer hands in
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the response, or the request to try again."""
        asked = _retry_after(response)
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
        again = super().process_exception(request, exception)
        if isinstance(again, Request):
            self._pause(again)
        return again

    def _pause(self, request: Request) -> None:
        times = request.meta.get("retry_times", 1)
        request.meta["retry_pause"] = self.first_pause * 2 ** (times - 1) * random.uniform(0.75, 1.25)  # noqa: S311


def _retry_after(response: Response) -> float | None:
    return seconds_to_wait((response.headers.get("Retry-After") or b"").decode("latin-1"))

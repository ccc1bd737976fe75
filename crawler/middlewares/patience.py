"""Trying again later, and only as often as the server asks for it."""

import asyncio
import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries with a growing pause before each, and with Retry-After honoured for the whole host.

    The pause doubles from RETRY_BACKOFF seconds, give or take a quarter. 429 and 503 with Retry-After silence the host
    for as long as it says, at most RETRY_AFTER_MAX seconds; a longer wish is taken as a refusal: the page is not tried
    again in this run. Counts under `retry/`.
    """

    def __init__(self, crawler: Crawler):
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.first_pause = crawler.settings.getfloat("RETRY_BACKOFF")
        self.longest_wait = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self._silent_until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PatientRetryMiddleware":
        """Build from the crawler's settings."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Hold the request while its host wants silence, or while its own pause lasts."""
        pause = request.meta.pop("retry_pause", 0.0)
        if pause:
            await asyncio.sleep(pause)
        host = urlsplit(request.url).netloc
        while (wait := self._silent_until.get(host, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the response, or the request to be tried again."""
        if response.status not in self.retry_http_codes or request.meta.get("dont_retry"):
            return response
        asked = _retry_after(response)
        if asked is not None:
            if asked > self.longest_wait:
                self.crawler.stats.inc_value("retry/refused_for_long")
                return response
            self._silent_until[urlsplit(request.url).netloc] = time.monotonic() + asked
            self.crawler.stats.inc_value("retry/after")
        again = super().process_response(request, response)
        if isinstance(again, Request) and asked is None:
            self._pause(again)
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]
        """Return the request to be tried again, or None."""
        again = super().process_exception(request, exception)
        if isinstance(again, Request):
            self._pause(again)
        return again

    def _pause(self, request: Request) -> None:
        times = request.meta.get("retry_times", 1)
        request.meta["retry_pause"] = self.first_pause * 2 ** (times - 1) * random.uniform(0.75, 1.25)  # noqa: S311


def _retry_after(response: Response) -> float | None:
    """Seconds the server asks to wait, from a number or an HTTP date; None where it does not say."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None

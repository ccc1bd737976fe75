"""Fetches a few pages one by one as a crawl would (robots.txt, pauses, retries), or from an archive."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies

from scrapy import Request, Spider
from scrapy.http import TextResponse
from scrapy.http.request import NO_CALLBACK

from crawler import clock, urls
from crawler.errors import InternalError
from crawler.middlewares.render import RENDER
from crawler.middlewares.robots import BELIEVED
from crawler.network.destinations import plain_name
from crawler.network.tls import Tls
from crawler.reasons import Reason, http_reason, sentence
from crawler.run.context import ArchiveOnly
from crawler.run.failures import RobotsUnreadable, of_failure
from crawler.scrapy_internals import drop_open_requests, pause_of_host
from spiders.lists.answers import as_text, unpacked
from spiders.lists.forms import request_arguments
from storage.archives.archive import Archive

if TYPE_CHECKING:
    from scrapy.settings import Settings


_EXPLAINED = frozenset({Reason.INTERNAL_ADDRESS, Reason.OTHER_PORT, Reason.BAD_ADDRESS, Reason.TLS, Reason.NO_BROWSER})


class PageNotFetched(InternalError):
    """A page could not be fetched; the message is a sentence, `reason` is one word of `crawler.reasons`, `location`
    where a redirect that is not followed leads."""

    def __init__(self, url: str, reason: str, said: str = "", location: str = ""):
        self.url = url
        self.reason = reason
        self.location = location
        self.said = said or sentence(reason)
        super().__init__(f"{url}: {self.said}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that came: its response, when it was fetched (aware), and the seconds between two requests to its host."""

    response: TextResponse
    at: datetime
    pause: float = 0.0


# Somebody waits for what a probe finds: it tries less often, and for a shorter time, than a crawl.
_PATIENCE: dict[str, object] = {"RETRY_TIMES": 1, "RETRY_AFTER_MAX": 10.0}
_LONGEST_TRANSFER = 20.0  # seconds

Fetch = Callable[[str], Awaitable[Fetched]]
_Result = TypeVar("_Result")
_Job = Callable[[Fetch], Awaitable[_Result]]


class Probe(Spider, Generic[_Result]):
    """Runs one job, which requests pages in its own order; `outcome` takes what it returns."""

    name = "probe"

    def __init__(self, job: _Job[_Result], outcome: list[_Result | Exception], **kwargs: Any):
        super().__init__(**kwargs)
        self.job = job
        self.outcome = outcome
        self.tls_of_hosts: dict[str, Tls] = {}  # read by the handler of requests

    async def start(self) -> AsyncIterator[Any]:
        """Run the job to its end; the engine gets no requests from here."""
        logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # failures are reported in our words
        try:
            self.outcome.append(await self.job(self.fetch))
        except Exception as error:
            self.outcome.append(error)
        drop_open_requests(self.crawler)  # of which nobody waits for an answer any more
        none: tuple[Request, ...] = ()
        for request in none:  # makes this method the generator that the engine needs
            yield request

    @property
    def is_replay(self) -> bool:
        """Whether pages come from an archive."""
        return self.settings.get("TINPHUONG_CONTEXT") is not None

    @property
    def pause(self) -> float:
        """The seconds between two requests to a host of which nothing else is known."""
        return self.settings.getfloat("DOWNLOAD_DELAY")

    async def fetch(self, url: str, *, render: bool = False) -> Fetched:
        """Return a page of text; with `render`, as a browser finishes it. Raises PageNotFetched."""
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, **request_arguments(url))
        request.meta[RENDER] = render
        return await self._page_of(request, url)

    async def look(self, url: str, *, tls: str = "") -> Fetched:
        """Return a page of text by one request, without following redirects. `tls`: how its server is believed from
        now on. Raises PageNotFetched, with its `location` for a redirect."""
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"dont_redirect": True})
        if tls:
            self.tls_of_hosts[plain_name(urls.host(url))] = Tls(tls)
            request.meta[BELIEVED] = tls
        return await self._page_of(request, url)

    async def look_as(self, url: str, address: str) -> Fetched:
        """Return what the server at an address answers if it is asked for `url`, although no name may lead there.

        A proxy and a loopback server know no addresses: they are asked by the name. robots.txt is not asked for: no
        such host exists, and whoever calls this has read that of a host that does. Raises PageNotFetched as `look`.
        """
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        request.meta.update(dont_redirect=True, dont_obey_robotstxt=True, dont_retry=True)
        if not self._goes_by_name(url):
            parts = urlsplit(url)
            at = f"[{address}]" if ":" in address else address
            at += f":{parts.port}" if parts.port else ""
            self.tls_of_hosts[plain_name(address)] = Tls.ANY  # no certificate is issued for a host that nobody uses
            request = request.replace(url=urlunsplit(parts._replace(netloc=at)))
            request.headers["Host"] = parts.netloc
        return await self._page_of(request, url)

    def _goes_by_name(self, url: str) -> bool:
        return bool(
            self.settings["TINPHUONG_PROXY"]
            or self.settings.getint("TINPHUONG_LOOPBACK_PORT")
            or urlsplit(url).scheme in getproxies()
        )

    async def _page_of(self, request: Request, url: str) -> Fetched:
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            reason, detail = of_failure(error)
            if reason in _EXPLAINED and "<" not in detail:
                raise PageNotFetched(url, reason, detail) from error
            came = reason.startswith("http_") or reason in (Reason.ROBOTS_UNREADABLE, Reason.ANTIBOT)
            if isinstance(error, RobotsUnreadable) and came:
                said = Reason.ANTIBOT if reason == Reason.ANTIBOT else Reason.ROBOTS_UNREADABLE
                raise PageNotFetched(url, reason, f"{sentence(said)} ({detail})") from error
            raise PageNotFetched(url, reason, detail if reason == Reason.INTERNAL_ERROR else "") from error
        if "not-in-archive" in response.flags:
            raise PageNotFetched(url, Reason.NOT_IN_ARCHIVE)
        if response.status != 200:
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            leads_on = location if response.status in urls.REDIRECTS else ""
            raise PageNotFetched(url, http_reason(response.status), location=leads_on)
        answer = unpacked(response)
        if isinstance(answer, Reason):
            raise PageNotFetched(url, answer)
        text = as_text(answer)
        if text is None:
            raise PageNotFetched(url, Reason.NOT_HTML)
        pause = pause_of_host(self.crawler, urls.host(response.url))
        return Fetched(text, response.meta.get("captured_at") or clock.now(), pause)


def probe(
    job: _Job[_Result], wanted: "Settings", *, replay: Sequence[Path] = (), settings: Mapping[str, object] | None = None
) -> _Result:
    """Run `job` with a polite fetcher, or with one that only reads archive files; returns the job's result.

    `wanted`: the settings in force, changed by it; `settings`: those that go before them.

    Raises what the job raises. Call it once in a process, because a reactor runs only once.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    own: dict[str, object] = {
        **_PATIENCE,
        "DOWNLOAD_TIMEOUT": min(_LONGEST_TRANSFER, wanted.getfloat("DOWNLOAD_TIMEOUT")),
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {**wanted.getdict("EXTENSIONS"), **dict.fromkeys(_own(wanted.getdict("EXTENSIONS")))},
        "TINPHUONG_CAPTURE": False,
    }
    if replay:
        own |= {"ROBOTSTXT_OBEY": False, "RETRY_ENABLED": False, "DOWNLOAD_DELAY": 0}
        own["TINPHUONG_CONTEXT"] = ArchiveOnly(Archive(list(replay)))
    wanted.update(own | dict(settings or {}), priority="cmdline")
    outcome: list[_Result | Exception] = []
    process = AsyncCrawlerProcess(wanted)
    process.crawl(Probe, job=job, outcome=outcome)
    process.start()
    if not outcome:  # a signal ended the process before the job
        raise KeyboardInterrupt
    (result,) = outcome
    if isinstance(result, Exception):
        raise result
    return result


def _own(extensions: Iterable[str]) -> list[str]:
    """Return this project's extensions; they keep the report of a run, and a probe has none."""
    return [path for path in extensions if str(path).startswith("crawler.")]

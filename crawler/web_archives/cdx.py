"""Reads the index (CDX) of a web archive, and decides which captures of a site are wanted."""

import json
import logging
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from crawler import urls
from crawler.errors import ConfigurationError, InternalError
from crawler.reasons import Reason, http_reason, sentence
from crawler.web_archives.client import Answer, Client, NoAnswer
from crawler.web_archives.sources import Source, toolkit

logger = logging.getLogger(__name__)

_MOST = 512 * 1024 * 1024  # bytes of an index's page: a plain pywb gives its whole index as one
_COMMON_CRAWL = "https://index.commoncrawl.org/collinfo.json"
_BEGIN_OF_ALL = "2008"  # before Common Crawl began; without a start cdx-toolkit asks only for the last year
_PAGES = re.compile(r"text/|application/(?:xhtml|xml|rss|atom|json|ld\+json)|unk$|-?$")
_NO_PAGES = re.compile(r"text/(?:css|javascript|calendar|vcard)")
_DOCUMENTS = re.compile(
    r"application/(?:pdf|msword|rtf|zip|x-rar|vnd\.(?:ms-|openxml|oasis|rar)|octet-stream|x-download|force-download)"
)
REVISIT = "warc/revisit"
_REDIRECTS = frozenset(map(str, urls.REDIRECTS))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an index. `timestamp`: 14 digits, UTC; `status`: "-" where the index has none; `digest`: of the payload
    as the index gives it, or ""; `place`: (file, offset, length) of the record where the index gives it, or None."""

    url: str
    timestamp: str
    status: str
    mime: str
    digest: str
    place: tuple[str, int, int] | None

    @property
    def time(self) -> datetime:
        """When it was captured."""
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def is_revisit(self) -> bool:
        """Whether the archive holds the payload under another capture."""
        return self.mime == REVISIT

    @property
    def is_redirect(self) -> bool:
        """Whether the server redirected to another address."""
        return self.status in _REDIRECTS

    @property
    def is_document(self) -> bool:
        """Whether it is a file that an article may link to."""
        return bool(_DOCUMENTS.match(self.mime.lower()))

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture that an article may show."""
        return self.mime.lower().startswith("image/")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which captures are wanted. `since`, `until`: digits of a timestamp, as many as are known, both included."""

    hosts: tuple[str, ...]
    since: str = ""
    until: str = ""
    documents: bool = False  # attached files, too
    pictures: bool = False

    def objection(self, entry: Entry) -> str | None:
        """Return the reason under which an entry is not fetched, or None if it is wanted."""
        if not entry.timestamp[: len(self.since)] >= self.since or entry.timestamp[: len(self.until)] > self.until:
            return Reason.OUTSIDE_DATES
        if urls.host(entry.url) not in self.hosts:
            return Reason.OFFSITE
        if entry.is_revisit or entry.is_redirect:
            return None
        if entry.status not in ("200", "-"):
            return http_reason(entry.status)
        mime = entry.mime.lower()
        is_page = _PAGES.match(mime) and not _NO_PAGES.match(mime)
        is_file = (self.documents and entry.is_document) or (self.pictures and entry.is_picture)
        if not is_page and not is_file:
            return Reason.NOT_HTML
        return None if urlsplit(entry.url).path != "/robots.txt" else Reason.ROBOTS_TXT


class IndexUnreadable(InternalError):
    """The index could not be read; the message says why."""


def entries(client: Client, source: Source, wanted: Wanted, skipped: Counter[str]) -> Iterator[Entry]:
    """Yield what the archive's index lists of the wanted hosts, each capture once, page after page.

    Lines that cannot be read are counted in `skipped`. Raises IndexUnreadable, TimeUp, and ConfigurationError where the
    address does not belong to a CDX server.
    """
    seen: set[tuple[str, str]] = set()
    bounds = {"from_ts": wanted.since, "to": _end(wanted.until)}
    for host in wanted.hosts:
        asked = {name: value for name, value in bounds.items() if value}
        try:
            fetcher = _fetcher(client, source, skipped)
            for item in fetcher.iter(f"{host}/*", **asked):
                entry = _entry(item)
                if entry is None:
                    skipped[Reason.UNREADABLE_LINE] += 1
                elif (entry.url, entry.timestamp) not in seen:
                    seen.add((entry.url, entry.timestamp))
                    yield entry
        except NoAnswer as error:
            logger.info("%s: %s", source.index, error)
            raise IndexUnreadable(f"the index of {source.name} could not be read: {sentence(error.reason)}") from None


def _end(until: str) -> str:
    """Return the last second of a year, month or day; cdx-toolkit itself ends every February on the 28th."""
    if not until:
        return ""
    month = until[4:6] or "12"
    day = until[6:8] or f"{monthrange(int(until[:4]), int(month))[1]}"
    return f"{until[:4]}{month}{day}235959"


def _entry(item: Any) -> Entry | None:
    """Return an index line as an Entry, or None if it lacks address or time."""
    url, timestamp = str(item.get("url") or ""), str(item.get("timestamp") or "")
    if not urls.host(url) or not re.fullmatch(r"[0-9]{14}", timestamp) or not url.lower().startswith("http"):
        return None
    if re.search(r"[\x00-\x1f\x7f]", url):  # would break the WARC header that holds it
        return None
    place = None
    if item.get("filename") and str(item.get("offset")).isdigit() and str(item.get("length")).isdigit():
        place = str(item["filename"]), int(item["offset"]), int(item["length"])
    digest = str(item.get("digest") or "").removeprefix("sha1:").strip("-")
    mime = str(item.get("mime") or "")
    entry = Entry(url, timestamp, str(item.get("status") or "-"), mime, digest, place)
    try:
        _ = entry.time
    except ValueError:
        return None
    return entry


def _fetcher(client: Client, source: Source, skipped: Counter[str]) -> Any:
    """Return cdx-toolkit's reader of indexes, with `client` as its HTTP client."""
    package = toolkit()
    from cdx_toolkit.commoncrawl import filter_cc_endpoints

    class Fetcher(package.CDXFetcher):  # type: ignore[misc,name-defined]  # cdx-toolkit has no types
        def __init__(self) -> None:
            self._before: list[str] = []  # the last page's lines
            if source.index != "cc":
                super().__init__(source=source.index)
                return
            self.source, self.crawl, self.cc_sort, self.wb = "cc", None, "ascending", None
            self.warc_download_prefix = None
            self.raw_index_list = sorted(_crawl_indexes(client.get(_COMMON_CRAWL, undo=True)))

        def iter(self, url: str, **kwargs: Any) -> Any:
            if self.source == "cc":
                kwargs.setdefault("from_ts", _BEGIN_OF_ALL)
            return super().iter(url, **kwargs)

        def customize_index_list(self, params: dict[str, str | int]) -> Any:
            params.pop("crawl", None)  # always set; with it cdx-toolkit would not choose crawls by date
            return filter_cc_endpoints(self.raw_index_list, "ascending", params) if self.source == "cc" else (
                self.index_list)  # fmt: skip

        def get_for_iter(
            self, endpoint: int, page: int, params: dict[str, str | int] | None = None, index_list: Any = ()
        ) -> tuple[str, list[Any]]:
            if endpoint >= len(index_list):
                return "last endpoint", []
            params = {"from" if name == "from_ts" else name: value for name, value in (params or {}).items()}
            answer = client.get(index_list[endpoint], params=params | {"page": page}, undo=True, most=_MOST)
            lines = _lines(answer, page, index_list[endpoint])
            if not lines or (page and lines == self._before):  # a plain pywb has no pages and repeats its answer
                return "last page", []
            self._before = lines
            return "ok", list(_parsed(lines, package, skipped))

    return Fetcher()


def _lines(answer: Answer, page: int, endpoint: str) -> list[str]:
    """Return the lines of a page of the index, none after its end. Raises ConfigurationError for other answers."""
    text = answer.text.strip()
    is_json = text.startswith(("{", "["))
    if (answer.status == 404 and is_json) or (answer.status == 400 and (page or is_json)):
        return []  # no captures, or after the last page
    if answer.status == 200 and (not text or is_json):
        return text.splitlines() if text.startswith("{") else [text] if text else []
    if page:
        raise IndexUnreadable(
            f"page {page} of {endpoint} cannot be read: it answered {answer.status}, but not with an index"
        )
    if answer.status == 200 or 300 <= answer.status < 500:
        raise ConfigurationError(f"{endpoint} is not a CDX server: it answered {answer.status}, but not with an index")
    raise NoAnswer(http_reason(answer.status), f"it answered {answer.status}")


def _parsed(lines: Iterable[str], package: Any, skipped: Counter[str]) -> Iterator[Any]:
    """Yield the captures that cdx-toolkit reads from the lines; a damaged line is skipped and counted."""
    for line in lines:
        try:
            yield from package.cdx_to_captures(_Response(line))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            skipped[Reason.UNREADABLE_LINE] += 1


@dataclass(frozen=True, slots=True)
class _Response:
    """The parts of an HTTP response that cdx-toolkit looks at."""

    text: str
    status_code: int = 200


def _crawl_indexes(answer: Answer) -> list[str]:
    """Return the addresses of the indexes in Common Crawl's list of crawls."""
    try:
        return [str(item["cdx-api"]) for item in json.loads(answer.text) if "cdx-api" in item]
    except (ValueError, TypeError):
        raise IndexUnreadable(f"the list of crawls at {answer.url} cannot be read") from None

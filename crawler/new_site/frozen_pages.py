"""Frozen pages: a list and an article of a site as they came, and what its spider and the pipelines read in them.

`spiders/frozen/<slug>/` holds `listing.html.gz`, `article.html.gz` and `expected.json`, which gives for both the URL,
the Content-Type header, the time of the fetch where it is known, and the expected values.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

from scrapy.http import HtmlResponse

import spiders
from crawler.errors import ConfigurationError
from crawler.extraction import apply_publication, isolate
from crawler.extraction.charsets import declared_charset
from crawler.new_site.whole_files import write_whole
from spiders.base import PortalSpider
from spiders.lists.listing import Listing
from spiders.lists.reader import ListReader

FROZEN = Path(spiders.__file__).parent / "frozen"  # those of the package's own sites
PAGES = ("listing", "article")
_FETCHED = datetime(2026, 1, 1, tzinfo=UTC)  # for pages without a recorded time of fetch


class BadFrozenPages(ConfigurationError):
    """The frozen pages of a site cannot be read; the message names the file and says what to do."""

    def __init__(self, path: Path, wrong: str):
        super().__init__(
            f"{path}: the frozen pages are damaged ({wrong}); put the file back, or remove {path.parent} and let "
            "`tinphuong new-site` write it anew"
        )


@dataclass(frozen=True)
class Page:
    """A page as it came: its URL, the Content-Type header, the body, and when it was fetched (aware), if known.

    `listed` is the title that the site's list gives an article, "" if it is not known.
    """

    url: str
    content_type: str
    body: bytes
    fetched_at: datetime | None = None
    listed: str = ""

    @property
    def charset(self) -> str | None:
        """The charset that the header declares."""
        return declared_charset(self.content_type)


class _Facts(TypedDict):
    url: str
    content_type: str
    expected: dict[str, Any]  # what `read_list` or `read_article` returned


class PageFacts(_Facts, total=False):
    """What `expected.json` says of a page. `fetched_at`: ISO 8601; `listed`: the title in the site's list."""

    fetched_at: str
    listed: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is no longer read as recorded; both values are as JSON gives them."""

    page: str
    field: str
    recorded: Any
    now: Any


def is_frozen(slug: str, folder: Path = FROZEN) -> bool:
    """Tell whether a site has frozen pages."""
    names = (*(f"{name}.html.gz" for name in PAGES), "expected.json")
    return all((folder / slug / name).is_file() for name in names)


def facts(slug: str, folder: Path = FROZEN) -> dict[str, PageFacts]:
    """Return the content of `expected.json`: what it says of `listing` and of `article`. Raises BadFrozenPages."""
    path = folder / slug / "expected.json"
    try:
        stated: dict[str, PageFacts] = json.loads(path.read_text(encoding="utf-8"))
        whole = all({"url", "content_type", "expected"} <= set(stated[name]) for name in PAGES)
    except (ValueError, TypeError, KeyError) as error:
        raise BadFrozenPages(path, f"{type(error).__name__}: {error}") from None
    if not whole:
        raise BadFrozenPages(path, "it lacks what it should say of listing and article")
    return stated


def load(slug: str, name: str, folder: Path = FROZEN) -> Page:
    """Return a site's frozen `listing` or `article`. Raises BadFrozenPages."""
    stated = facts(slug, folder)[name]
    path = folder / slug / f"{name}.html.gz"
    try:
        body = gzip.decompress(path.read_bytes())
        fetched = stated.get("fetched_at")
        at = datetime.fromisoformat(fetched) if fetched else None
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadFrozenPages(path, str(error)) from None
    return Page(stated["url"], stated["content_type"], body, at, stated.get("listed", ""))


def read_list(spider: type[PortalSpider], page: Page) -> dict[str, Any]:
    """Return what the spider reads in a list, as JSON-ready facts."""
    response = HtmlResponse(page.url, body=page.body, headers={"Content-Type": page.content_type})
    found = ListReader(spider.platform, spider.hosts_with_www()).read(response)
    listing = found if isinstance(found, Listing) else Listing()
    return {
        "items": listing.item_count,
        "articles": [[url, listed.title, listed.date] for url, listed in listing.entries],
        "pages": {f"{name}={number}": url for (name, number), url in listing.pages.items()},
        "links": listing.links,
    }


def read_article(spider: type[PortalSpider], page: Page) -> dict[str, Any]:
    """Return what the pipelines read in an article's page, as JSON-ready facts."""
    layout = spider.platform.layout_at(page.fetched_at)
    article = isolate(page.body, page.url, layout=layout, charset=page.charset, listed=page.listed)
    apply_publication(article, page.fetched_at or _FETCHED)
    return {key: value for key, value in article.to_dict().items() if key != "date_candidates"}


_READERS = {"listing": read_list, "article": read_article}


def write(spider: type[PortalSpider], listing: Page, article: Page, folder: Path = FROZEN) -> Path:
    """Freeze the two pages with what is read in them now; returns the site's folder."""
    place = folder / str(spider.name)
    stated: dict[str, dict[str, Any]] = {}
    for name, page in (("listing", listing), ("article", article)):
        write_whole(place / f"{name}.html.gz", gzip.compress(page.body, 9, mtime=0))
        facts = stated[name] = {"url": page.url, "content_type": page.content_type}
        if page.fetched_at:
            facts["fetched_at"] = page.fetched_at.isoformat(timespec="seconds")
        if page.listed:
            facts["listed"] = page.listed
        facts["expected"] = _READERS[name](spider, page)
    text = json.dumps(stated, ensure_ascii=False, indent=2) + "\n"
    write_whole(place / "expected.json", text.encode("utf-8"))
    return place


def update(spider: type[PortalSpider], folder: Path = FROZEN) -> Path:
    """Record again what is read in a site's frozen pages."""
    slug = str(spider.name)
    return write(spider, load(slug, "listing", folder), load(slug, "article", folder), folder)


def differences(spider: type[PortalSpider], folder: Path = FROZEN) -> Iterator[Difference]:
    """Yield every field of a site's frozen pages that is no longer read as recorded."""
    slug = str(spider.name)
    for name in PAGES:
        recorded = facts(slug, folder)[name]["expected"]
        now = json.loads(json.dumps(_READERS[name](spider, load(slug, name, folder))))
        for field in dict.fromkeys((*recorded, *now)):
            if recorded.get(field) != now.get(field):
                yield Difference(name, field, recorded.get(field), now.get(field))

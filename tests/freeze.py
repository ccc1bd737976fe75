"""Frozen pages: one list and one article of every site, with what the spider and the pipeline make of them.

`python -m tests.freeze` records them anew from the replica portals; look at the difference before you commit it.
"""

import gzip
import http.client
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse

from crawler.extraction import apply_publication, isolate
from crawler.registry import sites
from spiders.base import PortalSpider
from spiders.listing import read_listing

FROZEN = Path(__file__).parent / "frozen"
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
# Which of a site's pages are kept: the first section of its start pages beyond "/", or this one.
LISTINGS = {"hatinh_honglinh": "/portal/pages/tin-tuc.aspx"}


@dataclass(frozen=True)
class Page:
    """A page as it came: its URL, the Content-Type header, the body."""

    url: str
    content_type: str
    body: bytes

    @property
    def charset(self) -> str | None:
        return self.content_type.partition("charset=")[2].split(";")[0].split(",")[0].strip() or None


def load(slug: str, name: str) -> Page:
    folder = FROZEN / slug
    facts = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[name]
    return Page(facts["url"], facts["content_type"], gzip.decompress((folder / f"{name}.html.gz").read_bytes()))


def read_list(spider: type[PortalSpider], page: Page) -> dict:
    """What the spider sees in a list."""
    response = HtmlResponse(page.url, body=page.body, headers={"Content-Type": page.content_type})
    listing = read_listing(response, spider.platform, {spider.host, *spider.other_hosts})
    return {
        "items": listing.item_count,
        "articles": [[url, told.title, told.date] for url, told in listing.entries],
        "pages": {f"{name}={number}": url for (name, number), url in listing.pages.items()},
        "links": listing.links,
    }


def read_article(spider: type[PortalSpider], page: Page) -> dict:
    """What the pipeline makes of an article's page."""
    article = isolate(page.body, page.url, layout=spider.platform.layout, charset=page.charset)
    apply_publication(article, FETCHED)
    return {key: value for key, value in article.to_dict().items() if key != "date_candidates"}


def record() -> None:
    """Write the frozen pages and what is made of them today."""
    from tests.portals.server import PortalServer

    with PortalServer() as portals:
        for slug, spider in sites().items():
            if not (Path(__file__).parent / "portals" / "expected" / f"{slug}.json").is_file():
                print(f"{slug} has no replica: record its pages with tests.freeze.write")
                continue
            path = LISTINGS.get(slug) or next(page for page in spider.start_pages if page != "/")
            listing = fetch(portals.port, f"{spider.scheme}://{spider.host}{path}")
            first = read_list(spider, listing)["articles"][0][0]
            write(spider, listing, fetch(portals.port, first))


def write(spider: type[PortalSpider], listing: Page, article: Page) -> None:
    folder = FROZEN / spider.name
    folder.mkdir(parents=True, exist_ok=True)
    facts = {}
    for name, page, read in (("listing", listing, read_list), ("article", article, read_article)):
        (folder / f"{name}.html.gz").write_bytes(gzip.compress(page.body, 9, mtime=0))
        facts[name] = {"url": page.url, "content_type": page.content_type, "expected": read(spider, page)}
    text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    (folder / "expected.json").write_text(text, encoding="utf-8")


def fetch(port: int, url: str) -> Page:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme})
    answer = connection.getresponse()
    if answer.status in (301, 302):
        return fetch(port, answer.headers["Location"])
    return Page(url, answer.headers["Content-Type"], answer.read())


if __name__ == "__main__":
    record()

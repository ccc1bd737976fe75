"""Pages, lists and feeds: whatever a server sends in the place of one."""

import json
from datetime import UTC, datetime
from functools import cache

from scrapy import Request
from scrapy.http import Headers, Response, TextResponse
from scrapy.responsetypes import responsetypes

from crawler.extraction import Article, extract_article
from crawler.extraction.layout import Layout
from crawler.pipelines.stages import complete_dates
from crawler.run.items import Listed, PageItem
from crawler.text import normalize
from spiders.fingerprint import GENERIC, platforms
from spiders.lists.address_shapes import Learnt
from spiders.lists.feeds import read_json
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.reader import ListReader
from spiders.platforms import layout_named
from tests.fuzz import made_seeds
from tests.fuzz.target import Target, chosen, is_date, must, sound

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOST = "mot.test"
_CHARSETS = (None, None, None, "utf-8", "windows-1258", "utf-16", "iso-8859-1", "bogus", "x-user-defined", "\x00")
_URLS = (
    f"http://{HOST}/tin/hop-to-dan-pho-12345.html", f"https://{HOST}/2023/12/08/hop", "", "http://[::1",
    f"http://{HOST}:99999/",
    f"http://{HOST}/tin?id=31&d=2023-02-31", "không phải url", f"http://{HOST}/%00%ff",
)  # fmt: skip
_TYPES = (
    "text/html; charset=utf-8", "text/html", "text/html; charset=windows-1258", "text/html; charset=bogus",
    "application/xml",
    "text/xml; charset=utf-16", "application/json", "application/rss+xml", "text/plain", "application/octet-stream",
    "", "x",
)  # fmt: skip
_PATHS = (
    "/",
    "/tin-tuc",
    "/tin-tuc?page=2",
    "/feed",
    "/sitemap.xml",
    "/wp-json/wp/v2/posts?page=1",
    "/tin/hop-12345.html",
    "/;a=b?x#y",
)


@cache
def _layouts() -> tuple[Layout | None, ...]:
    return (None, None, None, *(layout_named(name) for name in sorted(platforms())))


def read_page(data: bytes) -> None:
    """A page gives an article or a reason, and what it gives can be stored."""
    url, charset, layout = chosen(data, _URLS, b"u"), chosen(data, _CHARSETS, b"c"), chosen(data, _layouts(), b"l")
    article = extract_article(data, url, platform=layout, charset=charset, fetched_at=NOW)
    check_article(article)
    if article.reason is None:
        listed = Listed(date=chosen(data, ("", "12/3/2023", "hôm qua", "Fri, 08 Dec 2023 15:07:00 +0700"), b"d"))
        item = PageItem("x_mot", "1", url, data, layout, charset, NOW, listed)
        complete_dates(item, article)
        check_article(article)
        for event in item.event_dates:
            must(is_date(event.iso) and event.raw in article.body, f"{event} is no date of the body")


def check_article(article: Article) -> None:
    """Raise Broken where it could not be stored as it is."""
    must(article.body == normalize(article.body), "the body is not in its normal form")
    must(not (article.reason and article.body), "there is a reason and a body")
    for name, value in article.to_dict().items():
        if isinstance(value, str):
            sound(value, name)
    if article.published_at:
        must(is_date(article.published_at), f"published_at is {article.published_at!r}")
        must(article.published_raw and article.published_from, "a date without its source")
    for file in (*article.attachments, *article.images):
        must(file.url.startswith(("http://", "https://")), f"a file at {file.url[:80]!r}")
        sound(file.url, "a file's address")
    sound(json.dumps(article.to_dict(), ensure_ascii=False), "the article as JSON")


def response(data: bytes, url: str, content_type: str, status: int = 200) -> Response:
    """The response as the crawl gets it: Scrapy chooses its class."""
    headers = Headers({"Content-Type": content_type})
    kind = responsetypes.from_args(headers=headers, url=url, body=data)
    request = Request(url, cb_kwargs={"page": ("", 1)})
    return kind(url, status=status, headers=headers, body=data, request=request)


def read_list(data: bytes) -> None:
    """A list gives entries on the site's own hosts, or is refused with a reason."""
    name = chosen(data, (GENERIC, GENERIC, *sorted(platforms())), b"p")
    learnt = Learnt() if name == GENERIC else None
    reader = ListReader(platforms()[name], {HOST}, learnt)
    for path in (chosen(data, _PATHS, b"a"), "/muc-khac?trang=1"):
        found = reader.read(response(data, f"http://{HOST}{path}", chosen(data, _TYPES, b"t")))
        must(isinstance(found, Listing | ArticleInstead | Refusal), f"a list is {type(found).__name__}")
        if isinstance(found, Listing):
            for url, listed in found.entries:
                must(url.startswith((f"http://{HOST}", f"https://{HOST}")), f"an entry at {url[:80]!r}")
                for text in (url, listed.title, listed.date, listed.summary):
                    sound(text, "an entry")
            for url in (*found.links, *found.pages.values()):
                must(HOST in url, f"a page of the list at {url[:80]!r}")
                sound(url, "a page of the list")


def read_feed(data: bytes) -> None:
    """A feed, a sitemap or an answer of an API gives entries with addresses, or nothing."""
    came = response(data, f"http://{HOST}{chosen(data, _PATHS, b'a')}", chosen(data, _TYPES, b"t"))
    if not isinstance(came, TextResponse):
        came = TextResponse(came.url, body=data)
    feeds = [platforms()[name].read_data(came) for name in (GENERIC, chosen(data, sorted(platforms()), b"p"))]
    read_json(came)
    for feed in feeds:
        if feed is None:
            continue
        for url, listed in feed.entries:
            must(url.startswith("http"), f"an entry at {url[:80]!r}")
            for text in (url, listed.title, listed.date, listed.summary):
                sound(text, "an entry")
        for url in (*feed.children, *feed.pages.values()):
            must(url.startswith("http"), f"a further page at {url[:80]!r}")


PAGES = Target(
    "pages", "html",
    "an article or a reason; text in NFC without control characters, dates that are dates, files at http(s)",
    made_seeds.pages, read_page,
)  # fmt: skip
LISTS = Target(
    "lists", "html", "entries and pages on the site's own hosts, an article in its place, or a refusal with a reason",
    lambda: [*made_seeds.lists(), *made_seeds.feeds()], read_list,
)  # fmt: skip
FEEDS = Target(
    "feeds", "xml", "entries with addresses, or none; nothing is fetched or expanded", made_seeds.feeds, read_feed
)

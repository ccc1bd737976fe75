"""A site of unknown make: lists, pager and articles are found by structure.

Entries of a list are found by spiders.lists.entries, its further pages by spiders.lists.pager;
spiders.lists.address_shapes keeps what a crawl has learnt of the site. Feeds are asked for where pages name them and
where they usually are, sitemaps too. Articles are read without a layout. A site's file may state `article_urls`, the
shape of its articles' addresses; then every link of that shape is an article, wherever it stands.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import TextResponse

from crawler import urls
from crawler.run.items import Listed
from crawler.text import fold
from spiders.base import PortalSpider
from spiders.lists.address_shapes import Learnt
from spiders.lists.entries import entries
from spiders.lists.pager import find_turns
from spiders.platform import Platform, Told

LAYOUT = None

# Parts of a path that name what is no article, wherever they stand; "page" and "trang" only where they come first.
_NO_ARTICLE = re.compile(
    r"/(?:category|chuyen-?muc|danh-?muc|danh-?sach|tags?|author|search|tim-?kiem|feed|rss|sitemap|contact|lien-?he|"
    r"login|dang-?nhap|user|gioi-?thieu|so-?do)(?:/|\.\w+$|$)|^/(?:page|trang)/\d+/?$",
    re.IGNORECASE,
)
_ID = re.compile(r"\w*id\w*|tc|nid|n|tin|news|bai|baiviet|article|post|item|key|code|slug", re.IGNORECASE)
# Parameters that say where an article is shown, not which it is.
_PLACE = re.compile(
    r"(?:\w*(?:cat|menu|mn|tab|site|group|parent|module|chuyenmuc|section|cm|lang)\w*|m)_?ids?|id_?(?:cat|menu|site)\w*|mid",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"lang|language|ngon-?ngu|culture|print|in|font-?size|device|mobile|return-?url|ref|_afr\w+|_adf\w+", re.IGNORECASE
)
# Titles of lists that hold no news.
_NO_NEWS = re.compile(
    r"gioi thieu|co cau|bo may|chuc nang|lich su|lien he|ban do|danh ba|so do|hoi dap|thu tuc|tim kiem"
)
_FEEDS = "//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom')]/@href"
_MOST_FEEDS = 3


@dataclass(frozen=True)
class Generic(Platform):
    """Knows entries by their structure. `learnt`: what the crawl knows of the site; None: each page stands alone."""

    learnt: Learnt | None = field(default=None, compare=False)

    def unlearnt(self) -> Learnt:
        """Return what is known of a site before its first page."""
        return Learnt(self.articles[0] if self.articles else None)

    def read_items(self, response: TextResponse) -> list[Told]:
        """Return the entries of the page's lists."""
        here = _site(response.url)
        base = response.urljoin(response.xpath("//base/@href").get() or "")

        def resolve(href: str) -> str | None:
            url = urls.absolute(base, href)
            return url if url and _site(url) == here and self.is_followed(url) else None

        learnt = self.learnt or self.unlearnt()
        found = entries(response.selector.root, response.url, learnt, resolve, self.identity)
        return [Told(entry.href, entry.title, entry.date) for entry in found]

    def identity(self, url: str) -> str | None:
        """Return the address without scheme, host and what only says how or where it is shown; None for a home page, a
        pager or a list by its name."""
        if self.articles and (stated := super().identity(url)):
            return stated
        parts = urlsplit(urls.without_locale(url))
        path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/")
        pairs = _told_pairs(parts.query)
        names = [pair for pair in pairs if _ID.fullmatch(name := pair.split("=", 1)[0]) and not _PLACE.fullmatch(name)]
        if self.page(url) or _NO_ARTICLE.search(path) or not (path or pairs):
            return None
        return f"{path}?{'&'.join(sorted(names or pairs))}".rstrip("?").lstrip("/")

    def canonical(self, url: str) -> str:
        """Return `url` without parameters that say in which form it is shown."""
        bare, query = urls.without_query(url), "&".join(_told_pairs(urlsplit(url).query))
        return f"{bare}?{query}" if query else bare

    def names_list(self, url: str) -> bool:
        """Tell whether a link may lead to a list: anything that is neither an article by its shape nor a pager's."""
        known = self.learnt
        if known and known.is_page(url):
            return False
        return self.page(url) is None and not (
            known and (known.tells(url) or (url in known.headlines and known.fits(url)))
        )

    def _list_names(self, url: str) -> list[str]:
        pairs = sorted(_told_pairs(urlsplit(url).query))
        return [pair for pair in pairs if not self.page_parameter.fullmatch(pair.split("=", 1)[0])]

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the pages that the pager's numbers or its "next" lead to."""
        found = {
            self.page(url) or ("", number): url
            for number, url in find_turns(response, _number(response)).pages.items()
            if self.is_followed(url) and _site(url) == _site(response.url)
        }
        if self.learnt is not None:
            for url in found.values():
                self.learnt.note_page(response.url, url)
        return found

    def is_cut(self, response: TextResponse) -> bool:
        """Tell whether the list goes on where no address leads."""
        return find_turns(response, _number(response)).stuck

    def is_unsure(self, url: str, listed: Listed) -> bool:
        """Tell whether a page needs a date of its own: one that a sitemap names, or where other entries show one."""
        if listed.date or self.learnt is None or (not listed.title and self.learnt.tells(url)):
            return False
        return not listed.title or self.learnt.dated or _NO_NEWS.match(fold(listed.section)) is not None

    def feeds(self, response: TextResponse) -> list[str]:
        """Return the feeds that a page names."""
        found = (urls.absolute(response.url, href) for href in response.xpath(_FEEDS).getall())
        return [url for url in dict.fromkeys(found) if url and "comment" not in url][:_MOST_FEEDS]


def _site(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _told_pairs(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not _VIEW.fullmatch(pair.split("=", 1)[0])]


def _number(response: TextResponse) -> int:
    """Which page of its list a response is, as it was asked for."""
    arguments = response.request.cb_kwargs if response.request else {}
    return int(arguments.get("page", ("", 1))[1])


PLATFORM = Generic(
    name="generic",
    layout=None,
    articles=(),
    items="",
    page_parameter=re.compile(
        r"(?:\w+_)?(?:page|paged|page_?index|page_?no|page_?num(?:ber)?|cur|cur_?page|current_?page|trang|start|pg)",
        re.IGNORECASE,
    ),
    page_path=re.compile(
        r"(?P<page>(?:/p|[/-]page[/-]?|[/-]trang-)(?P<number>\d+))(?=/$|\.html?$|\.aspx$|$)", re.IGNORECASE
    ),
    items_only=True,
    discovery=("/sitemap.xml", "/rss.xml", "/feed/"),
    never=re.compile(
        r"/(?:trang-in|ban-in|in-bai(?:-viet|-nay)?|in-tin|in)(?:[/.]|-\d|$)|/\w*print\w*(?:[/.?]|$)|=print\b|"
        r"[?&](?:lang|language|ngon-?ngu|culture)=(?!vi)|[?&](?:print|in|tmpl|format|sort|order|orderby)=|"
        r"[?&](?:q|keyword|tu-?khoa|tags?|search|query|tuan|week)=|/(?:search|tim-?kiem)\w*(?:[/.?]|$)|"
        r"/(?:wp-)?(?:login|log-in|logout|register|author)(?:[/.?]|$)|=(?:login|register|dang-?nhap|dang-?ky)\b|"
        r"[?&]_(?:afr|adf)\w*=|/(?:sitemap|so-do|so-do-cong|tags?|tu-khoa)(?:[/.?]|$)|"
        r"/(?:calendar|lich(?:-(?:cong-tac|tuan|tiep-dan|lam-viec|thang))*)(?:[/.?]|$)|"
        r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])(?:/\d{1,2})?/?$",
        re.IGNORECASE,
    ),
)  # fmt: skip


def learning(platform: Platform) -> Platform:
    """Return a platform that learns of one site while its pages are read; one that learns nothing, as it is."""
    return replace(platform, learnt=platform.unlearnt()) if isinstance(platform, Generic) else platform


class GenericSpider(PortalSpider):
    """A site of unknown make. `article_urls`: a pattern with a group `id`, where the addresses have a shape."""

    platform: Generic = PLATFORM
    article_urls: ClassVar[str | None] = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._learnt = self.platform.unlearnt()
        self.platform = replace(self.platform, learnt=self._learnt)
        self._bare: dict[str, Listed] = {}  # addresses of which nothing else is known: they wait for the lists

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "GenericSpider":
        """Build the spider; when it has nothing more to do, it looks at the bare addresses of sitemaps."""
        spider: GenericSpider = super().from_crawler(crawler, *args, **kwargs)  # type: ignore[assignment]
        crawler.signals.connect(spider.look_at_bare, signal=signals.spider_idle)
        return spider

    def _offer(self, entries: list[tuple[str, Listed]]) -> Iterator[Request]:
        told = [(url, listed) for url, listed in entries if listed.title or listed.date]
        self._bare |= {url: listed for url, listed in entries if not (listed.title or listed.date)}
        yield from super()._offer(told)

    def look_at_bare(self) -> None:
        """Ask for those bare addresses that are like the articles', and neither a list's nor in a menu."""
        known, waiting = self._learnt, self._bare
        self._bare = {}
        fit = [
            (url, listed)
            for url, listed in waiting.items()
            if url not in known.menus and not self._is_section(url) and (not known.articles or known.fits(url))
        ]
        requests = list(super()._offer(fit))
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.article_urls:
            cls.platform = replace(PLATFORM, articles=(re.compile(cls.article_urls),))

"""A site on an unknown platform: lists, pagers and articles are found by structure.

`spiders.lists.entries` finds the entries of a list, `spiders.lists.pager` its further pages;
`spiders.lists.address_shapes` keeps what a crawl has learnt of the site. Feeds are asked for where pages name them, and
like sitemaps under their usual addresses. Articles are read without a layout. A site's file may state `article_urls`, a
pattern of its articles' addresses; then every link that matches it is an article, wherever it is found.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Self
from urllib.parse import unquote, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import TextResponse

from crawler import urls
from crawler.reasons import Reason
from crawler.run.items import Listed
from crawler.text import fold
from spiders.base import PortalSpider
from spiders.lists import feed_links
from spiders.lists.address_shapes import Learnt
from spiders.lists.entries import entries
from spiders.lists.pager import find_pages
from spiders.lists.procedures import is_procedure, may_be_procedure
from spiders.lists.responses import base_of
from spiders.platform import ListItem, Platform

LAYOUT = None

# Parts of a path that no article has: anywhere in it, but "page" and "trang" only at its beginning.
_NO_ARTICLE = re.compile(
    r"/(?:categor(?:y|ies)|chuyen-?muc|danh-?muc|danh-?sach|tags?|authors?|search|tim-?kiem|feeds?|rss|sitemap|contact|"
    r"lien-?he|login|dang-?nhap|users?|gioi-?thieu|so-?do"
    r"|tac-?gia)(?:/|\.\w+$|$)|^/(?:page|trang)/\d+/?$"
    r"|/(?:about(?:-us)?|ve-chung-toi|archives?|luu-tru|the-loai|topics?|labels?)(?:\.\w+)?/?$",
    re.IGNORECASE,
)
_ID = re.compile(r"\w*id\w*|tc|nid|n|tin|news|bai|baiviet|article|post|item|key|code|slug", re.IGNORECASE)
# Parameters that say where an article is shown, not which it is.
_PLACE = re.compile(
    r"(?:\w*(?:cat|menu|mn|tab|site|group|parent|module|chuyenmuc|section|cm|lang)\w*|m)_?ids?|id_?(?:cat|menu|site)\w*|mid",
    re.IGNORECASE,
)
# Parameters that say what kind of page is shown, where all have one path: categories and articles count separately.
_KIND_OF_PAGE = re.compile(
    r"mod(?:ule)?|view|op(?:tion)?|act(?:ion)?|do|task|func(?:tion)?|nv|ctl|control(?:ler)?|app|com(?:ponent)?|type|page|p|go|file",
    re.IGNORECASE,
)
_DEFAULT_PAGE = re.compile(r"(?<=/)(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_VIEW = re.compile(
    r"lang|language|ngon-?ngu|culture|print|in|font-?size|device|mobile|return-?url|ref|_afr\w+|_adf\w+", re.IGNORECASE
)
# Titles of lists without news.
_NO_NEWS = re.compile(
    r"gioi thieu|co cau|bo may|chuc nang|lich su|lien he|ban do|danh ba|so do|hoi dap|thu tuc|tim kiem"
)
_FEED_DEPTH = 2  # clicks from a start page: no links are followed from there


class Generic(Platform):
    """Recognises entries by their structure, and by what earlier pages of the site have taught.

    Where `learnt` is None, a page is read as if it were the first and only one.
    """

    def fresh_learnt(self) -> Learnt:
        """Return what is known of a site before its first page is read: the pattern that its file may state."""
        return Learnt(self.articles[0] if self.articles else None)

    def read_items(self, response: TextResponse, learnt: Learnt | None) -> list[ListItem]:
        """Return the entries of the page's lists."""
        here = _site(response.url)
        base = base_of(response)
        sessions = learnt.sessions if learnt else ()

        def resolve(href: str) -> str | None:
            url = urls.without_parameters(urls.absolute(base, href) or "", sessions)
            return url if url and _site(url) == here and self.is_followed(url) else None

        found = entries(response.selector.root, response.url, learnt or self.fresh_learnt(), resolve, self.identity)
        return [ListItem(entry.href, entry.title, entry.date, entry.summary) for entry in found]

    def identity(self, url: str) -> str | None:
        """Return the address without scheme and host, `index.php/` and `index.html`, and without parameters that only
        say how or where the page is shown; None for a home page, a further page of a list, a procedure, and an address
        that is named like a list's."""
        if self.articles and (stated := super().identity(url)):
            return stated
        if is_procedure(url):
            return None
        parts = urlsplit(urls.without_locale(url))
        path = _DEFAULT_PAGE.sub(
            "", unicodedata.normalize("NFC", unquote(parts.path)).removeprefix("/index.php")
        ).rstrip("/")
        pairs = _essential_pairs(parts.query)
        names = [pair for pair in pairs if _ID.fullmatch(name := pair.split("=", 1)[0]) and not _PLACE.fullmatch(name)]
        inner = path + "".join(pairs[:1]) if pairs and pairs[0].startswith("/") else path  # index.php?/muc/bai.html
        if self.page(url) or _NO_ARTICLE.search(unquote(inner)) or not (path or pairs):
            return None
        if names:
            names += [pair for pair in pairs if _says_kind(pair)]
        return f"{path}?{'&'.join(sorted(set(names or pairs)))}".rstrip("?").lstrip("/")

    def is_followed(self, url: str) -> bool:
        """Return whether a link may be followed at all: one to a procedure or a form leads to no news."""
        return super().is_followed(url) and not is_procedure(url)

    def canonical(self, url: str) -> str:
        """Return `url` without parameters that only say how the page is shown."""
        bare, query = urls.without_query(url), "&".join(_essential_pairs(urlsplit(url).query))
        return f"{bare}?{query}" if query else bare

    def may_be_list(self, url: str, learnt: Learnt | None) -> bool:
        """Return whether a link may lead to a list: its address is neither like an article's nor that of a further
        page."""
        if self.page(url) is not None or (learnt and learnt.is_further_page(url)):
            return False
        is_article = learnt and (
            learnt.is_article_shape(url) or (url in learnt.headlines and learnt.may_be_article(url))
        )
        return not is_article

    def _list_pairs(self, url: str) -> list[str]:
        pairs = sorted(_essential_pairs(urlsplit(url).query))
        return [pair for pair in pairs if not self.page_parameter.fullmatch(pair.split("=", 1)[0])]

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the pages that the pager's numbers or its "next" lead to."""
        return {
            self.page(url) or ("", number): url
            for number, url in find_pages(response, _number(response)).pages.items()
            if self.is_followed(url) and _site(url) == _site(response.url)
        }

    def goes_on_by_script(self, response: TextResponse) -> bool:
        """Return whether the pager names further pages that no address leads to."""
        return find_pages(response, _number(response)).by_script

    def is_unsure(self, url: str, listed: Listed, learnt: Learnt | None) -> bool:
        """Return whether a page must show a date: only a sitemap names it, it stands among procedures, or its list
        shows none and others do."""
        if not listed.date and may_be_procedure(url):
            return True
        if listed.date or learnt is None:
            return False
        if not listed.title and (learnt.is_article_shape(url) or learnt.is_among_dated(url)):
            return False
        if not listed.title or self.identity(url) in learnt.unsure or _NO_NEWS.match(fold(listed.section)):
            return True
        return learnt.dated and not learnt.is_among_dated(url)

    def feeds(self, response: TextResponse) -> list[str]:
        """Return the feeds that a page names."""
        return feed_links.named_by(response)


def _forms(url: str) -> tuple[str, str]:
    """An address with and without `www.`."""
    bare = url.replace("://www.", "://", 1)
    return bare, bare.replace("://", "://www.", 1)


def _site(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _essential_pairs(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not _VIEW.fullmatch(pair.split("=", 1)[0])]


def _says_kind(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return _KIND_OF_PAGE.fullmatch(name) is not None and not value.isdigit()


def _number(response: TextResponse) -> int:
    """The number of the page, in its list, that was asked for."""
    arguments = response.request.cb_kwargs if response.request else {}
    return int(arguments.get("page", ("", 1))[1])


PLATFORM = Generic(
    name="generic",
    layout=None,
    articles=(),
    items="",
    page_parameter=re.compile(
        r"(?:\w+_)?(?:page|paged|page_?index|page_?no|page_?num(?:ber)?|cur|cur_?page|current_?page|trang|start|limitstart|offset|pg)",
        re.IGNORECASE,
    ),
    page_path=re.compile(
        r"(?P<page>(?:/p|[/-]page[/-]?|[/-]trang-|;page=)(?P<number>\d+))(?=/$|\.html?$|\.aspx$|$)", re.IGNORECASE
    ),
    items_only=True,
    believes_canonical=True,
    discovery=("/sitemap.xml", "/rss.xml", "/feed/"),
    guesses=True,
    never=re.compile(
        r"/(?:trang-in|ban-in|in-bai(?:-viet|-nay)?|in-tin|in)(?:[/.]|-\d|$)|/\w*print\w*(?:[/.?]|$)|=print\b|"
        r"[?&](?:lang|language|ngon-?ngu|culture)=(?!vi)|[?&](?:print|in|tmpl|format|sort|order|orderby)=|"
        r"[?&]replytocom=|[?&](?:q|keyword|tu-?khoa|tags?|search|query|tuan|week|authors?|tac-?gia)=|"
        r"/(?:search|tim-?kiem)\w*(?:[/.?]|$)|"
        r"/(?:wp-)?(?:login|log-in|logout|register|author)(?:[/.?]|$)|=(?:login|register|dang-?nhap|dang-?ky)\b|"
        r"[?&]_(?:afr|adf)\w*=|/(?:sitemap|so-do|so-do-cong|tags?|tu-khoa)(?:[/.?]|$)|"
        r"/(?:calendar|lich(?:-(?:cong-tac|tuan|tiep-dan|lam-viec|thang))*)(?:[/.?]|$)|"
        r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])(?:/\d{1,2})?/?$",
        re.IGNORECASE,
    ),
)  # fmt: skip


class GenericSpider(PortalSpider):
    """A site on an unknown platform. `article_urls`: a pattern of its articles' addresses, with a group `id`.

    Where a run finds another platform, what this class adds does nothing any more.
    """

    platform: Platform = PLATFORM
    article_urls: ClassVar[str | None] = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._bare: dict[str, Listed] = {}  # addresses of which nothing else is known: they wait for the lists

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; when it has nothing more to do, it looks at the bare addresses of sitemaps."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look_at_bare, signal=signals.spider_idle)
        return spider

    def _offer(self, entries: list[tuple[str, Listed]]) -> Iterator[Request]:
        if not isinstance(self.platform, Generic):
            yield from super()._offer(entries)
            return
        described = [(url, listed) for url, listed in entries if listed.title or listed.date]
        self._bare |= {url: listed for url, listed in entries if not (listed.title or listed.date)}
        yield from super()._offer(described)

    def look_at_bare(self) -> None:
        """Ask for the sitemaps that robots.txt names; after them for those bare addresses that look like articles',
        unless they are lists' or in a menu."""
        if not isinstance(self.platform, Generic):
            return
        if self._ask_for(list(self._named_by_robots())):
            raise DontCloseSpider
        learnt, waiting = self.reader.learnt or Learnt(), self._bare
        self._bare = {}
        fit = [
            (url, listed)
            for url, listed in waiting.items()
            if url not in learnt.menus
            and url not in self.sections
            and (not learnt.articles or learnt.may_be_article(url))
        ]
        if self._ask_for([*super()._offer(fit), *self._go_on()]):
            raise DontCloseSpider

    def _named_by_robots(self) -> Iterator[Request]:
        named, self.robots_sitemaps = self.robots_sitemaps, ()
        if self.frontier.allowance <= 0:
            return
        for url in self.addresses_of(dict.fromkeys(named)):
            if urls.host(url) not in self.allowed_domains:
                self.report.skipped(url, Reason.OFFSITE, "a sitemap that robots.txt names", kind="section")
            elif not any(form in self.sections for form in _forms(url)):
                self.agenda.add(url, _FEED_DEPTH, spare=True)
        yield from self._go_on()

    def _ask_for(self, requests: list[Request]) -> bool:
        for request in requests:
            self.crawler.engine.crawl(request)
        return bool(requests)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.article_urls:
            cls.platform = replace(PLATFORM, articles=(re.compile(cls.article_urls),))

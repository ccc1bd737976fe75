"""NukeViet 4: wards of Tây Ninh, many unions and schools. Checked against 4.5.05 (`docs/platforms/nukeviet.md`).

Articles are `/<category>/<alias>-<number>.html` by default, `/<language>/<module>/<category>/…` where several languages
are switched on. Pages of other modules look like the former, so such a link counts only in a list's entry. Offices'
themes change the outer classes, but rarely `#news-bodyhtml` and the itemprops.

Not reliable: `article:published_time` (malformed), the itemprop datePublished (the time of the last edit), the minutes
in feeds (the month is printed in their place). The server answers 429 to more than 40 requests a minute or 150 in five.
"""

import re

from scrapy.http import TextResponse

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.address_shapes import Learnt
from spiders.lists.feeds import Feed
from spiders.platform import Platform

LAYOUT = Layout(
    name="nukeviet",
    container=(
        f"//*[contains(@itemtype, 'NewsArticle')][.//*[@id='news-bodyhtml' or {has_class('bodytext')}]]",
        f"//*[{has_class('news_column')}][.//*[@id='news-bodyhtml']]",
        "//*[@id='news-bodyhtml']",
    ),
    body=(
        ".//*[@id='news-bodyhtml']",
        f".//*[{has_class('bodytext')}]",
        "self::*",
    ),
    title=(
        "//h1[@itemprop='headline']",
        f"//h1[{has_class('title')}]",
    ),
    summary=(
        f".//*[{has_class('hometext')}]",
        ".//*[@itemprop='description']",
    ),
    date=(f".//span[{has_class('h5')}] | .//em[{has_class('time')}]",),  # the itemprop is the last edit
    author=(f".//p[{class_like('text-right')}][contains(., 'Tác giả')]",),
    source=(f".//p[{class_like('text-right')}][contains(., 'Nguồn tin')]",),
    section=("//meta[@property='article:section']/@content",),
    attachments=(
        f"//*[{class_like('news-download-file')}]//a[@download]",
        f"//*[{class_like('news-download-file')}]//a",
    ),
    captions=(
        f"ancestor::*[@id='imgpreview']/figcaption | ancestor::*[{has_class('imghome')}]/em",
        f"following-sibling::*[{has_class('imgalt')}]",
    ),
    closed=(f"//*[{has_class('alert')}][contains(., 'không được phép xem')]",),
    drop=(
        ".//figure[following-sibling::*[@id='imgpreview']]",
        ".//a[@id='pop'][..//img[@id='imagepreview']]",
    ),
)  # fmt: skip

# The first segments of the paths of the modules that it is installed with, besides news.
_MODULES = (
    r"about|banners|comment|contact|content|feeds|freecontent|laws|menu|page|photos|seek|siteterms|statistics|"
    r"two-step-verification|users|videoclips|voting"
)


class NukeViet(Platform):
    """Minutes in its feeds are wrong; a path of two segments may belong to another module."""

    def read_data(self, response: TextResponse) -> Feed | None:
        """Read a feed or sitemap, with dates to the day."""
        feed = super().read_data(response)
        for _, listed in feed.entries if feed else ():
            listed.date = listed.date[:10]
        return feed

    def is_article(self, url: str, *, in_entry: bool) -> bool:
        """Return whether a link counts as an article's: one with a category alone in its path only in an entry."""
        return super().is_article(url, in_entry=in_entry) and (in_entry or not _SHORT.search(urls.without_locale(url)))

    def may_be_list(self, url: str, learnt: Learnt | None) -> bool:
        """Return whether a link may lead to a list: an article's address never does, wherever the link is found."""
        return self.identity(url) is None and super().may_be_list(url, learnt)


_SHORT = re.compile(rf"^https?://[^/]+/(?!(?:{_MODULES})/)[^/?]+/(?!page-\d)(?P<id>[^/?]+-\d+)\.html$")

PLATFORM = NukeViet(
    name="nukeviet",
    layout=LAYOUT,
    articles=(
        re.compile(
            rf"^https?://[^/]+(?:/index\.php)?/(?!(?:{_MODULES})/)[^/?]+/[^/?]+/(?!page-\d)(?P<id>[^/?]+-\d+)(?:\.html|/)?$"
        ),
        _SHORT,
        re.compile(r"[?&]op=[^&/]+/(?:[^&]*/)?(?P<id>[^&/]*-\d+)(?:\.html)?(?:&|$)"),
    ),
    items=(
        f"//*[{has_class('news_column')}]//*[self::h2 or self::h3 or self::h4]/a[@href]"
        f" | //a[@href][{has_class('show')}] | //ul[{class_like('related')}]/li//a[@href]"
    ),
    item_title="self::a",
    page_path=re.compile(r"(?P<page>/page-(?P<number>\d+))/?$"),
    identity_parameters=re.compile(r"nv|op"),
    discovery=("/sitemap.xml", "/news/rss/"),
    sitemaps=re.compile(r"sitemap(?:-[a-z]{2})?(?:[.-](?:news|tin[\w-]*))?\.xml", re.IGNORECASE),
    never=re.compile(
        r"/(?:savefile|print|sendmail|rating|users|search|seek|tag|groups|rss|author|content|comment|feeds)(?:/|$)"
        r"|[?&]op=(?:savefile|print|sendmail|search)|[?&]nv=(?:users|seek|statistics|comment)|[?&](?:download|pdf)=1"
        r"|[?&]nvvithemever=",
        re.IGNORECASE,
    ),
    pause=2.1,
)  # fmt: skip

FINGERPRINT = (
    seen("generator", r"^\s*NukeViet\b", 5, "the generator NukeViet"),
    seen("markup", r"\bnv_base_siteurl\b|\bnv_lang_data\b|\bnv_module_name\b", 5, "the script variables nv_…"),
    seen("header", r"^set-cookie: (?:.*, *)?nv\d", 3, "cookies nv4…"),
    seen("markup", r"\bid=[\"']news-bodyhtml", 3, "an article's body with the id news-bodyhtml"),
    seen("markup", r"/uploads/news/\d{4}_\d\d/", 1, "pictures under /uploads/news/<year>_<month>/"),
    seen("link", r"[?&]nv=news\b|/news/[^/]+/[^/]+-\d+\.html$", 1, "addresses /news/<category>/<alias>-<number>.html"),
)


class NukeVietSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

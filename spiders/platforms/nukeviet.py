"""NukeViet 4: `/<language>/<module>/<category>/<alias>-<number>.html`; wards of Tây Ninh, many unions and schools.

Names of classes and addresses are those of the public source's default theme; themes of offices change the outer
classes, rarely `#news-bodyhtml` and the itemprops. Its `article:published_time` is malformed and its feeds print the
month for the minutes, so of a feed's date only the day is kept. It answers 429 after forty requests a minute.
"""

import re

from scrapy.http import TextResponse

from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.feeds import Feed
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="nukeviet",
    container=(
        "//*[contains(@itemtype, 'NewsArticle')][.//*[@id='news-bodyhtml']]",
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
    date=(
        ".//*[@itemprop='datePublished']",
        f".//span[{has_class('h5')}]",
    ),
    author=(f".//p[{class_like('text-right')}][contains(., 'Tác giả')]",),
    source=(f".//p[{class_like('text-right')}][contains(., 'Nguồn tin')]",),
    attachments=(f"//*[{class_like('news-download-file')}]//a",),
)  # fmt: skip


class NukeViet(Platform):
    """Its feeds' minutes are wrong."""

    def read_data(self, response: TextResponse) -> Feed | None:
        """Read a feed or sitemap, with dates to the day."""
        feed = super().read_data(response)
        for _, listed in feed.entries if feed else ():
            listed.date = listed.date[:10]
        return feed


PLATFORM = NukeViet(
    name="nukeviet",
    layout=LAYOUT,
    articles=(
        re.compile(r"^https?://[^/]+(?:/index\.php)?/[^/?]+/[^/?]+/(?!page-\d)[^/?]+-(?P<id>\d+)(?:\.html|/)?$"),
        re.compile(r"[?&]op=[^&/]+/[^&]*-(?P<id>\d+)(?:\.html)?(?:&|$)"),
    ),
    items=(
        f"//*[{has_class('news_column')}][.//h2/a or .//h3/a]"
        f" | //*[{has_class('list-group')}]//a[{class_like('show')}]/.. | //ul[{class_like('related')}]/li"
    ),
    item_title=".//h2//a | .//h3//a | .//h4//a | self::li//a",
    page_path=re.compile(r"(?P<page>/page-(?P<number>\d+))/?$"),
    identity_parameters=re.compile(r"nv|op"),
    discovery=("/sitemap.xml", "/news/rss/"),
    sitemaps=re.compile(r"sitemap(?:-[a-z]{2})?(?:[.-](?:news|tin[\w-]*))?\.xml", re.IGNORECASE),
    never=re.compile(
        r"/(?:savefile|print|sendmail|rating|users|search|seek|tag|groups|rss|author)(?:/|$)|[?&]op=(?:savefile|print|sendmail|search)"
        r"|[?&]nv=(?:users|seek|statistics)",
        re.IGNORECASE,
    ),
)  # fmt: skip

FINGERPRINT = (
    seen("html", r"generator[\"'][^>]*NukeViet|NukeViet[^>]*generator", 5, "the generator NukeViet"),
    seen("html", r"\bnv_base_siteurl\b|\bnv_lang_data\b|\bnv_module_name\b", 5, "the script variables nv_…"),
    seen("header", r"^set-cookie: nv\d", 3, "cookies nv4…"),
    seen("html", r"news-bodyhtml", 3, "an article's body with the id news-bodyhtml"),
    seen("html", r"/uploads/news/\d{4}_\d\d/", 1, "pictures under /uploads/news/<year>_<month>/"),
    seen("link", r"[?&]nv=news\b|/news/[^/]+/[^/]+-\d+\.html$", 1, "addresses /news/<category>/<alias>-<number>.html"),
)


class NukeVietSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

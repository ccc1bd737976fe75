"""Hà Nội's and the Chính phủ family's CMS of 2025, body class `afcbc-body` (VCCorp).

A list's first page is HTML; further pages are fragments from `/api/NewsZone/NewsZone`, asked for by POST with values
that the first page states. No total is given: the list ends with a fragment without entries. Lists of the Chính phủ
family page as `/muc/trang-2.htm` instead. The number in an address is the time of creation, not of publication.
"""

import re

from scrapy.http import TextResponse

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.feeds import whole_number
from spiders.lists.forms import address_of, post_address, sent_fields
from spiders.platform import Platform

LAYOUT = Layout(
    name="hanoi_afcbc",
    container=(
        f"//*[{has_class('afcbc-body')}]",
        "//*[@data-role='content']",
    ),
    title=(
        "//h1[@data-role='title']",
        f"//h1[{has_class('detail-title')}]",
    ),
    summary=(
        "//*[@data-role='sapo']",
        f"//*[{has_class('detail-sapo')}]",
    ),
    date=(
        "//*[@data-role='publishdate']",
        f"//*[{has_class('detail-time')}]",
        f"//*[{has_class('news-info')}]//*[{has_class('time')}]",
    ),
    author=(f"//*[{class_like('detail-author-top-name')}]",),
    section=("//*[@data-role='cate-name']",),
    drop=(
        ".//*[@type='RelatedNewsBox']",
        f".//*[{class_like('kbwscwl-relatedbox')}]",
    ),
)  # fmt: skip

_ENDPOINT = "/api/NewsZone/NewsZone"
_PAGE_SIZE = "20"


class Afcbc(Platform):
    """Further pages of its lists are asked for by POST."""

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the address of the next fragment, with the Site, Catname and LanguageId that the page states."""
        fields = sent_fields(address_of(response)) or _stated(response)
        if not articles or not fields:
            return {}
        index = whole_number(fields.get("PageIndex")) + 1
        endpoint = urls.absolute(response.url, _ENDPOINT) or response.url
        return {("PageIndex", index + 1): post_address(endpoint, fields | {"PageIndex": str(index)})}


def _stated(response: TextResponse) -> dict[str, str]:
    """The list's own values, from hidden fields, data attributes or scripts; {} where one is missing."""
    fields = {"PageIndex": "0", "PageSize": _PAGE_SIZE}
    for name in ("Catname", "LanguageId", "Site"):
        lower = name.lower()
        shown = response.xpath(
            f"//input[@name='{name}' or @id='{name}' or @id='hd{name}']/@value | //@data-{lower} | //@data-{name}"
        ).get() or response.selector.re_first(rf"""['"]?\b{name}['"]?\s*[:=]\s*['"]([^'"]+)['"]""")
        if not shown:
            return {}
        fields[name] = shown
    return fields


PLATFORM = Afcbc(
    name="hanoi_afcbc",
    layout=LAYOUT,
    articles=(re.compile(r"-(?P<id>\d{14,21})\.htm$"),),
    items=(
        f"//*[{has_class('news-item', 'box-stream-item', 'box-item')}]"
        f"[not(.//*[{has_class('news-item', 'box-stream-item', 'box-item')}])]"
    ),
    item_title=".//a[contains(@href, '.htm')][normalize-space()]",
    item_date=f".//*[{class_like('news-time', 'box-time', 'time-ago')}]",
    page_path=re.compile(r"(?P<page>/trang-(?P<number>\d+))(?=\.htm$)"),
    never=re.compile(r"/(?:timelinetags|api|in-bai|print)/|\.rss$|/rss(?:\.htm)?$", re.IGNORECASE),
)

FINGERPRINT = (
    seen("markup", r"\bafcbc-body\b", 3, "an article's body of class afcbc-body"),
    seen("markup", r"/api/NewsZone/", 3, "the news API /api/NewsZone/NewsZone"),
    seen("link", r"-\d{15,21}\.htm$", 3, "addresses <slug>-<15 to 21 digits>.htm"),
    seen("markup", r"\badmwrapper\b|sclotusinnline", 3, "VCCorp's frame of a page"),
    seen("markup", r"VCSortableInPreviewMode|\bdata-role=[\"'](?:publishdate|cate-name|sapo)", 1, "its editor's marks"),
)  # fmt: skip


class AfcbcSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

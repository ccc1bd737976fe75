"""The portal with `UIArticle…` modules under `/DesktopModule/` (VNPT): Hải Phòng's wards, Ninh Bình, Cần Thơ, Sơn La.

Six scrapers agree on the selectors; no page was seen. The pager is a script: it sends a form to
`ArticleInMenuPagination.aspx/LoadArticle` with values from the page's scripts; the answer, page N, is a fragment.
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
    name="vnpt_uiarticle",
    container=(
        f"//*[{has_class('ArticleDetailControl')}][.//*[{has_class('ArticleContent')}]]",
        f"//*[{has_class('ArticleContent')}]",
    ),
    body=(
        f".//*[{has_class('ArticleContent')}]",
        "self::*",
    ),
    title=(f"//*[{has_class('ArticleHeader')}]",),
    summary=(f"//*[{has_class('ArticleSummary')}]",),
    date=(f"//*[{has_class('PostDate')}]",),
    attachments=(f"//*[{has_class('ArticleDetailControl')}]//a[{class_like('link-download')}]",),
    drop=(
        f".//*[{has_class('tool')} or {has_class('author')}]",
        f".//*[{class_like('UISocialShare', 'ImgDetailImage')}]",
    ),
)  # fmt: skip

_ENDPOINT = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"
_STATED = {
    "article_category_id": r"article_category_id['\"]?\s*[:=]\s*['\"]?(\d+)",
    "site_id": r"site_id['\"]?\s*[:=]\s*['\"]?(\d+)",
    "categoryIds": r"categoryIds['\"]?\s*[:=]\s*['\"]([\d,;|]*)['\"]",
    "page_size": r"page_size['\"]?\s*[:=]\s*['\"]?(\d+)",
}
_FIXED = {
    "keyword": "", "date_begin": "", "date_end": "", "show_no": "False", "show_post_date": "True", "num_of_text": "0",
    "show_view_count": "False", "filter_order_in_list": "", "is_default": "", "new": "", "number_of_day": "3",
    "articlelang": "vi-VN", "is_authenticated": "False",
}  # fmt: skip


class Vnpt(Platform):
    """Further pages of its lists are answers to a form."""

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the address of the next page's fragment, up to the `maxPage` that the first page states."""
        address = address_of(response)
        fields = sent_fields(address)
        if not fields:
            found = {name: response.selector.re_first(pattern) for name, pattern in _STATED.items()}
            if not found["article_category_id"] or not found["site_id"]:
                return {}
            last = response.selector.re_first(r"maxPage\s*=\s*(?:parseInt\(\s*)?['\"]?([0-9]+)")
            shown = [whole_number(number) for number in response.xpath("//*[@data-page]/@data-page").getall()]
            fields = {name: value or "" for name, value in found.items()} | _FIXED
            fields |= {
                "page": "1",
                "no": f"-{found['page_size'] or 10}",
                "maxPage": str(max([whole_number(last), *shown])),
            }
        page = whole_number(fields.get("page"), 1) + 1
        if not articles or page > (whole_number(fields.get("maxPage")) or page):
            return {}
        endpoint = urls.absolute(response.url, _ENDPOINT) or response.url
        return {("page", page): post_address(endpoint, fields | {"page": str(page)})}


PLATFORM = Vnpt(
    name="vnpt_uiarticle",
    layout=LAYOUT,
    articles=(re.compile(r"^https?://[^/]+/[^/?]+/[^/?]+-(?P<id>\d{5,7})$"),),
    items=(
        f"//*[{has_class('ArticleList')}]/li | //*[{class_like('UIListNews_')}]//*[{has_class('item')}]"
        f" | //li[{has_class('row')}][.//h2[{has_class('Title')}]][not(ancestor::ul[{has_class('ArticleList')}])]"
    ),
    item_title=f".//*[{has_class('Title')}]//a | .//a[not(../../*[{has_class('Title')}])][normalize-space()]",
    item_date=f".//*[{has_class('Ngaydang')}]",
    page_path=re.compile(r"(?P<page>/page/(?P<number>\d+))/?$"),
    never=re.compile(r"/DesktopModule/|/(?:in-bai|print)[/-]|[?&](?:print|in)=", re.IGNORECASE),
)

FINGERPRINT = (
    seen("markup", r"/DesktopModule/UI", 5, "modules under /DesktopModule/UI…"),
    seen("markup", r"\bUIArticleInMenu|\bArticleDetailControl\b", 5, "classes UIArticleInMenu, ArticleDetailControl"),
    seen("markup", r"\bUISocialShare\b|\bUIListNews_", 1, "classes UISocialShare, UIListNews"),
    seen("markup", r"\bctrl_\d{4,}_\d+", 1, "ids ctrl_<number>_<number>"),
    seen("link", r"^https?://[^/]+/[a-z0-9-]+/[^/?]+-\d{5,7}$", 1, "addresses /<section>/<slug>-<5 to 7 digits>"),
)


class VnptSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

"""Liferay 6 and 7 with display pages, `/-/<slug>` and `/web/<site>/-/<slug>` (Đà Nẵng and its wards, TP HCM).

Also articles by number: `/content/id/<number>` (Đồng Tháp), `/chi-tiet?id=<number>&_c=` (Đà Nẵng),
`/xem-chi-tiet-tin-tuc/id/<number>` (Vĩnh Long), `/-/details/<site>/<slug>` (Bắc Ninh, whose lists a script fills from
a JSON resource), and custom portlets, `/-/bai-viet/…`, `/-/tin-tuc/…`. One article opens under several pages, sites and
languages; its slug or number is unique on its host. The title may or may not be an h1.
"""

import re
from html import unescape

from scrapy.http import TextResponse

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.feeds import Feed, member, number_of, objects, read_json, text_of, whole_number
from spiders.platform import Platform

LAYOUT = Layout(
    name="liferay",
    container=(
        "//*[@id='content_detail_news']",
        f"//*[{class_like('display-page')}]//*[{class_like('journal-content-article')}]",
        f"//*[{class_like('portlet-asset-publisher')}]//*[{class_like('journal-content-article')}]",
        f"(//main//*[{class_like('journal-content-article')}])[1]",
        f"//*[@id='main-content' or @id='content']//*[{class_like('journal-content-article')}]",
        "//*[@id='contentDetail']",
    ),
    body=(
        ".//*[@id='contentDetail']",
        f".//*[{class_like('content-body', 'article-body')}]",
        "self::*",
    ),
    title=(
        "//*[@id='titleDetail' or @id='contentDetailTitleId']",
        f".//*[{class_like('title-news', 'asset-title', 'header-title', 'article-title')}]",
        f"//main//*[{class_like('title-news', 'asset-title', 'header-title', 'article-title')}]",
    ),
    summary=(
        "//*[@id='leadDetail' or @id='sapoDetailId']",
        f".//*[{has_class('sapo')}]",
    ),
    date=(
        f".//*[{class_like('date_time', 'publish-date', 'PublishDate', 'date-time')}]",
        f"//main//*[{class_like('date_time', 'publish-date', 'PublishDate', 'date-time')}]",
    ),
    author=(f".//*[{has_class('author')}]",),
    source=(f".//*[{has_class('source')}]",),
    drop=(
        f".//*[{class_like('title-news', 'asset-title', 'header-title', 'article-title')}]",
        f".//*[{class_like('date_time', 'publish-date')}]",
        f".//*[{class_like('taglib-ratings', 'taglib-discussion', 'asset-ratings', 'asset-links', 'related')}]",
        f".//*[{has_class('sapo')} or {has_class('author')} or {has_class('source')}]",
        ".//*[@id='footerOfNewDetail']",
    ),
)  # fmt: skip

_ENTRY = class_like("asset-abstract", "news-item", "item-news", "asset-entry", "cat_record", "hot-news-block")
# Đà Nẵng's entries nest; some are a box of the link alone, some are the link.
_LINKED_ENTRY = class_like("link-news-content")
_TITLE = ".//a[contains(@href, '/-/') or contains(@href, 'id=') or contains(@href, '/id/')][normalize-space()]"
_RECORDS = "20"  # of a page of a JSON list


class Liferay(Platform):
    """Lists of Bắc Ninh are filled by a script: the page states the address of their portlet's resource."""

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the address of the list's first page, where the page's script states one."""
        stated = response.selector.re_first(r"loadPageURL['\"]?\s*[:=]\s*['\"]([^'\"]+)['\"]")
        if not stated:
            return {}
        plain = re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), unescape(stated))
        url = urls.absolute(response.url, plain) or response.url
        for name, value in (("pageNum", "1"), ("recordPerPage", _RECORDS), ("keyword", "")):
            url = urls.with_query_value(url, name, value)
        return {("pageNum", 1): url}

    def read_data(self, response: TextResponse) -> Feed | None:
        """Read an answer of that resource, or a feed or sitemap."""
        if "p_p_resource_id=" not in response.url or (answer := read_json(response)) is None:
            return super().read_data(response)
        feed = Feed()
        for row in objects(member(answer, "items")):
            feed.add(response.url, text_of(row, "urlDetail"), text_of(row, "title"), text_of(row, "createdDate"))
        further = 1 + whole_number(urls.query_value(response.url, re.compile("pageNum")), 1)
        if feed.entries and further <= number_of(answer, "totalPageNum"):
            feed.pages["pageNum", further] = urls.with_query_value(response.url, "pageNum", str(further))
        return feed


PLATFORM = Liferay(
    name="liferay",
    layout=LAYOUT,
    articles=(
        re.compile(r"/-/asset_publisher/\w+/content/id/(?P<id>\d+)"),
        re.compile(r"/-/asset_publisher/\w+/content/(?P<id>[^/?]+)"),
        re.compile(r"/-/details/\d+/(?P<id>[^/?]+)$"),
        re.compile(r"/-/(?:bai-viet|chi-tiet|news|view-article|tin-tuc)/(?P<id>[^?]+)$"),
        re.compile(r"/-/(?!asset_publisher|view_content|bai-viet/|chi-tiet/|news/|view-article/)(?P<id>[^/?]+)$"),
        re.compile(r"(?<!thu-tuc)(?<!hanh-chinh)(?<!tthc)(?<!dich-vu-cong)/chi-tiet\?(?:[^#]*&)?id=(?P<id>\d+)"),
        re.compile(r"/xem-chi-tiet-tin-tuc/id/(?P<id>\d+)"),
    ),
    items=f"//*[{_ENTRY}][not(.//*[{_ENTRY}])] | //*[{_LINKED_ENTRY}][not(ancestor::*[{_ENTRY}])]",
    item_title=f"{_TITLE} | self::a",
    item_date=f".//*[{class_like('date', 'time', 'ublish')}]",
    page_parameter=re.compile(r"(?:_\w+)?_cur|cur|page|pageNum", re.IGNORECASE),
    shown_of_total=re.compile(r"(?P<last>[\d.]+)\s+(?:of|trong số|trên|/|trong)\s+(?P<total>[\d.]+)"),
    identity_parameters=re.compile(r"id|_c"),
    list_parameters=re.compile(r"_c"),
    never=re.compile(r"/video\?(?:[^#]*&)?id=\d"),
)

FINGERPRINT = (
    seen("header", r"^liferay-portal:", 3, "the header Liferay-Portal"),
    seen("markup", r"Liferay\.(?:ThemeDisplay|currentURL)|/o/frontend-js-web/|/js/barebone", 3, "Liferay's scripts"),
    seen("markup", r"\bdata-senna-track=|\blfr-css-file\b", 3, "marks data-senna-track, lfr-css-file"),
    seen("markup", r"/o/[\w-]+-theme/|/o/[\w-]+/(?:css|js|images)/", 1, "a theme's files under /o/<theme>/"),
    seen("link", r"/-/[a-z0-9-]+(?:\?|$)", 3, "addresses /-/<slug>"),
    seen("link", r"/web/[\w-]+/", 1, "pages under /web/<site>/"),
    seen("markup", r"_com_liferay_asset_publisher_web_portlet", 1, "the pager of Liferay 7's asset publisher"),
    seen("link", r"/-/view_content/\d+-", -15, "not: addresses with /-/view_content/"),
    seen("link", r"/-/asset_publisher/\w{12}/content/(?!id/)", -15, "not: addresses with /-/asset_publisher/…"),
)  # fmt: skip


class LiferaySpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

"""Tân Dân's CMS on SharePoint: `/portal/Pages/<day>/<slug><random>.aspx` (Điện Biên, Thanh Hóa, Ninh Thuận).

Class names come from pasted pages and two scrapers. The folder is the day of creation; the slug is cut at about fifty
characters and ends in five to seven random letters. Pagers are ASP.NET postbacks.
"""

import re

from scrapy.http import TextResponse

from crawler.extraction.layout import Layout, class_like
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.forms import postbacks
from spiders.platform import Platform

LAYOUT = Layout(
    name="tandan_sharepoint",
    container=(
        f"//*[{class_like('tandan-p-article-main')}]",
        f"//*[{class_like('tandan-p-article-news-content')}]",
    ),
    body=(
        f".//*[{class_like('tandan-p-article-news-content')}]",
        "self::*",
    ),
    title=(f"//*[{class_like('tandan-p-article-news-title')}]",),
    summary=(f"//*[{class_like('tandan-p-article-news-summary')}]",),
    date=(f"//*[{class_like('tandan-span-date-publish')}]",),
    drop=(
        f".//*[{class_like('tandan-div-article-other', 'tandan-p-article-news-title', 'td-tags')}]",
        f".//*[{class_like('tandan-span-date-publish', 'tandan-p-article-news-summary', 'tandan-zoom')}]",
    ),
)  # fmt: skip


class TanDan(Platform):
    """Further pages of its lists are postbacks."""

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the numbered pages of the pager."""
        return {("postback", number): address for number, address in postbacks(response).items() if number > 1}


PLATFORM = TanDan(
    name="tandan_sharepoint",
    layout=LAYOUT,
    articles=(re.compile(r"/pages/(?P<id>\d{4}-\d\d?-\d\d?/[^/?]+)\.aspx", re.IGNORECASE),),
    items=f"//*[{class_like('channel-news-item')}] | //li[.//*[{class_like('channel-news-title')}]]",
    item_title=f".//*[{class_like('channel-news-title', 'tandan-p-article-news-title')}]//a",
    item_date=f".//*[{class_like('date-publish', 'channel-news-date')}]",
    page_parameter=re.compile(r"page|pageindex|trang", re.IGNORECASE),
    never=re.compile(r"/(?:print|login|default_login|sitemap|search\w*|timkiem)\.aspx", re.IGNORECASE),
)

FINGERPRINT = (
    seen("markup", r"class=[\"'][^\"']*\btandan-", 5, "classes that start with tandan-"),
    seen("markup", r"TD-ul-module-menu|class=[\"'][^\"']*\btd-ul\b", 3, "classes that start with td-ul"),
    seen("link", r"/portal/pages/\d{4}-\d\d?-\d\d?/[^/?]+\.aspx", 3, "addresses /portal/Pages/<day>/<slug>.aspx"),
    seen("link", r"/pages/\d{4}-\d\d?-\d\d?/[^/?]+-\d{5,}\.aspx", -3, "not: slugs that end in -<number>"),
    seen("markup", r"/portal/Photos/\d{4}-\d\d-\d\d/", 1, "pictures under /portal/Photos/<day>/"),
    seen("header", r"^(?:microsoftsharepointteamservices|sprequestguid):", 1, "SharePoint's headers"),
)


class TanDanSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

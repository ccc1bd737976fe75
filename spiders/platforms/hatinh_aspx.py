"""Hà Tĩnh's `.aspx` portal, `/portal/pages/YYYY-MM-DD/slug-id.aspx` (until 2025; Hồng Lĩnh and other districts).

No page of it was seen, only texts: the day is in the URL alone, the title often only in `<title>`, and the text is
followed by ratings, a captcha line, a map, songs and counters. The XPaths are the usual names of SharePoint and this
family.
"""

import re

from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="hatinh_aspx",
    container=(
        f"//*[{class_like('tandan-p-article-main', 'tandan-p-article-news-content')}]",
        "//*[@id='divArticleContent' or @id='ArticleContent' or @id='contentDetail' or @id='noidung']",
        f"//*[{has_class('ms-rtestate-field')}]",
        "//*[contains(@id, 'RichHtmlField')]",
        f"//*[{has_class('news-content')} or {has_class('content-detail')} or {has_class('detail-content')}]",
    ),
    title=(
        f"//*[{class_like('tandan-p-article-news-title')}]",
        f"//*[@id='news-title' or {class_like('news-title-detail', 'title-detail', 'detail-title')}]",
    ),
    summary=(
        f"//*[{class_like('tandan-p-article-news-summary')}]",
        f"//*[@id='divArticleDescription' or @id='news-des' or {class_like('detail-content-lead')}]",
    ),
    date=(f"//*[{class_like('tandan-span-date-publish', 'date-publish')}]",),
    drop=(
        f".//*[{class_like('rating', 'comment', 'share', 'social')}]",
        f".//*[{class_like('related', 'article-other')}]",
    ),
)  # fmt: skip


PLATFORM = Platform(
    name="hatinh_aspx",
    layout=LAYOUT,
    articles=(re.compile(r"/[a-z0-9_-]+/pages/(?P<id>\d{4}(?:-\d\d?-\d\d?)?/[^/?]+-\d+)\.aspx", re.IGNORECASE),),
    items=(
        "//*[contains(@class, 'channel-news') or contains(@class, 'news-item') or contains(@class, 'item-news')]"
        "[not(.//*[contains(@class, 'channel-news') or contains(@class, 'news-item') or "
        "contains(@class, 'item-news')])]"
    ),
    item_title=".//a[contains(translate(@href, 'P', 'p'), '/pages/')]",
    page_parameter=re.compile(
        r"p|pg|page|page_?index|page_?no|page_?num(?:ber)?|current_?page|paged|trang|cur", re.IGNORECASE
    ),
    first_page=0,
    never=re.compile(r"/(?:print|login|default_login|sitemap|search\w*|timkiem)\.aspx", re.IGNORECASE),
)

FINGERPRINT = (
    seen("link", r"/\w+/pages/\d{4}-\d\d?-\d\d?/[^/?]+-\d{5,}\.aspx", 6, "addresses /pages/<day>/<slug>-<number>.aspx"),
    seen("link", r"/portal/pages/[a-z-]+\.aspx", 1, "lists at /portal/pages/<name>.aspx"),
)


class HaTinhSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

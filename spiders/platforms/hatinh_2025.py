"""Hà Tĩnh's portals since 2025: lists at `/chuyen-muc/<slug>?page=N`, articles at `/bai-viet/` or `/tin-tuc/<slug>`.

The classes come from a scraper of hatinh.gov.vn, the addresses `/tin-tuc?chuyen-muc-tin=30&page=1` from hosts of
communes; no page was seen. A page past the end of a list links to no article.
"""

import re

from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="hatinh_2025",
    container=(f"//*[{has_class('detail-content')}]",),
    title=(
        f"//h1[{has_class('detail-title')}]",
        f"//*[{has_class('detail-title')}]",
    ),
    summary=(f"//*[{has_class('detail-content-lead')}]",),
    date=(
        f"//*[{has_class('time')}][contains(., 'Đăng tải')]",
        f"//*[{has_class('time')}][not(ancestor::*[{class_like('item', 'sidebar')}])]",
    ),
    drop=(
        f".//*[{has_class('detail-content-lead')}]",
        f".//*[{class_like('detail-content-foot', 'view-count', 'share')}]",
    ),
)  # fmt: skip

PLATFORM = Platform(
    name="hatinh_2025",
    layout=LAYOUT,
    articles=(re.compile(r"/(?:bai-viet|tin-tuc|tin-bai)/(?:[^/?]+/)?(?P<id>[^/?]{12,})$"),),
    items=(
        f"//*[{class_like('news-item', 'item-news', 'post-item')}][not(.//*[{class_like('news-item', 'item-news')}])]"
    ),
    item_title=".//a[contains(@href, '/bai-viet/') or contains(@href, '/tin-tuc/')][normalize-space()]",
    item_date=f".//*[{class_like('time', 'date')}]",
    list_parameters=re.compile(r"chuyen-muc(?:-tin)?"),
    never=re.compile(r"/(?:in-bai|print|dang-nhap)(?:/|\?|$)", re.IGNORECASE),
)

FINGERPRINT = (
    seen("link", r"/bai-viet/[^/?]+$", 3, "addresses /bai-viet/<slug>"),
    seen("link", r"/chuyen-muc/[^/?]+", 1, "lists at /chuyen-muc/<slug>"),
    seen("link", r"[?&]chuyen-muc-tin=\d+", 3, "lists at /tin-tuc?chuyen-muc-tin=<number>"),
    seen("markup", r"\bdetail-content-lead\b", 3, "a lead of class detail-content-lead"),
    seen("link", r"^https?://(?:[\w-]+\.)*hatinh\.gov\.vn/", 1, "a host of Hà Tĩnh"),
)


class HaTinh2025Spider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

"""Hà Nội's Liferay 6.2 with `/-/view_content/` (until about 2024; also Hải Phòng's districts).

Seen in saved pages: the article's title is a div, every h1 belongs to a side box. Side boxes have the body's class too;
the article's is the block inside `.asset-full-content`. The poster's name is the right-aligned last paragraph. A newer
theme (Bắc Từ Liêm) has the same block of an article, but lists of `.card` with `a.card-title`.
"""

import re

from crawler.extraction.layout import Layout, class_like, has_class
from crawler.urls import query_value
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="hanoi_liferay62",
    container=(f"//div[{has_class('asset-full-content')}]",),
    body=(f"(.//div[{has_class('journal-content-article')}])[1]",),
    title=(f"//div[{has_class('asset-full-content-title')}]",),
    summary=(f".//div[{class_like('sapo-wrapper')}]//*[{class_like('sapo')}]",),
    date=(
        f"//div[{has_class('asset-full-content-title')}]/following-sibling::*[{class_like('assetPublishDate')}][1]",
        f"//div[{has_class('asset-full-content')}]//*[{has_class('date-and-view')}]",
        f"(//*[{class_like('assetPublishDate')}])[1]",
    ),
    author=(f".//p[{class_like('view-content-author')}]",),
    drop=(
        f".//p[{class_like('view-content-author')}]",
        f".//*[{class_like('asset-control-detail')}]",
        f".//*[{class_like('related_asset')}]",
    ),
)  # fmt: skip


_CARD_TITLE = (
    f".//*[{class_like('card-title')}]/descendant-or-self::a"
    "[contains(@href, '/view_content/') or contains(@href, '_101_')]"
)
_ASSET = re.compile(r"(?:_101(?:_INSTANCE_\w+)?)_assetEntryId")
_SLUG = re.compile(r"(?:_101(?:_INSTANCE_\w+)?)_urlTitle")


class HanoiLiferay(Platform):
    """The asset's number identifies the article; slug, page and language may differ from link to link."""

    def canonical(self, url: str) -> str:
        """Write the raw portlet form `?p_p_id=101&_101_assetEntryId=…` as the path form that the lists use."""
        number = query_value(url, _ASSET)
        if number is None:
            return super().canonical(url)
        page = super().canonical(url).rstrip("/").removesuffix("/-/asset_publisher/view_content")
        return f"{page}/-/view_content/{number}-{query_value(url, _SLUG) or ''}.html"


PLATFORM = HanoiLiferay(
    name="hanoi_liferay62",
    layout=LAYOUT,
    articles=(
        re.compile(r"/-/view_content/(?P<id>\d+)"),
        re.compile(r"view_content.*[?&]_101(?:_INSTANCE_\w+)?_assetEntryId=(?P<id>\d+)", re.IGNORECASE),
        re.compile(r"[?&]_101(?:_INSTANCE_\w+)?_assetEntryId=(?P<id>\d+).*view_content", re.IGNORECASE),
    ),
    items=(
        "//div[contains(concat(' ', @class, ' '), ' asset-bounddary ') or contains(@class, 'focus-news')]"
        f" | //*[{has_class('card')}][{_CARD_TITLE}][not(.//*[{has_class('card')}][{_CARD_TITLE}])]"
    ),
    item_title=f".//*[contains(@class, 'asset-title')]//a | {_CARD_TITLE}",
    item_date=f".//*[contains(@class, 'assetPublishDate') or {has_class('text-body-secondary', 'text-muted')}]",
    page_parameter=re.compile(r"_101(?:_INSTANCE_\w+)?_cur"),
    shown_of_total=re.compile(r"(?P<last>[\d.]+)\s+(?:of|trong số|trên|/)\s+(?P<total>[\d.]+)"),
)

FINGERPRINT = (
    seen("link", r"/-/view_content/\d+-", 5, "addresses with /-/view_content/<number>-"),
    seen("markup", r"\basset-bounddary\b", 3, "list entries of class asset-bounddary"),
    seen("markup", r"\basset-full-content-title\b", 3, "an article's title of class asset-full-content-title"),
    seen("markup", r"Liferay\.ThemeDisplay|/html/js/barebone\.jsp", 1, "Liferay's scripts"),
)


class HanoiLiferaySpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

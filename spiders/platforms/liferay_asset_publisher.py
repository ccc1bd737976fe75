"""Stock Liferay asset publisher, `/-/asset_publisher/<12 letters>/content/…` (Thái Nguyên's wards, Ba Đình and more).

No page of these hosts was seen: the XPaths are those of the stock templates, from narrow to wide. What texts of the
sites show besides (a Java timestamp under the title, "content:" labels, counters and footers after the text) is left to
the line rules.
"""

import re

from crawler.extraction.layout import Layout, class_like, has_class
from crawler.urls import query_value
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

_PORTLET = f"//*[{class_like('portlet-asset-publisher')}]"
# A newer theme has the block of an article without the portlet around it, and lists of cards.
_BLOCK = f"//*[{has_class('asset-full-content')}]"
_CARD_TITLE = f".//*[{class_like('card-title')}]/descendant-or-self::a[contains(@href, '/asset_publisher/')]"

LAYOUT = Layout(
    name="liferay_asset_publisher",
    container=(
        f"//*[{has_class('asset-full-content')}][.//*[{class_like('journal-content-article')}]]",
        f"//*[{has_class('asset-content')}]",
        f"//*[{has_class('asset-full-content')}]",
        f"{_PORTLET}//*[{has_class('journal-content-article')}]",
    ),
    body=(
        f"(.//*[{has_class('journal-content-article')}])[1]",
        "self::*",
    ),
    title=(
        f"{_PORTLET}//*[{has_class('asset-full-content-title')}]",
        f"{_BLOCK}//*[{has_class('asset-full-content-title')}]",
        f"{_PORTLET}//*[self::h1 or self::h2 or self::h3][{class_like('header-title')}]",
        f"//*[self::h1 or self::h2 or self::h3][{has_class('asset-title')}]",
        f"//*[{class_like('asset-abstract', 'portlet-asset-publisher')}]//*[self::h1 or self::h2 or self::h3]"
        f"[{class_like('title')}][not({class_like('portlet-title')})]",
    ),
    summary=(
        f"{_PORTLET}//*[{has_class('sapo')}]",
        f"{_BLOCK}//*[{has_class('sapo')}]",
        f"{_PORTLET}//*[{class_like('asset-summary')}]",
    ),
    date=(
        f"{_PORTLET}//*[{class_like('assetPublishDate')}]",
        f"{_BLOCK}//*[{class_like('assetPublishDate')}]",
        f"{_PORTLET}//*[{class_like('metadata-publish-date')}]",
        f"{_PORTLET}//*[{class_like('asset-date', 'publish-date')}]",
    ),
    author=(
        f"{_PORTLET}//*[{class_like('metadata-author')}]",
        f"{_BLOCK}//p[{class_like('view-content-author')}]",
    ),
    drop=(
        f".//p[{class_like('view-content-author')}]",
        f".//*[{class_like('asset-ratings', 'taglib-ratings', 'taglib-social')}]",
        f".//*[{class_like('asset-related', 'related-assets', 'related_asset')}]",
        f".//*[{class_like('taglib-discussion', 'asset-actions', 'asset-edit')}]",
        f".//*[{class_like('asset-metadata', 'asset-more', 'asset-flag')}]",
    ),
)  # fmt: skip


_INSTANCE = re.compile(r"p_p_id")
_SLUG = re.compile(r"_101_INSTANCE_\w+_urlTitle")


class AssetPublisher(Platform):
    """An article's urlTitle is unique on its site; page, portlet instance and language may differ."""

    def canonical(self, url: str) -> str:
        """Write the raw portlet form `?p_p_id=101_INSTANCE_…&…_urlTitle=…` as the path form that the lists use."""
        slug, instance = query_value(url, _SLUG), query_value(url, _INSTANCE) or ""
        if slug is None or "/-/asset_publisher/" in url:
            return super().canonical(url)
        instance = instance.removeprefix("101_INSTANCE_")
        return f"{super().canonical(url).rstrip('/')}/-/asset_publisher/{instance}/content/{slug}"


PLATFORM = AssetPublisher(
    name="liferay_asset_publisher",
    layout=LAYOUT,
    articles=(
        re.compile(r"/-/asset_publisher/\w+/content/(?P<id>id/\d+)", re.IGNORECASE),
        re.compile(r"/-/asset_publisher/\w+/content/(?!id/)(?P<id>[^/?]+)", re.IGNORECASE),
        re.compile(r"[?&]_101_INSTANCE_\w+_urlTitle=(?P<id>[^&]+)", re.IGNORECASE),
    ),
    items=(
        "//*[contains(@class, 'portlet-asset-publisher')]"
        "//*[contains(@class, 'asset-abstract') or contains(@class, 'title-list') or "
        "contains(@class, 'asset-bounddary')]"
        f" | //*[{has_class('card')}][{_CARD_TITLE}][not(.//*[{has_class('card')}][{_CARD_TITLE}])]"
    ),
    item_title=".//a[contains(@href, '/asset_publisher/')]",
    item_date=(
        ".//*[contains(@class, 'ublish-date') or contains(@class, 'PublishDate') or contains(@class, 'date')"
        f" or {has_class('text-body-secondary', 'text-muted')}]"
    ),
    page_parameter=re.compile(
        r"(?:_101_INSTANCE_\w+|_com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_\w+)_cur|_101_cur"
    ),
    shown_of_total=re.compile(r"(?P<last>[\d.]+)\s+(?:of|trong số|trên|/)\s+(?P<total>[\d.]+)"),
)

FINGERPRINT = (
    seen("link", r"/-/asset_publisher/\w{12}/content/", 7, "addresses with /-/asset_publisher/<12 letters>/content/"),
    seen("markup", r"\bportlet-asset-publisher\b", 1, "a portlet of class portlet-asset-publisher"),
    seen("markup", r"_101_INSTANCE_\w+_(?:cur|delta)", 1, "the pager of Liferay 6's asset publisher"),
    seen("header", r"^liferay-portal:", 1, "the header Liferay-Portal"),
    seen("link", r"/-/view_content/\d+-", -7, "not: addresses with /-/view_content/"),
)


class LiferayAssetPublisherSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

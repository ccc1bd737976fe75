"""Oracle WebCenter, `/webcenter/portal/<site>/pages_…/chi-tiet?dDocName=<name>` (Quảng Nam's cities and districts).

Only addresses and texts are known. Ids and classes are generated and mean nothing, so articles are read without a
layout unless they use one of a few usual names. `catalog` says which list a page is, `page` counts; `_afr…` and
`_adf…` belong to the session.
"""

import re

from crawler.extraction.layout import Layout, class_like
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="webcenter",
    container=(
        f"//*[{class_like('chi-tiet-tin', 'chitiet-tin', 'news-detail', 'detail-news', 'content-detail')}]",
        "//*[contains(@id, 'T:oc_')][.//p[2] or .//div[2]][count(.//a) < 5][string-length(.) > 400][1]",
    ),
    body=(
        ".//*[starts-with(@id, 'T:oc_')][.//p or .//div]",
        "self::*",
    ),
    title=(f".//*[{class_like('tieu-de', 'title')}]",),
    summary=(f".//*[{class_like('tom-tat', 'sapo', 'summary')}]",),
    date=(f".//*[{class_like('ngay', 'date')}]",),
    drop=(
        f".//*[{class_like('tieu-de', 'title', 'tom-tat', 'sapo', 'summary')}]",
        f".//*[{class_like('tin-lien-quan', 'related', 'share')}]",
    ),
)  # fmt: skip

PLATFORM = Platform(
    name="webcenter",
    layout=LAYOUT,
    articles=(re.compile(r"/webcenter/[^?]*\?(?:[^#]*&)?dDocName=(?P<id>[^&#]+)"),),
    items=(
        f"//*[{class_like('tin-item', 'item-tin', 'news-item', 'list-item')}]"
        f"[not(.//*[{class_like('tin-item', 'item-tin', 'news-item', 'list-item')}])]"
    ),
    item_title=".//a[contains(@href, 'dDocName=')][normalize-space()]",
    item_date=f".//*[{class_like('ngay', 'date')}]",
    list_parameters=re.compile(r"catalog"),
    identity_parameters=re.compile(r"dDocName"),
    never=re.compile(r"/faces/(?:login|oracle)|/webcenter/content/conn/|[?&]_(?:adf|afr)", re.IGNORECASE),
)  # fmt: skip

FINGERPRINT = (
    seen("link", r"/webcenter/portal/", 5, "addresses under /webcenter/portal/"),
    seen("link", r"[?&]dDocName=", 3, "addresses with dDocName="),
    seen("markup", r"\bAdfPage\.|_adf\.ctrl-state|\bafrLoop\b", 3, "ADF's scripts"),
    seen("header", r"^x-oracle-dms|^server: oracle", 1, "Oracle's headers"),
)


class WebCenterSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

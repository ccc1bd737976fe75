"""VHV CMS (Hưng Yên, Gia Lai, communes of Hà Nam and Ninh Bình): `article` entries in `section.section-list`.

Addresses of articles and of other pages look alike (`….html`), so only links in a list's entries count as articles. In
the saved template `.brief` is the lead and `.content-detail` the body; three scrapers mistake the lead for the body.
"""

import re

from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.platform import Platform

LAYOUT = Layout(
    name="vhv",
    container=(
        f"//article[{class_like('news-detail-layout')}]",
        f"//section[{class_like('news-detail')}]//article",
        f"//*[{has_class('content-detail')}]",
    ),
    body=(
        f".//*[{has_class('content-detail')}]",
        ".//*[@itemprop='articleBody']",
        "self::*",
    ),
    title=(
        f"//h1[{has_class('title-detail')} or {has_class('title-news-detail')}]",
        "//h1[@itemprop='headline']",
    ),
    summary=(f".//*[{has_class('brief')}]",),
    date=(f"//*[{has_class('post-date')}]",),
    attachments=(f"//article//a[{class_like('link-download')}]",),
    drop=(
        f".//*[{class_like('block_share', 'social-connect', 'network-share', 'relatedArticles')}]",
        f".//*[{has_class('rating')} or {has_class('author')}]",
        ".//*[starts-with(@id, 'audio')]",
    ),
)  # fmt: skip

PLATFORM = Platform(
    name="vhv",
    layout=LAYOUT,
    articles=(re.compile(r"^https?://[^/]+/(?!chuyen-muc|chuyen-trang|danh-muc)(?P<id>[^?]+?)\.html$"),),
    items=(
        f"//section[{class_like('section-list')}]//article | //*[{class_like('news-item', 'news-listType')}]"
        f" | //*[{has_class('article-item')}]"
    ),
    item_title=f".//*[{has_class('entry-title')}]//a | .//a[{class_like('article-title')}]",
    item_date=f".//time | .//*[{has_class('date')} or {has_class('time-news')} or {has_class('article-date')}]",
    page_path=re.compile(r"-c\d+(?P<page>-(?P<number>\d+))(?=\.html$)", re.IGNORECASE),
    items_only=True,
    never=re.compile(r"Article\.Print|/print(?:article)?[/.]|printArticle", re.IGNORECASE),
)

FINGERPRINT = (
    seen("markup", r"\bmoduleRootId\b", 3, "modules with moduleRootId"),
    seen("markup", r"\bVHV\.\w+|var VHV\b", 5, "the script object VHV"),
    seen("markup", r"/App/Corporate/images/", 3, "pictures under /App/Corporate/images/"),
    seen("markup", r"Article-Detail-|news-detail-layout-type-", 5, "classes Article-Detail-…, news-detail-…"),
    seen("markup", r"printArticle\(['\"][0-9a-f]{24}", 3, "printArticle('<24 hex digits>')"),
)


class VhvSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

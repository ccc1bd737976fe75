"""DotNetNuke: `Default.aspx?tabid=107&NewsViews=16887`, `/tabid/107/…/ctl/detail/mid/…/<number>` (Quảng Nam, Đà Nẵng).

The news modules differ from vendor to vendor; only addresses and texts were found ("Tác giả: X .Ngày đăng: … .Lượt xem:
N lượt."), no markup. `tabid` says which list a page is. A `SkinSrc` without a skin is the print view.
"""

import re

from scrapy.http import TextResponse

from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.forms import postbacks
from spiders.platform import Platform

LAYOUT = Layout(
    name="dotnetnuke",
    container=(
        f"//*[{class_like('NewsDetail', 'news-detail', 'newsdetail')}]",
        f"//*[starts-with(@id, 'dnn_ctr')][{class_like('detail', 'Detail')}]",
        "//*[contains(@id, '_ViewDetail') or contains(@id, '_NewsDetail')]",
    ),
    body=(
        f".//div[{has_class('Normal')}] | .//*[{class_like('NewsContent', 'news-content', 'NewsBody')}]",
        "self::*",
    ),
    title=(
        f".//*[{class_like('SubHead', 'news-title', 'NewsTitle', 'title')}]",
        "//*[contains(@id, '_lblTitle')]",
    ),
    summary=(
        f".//*[{class_like('NewsSummary', 'news-summary', 'sapo')}]",
        "//*[contains(@id, '_lblSummary') or contains(@id, '_lblDescription')]",
    ),
    date=(
        f".//*[{class_like('NewsDate', 'news-date')}]",
        "//*[contains(@id, '_lblDate') or contains(@id, '_lblPublish')]",
        f".//span[{class_like('Normal')}][contains(., 'Ngày đăng')]",
    ),
    drop=(
        f".//*[{class_like('NewsSummary', 'news-summary', 'NewsDate', 'news-date', 'NewsOther', 'news-other')}]",
    ),
)  # fmt: skip


class DotNetNuke(Platform):
    """Further pages of its lists may be postbacks."""

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the numbered pages of the pager."""
        return {("postback", number): address for number, address in postbacks(response).items() if number > 1}


PLATFORM = DotNetNuke(
    name="dotnetnuke",
    layout=LAYOUT,
    articles=(
        re.compile(r"[?&]NewsViews=(?P<id>\d+)", re.IGNORECASE),
        re.compile(r"/ctl/(?:detail|view)/mid/\d+/(?:[^?]*/)?(?:item|news|article)?id/(?P<id>\d+)", re.IGNORECASE),
        re.compile(r"[?&](?:itemid|newsid|articleid)=(?P<id>\d+)", re.IGNORECASE),
    ),
    items=(
        f"//*[{class_like('NewsItem', 'news-item', 'newsitem')}]"
        f"[not(.//*[{class_like('NewsItem', 'news-item', 'newsitem')}])]"
    ),
    item_title=".//a[normalize-space()]",
    item_date=f".//*[{class_like('Date', 'date')}]",
    page_parameter=re.compile(r"page|pageindex|currentpage|trang", re.IGNORECASE),
    list_parameters=re.compile(r"tabid", re.IGNORECASE),
    identity_parameters=re.compile(r"tabid|NewsViews|itemid|newsid|articleid", re.IGNORECASE),
    never=re.compile(
        r"SkinSrc=|/ctl/(?:login|privacy|terms|register|sendpassword)|[?&]ctl=|/PrintItem\.aspx", re.IGNORECASE
    ),
)  # fmt: skip

FINGERPRINT = (
    seen("generator", r"^\s*(?:DotNetNuke|DNN\b|Evoq)", 5, "the generator DotNetNuke"),
    seen("header", r"dotnetnukeanonymous|dnn_ismobile|\.dotnetnuke=|^dnnoutputcache:", 5, "DotNetNuke's cookies"),
    seen("markup", r"\bid=[\"']dnn_\w+|name=[\"']dnn\$\w+", 5, "ids that start with dnn_"),
    seen("markup", r"__dnnVariable|/js/dnn(?:core|modal|\.servicesframework|\.js)|dnn\.vars\b", 3, "its scripts"),
    seen("markup", r"/Portals/\d+/|/Portals/_default/", 3, "files under /Portals/0/"),
    seen("markup", r"/DesktopModules/|/Resources/Shared/", 1, "modules under /DesktopModules/"),
    seen("link", r"/tabid/\d+/|[?&]tabid=\d+", 3, "addresses with tabid"),
    seen("link", r"[?&]NewsViews=\d+", 1, "addresses with NewsViews="),
)


class DotNetNukeSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

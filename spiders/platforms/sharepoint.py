"""SharePoint by other vendors: article numbers (`?ItemID=`, `?nid=`, `?NewsID=`), lists under `/Trang/` or `/Pages/`.

Quảng Ninh, Đồng Nai, districts of TP HCM (the blog list `/Lists/Posts/Post.aspx?ItemID=`), Vĩnh Phúc
(`<list>/View_Detail.aspx?ItemID=`, lists by an API). Every vendor has its own templates: the XPaths are names seen in
scrapers, from narrow to wide; where none matches, the page is read without a layout.
"""

import re
from urllib.parse import quote, unquote, urlsplit

from scrapy.http import TextResponse

from crawler import urls
from crawler.extraction.layout import Layout, class_like, has_class
from spiders.base import PortalSpider
from spiders.fingerprint import seen
from spiders.lists.feeds import Feed, member, number_of, objects, read_json, text_of, whole_number
from spiders.lists.forms import address_of, post_address, postbacks, sent_fields
from spiders.platform import Platform

LAYOUT = Layout(
    name="sharepoint",
    container=(
        "//*[@id='news-detail' or @id='divArticleContent' or @id='contentDetail']",
        f"//*[{class_like('chitietbaiviet')}]",
        f"//*[{has_class('ms-rtestate-field')}]",
        f"//*[{has_class('ms-post-content')} or {has_class('ms-PostBody')}]",
    ),
    body=(
        f".//*[{has_class('ms-rtestate-field')}]",
        "self::*",
    ),
    title=(
        "//*[@id='news-title']",
        f"//*[{class_like('title-article', 'title-news', 'news-title', 'ms-PostTitle')}][not(self::a)]",
    ),
    summary=(
        "//*[@id='news-des' or @id='divArticleDescription']",
        f"//*[{has_class('mota')}]",
    ),
    date=(
        "//*[@id='datearticle']",
        f"//*[{has_class('ngaydang')} or {class_like('news-date', 'ms-PostDate')}]",
    ),
)  # fmt: skip

_NUMBER = r"(?:ItemID|nid|NewsID|bvid|idTin|idbaiviet)"


_QUERY = {"do": "QUERYDATA", "fieldOrder": "CreatedDate", "ascending": "desc", "length": "20"}


class SharePoint(Platform):
    """An article's number is unique within its list or page only."""

    def identity(self, url: str) -> str | None:
        """Return the page's path with the article's number."""
        number = super().identity(url)
        return f"{urlsplit(url).path.lower()}?{number}" if number else None

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return the numbered pages of a pager of postbacks, or the list that a script asks Vĩnh Phúc's API for."""
        pages = {("postback", number): address for number, address in postbacks(response).items() if number > 1}
        endpoint = response.selector.re_first(r"['\"]([^'\"]*/api/DSTinTuc/QUERYDATA)\b")
        folder = response.selector.re_first(r"UrlList['\"]?\s*[:=]\s*['\"]([^'\"]+)['\"]")
        if folder is None and (found := re.match(r"(/.+/Lists/[^/]+)/", unquote(urlsplit(response.url).path))):
            folder = found[1]
        if endpoint and folder:
            fields = _QUERY | {"UrlList": folder, "start": "0"}
            pages["start", 1] = post_address(urls.absolute(response.url, endpoint) or response.url, fields)
        return pages

    def read_data(self, response: TextResponse) -> Feed | None:
        """Read an answer of that API, or a feed or sitemap."""
        fields = sent_fields(address_of(response))
        if fields.get("do") != _QUERY["do"] or (answer := read_json(response)) is None:
            return super().read_data(response)
        feed = Feed()
        rows, folder, start = (
            objects(member(answer, "data")),
            fields.get("UrlList", ""),
            whole_number(fields.get("start")),
        )
        for row in rows:
            address = f"{quote(folder)}/View_Detail.aspx?ItemID={number_of(row, 'ID')}"
            title, date = text_of(row, "Title").replace("##", ""), text_of(row, "CreatedDate").replace("T", " ")
            feed.add(response.url, address, title, date)
        if rows:  # no total is given: the list ends with an answer without rows
            end = start + len(rows)
            feed.pages["start", end + 1] = post_address(response.url, fields | {"start": str(end)})
        return feed


PLATFORM = SharePoint(
    name="sharepoint",
    layout=LAYOUT,
    articles=(re.compile(rf"\.aspx\?(?:[^#]*&)?{_NUMBER}=(?P<id>\d+)(?:&|$)", re.IGNORECASE),),
    items=(
        f"//*[{class_like('news-item', 'item-news', 'list-news-item', 'ms-blog-post', 'box-news-item')}]"
        f"[not(.//*[{class_like('news-item', 'item-news', 'ms-blog-post')}])]"
    ),
    item_title=".//a[contains(@href, '=')][normalize-space()]",
    item_date=f".//*[{class_like('date', 'ngay')}]",
    page_parameter=re.compile(r"page|pageindex|trang|p", re.IGNORECASE),
    identity_parameters=re.compile(_NUMBER, re.IGNORECASE),
    never=re.compile(r"/(?:print|login|authenticate|printitem)\w*\.aspx|IsDlg=1|Mode=print|/Forms/", re.IGNORECASE),
)

FINGERPRINT = (
    seen("header", r"^(?:microsoftsharepoint\w*|sprequestguid|x-sharepoint\w*):", 3, "SharePoint's headers"),
    seen("generator", r"^\s*Microsoft SharePoint", 3, "the generator Microsoft SharePoint"),
    seen("markup", r"_spPageContextInfo|\bs4-workspace\b|\b_spBodyOnLoad", 3, "SharePoint's scripts and frame"),
    seen("markup", r"\bms-rtestate-field\b", 1, "a text of class ms-rtestate-field"),
    seen("link", rf"\.aspx\?(?:[^#]*&)?{_NUMBER}=\d+", 3, "addresses ….aspx?ItemID=, nid=, NewsID=<number>"),
    seen("markup", r"class=[\"'][^\"']*\btandan-", -9, "not: classes that start with tandan-"),
    seen("link", r"/pages/\d{4}-\d\d?-\d\d?/[^/?]+\.aspx", -9, "not: addresses /pages/<day>/<slug>.aspx"),
)  # fmt: skip


class SharePointSpider(PortalSpider):
    """A portal on this platform."""

    platform = PLATFORM

"""Why a page that should list articles lists none: it needs a script or a login, says that there is nothing, or is
not on the platform that the site's facts name."""

import re
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse, Response

from crawler import urls
from crawler.extraction import isolate
from crawler.extraction.isolation import drop_scripts
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_problems import is_frame
from crawler.extraction.tree import parse
from crawler.reasons import Reason
from crawler.text import fold
from spiders.fingerprint import GENERIC, Seen, identify, platforms
from spiders.lists.answers import as_text, feed_in, page_of, unpacked
from spiders.lists.responses import charset_of

if TYPE_CHECKING:
    from spiders.platform import Platform

Why = tuple[Reason, str]
"""A reason, and a sentence that says more and what to do; "" where the reason's own says it."""

_FEWEST = 2  # entries that are a list
_LONGEST = 80  # characters of what a page says
_THING = r"(?:bai(?: viet| dang)?|tin(?: tuc| bai)?|du lieu|noi dung|thong tin|ban ghi|ket qua|muc)"
_NOTHING = re.compile(
    rf"\b(?:(?:hien |hien tai |hien nay )?(?:chua|khong) co (?:bat ky )?{_THING}(?: nao)?(?: de hien thi)?"
    rf"|{_THING} (?:dang )?(?:duoc )?cap nhat"
    r"|(?:no|there are no) (?:posts?|articles?|items?|news|results?|entries|content|data|records?)"
    r"(?: (?:yet|found|available|published|to (?:show|display)|were found))*"
    r"|nothing (?:found|published|to (?:show|display))|chuyen muc (?:nay )?(?:dang )?trong)\b"
)
_TEMPLATE = re.compile(
    r"\{\{\s*[\w$.|:\s]{1,60}\}\}|\b(?:ng-repeat|data-ng-repeat|v-for|x-for|\*ngFor)\s*=|data-bind=[\"'][^\"']*foreach|"
    r"<script\b[^>]*\btype=[\"']text/(?:x-)?(?:template|handlebars|html|x-jquery-tmpl)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|\$\.(?:ajax|get|getJSON|post)\s*\(|\baxios\b|\.load\(\s*[\"']/", re.IGNORECASE
)
_EMPTY_BOX = (
    "//*[self::div or self::ul or self::ol or self::section or self::tbody][not(normalize-space()) and not(.//img)]"
    "[re:test(concat(@id, ' ', @class), 'list|news|tin|bai|post|item|article|danh-?sach|content', 'i')]"
)
_BY_SCRIPT = "a script fills its list in a browser; look for a feed or a sitemap of the site, or for a list without one"
_NEEDS_LOGIN = "a sign-in form came in place of the list; give start pages that are public"


def why_empty(response: Response, platform: "Platform") -> Why | None:
    """Return why a page that came shows no article to `platform`; None where nothing tells. Never raises."""
    try:
        answer = unpacked(response)
        text = None if isinstance(answer, Reason) else as_text(answer)
        if text is None or not text.body.strip() or feed_in(text) is not None:
            return None
        return _why(page_of(text), platform)
    except PageTooLarge:
        return None


def _why(page: HtmlResponse, platform: "Platform") -> Why | None:
    if is_frame(page.text):
        return Reason.FILLED_BY_SCRIPT, ""
    if isolate(page.body, page.url, charset=charset_of(page)).reason is Reason.LOGIN:
        return Reason.LOGIN, _NEEDS_LOGIN
    looks, _ = identify([Seen.of_page(page)])
    if platform.name != GENERIC and (count := len(platforms()[GENERIC].read_items(page, None))) >= _FEWEST:
        if looks in (GENERIC, platform.name):
            return Reason.WRONG_PLATFORM, (
                f"it is read as a site of {platform.name}, but shows no list of that platform; read as one of unknown "
                f"make it lists {count} articles: try platform = generic"
            )
        return Reason.WRONG_PLATFORM, _looks_like(platform.name, looks)
    if said := _says_nothing(page):
        return Reason.NOTHING_PUBLISHED, f"its list says that nothing is published yet (“{said}”)"
    if _is_scripted(page):
        return Reason.FILLED_BY_SCRIPT, _BY_SCRIPT
    if looks not in (GENERIC, platform.name) and is_list_of(looks, page):
        return Reason.WRONG_PLATFORM, _looks_like(platform.name, looks)
    return None


def is_list_of(name: str, page: HtmlResponse) -> bool:
    """Tell whether a page lists something when it is read as one of the platform `name`: application screens do not."""
    named = platforms()[name]
    if named.read_items(page, None) or any(number == 1 for _, number in named.more_pages(page, 0)):
        return True
    links = (urls.absolute(page.url, href) for href in page.xpath("//a/@href").getall())
    own = {url for url in links if url and urls.host(url) == urls.host(page.url)}
    return any(named.is_followed(url) and named.is_article(url, in_entry=False) for url in own)


def _looks_like(named: str, looks: str) -> str:
    known = "unknown make" if named == GENERIC else named
    return f"it is read as a site of {known}, but looks like one of {looks}: try platform = {looks}, or else generic"


def _says_nothing(page: HtmlResponse) -> str:
    """Return what the page says where it says that there is nothing; "" where it does not."""
    root, _, _ = parse(page.text)
    if root is None:
        return ""
    drop_scripts(root)
    for text in root.itertext():
        shown = " ".join(text.split())
        if shown and len(shown) <= _LONGEST and _NOTHING.search(fold(shown)):
            return shown
    return ""


def _is_scripted(page: HtmlResponse) -> bool:
    """Tell whether a list waits for a script: its template stands there, or an empty box and a script that asks."""
    if _TEMPLATE.search(page.text):
        return True
    scripts = " ".join(page.xpath("//script/text()").getall())
    return _ASKS.search(scripts) is not None and bool(page.xpath(_EMPTY_BOX))

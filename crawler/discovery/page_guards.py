"""Pages that answer at a host without being anybody's portal: betting, parked names, default pages, sign-in forms. Pure.

A portal may speak of all of these: an article on lotteries, a box to sign in, a page that is being built.
"""

import re

from crawler.discovery.front_text import BODY, TITLE, FrontText, folded_lines
from crawler.discovery.refusals import Why
from crawler.reasons import Reason
from crawler.text import fold

_SHORT, _FEW_LINKS = 1500, 25  # characters and links of a page that says little
_BARE, _FEWER_LINKS = 500, 8  # of one that says next to nothing
_PLAY = re.compile(
    r"nha cai|ca cuoc|dat cuoc|keo (?:nha cai|bong da)|casino|baccarat|poker|jackpot|tai xiu|xoc dia|no hu|ban ca(?: doi|\b(?= ))"
    r"|game bai|danh bai (?:online|doi thuong)|da ga (?:truc tiep|thomo|online)|soi cau|lo de|xo so (?:online|mien bac|mien nam)"
    r"|slot ?game|slots?\b|ku ?(?:bet|casino)|[a-z]{1,6}88\b|\b(?:fun|bk|vn|w|m|fb|8x)88|\d{2,3}(?:bet|win|club)\b|[a-z]+bet\b"
    r"|\b(?:sun|hit|go|b|rik|man)(?:win|club|vip)\b|nap (?:tien|rut)|rut tien|tien cuoc|hoan tra|khuyen mai (?:nap|thanh vien)"
    r"|link (?:vao|dang nhap)|ca do|phim sex|gai goi|betting|sportsbook|gambling"
)
# Words with which an office speaks of gambling.
_AGAINST = re.compile(
    r"phong,? chong|chong te nan|te nan|to giac|bat (?:giu|qua tang|nhom|doi tuong|\d+)|triet (?:pha|xoa)|xu (?:ly|phat)|khoi to"
    r"|cong an|canh bao|ngan chan|vi pham|lua dao|tuyen truyen|truy to|toi pham|cam (?:danh bac|ca do)|canh giac|duong day"
)
_STRONG = 3  # different words of betting from which the page is one
_PARKED = re.compile(
    r"domain (?:is |name |may be )?(?:is )?(?:for sale|parked|available)|buy this domain|this domain|domain has expired|parked"
    r"|ten mien (?:nay )?(?:dang |da )?(?:duoc )?(?:rao ban|can ban|het han|dau gia|chua (?:duoc )?(?:cau hinh|kich hoat))"
    r"|mua ten mien|ban ten mien|sedoparking|bodis|dan\.com|afternic|hugedomains"
)
_DEFAULT = re.compile(
    r"welcome to (?:nginx|centos|caddy|openresty|our server)|apache2? .{0,30}(?:default|test) page|^it works!?$|iis windows"
    r"|internet information services|default web ?site page|plesk|cpanel|directadmin|web server'?s default page"
    r"|test page for|xampp|apache tomcat|welcome to (?:liferay|wordpress|joomla|drupal)|hello world|default (?:page|server)"
    r"|trang mac dinh|webserver default|aapanel|webmin|if you (?:see|are the (?:owner|administrator))"
    r"|hosting .{0,40}(?:da duoc (?:khoi tao|kich hoat)|cho upload|chua co (?:noi dung|website))|site (?:is )?not found"
)
_SUSPENDED = re.compile(
    r"(?:account|site|website|hosting|service|domain)(?: has been| is|) (?:temporarily )?suspended|tam (?:ngung|khoa|dung)"
    r" (?:hoat dong|dich vu|tai khoan|cung cap)|(?:website|tai khoan|dich vu|hosting|trang)(?: nay| cua ban)? (?:da |dang )?"
    r"(?:bi |het )(?:tam |)(?:ngung|khoa|dung|han)|bandwidth limit exceeded|suspendedpage"
)
_BUILDING = re.compile(
    r"under (?:construction|maintenance)|coming soon|dang (?:trong qua trinh )?(?:xay dung|nang cap|bao tri|cap nhat giao dien"
    r"|hoan thien|thu nghiem)|sap ra mat|se som (?:ra mat|hoat dong|tro lai)|maintenance|tam dung de nang cap"
)
_LOGIN = re.compile(r"dang nhap|log ?in|sign ?in|single sign")
_OFFICE = {
    "people's committee": r"\bubnd\b|u[yỷ]? ?ban nhan dan|people.?s? committee",
    "people's council": r"\bhdnd\b|hoi dong nhan dan|people.?s? council",
    "administrative procedures": r"thu tuc hanh chinh|\btthc\b|administrative procedure",
    "public services": r"dich vu cong|mot cua|public service",
    "portal": r"(?:cong|trang) (?:thong tin|tin|giao tiep|ttdt)|\bportal\b",
    "documents": r"van ban (?:moi|phap luat|chi dao|quy pham|dieu hanh|phap quy|chi dao dieu hanh)|he thong van ban|quyet dinh|nghi quyet",
    "reception of citizens": r"tiep (?:cong )?dan|lich cong tac|lich lam viec|phan anh,? kien nghi",
    "party": r"dang (?:uy|bo)|mat tran to quoc|\bmttq\b",
    "organisation": r"co cau to chuc|bo may|lanh dao|chuc nang,? nhiem vu",
}  # fmt: skip
_OFFICE_PATTERNS = {name: re.compile(pattern) for name, pattern in _OFFICE.items()}


def no_portal(page: FrontText) -> tuple[str, str] | None:
    """Return why a page is nobody's portal, as (word, what of it says so), or None."""
    text, title = fold(page.text), fold(page.title)
    short = len(page.text) < _SHORT and len(page.links) < _FEW_LINKS
    bare = len(page.text) < _BARE and len(page.links) < _FEWER_LINKS
    for why, pattern, says_little in (
        (Why.PARKED, _PARKED, short), (Why.SUSPENDED, _SUSPENDED, bare), (Why.DEFAULT_PAGE, _DEFAULT, bare),
    ):  # fmt: skip
        if found := pattern.search(title) or (says_little and pattern.search(text)):
            return why, found[0]
    if found := (short and _PARKED.search(page.source[:20_000].lower())) or None:
        return Why.PARKED, found[0]
    if words := betting(page):
        head = _PLAY.search(fold(" ".join(line.text for line in page.of(TITLE))))
        if len(words) >= _STRONG or head:
            return Why.BETTING, ", ".join(words[:4])
    if page.problem:
        return page.problem, page.title[:80]
    if found := _BUILDING.search(title) or (bare and _BUILDING.search(text)):
        return Why.UNDER_CONSTRUCTION, found[0]
    if page.asks_password and short and (_LOGIN.search(title) or bare):
        return Reason.LOGIN, page.title[:80]
    return None


def betting(page: FrontText) -> list[str]:
    """Return the words of betting on a page, each once, but for lines in which an office warns of it."""
    found: dict[str, None] = {}
    lines = list(folded_lines(page))
    for number, (folded, line) in enumerate(lines):
        around = " ".join(
            text for text, other in lines[max(0, number - 1) : number + 2] if other.place == line.place == BODY
        )
        if not _AGAINST.search(around or folded):
            found |= dict.fromkeys(word[0].strip() for word in _PLAY.finditer(folded))
    for _, words in page.links:  # hidden ones too
        folded = fold(words)
        if not _AGAINST.search(folded):
            found |= dict.fromkeys(word[0].strip() for word in _PLAY.finditer(folded))
    return list(found)


def office_words(page: FrontText) -> list[str]:
    """Return which kinds of words of an office a page has."""
    text = fold(page.text)
    return [name for name, pattern in _OFFICE_PATTERNS.items() if pattern.search(text)]

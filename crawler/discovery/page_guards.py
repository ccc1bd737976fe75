"""Pages that answer at a host and are nobody's portal: betting, parked names, default pages, sign-in forms. Pure.

A portal may speak of all of these: an article on lotteries, a box to sign in, a page that is being built.
"""

import re

from crawler.discovery.front_text import BODY, TITLE, FrontText
from crawler.discovery.refusals import Why
from crawler.reasons import Reason
from crawler.text import fold

_SHORT, _FEW_LINKS = 1500, 25  # characters and links of a page that says little
_BARE, _FEWER_LINKS = 500, 8  # of one that says next to nothing


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# In the letters of the page, as without marks "lo de" may be "lo để", and "ca do" an infection.
_PLAY = _any_of(
    r"nhà cái|nha cai|cá cược|ca cuoc|đặt cược|tiền cược|cá độ|lô đề|soi cầu|soi kèo|kèo (?:nhà cái|bóng đá)",
    r"tài xỉu|tai xiu|xóc đĩa|xoc dia|nổ hũ|no hu\b|game bài|game bai|đá gà (?:trực tiếp|thomo|online)",
    r"bắn cá (?:đổi thưởng|online)|game bắn cá|đánh bài (?:online|đổi thưởng)|xổ số online|nạp rút",
    r"khuyến mãi (?:nạp|thành viên)|phim sex|gái gọi|casino|baccarat|poker|jackpot|slot ?game|\bslots?\b",
    r"\bjudi\b|gacor|betting|sportsbook|gambling|\b[a-z]{1,6}88\b|\b\d{2,3}(?:bet|win|club)\b",
    r"\b(?:sun|hit|go|rik|man)(?:win|club|vip)\b|\b(?:ku|ae|mi|ok|kk|jun|new|vn|fb|hello|one|rich|lu|sky)bet\b|\b(?:hit|sun)club\b|\bgo88\b",
)
# Words with which an office speaks of gambling, without marks.
_AGAINST = _any_of(
    r"phong,? chong|chong te nan|te nan|to giac|bat (?:giu|qua tang|nhom|doi tuong|\d+)|triet (?:pha|xoa)|duong day",
    r"xu (?:ly|phat)|khoi to|cong an|canh bao|canh giac|ngan chan|vi pham|lua dao|tuyen truyen|truy to|toi pham",
    r"cam (?:danh bac|ca do)",
)
_STRONG = 3  # different words of betting from which the page is one
_SELLERS = re.compile(r"sedoparking|parkingcrew|bodis\.com|afternic\.com|hugedomains\.com|//dan\.com")
_PARKED = _any_of(
    r"domain (?:is |name |may be )?(?:is )?(?:for sale|parked|available)|buy this domain|domain has expired",
    r"this domain (?:is|may|has|name)|parked (?:domain|free)|mua ten mien|ban ten mien",
    r"ten mien (?:nay )?(?:dang |da )?(?:duoc )?(?:rao ban|can ban|het han|dau gia|chua (?:duoc )?(?:cau hinh|kich))",
)
_DEFAULT = _any_of(
    r"welcome to (?:nginx|centos|caddy|openresty|our server|liferay|wordpress|joomla|drupal)|^it works!?$",
    r"apache2? .{0,30}(?:default|test) page|iis windows|internet information services|default web ?site page",
    r"\bplesk\b|\bcpanel\b|directadmin|web server'?s default page|test page for|\bxampp\b|apache tomcat|hello world",
    r"default (?:page|server)|trang mac dinh|webserver default|aapanel|webmin|site (?:is )?not found",
    r"if you (?:see this page|are the (?:owner|administrator))",
    r"hosting .{0,40}(?:da duoc (?:khoi tao|kich hoat)|cho upload|chua co (?:noi dung|website))",
)
_SUSPENDED = _any_of(
    r"(?:account|site|website|hosting|service|domain)(?: has been| is|) (?:temporarily )?suspended|suspendedpage",
    r"tam (?:ngung|khoa|dung) (?:hoat dong|dich vu|tai khoan|cung cap)|bandwidth limit exceeded",
    r"(?:website|tai khoan|dich vu|hosting)(?: nay| cua ban)? (?:da )?(?:het han|bi (?:tam )?(?:ngung|khoa|dung))",
)
_BUILDING = _any_of(
    r"under (?:construction|maintenance)|coming soon|sap ra mat|se som (?:ra mat|hoat dong|tro lai)|\bmaintenance\b",
    r"dang (?:trong qua trinh )?(?:xay dung|nang cap|bao tri|cap nhat giao dien|hoan thien|thu nghiem)",
    r"tam dung de nang cap",
)
_LOGIN = re.compile(r"dang nhap|log ?in|sign ?in|single sign")
_OFFICE = {
    "people's committee": r"\bubnd\b|u[yỷ]? ?ban nhan dan|people.?s? committee",
    "people's council": r"\bhdnd\b|hoi dong nhan dan|people.?s? council",
    "administrative procedures": r"thu tuc hanh chinh|\btthc\b|administrative procedure",
    "public services": r"dich vu cong|mot cua|public service",
    "portal": r"(?:cong|trang) (?:thong tin|tin|giao tiep|ttdt)|\bportal\b",
    "documents": r"van ban (?:moi|phap luat|chi dao|quy pham|dieu hanh|phap quy)|quyet dinh|nghi quyet",
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
    if short and (sold := _SELLERS.search(page.source[:20_000].lower())):
        return Why.PARKED, sold[0]
    if words := betting(page):
        head = _PLAY.search(" ".join(line.text for line in page.of(TITLE)).casefold())
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
    lines = page.lines
    for number, line in enumerate(lines):
        if not (words := [word[0].strip() for word in _PLAY.finditer(line.text.casefold())]):
            continue
        near = lines[max(0, number - 1) : number + 2] if line.place == BODY else [line]
        if not _AGAINST.search(fold(" ".join(other.text for other in near if other.place == line.place))):
            found |= dict.fromkeys(words)
    for _, text in page.links:  # hidden ones too
        if (words := [word[0].strip() for word in _PLAY.finditer(text.casefold())]) and not _AGAINST.search(fold(text)):
            found |= dict.fromkeys(words)
    return list(found)


def office_words(page: FrontText) -> list[str]:
    """Return which kinds of words of an office a page has."""
    text = fold(page.text)
    return [name for name, pattern in _OFFICE_PATTERNS.items() if pattern.search(text)]

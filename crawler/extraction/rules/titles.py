"""Which text is the article's title.

Cures: the first h1 of a portal is a side box ("LIÊN KẾT WEBSITE") or the section, `<title>` carries the site's name,
and og:title may be the site's for every page. The rule: the heading-like text that `<title>` or og:title begins with.
"""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\s+[-–—|»:•·]+\s+|\s*[|»]\s*|\s+::\s+")
_SITE = re.compile(
    r"^(?:cổng (?:thông tin|ttđt)|trang (?:thông tin điện tử|tin điện tử|chủ|ttđt)|website |home\b"
    r"|chi tiết(?: tin| bài viết)?$|"
    r"tin tức(?: - sự kiện)?$|xem chi tiết|bài viết$|chuyên mục|portal\b|welcome|untitled|liferay)",
    re.IGNORECASE,
)
_LONGEST_KEPT = 1000  # characters of a text whose key is kept: a page may hold megabytes in a heading
# Short texts only: "Trang thông tin phường X chính thức hoạt động" is news.
_PAGE = re.compile(r"^(?:trang (?:thông )?tin|trang web|hệ thống|thông tin điện tử)\b", re.IGNORECASE)
# An office's name: the site's in front of a title ("UBND phường X - Họp …"), unless the article's title starts so.
_OFFICE = re.compile(
    r"^(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|sở|phường|xã|thị trấn|quận|huyện|thành phố|tp|báo|đài|trung tâm)\b",
    re.IGNORECASE,
)


def key(text: str) -> str:
    """Return the letters and digits of a text in lower case NFC: what two copies of one title share."""
    return _kept_key(text) if len(text) <= _LONGEST_KEPT else _key(text)


@lru_cache(maxsize=1024)
def _kept_key(text: str) -> str:
    return _key(text)


def _key(text: str) -> str:
    return _NOT_WORD.sub("", unicodedata.normalize("NFC", text).casefold())


def matches(text: str, declared: str) -> int:
    """Return how well a text of the page fits a declared title: 0 not at all; 3 prefix or whole; 2 a later part.

    A declared title that is cut ("… phát động…") is matched by a text that begins with it.
    """
    mine, theirs = key(text), key(declared)
    if len(mine) < 4 or not theirs:
        return 0
    if mine == theirs:
        return 0 if is_site_name(text) or (is_office(text) and len(text.split()) <= 6) else 3
    if theirs.startswith(mine) and _at_break(text, declared):
        if is_site_name(text):
            return 0
        # "UBND phường X - title": the office is the site's when more than itself follows.
        rest = len(theirs) - len(mine)
        return 1 if is_office(text) and len(text.split()) <= 6 and rest > len(mine) else 3
    cut = declared.rstrip()
    if len(theirs) >= 20 and mine.startswith(theirs) and (cut.endswith(("...", "…")) or len(theirs) >= 40):
        return 3
    for part in parts(declared)[1:]:
        if key(part) == mine:
            return 0 if is_site_name(text) or is_office(text) or len(mine) < 10 else 2
    first = parts(declared)[0].rstrip()
    if first.endswith(("...", "…")) and len(key(first)) >= 15 and mine.startswith(key(first)):
        return 3
    # A category in front of the title, in its cell: "Tin hoạt động Phường họp …".
    glued = len(key(first)) >= 20 and mine.endswith(key(first)) and len(mine) - len(key(first)) <= 40
    return 1 if glued and not is_site_name(first) and not is_office(first) else 0


def _at_break(text: str, declared: str) -> bool:
    """Return True where the declared title goes on after `text` with a separator rather than inside a sentence."""
    wanted, position = len(key(text)), 0
    for index, letter in enumerate(declared):
        position += len(key(letter))
        if position >= wanted:
            rest = declared[index + 1 :].lstrip(" \"'”’»).!?…,;")
            return not rest or rest[0] in "-–—|»:•·"
    return True


@lru_cache(maxsize=64)
def parts(declared: str) -> tuple[str, ...]:
    """Return the parts of a declared title between its separators, at least one."""
    return tuple(part.strip() for part in _SEPARATOR.split(declared) if part and part.strip()) or (declared.strip(),)


def without_site(declared: str, site: str | None = None) -> str | None:
    """Return a declared title without the site's name and section around it, or None where nothing is left.

    Only used where no text of the page matches: the first part that is not the site's, unless a later one is longer by
    far.
    """
    pieces = [part for part in parts(declared) if not _SITE.match(part) and (site is None or key(part) != key(site))]
    if not pieces:
        return None
    if len(pieces) == 1:
        return pieces[0]
    longest = max(pieces, key=len)
    return longest if len(longest) > 2 * len(pieces[0]) else pieces[0]


def is_office(text: str) -> bool:
    """Return True for a short text that begins like the name of an office and may be the site's."""
    return len(text.split()) <= 9 and _OFFICE.match(text.strip()) is not None


def is_site_name(text: str) -> bool:
    """Return True for a heading that names the site or a kind of page rather than an article."""
    return _SITE.match(text.strip()) is not None or (len(text.split()) <= 8 and _PAGE.match(text.strip()) is not None)

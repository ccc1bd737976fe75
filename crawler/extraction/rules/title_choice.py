"""The title that was found on the page, held against what the page declares and what its list calls it."""

import re

from crawler.doubts import Doubt, DoubtKind
from crawler.extraction.rules import titles
from crawler.extraction.rules.bylines import is_byline, labelled_name
from crawler.text import fold

_LEAST = 12  # letters and digits of a title that tells anything
_PREFIX = 45  # characters of a category in the title's cell
_CUT = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*$")
# What stands over the text of a notice, or over the name under it.
_FORMAL = re.compile(
    r"(?:noi nhan|kinh gui|nguoi (?:lap|ky|nhan|thuc hien|dung dau)|nguoi lap bieu|xac nhan cua"
    r"|chu (?:tich|tri|ho)\b(?! \w+ \w+ \w)"
    r"|(?:kt|tm|tl|tuq|q)\.? ?(?:chu tich|uy ban|thu truong|truong|giam doc|pho)"
    r"|pho (?:chu tich|bi thu|giam doc|truong)\W*$"
    r"|bi thu\W*$|giam doc\W*$|truong (?:phong|ban|thon|khu)\W*$|thu ky\W*$|cong hoa xa hoi chu nghia viet nam"
    r"|doc lap ?[-–] ?tu do|so ?: ?\d|\(?(?:da )?ky(?: ten)?\b.{0,30}$|tai lieu dinh kem|tep dinh kem"
    r"|muc luc|noi dung\W*$)"
)


def cannot_be_title(text: str) -> bool:
    """Return True for a byline, a letterhead or the heading of a signature, which stand alone like titles."""
    return _FORMAL.match(fold(text)) is not None or is_byline(text) or labelled_name(text) is not None


def without_category(shown: str, others: list[str]) -> str:
    """Return the title without a category in front of it that shares its cell: what the other titles do not have.

    Cures: "Tin hoạt động Phường họp …". A beginning of the title's own stays: where any of the others begins so, and
    where it ends with a colon or dash and only one of them lacks it.
    """
    mine = titles.key(shown)
    others = [bare for other in others if (bare := _CUT.sub("", other))]
    if any(titles.key(other).startswith(mine) for other in others):
        return shown
    agreed: dict[str, int] = {}
    for other in others:
        theirs = titles.key(other)
        if len(theirs) >= _LEAST and len(mine) > len(theirs) and mine.endswith(theirs):
            agreed[theirs] = agreed.get(theirs, 0) + 1
    for theirs, count in sorted(agreed.items(), key=lambda pair: -len(pair[0])):
        places = range(min(len(shown), 2 * _PREFIX))
        at = next((i for i in places if titles.key(shown[i:]) == theirs and shown[i].isalnum()), 0)
        # Opening quotes and brackets belong to the title.
        while at and shown[at - 1] in "“\"'(«[":
            at -= 1
        before = shown[:at].rstrip()
        if not 0 < len(before) <= _PREFIX or (count < 2 and before.endswith((":", "-", "–", ",", "."))):
            continue
        return shown[at:]
    return shown


def agree(one: str, other: str) -> bool:
    """Return True where two titles are one: alike but for case, signs, a cut end, or words before or behind."""
    mine, theirs = titles.key(_CUT.sub("", one)), titles.key(_CUT.sub("", other))
    if not mine or not theirs or mine in theirs or theirs in mine:
        return True
    words, others = set(fold(one).split()), set(fold(other).split())
    return len(words & others) >= 0.6 * min(len(words), len(others))


def doubt_of(shown: str, declared: list[str], listed: str, *, is_article: bool) -> Doubt | None:
    """Return the doubt about a title that neither its list nor the page's declared titles call so, or None."""
    if any(agree(shown, other) for other in declared):
        return None
    if len(titles.key(listed)) >= _LEAST and len(listed.split()) >= 3:
        return None if agree(shown, listed) else Doubt("title", DoubtKind.DIFFERS_FROM_LIST, listed[:120])
    told = [other for other in declared if len(titles.key(other)) >= _LEAST]
    if told and is_article:
        return Doubt("title", DoubtKind.DIFFERS_FROM_META, told[0][:120])
    return None

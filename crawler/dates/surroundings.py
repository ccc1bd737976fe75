"""The text around a number decides what it is: an address, a document's number, a deadline, a published date."""

import re
from functools import cache

from crawler.dates.folded_text import Folded, fold
from crawler.dates.vocabulary import WD, compiled, weekday_number

# Words right before a number that rule out a date: addresses, documents, telephones, identity numbers. Before a
# whole date only the first row counts: "Lan", "Trang", "Phương" are authors' names too.
_ALWAYS = "số hẻm ngõ ngách kiệt đường sđt đt đtdđ tel fax hotline mã cmnd cccd mst stk km ip version thoại zalo"
_SOMETIMES = (
    "phố cầu ql tl tờ tổ thửa lô nhà sn lớp khối phòng ấp thôn buôn v phiên mục điều khoản chương bài trang căn hộ p q"
    " quận phường thuế giá lần điểm kp tk trường xã"
)
_DOTTED = ("truy cập", "lượt xem", "trực tuyến", "online", "truy cap", "luot xem", "truc tuyen")
_PAIRS = (
    "công văn",
    "quyết định",
    "nghị định",
    "thông tư",
    "nghị quyết",
    "chỉ thị",
    "tờ trình",
    "luật",
    "tỷ lệ",
    "tỉ lệ",
    "bản đồ",
    "xác suất",
    "tọa độ",
    "phiên bản",
    "tỷ số",
    "tỉ số",
    "tỷ trọng",
)

_NUMBERED = ("số hồ sơ", "mã hồ sơ", "phiên bản", "so ho so", "phien ban")


@cache
def _guards() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Return the guards with their unmarked spellings: those before any date, all of them, and the pairs of words."""
    always, every = _ALWAYS.split(), (_ALWAYS + " " + _SOMETIMES).split()
    pairs = _PAIRS + tuple(fold(pair).plain for pair in _PAIRS)
    return frozenset(_spelt(always)), frozenset(_spelt(every)), pairs


def _spelt(words: list[str]) -> list[str]:
    return words + [fold(word).plain for word in words]


_UNITS = (
    r" ?(?:%|dong|trieu|ty|ti dong|m2|m²|m3|m(?![a-z])|met|km|kg|ha(?![a-z])|ho(?![a-z])|nguoi|hoc sinh"
    r"|em(?![a-z])|luot|phieu"
    r"|tan(?![a-z])|to(?![a-z])|khu|thon|ap|xa(?![a-z])|phuong|tieu chi|cau(?![a-z])|diem|bai(?![a-z])|so "
    r"|thoi gian|dien tich|don vi"
    r"|chi bo|dai bieu|thanh vien|gia dinh|truong|lop|x(?![a-z]))"
)
_STRONG = (
    r"(?<![a-z])(?:(?<=hom )(?=nay|qua)|(?<=sang )|(?<=trua )|(?<=chieu )|(?<=toi )|(?<=dem )"
    r"|(?<=ngay ))(?:nay|qua|mai)[ ,:(]{0,3}$"
    rf"|(?<![a-z])(?P<cue>ngay|hom|sang|trua|chieu|toi|dem|khuya|mung|mong|chot|han cuoi|{WD})[ ,:(]{{0,3}}$"
)
_WEAK = r"(?<![a-z])(?:(?P<cue>tu|den|truoc|vao|het|luc)|han(?: [a-z]{1,7}){0,3})[ :]{0,2}$"
_CUES_SAID = frozenset(
    "ngày hôm sáng trưa chiều tối đêm khuya mùng mồng nay qua mai chót từ đến trước vào hết lúc".split()  # noqa: SIM905
)
_MONTH_LEFT = (
    r"(?:^|[(\[|,\-] ?|(?<![a-z])(?:thang|den|tu|trong|dau|cuoi|giua|ky|vao|va|cap nhat|hoi|ngay|nhat|dang):? ?)$"
)
_CLOSED = r" ?(?:$|[.,;:)\-|]|den |toi |vua )"
_YEARLY = r" ?,? ?hang nam"
_FUTURE_LEFT = (
    r"(?<![a-z])(?:(?P<sure>du kien|han|cham nhat|sap toi|toi day|chuan bi|se|ke hoach)|truoc"
    r"|den)(?![a-z])[^.;\n]{0,28}$"
)
_PAST_LEFT = r"(?<![a-z])(?:vua qua|moi day|vua roi|truoc do)(?![a-z])[ ,:]{1,2}"
_PAST_LEFT += r"(?:(?:vao|trong|ngay|sang|chieu|toi|luc) ?){0,3}$"
_RIGHT = r"[ ,)]{0,2}(?:(?P<past>vua qua|vua roi|qua(?= ?(?:$|[.,;)])))|(?P<soon>(?:sap )?toi(?: day)?(?![a-z])))"
_LABELS = (
    r"(?<![a-z])(?:(?P<published>dang (?:ngay|luc|tai|tin|boi)|ngay (?:dang|xuat ban|dua|gui|tao)|dua tin"
    r"|tao (?:ngay|luc)|created(?: on| at)?"
    r"|publish(?:ed)?(?: date)?|post(?:ed)?(?: (?:date|on|at))?|thoi gian dang|xuat ban|da dang)"
    r"|(?P<updated>cap nhat|updated|modified|edited|sua doi|chinh sua|hieu chinh|sua (?:lan cuoi|cuoi|luc|ngay))"
    r"|(?P<today>hom nay|bay gio|today)|(?P<effective>hieu luc|ap dung)"
    r"|(?P<deadline>han(?: chot| cuoi)?|truoc|cham nhat|den het))(?![a-z])[^\d.;\n]{0,22}$"
)
_CITED = (
    r"(?<![a-z])(?:quyet dinh|nghi quyet|nghi dinh|ke hoach|cong van|thong tu|chi thi|to trinh|thong bao|luat|phap lenh"
    r"|van ban|huong dan|giay moi|cong dien|ket luan|quy dinh|bao cao|de an|chuong trinh)(?![a-z])[^.;\n]{0,45}"
    r"(?<![a-z])(?:so|[a-z]{2,}-[a-z]{2,})(?![a-z])[^.;\n]{0,24}$"
)


def is_guarded(text: Folded, start: int, *, full: bool, dotted: bool = False) -> bool:
    """Tell whether the word before `start` says that the number that follows is not a date (đường 30/4, số 12/10/5)."""
    head = text.written(max(0, start - 16), start).rstrip(" .:(")
    if not head:
        return False
    always, every, pairs = _guards()
    word = head.rsplit(" ", 1)[-1].lstrip("(")
    if word not in every:
        return (not full and head.endswith(pairs)) or (dotted and head.endswith(_DOTTED)) or head.endswith(_NUMBERED)
    if full and word not in always:
        return False
    # An unmarked guard counts where the text has no marks at all: "lan" may be a name, "lần" is none.
    return not word.isascii() or word in _ASCII_GUARDS or text.accented == text.plain


_ASCII_GUARDS = frozenset(
    [
        "tel",
        "fax",
        "hotline",
        "cmnd",
        "cccd",
        "mst",
        "stk",
        "km",
        "ip",
        "version",
        "zalo",
        "ql",
        "tl",
        "sn",
        "p",
        "q",
        "v",
        "kp",
        "tk",
        "trang",
    ]
)


def counts_things(plain: str, end: int) -> bool:
    """Tell whether a unit follows: 15/20 hộ, 21.72 tỷ."""
    return compiled(_UNITS).match(plain, end) is not None


def is_cued(text: Folded, start: int, end: int) -> bool:
    """Tell whether words around it say that a day and month without a year are a date."""
    offset = max(0, start - 16)
    left = text.plain[offset:start]
    match = compiled(_STRONG).search(left)
    if match and _is_said(text, offset, match):
        return True
    if _cue_after(text, end):
        return True
    match = compiled(_WEAK).search(text.plain[max(0, start - 24) : start])
    if match is None or (match["cue"] and not _is_said(text, max(0, start - 24), match)):
        return False
    return compiled(_CLOSED).match(text.plain, end) is not None


def _is_said(text: Folded, offset: int, match: re.Match[str]) -> bool:
    """Tell whether the cue's marks are its own: "qua", not "quả"."""
    start, end = match.span("cue")
    said, plain = text.written(offset + start, offset + end), match["cue"]
    if plain is None:
        return True  # hôm nay, chiều qua, ngày mai
    return said == plain or " " in plain or said in _CUES_SAID or plain.startswith(("thu", "ch"))


def month_may_stand(plain: str, start: int, end: int) -> bool:
    """Tell whether 12/2023 is a month here: alone, or after words such as tháng, đến, cuối; never after a noun."""
    if start < 100 and not plain[:start].strip() and not plain[end:].strip(" .,)"):
        return True
    if "." in plain[start:end]:
        return False
    return compiled(_MONTH_LEFT).search(plain[max(0, start - 12) : start]) is not None


def is_yearly(plain: str, start: int, end: int) -> bool:
    """Tell whether the day is one of every year (hằng năm, right behind it or in the clause before)."""
    if compiled(_YEARLY).match(plain, end) is not None:
        return True
    before = plain[max(0, start - 44) : start]
    return "hang nam" in before and compiled(r"hang nam[^.;\n]*$").search(before) is not None


def _cue_after(text: Folded, end: int) -> str:
    """Return past or future where the words after a date say so: vừa qua, tới đây."""
    match = compiled(_RIGHT).match(text.plain, end)
    if match and match["past"] and text.says(*match.span("past"), "vừa qua", "vừa rồi", "qua"):
        return "past"
    if match and match["soon"] and text.says(*match.span("soon"), "tới", "sắp tới", "tới đây", "sắp tới đây"):
        return "future"
    return ""


def cue(text: Folded, start: int, end: int) -> str:
    """Return what the words around say of a day without a year: past, future, until (a deadline) or nothing."""
    after = _cue_after(text, end)
    if after:
        return after
    left = text.plain[max(0, start - 42) : start]
    if compiled(_PAST_LEFT).search(left):
        return "past"
    future = compiled(_FUTURE_LEFT).search(left)
    if future is None:
        return ""
    if future["sure"]:
        return "future"
    return "" if compiled(r"\d[^.;]{0,20} den|tinh den|tu [^.;]{0,20} den").search(left) else "until"


def label(plain: str, start: int) -> str:
    """Return what the words before a date call it: published, updated, today, effective, deadline, cited or nothing."""
    left = plain[max(0, start - 90) : start]
    if not left:
        return ""
    match = compiled(_LABELS).search(left[-44:])
    if match:
        return match.lastgroup or ""
    if len(left) > 10 and "so" in left and compiled(_CITED).search(left):
        return "cited"
    return ""


_DAY_LEFT = (
    rf"(?<![a-z0-9])(?<!lan )(?<!hop )(?<!ky )(?<!dot )(?<!dung )(?<!khoa )(?P<wd>{WD})[ ,.:(|\-]{{0,4}}(?:ngay[ :]?)?$"
)
_DAY_RIGHT = (  # "02/03/2026 - 08:51 (Tuesday)"
    r"(?:[ ,|\-]{1,3}\d{1,2} ?[:h] ?\d{2}(?::\d{2})?(?: ?[ap]m)?(?= ?\())?"
    rf"[ ,(|\-]{{1,3}}(?P<wd>{WD}|thu(?=\)))"
)


def weekday_beside(text: Folded, start: int, end: int) -> int | None:
    """Return the weekday written before or after a date, 0 for Monday."""
    offset = max(0, start - 20)
    match = compiled(_DAY_LEFT).search(text.plain[offset:start]) if start - offset > 1 else None
    if match is None and end < len(text.plain):
        offset = 0
        match = compiled(_DAY_RIGHT).match(text.plain, end)
    if match is None:
        # "Thu 06/04/2026" as Americans write it, not "mùa thu 06/04/2026"
        alone = compiled(r"(?:^|[^a-z ] ?|(?<![a-z])on )(?:thu) $").search(text.plain[max(0, start - 20) : start])
        return 3 if alone and (alone.start() or start <= 20) and text.written(start - 4, start - 1) == "thu" else None
    said = text.written(offset + match.start("wd"), offset + match.end("wd"))
    # "món", "sát" and "thử" fold to names of days
    return weekday_number(match["wd"]) if said == match["wd"] or said[:2] in ("th", "ch", "t.") else None


_PART = (
    rf"(?<![a-z])(?P<part>sang|trua|chieu|toi|dem|khuya)(?: (?:{WD}))?[ ,(]{{0,2}}(?:luc |hoi )?"
    r"(?:ngay |hom |nay |qua |mai )?$"
)
_PARTS_SAID = {"sang": "sáng", "trua": "trưa", "chieu": "chiều", "toi": "tối", "dem": "đêm", "khuya": "khuya"}


def part_before(text: Folded, start: int) -> str:
    """Return the part of the day named before `start` (sáng, trưa, chiều, tối, đêm, khuya), folded, or nothing."""
    offset = max(0, start - 26)
    match = compiled(_PART).search(text.plain[offset:start])
    if not match or not text.says(offset + match.start("part"), offset + match.end("part"), _PARTS_SAID[match["part"]]):
        return ""
    return match["part"]


_CLAUSE = frozenset(".;\n(|,:-[–")
_OPENERS = (
    r"[^a-z0-9]*(?:(?:da |duoc |ngay |thoi gian |bai |lan )?(?:dang|cap nhat|goc|posted|updated|published|cuoi|tin"
    r"|luc|vao|tu|den|hoi|trong|dau|giua|cuoi|sang|trua|chieu|toi|dem|hom|ngay|vua|moi|gui|luc"
    r"|cach day|khoang|about)[^a-z0-9]*){0,3}"
)
_PERIOD_OPENERS = r"[^a-z0-9]*(?:(?:dau|giua|cuoi|trong|tu|hoi|vao|khoang|ngay|den|het)[^a-z0-9]+){0,3}"


def is_roughly(plain: str, start: int) -> bool:
    """Tell whether "about" stands before an expression: of hours it may pass, of months and years it names no day."""
    return compiled(r"(?<![a-z])(?:khoang|about) $").search(plain[max(0, start - 8) : start]) is not None


def is_bare_age(plain: str, start: int, end: int) -> bool:
    """Tell whether "25 phút" is the whole string but for a label: how long ago, not how long."""
    before = compiled(r"[^a-z0-9]*(?:(?:da |duoc )?(?:dang|cap nhat|posted|updated|khoang|cach day)[^a-z0-9]*){0,2}")
    return not plain[end:].strip(" .)") and before.fullmatch(plain[:start][-40:]) is not None


def stands_alone(plain: str, start: int, end: int) -> bool:
    """Tell whether there is nothing but a label and a counter beside an expression that means the present moment."""
    if not compiled(_OPENERS).fullmatch(plain[max(0, start - 60) : start]) or start > 60:
        return False
    return compiled(r"[ .)\]]*$|[ ,|(\-]{1,4}(?:luot xem|\d)").match(plain, end) is not None


def stands_free(plain: str, start: int, end: int, *, period: bool = False) -> bool:
    """Tell whether a relative expression opens its clause and ends it: "Cập nhật 3 ngày trước", not "sau 3 ngày"."""
    head = start
    while head > 0 and start - head < 40 and plain[head - 1] not in _CLAUSE:
        head -= 1
    if not compiled(_PERIOD_OPENERS if period else _OPENERS).fullmatch(plain[head:start]):
        return False
    return compiled(r" ?(?:$|[,.;:|(\[\n)\]\-]|luot|luc )").match(plain, end) is not None

"""Who wrote it, as a line beside the title or the date says: "Submitted by X on D", "D · X", "Viết bởi X"."""

import re

from crawler.extraction.rules import words
from crawler.extraction.rules.people import is_account, is_organ, is_section_name, tidy
from crawler.text import fold

_LONGEST = 160
_UPPER = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ"
_WORD = rf"[{_UPPER}][^\W\d_]*\.?"
_NAME = rf"{_WORD}(?:[ ]{_WORD}){{0,5}}"
_LABEL = (
    r"(?:submitted|posted|written|published|created|added|authored|uploaded) by"
    r"|(?:được )?(?:viết|đăng|gửi|tạo|soạn|biên soạn|đăng tải|xuất bản)(?: tin| bài)? bởi|bài của"
    r"|(?:tin|bài)(?: viết)?(?:(?:\s?,\s?|\s(?:và|&)\s)(?:ảnh|tin|bài|video|clip)){0,3}(?=\s*:)|p\.?v(?=\s*:)"
    r"|(?:phóng viên|thực hiện|tác giả bài viết|tác giả|người (?:đăng|viết|gửi|tạo)(?: tin| bài)?|đăng bởi"
    r"|author|editor|byline|by|bởi)"
)
# "Designed by SaoMai", "Thiết kế bởi …": who made the site.
_SITE_MADE = re.compile(
    r"(?:designed|developed|powered|hosted|built|maintained"
    r"|supported|operated|created|sponsored|made)(?: and \w+)? by\b"
    r"|(?:thiết kế|phát triển|xây dựng|vận hành|quản trị|tài trợ|hỗ trợ|bảo trợ)(?: và [\w ]{3,20})? bởi\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?:^|[|·•(\[,–—-]\s*|\s)(?i:{_LABEL})\s*:?\s+(?P<name>{_NAME})(?=$|\W|\d)"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_AFTER_NAME = re.compile(
    r"\s*(?:$|[|·•,;()\[\]–—/-]|\d|(?:on|in|at|under|ngày|lúc|vào|trong|thứ|chủ nhật|\w{3,9}day"
    r"|(?:no|leave an?|add an?|chưa có|không có) (?:comments?|reply|bình luận)|comments?"
    r"|and (?:is |was )?(?:filed|tagged|posted|published|last))\b)",
    re.IGNORECASE,
)
# Whose name follows these made or owns the site: "© 2026 by …", "Theme by …".
_OF_SITE = re.compile(
    r"©|\(c\)|copyright|bản quyền"
    r"|\b(?:powered|designed?|developed|hosted|theme|template|made|maintained|thiết kế) (?:by|bởi)\b",
    re.IGNORECASE,
)
_FAMILY_NAMES = words(
    """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh doan trinh truong mai lam to ta
    cao chau chu ha kieu luong luu mac nghiem ninh nong phung quach tang thai than tong trieu ton tu van vien
    vuong au khong cu dam dao giang la luc thach son kim au tieu trang u vi khuat khuong hua han dieu che cam ca
    bach an thieu thi
    """
)
_NAMES_ALONE = re.compile(_NAME)
_PARTS = re.compile(r"\s*[|·•\n\t]+\s*|\s+[-–—/]\s+|,\s+|\s{2,}")
_TIME = re.compile(r"(?:lúc )?\d{1,2}\s?(?:[:hg]|giờ)\s?\d{2}(?::\d{2}| phút)?(?: [ap]m)?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# What a date is written with, folded: what is left of it without these says whether a part is a date.
_OF_A_DATE = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|thu (?:hai|ba|tu|nam|sau|bay)"
    r"|chu nhat|thang|ngay|nam|luc|vao|gio|phut|on|at|am|pm|sa|ch|gmt|utc|th|st|nd|rd|thu|cn|t|h|z|posted|published"
    r"|updated|created|submitted|date|dang|cap nhat|xuat ban|duoc|tao|gui|hai|ba|tu|mot|muoi|sau|bay|tam|chin|chu|g)\b"
)


def labelled_name(line: str) -> str | None:
    """Return the name behind a label such as "Submitted by", "Viết bởi", "Người đăng:", or None.

    The name ends at a date, a sign or a word that goes on ("on", "in", "ngày"); a sentence ("by Christmas we …") has
    none.
    """
    if len(line) > _LONGEST or not (match := _LABELLED.search(line)) or _is_of_the_site(line):
        return None
    if not _AFTER_NAME.match(match["rest"]) or _OF_SITE.search(line[: match.start("name")]):
        return None
    return _person(match["name"])


def _is_of_the_site(line: str) -> bool:
    """Return True for a line that names who made the site; "Created by X on D" names who wrote the page."""
    made = _SITE_MADE.search(line)
    return made is not None and not (made[0].casefold() == "created by" and made.start() == 0)


def name_beside_date(line: str, declared: str | None = None) -> str | None:
    """Return the name in a line that holds besides it nothing but a date: "Võ Minh Khuê · 24/09/2026", or None.

    Without a label a name is believed where it begins with a family name of the country or is `declared`, the author
    that the page's metadata name: "Thanh Hóa - 12/3/2024" is a place.
    """
    if len(line) > 100 or not any(char.isdigit() for char in line):
        return None
    if name := labelled_name(line):
        return name
    parts = _parts(line)
    if not any(is_a_date(part) for part in parts):
        return None
    found = {name for part in parts if (name := _believed(part, declared))}
    return found.pop() if len(found) == 1 else None


def _believed(part: str, declared: str | None) -> str | None:
    """Return a part of a line as a name where it surely is one."""
    if is_a_date(part) or len(part.split()) < 2 or (name := _person(part)) is None:
        return None
    known = name.casefold() == (declared or "").casefold() or fold(name.split()[0]) in _FAMILY_NAMES
    return name if known else None


def _parts(line: str) -> list[str]:
    """Return what a line holds beside each other: its date, a name, a section."""
    line = line.strip()
    if not re.search(r"[|·•\n]", line):
        split = _date_apart(line)
        if len(split) > 1:
            return split
    out = []
    for part in _PARTS.split(line):
        if bare := part.strip(" .:-–"):
            out.extend(_date_apart(bare))
    return out


def _date_apart(line: str) -> list[str]:
    """Return what stands before and behind the date at one end of a line, "admin 02 Apr 2025", and the date."""
    words_ = line.split()
    for ends in (False, True):
        row = words_[::-1] if ends else words_
        size = 0
        while size < len(row) and _is_date_word(row[size], _before(words_, len(words_) - 1 - size if ends else size)):
            size += 1
        date = row[:size][::-1] if ends else row[:size]
        rest = row[size:][::-1] if ends else row[size:]
        if rest and (_YEAR.search(" ".join(date)) or _TIME.fullmatch(" ".join(date))):
            bare = " ".join(rest).strip(" .,:-–—|/")
            return [bare, " ".join(date)] if bare else [line]
    return [line]


def _before(row: list[str], index: int) -> str:
    return row[index - 1].casefold() if index else ""


def _is_date_word(word: str, before: str) -> bool:
    """Return True for a word that dates are written with; "Thu", "Mai" and "Ba" are names unless a comma follows.

    `before` is the word before it: "Bảy" is a name but after "thứ", and so is "Đặng", which is no "đăng".
    """
    if not any(char.isalpha() for char in word):
        return True
    bare = word.strip(",.:;()[]-–|/")
    if bare.casefold() in _AFTER:
        return before == _AFTER[bare.casefold()]
    if fold(bare) != bare.casefold():
        if bare.casefold() not in _SPELT:
            return False
        if bare[0].isupper() and bare.casefold() in _NAMES_SPELT and before not in ("thứ", "tháng", "ngày"):
            return False
    if bare.casefold() in _NAMES_TOO and before != "thứ" and bare[:1].isupper() and not word.endswith((",", ".")):
        return False
    return not _OF_A_DATE.sub(" ", re.sub(r"[\d\W_]+", " ", fold(bare))).strip()


_AFTER = {"nhật": "chủ"}
_SPELT = words(
    """
    đăng cập nhật xuất bản được tạo gửi tư một mười sáu bảy tám chín thứ chủ tháng ngày năm lúc vào giờ phút gửi
    """
)
_NAMES_SPELT = words("năm bảy tám sáu chín mười tạo tư nhật bản")
_NAMES_TOO = words("thu mai ba hai nam sau tam tu chin")


def is_a_date(text: str) -> bool:
    """Return True for a text of digits, months, weekdays and the like alone, with a year in it."""
    if not any(char.isdigit() for char in text):
        return False
    rest = re.sub(r"[\d\W_]+", " ", fold(text))
    return not _OF_A_DATE.sub(" ", rest).strip() and len(re.findall(r"\d", text)) >= 2


def is_byline(line: str) -> bool:
    """Return True for a line that says who put the page there and when, whether the name is a person's or not.

    Without a label it takes a whole date beside a name or an account, or parts that bars divide: "Kế hoạch năm 2024"
    and "Kết quả ngày 12/3/2024" are titles.
    """
    if len(line) > _LONGEST:
        return False
    if not any(char.isdigit() for char in line):
        return len(line) <= 60 and _LABELLED_ANY.fullmatch(line.strip()) is not None and labelled_name(line) is not None
    if (match := _LABELLED_ANY.match(line.strip())) and _YEAR.search(line):
        return len(match[0]) < 80
    parts = _parts(line)
    if labelled_name(line) and any(is_a_date(part) for part in parts):
        return True
    if not any(_is_whole_date(part) for part in parts):
        return False
    others = [part for part in parts if not is_a_date(part)]
    barred = re.search(r"[|·•]", line) is not None
    return len(others) <= 3 and all(
        is_account(part) or _NAMES_ALONE.fullmatch(part) or (barred and len(part.split()) <= 4) for part in others
    )


def _is_whole_date(part: str) -> bool:
    """Return True for a date with day, month and year, the month in digits or as a word."""
    if not is_a_date(part) or not _YEAR.search(part):
        return False
    groups = len(re.findall(r"\d+", part))
    return groups >= 3 or (groups == 2 and _MONTH_NAME.search(part) is not None)


_MONTH_NAME = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b|\bth\d", re.IGNORECASE)
_LABELLED_ANY = re.compile(rf"(?i:{_LABEL})\s*:?\s+[^.;!?]{{2,60}}")


def _person(name: str) -> str | None:
    name = tidy(name) or ""
    if not _NAMES_ALONE.fullmatch(name) or is_account(name) or is_organ(name) or is_section_name(name):
        return None
    return None if name.isupper() and len(name.split()) > 1 and len(name) > 30 else name

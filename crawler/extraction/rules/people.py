"""Who wrote it and where it was taken from: bylines, signatures, source lines."""

import re
from collections.abc import Sequence

from crawler.extraction.blocks import Block
from crawler.extraction.rules import words
from crawler.text import fold

_WORK = r"(?:tin|bài viết|bài|ảnh|clip|video|tin bài)"
_BYLINE = re.compile(
    rf"^[(\[*\-–—\s]*(?:(?:{_WORK}(?:\s*(?:,|và|&|-|–|/|\+)?\s*{_WORK})*)\s*[:–/-]"
    r"|(?:tác giả(?: bài viết)?|người (?:viết|đăng|gửi)(?: bài| tin)?|biên tập(?: viên)?"
    r"|thực hiện|theo tác giả|p\.?v|phóng viên|ctv|btv|by|author|written by|posted by|đăng bởi)\s*:)"
    r"\s*(?P<name>[^:\n]{2,70}?)[)\]*\s.]*$",
    re.IGNORECASE,
)
_PHOTO_ONLY = re.compile(r"^[(\[\s]*ảnh\s*[:\-–/]", re.IGNORECASE)
_SOURCE = re.compile(
    r"^[(\[*\-–—\s]*(?:nguồn(?: tin| bài| tin bài)?|theo nguồn|source)\s*[:–-]\s*(?P<name>[^\n]{2,160}?)[)\]\s]*$",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*[.|,;]?\s*(?:ngày đăng|lượt xem|số lượt|đăng lúc|cập nhật|view)\b.*$", re.IGNORECASE | re.DOTALL)
_NAME_LABEL = re.compile(
    r"^(?:(?:submitted|posted|written|published|created|added) by"
    r"|(?:được )?(?:viết|đăng|gửi|tạo|soạn)(?: tin| bài)? bởi"
    r"|(?:tin|bài)(?: viết)?(?:(?: ?, ?| và | & )(?:ảnh|tin|bài|video|clip))*(?= ?:)|p\.?v(?= ?:)|phóng viên|thực hiện"
    r"|tác giả(?: bài viết)?|người (?:đăng|viết|gửi|tạo)(?: tin| bài)?|author|by|bởi)(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
_UPPER = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ"
_NAME = re.compile(rf"^(?:(?:[{_UPPER}][^\W\d_]*)(?:[ .-]+|$)){{1,5}}$")
_ROLE = re.compile(
    r"(?:\s*[-–—,(]\s*|\s+)(?:ubnd|hđnd|mttq|ubmttq|đoàn|hội|ban|phòng|công an|trạm|trường|tổ|văn phòng|vp|ctv"
    r"|bch|đài|tt|trung tâm|cc|cchc"
    r"|p\.|phường|xã|thị trấn|tổng hợp|t/h|\(t/h\)|st|sưu tầm|cổng|báo|theo|sở|quận|huyện)\b.*$",
    re.IGNORECASE,
)
_ORGAN = re.compile(
    r"^(?:trung tâm|phòng|ban |văn phòng|ubnd|uỷ ban|ủy ban|báo|đài|cổng|trang thông tin|hội |đoàn |công an"
    r"|sở |bộ |bch|ttvh|ttxvn|vov|vtv|theo |đảng uỷ|đảng ủy|trạm|mttq|ubmttq)",
    re.IGNORECASE,
)
_PRESS = re.compile(
    r"^(?:báo|đài|cổng|trang thông tin|ttxvn|vov|vtv|trung tâm (?:văn h|truyền|vh)|ttvh|theo )", re.IGNORECASE
)
_ACCOUNT = re.compile(
    r"(?:admin|administrator|ad min|super admin|root|test|user|quan ?tri(?: vien)?|webmaster|editor"
    r"|guest)(?:[ _.-]?(?:admin|web|test|site|\d+))*"
)
_NOT_NAMES = frozenset(
    (
        "kinh gui", "noi nhan", "tran trong", "ha noi", "viet nam", "thong bao", "ket thuc", "the end", "anh minh hoa",
        "hinh anh", "phu luc", "ghi chu", "chu tich", "pho chu tich", "bi thu", "pho bi thu", "giam doc",
        "pho giam doc", "truong phong", "da ky", "xin cam on", "tai lieu", "tran trong kinh moi", "tran trong cam on",
        "nguoi lap",
    )
)  # fmt: skip


# Words that sections and boxes are called by; a name is seldom made of them alone.
_SECTION_WORDS = words(
    """
    tin tuc su kien thong bao hoat dong chuyen doi so chinh tri kinh te xa hoi phap luat giao duc y te the thao
    doi song trong ngoai nuoc noi bat moi nhat an ninh quoc phong du lich moi truong khoa hoc cong nghe van ban
    huong dan tai lieu cai cach hanh chinh dang doan gioi thieu lien he chuyen muc danh muc trang chu media
    video hinh anh thu vien tag tags cloud category categories uncategorized uncategorised news event events
    home archive archives blog posts post general featured none comments comment share by on in the print email
    read more view views anonymous guest
    """
)


def byline(blocks: Sequence[Block]) -> str | None:
    """Return the name that a labelled line among the last or first blocks gives ("Tin, ảnh: Chu Lan"), or None."""
    for block in (*reversed(blocks[-6:]), *blocks[:2]):
        for line in reversed(block.text.split("\n")):
            if len(line) > 140 or _PHOTO_ONLY.match(line):
                continue
            match = _BYLINE.match(line.strip())
            if match and (name := tidy(match.group("name"))) and name[0].isupper() and len(name.split()) <= 10:
                return name
    return None


def source_line(blocks: Sequence[Block]) -> str | None:
    """Return what a line "Nguồn: …" at the end of the text names, or None."""
    for block in reversed(blocks[-6:]):
        for line in reversed(block.text.split("\n")):
            if len(line) <= 200 and block.kind != "caption" and (match := _SOURCE.match(line.strip())):
                return match.group("name").strip(" .") or None
    return None


def bare_source(text: str | None) -> str | None:
    """Return a source without its label: "Nguồn tin: Bản tin phường" → "Bản tin phường"."""
    match = _SOURCE.match(text or "")
    return match.group("name").strip(" .") if match else text


def signature(blocks: Sequence[Block]) -> tuple[str | None, str | None]:
    """Return (person, organ) as signed under the text, each None where there is none.

    Cures: "Minh Thu - UBND phường Hoa Lư" stays as text but never becomes the author. A signature is one of the
    last two lines, short, without a full stop, and a name: every word with a capital, with or without an office.
    """
    lines = [b for b in blocks if b.text and b.kind in ("p", "h", "quote", "li")]
    if len(lines) < 2:
        return None, None
    for block in reversed(lines[-2:]):
        line = block.text.split("\n")[-1].strip(" *")
        sentence = line.endswith((".", "!", "?", ":", ";", ",")) and not line.endswith("/.")
        line = line.strip(" .*()[]–—-/")
        if not line or len(line) > 90 or block.kind == "li":
            continue
        if _ORGAN.match(line) and not sentence and block is lines[-1] and not re.search(r"[.,;:!?] ", line):
            return None, line
        bare = _ROLE.sub("", line).strip(" -–—,")
        names = bare.split()
        if (sentence and bare != line) or len(line.split()) > 14:
            continue
        if not 1 <= len(names) <= 5 or not _NAME.match(bare) or bare.isupper():
            continue
        if len(names) == 1 and block.align != "right":
            continue
        if fold(bare) in _NOT_NAMES:
            continue
        return line, None
    return None, None


def is_organ(name: str) -> bool:
    """Return True for an office, a newspaper or the like: a source, not a person."""
    return _ORGAN.match(name) is not None


def is_section_name(name: str) -> bool:
    """Return True for what boxes and sections are called ("Tag Cloud", "Tin Tức"), which never wrote anything."""
    folded = fold(name)
    return folded in _NOT_NAMES or all(word in _SECTION_WORDS for word in folded.split())


def is_press(name: str) -> bool:
    """Return True for an organ that others take texts from: a newspaper, a station, a media centre."""
    return _PRESS.match(name) is not None


def is_account(name: str) -> bool:
    """Return True for a poster's login that is not a name: admin, quản trị."""
    return _ACCOUNT.fullmatch(fold(name)) is not None or is_section_name(name)


def tidy(name: str | None) -> str | None:
    """Return a name without label, date and counter around it, or None where nothing is left."""
    if not name:
        return None
    name = _CUT.sub("", name).strip()
    name = _NAME_LABEL.sub("", name)
    name = re.sub(r"\s+,", ",", name.strip(" \t\n:.,;|–—-*"))
    if not name or len(name) > 100 or name.startswith("http") or "@" in name:
        return None
    return name

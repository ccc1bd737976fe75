"""Date lines that share their line with something else: a title, a name, a category, a counter.

"Thu Hà - 05/08/2025 - 09:17", "17:26 18/01/2016 Nông nghiệp | Lượt xem: 12" are stamps. A date in a sentence is none:
what stands beside the date must be short, set apart, or the value of a label that a portal writes.
"""

import re
from functools import lru_cache

from crawler.dates.model import FoundDate
from crawler.extraction.blocks import Block, Run
from crawler.extraction.rules import people, titles
from crawler.extraction.rules.lines import is_date_line
from crawler.text import fold

_LONGEST = 200  # characters of a line with a stamp
_LONGEST_NAME, _MOST_WORDS = 50, 8  # of a name or category beside it
_STAMPED = re.compile(
    r"(?P<title>\S.{12,250}?)[\s|–-]+"
    r"(?P<stamp>\(?(?:Ngày (?:cập nhật|đăng(?: tin)?)|Cập nhật(?: lúc| ngày)?|Đăng (?:ngày|lúc))\b.*\d.*)",
    re.IGNORECASE | re.DOTALL,
)
# What a date needs at least: two numbers with a mark between them, or a month's name.
_DATED = re.compile(
    r"\d\s?[/.\-–\\]\s?\d|\d\s?(?:tháng|thg|th)\s?\.?\d|\d\s?tháng\s[mghbtnsc]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:th|thg)\d",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(
    r"\s*[|•·▪●■♦/\\«»\[\]()\t\n]+\s*|\s+[-–—.]+\s*|\s*[-–—]+\s+|^[-–—\s.]+|[-–—\s]+$|\s*[,;]\s+"
    r"|\s+(?=(?:Chuyên mục|Danh mục|Nguồn|Tác giả|Người đăng|Bởi|Lượt xem|Lượt đọc|Số lần|Đã đọc"
    r"|Số lượt|Đã xem|View count|Views|By)\b)"
    r"|(?<=\d [Cc]omments)\s+|(?<=bình luận)\s+|(?<=lượt xem)\s+"
)
_STRONG = re.compile(r"[|•·▪●/\\\[\](]\s*$|\s[-–—]+\s*$|^\s*$")
_LABEL = re.compile(
    r"(?:(?:(?:ngay|thoi gian|gio|luc)(?: (?:dang|cap nhat|tao|xuat ban|dang tin|gui|viet|phat hanh))?"
    r"(?: tin| bai| luc)?"
    r"|(?:da |duoc )?(?:dang|gui|cap nhat|xuat ban|phat hanh|viet)(?: (?:luc|ngay|tai|vao|vao luc|cuoi|lan cuoi))?"
    r"|(?:publish|post|creat|updat|modifi|submitt)ed(?: date)?(?: on| at)?"
    r"|(?:last|post|publish|publication) (?:updated|date)|on|at|vao|vao luc|luc|date|posted)\s*[:.]?)",
    re.IGNORECASE,
)
_WEEKDAY = (
    r"(?:thu? ?[2-7](?=,? ?\d{1,2}[/.-])|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn|t[2-7]"
    r"|mon|tues?|wed|thu|thurs|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_BEFORE = re.compile(rf"(?:^|(?<=[\s|•·,/(\[–-]))(?:{_LABEL.pattern}\s*)?(?:{_WEEKDAY}[\s,.|–-]*)?(?:ngay\s*)?$")
_AFTER = re.compile(rf"^[\s,()|–-]*(?:{_WEEKDAY}\b)?[\s,()]*(?:\(?(?:gmt|utc) ?[+-]? ?\d{{0,2}}(?::?\d\d)?\)?)?")
_COUNTER = re.compile(
    r"(?:so |da |tong )?(?:luot |lan )?(?:xem|doc|truy cap|views?|view count|hits?|binh luan|comments?|chia se|thich"
    r"|luot|phan hoi)(?: count| bai| tin)?\s*[:\-]?\s*[\d.,]*\s*(?:luot|lan)?(?: xem| doc)?"
    r"|[\d.,]+\s*(?:luot|lan)?\s*(?:xem|doc|truy cap|views?|hits?|binh luan|comments?|phan hoi|thich|chia se)?"
    r"|(?:no|0|chua co) (?:comments?|binh luan)|(?:in|ban in|print|email|gui mail|chia se|share|luu)(?: bai(?: viet)?)?"
    r"|a[+-]|c[oỡ] chu|font|tt?"
)
_FIELD = re.compile(
    r"(?:tac gia(?: bai viet)?|p\.?v|phong vien|ctv|btv|thuc hien|(?:nguoi |duoc )?(?:dang|viet|gui)(?: boi)?"
    r"|bien tap|bo?i|(?:posted |written |submitted )?by|author"
    r"|nguon(?: tin)?|source|theo|chuyen muc|danh muc|muc|category|categories|in|trong|thuoc|section|tags?|the)"
    r"\s*:?\s.{1,60}|(?:(?:anh|bai|tin|video)(?:(?: ?, ?| va | & | - | )?(?:anh|bai|tin|video|clip)){0,3})\s*:\s.{1,60}"
    r"|(?:tac gia|nguon|chuyen muc|danh muc)\s*:?",
)
_WRITER = re.compile(r"(?:(?:duoc )?(?:dang|viet|gui) boi|boi|(?:posted |written |submitted )?by)\s*:?\s.{1,60}")
_IN_A_SENTENCE = re.compile(
    r"\b(?:ngày|tháng|từ|đến|sáng|chiều|tối|trưa|vào|số|hạn|trước|sau|năm|và|tới|hôm|là|của|trong|khi|qua|hết|kể)\W*$",
    re.IGNORECASE,
)
_PREPOSITIONS = ("vao", "luc", "vao luc", "at", "on", "vao ngay", "luc ngay")
_TIME = re.compile(r"\d\s?(?:[:hg]|giờ)\s?\d", re.IGNORECASE)
_NEVER = ("today", "cited", "deadline", "effective")


def part_stamp(block: Block, wanted: list[str] | None = None) -> list[Block]:
    """Return a title and the date that ends its line as two blocks; [] for any other block.

    `wanted` are the titles that the page declares: behind one of them the date needs no label. Cures: "Tên bài Ngày cập
    nhật 07/02/2023", title and date in one element, as Thừa Thiên Huế's portals write it.
    """
    if len(block.text) > 300 or block.density > 0.5:
        return []
    match = _STAMPED.fullmatch(block.text)
    pair = (match["title"], match["stamp"]) if match and is_date_line(match["stamp"]) else None
    if pair and _is_beside(pair[0]) and wanted and not any(titles.matches(pair[0], other) for other in wanted):
        pair = None  # "Thu Hà • 3 bình luận • Đăng ngày 07/02/2023"
    if pair is None:
        pair = next(filter(None, (_after_title(block.text, title) for title in wanted or ())), None)
    if pair is None:
        return []
    title, stamp = (Block(block.kind, text.strip(" |-–"), block.node, level=block.level) for text in pair)
    title.strong, title.align = min(block.strong, len(title.text)), block.align
    title.runs, stamp.runs = [Run(title.text, bold=title.strong > 0)], [Run(stamp.text)]
    return [title, stamp]


def _after_title(text: str, title: str) -> tuple[str, str] | None:
    """Return (title, stamp) of a line that begins with a title of the page and ends in a stamp, or None."""
    if len(title) < 12 or not _DATED.search(text[len(title) // 2 :]):
        return None
    for part in (title, *titles.parts(title)[:1]):
        if len(part) >= 12 and text.casefold().startswith(part.casefold()):
            rest = text[len(part) :]
            if rest[:1] and not rest[0].isalnum() and is_stamp(rest.strip()):
                return part, rest
    return None


def is_stamp(line: str) -> bool:
    """Return True for a line that is a publication date with no more beside it than portals put there."""
    return is_date_line(line) or bool(line_stamp(line))


@lru_cache(maxsize=2048)
def line_stamp(line: str) -> str:
    """Return the date with its label, weekday and time out of a line that it shares with names and counters, or ""."""
    if not 8 <= len(line) <= _LONGEST or not _DATED.search(line) or line.rstrip().endswith((":", "?", "!", ";")):
        return ""
    from crawler.dates import find_dates

    found = find_dates(line)
    if not 0 < len(found) <= 2 or any(_is_unfit(one) for one in found):
        return ""
    start = 0
    stamps = []
    for one in found:
        before = line[start : one.span[0]]
        head = _BEFORE.search(fold_line(before))
        label = before[head.start() :] if head else ""
        before = before[: head.start()] if head else before
        said = fold(label).strip(" :|,.-–")
        bare = said == "ngay"
        led_to = said in _PREPOSITIONS and not _WRITER.fullmatch(fold(before))
        if (bare or led_to) and before.strip() and not _STRONG.search(before):
            return ""
        if not bare and not label.strip() and _IN_A_SENTENCE.search(before):
            return ""
        if not _is_beside(before):
            return ""
        stamps.append(f"{label}{one.raw}".strip())
        start = one.span[1]
        if line[start : start + 1] == ":" or (bare and line[start : start + 1] == ","):
            return ""
    tail = _AFTER.match(fold_line(line[start:]))
    after = line[start + (tail.end() if tail else 0) :]
    weekday = line[start : start + tail.end()].strip() if tail else ""
    if not _is_beside(after) or (line.rstrip().endswith(".") and len(after) > 30):
        return ""
    return " | ".join(stamps) + (f" {weekday}" if any(map(str.isalnum, weekday)) else "")


def block_stamps(block: Block) -> list[str]:
    """Return the stamps of a block's lines; where a line is none, with its inline elements set apart.

    Cures: `<span>View count: 99</span> <span>06.10.2025</span><span>8:15</span>`.
    """
    if len(block.text) > 2 * _LONGEST or block.kind == "table":
        return []
    ways = [block.text]
    if 1 < len(block.runs) < 30:
        texts = [text for run in block.runs if (text := run.text.strip(" "))]
        ways += [" | ".join(texts), " ".join(texts)]
    found: list[str] = []
    for text in ways:
        lines = (" ".join(line.split()).strip("| ") for line in text.split("\n"))
        stamps = [stamp for line in lines if (stamp := line_stamp(line))]
        if any(_TIME.search(stamp) for stamp in stamps):
            return stamps
        found = found or stamps
    return found


def is_beside_stamp(block: Block, *, after: bool) -> bool:
    """Return True for a block that a portal sets beside its stamp: a name or category, `after` it only what says so."""
    text = block.text
    if not text or block.images or block.kind in ("table", "h", "pre", "quote") or len(text) > 2 * _LONGEST_NAME:
        return False
    if not _is_beside(text):
        return False
    pieces = [fold(piece.strip(" .,:;|–—-•·")) for piece in _SEPARATORS.split(text)]
    return not after or all(not one or _COUNTER.fullmatch(one) or _FIELD.fullmatch(one) for one in pieces)


def fold_line(text: str) -> str:
    """Return `text` without marks and in lower case, each character at its place."""
    plain = "".join(fold(char) or char if char.isalpha() else char for char in text)
    return plain if len(plain) == len(text) else text.lower()


def _is_unfit(one: FoundDate) -> bool:
    return one.kind != "full" or one.start.day is None or one.is_interval or one.label in _NEVER


def _is_beside(text: str) -> bool:
    """Return True for what a portal writes beside a stamp: names, categories, counters, tools, each set apart."""
    for piece in _SEPARATORS.split(text):
        piece = piece.strip(" .,:;|–—-•·")
        if not piece or not any(map(str.isalnum, piece)):
            continue
        key = fold(piece)
        if _COUNTER.fullmatch(key) or _LABEL.fullmatch(key) or (_FIELD.fullmatch(key) and len(piece.split()) <= 11):
            continue
        if people.is_account(piece):
            continue
        if ":" in piece or len(piece) > _LONGEST_NAME or len(piece.split()) > _MOST_WORDS:
            return False
        if not (piece[0].isupper() or piece[0].isdigit()) or re.search(r"[.!?] \S", piece) or '"' in piece:
            return False
        if _IN_A_SENTENCE.search(piece) or _DATED.search(piece):
            return False
    return True

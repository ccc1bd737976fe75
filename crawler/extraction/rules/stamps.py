"""Date lines, on pages without a layout, that share their line with something else: a title, a name."""

import re

from crawler.extraction.blocks import Block, Run
from crawler.extraction.rules.lines import is_date_line

_LONGEST = 90  # characters of a line with a name and a date
_STAMPED = re.compile(
    r"(?P<title>\S.{12,250}?)[\s|–-]+"
    r"(?P<stamp>\(?(?:Ngày (?:cập nhật|đăng(?: tin)?)|Cập nhật(?: lúc| ngày)?|Đăng (?:ngày|lúc))\b.*\d.*)",
    re.IGNORECASE | re.DOTALL,
)
_DAY = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}"
_TIME = r"\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[AP]M|\s*SA|\s*CH)?"
# Cures: "Ban Văn hóa15/09/2025", "Tuấn Điệp - 05/08/2025 - 09:17", "HT|02/3/2022|10:00".
_SIGNED = re.compile(
    rf"(?P<name>[^\W\d][^\d\n.;!?]{{1,50}}?)[\s|,–-]*(?P<stamp>{_DAY}(?:[\s|,–-]*{_TIME})?)\W*", re.IGNORECASE
)
_IN_A_SENTENCE = re.compile(
    r"\b(?:ngày|tháng|từ|đến|sáng|chiều|tối|vào|số|hạn|trước|sau|năm|và|tới)\W*$", re.IGNORECASE
)


def part_stamp(block: Block) -> list[Block]:
    """Return a title and the labelled date that ends its line as two blocks; [] for any other block.

    Cures: "Tên bài Ngày cập nhật 07/02/2023", title and date in one element, as Thừa Thiên Huế's portals write it.
    """
    if len(block.text) > 300 or block.density > 0.5 or not (match := _STAMPED.fullmatch(block.text)):
        return []
    if not is_date_line(match["stamp"]):
        return []
    title, stamp = (Block(block.kind, text.strip(" |-–"), block.node, level=block.level) for text in match.groups())
    title.strong, title.align = min(block.strong, len(title.text)), block.align
    title.runs, stamp.runs = [Run(title.text, bold=title.strong > 0)], [Run(stamp.text)]
    return [title, stamp]


def signed_stamp(line: str) -> str:
    """Return the date of a line that is a name and a date, as beside a title; "" for any other line."""
    if len(line) > _LONGEST or (match := _SIGNED.fullmatch(line)) is None:
        return ""
    return "" if _IN_A_SENTENCE.search(match["name"]) else match["stamp"]

"""The portal's imprint: who runs it, under which licence, where its office is."""

import re
from collections.abc import Sequence

from crawler.extraction.blocks import Block
from crawler.extraction.rules.lines import Line, classify
from crawler.text import fold

_KINDS = ("imprint", "portal", "contact", "office", "counter")  # the surest first
_PARTS = re.compile(r"\s*[;|•·]\s*|\s+[-–]\s+")
_LONGEST = 400  # characters of a line of an imprint
# What only a portal's imprint says.
_IMPRINT = re.compile(
    r"(?:co quan|don vi) (?:chu quan|chu tri|quan ly)(?: (?:website|cong|trang).{0,40})?\s*[:\-]"
    r"|(?:nguoi )?chiu trach nhiem (?:noi dung|chinh|xuat ban|quan ly)"
    r"|nguoi chiu trach nhiem\s*[:\-]|truong ban bien tap|tong bien tap\s*:"
    r"|giay phep (?:so|thiet lap|hoat dong|xuat ban|cung cap)?.{0,60}"
    r"(?:gp\b|ttdt|stttt|bc\b|bvhtt|thong tin|truyen thong)"
    r"|(?:©|&copy;|\(c\)|copyright|ban quyen (?:©|\(c\)|thuoc|20\d\d|cua))|all rights reserved"
    r"|bao luu (?:moi|toan) quyen"
    r"|(?:thiet ke|phat trien|xay dung|van hanh)(?: va (?:phat trien|xay dung|van hanh))? (?:boi|by)\b|designed by"
    r"|(?:thiet ke|phat trien|xay dung|van hanh)(?: va (?:phat trien|xay dung|van hanh|thiet ke))?\s*:"
    r"|(?:vui long )?ghi ro nguon\b|(?:proudly )?powered by"
)
# The name of the portal: a signature as well, so it tells only with a line of an address.
_PORTAL = re.compile(
    r"(?:cong|trang) (?:thong tin dien tu|ttdt|thong tin|tin dien tu|dien tu)\b.{0,90}|website .{3,60}"
)
_OFFICE = re.compile(r"(?:uy ban nhan dan|ubnd|hdnd(?: - | va |, ?)ubnd|dang uy.{0,12})\b.{0,80}")
# How to reach the office: in many a notice too.
_CONTACT = re.compile(
    r"[\W_]*(?:dia chi|tru so(?: chinh)?|dia diem|(?:so )?dien thoai|dt|sdt|tel|phone|fax|hotline|duong day nong"
    r"|e-?mail|thu dien tu|hop thu|website|address)\b\s*(?:[:.]|\(|lien he|cqdt)"
)
# Who is on the site just now, and how many have been: by itself it says nothing of the lines beside it.
_COUNTER = re.compile(
    r"[\W_]*(?:(?:so |tong |tong so )?(?:nguoi|luot|khach|thanh vien)? ?(?:dang )?"
    r"(?:truy cap|truc tuyen|online|tham|luot|xem)(?: (?:hom nay|trang|website|cong|trong (?:ngay|tuan|thang|nam)))?"
    r"|hom (?:nay|qua)|(?:tuan|thang|nam) (?:nay|truoc)|tat ca|tong(?: cong| so)?|khach(?: vieng tham)?"
    r"|(?:total |page ?)?(?:visitors?|visits?|views|hits|users? online)|today|yesterday|this (?:week|month)|total)"
    r"\s*[:\-]?\s*[\d.,]+(?: (?:luot|nguoi|khach))?[\W_]*"
)
_STREET = re.compile(
    r"(?:so |so nha )?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?)?,? [a-z][^.;:!?|/]{3,60}, ?"
    r"(?:phuong|xa(?! hoi)|thi tran|quan|huyen|tp\b|thanh pho|tinh)\b[^.;:!?]{0,80}"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def footer_kind(line: str) -> str:
    """Return what a line is in an imprint: "imprint", "portal", "office", "contact" or "counter"; "" for others."""
    if len(line) > _LONGEST:
        return ""
    if len(parts := [part for part in _PARTS.split(line) if any(map(str.isalnum, part))]) > 1:
        kinds = [_kind(part) for part in parts[:12]]
        if all(kinds):
            return min(kinds, key=_KINDS.index)
    return _kind(line)


def _kind(line: str) -> str:
    key = fold(line).strip(" -–•*|·.")
    if _IMPRINT.match(key) or ("giay phep" in key[:60] and re.search(r"gp\b|ttdt", key)):
        return "imprint"
    if _CONTACT.match(key) or (len(line) < 80 and _MAIL.search(line) and len(_MAIL.sub("", line)) < 20):
        return "contact"
    if _PORTAL.fullmatch(key):
        return "imprint" if _CONTACT.search(key) and "giay phep" in key else "portal"
    if _OFFICE.fullmatch(key) and not line.rstrip().endswith((".", ";", "!", "?")):
        return "office"
    if _STREET.fullmatch(key) and not line.rstrip().endswith((".", ";", "!", "?")):
        return "contact"
    return "counter" if _COUNTER.fullmatch(key) else ""


def is_footer_text(text: str) -> bool:
    """Return True where a text as a whole reads like an imprint: it begins with one, or speaks of a licence."""
    key = fold(text[:600])
    first = footer_kind(text.split("\n")[0][:_LONGEST])
    return bool(first) or _IMPRINT.search(key) is not None or (_CONTACT.search(key) is not None and len(text) < 600)


def without_footer(blocks: Sequence[Block], *, apart: bool = False) -> list[Block]:
    """Return the blocks without the imprint at their end.

    A run of an imprint's lines goes where one of them says what only imprints say (a licence, a copyright, who is
    responsible), or where the portal's name and its address stand together. `apart`: the blocks were found without
    an element named for the text; then an address alone is the portal's where nothing else is left.
    """
    end = len(blocks)
    kinds: set[str] = set()
    cut = end
    while end:
        block = blocks[end - 1]
        found = _kinds(block)
        if found is None:
            break
        end -= 1
        kinds |= found
        if found:
            cut = end
    while cut < len(blocks) and not _kinds(blocks[cut]):
        cut += 1
    certain = "imprint" in kinds or ("portal" in kinds and "contact" in kinds)
    alone = apart and bool(kinds) and not any(_says_something(block) for block in blocks[:cut])
    return list(blocks[:cut]) if certain or alone else list(blocks)


def _says_something(block: Block) -> bool:
    return bool(block.text) and classify(block.text) is None


def _kinds(block: Block) -> set[str] | None:
    """Return what the lines of a block are in an imprint, without those that say nothing; None for other text."""
    if block.kind == "table" or (block.images and not block.text):
        return None
    out: set[str] = set()
    for line in block.text.split("\n"):
        if not line.strip():
            continue
        kind = footer_kind(line)
        if kind:
            out.add(kind)
        elif classify(line) not in (Line.END, Line.TOOL, Line.META, Line.LABEL):
            return None
    return out

"""Text typed in the fonts of the 1990s: TCVN3 (ABC, ".VnTime") and VNI. It decodes as valid cp1252 and reads as noise.

Detected here; converted by the optional package viparse (the group `fonts`). Without it the text stays as it is
and a note says what is missing. The original bytes are in the capture in any case.
"""

import re
from html import escape, unescape
from importlib import import_module
from itertools import islice

from crawler.errors import how_to_install

# TCVN3 puts its letters among cp1252's signs: no language spells a letter beside one of these.
_TCVN3 = re.compile(r"(?<=[a-zA-Z])[µ¶·¸¹¨©ª«¬\xad®»¼½¾§¦×]|[§®](?=[a-z\u00a8-\u00fe])")
# VNI writes the vowel and its marks as two letters: "Vieät", "chuû", "ñöôøng".
_VNI = re.compile(r"[aeoAEO][äáàåãâéèëêûüùøõï]|[uUyY][äáàåãûüùøõï]|[öô][ùøûõï]|ñ[öô]")
_MODERN = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_SEGMENT = re.compile(r"(?<=>)[^<>]{2,}(?=<)")
_SKIPPED = re.compile(r"(<(script|style)\b.*?</\2\s*>)", re.IGNORECASE | re.DOTALL)
_LONGEST = 1_000_000
_SHORT = 120  # characters
# Marks that such text cannot do without (đ, à, ư): letters, pairs by the rarer of their letters, and entities.
_LETTERS = "®µ\xadñ"
_PAIRS = (("ù", "aù"), ("ä", "oä"), ("ä", "eä"), ("å", "oå"), ("ö", "öô"))
_ENTITIES = re.compile("&(?:reg;|micro;|shy;|#1[78]|ntilde;)")
_FEW = 2
_NAMES = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}


def font_of(text: str) -> str | None:
    """Return "tcvn3" or "vni" for text in such a font, None for any other, Unicode Vietnamese above all."""
    sample = text[:20_000]
    length = len(sample)
    if length < 12 or len(_MODERN.findall(sample)) * 40 > length:
        return None
    if len(_TCVN3.findall(sample)) * 20 > length:
        return "tcvn3"
    if len(_VNI.findall(sample)) * 12 > length:
        return "vni"
    return None


def _is_short_piece(text: str, font: str) -> bool:
    """Whether a title or a caption, too short to show its font by itself, has marks of the page's font."""
    marks = _TCVN3 if font == "tcvn3" else _VNI
    return len(text) < _SHORT and not _MODERN.search(text) and marks.search(text) is not None


def convert(text: str, font: str) -> str | None:
    """Return the text in Unicode, or None where viparse is not installed."""
    try:
        fix = import_module("viparse").fix
    except ImportError:
        return None
    return str(fix(text, encoding=font))


def _has_marks(html: str) -> bool:
    """Whether a page has marks of such fonts; looks for single letters first, which is fastest by far."""
    count = sum(html.count(letter) for letter in _LETTERS)
    count += sum(html.count(pair) for letter, pair in _PAIRS if letter in html)
    if count < _FEW and "&" in html:
        count += sum(1 for _ in islice(_ENTITIES.finditer(html), _FEW))
    return count >= _FEW


def convert_page(html: str) -> tuple[str, str | None]:
    """Return (the page with its font-coded texts in Unicode, a note or None).

    Text by text, as a page's chrome is often Unicode where an old article pasted into it is not. A page without the
    letters that such text cannot do without, or of over a million characters, is passed back at once.
    """
    if len(html) > _LONGEST or not _has_marks(html):
        return html, None
    parts = _SKIPPED.split(html)  # text, skipped element, its tag name, text …
    texts = (unescape(text) for part in parts[::3] for text in _SEGMENT.findall(part))
    seen = next((font for text in texts if (font := font_of(text))), None)
    if seen is None:
        return html, None
    missing = False

    def one(match: re.Match[str]) -> str:
        nonlocal missing
        text = unescape(match.group())
        font = font_of(text) or (seen if _is_short_piece(text, seen) else None)
        if font is None:
            return match.group()
        converted = convert(text, font)
        if converted is None:
            missing = True
            return match.group()
        return escape(converted, quote=False)

    html = "".join(
        _SEGMENT.sub(one, part) if index % 3 == 0 else part for index, part in enumerate(parts) if index % 3 != 2
    )
    if missing:
        return html, f"text in the font encoding {_NAMES[seen]}: {how_to_install('fonts')} to convert it"
    return html, f"converted from the font encoding {_NAMES[seen]}"

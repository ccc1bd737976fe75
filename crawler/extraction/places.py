"""Where on a page something is, in words that are the same on all pages of a site."""

import re
from typing import Any

_DIGITS = re.compile(r"\d+")
_LEVELS = 3


def place_of(el: Any) -> str:
    """Return the element and the two around it, each with its classes or id and without numbers:
    "div.chi-tiet/p/span.ngay-dang"."""
    parts: list[str] = []
    while el is not None and len(parts) < _LEVELS and el.tag not in ("body", "html"):
        name = el.get("class") or el.get("id") or ""
        names = "." + ".".join(sorted(_DIGITS.sub("", name).split())[:4]) if name.strip() else ""
        parts.append(f"{el.tag}{names}"[:80])
        el = el.getparent()
    return "/".join(reversed(parts))

"""What leads to another page when it is clicked: links, and cards that have an address without being a link."""

import re
from typing import Any

from spiders.lists.short_texts import short_text

_ADDRESSES = ("data-href", "data-url", "data-link", "routerlink", "ng-href")
_GOES = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\(|window\.open\s*\()\s*(['\"])(?P<address>[^'\"]+)\1"
)
_NOT_TO_READ = frozenset({"button", "input", "select", "option", "form", "body", "html", "img", "iframe", "script"})
_LEAST = 4  # characters of text in a card: buttons for sharing have an address and no text

Element = Any  # an lxml element: lxml has no types


def address_of_element(element: Element) -> str:
    """Return where a click on an element leads, as written; "" where it leads nowhere.

    Besides links: an element that says so in `data-href` and the like, or in the script of its `onclick`. A card with
    an address leads there unless a link in it does so itself.
    """
    if not isinstance(element.tag, str):
        return ""
    if element.tag in ("a", "area"):
        href = (element.get("href") or "").strip()
        return href if _is_address(href) else _of_script(element)
    if element.tag in _NOT_TO_READ or not element.attrib:
        return ""
    address = _of_script(element)
    if not address or len(short_text(element, 200)) < _LEAST:
        return ""
    return "" if any((link.get("href") or "").strip() == address for link in element.iter("a")) else address


def _of_script(element: Element) -> str:
    for name in _ADDRESSES:
        if _is_address(address := (element.get(name) or "").strip()):
            return str(address)
    if (script := element.get("onclick")) and (goes := _GOES.search(script)):
        return goes["address"].strip() if _is_address(goes["address"].strip()) else ""
    return ""


def _is_address(text: str) -> bool:
    return bool(text) and not text.lower().startswith(("#", "javascript:", "mailto:", "tel:", "data:"))

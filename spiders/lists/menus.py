"""What on a page is around its lists: menus, headers, footers, side boxes."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from spiders.lists.dates_beside import stamps

_MOST = 0.4  # share of the page's text from which a box cannot be a menu
_MENU_TAGS = frozenset({"nav", "footer", "header", "form", "select", "dialog"})
_MENU_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w{0,6}-?menu(?:bar)?\d?|menu[_-]\w+|nav|navbar|navigation|breadcrumbs?|duong-?dan|footer|foot|"
    r"pagination|pager|phan-?trang|\w*banner\w*|lien-?ket\w*|topbar|login|search\w*)(?:$|[\s_-])"
    r"|(?:^|\s)(?:(?:site|main|top)[_-]?)?header(?:$|\s)",
    re.IGNORECASE,
)
_SIDE_NAME = re.compile(
    r"(?:^|\s)(?:(?:col|cot|column|box|block|panel|content|wrap)?[_-]?(?:right|left|phai|trai)|"
    r"(?:right|left)[_-]?(?:col\w*|bar|content|box|panel)|(?:\w+[_-])?side(?:bar)?(?:[_-]\w+)?|widget\w*|"
    r"tin-?(?:moi|khac|lien-?quan)\w*|(?:xem|doc)-?nhieu\w*|related\w*|hot-?news|most-?\w+)(?:$|\s)",
    re.IGNORECASE,
)

Element = Any  # an lxml element: lxml has no types


def in_menus(root: Element) -> set[Element]:
    """Return all that is in the menus, headers and footers of the page: elements with such names, but for those with
    most of its text, and for those of one card alone."""
    total = max(1, len(root.text_content()))
    found: set[Element] = set()
    for element in root.iter():
        tag = element.tag
        if not isinstance(tag, str) or tag in ("html", "body", "a") or element in found:
            continue
        named = tag in _MENU_TAGS or _MENU_NAME.search(f"{element.get('class', '')} {element.get('id', '')}")
        if not named or (tag == "header" and any(above.tag in ("article", "li") for above in element.iterancestors())):
            continue
        if _is_of_card(element) and len({link.get("href") for link in element.iter("a")}) < 2:
            continue  # a card's own header or footer
        if tag == "form" and element.find(".//table") is not None and next(stamps(element, None), ""):
            continue  # the last page of Joomla's table of articles: the form is its filter
        if tag == "nav" or len(element.text_content()) < _MOST * total:
            found.update(element.iter())
    return found


def _is_of_card(element: Element) -> bool:
    if element.tag == "footer":
        return any(above.tag in ("article", "li") for above in element.iterancestors())
    return element.tag not in _MENU_TAGS - {"header"}


def side_boxes(under: Mapping[Element, Collection[str]]) -> set[Element]:
    """Return the elements that are named like side boxes, but for one with more than half of the page's headlines.

    `under`: element → what names the headlines inside it.
    """
    total = len({key for keys in under.values() for key in keys})
    return {element for element, keys in under.items() if is_named_side_box(element) and 2 * len(keys) <= total}


def is_named_side_box(element: Element) -> bool:
    """Return whether an element is named like a side box."""
    if element.tag in ("html", "body"):
        return False
    return element.tag == "aside" or bool(_SIDE_NAME.search(f"{element.get('class', '')} {element.get('id', '')}"))

"""Addresses of procedures and of other screens of public services: listed like news, but none."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_SCREEN = re.compile(
    r"/(?:[\w-]+-)?chi-tiet-(?:thu-tuc(?:-hanh-chinh)?|tthc|dich-vu-cong|dvc|ho-so)(?:\.\w+)?/?$"
    r"|/(?:thu-tuc(?:-hanh-chinh)?|tthc|dich-vu-cong|dvc)/chi-tiet(?:\.\w+)?/?$"
    r"|/(?:nop|tra-cuu|tracuu)-?(?:ho-?so|truc-tuyen)(?:[/.]|$)",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"(?:ma|id)_?(?:thu_?tuc|tthc|dvc|ho_?so)|(?:thu_?tuc|tthc|procedure)(?:_?(?:id|ma|code))?", re.IGNORECASE
)
_SECTION = re.compile(
    r"/(?:bo-)?(?:thu-tuc(?:-hanh-chinh)?|tthc|dich-vu-cong(?:-truc-tuyen)?|dvc|dvctt)/(?=[^/])", re.IGNORECASE
)


def is_procedure(url: str) -> bool:
    """Return True for the address of a procedure or of a form for one: `/thu-tuc/chi-tiet?id_tthc=101`."""
    parts = urlsplit(url)
    if _SCREEN.search(unquote(parts.path)):
        return True
    return any(_PARAMETER.fullmatch(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))


def may_be_procedure(url: str) -> bool:
    """Return True for an address in a section of procedures, where news stand as well: what is news shows a date."""
    return _SECTION.search(unquote(urlsplit(url).path)) is not None

"""Whether two pages of a server are one and the same but for the host's name, times and tokens. Pure."""

import re

from crawler.extraction.charsets import decode
from crawler.extraction.isolation import drop_scripts
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.tree import parse
from crawler.text import fold, normalize

_MOST_TEXT = 200_000  # characters
_MOSTLY = 0.9  # the share of lines in common from which the same site is shown, where no line names another
_FEWEST_LINES = 5
_VARYING = re.compile(r"[0-9a-f]*\d[0-9a-f]*|\d+")
_NAMES = re.compile(r"\b(?:phuong|xa|thi tran|dac khu|ward|commune|quan|huyen|thi xa|thanh pho)\b")
_LINE = re.compile(r"\s*\n\s*")

Side = tuple[bytes, str, tuple[str, ...]]
"""A page: its bytes, the charset of its header, the hosts for which it came."""


def alike(one: Side, other: Side) -> bool:
    """Tell whether two pages say the same, but for the names of their hosts, numbers and tokens.

    Lists may have moved on between the two: where nine in ten lines are the same, with the title, and no line that
    differs names a unit or district, they are the same too. Wards on one install differ by their names.
    """
    if one[0] == other[0]:
        return True
    first, second = _said(*one), _said(*other)
    if first == second:
        return True
    mine, others = set(first), set(second)
    if first[:1] != second[:1] or min(len(mine), len(others)) < _FEWEST_LINES:
        return False
    differing = mine ^ others
    shared = len(mine & others) / max(len(mine), len(others))
    return shared >= _MOSTLY and not any(_NAMES.search(line) for line in differing)


def _said(body: bytes, charset: str, hosts: tuple[str, ...]) -> list[str]:
    """The title and the lines that a page shows, without what varies from request to request; the source of a page that
    shows nothing."""
    decoded = decode(body, charset or None)
    if decoded is None:
        return [repr(body)]
    try:
        root, _, _ = parse(decoded.text)
    except PageTooLarge:
        root = None
    if root is None:
        return [_plain(decoded.text, hosts)]
    drop_scripts(root)
    title = " ".join((root.findtext(".//title") or "").split())
    shown = root.find("body")
    text = "\n".join((root if shown is None else shown).itertext())[:_MOST_TEXT]
    lines = [line for line in _LINE.split(_plain(normalize(text), hosts)) if line.strip()]
    return [_plain(title, hosts), *lines] if lines else [_plain(decoded.text, hosts)]


def _plain(text: str, hosts: tuple[str, ...]) -> str:
    text = fold(text)
    for name in sorted({name for host in hosts for name in (host, host.partition(".")[0])}, key=len, reverse=True):
        if len(name) > 3:
            text = text.replace(name, "*")
    return _VARYING.sub("#", text)

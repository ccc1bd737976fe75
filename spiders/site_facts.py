"""The facts of a site that change how it is crawled: what each may be.

A class in a site file states them, a table has columns for most, and `[site.SLUG]` of a configuration goes before both.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from crawler.network.proxies import TAKES, is_proxy

_LONGEST_WAIT = 100_000  # hours
_FIRST_LETTER, _DELETE = 32, 127


def _is_number(value: Any, least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value < math.inf


def _is_header(value: Any) -> bool:
    """Whether a value can stand in a header: a line break in it would begin a second one."""
    return isinstance(value, str) and all(_FIRST_LETTER <= ord(one) != _DELETE for one in value)


def _is_web_address(value: Any) -> bool:
    return value == "" or (_is_header(value) and re.fullmatch(r"https?://[^\s/]\S*", value) is not None)


def _are_paths(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(
        isinstance(path, str) and path.startswith("/") and path != "/" for path in value
    )


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "delay": (lambda value: value is None or _is_number(value, 0), "a number of seconds, 0 or more"),
    "timeout": (lambda value: _is_number(value, 0), "a number of seconds"),
    "user_agent": (_is_header, "a text of one line"),
    "proxy": (lambda value: value in (None, "") or (isinstance(value, str) and is_proxy(value)),
              f'{TAKES}, or "" for none'),
    "tls": (lambda value: value in ("", "old", "any"), '"old", "any" or ""'),
    "every": (lambda value: isinstance(value, int) and _is_number(value, 1) and value <= _LONGEST_WAIT,
              "a number of hours, 1 or more"),
    "attachments": (lambda value: value is None or isinstance(value, bool), "True or False"),
    "pictures": (lambda value: value is None or isinstance(value, bool), "True or False"),
    "requisites": (lambda value: value in (None, "browser") or isinstance(value, bool), 'True, False or "browser"'),
    "render": (lambda value: value in ("", "lists", "pages"), '"lists", "pages" or ""'),
    "leave_out": (_are_paths, "a list of beginnings of paths like ('/van-ban',), none of them '/' alone"),
    "rights": (_is_header, "a text of one line"),
    "rights_url": (_is_web_address, "the address of a page, like https://rightsstatements.org/vocab/CNE/1.0/"),
}  # fmt: skip

FACTS = tuple(_CHECKS)
_SECRET = {"proxy"}  # may hold a password


def wrong_fact(name: str, value: object) -> str | None:
    """Return what is wrong with the value of a fact, as a sentence, or None."""
    is_right, takes = _CHECKS[name]
    if is_right(value):
        return None
    return f"it is not {takes}" if name in _SECRET else f"{value!r} is not {takes}"


def wrong_facts(site: type) -> Iterator[str]:
    """Yield what is wrong with the facts that a class states, each named."""
    for name in FACTS:
        if wrong := wrong_fact(name, getattr(site, name)):
            yield f"{name}: {wrong}"

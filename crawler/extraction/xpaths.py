"""What XPaths find on a page."""

from functools import lru_cache
from typing import Any

from crawler.text import normalize


@lru_cache(maxsize=512)
def compiled(path: str) -> Any:
    """Return the XPath, compiled once."""
    from lxml.etree import XPath

    return XPath(path)


def find(root: Any, paths: tuple[str, ...]) -> list[Any]:
    """Return what the first XPath that gives anything gives; [] where none does. Raises XPathError for a bad path."""
    for path in paths:
        found = compiled(path)(root)
        if isinstance(found, list):
            if found:
                return found
        elif found:
            return [found]
    return []


def text_of(item: Any) -> str:
    """Return the text of an XPath result: an element's or a string, on one line."""
    raw = item if isinstance(item, str) else " ".join(item.itertext())
    return normalize(" ".join(raw.split()))


def first_text(root: Any, paths: tuple[str, ...], container: Any = None) -> str | None:
    """Return the first non-empty text that the XPaths give, tried in order, or None.

    Paths that begin with "." are looked up in the container.
    """
    for path in paths:
        for item in find(container if container is not None and path.startswith(".") else root, (path,)):
            text = text_of(item)
            if text:
                return text
    return None

"""Articles as an Atom feed (RFC 4287)."""

from collections.abc import Callable, Iterable
from xml.etree import ElementTree

from crawler.browse.page_data import Hit
from crawler.dates.model import HANOI_OFFSET
from storage.views.sites import NamedSite

_ATOM = "http://www.w3.org/2005/Atom"
_EMPTY = f"1970-01-01T00:00:00{HANOI_OFFSET}"


def atom(
    articles: Iterable[Hit],
    sites: dict[str, NamedSite],
    base: str,
    permalink: Callable[[Hit], str],
    query: str,
) -> str:
    """Return a feed of `articles`; `base`: scheme and host of these pages, `query`: what the feed was asked with.

    An entry's id is made of the site and the article's identity, so that it never changes, on any machine.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        element.text = text or None
        return element

    own = f"{base}/feed.atom{f'?{query}' if query else ''}"
    rows = list(articles)
    add(root, "title", "Tin Phường")
    add(root, "id", f"tag:tinphuong,2025:feed?{query}")
    add(root, "link", rel="self", href=own, type="application/atom+xml")
    add(root, "link", rel="alternate", href=f"{base}/", type="text/html")
    add(root, "updated", max((_moment(row["published_at"]) for row in rows), default=_EMPTY))
    for row in rows:
        entry = add(root, "entry")
        add(entry, "title", row["title"])
        add(entry, "id", f"tag:tinphuong,2025:{permalink(row)}")
        add(entry, "link", rel="alternate", href=f"{base}{permalink(row)}", type="text/html")
        add(entry, "link", rel="via", href=row["url"])
        add(entry, "updated", _moment(row["published_at"]))
        add(add(entry, "author"), "name", sites[row["site"]]["name"] if row["site"] in sites else row["site"])
        if row["section"]:
            add(entry, "category", term=row["section"])
        add(entry, "summary", row["summary"] or "".join(piece.text for piece in row["snippet"]))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _moment(text: str | None) -> str:
    """A date of any precision as the moment Atom asks for: its beginning, in Việt Nam's time."""
    if not text:
        return _EMPTY
    day, _, time = text.split("/")[0].partition("T")
    day += "-01-01"[len(day) - 4 :] if len(day) < 10 else ""
    clock, zone = (time[:8], time[8:] if len(time) > 8 and time[8] in "+-Z" else "")
    if time and time[5:6] in ("+", "-", "Z"):
        clock, zone = time[:5], time[5:]
    clock = (clock or "00:00:00") if len(clock) != 5 else f"{clock}:00"
    return f"{day}T{clock}{zone or HANOI_OFFSET}"

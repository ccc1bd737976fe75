"""What a page says of itself in JSON-LD: its own article among the objects that it describes.

A page describes more than itself: a list of other articles, the site, the web page, comments. A date or a headline is
taken from the one object that is the page's own article, and from none where no object can be told to be it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.extraction.rules import titles
from crawler.text import normalize

_LARGEST = 200_000  # characters of one script
_MOST_OBJECTS = 400
_DEEPEST = 12
_ARTICLE = re.compile(r"(?:\w*(?:article|posting)|report|newsitem)$", re.IGNORECASE)
_ANY_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"[^"]*(?:Article|Posting|Report)"', re.IGNORECASE)
# Under these names an object stands in its own right; under itemListElement, hasPart, comment it is another's.
_OWN = ("@graph", "mainEntity", "mainEntityOfPage")
_ADDRESSES = ("url", "@id", "mainEntityOfPage")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_AROUND = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)?\s*|\s*(?:-->|//\s*\]\]>|\]\]>)?\s*;?\s*$")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


@dataclass(slots=True)
class OwnArticle:
    """What the page's own object says; `described` is True where any object of the page is an article."""

    described: bool = False
    headline: str = ""
    dates: tuple[str, ...] = ()


def own_article(scripts: list[str], addresses: list[str], names: list[str]) -> OwnArticle:
    """Return the page's own article in the texts of its JSON-LD scripts.

    `addresses` are the page's own (as fetched, canonical), `names` its titles, declared and shown. An object is the
    page's where its address or headline is; one alone that has neither is too. A WebPage speaks for the page only where
    no article is described. Broken JSON is read if that takes little; nothing raises.
    """
    out = OwnArticle()
    articles: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    for script in scripts[:20]:
        text = script[:_LARGEST]
        data = _loaded(text)
        if data is None:
            out.described = out.described or _ANY_ARTICLE.search(text) is not None
            dates = _JSON_DATE.findall(text)
            if _ANY_ARTICLE.search(text) and len(dates) == 1 and "ListItem" not in text and "ItemList" not in text:
                out.dates = out.dates or (normalize(dates[0]),)
            continue
        for one, own in _objects(data):
            if _is(one, _ARTICLE):
                out.described = True
                if own:
                    articles.append(one)
            elif own and _is(one, re.compile("(?:web|item|about)?page$", re.IGNORECASE)):
                pages.append(one)
    chosen = _chosen(articles, addresses, names)
    if chosen is not None:
        out.headline = _text(chosen.get("headline")) or _text(chosen.get("name"))
    elif not out.described:
        chosen = next((one for one in pages if _fit(one, addresses, names) > 0), None)
    if chosen is not None:
        date = _text(chosen.get("datePublished")) or (_text(chosen.get("dateCreated")) if out.headline else "")
        out.dates = (date[:60],) if date else out.dates
    return out


def _loaded(text: str) -> Any:
    text = _AROUND.sub("", text)
    plain = unescape(text) if "&quot;" in text or "&#34;" in text else text
    for attempt in (text, plain, _TRAILING_COMMA.sub("", plain)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(data: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield (object, whether it stands in its own right) for every object, outermost first."""
    rest: list[tuple[Any, bool, int]] = [(data, True, 0)]
    seen = 0
    while rest and seen < _MOST_OBJECTS:
        item, own, depth = rest.pop(0)
        if depth > _DEEPEST:
            continue
        if isinstance(item, list):
            rest.extend((one, own, depth + 1) for one in item[:_MOST_OBJECTS])
        elif isinstance(item, dict):
            seen += 1
            yield item, own
            rest.extend(
                (value, own and name in _OWN, depth + 1)
                for name, value in item.items()
                if isinstance(value, (dict, list)) and isinstance(name, str)
            )


def _is(one: dict[str, Any], kind: re.Pattern[str]) -> bool:
    types = one.get("@type")
    types = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and kind.match(re.split(r"[/:#]", name)[-1]) for name in types)


def _chosen(articles: list[dict[str, Any]], addresses: list[str], names: list[str]) -> dict[str, Any] | None:
    fits = [_fit(one, addresses, names) for one in articles]
    best = max(fits, default=-1)
    if best > 0:
        return articles[fits.index(best)]
    return articles[0] if best == 0 and len(articles) == 1 else None


def _fit(one: dict[str, Any], addresses: list[str], names: list[str]) -> int:
    """Return how surely an object is the page's own: 2 by its address, 1 by its headline, 0 it says neither, -1 not."""
    places = [_address(one.get(name)) for name in _ADDRESSES]
    said = [place for place in map(_path, filter(None, places)) if place]
    own = {place for place in map(_path, addresses) if place}
    if any(place in own for place in said):
        return 2
    headline = _text(one.get("headline")) or _text(one.get("name"))
    if headline:
        return 1 if any(titles.matches(headline, name) or titles.matches(name, headline) for name in names) else -1
    return -1 if said else 0


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and not value.startswith("#") else ""


def _path(address: str) -> str:
    """Return the part of an address that tells pages of a site apart: "/" and a fragment alone tell nothing."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/").removeprefix("/index.php")
    return f"{path}?{parts.query}" if parts.query else path


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    return normalize(unescape(value) if "&" in value else value)[:600] if isinstance(value, str) else ""

"""The hosts that pages name: links, options and `data-url` whose text or label names a unit of a province."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler import urls
from crawler.discovery.model import Candidate, FrontPage
from crawler.discovery.statements import statement
from crawler.extraction.charsets import declared_charset, decode
from crawler.extraction.isolation import base_of
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.tree import parse, slim
from crawler.text import normalize
from crawler.units import Unit, table
from crawler.units.hosts.reading import read_host
from crawler.units.keys import key
from crawler.units.provinces import ProvinceQuery

if TYPE_CHECKING:
    from storage.collection import Collection

_MOST = 5000  # links of a page
_LONGEST_WORDS = 100  # characters of a link's text that may name a portal; titles of articles are longer
_DATA = ("data-url", "data-href", "data-link", "data-value")
_OPENED = re.compile(r"""(?:open|href\s*=|replace|assign)\s*\(?\s*["'](https?://[^"']+)["']""", re.IGNORECASE)
_FRONT_PATH = re.compile(
    r"/?(?:(?:index|default|home|trang-?chu|pages/default|portal/home|vi|vi-vn|web/guest|portal)(?:\.\w{3,5})?/?){0,2}",
    re.IGNORECASE,
)
_NEVER = re.compile(r"(?:^|\.)(?:facebook|youtube|google|zalo|tiktok|twitter|x|wikipedia|instagram)\.\w+$")


def links_of(page: FrontPage, province: ProvinceQuery) -> Iterator[Candidate]:
    """Yield the hosts that a page names for units of a province, each once; `form` is "link".

    Read are links, areas of maps, options of menus, `data-url` and addresses that a click opens. A host counts where
    its own label names a unit of the province, or where the link's words do and it leads to the host's front page. A
    host outside .gov.vn needs words that name the unit with its kind.
    """
    own, seen = urls.plain_host(urls.host(page.url)), set[str]()
    for url, words in _named(page):
        host = urls.plain_host(urls.host(url))
        if host in seen or host == own or "." not in host or _NEVER.search(host):
            continue
        if units := _units(host, url, words, province):
            seen.add(host)
            yield Candidate(host, units, "link", page.url, words)


def links_in_captures(collection: "Collection", sites: Iterable[str], province: ProvinceQuery) -> Iterator[Candidate]:
    """Yield the hosts that the newest captures of lists of `sites` (slugs) name for units of a province, each once."""
    from storage.archives.newest_lists import newest_lists

    seen: set[str] = set()
    for capture in newest_lists(collection, sites):
        charset = declared_charset(capture.content_type) or ""
        page = FrontPage(urls.host(capture.url), capture.url, capture.status, capture.body, capture.time, charset)
        for candidate in links_of(page, province):
            if candidate.host not in seen:
                seen.add(candidate.host)
                yield candidate


def _named(page: FrontPage) -> Iterator[tuple[str, str]]:
    """Yield (address, words) of everything on a page that leads to another."""
    try:
        decoded = decode(slim(page.body), page.charset or None)
        root = parse(decoded.text)[0] if decoded else None
    except PageTooLarge:
        return
    if root is None:
        return
    base = base_of(root, page.url)
    for number, (href, element) in enumerate(_addresses(root)):
        if number >= _MOST:
            return
        url = urls.absolute(base, href) if "/" in href or "." in href else None
        if url is not None:
            said = " ".join(element.itertext()) or element.get("title") or element.get("alt") or ""
            yield url, normalize(" ".join(said.split()))


def _addresses(root: Any) -> Iterator[tuple[str, Any]]:
    for element in root.iter("a", "area", "option", "li", "div", "span", "button", "td", "path", "g"):
        attributes = element.attrib
        for name in ("href",) if element.tag in ("a", "area") else ("value",) if element.tag == "option" else ():
            if attributes.get(name):
                yield attributes[name], element
        for name in _DATA:
            if attributes.get(name):
                yield attributes[name], element
        if "onclick" in attributes and (opened := _OPENED.search(attributes["onclick"])):
            yield opened[1], element


def _units(host: str, url: str, words: str, province: ProvinceQuery) -> tuple[Unit, ...]:
    """Return the units of the province that a link can mean."""
    official = host.endswith(".gov.vn")
    reading = read_host(host)
    by_host = reading.units if official else []
    by_words: list[Unit] = []
    if 0 < len(words) <= _LONGEST_WORDS:
        said = statement(words)
        by_words = [unit for named in said.named[:1] for unit in named.units] if said.is_clean else []
        if not by_words and official:
            by_words = table().by_name.get(key(words), [])
    inside = [unit for unit in by_host if province.holds(unit)]
    if not inside and _FRONT_PATH.fullmatch(urlsplit(url).path) and reading.ward:
        inside = [unit for unit in by_words if province.holds(unit)]
    elif both := [unit for unit in inside if unit in by_words]:
        inside = both
    return tuple(inside)

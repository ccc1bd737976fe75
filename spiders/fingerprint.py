"""Which platform a site runs on: evidence with weights, from headers, markup and the shapes of its addresses.

What a page says of others is no evidence: addresses on other hosts, its text, the titles and descriptions in its
attributes, and articles that scripts carry as data are left out before anything is looked for.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from lxml import etree
from parsel import Selector
from scrapy.http import TextResponse

import spiders.platforms
from crawler import urls
from crawler.run import site
from spiders.platform import Platform

GENERIC = site.GENERIC
ENOUGH = 5  # points from which a platform is named
LEAD = 3  # points by which the best must lead the second
_MOST_TEXT = 400_000  # characters of a page that are searched


# Attributes in which people write sentences, or which name a vocabulary by an address of another host.
_PROSE = frozenset({"title", "alt", "aria-label", "placeholder", "content", "summary", "label", "value"})
_VOCABULARY = frozenset({"rel", "itemtype", "typeof", "vocab", "prefix", "property"})
# An address with a host; in the query of another address its colon and slashes may be escaped.
_ADDRESS = re.compile(
    r"(?:https?(?::|%3a)(?://|%2f%2f)|(?<![\w./:%-])//)(?:[^\s\"'<>/@]*@)?(?P<host>[\w-]+(?:\.[\w-]+)*)[^\s\"'<>]*",
    re.IGNORECASE,
)
_ADDRESS_IN_QUERY = re.compile(r"[?&][^?&=]*=https?(?::|%3a)(?://|%2f%2f)[^&]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing to look for. `where`: `header` ("name: value" lines), `generator` (what `<meta name=generator>` says),
    `markup` (elements with their attributes, and scripts) or `link` (each link's absolute URL, and the page's own).
    `weight`: 5 proves the platform, 3 is strong, 1 is a hint; a negative one speaks against it. `says` is what was
    seen, in words.
    """

    where: str
    pattern: re.Pattern[str]
    weight: int
    says: str


def seen(where: str, pattern: str, weight: int, says: str) -> Evidence:
    """Return the evidence for a pattern, searched without regard to case."""
    return Evidence(where, re.compile(pattern, re.IGNORECASE), weight, says)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the fingerprint sees it: its URL, header lines, generators, own markup, and links made absolute that
    stay on its host."""

    url: str
    headers: Mapping[str, str]
    generators: tuple[str, ...] = ()
    markup: str = ""
    links: tuple[str, ...] = ()

    @classmethod
    def of_page(cls, page: TextResponse) -> "Seen":
        """Return what a page of HTML that came says of its own site."""
        lines: dict[bytes, list[bytes]] = dict(page.headers)
        headers = {
            name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
            for name, values in lines.items()
        }
        return cls.of(urls.cleaned(page.url), headers, page.text)

    @classmethod
    def of(cls, url: str, headers: Mapping[str, str], html: str) -> "Seen":
        """Return what a page of HTML at `url` says of its own site."""
        root = Selector(html or "<p>", type="html").root
        own = urls.plain_host(urls.host(url))
        base = next((urls.absolute(url, href) for href in root.xpath("//base/@href")), None) or url
        found = (urls.absolute(base, href) for href in root.xpath("//a/@href"))
        links = (_ADDRESS_IN_QUERY.sub("", link) for link in found if link and urls.plain_host(urls.host(link)) == own)
        generators = root.xpath("//meta[translate(@name, 'GENRATO', 'genrato') = 'generator']/@content")
        return cls(url, headers, tuple(generators), _markup(root, own), tuple(dict.fromkeys(links)))


def _markup(root: Any, own: str) -> str:
    """Return the elements of a page (lxml) as tags without text, and the scripts between them, both without addresses
    of other hosts than `own`."""
    parts: list[str] = []
    length = 0
    for element in root.iter(etree.Element):
        said = [
            f'{name}="{value if name in _VOCABULARY else _without_others(value, own)}"'
            for name, value in element.attrib.items()
            if name not in _PROSE
        ]
        text = f"<{element.tag} {' '.join(said)}>"
        if element.tag == "script" and element.text and "json" not in element.get("type", ""):
            text += _without_others(element.text.replace("\\/", "/"), own)
        parts.append(text)
        length += len(text)
        if length > _MOST_TEXT:
            break
    return "\n".join(parts)[:_MOST_TEXT]


def _without_others(text: str, own: str) -> str:
    def kept(found: re.Match[str]) -> str:
        is_own = urls.plain_host(urls.host(f"http://{found['host']}/")) == own
        return _ADDRESS_IN_QUERY.sub("", found[0]) if is_own else ""

    return _ADDRESS.sub(kept, text) if "//" in text or "%2" in text else text


@dataclass(slots=True)
class Match:
    """How well one platform fits: its points and what was seen."""

    platform: str
    score: int = 0
    evidence: list[str] = field(default_factory=list)


def identify(pages: Iterable[Seen]) -> tuple[str, list[Match]]:
    """Return the platform's name and every platform that fits at all, best first.

    `generic` where the best has fewer than ENOUGH points or leads by fewer than LEAD. Each piece of evidence counts
    once, however many pages show it.
    """
    pages = list(pages)
    matches = sorted(
        (match_of(name, pages) for name in fingerprints()), key=lambda match: (-match.score, match.platform)
    )
    found = [match for match in matches if match.score > 0]
    if not found or found[0].score < ENOUGH:
        return GENERIC, found
    if len(found) > 1 and found[0].score - found[1].score < LEAD:
        return GENERIC, found
    return found[0].platform, found


def match_of(name: str, pages: list[Seen]) -> Match:
    """Return how well the platform `name` fits the pages."""
    match = Match(name)
    for evidence in fingerprints()[name]:
        if any(_shows(page, evidence) for page in pages):
            match.score += evidence.weight
            match.evidence.append(evidence.says)
    return match


def _shows(page: Seen, evidence: Evidence) -> bool:
    search = evidence.pattern.search
    match evidence.where:
        case "markup":
            return search(page.markup) is not None
        case "generator":
            return any(search(generator) for generator in page.generators)
        case "link":
            return any(search(link) for link in (page.url, *page.links))
    return any(search(f"{name}: {value}") for name, value in page.headers.items())


@cache
def fingerprints() -> dict[str, tuple[Evidence, ...]]:
    """Return platform → its evidence; platforms without any are left out."""
    return {
        name: module.FINGERPRINT for name, module in platform_modules().items() if getattr(module, "FINGERPRINT", ())
    }


@cache
def platforms() -> dict[str, Platform]:
    """Return name → platform."""
    return {name: module.PLATFORM for name, module in platform_modules().items() if hasattr(module, "PLATFORM")}


@cache
def platform_modules() -> dict[str, ModuleType]:
    """Return name → the module of a platform."""
    names = sorted(module.name for module in pkgutil.iter_modules(spiders.platforms.__path__))
    return {name: importlib.import_module(f"spiders.platforms.{name}") for name in names}

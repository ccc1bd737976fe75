"""Which platform a site runs on: evidence with weights, from headers, markup and the shapes of its addresses."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType

from parsel import Selector

import spiders.platforms
from crawler import urls
from spiders.platform import Platform

GENERIC = "generic"
ENOUGH = 5  # points from which a platform is named
LEAD = 3  # points by which the best must lead the second
_MOST_TEXT = 400_000  # characters of a page that are searched


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing to look for. `where`: `header` ("name: value" lines), `html` (the page's source) or `link` (each link's
    absolute URL, and the page's own). `weight`: 5 proves the platform, 3 is strong, 1 is a hint; a negative one speaks
    against it. `says` is what was seen, in words.
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
    """A page as the fingerprint sees it: its URL, header lines, source, and links made absolute."""

    url: str
    headers: Mapping[str, str]
    html: str
    links: tuple[str, ...] = ()

    @classmethod
    def of(cls, url: str, headers: Mapping[str, str], html: str) -> "Seen":
        """Return a page with its links made absolute."""
        found = (urls.absolute(url, link) for link in Selector(html or "<p>", type="html").xpath("//a/@href").getall())
        return cls(url, headers, html, tuple(dict.fromkeys(link for link in found if link)))


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
    if evidence.where == "html":
        return search(page.html[:_MOST_TEXT]) is not None
    if evidence.where == "link":
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

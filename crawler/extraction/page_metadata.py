"""What a page declares about itself: meta tags, microdata, JSON-LD, canonical link."""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from crawler.extraction.declared_dates import declared_dates
from crawler.extraction.json_ld import own_article
from crawler.text import normalize
from crawler.urls import mended

_DATE_NAMES = {
    "article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate", "publish-date",
    "dc.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "article.published",
    "sailthru.date", "publication_date", "published_time", "og:article:published_time", "rnews:datepublished",
}  # fmt: skip


@dataclass(slots=True)
class Declared:
    """The page's own word. All text is normalised; URLs are absolute."""

    title: str = ""
    og_title: str = ""
    headline: str = ""
    description: str = ""
    canonical: str | None = None
    site_name: str | None = None
    section: str | None = None
    author: str | None = None
    language: str | None = None
    is_article: bool = False
    dates: list[str] = field(default_factory=list)


def read(root: Any, url: str) -> Declared:
    """Return what the page declares. Broken values are passed over; nothing is guessed."""
    out = Declared(language=(root.get("lang") or root.get("xml:lang") or "")[:16] or None)
    title = root.find(".//head/title")
    if title is None:
        title = root.find(".//title")
    out.title = normalize(" ".join((title.text_content() if title is not None else "").split()))[:600]
    og_url = None
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = meta.get("content")
        if not name or not content:
            continue
        content = content[:2000]
        if name == "og:title":
            out.og_title = normalize(content)
        elif name == "headline":
            out.headline = normalize(content)
        elif name in ("description", "og:description"):
            out.description = out.description or normalize(content)
        elif name == "og:site_name":
            out.site_name = normalize(content)
        elif name == "article:section":
            out.section = normalize(content) or None
        elif name in ("author", "article:author"):
            out.author = out.author or normalize(content)
        elif name == "og:url":
            og_url = content
        elif name == "og:type":
            out.is_article = out.is_article or "article" in content.lower()
        elif name in _DATE_NAMES and ("itemprop" not in meta.attrib or meta.getparent().tag == "head"):
            out.dates.append(normalize(content))
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            out.canonical = absolute(link.get("href"), url)
            break
    out.canonical = out.canonical or (absolute(og_url, url) if og_url else None)
    names = [text for text in (out.og_title, out.title, *_headings(root)) if text]
    scripts = [
        script.text for script in root.iter("script")
        if (script.get("type") or "").lower().startswith("application/ld+json") and script.text
    ]  # fmt: skip
    own = own_article(scripts, [address for address in (url, out.canonical) if address], names)
    out.is_article = out.is_article or own.described
    out.headline = out.headline or own.headline
    out.dates += own.dates
    out.dates += declared_dates(root, url, names, others=bool(out.dates))
    return out


def _headings(root: Any) -> list[str]:
    return [normalize(" ".join(el.text_content().split()))[:600] for el in islice(root.iter("h1"), 4)]


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL; those of an empty one where it is broken ("http://[::1")."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def query_of(url: str) -> dict[str, list[str]]:
    """Return the query's values by name; {} for a broken URL or one of more than 60 parameters."""
    try:
        return parse_qs(urlsplit(url).query, max_num_fields=60)
    except ValueError:
        return {}


def absolute(href: str | None, base: str) -> str | None:
    """Return `href` as an absolute http(s) URL, or None where it is none (script, mail, data, broken)."""
    return _absolute(str(href), base) if href else None  # an XPath's string would keep its tree


@lru_cache(maxsize=512)
def _absolute(href: str, base: str) -> str | None:
    href = mended(href, base)
    if not href or href.startswith("#") or len(href) > 4096:
        return None
    try:
        full = urljoin(base, href)
        pieces = urlsplit(full)
    except ValueError:
        return None
    if pieces.scheme not in ("http", "https") or not pieces.netloc:
        return None
    return full.replace(" ", "%20")

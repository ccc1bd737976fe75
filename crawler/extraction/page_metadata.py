"""What a page declares about itself: meta tags, microdata, JSON-LD, canonical link."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from crawler.extraction.xpaths import compiled
from crawler.text import normalize

_DATE_NAMES = {
    "article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate", "publish-date",
    "dc.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "article.published",
    "sailthru.date", "publication_date", "published_time", "og:article:published_time", "rnews:datepublished",
}  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_JSON_HEADLINE = re.compile(r'"headline"\s*:\s*"((?:[^"\\]|\\.){4,400})"')
_JSON_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:News|Blog)?(?:Article|Posting)"')


def _dated(root: Any) -> Any:
    times = [el for el in root.iter("time") if el.get("datetime") and _is_publication(el)]
    return compiled("//*[@itemprop='datePublished']")(root) + times


def _is_publication(time: Any) -> bool:
    names = (time.get("class") or "").split()
    named = "entry-date" in names or "published" in names or "pubdate" in time.attrib
    return named and next(time.iterancestors("aside"), None) is None


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
        elif name in _DATE_NAMES:
            out.dates.append(normalize(content))
    for el in _dated(root):
        value = el.get("content") or el.get("datetime") or el.text_content()
        if el.tag != "meta" and 4 < len(value) < 60:
            out.dates.append(normalize(value))
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            out.canonical = absolute(link.get("href"), url)
            break
    out.canonical = out.canonical or (absolute(og_url, url) if og_url else None)
    for script in root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json" and script.text:
            _read_json(script.text[:200_000], out)
    return out


def _read_json(text: str, out: Declared) -> None:
    if not _JSON_ARTICLE.search(text):
        return
    out.is_article = True
    out.dates.extend(_JSON_DATE.findall(text)[:2])
    headline = _JSON_HEADLINE.search(text)
    if headline and not out.headline:
        try:
            out.headline = normalize(json.loads(f'"{headline.group(1)}"', strict=False))
        except ValueError:
            out.headline = normalize(headline.group(1))


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
    if not href:
        return None
    href = "".join(href.split("\n")).strip().replace("\t", "").replace("\r", "")
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

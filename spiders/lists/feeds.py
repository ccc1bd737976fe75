"""Where a site lists its articles besides its pages: RSS, Atom, sitemaps, JSON."""

import json
import math
import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.http import TextResponse

from crawler import urls
from crawler.dates.model import HANOI
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.rules.summaries import is_written
from crawler.extraction.tree import parse
from crawler.run.items import Listed
from crawler.text import normalize, without_unstorable
from spiders.lists import sitemap_dates
from spiders.lists.answers import feed_in
from spiders.lists.answers import text_of as text_of_answer
from spiders.lists.feed_bounds import MAX_ADDRESSES, newest

_MARKUP = re.compile(r"<[a-z/!]|&#?\w{1,10};", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(?:https?:)?/", re.IGNORECASE)
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# Elements of an entry whose title, link and date are not its own.
_OTHERS = frozenset({"image", "video", "source", "author", "contributor", "thumbnail", "group", "alternate"})
_DATES = (
    "pubdate", "published", "publication_date", "issued", "date", "created", "publishdate", "publisheddate",
    "datepublished",
)  # fmt: skip
_ZONE = re.compile(r"(\d:\d\d) ?(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d\d))?$", re.IGNORECASE)  # +07, GMT+7, +07:00
_SCHEMES = ("http://", "https://")
_MOST_CHILDREN = 50  # sitemaps of an index that are read
# What WordPress puts under the text of a feed's entry.
_APPEARED = re.compile(
    r"\s*(?:The post|Bài viết)\s.{1,500}?(?:appeared first on|first appeared on|đã xuất hiện đầu tiên).{0,300}$",
    re.DOTALL,
)
_EXCERPT = 2000  # characters of an excerpt that are kept
_DIGITS = 19  # of a number, at most
_MOST_SNIFFED = 65_536  # characters in which a document has to begin
_JSON_AFTER = re.compile(r"(?:^|>)\s*(?=[{\[])", re.MULTILINE)
_MOST_STARTS = 20  # places at which JSON may begin

Json = dict[str, "Json"] | list["Json"] | str | int | float | None
Element = Any  # an lxml element: lxml has no types


class Feed:
    """What a feed, a sitemap or an API's answer holds.

    `entries`: (URL, what it says); `children`: the sitemaps that an index names, with the dates that it states of them
    in `dates`; `pages`: the answer's further pages by (parameter, number); `left_out`: how many more addresses it names
    than are read.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[str, Listed]] = []
        self.children: list[str] = []
        self.dates: dict[str, str] = {}
        self.pages: dict[tuple[str, int], str] = {}
        self.left_out = 0

    def add(self, base: str, href: str, title: str, date: str, summary: str = "", text: str = "") -> None:
        """Add an entry, unless it has no address. `summary` and `text`, the whole article, may have markup."""
        if url := urls.absolute(base, href.replace("&amp;", "&")):
            summary = _APPEARED.sub("", without_markup(summary))[:_EXCERPT]
            listed = Listed(title=normalize(title)[:500], date=date, summary=summary, by_feed=bool(date))
            listed.summary_is_written = bool(summary and text) and is_written(summary, without_markup(text))
            self.entries.append((url, listed))


def read_feed(response: TextResponse) -> Feed | None:
    """Return what an RSS, Atom or JSON feed or a sitemap holds, as XML or as a list of addresses; None for anything
    else. Of a broken one, what is readable."""
    if document := feed_in(response):
        return _read_xml(response.url, document)
    text = text_of_answer(response, _MOST_SNIFFED).lstrip()
    if text.startswith("{") and ("jsonfeed.org" in text or _is_called_feed(response)):
        return _read_json_feed(response)
    if text[:8].lower().startswith((*_SCHEMES, "#")):
        lines = [line.strip() for line in text_of_answer(response).split("\n")]
        lines = [line for line in lines if line and not line.startswith("#")]
        if lines and all(line[:8].lower().startswith(_SCHEMES) and not re.search(r"\s", line) for line in lines):
            return _read_addresses(response.url, lines)
    return None


def _read_addresses(url: str, addresses: list[str]) -> Feed:
    """Return what a sitemap of bare addresses holds: of a longer one the first and the last, as either may be new."""
    feed = Feed()
    feed.left_out = max(0, len(addresses) - MAX_ADDRESSES)
    half = MAX_ADDRESSES // 2
    for address in addresses if not feed.left_out else [*addresses[:half], *addresses[-half:]]:
        feed.add(url, address, "", "")
    return feed


def _read_xml(url: str, document: str) -> Feed:
    from lxml.etree import XMLParser, fromstring

    parser = XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, encoding="utf-8",
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    feed = Feed()
    body, feed.left_out = newest(document.encode("utf-8", "replace"))
    root = fromstring(body, parser)
    if root is None:
        return feed
    has_bases = "xml:base" in document
    for element in root.iter("{*}*"):
        name = _name(element)
        if name not in ("item", "entry", "url", "sitemap"):
            continue
        base = _base(url, element) if has_bases else url
        parts = _parts(element)
        if name == "sitemap":
            if child := urls.absolute(base, _text(parts, "loc")):
                feed.children.append(child)
                feed.dates[child] = "".join(_text(parts, "lastmod").split())[:40]
            continue
        href = next((href for href in _links(element, parts) if urls.absolute(base, href)), "")
        summary = _text(parts, "description") or _text(parts, "summary") if name != "url" else ""
        title = _text(parts, "title")
        text = _text(parts, "encoded") or _text(parts, "content") if summary else ""
        title = without_markup(title) if _MARKUP.search(title) else title
        feed.add(base, href, title, _date(parts), summary, text)
    feed.children = sitemap_dates.in_order(feed.children, feed.dates)
    feed.left_out += max(0, len(feed.children) - _MOST_CHILDREN)
    del feed.children[_MOST_CHILDREN:]
    if further := _further(url, root):
        feed.pages[further, 2] = further
    return feed


def _further(url: str, root: Element) -> str:
    """Return the address of a feed's next page (RFC 5005); "" where it names none."""
    for around in (root, *root.iterchildren("{*}channel")):
        for link in around.iterchildren("{*}link"):
            if (link.get("rel") or "").lower() == "next":
                following = urls.absolute(_base(url, link), link.get("href") or "")
                return following if following and following != url else ""
    return ""


def _is_called_feed(response: TextResponse) -> bool:
    return b"feed+json" in (response.headers.get("Content-Type") or b"").lower()


def _read_json_feed(response: TextResponse) -> Feed | None:
    """Return what a JSON Feed (jsonfeed.org) holds; None where it is not one."""
    value = read_json(response)
    if not isinstance(member(value, "items"), list):
        return None
    feed = Feed()
    for item in objects(member(value, "items")):
        date = local_time(text_of(item, "date_published"))
        address, text = _address_of(item, response.url), text_of(item, "content_html") or text_of(item, "content_text")
        feed.add(response.url, address, text_of(item, "title"), date, text_of(item, "summary"), text)
    further = text_of(value, "next_url")
    if further and (following := urls.absolute(response.url, further)) and following != response.url:
        feed.pages[following, 2] = following
    return feed


def _address_of(item: Json, url: str) -> str:
    """Return the address of an item of a JSON Feed: its own, or another of its addresses, best of the feed's host."""
    if own := text_of(item, "url"):
        return own
    others = [text for text in (text_of(item, "external_url"), text_of(item, "id")) if _ADDRESS.match(text)]
    here = [text for text in others if urls.host(urls.absolute(url, text) or "") == urls.host(url)]
    return next(iter([*here, *others]), "")


def read_json(response: TextResponse) -> Json:
    """Return the JSON value of an answer, whatever stands before it on lines of its own; None where it is not JSON."""
    text = text_of_answer(response).lstrip()
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    starts = [0] if text[:1] in ("{", "[") else [found.end() for found in _JSON_AFTER.finditer(text[:_MOST_SNIFFED])]
    for start in starts[:_MOST_STARTS]:
        try:
            value: Json = decoder.raw_decode(text, start)[0]
        except (ValueError, RecursionError):
            continue
        return value
    return None


def member(value: Json, name: str) -> Json:
    """Return what a JSON object holds under `name`; None where that is missing, or `value` is not an object."""
    return value.get(name) if isinstance(value, dict) else None


def text_of(value: Json, name: str) -> str:
    """Return the text or number that a JSON object holds under `name`, as text; "" for anything else."""
    found = member(value, name)
    if isinstance(found, str):
        return without_unstorable(found)
    if isinstance(found, bool) or not isinstance(found, int | float) or not found:
        return ""
    return str(found) if math.isfinite(found) and abs(found) < 10**_DIGITS else ""


def number_of(value: Json, name: str) -> int:
    """Return the whole number that a JSON object holds under `name`; 0 for anything else."""
    return whole_number(text_of(value, name))


def objects(value: Json) -> list[dict[str, Json]]:
    """Return the objects in a JSON array; [] where `value` is not an array. Raises PageTooLarge for too many."""
    if isinstance(value, list) and len(value) > MAX_ADDRESSES:
        raise PageTooLarge(f"more than {MAX_ADDRESSES} rows")
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def whole_number(text: str | None, default: int = 0) -> int:
    """Return the number that a parameter or a form's field holds; `default` where it does not hold one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _DIGITS else default


def without_markup(text: str) -> str:
    """Return the text of a piece of HTML on one line, without what it says of pictures and how to read on."""
    if "<" in text or "&" in text:
        try:
            root, _, _ = parse(f"<div>{without_unstorable(text[: 10 * _EXCERPT])}")
        except PageTooLarge:
            root = None
        if root is None:
            return ""
        for inner in list(root.iter("script", "style")):
            inner.drop_tree()
        text = " ".join(root.itertext())
    return normalize(" ".join(text.split()))


def local_time(text: str) -> str:
    """Return a feed's date in Việt Nam's time, as `2023-12-08 15:07`; text that is not a date unchanged."""
    try:
        moment = parsedate_to_datetime(_ZONE.sub(_whole_zone, text))
    except (ValueError, TypeError, OverflowError, IndexError):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        if moment.tzinfo is None:
            return text
    try:
        return (moment.astimezone(HANOI) if moment.tzinfo else moment).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return text


def _whole_zone(found: re.Match[str]) -> str:
    return f"{found[1]} {found[2]}{int(found[3]):02}{found[4] or '00'}"


def _name(element: Element) -> str:
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def _base(url: str, element: Element) -> str:
    """Return what relative links in an element are relative to, by the xml:base of those around it."""
    for above in reversed([element, *element.iterancestors()]):
        url = urls.absolute(url, above.get(_BASE) or above.get("xml:base") or "") or url
    return url


def _parts(element: Element) -> dict[str, list[Element]]:
    """Return name → the elements of an entry, the outermost first, but for those of its pictures and authors."""
    parts: dict[str, list[Element]] = {}
    own, waiting = _name(element), deque(element)
    while waiting:
        part = waiting.popleft()
        if (name := _name(part)) and name != own:
            parts.setdefault(name, []).append(part)
            if name not in _OTHERS:
                waiting.extend(part)
    for same in parts.values():
        if len(same) > 1:  # a picture's title may stand before that of the entry
            same.sort(key=lambda part: part.prefix != element.prefix or ":" in part.tag)
    return parts


def _text(parts: dict[str, list[Element]], name: str) -> str:
    found = (normalize("".join(part.itertext())) for part in parts.get(name, ()))
    return next((text for text in found if text), "")


def _links(element: Element, parts: dict[str, list[Element]]) -> Iterator[str]:
    """Yield what may be an entry's address, best first."""
    links = parts.get("link", [])
    yield _text(parts, "origlink")
    alternate = [link for link in links if link.get("href") and link.get("rel", "alternate") == "alternate"]
    for link in sorted(alternate, key=lambda link: "html" not in link.get("type", "html")):
        yield link.get("href")
    for link in links:
        yield from (link.text or "", (link.tail or "") if _ADDRESS.match(link.tail or "") else "")
    yield _text(parts, "loc")
    numbers = [part for name in ("guid", "id", "identifier") for part in parts.get(name, ())]
    for part in numbers:
        is_address = (part.get("isPermaLink") or "true").strip().lower() != "false"
        if is_address and _ADDRESS.match(part.text or ""):
            yield part.text
    for value in (_text(parts, "url"), *(element.get(name) for name in (_ABOUT, "about", "href", "link", "url"))):
        if value and _ADDRESS.match(value):
            yield value
    for link in links:
        if link.get("rel") not in ("enclosure", "replies", "edit", "related", "via"):
            yield link.get("href") or ""


def _date(parts: dict[str, list[Element]]) -> str:
    for name in _DATES:
        if text := _text(parts, name):
            return local_time(text)
    return ""

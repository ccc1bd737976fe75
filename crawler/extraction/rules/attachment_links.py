"""Which links lead to files, and how they are called."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from crawler.extraction.article import Attachment
from crawler.extraction.page_metadata import absolute, query_of, split_url
from crawler.text import normalize

_TYPE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|zip|rar|7z|od[tsp]|rtf|csv|ppsx?|xlsm|docm)$", re.IGNORECASE)
_UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", re.IGNORECASE)
_VIEWERS = ("file", "url", "src", "document", "filepath", "filename", "path", "u")
_DOWNLOAD = re.compile(
    r"linkclick\.aspx|[?&](?:download|dl)=(?:1|true)|/download/|getfile|downloadfile|filedownload|/tai-ve/"
    r"|download\.aspx|/get_file\b|fileticket=",
    re.I,
)
_DRIVE = re.compile(
    r"^https?://(?:drive|docs)\.google\.com/(?:file/d/|open\?id=|uc\?|document/d/|spreadsheets/d/|presentation/d/)"
)
_ON_CLICK = re.compile(
    r"(?:download\w*|viewfile|openfile|window\.open"
    r"|location\.href)\s*[(=]\s*['\"]([^'\"]{4,600})['\"](?:\s*,\s*['\"]([^'\"]{1,300})['\"])?",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:tải (?:về|xuống|file|tệp|tại đây|văn bản)?.{0,12}|download.{0,12}|tại đây|xem (?:tại đây|file"
    r"|văn bản)?|file đính kèm|đính kèm|chi tiết|click.{0,20}|here|đây|\W*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:tập tin|tệp(?: tin)?|file|tải về|tải xuống|download)(?: đính kèm)?\s*\d*\s*:\s*", re.IGNORECASE
)
_LONGEST_TEXT = 1_000  # characters of a link's text that are looked at: names are cut at 300
_PICTURES = frozenset(["jpg", "jpeg", "png", "gif", "webp", "bmp", "svg"])


@lru_cache(maxsize=4096)
def file_type(href: str) -> str | None:
    """Return the kind of file a link leads to (`pdf` …), "" for a file of unknown kind, None for a page.

    Looks at the last path segment, at the one before a Liferay uuid (`/documents/1/2/name.pdf/uuid`), at viewer
    parameters (`?file=…`) and at the download links of DotNetNuke, Liferay (`?download=1`) and Google Drive.
    """
    if len(href) > 4096:
        return None
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    for segment in reversed(segments[-2:]):
        if segment is not segments[-1] and not _UUID.match(segments[-1]):
            break
        match = _TYPE.search(unquote(segment).strip())
        if match:
            return match.group(1).lower()
    if parts.query and (kind := _in_query(href)) is not None:
        return kind
    if _DRIVE.match(href.strip()):
        return ""
    # Liferay: /documents/{group}/{folder}/{name}, with or without a uuid behind it; pictures are stored so as well.
    liferay = len(segments) > 3 and segments[0] == "documents" and segments[1].isdigit() and segments[2].isdigit()
    if liferay or _DOWNLOAD.search(href):
        last = segments[3] if liferay else segments[-1] if segments else ""
        return None if unquote(last).rsplit(".", 1)[-1].lower() in _PICTURES else ""
    return None


def _in_query(href: str) -> str | None:
    for name, values in query_of(href).items():
        for value in values:
            match = _TYPE.search(value.split("?")[0].rstrip("/"))
            if match and name.lower() not in ("redirect", "returnurl"):
                return match.group(1).lower()
    return None


def viewed_file(src: str, base: str) -> str | None:
    """Return the file that a viewer frame shows (`viewer.html?file=…`, docs viewer), or the frame's own URL."""
    full = absolute(src, base)
    if full is None:
        return None
    query = query_of(full)
    for name in _VIEWERS:
        for value in query.get(name, ()):
            target = absolute(value, full)
            if target and (file_type(target) is not None or "viewer" in full.lower()):
                return target
    return full if file_type(full) is not None else None


def collect(nodes: list[Any], base: str) -> list[Attachment]:
    """Return the files that the given elements link to or show, in order, each once."""
    out: dict[str, Attachment] = {}
    looked: set[Any] = set()
    for node in nodes:
        if node in looked or any(above in looked for above in node.iterancestors()):
            continue
        looked.add(node)
        for el in node.iter("a", "iframe", "embed", "object", "source", "div", "span", "button", "li"):
            for url, name in _targets(el, base):
                kind = file_type(url)
                if kind is None:
                    kind = ""
                if url not in out:
                    name = _name(name, url)
                    named = _TYPE.search(name)  # a download link keeps it from its address
                    out[url] = Attachment(url, name, kind or (named.group(1).lower() if named else ""))
    return list(out.values())


def _targets(el: Any, base: str) -> list[tuple[str, str]]:
    tag = el.tag
    if tag == "a":
        found = []
        for attribute in ("href", "data-href", "data-url", "data-src", "data-file"):
            value = el.get(attribute)
            if value and (file_type(value) is not None or "viewer" in value):
                target = viewed_file(value, base) if "?" in value else absolute(value, base)
                if target:
                    found.append((target, _text(el)))
        if not found and "download" in el.attrib and (target := absolute(el.get("href"), base)):
            suffix = target.rsplit(".", 1)[-1].lower()
            if suffix not in _PICTURES:
                found.append((target, el.get("download") or _text(el)))
        return found or _clicked(el, base)
    if tag in ("iframe", "embed", "object", "source"):
        for attribute in ("src", "data-src", "data", "data-lazy-src"):
            if value := el.get(attribute):
                target = viewed_file(value, base)
                if target:
                    return [(target, el.get("title") or "")]
        return []
    if el.get("onclick"):
        return _clicked(el, base)
    for attribute in ("data-src", "data-file", "data-url", "data-pdf"):
        value = el.get(attribute)
        if value and file_type(value) is not None and (target := viewed_file(value, base)):
            return [(target, "")]
    return []


def _text(el: Any) -> str:
    """Return the text of a link, as much of it as a name may need: a page may put all its text into each of many."""
    pieces, size = [], 0
    for piece in el.itertext():
        pieces.append(piece)
        size += len(piece.strip())
        if size > _LONGEST_TEXT:
            break
    return normalize(" ".join(pieces).replace("\n", " "))


def _clicked(el: Any, base: str) -> list[tuple[str, str]]:
    match = _ON_CLICK.search(el.get("onclick") or "") or _ON_CLICK.search((el.get("href") or "")[:800])
    if not match or file_type(match.group(1)) is None:
        return []
    target = absolute(match.group(1), base)
    return [(target, match.group(2) or _text(el))] if target else []


def _name(text: str, url: str) -> str:
    """Return a name for a file: the one its URL ends in, else the link's text unless it says only "download".

    The file's own name is what a folder or an archive will call it; what the link says stays in the Markdown.
    """
    segments = [segment for segment in split_url(url).path.split("/") if segment]
    if segments and _UUID.match(segments[-1]) and len(segments) > 1:
        segments.pop()
    name = normalize(unquote_plus(segments[-1])) if segments else ""
    text = _LABEL.sub("", text)
    if not _TYPE.search(name) and text and not _NOT_A_NAME.match(text):
        name = text
    return (name or text or url)[:300]

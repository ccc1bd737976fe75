"""What a server's answer is, whatever it is called: packed or not, which charset, where an XML document begins."""

import re
from collections.abc import Iterator
from html.entities import html5

from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.extraction.charsets import decode, is_binary
from crawler.extraction.rules import words
from crawler.reasons import Reason
from crawler.text.content_coding import gunzipped
from spiders.lists.responses import as_html, charset_of

_GZIP = b"\x1f\x8b"
_MOST_UNPACKED = 8 * 1024 * 1024  # bytes
_HEAD = 65_536  # bytes in which a document has to begin
_MOST_TAGS = 3000  # before the root of a feed: a warning of PHP has some dozens
_ROOTS = frozenset({"rss", "rdf", "feed", "urlset", "sitemapindex"})
_HTML = words(
    """
    html head body title meta link script style base div span p a table tbody tr td th ul ol li dl h1 h2 h3 h4 h5 h6
    section article main header footer nav aside form center font br b i em strong img iframe frameset frame noscript
    input button label hr pre figure small
    """
)
_TAG = re.compile(r"<(?P<end>/?)(?:[A-Za-z_][\w.-]*:)?(?P<name>[A-Za-z_][\w.-]*)")
_CLOSED_BY = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
_TO_SKIP = re.compile(r"<!--|<\?|<!\[CDATA\[")
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]+)\s+(?:\"([^\"&<%]{0,200})\"|'([^'&<%]{0,200})')\s*>")
_REFERENCE = re.compile(r"&(?:(#x?[0-9a-fA-F]{1,8}|[A-Za-z_][\w.-]{0,40});)?")
_TEXT = re.compile(r"<((?:[\w.-]+:)?(?:title|description|summary|encoded|content))(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_ADDED = 1_000_000  # characters that a document's own entities may add to it


def unpacked(response: Response) -> Response | Reason:
    """Return a response whose body is a gzip file with the text in it; the reason where it cannot be unpacked.

    Anything else is returned as it is. Bounded: a file that holds more than 8 MiB is `too_large`.
    """
    if not response.body.startswith(_GZIP):
        return response
    body, fault = gunzipped(response.body, limit=_MOST_UNPACKED)
    if body is response.body:
        return Reason.NOT_A_FEED
    if fault is not None:
        return Reason.NOT_A_FEED if fault == Reason.UNDECODABLE else fault
    return response.replace(cls=TextResponse, body=body)


def as_text(response: Response) -> TextResponse | None:
    """Return a response as text where it begins like markup, JSON or a list of addresses; None for any other file."""
    if isinstance(response, TextResponse):
        return response
    kind = (response.headers.get("Content-Type") or b"").lower()
    if kind.startswith((b"image/", b"audio/", b"video/", b"font/")) or is_binary(response.body):
        return None
    begins = text_of(response, _HEAD).lstrip()
    is_readable = begins.startswith(("<", "{", "[", "http://", "https://"))
    return response.replace(cls=TextResponse) if is_readable else None


def text_of(response: Response, most: int | None = None) -> str:
    """Return the text of a body, or of its first `most` bytes; "" where no charset makes sense of it."""
    body = response.body if most is None else response.body[:most]
    decoded = decode(body, charset_of(response))
    return decoded.text.removeprefix("\ufeff") if decoded else ""


def page_of(response: TextResponse) -> HtmlResponse:
    """Return a response to be read as HTML, whatever its Content-Type and its charset say."""
    text = text_of(response)
    if text and text != response.text:
        response = response.replace(cls=HtmlResponse, body=text.encode("utf-8", "replace"), encoding="utf-8")
    return as_html(response)


def feed_in(response: Response) -> str | None:
    """Return the document of a feed or a sitemap from its root on, in UTF-8, without a DOCTYPE; None for anything else.

    What stands before it is passed over: blanks, comments, a style sheet, a warning of PHP, a page of HTML that has
    ended. Entities that the document states as plain text, and those of HTML, are put in their places.
    """
    if _root(text_of(response, _HEAD)) is None:
        return None
    text = text_of(response)
    start = _root(text)
    return None if start is None else _escaped(_with_entities(text[start:], text[:start]))


def _root(text: str) -> int | None:
    """Return where the root of a feed or a sitemap is, unless a page of HTML is around it; None where there is none."""
    is_page = False
    for name, is_end, place in _tags(text):
        if name in _ROOTS and not is_end and not is_page:
            return place
        if name in ("html", "body", "head"):
            is_page = not is_end or name != "html"
    return None


def is_other_data(response: Response) -> bool:
    """Return whether an answer is neither a page of HTML nor text: XML of another kind, or JSON."""
    head = text_of(response, _HEAD).lstrip()
    kind = (response.headers.get("Content-Type") or b"").lower()
    is_xml = b"xml" in kind and b"xhtml" not in kind
    if not head:
        return is_xml or b"json" in kind
    if b"json" in kind and head.startswith(("{", "[")):
        return True
    root = next((name for name, is_end, _ in _tags(head) if not is_end), "")
    return root == "opml" or (root not in _HTML and (is_xml or head.startswith("<?xml")))


def _tags(text: str) -> Iterator[tuple[str, bool, int]]:
    """Yield (name without prefix, lower case, whether it is an end tag, where it is) for the first tags of a text;
    nothing of comments, instructions and CDATA. The DOCTYPE of HTML counts as a tag `html`."""
    place = text.find("<")
    for _ in range(_MOST_TAGS):
        if place < 0:
            return
        if skipped := _TO_SKIP.match(text, place):
            end = text.find(_CLOSED_BY[skipped[0]], skipped.end())
            if end < 0:
                return
            place = text.find("<", end)
            continue
        if text[place : place + 9].lower() == "<!doctype":
            if text[place + 9 : place + 20].lstrip().lower().startswith("html"):
                yield "html", False, place
            place = _after_doctype(text, place)
            continue
        if found := _TAG.match(text, place):
            yield found["name"].lower(), bool(found["end"]), place
        place = text.find("<", place + 1)


def _after_doctype(text: str, place: int) -> int:
    """Return where the first tag after a DOCTYPE is, which may hold declarations in brackets; -1 for none."""
    end, bracket = text.find(">", place), text.find("[", place)
    if 0 <= bracket < end:
        end = text.find("]", bracket)
    return text.find("<", end) if end >= 0 else -1


def _with_entities(text: str, before: str) -> str:
    """Return a document with its own plain entities and those of HTML resolved, and a bare `&` written as in XML."""
    if "&" not in text:
        return text
    stated: dict[str, str] = {name: one or other for name, one, other in _ENTITY.findall(before[:_HEAD])}
    left = _MOST_ADDED

    def put(reference: re.Match[str]) -> str:
        nonlocal left
        whole, name = str(reference[0]), str(reference[1] or "")
        if name.startswith("#") or name in _OF_XML:
            return whole
        if name in stated and left > 0:
            left -= len(stated[name])
            return stated[name]
        letter: str = html5.get(f"{name};", "")
        return letter if letter and letter not in "<>&\"'" else f"&amp;{whole[1:]}"

    return _REFERENCE.sub(put, text)


def _escaped(text: str) -> str:
    """Return a document in which what titles and texts hold is text: tags of HTML that stand in them bare are often
    never closed, and all that follows would be read as part of them."""
    pieces: list[str] = []
    unclosed: set[str] = set()
    place = 0
    for opened in _TEXT.finditer(text):
        if opened.start() < place or opened[1] in unclosed:
            continue
        end = text.find(f"</{opened[1]}", opened.end())
        if end < 0:
            unclosed.add(opened[1])
            continue
        inner = text[opened.end() : end]
        if "<" in inner and "<![CDATA[" not in inner:
            pieces += [text[place : opened.end()], inner.replace("<", "&lt;").replace(">", "&gt;")]
            place = end
    return "".join([*pieces, text[place:]])

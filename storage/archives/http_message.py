"""Reads what a server answered out of a record's bytes, however a crawler wrote it down. Pure."""

import re
from dataclasses import dataclass

from crawler.reasons import Reason
from crawler.text.content_coding import MAX_BODY, Decoded, decoded, looks_gzip, unchunked

MAX_HEAD = 64 * 1024  # bytes
_STATUS = re.compile(rb"\s*(?:HTTP(?:/\d+(?:\.\d+)?)?|ICY)[ \t]+(\d{3})(?!\d)[^\r\n]*(?:\r*\n|\r|$)", re.IGNORECASE)
_PROTOCOL = re.compile(rb"\s*(?:HTTP/\d|ICY[ \t])", re.IGNORECASE)
_HEAD_END = re.compile(rb"\n\r*\n|\r\r(?!\n)")
_LINE_END = re.compile(rb"\r*\n|\r")
_FIELD = re.compile(rb"[!#-'*+.0-9A-Z^-z|~-]+[ \t]*:")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_RANGE = re.compile(r"bytes\s+0-(\d+)/(\d+)$", re.IGNORECASE)
_END_OF_PAGE = re.compile(
    rb"</(?:html|rss|feed|urlset|sitemapindex|rdf:rdf)\s*>\s*(?:<!--.{0,500}-->\s*)?$", re.IGNORECASE | re.DOTALL
)
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Message:
    """A response's head: `status`, `headers` as sent, and where the body begins in the record's block."""

    status: int
    headers: Headers
    body_start: int

    def header(self, name: bytes) -> str:
        """Return the values of a header, joined by commas; "" where there is none."""
        return ", ".join(value.decode("latin-1") for key, value in self.headers if key.lower() == name)


def message_of(block: bytes, content_type: str) -> Message | None:
    """Read the head of a response from the beginning of its record; None where it holds no answer of a web server.

    `content_type`: the record's own. A record that holds the page alone, without HTTP headers, is a page of that type;
    headers without a status line are those of a page that came. Answers of status 1xx and of proxies before the true
    one are left out.
    """
    start = 0
    while status := _STATUS.match(block, start):
        headers, body = _fields(block, status.end())
        if (100 <= int(status[1]) < 200 or not headers) and _PROTOCOL.match(block, body):
            start = body
            continue
        return Message(int(status[1]), headers, body)
    if start or _PROTOCOL.match(block):
        return None
    kind = content_type.partition(";")[0].strip().lower()
    if _MARKUP.match(block):
        page = content_type if kind not in ("", "application/http") else "text/html"
        return Message(200, [(b"Content-Type", page.encode("latin-1", "replace"))], 0)
    if kind == "application/http":
        headers, body = _fields(block, 0)
        return Message(200, headers, body) if any(name.lower() == b"content-type" for name, _ in headers) else None
    if kind.startswith("text/") and block.strip() and kind != "text/dns":
        return Message(200, [(b"Content-Type", content_type.encode("latin-1", "replace"))], 0)
    return None


def _fields(block: bytes, start: int) -> tuple[Headers, int]:
    """Return the headers that begin at `start`, and where the body begins: after an empty line, or at markup."""
    headers: Headers = []
    at = start
    while at < len(block):
        end = _LINE_END.search(block, at, start + MAX_HEAD)
        line = block[at : end.start()] if end else block[at : start + MAX_HEAD]
        after = end.end() if end else min(len(block), start + MAX_HEAD)
        if not line.strip(b"\r"):
            return headers, after
        if line[:1] in (b" ", b"\t") and headers:
            name, value = headers[-1]
            headers[-1] = name, value + b" " + line.strip()
        elif _FIELD.match(line):
            name, _, value = line.partition(b":")
            headers.append((name.strip(), value.strip()))
        elif line.lstrip().startswith(b"<"):
            return headers, at
        at = after
    return headers, min(at, len(block))


def payload_of(
    message: Message, block: bytes, *, said_truncated: bool, by_disconnect: bool = False, limit: int = MAX_BODY
) -> Decoded:
    """Return the page of a response without the codings of its transfer, and why it is not whole.

    `said_truncated`: the record says itself that it ends early. Else it does if its length, its last chunk or the end
    of its packing is missing, unless what there is ends as a page does. `by_disconnect`: it names a broken connection.
    """
    raw = block[message.body_start :]
    body, ended = (raw, True)
    if "chunked" in message.header(b"transfer-encoding").lower():
        body, ended = unchunked(raw)
    if body is raw:
        ended = not _is_shorter(raw, message)
    unpacked, fault = decoded(body, message.header(b"content-encoding"), limit=limit)
    is_html = "html" in message.header(b"content-type").lower()
    if fault is None and unpacked is body and looks_gzip(body) and is_html:
        unpacked, fault = decoded(body, "gzip", limit=limit)
    if fault is None and not ended and unpacked is body and not ends_as_a_page(body):
        fault = Reason.TRUNCATED
    if message.status == 206 and not _is_whole_range(message):
        fault = fault or Reason.TRUNCATED
    if fault is None and said_truncated:
        has_end = bool(message.header(b"content-length") or message.header(b"transfer-encoding"))
        fault = (
            None if is_whole_all_the_same(unpacked, by_disconnect=by_disconnect, has_end=has_end) else Reason.TRUNCATED
        )
    return unpacked, fault


def is_whole_all_the_same(body: bytes, *, by_disconnect: bool, has_end: bool) -> bool:
    """Tell whether a body is whole although its record says that it was cut.

    `has_end`: the server said how long the body is, or parted it into chunks. Where it did not, closing the connection
    is how a body ends, and a page with its end is whole. Crawlers, this one once too, call such pages cut.
    """
    return by_disconnect and not has_end and ends_as_a_page(body)


def ends_as_a_page(body: bytes) -> bool:
    """Tell whether a body ends with the end tag of a page, a feed or a sitemap."""
    return _END_OF_PAGE.search(body[-2000:]) is not None


def _is_shorter(raw: bytes, message: Message) -> bool:
    lengths = {part.strip() for part in message.header(b"content-length").split(",")}
    length = lengths.pop() if len(lengths) == 1 else ""
    return len(length) < 16 and length.isascii() and length.isdigit() and len(raw) < int(length)


def _is_whole_range(message: Message) -> bool:
    found = _RANGE.match(message.header(b"content-range").strip())
    return found is not None and int(found[1]) + 1 == int(found[2])

"""WARC files as different crawlers write them, made byte by byte, so that they may be as wrong as the real ones."""

import gzip
import uuid

DAY = "2025-11-21T07:02:33Z"


def html(text, *, size=0):
    """A page that shows `text`, of at least `size` bytes."""
    filler = "".join(f"<p>{number} {hash_of(number)}</p>" for number in range(size // 20))
    return f"<!DOCTYPE html><html><body><h1>{text}</h1>{filler}</body></html>".encode()


def hash_of(number):
    return f"{number * 2654435761 % 2**32:08x}"


def http(body, *headers, status="HTTP/1.1 200 OK", kind="text/html; charset=utf-8", eol="\r\n"):
    """A response as a server sends it."""
    lines = [status, *([f"Content-Type: {kind}"] if kind else []), *headers, "", ""]
    return eol.join(lines).encode("utf-8") + body


def record(
    url, block, *headers, kind="response", date=DAY, content_type="application/http; msgtype=response", length=None,
    version="WARC/1.0", eol="\r\n", end=None, number=None,
):  # fmt: skip
    """One record as bytes, not packed. `length`: what it says of its block; `number`: its id."""
    length = len(block) if length is None else length
    lines = [
        version, f"WARC-Type: {kind}", *([f"WARC-Target-URI: {url}"] if url is not None else []),
        *([f"WARC-Date: {date}"] if date else []),
        f"WARC-Record-ID: {number or f'<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, str(url) + kind + str(date))}>'}",
        *([f"Content-Type: {content_type}"] if content_type else []), *headers,
        *([f"Content-Length: {length}"] if length != "" else []), "", "",
    ]  # fmt: skip
    return eol.join(lines).encode("utf-8") + block + (2 * eol.encode() if end is None else end)


def revisit(url, *headers, block=b"", date="2025-12-01T00:00:00Z", profile="identical-payload-digest", **facts):
    """A revisit record."""
    said = f"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/{profile}"
    return record(url, block, said, *headers, kind="revisit", date=date, **facts)


def packed(*records):
    """A file that is compressed record by record."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)

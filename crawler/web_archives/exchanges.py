"""Turns one capture of a web archive back into the request and response that it was."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import quote

from crawler.errors import InternalError
from crawler.reasons import Reason, http_reason
from crawler.text.content_coding import unchunked
from crawler.web_archives.cdx import Entry
from crawler.web_archives.client import Answer, Client, NoAnswer
from crawler.web_archives.sources import Source
from storage.archives.http_message import message_of
from storage.archives.warc import Exchange
from storage.archives.warcio_records import read_record

_DATA = "https://data.commoncrawl.org"
_ORIGINAL = re.compile(r"x-archive-orig-", re.IGNORECASE)
_TRANSFER = frozenset({"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"})
_PLAYED = re.compile(r"/(\d{4,14})(?:[a-z]{2}_)?/(https?:/.*)", re.DOTALL)
_SAFE = "/:?&=%@!$'()*+,;~-._[]"


class CaptureNotFetched(InternalError):
    """A capture that could not be fetched; `reason` is a word of crawler.reasons."""

    def __init__(self, reason: str, detail: str = "", *, sent_away: bool = False):
        super().__init__(detail or reason)
        self.reason = reason
        self.sent_away = sent_away  # see crawler.web_archives.client.NoAnswer


def fetch(client: Client, source: Source, entry: Entry) -> Exchange:
    """Return a capture with its headers and body as they were archived. Raises CaptureNotFetched, TimeUp."""
    try:
        return (_from_warc if source.wayback is None else _from_wayback)(client, source, entry)
    except NoAnswer as error:
        raise CaptureNotFetched(error.reason, str(error), sent_away=error.sent_away) from None


def repeated(source: Source, entry: Entry) -> Exchange:
    """Return a capture known from the index alone, which says that another capture has the same payload."""
    return Exchange(entry.url, 200, (), b"", entry.time, source=address(source, entry))


def address(source: Source, entry: Entry) -> str:
    """Return the address of a raw capture in its archive."""
    if source.wayback is not None:
        return f"{source.wayback}/{entry.timestamp}id_/{quote(entry.url, safe=_SAFE)}"
    return f"{_DATA}/{entry.place[0]}" if entry.place else _DATA


def _from_wayback(client: Client, source: Source, entry: Entry) -> Exchange:
    """Fetch a raw capture (`id_`): the archive sends the payload as stored, and the headers under other names."""
    answer = client.get(address(source, entry))
    said, location = answer.header("Memento-Datetime"), answer.header("Location")
    moved = _PLAYED.search(location) if location else None
    is_other = moved is not None and moved[1] != entry.timestamp[: len(moved[1])]
    to_itself = moved is not None and moved[2] == entry.url
    if (said and _moment(said) != entry.time) or (is_other and (to_itself or not entry.is_redirect)):
        raise CaptureNotFetched(Reason.OTHER_CAPTURE, f"{answer.url} leads to another capture")
    if answer.status >= 400 or (said is None and not entry.is_redirect and answer.status >= 300):
        raise CaptureNotFetched(http_reason(answer.status), f"{answer.url} answered {answer.status}")
    status = int(entry.status) if entry.is_redirect else answer.status
    if entry.status == "200" and status != 200:
        raise CaptureNotFetched(Reason.OTHER_CAPTURE, f"{answer.url} answered {status}, its index says 200")
    return Exchange(
        url=entry.url, status=status, headers=_original_headers(answer, moved[2] if moved else location),
        body=answer.body, time=entry.time, reason=_phrase(status), source=address(source, entry),
    )  # fmt: skip


def _original_headers(answer: Answer, location: str | None) -> list[tuple[bytes, bytes]]:
    """Return the headers that the site sent, as far as the archive has them; those of the transfer as they are now."""
    own = {"content-type": answer.header("Content-Type"), "location": location}
    own["content-encoding"] = answer.header("Content-Encoding")
    kept = [(_ORIGINAL.sub("", name, count=1), value) for name, value in answer.headers if _ORIGINAL.match(name)]
    headers = [(name, value) for name, value in kept if name.lower() not in _TRANSFER | own.keys()]
    headers += [(name.title(), value) for name, value in own.items() if value]
    headers.append(("Content-Length", str(len(answer.body))))
    return [(name.encode("latin-1", "replace"), _bytes(value)) for name, value in headers]


def _from_warc(client: Client, source: Source, entry: Entry) -> Exchange:
    """Fetch a record that is a range of bytes in one of the archive's WARC files."""
    if entry.is_revisit:
        raise CaptureNotFetched(Reason.PAYLOAD_ELSEWHERE)
    if entry.place is None:
        raise CaptureNotFetched(Reason.DAMAGED_RECORD, "its index does not say where the record is")
    _, offset, length = entry.place
    answer = client.get(address(source, entry), headers={"Range": f"bytes={offset}-{offset + length - 1}"})
    if answer.status not in (200, 206):
        raise CaptureNotFetched(http_reason(answer.status), f"{answer.url} answered {answer.status}")
    if answer.status == 200 or len(answer.body) != length:
        raise CaptureNotFetched(Reason.DAMAGED_RECORD, f"{answer.url} did not answer with the bytes asked for")
    return _exchange(answer, entry, client.max_bytes)


def _exchange(answer: Answer, entry: Entry, max_bytes: int) -> Exchange:
    record = read_record(BytesIO(answer.body), 0, arc=False)
    kind = record.header("content-type") if record else ""
    message = message_of(record.block, kind) if record and record.type == "response" else None
    if record is None or message is None:
        raise CaptureNotFetched(Reason.DAMAGED_RECORD, f"there is no response record at {answer.url}")
    if record.url != entry.url:
        raise CaptureNotFetched(Reason.OTHER_CAPTURE, f"the record at {answer.url} is of another address")
    body, ended = record.block[message.body_start :], True
    if "chunked" in message.header(b"transfer-encoding").lower():
        body, ended = unchunked(body)
    if len(body) > max_bytes:
        raise CaptureNotFetched(Reason.TOO_LARGE)
    headers = [(name, value) for name, value in message.headers
               if name.decode("latin-1").lower() not in _TRANSFER - {"content-encoding"}]  # fmt: skip
    headers.append((b"Content-Length", str(len(body)).encode()))
    truncated = record.header("warc-truncated") or ("" if ended else "disconnect")
    return Exchange(
        url=entry.url, status=message.status, headers=headers, body=body, time=entry.time,
        address=record.header("warc-ip-address") or None, reason=_phrase(message.status), truncated=truncated or None,
        source=answer.url,
    )  # fmt: skip


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError):
        return None


def _bytes(value: str) -> bytes:
    return value.encode("latin-1", "replace").replace(b"\r", b" ").replace(b"\n", b" ")

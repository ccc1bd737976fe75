"""Keeps what a replay reads of archive files: each record once, as a capture of the collection.

A copy has the bytes of its record (status line, headers, body with its framing), its date, and the request where the
file has it; the name, digest and size of the file and the record's id there are in WARC-Source-URI, in
WARC-JSON-Metadata and in the row. What the collection has already is not written again: a record of the same address,
date and payload is that capture, and a payload that is kept under another address or date becomes a revisit record.
"""

import hashlib
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urldefrag

from crawler.text.content_coding import unchunked
from crawler.text.counted import counted
from storage.archives.archive import Archive, Capture
from storage.archives.captures import CaptureKind, Captures
from storage.archives.http_message import Headers, message_of
from storage.archives.made_records import sha1_digest
from storage.archives.places import Place, moment_of, plain_digest
from storage.archives.sources import Sources
from storage.archives.warc import Archived, Exchange
from storage.archives.warc_writer import warc_date
from storage.archives.warcio_records import ArchiveRecord
from storage.collection import Collection

logger = logging.getLogger(__name__)

# Headers of a record that its copy has too; the others say what is written anew, or what is not known of the copy.
_TAKEN_OVER = ("warc-ip-address", "warc-truncated", "warc-identified-payload-type", "warc-page-id", "warc-protocol",
               "warc-cipher-suite", "warc-resource-type")  # fmt: skip
_NAMES = {"warc-ip-address": "WARC-IP-Address", "warc-page-id": "WARC-Page-ID"}
_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a capture is in the archive files. `file`: id in `archive_files`; `record`: the record's id there, `byte N`
    where it has none, the path in a folder of saved pages; `note`: the same for WARC-JSON-Metadata; `uri`: for
    WARC-Source-URI."""

    file: int
    record: str
    note: dict[str, object]
    uri: str


class Refer(Protocol):
    """Makes rows of `captures` that point into archive files, in place of copies."""

    def __call__(
        self, capture: Capture, origin: Origin, digest: str, *,
        site: str, kind: CaptureKind, run_id: int | None, same_as: int | None,
    ) -> int:  # fmt: skip
        """Add the row of a capture and return its id.

        `digest`: the SHA-256 of the record's payload; `same_as`: the row of the capture that holds the payload, of a
        record that is a revisit.
        """


@dataclass(slots=True)
class KeptCounts:
    """What a replay kept: `copied` records (or referred ones), `revisits` among them, and how many of those that it
    read were `here` already. `not_kept` and `remarks`: reason → records."""

    copied: int = 0
    revisits: int = 0
    here: int = 0
    not_kept: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """Return in one line what is to be said: what could not be kept, and what is remarkable; "" for nothing."""
        said = [f"{reason} {n}" for reason, n in self.remarks.most_common()]
        if self.not_kept:
            reasons = ", ".join(f"{reason} {n}" for reason, n in self.not_kept.most_common())
            said.insert(0, f"{counted(self.not_kept.total(), 'page')} stored without a capture ({reasons})")
        return f"kept of the archive: {'; '.join(said)}" if said else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready facts."""
        return {
            "copied": self.copied, "revisits": self.revisits, "here": self.here, "not_kept": dict(self.not_kept),
            "remarks": dict(self.remarks),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Raw:
    """A record's payload with its framing, what came before it, and what it says of itself."""

    body: bytes
    head: bytes
    status: int
    headers: Headers
    is_resource: bool


class KeptRecords:
    """Keeps the captures of one replay; `counts` says how many."""

    def __init__(
        self, collection: Collection, captures: Captures, archive: Archive, sources: Sources, refer: Refer | None = None
    ):
        """`refer`: what makes a row without a copy, where records are to stay in their files."""
        self.collection = collection
        self.captures = captures
        self.archive = archive
        self.sources = sources
        self.counts = KeptCounts()
        self._refer = refer
        self._ids: dict[Place, int] = {}

    def keep(self, capture: Capture, *, site: str, kind: CaptureKind, run_id: int | None) -> int | None:
        """Return the id of the row of a capture of the archive, which is written if it is not here yet.

        None where it cannot be kept, which is counted and said. Raises CapturesUnwritable.
        """
        place = capture.place
        if capture.row is not None or place is None:
            return capture.row
        if place in self._ids:
            return self._known_as(self._ids[place], kind)
        try:
            raw = self._raw(capture)
        except ValueError as error:
            self.counts.not_kept[str(error)] += 1
            logger.warning("%s: its capture of %s is not kept: %s", capture.url, capture.time.isoformat(), error)
            return None
        digest = hashlib.sha256(raw.body).hexdigest()
        found = self._here(capture, digest)
        if found is not None:
            self.counts.here += 1
            self._known_as(found, kind)
        else:
            same_as = self._holder(capture, digest, site, kind, run_id)
            origin = self.origin(capture)
            if self._refer:
                found = self._refer(capture, origin, digest, site=site, kind=kind, run_id=run_id, same_as=same_as)
            else:
                exchange = self._exchange(capture, raw, origin, digest)
                found = self.captures.keep(exchange, site=site, kind=kind, run_id=run_id, same_as=same_as)
            self.counts.copied += 1
            self.counts.revisits += self._is_revisit(found)
        self._ids[place] = found
        return found

    def _known_as(self, row: int, kind: CaptureKind) -> int:
        """Note that a capture that was read for something else, as its links, is an article's too; returns `row`."""
        if kind == CaptureKind.ARTICLE:
            sql = "UPDATE captures SET kind = ? WHERE id = ? AND kind <> ?"
            self.collection.execute(sql, [kind, row, kind])
        return row

    def _is_revisit(self, row: int) -> bool:
        sql = "SELECT revisit_of FROM captures WHERE id = ?"
        return next(self.collection.rows(sql, [row]))["revisit_of"] is not None

    def origin(self, capture: Capture) -> Origin:
        """Return where a capture is in the files; their row is added where it is missing."""
        place = capture.place
        if place is None:
            raise ValueError("a capture that is in no archive file")
        source, record = self.sources.of(place.path), capture.record
        if record is None:  # a saved page
            member, name = "", str(place.member).removeprefix(f"{place.path}/")
        else:
            member = place.member or ""
            name = record.id if record.id and not self.archive.is_arc(place) else f"byte {place.offset}"
        file = self.sources.row(self.collection, place.path, member, _now(), in_place=self._refer is not None)
        note: dict[str, object] = {**source.facts()} | ({"member": member} if member else {}) | {"record": name}
        return Origin(file, name, note, source.uri(name, member))

    def _raw(self, capture: Capture) -> _Raw:
        """Take a record apart. Raises ValueError with the reason where it cannot be kept."""
        record = (capture.holder or capture).record
        if record is None:
            return _Raw(capture.body, b"", 200, capture.headers, is_resource=True)
        own = self._parted(record)
        if capture.holder is None:
            return own
        revisit = capture.record
        head = message_of(revisit.block, revisit.header("content-type")) if revisit else None
        if head is None or revisit is None:  # it says nothing but that the page was the same
            return _Raw(own.body, b"", 200, [], is_resource=False)
        parted = self._parted(revisit)
        return _Raw(own.body, parted.head, parted.status, parted.headers, is_resource=False)

    def _parted(self, record: ArchiveRecord) -> _Raw:
        if record.type == "resource":
            headers = [(b"Content-Type", record.header("content-type").encode("latin-1", "replace"))]
            return _Raw(record.block, b"", 200, headers, is_resource=True)
        message = message_of(record.block, record.header("content-type"))
        if message is None:
            raise ValueError("record without an answer")
        head, body = record.block[: message.body_start], record.block[message.body_start :]
        if not _is_plain(head, message.status):
            # Other readers would take another part of the block for the page, or none: then its head is written anew.
            self.counts.remarks["head of an answer written anew"] += 1
            head = b""
        return _Raw(body, head, message.status, message.headers, is_resource=False)

    def _here(self, capture: Capture, digest: str) -> int | None:
        """Return the row of the capture of the same address, second and payload; None where there is none."""
        rows = self.collection.rows(
            "SELECT id, captured_at FROM captures WHERE url = ? AND payload_digest = ? ORDER BY id",
            [urldefrag(capture.url).url, digest],
        )
        for row in rows:
            moment = moment_of(row["captured_at"])
            if moment is not None and moment.replace(microsecond=0) == capture.time.replace(microsecond=0):
                return int(row["id"])
        return None

    def _holder(
        self, capture: Capture, digest: str, site: str, kind: CaptureKind, run_id: int | None
    ) -> int | None:  # fmt: skip
        """Return the row of the capture that holds the payload of a revisit; it is kept if it is not here yet."""
        if capture.holder is None:
            return None
        return self.captures.holder_of(digest) or self.keep(capture.holder, site=site, kind=kind, run_id=run_id)

    def _exchange(self, capture: Capture, raw: _Raw, origin: Origin, digest: str) -> Exchange:
        record = capture.record
        more = {_NAMES.get(name, name.title().replace("Warc", "WARC")): record.header(name)
                for name in _TAKEN_OVER if record and record.header(name)}  # fmt: skip
        truncated = more.pop("WARC-Truncated", None)
        payload_digest = sha1_digest(raw.body)
        note = origin.note | self._digests(capture, raw, payload_digest)
        archived = Archived(
            file=origin.file, record=origin.record, note=note, head=raw.head,
            date=date_of(record.header("warc-date") if record else "", capture.time),
            request=self._request(capture), is_resource=raw.is_resource, more=more,
            profile=record.header("warc-profile").lower() if record else "", payload_digest=payload_digest,
        )  # fmt: skip
        return Exchange(
            urldefrag(capture.url).url, raw.status, raw.headers, raw.body, capture.time, truncated=truncated or None,
            source=origin.uri, finished=capture.finished, reason="OK" if raw.status == 200 else "", archived=archived,
            sha256=digest,
        )  # fmt: skip

    def _request(self, capture: Capture) -> bytes:
        """Return the block of the request's record where it is one that readers can take apart."""
        block = self.archive.request_of(capture.place) if capture.place else b""
        return block if b"\r\n\r\n" in block else b""

    def _digests(self, capture: Capture, raw: _Raw, payload_digest: str) -> dict[str, object]:
        """Return what the copy says of the digests of its record: those of another algorithm than ours, and those that
        are not true, which is counted. `payload_digest`: that of its payload as we write it."""
        record = capture.record
        if record is None or capture.holder is not None:
            return {}
        said: dict[str, object] = {}
        for name, data in (("payload", raw.body), ("block", record.block)):
            written = record.header(f"warc-{name}-digest")
            if written.startswith("sha1:") and written == (
                payload_digest if name == "payload" else sha1_digest(record.block)
            ):
                continue  # as nearly all are, however else it may be written
            digest = plain_digest(written)
            true = _is_true(digest, data) if digest else True
            if not true and name == "payload":
                true = _is_true(digest, unchunked(data)[0])
            if not true:
                self.counts.remarks[f"{name} digest that is not true"] += 1
            if digest and (not true or not digest.startswith("sha1:")):
                said[f"{name}_digest"] = written
        return said


def date_of(said: str, time: datetime) -> str:
    """Return the date of a capture as its record says it, where that is whole; else its moment `time` in full."""
    said = said.strip().upper()
    return said if _FULL_DATE.fullmatch(said) else warc_date(time)


def _is_plain(head: bytes, status: int) -> bool:
    """Tell whether every reader finds the same body after a head, and the same status in it."""
    first = head[:40].split(None, 2)
    return (
        head.startswith(b"HTTP/")
        and head.find(b"\r\n\r\n") == len(head) - 4
        and len(first) > 1
        and first[1].decode("latin-1") == str(status)
    )


def _is_true(digest: str, data: bytes) -> bool:
    """Tell whether a digest (algorithm:hex) is that of `data`; one of an algorithm that is not known here passes."""
    name, _, value = digest.partition(":")
    if name not in hashlib.algorithms_available or not hashlib.new(name, usedforsecurity=False).digest_size:
        return True
    return hashlib.new(name, data, usedforsecurity=False).hexdigest() == value


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""Reads the records of WARC and ARC files that others wrote: damage costs the record it is in.

Records of the ordinary form are read directly (storage.archives.whole_members), and all others with warcio.

warcio prints what it dislikes to standard error, takes lines of any length into memory, and ends at some records with
whatever exception comes first. Here nothing is printed, everything has a bound, and an exception means this record.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from crawler.errors import InternalError
from crawler.text.content_coding import MAX_BODY
from storage.archives.http_message import MAX_HEAD
from storage.archives.sniffing import blank_before, next_record, starts_like_arc, starts_like_warc
from storage.archives.warc import FINISHED
from storage.archives.whole_members import Member, Members

MAX_FORM = 1024 * 1024  # bytes of a request's body
_MOST_BLOCK = MAX_HEAD + MAX_BODY + 1  # bytes of a record that are read
_LONGEST_LINE = 256 * 1024  # bytes; of a header
_LONGEST_HEAD = 1024 * 1024  # bytes of a record's own headers
_MOST_DAMAGED = 10_000  # records of one file, then its rest is given up: looking for the next one costs time
DAMAGED = "damaged record"
DAMAGED_END = "damaged end of file"
PACKED_TOGETHER = "record packed together with another one"


class PackedAsWhole(InternalError):
    """A gzip stream holds more than one record, so that the second can be read, but never found again."""


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """A record: `offset` in the file, `headers` with lower-case names, the beginning of its `block`."""

    offset: int
    headers: dict[str, str]
    block: bytes

    @property
    def type(self) -> str:
        """WARC-Type, lower case."""
        return self.header("warc-type").lower()

    @property
    def url(self) -> str:
        """WARC-Target-URI, without the brackets that some write around it; of a finished page the page's own."""
        return self.header("warc-target-uri").strip("<> \t").removeprefix(FINISHED)

    @property
    def is_finished_page(self) -> bool:
        """Whether the record is one of ours that holds a page as it was when a browser had run its scripts."""
        return self.type == "resource" and self.header("warc-target-uri").strip("<> \t").startswith(FINISHED)

    @property
    def id(self) -> str:
        """WARC-Record-ID, without its brackets."""
        return self.header("warc-record-id").strip("<> \t")

    @property
    def concurrent_to(self) -> str:
        """WARC-Concurrent-To, without its brackets: the id of the response of a request, or the other way round."""
        return self.header("warc-concurrent-to").strip("<> \t")

    @property
    def is_cut(self) -> bool:
        """Whether the record says that it does not hold all of what was sent, or goes on in another one."""
        return bool(self.header("warc-truncated") or self.header("warc-segment-number"))

    @property
    def is_cut_by_disconnect(self) -> bool:
        """Whether the record says that the connection ended before all was sent."""
        return self.header("warc-truncated").strip().lower() == "disconnect" and not self.header("warc-segment-number")

    def header(self, name: str) -> str:
        """Return a header of the record; "" where there is none."""
        return self.headers.get(name, "")


def records(stream: IO[bytes]) -> Iterator[ArchiveRecord | str]:
    """Yield the records of a file, each with the first 64 KiB of its block (a form whole), and a word for each damage.

    Raises PackedAsWhole, and OSError where the file cannot be read.
    """
    arc = starts_like_arc(stream)
    size = stream.seek(0, 2)
    start: int | None = blank_before(stream) if arc or starts_like_warc(stream) else next_record(stream, 1)
    if start and not starts_like_warc(stream):
        yield DAMAGED
    is_first, is_known = True, False
    if start is not None and not arc:
        members = Members(stream, start)
        while (member := members.next(MAX_HEAD + MAX_FORM)) is not None:
            yield _begun(member)
            start, is_known = member.offset, True
        if is_known and members.is_at_end:
            return
    for _ in range(
        _MOST_DAMAGED
    ):  # the last record that is known is read again, as damage behind it is counted from it
        if start is None:
            return
        stream.seek(start)
        last: int | None = None
        found, short = _reader()(stream, arc2warc=arc, no_record_parse=True), False
        try:
            for record in found:
                if short:
                    yield DAMAGED
                headers = _headers(record)
                if not headers.get("content-length", "").strip().isdigit():
                    raise ValueError("a record without its length")
                if not found.reader.decompressor and found.place() + record.length > size:
                    last = found.offset  # where it begins; a plain file says this before it is read to its end
                    raise EOFError("the file ends within a record")
                block = record.raw_stream.read(MAX_HEAD)
                if headers.get("warc-type", "").lower() == "request" and block.startswith(b"POST"):
                    block += record.raw_stream.read(MAX_FORM)
                last = max(0, found.get_record_offset())
                short = record.raw_stream.limit > 0
                if not short and not is_known:
                    yield ArchiveRecord(last, headers, block)
                is_known = False
            if short:
                yield DAMAGED_END
            return
        except (OSError, GeneratorExit):
            raise
        except Exception as error:  # whatever it is, it is this record's
            if isinstance(error, PackedAsWhole) and last == 0:
                raise
            begin = start if last is None else last
            resume = next_record(stream, begin + 1)
            if isinstance(error, PackedAsWhole):
                yield PACKED_TOGETHER
            elif last is not None or resume is None or is_first:  # else it is the record that was just counted
                yield DAMAGED_END if resume is None else DAMAGED
            start, is_first = resume, False
    if start is not None:
        yield DAMAGED_END


def read_record(stream: IO[bytes], offset: int, *, arc: bool) -> ArchiveRecord | None:
    """Return the record at byte `offset` with its block up to a bound; None where none can be read there."""
    member = None if arc else Members(stream, offset).next(_MOST_BLOCK, is_bounded=True)
    if member is not None:
        return ArchiveRecord(offset, member.headers, member.block)
    stream.seek(offset)
    try:
        record: Any = next(iter(_reader()(stream, arc2warc=arc, no_record_parse=True)))
        block = record.raw_stream.read(_MOST_BLOCK)
        if len(block) < _MOST_BLOCK and getattr(record.raw_stream, "limit", 0) > 0:
            return None
        return ArchiveRecord(offset, _headers(record), block)
    except OSError:
        raise
    except Exception:  # as in `records`
        return None


def _begun(member: Member) -> ArchiveRecord:
    """Return a record with as much of its block as `records` gives."""
    most = MAX_HEAD
    if member.headers.get("warc-type", "").lower() == "request" and member.block.startswith(b"POST"):
        most += MAX_FORM
    return ArchiveRecord(member.offset, member.headers, member.block[:most])


def _headers(record: Any) -> dict[str, str]:
    """Return a record's headers; of those that come twice the first."""
    return {str(name).lower(): str(value).strip() for name, value in reversed(record.rec_headers.headers)}


@cache
def _reader() -> Any:
    """Return warcio's iterator over records, with bounds and without its messages; imported where it is needed."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import DecompressingBufferedReader
    from warcio.exceptions import ArchiveLoadFailed

    logging.getLogger("warcio.recordloader").setLevel(logging.ERROR)  # it says when it encodes a space

    class Reader(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
        spent = 0

        def readline(self, length: int | None = None) -> bytes:
            line: bytes = super().readline(min(length or _LONGEST_LINE, _LONGEST_LINE))
            self.spent += len(line)
            if self.spent > _LONGEST_HEAD:
                raise ArchiveLoadFailed("headers without an end")
            return line

        def _decompress(self, data: bytes) -> bytes:
            if self.decompressor and data and self.num_block_read:
                return bytes(self.decompressor.decompress(data))  # damage is an exception, not a line on the terminal
            return bytes(super()._decompress(data))

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""

        def __init__(self, stream: IO[bytes], **options: bool):
            super().__init__(stream, **options)
            self.reader = Reader(self.fh)

        def place(self) -> int:
            return int(self.fh.tell() - self.reader.rem_length())

        def _next_record(self, next_line: bytes | None) -> Any:
            self.reader.spent = 0
            if self.reader.decompressor and next_line and next_line.startswith(b"WARC/"):
                raise PackedAsWhole
            return super()._next_record(next_line)

        def _raise_invalid_gzip_err(self) -> None:
            raise PackedAsWhole

    return Records

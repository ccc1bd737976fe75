"""Reading WARC and WACZ files: an index of their responses by URL, and the captures themselves."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from storage.errors import CollectionError

_MAX_BODY = 32 * 1024 * 1024


class BadArchive(CollectionError):
    """The file is missing or is neither WARC nor WACZ."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response: `headers` as (name, value) bytes, `body` decoded, `time` aware (UTC)."""

    url: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    time: datetime


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    member: str | None  # of a WACZ
    offset: int
    time: str
    url: str


class Archive:
    """The responses of one or more WARC or WACZ files, by URL; only the index is kept in memory.

    A URL is looked up as written, then without regard to scheme, percent-encoding and the order of parameters. Of
    several captures the newest counts. `skipped` counts records passed over, by reason.
    """

    def __init__(self, paths: list[Path]):
        """Index `paths`. Raises BadArchive with a sentence for the user."""
        self.paths = paths
        self.skipped: dict[str, int] = {}
        self._places: dict[str, _Place] = {}
        for path in paths:
            self._index(path)

    def __len__(self) -> int:
        return len(self._places)

    def urls_on(self, hosts: Iterable[str]) -> Iterator[str]:
        """Yield the URLs of the captures of some hosts, as archived, in the files' order."""
        wanted = set(hosts)
        for place in self._places.values():
            if urlsplit(place.url).hostname in wanted:
                yield place.url

    def __contains__(self, url: str) -> bool:
        return _key(url) in self._places

    def find(self, url: str) -> Capture | None:
        """Return the capture of `url`, or None."""
        place = self._places.get(_key(url))
        if place is None:
            return None
        from warcio.archiveiterator import ArchiveIterator

        with _opened(place.path, place.member) as stream:
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(stream)))
            return self._capture(record)

    def captures(self) -> Iterator[Capture]:
        """Yield every indexed capture in the files' order."""
        for url in self._places:
            if capture := self.find(url):
                yield capture

    def _capture(self, record: Any) -> Capture:
        http = record.http_headers
        body = record.content_stream().read(_MAX_BODY)
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in http.headers
        ]
        warc = record.rec_headers
        time = _time(warc.get_header("WARC-Date") or "")
        return Capture(_uri(warc), int(http.get_statuscode() or 0), headers, body, time)

    def _index(self, path: Path) -> None:
        if not path.is_file():
            raise BadArchive(f"there is no archive file {path}")
        try:
            members = _warcs_in(path)
            found = sum(self._index_member(path, member) for member in members)
        except (OSError, zipfile.BadZipFile, zlib.error) as error:
            raise BadArchive(f"{path} cannot be read as an archive: {error}") from error
        if not found:
            raise BadArchive(f"{path} is not a WARC file: it holds no WARC record")

    def _index_member(self, path: Path, member: str | None) -> int:
        """Index one WARC; returns how many records it holds. A damaged end is counted, what stands before is kept."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        found = 0
        with _opened(path, member) as stream:
            if not _starts_like_warc(stream):
                return 0
            records = ArchiveIterator(stream)
            try:
                for record in records:
                    found += 1
                    self._note(record, _place(record, path, member, records.get_record_offset()))
            except (ArchiveLoadFailed, EOFError, ValueError, zlib.error):
                self._skip("damaged end of file")
        return found

    def _note(self, record: Any, place: _Place) -> None:
        if record.rec_type != "response" or record.http_headers is None:
            self._skip(f"{record.rec_type} record")
            return
        key = _key(place.url)
        if key not in self._places or self._places[key].time <= place.time:
            self._places[key] = place

    def _skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


def _warcs_in(path: Path) -> list[str | None]:
    """The WARC files in a WACZ, or [None] for a file that is one itself."""
    if not zipfile.is_zipfile(path):
        return [None]
    with zipfile.ZipFile(path) as package:
        return [name for name in package.namelist() if name.endswith((".warc", ".warc.gz"))]


@contextmanager
def _opened(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(path) as package, package.open(member) as stream:
            yield stream


def _starts_like_warc(stream: IO[bytes]) -> bool:
    head = stream.read(2048)
    stream.seek(0)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 64)
        except zlib.error:
            return False
    return head.lstrip().startswith(b"WARC/")


def _place(record: Any, path: Path, member: str | None, offset: int) -> _Place:
    return _Place(path, member, offset, str(record.rec_headers.get_header("WARC-Date") or ""), _uri(record.rec_headers))


def _uri(headers: Any) -> str:
    return str(headers.get_header("WARC-Target-URI") or "").strip("<>")


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _key(url: str) -> str:
    """The form in which URLs are compared: no scheme, no default port, decoded path, parameters sorted."""
    parts = urlsplit(url)
    host = re.sub(r":(80|443)$", "", parts.netloc.lower())
    path = unquote(parts.path) or "/"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{path}?{query}" if query else f"{host}{path}"

"""Reading WARC files: an index of their responses by URL, and the captures themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from storage.errors import CollectionError

_MAX_BODY = 32 * 1024 * 1024


class BadArchive(CollectionError):
    """The file is missing or is no WARC."""


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
    offset: int
    time: str


class Archive:
    """The responses of one or more WARC files, by URL; only the index is kept in memory.

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

    def urls(self) -> Iterator[str]:
        """Yield the keys under which captures are found."""
        return iter(self._places)

    def find(self, url: str) -> Capture | None:
        """Return the capture of `url`, or None."""
        place = self._places.get(_key(url))
        if place is None:
            return None
        from warcio.archiveiterator import ArchiveIterator

        with place.path.open("rb") as stream:
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(stream)))
            return self._capture(record)

    def captures(self) -> Iterator[Capture]:
        """Yield every indexed capture in the files' order."""
        for url in self._places:
            if capture := self.find(url):
                yield capture

    def _capture(self, record: object) -> Capture:
        http = record.http_headers  # type: ignore[attr-defined]
        body = record.content_stream().read(_MAX_BODY)  # type: ignore[attr-defined]
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in http.headers
        ]
        warc = record.rec_headers  # type: ignore[attr-defined]
        time = _time(warc.get_header("WARC-Date") or "")
        return Capture(_uri(warc), int(http.get_statuscode() or 0), headers, body, time)

    def _index(self, path: Path) -> None:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        if not path.is_file():
            raise BadArchive(f"there is no archive file {path}")
        found = 0
        try:
            with path.open("rb") as stream:
                records = ArchiveIterator(stream)
                for record in records:
                    found += 1
                    if record.rec_type != "response" or record.http_headers is None:
                        self._skip(f"{record.rec_type} record")
                        continue
                    offset = records.get_record_offset()
                    place = _Place(path, offset, record.rec_headers.get_header("WARC-Date") or "")
                    key = _key(_uri(record.rec_headers))
                    if key not in self._places or self._places[key].time <= place.time:
                        self._places[key] = place
        except (ArchiveLoadFailed, EOFError, OSError, ValueError, UnicodeError) as error:
            if not found:
                raise BadArchive(f"{path} is not a WARC file: {error}") from error
            self._skip("damaged end of file")
        if not found:
            raise BadArchive(f"{path} is not a WARC file: it holds no record")

    def _skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


def _uri(headers: object) -> str:
    return (headers.get_header("WARC-Target-URI") or "").strip("<>")  # type: ignore[attr-defined, no-any-return]


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

"""Reads WARC and WACZ files and folders of saved pages: an index of responses by URL, and the captures."""

import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from crawler import urls
from storage.archives.saved_folders import LIST, Mirror
from storage.archives.sniffing import is_package, next_record, starts_like_warc, what_it_is
from storage.archives.wacz import BadPackage, Wacz
from storage.errors import CollectionError
from storage.rows import CaptureRow

_MAX_BODY = 32 * 1024 * 1024
_MAX_FORM = 1024 * 1024
_SAVED_PAGE = -1  # instead of an offset


class BadArchive(CollectionError):
    """The file is missing or is neither WARC nor WACZ."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response: `headers` as (name, value) bytes, `body` decoded, `time` aware (UTC). `row`: the id of the
    capture where it is one of our own."""

    url: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    time: datetime
    row: int | None = None

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent, however its name is spelled; "" where there is none."""
        return next((v.decode("latin-1") for name, v in self.headers if name.lower() == b"content-type"), "")


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    member: str | None  # of a WACZ
    offset: int
    time: str
    url: str
    row: int | None = None


class Archive:
    """The responses of WARC or WACZ files or of folders of saved pages, by URL; only the index is kept in memory.

    A URL is looked up as written, then without regard to scheme, percent-encoding and the order of parameters. Of
    several captures the newest counts, unless a time is given. A revisit record has the payload it refers to. `skipped`
    counts records that were left out, by reason; after a damaged record reading continues at the next.
    """

    def __init__(self, paths: list[Path]):
        """Index `paths`. Raises BadArchive with a sentence for the user."""
        self.paths = paths
        self.skipped: dict[str, int] = {}
        self._form: tuple[str, str] = ("", "")  # the id of the response to the last form, and the form
        self._latest: tuple[str | None, _Place | None] = (None, None)  # the last response's id and place
        self._places: dict[str, list[_Place]] = {}  # captures of each URL, the oldest first
        self._waiting: dict[_Place, str] = {}  # revisit → digest of a payload that was not read yet
        self._payloads: dict[str, _Place] = {}  # WARC-Payload-Digest → the first response with it
        self._mirrors: dict[Path, Mirror] = {}
        self._packages: dict[Path, Wacz] = {}
        for path in paths:
            self._index(path)
        self._settle()
        self._sort()

    @classmethod
    def of_rows(cls, folder: Path, rows: Iterable[CaptureRow], payloads: Iterable[CaptureRow]) -> "Archive":
        """Return an archive of captures that a database knows (rows of `captures`), without reading their files.

        `payloads`: the captures that hold what revisits among `rows` refer to.
        """

        def place(row: CaptureRow) -> _Place:
            return _Place(folder / row["file"], None, row["offset"], row["captured_at"], row["url"], row["id"])

        archive = cls([])
        archive._payloads = {row["warc_digest"]: place(row) for row in payloads}
        for row in rows:
            archive._places.setdefault(_key(row["url"]), []).append(place(row))
        archive._sort()
        return archive

    def close(self) -> None:
        """Close all open files."""
        for package in self._packages.values():
            package.close()

    def _sort(self) -> None:
        for places in self._places.values():
            places.sort(key=lambda place: place.time)

    def __len__(self) -> int:
        return len(self._places)

    def urls_on(self, hosts: Iterable[str]) -> Iterator[str]:
        """Yield the URLs of the captures of some hosts, as archived, in the files' order."""
        wanted = set(hosts)
        for *_, place in self._places.values():
            if urlsplit(place.url).hostname in wanted:
                yield place.url

    def __contains__(self, url: str) -> bool:
        return _key(url) in self._places

    def find(self, url: str, *, until: datetime | None = None) -> Capture | None:
        """Return the newest capture of `url`, not later than `until` if given, or None."""
        return next(self.every(url, until=until), None)

    def every(self, url: str, *, until: datetime | None = None) -> Iterator[Capture]:
        """Yield the captures of `url`, not later than `until` if given, the newest first.

        Captures that can no longer be read are left out, and so are redirects to the same page under the other
        scheme: as schemes do not matter here, a reader would follow them for ever.
        """
        for place in reversed(self._places.get(_key(url), [])):
            if until is None or _time(place.time) <= until:
                capture = self._read(place)
                if capture is not None and not _leads_to_itself(capture):
                    yield capture

    def times(self, url: str) -> list[datetime]:
        """Return when `url` was captured, the earliest time first."""
        return [_time(place.time) for place in self._places.get(_key(url), [])]

    def _read(self, place: _Place) -> Capture | None:
        """Return a capture, or None if it can no longer be read."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        if place.offset == _SAVED_PAGE:
            mirror, path = self._mirrors[place.path], Path(place.member or "")
            headers = [(b"Content-Type", b"text/html")]
            return Capture(place.url, 200, headers, mirror.body(path)[:_MAX_BODY], mirror.time(path))
        with (
            self._opened(place.path, place.member) as stream,
            suppress(ArchiveLoadFailed, EOFError, ValueError, zlib.error),
        ):
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(stream)))
            if record.rec_type != "revisit":
                return replace(self._capture(record), row=place.row)
            payload = self._payloads.get(_digest(record))
            original = self._read(payload) if payload else None
            if original is None:
                return None
            status = record.http_headers and record.http_headers.get_statuscode()
            keeps = not status or status == "304"  # then the headers of the payload's own capture are valid
            own = original if keeps else self._capture(record)
            return Capture(place.url, original.status if keeps else own.status, own.headers, original.body,
                           _time(place.time), place.row)  # fmt: skip
        return None

    def captures(self) -> Iterator[Capture]:
        """Yield every indexed capture in the files' order."""
        for url in self._places:
            if capture := self.find(url):
                yield capture

    def _capture(self, record: Any) -> Capture:
        http = record.http_headers
        body = record.content_stream().read(_MAX_BODY)
        rest = record.raw_stream
        if len(body) < _MAX_BODY and getattr(rest, "limit", 0) > 0 and not rest.read(1):
            raise EOFError("the record is cut off")
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in http.headers
        ]
        warc = record.rec_headers
        time = _time(warc.get_header("WARC-Date") or "")
        return Capture(_uri(warc), int(http.get_statuscode() or 0), headers, body, time)

    def _index(self, path: Path) -> None:
        try:
            if path.is_dir():
                self._index_folder(path)
                return
            if not path.is_file():
                raise BadArchive(f"there is no archive file {path}")
            found = self._index_package(path) if is_package(path) else len(self._index_member(path, None))
        except (OSError, BadPackage) as error:
            raise BadArchive(f"{path} cannot be read as an archive: {error}") from error
        if not found:
            raise BadArchive(f"{path} is not a WARC file: {what_it_is(path)}")

    def _index_package(self, path: Path) -> int:
        """Index the WARC files of a WACZ, and count where the package contradicts its own content."""
        package = self._packages[path] = Wacz(path)
        found: dict[str, set[int]] = {}
        for member in package.members:
            try:
                found[member] = self._index_member(path, member)
            except BadPackage:
                if len(package.members) == 1:
                    raise
                self._skip("file of the package that cannot be read")
        for reason, count in package.contradictions(found, self.__contains__).items():
            self._skip(reason, count)
        return sum(map(len, found.values()))

    def _index_folder(self, path: Path) -> None:
        mirror = self._mirrors[path] = Mirror(path)
        if not mirror.urls:
            raise BadArchive(f"{path} holds no saved page whose address is known: add {LIST} (path, tab, URL)")
        for file, url in mirror.urls.items():
            place = _Place(path, str(file), _SAVED_PAGE, mirror.time(file).isoformat(), url)
            self._places.setdefault(_key(url), []).append(place)
        self.skipped |= {"page of unknown address": mirror.unknown} if mirror.unknown else {}

    def _index_member(self, path: Path, member: str | None) -> set[int]:
        """Index one WARC; returns where its records begin. Damage is counted; what surrounds it is kept."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        found: set[int] = set()
        with self._opened(path, member) as stream:
            if not starts_like_warc(stream):
                return found
            resume: int | None = 0
            while resume is not None:
                start = resume
                stream.seek(start)
                records, last = ArchiveIterator(stream), None
                try:
                    for record in records:
                        self._note_form(record)  # before the offset, which reads the record to its end
                        last = _place(record, path, member, records.get_record_offset())
                        self._note(record, last)
                        found.add(last.offset)
                    resume = None
                    if last is not None and self._forget_unreadable(last):
                        self._skip("damaged end of file")
                except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
                    if "non-chunked gzip" in str(error):
                        raise BadArchive(
                            f"{member or path} is compressed as a whole and not record by record: unpack it with "
                            "gunzip and name the .warc file"
                        ) from None
                    if last is not None:
                        start = last.offset
                        self._forget_unreadable(last)
                    resume = next_record(stream, start + 1)
                    if last is not None or resume is None:  # else it is the record that was just counted
                        self._skip("damaged end of file" if resume is None else "damaged record")
        return found

    def _forget_unreadable(self, place: _Place) -> bool:
        """Take a capture with a readable head but no readable body out of the index; True if there was one."""
        places = self._places.get(_key(place.url), [])
        if place not in places or place in self._waiting or self._read(place) is not None:
            return False
        self._drop(place)
        return True

    def _note(self, record: Any, place: _Place) -> None:
        is_revisit = record.rec_type == "revisit"
        if not is_revisit and (record.rec_type != "response" or record.http_headers is None):
            self._skip(f"{record.rec_type} record")
            return
        if urlsplit(place.url).scheme not in ("http", "https"):
            self._skip("record of no web page")
            return
        if _moment(place.time) is None:
            self._skip("record without a valid date")
            return
        if not is_revisit:
            self._payloads.setdefault(_digest(record), place)
        number = record.rec_headers.get_header("WARC-Record-ID")
        if number and number == self._form[0]:
            place = replace(place, url=urls.with_form(place.url, self._form[1]))
        self._places.setdefault(_key(place.url), []).append(place)
        self._latest = number, place
        if is_revisit and (digest := _digest(record)) not in self._payloads:
            self._waiting[place] = digest

    def _settle(self) -> None:
        """Take revisits whose payload is in no file out of the index."""
        for place, digest in self._waiting.items():
            if digest not in self._payloads:
                self._drop(place)
                self._skip("revisit of a payload that no file holds")

    def _drop(self, place: _Place) -> None:
        places = self._places.get(_key(place.url), [])
        if place in places:
            places.remove(place)
        if not places:
            self._places.pop(_key(place.url), None)

    def _note_form(self, record: Any) -> None:
        """Remember the form that a response answers: the same address with another form is another page.

        The request's record comes right before the response's, or right after it.
        """
        if record.rec_type != "request" or record.http_headers is None or record.http_headers.protocol != "POST":
            return
        number = record.rec_headers.get_header("WARC-Concurrent-To") or ""
        form = record.content_stream().read(_MAX_FORM).decode("utf-8", "replace")
        self._form = number, form
        if number and number == self._latest[0] and (place := self._latest[1]) and "#" not in place.url:
            self._places[_key(place.url)].remove(place)
            moved = replace(place, url=urls.with_form(place.url, form))
            self._places.setdefault(_key(moved.url), []).append(moved)

    def _skip(self, reason: str, count: int = 1) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + count

    @contextmanager
    def _opened(self, path: Path, member: str | None) -> Iterator[IO[bytes]]:
        if member is None:
            with path.open("rb") as stream:
                yield stream
        else:
            with self._packages[path].opened(member) as stream:
                yield stream


def _place(record: Any, path: Path, member: str | None, offset: int) -> _Place:
    return _Place(path, member, offset, str(record.rec_headers.get_header("WARC-Date") or ""), _uri(record.rec_headers))


def _digest(record: Any) -> str:
    """Return WARC-Payload-Digest, or a unique name for a record without it."""
    said = record.rec_headers.get_header("WARC-Payload-Digest")
    return str(said or record.rec_headers.get_header("WARC-Record-ID") or "")


def _uri(headers: Any) -> str:
    return str(headers.get_header("WARC-Target-URI") or "").strip("<>")


def _leads_to_itself(capture: Capture) -> bool:
    location = next((value for name, value in capture.headers if name.lower() == b"location"), None)
    if location is None or not 300 <= capture.status < 400:
        return False
    try:
        return _key(urljoin(capture.url, location.decode("utf-8", "replace"))) == _key(capture.url)
    except ValueError:
        return False


def _time(text: str) -> datetime:
    moment = _moment(text)
    if moment is None:
        raise ValueError(f"{text!r} is not a WARC-Date")
    return moment


def _moment(text: str) -> datetime | None:
    """Return a WARC-Date, possibly shortened as WARC 1.1 allows (2019, 2019-05), in UTC; None for other text."""
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        text = f"{text}-01-01"[:10]
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _key(url: str) -> str:
    """Return the form in which URLs are compared: no scheme, no default port, decoded path, sorted parameters.

    The fragment is left out, unless it is the form that a response answers (`crawler.urls.with_form`).
    """
    parts = urlsplit(url)
    host = re.sub(r":(80|443)$", "", parts.netloc.lower())
    path = unquote(parts.path) or "/"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    key = f"{host}{path}?{query}" if query else f"{host}{path}"
    if (form := urls.form_of(url)) is not None:
        key += f"#{urlencode(sorted(parse_qsl(form, keep_blank_values=True)))}"
    return key

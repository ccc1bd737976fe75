"""Reads WARC, ARC and WACZ files and folders of saved pages: an index of responses by address, and the captures."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import urljoin

from crawler import urls
from crawler.reasons import Reason
from crawler.text.content_coding import MAX_BODY
from storage.archives.address_key import address_key, is_web_address
from storage.archives.address_records import is_address_record
from storage.archives.capture_files import CaptureFiles
from storage.archives.http_message import Message, message_of, payload_of
from storage.archives.places import Place, Places, moment_of, plain_digest
from storage.archives.saved_folders import LIST, Mirror
from storage.archives.sniffing import is_package, starts_like_arc, what_it_is
from storage.archives.wacz import BadPackage, Wacz
from storage.archives.warcio_records import ArchiveRecord, PackedAsWhole, read_record, records
from storage.errors import CollectionError
from storage.rows import CaptureRow

ADDRESS = "further address of a capture"  # why a record is passed over
_SAVED_PAGE = -1  # instead of an offset
_CAPTURES = frozenset({"response", "resource", "revisit"})
_NO_PAGE = frozenset({204, 205, 304})
_MOST_HOPS = 20  # from one file of a page to the next


class BadArchive(CollectionError):
    """The file is missing or is neither WARC nor WACZ."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response: `headers` as (name, value) bytes, `body` decoded, `time` aware (UTC). `row`: the id of the
    capture where it is one of our own. `fault`: why the body is not whole, None where it is. `finished`: it is the page
    as it was when a browser had run its scripts. `place`: where it is in the files, with its `record` there (None for a
    saved page); `holder`: the capture whose payload it has, where its record is a revisit."""

    url: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    time: datetime
    row: int | None = None
    fault: Reason | None = None
    finished: bool = False
    place: Place | None = field(default=None, compare=False, repr=False)
    record: ArchiveRecord | None = field(default=None, compare=False, repr=False)
    holder: "Capture | None" = field(default=None, compare=False, repr=False)

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent, however its name is spelled; "" where there is none.

        Of several the last counts, as in browsers, with the charset of an earlier one of the same type.
        """
        said = [v.decode("latin-1").strip() for name, v in self.headers if name.lower() == b"content-type"]
        said = [value for value in said if "/" in value.partition(";")[0]] or said
        if not said:
            return ""
        kind = _essence(said[-1])
        alike = [value for value in said if _essence(value) == kind and "charset=" in value.lower()]
        return alike[-1] if alike else said[-1]


class Archive:
    """The responses of archive files or of folders of saved pages, by address; only the index is kept in memory.

    An address is looked up as `address_key` compares it. Of several captures the newest whole one counts, unless a time
    is given. A revisit record has the payload it refers to. `skipped` counts records that were left out, by reason;
    after a damaged record reading continues at the next.
    """

    def __init__(self, paths: list[Path]):
        """Index `paths`. Raises BadArchive with a sentence for the user."""
        self.paths = paths
        self.skipped: dict[str, int] = {}
        self._form: tuple[str, str] = ("", "")  # the id of the response to the last form, and the form
        self._latest: tuple[str | None, Place | None] = (None, None)  # the last response's id and place
        self._request: tuple[str, str, int] = ("", "", 0)  # of the last request: its id, its response's, its place
        self._requests: dict[Place, int] = {}  # capture → where the record of its request is, in the same file
        self._places = Places()
        self._not_whole: set[Place] = set()
        self._arcs: set[tuple[Path, str | None]] = set()
        self._mirrors: dict[Path, Mirror] = {}
        self._packages: dict[Path, Wacz] = {}
        for path in paths:
            self._index(path)
        if lost := self._places.settle():
            self._skip("revisit of a payload that no file holds", lost)

    @classmethod
    def of_rows(cls, files: CaptureFiles, rows: Iterable[CaptureRow], payloads: Iterable[CaptureRow]) -> "Archive":
        """Return an archive of captures that a database knows (rows of `captures`), without reading their records.

        `payloads`: what holds what revisits among `rows` refer to. Where an archive file is gone, that is counted.
        """

        def place(row: CaptureRow) -> Place | None:
            if (time := moment_of(row["captured_at"])) is None:
                return None
            try:
                where = files.located(row)
            except OSError:
                return None
            return Place(where.path, None, where.start + row["offset"], time, row["url"], row["id"])

        archive = cls([])
        holders = {row["id"]: place(row) for row in payloads}
        for row in rows:
            own = place(row)
            holder = holders.get(row["revisit_of"]) if row["revisit_of"] is not None else own
            if own is None or holder is None:
                archive._skip("record or payload in a file that is not there")
                continue
            archive._places.add(own)
            if holder is not own:
                archive._places.originals[own] = holder
        archive._places.settle()
        return archive

    def close(self) -> None:
        """Close all open files."""
        for package in self._packages.values():
            package.close()

    def __len__(self) -> int:
        return len(self._places)

    def urls_on(self, hosts: Iterable[str]) -> Iterator[str]:
        """Yield the addresses of the captures of some hosts (without ports), with www. or without it, as archived."""
        wanted = {urls.plain_host(host) for host in hosts}
        for place in self._places.newest():
            if urls.plain_host(urls.host(place.url)) in wanted:
                yield place.url

    def __contains__(self, url: str) -> bool:
        return bool(self._places.of(url))

    def find(self, url: str, *, until: datetime | None = None) -> Capture | None:
        """Return the newest whole capture of `url`, not later than `until` if given, or None."""
        return next(self.every(url, until=until), None)

    def every(self, url: str, *, until: datetime | None = None) -> Iterator[Capture]:
        """Yield the whole captures of `url`, not later than `until` if given, the newest first.

        Captures that can no longer be read are left out, and so are redirects to the same page under the other
        scheme: as schemes do not matter here, a reader would follow them for ever.
        """
        for place in reversed(self._places.of(url)):
            if until is None or place.time <= until:
                capture = self._read(place)
                if capture is not None and capture.fault is None and not _leads_to_itself(capture):
                    yield capture

    def fault(self, url: str) -> Reason | None:
        """Return why the newest capture of `url` is not whole; None where it is, or where there is none."""
        for place in reversed(self._places.of(url)):
            if (capture := self._read(place)) is not None:
                return capture.fault
        return None

    def times(self, url: str) -> list[datetime]:
        """Return when `url` was captured, the earliest time first."""
        return [place.time for place in self._places.of(url)]

    def captures(self) -> Iterator[Capture]:
        """Yield every indexed capture in the files' order, those that are not whole with their `fault`."""
        for place in self._places:
            if (capture := self._read(place)) is not None:
                yield capture
            else:
                self._skip("record that can no longer be read")

    def is_arc(self, place: Place) -> bool:
        """Tell whether a capture is in an ARC file, whose records have no ids."""
        return (place.path, place.member) in self._arcs

    def request_of(self, place: Place) -> bytes:
        """Return the block of the record of the request that a capture answers; b"" where the files have none."""
        offset = self._requests.get(place)
        if offset is None:
            return b""
        try:
            with self._opened(place.path, place.member) as stream:
                record = read_record(stream, offset, arc=False)
        except (OSError, BadPackage):
            return b""
        return record.block if record else b""

    def _read(self, place: Place) -> Capture | None:
        """Return a capture, or None if it can no longer be read."""
        try:
            capture = self._saved_page(place) if place.offset == _SAVED_PAGE else self._recorded(place)
        except (OSError, BadPackage):
            return None
        if capture is not None and capture.fault is not None and place not in self._not_whole:
            self._not_whole.add(place)
            self._skip("capture that is not whole")
        return capture

    def _saved_page(self, place: Place) -> Capture:
        mirror, path = self._mirrors[place.path], Path(place.member or "")
        body = mirror.body(path)
        fault = Reason.TOO_LARGE if len(body) > MAX_BODY else None
        headers = [(b"Content-Type", b"text/html")]
        return Capture(place.url, 200, headers, body[:MAX_BODY], place.time, fault=fault, place=place)

    def _recorded(self, place: Place) -> Capture | None:
        with self._opened(place.path, place.member) as stream:
            record = read_record(stream, place.offset, arc=(place.path, place.member) in self._arcs)
        if record is None:
            return None
        if record.type != "revisit":
            return _capture_of(record, place)
        holder = self._places.originals.get(place)
        original = self._recorded(holder) if holder and holder not in self._places.originals else None
        if original is None:
            return None
        message = message_of(record.block, record.header("content-type"))
        own = replace(
            original, url=place.url, time=place.time, row=place.row, place=place, record=record, holder=original
        )
        if message is None or message.status in _NO_PAGE:  # then the headers of the payload's own capture are valid
            return own
        headers = message.headers
        if not message.header(b"content-type"):
            headers = headers + [pair for pair in original.headers if pair[0].lower() == b"content-type"]
        return replace(own, status=message.status, headers=headers)

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
            except (BadPackage, BadArchive):
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
            self._places.add(Place(path, str(file), _SAVED_PAGE, mirror.time(file), url))
        if mirror.unknown:
            self._skip("page of unknown address", mirror.unknown)

    def _index_member(self, path: Path, member: str | None) -> set[int]:
        """Index one WARC; returns where its records begin. Damage is counted; what surrounds it is kept."""
        found: set[int] = set()
        damage: list[str] = []
        try:
            with self._opened(path, member) as stream:
                if starts_like_arc(stream):
                    self._arcs.add((path, member))
                for record in records(stream):
                    if isinstance(record, str):
                        damage.append(record)
                        continue
                    self._note_form(record)
                    self._note(record, path, member)
                    found.add(record.offset)
        except PackedAsWhole:
            raise BadArchive(
                f"{member or path} is compressed as a whole and not record by record: unpack it with gunzip and name "
                "the .warc file"
            ) from None
        if found:
            for reason in damage:
                self._skip(reason)
        return found

    def _note(self, record: ArchiveRecord, path: Path, member: str | None) -> None:
        """Add a record to the index, or count why it is not in it."""
        time = moment_of(record.header("warc-date"))
        message = message_of(record.block, record.header("content-type")) if record.type == "response" else None
        if is_address_record(record.headers):
            reason = ADDRESS  # nobody asked for it: it would be a capture that never happened
        elif record.type not in _CAPTURES:
            reason = f"{record.type} record" if record.type else "record without a type"
        elif not record.url:
            reason = "record without an address"
        elif not _is_of_the_web(record.url):
            reason = f"{record.type} record"  # of a name server, of the crawler's own notes, of a picture of a page
        elif not is_web_address(record.url):
            reason = "record with an invalid address"
        elif record.type == "response" and message is None:
            reason = f"{record.type} record"
        elif message and (message.status in _NO_PAGE or message.status < 200):
            reason = f"answer without a page (status {message.status})"
        elif time is None:
            reason = "record without a valid date"
        else:
            kind = _essence(record.header("content-type"))
            beside = record.type == "resource" and not kind.startswith(("text/", "application/xhtml"))
            digest = plain_digest(record.header("warc-payload-digest"))
            place = Place(path, member, record.offset, time, record.url, digest=digest, beside=beside)
            if record.id and record.id == self._form[0]:
                place = replace(place, url=urls.with_form(place.url, self._form[1]))
            self._places.add_record(place, record)
            own, answered, offset = self._request
            if (record.id and record.id == answered) or (own and own == record.concurrent_to):
                self._requests[place] = offset
            self._latest = record.id, place
            return
        self._skip(reason)

    def _note_form(self, record: ArchiveRecord) -> None:
        """Remember the form that a response answers: the same address with another form is another page.

        The request's record comes right before the response's, or right after it.
        """
        if record.type != "request":
            return
        number = record.concurrent_to
        self._request = record.id, number, record.offset
        if number and number == self._latest[0] and self._latest[1]:
            self._requests[self._latest[1]] = record.offset
        if not record.block.startswith(b"POST "):
            return
        form = record.block.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
        self._form = number, form
        if number and number == self._latest[0] and (place := self._latest[1]) and "#" not in place.url:
            moved = replace(place, url=urls.with_form(place.url, form))
            self._places.move(place, moved)
            self._requests[moved] = self._requests.pop(place)

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


def _capture_of(record: ArchiveRecord, place: Place) -> Capture | None:
    """Return what a record of a response or of a page alone holds."""
    kind = record.header("content-type")
    if record.type == "resource":
        message: Message | None = Message(200, [(b"Content-Type", kind.encode("latin-1", "replace"))], 0)
    else:
        message = message_of(record.block, kind)
    if message is None:
        return None
    body, fault = payload_of(
        message, record.block, said_truncated=record.is_cut, by_disconnect=record.is_cut_by_disconnect
    )
    status = 200 if message.status == 206 and fault is None else message.status
    if status >= 300:
        fault = None  # of a redirect or an error page nobody reads the text
    url, finished = record.url or place.url, record.is_finished_page
    return Capture(url, status, message.headers, body, place.time, place.row, fault, finished, place, record)


def _is_of_the_web(url: str) -> bool:
    return url.lower().startswith(("http:", "https:")) or ":" not in url


def _essence(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _leads_to_itself(capture: Capture) -> bool:
    location = next((value for name, value in capture.headers if name.lower() == b"location"), None)
    if location is None or not 300 <= capture.status < 400:
        return False
    try:
        return address_key(urljoin(capture.url, location.decode("utf-8", "replace"))) == address_key(capture.url)
    except ValueError:
        return False

"""The index of an archive: where each capture is, by address, and which capture holds the payload of a revisit."""

import re
from base64 import b32decode
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.archives.address_key import address_key
from storage.archives.warcio_records import ArchiveRecord

_NOT_MODIFIED = "server-not-modified"
_HEX_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_MOST_TRIED = 100  # captures of one address
_MOST_STEPS = 20  # from one revisit to the next
_SAME_TIME = timedelta(seconds=1)  # of dates that are written with and without fractions


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture is: `offset` in a file, or in a `member` of a package. `time`: aware (UTC). `row`: the id of the
    capture where it is one of our own. `beside`: a file that belongs to the page and is not the page itself, such as a
    picture of it."""

    path: Path
    member: str | None
    offset: int
    time: datetime
    url: str
    row: int | None = None
    digest: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class _Reference:
    """What a revisit says of the capture that it repeats."""

    id: str
    url: str
    time: datetime | None
    is_not_modified: bool


class Places:
    """The places of all captures. `originals`: revisit → the place that holds its payload, after `settle`."""

    def __init__(self) -> None:
        self.originals: dict[Place, Place] = {}
        self._of_key: dict[str, list[Place]] = {}  # the oldest first, after `settle`
        self._of_id: dict[str, Place] = {}
        self._of_digest: dict[str, Place] = {}
        self._waiting: dict[Place, _Reference] = {}
        self._in_order: dict[Place, None] = {}

    def __len__(self) -> int:
        return len(self._of_key)

    def __iter__(self) -> Iterator[Place]:
        """Yield every place, in the files' order."""
        return iter(self._in_order)

    def of(self, url: str) -> list[Place]:
        """Return the places of an address, the oldest first."""
        return self._of_key.get(address_key(url), [])

    def newest(self) -> Iterator[Place]:
        """Yield the newest place of each address."""
        for *_, place in self._of_key.values():
            yield place

    def add(self, place: Place) -> None:
        """Add a capture that is not a revisit."""
        self._of_key.setdefault(address_key(place.url), []).append(place)
        self._in_order[place] = None

    def add_record(self, place: Place, record: ArchiveRecord) -> None:
        """Add a capture or a revisit of an archive file."""
        self.add(place)
        if record.id:
            self._of_id.setdefault(record.id, place)
        if record.type == "revisit":
            self._waiting[place] = _reference(record)
        elif place.digest and (record.is_cut_by_disconnect or not record.is_cut):
            self._of_digest.setdefault(place.digest, place)

    def move(self, place: Place, moved: Place) -> None:
        """Put a capture under another address."""
        if place in self._in_order:
            self.drop(place)
            if place in self._waiting:
                self._waiting[moved] = self._waiting.pop(place)
            self.add(moved)

    def drop(self, place: Place) -> None:
        """Take a capture out."""
        self._in_order.pop(place, None)
        key = address_key(place.url)
        left = [other for other in self._of_key.get(key, []) if other != place]
        if left:
            self._of_key[key] = left
        else:
            self._of_key.pop(key, None)

    def settle(self) -> int:
        """Sort the captures and find what revisits repeat; those that repeat nothing that is here are taken out.

        Returns how many these are.
        """
        for places in self._of_key.values():
            places.sort(key=_rank)
        holders: dict[str, list[Place]] = {}  # of each address that a revisit names: its captures with a payload
        for place, reference in self._waiting.items():
            if original := self._original(place, reference, holders):
                self.originals[place] = original
        lost = self._waiting.keys() - self.originals.keys()
        for key in {address_key(place.url) for place in lost}:
            self._of_key[key] = [place for place in self._of_key[key] if place not in lost]
            if not self._of_key[key]:
                del self._of_key[key]
        for place in lost:
            del self._in_order[place]
        self._waiting.clear()
        return len(lost)

    def _original(self, place: Place, reference: _Reference, holders: dict[str, list[Place]]) -> Place | None:
        """Return the capture with the payload of a revisit, through further revisits if need be."""
        for _ in range(_MOST_STEPS):
            found = self._referred(place, reference, holders)
            if found is None or found not in self._waiting:
                return found
            place, reference = found, self._waiting[found]
        return None

    def _referred(self, place: Place, reference: _Reference, holders: dict[str, list[Place]]) -> Place | None:
        """Return what a revisit names: by id, by address and time, by digest, or by address alone."""
        for other in self._candidates(place, reference, holders):
            if other is not None and other != place and (reference.is_not_modified or _may_be_same(place, other)):
                return other
        return None

    def _candidates(
        self, place: Place, reference: _Reference, holders: dict[str, list[Place]]
    ) -> Iterator[Place | None]:
        yield self._of_id.get(reference.id)
        of_url: list[Place] = []
        if reference.url:
            key = address_key(reference.url)
            if key not in holders:
                holders[key] = [other for other in self._of_key.get(key, []) if other not in self._waiting]
            of_url = holders[key]
        if reference.time:
            first = bisect_left(of_url, (True, reference.time - _SAME_TIME), key=_rank)
            for other in of_url[first : first + _MOST_TRIED]:
                if abs(other.time - reference.time) < _SAME_TIME:
                    yield other
        if place.digest:
            yield self._of_digest.get(place.digest)
        later = bisect_right(of_url, (True, place.time), key=_rank)
        yield from reversed(of_url[max(0, later - _MOST_TRIED) : later])
        yield from of_url[later : later + _MOST_TRIED]


def _rank(place: Place) -> tuple[bool, datetime]:
    """What belongs to a page comes before the page itself, which is what counts."""
    return not place.beside, place.time


def _may_be_same(one: Place, other: Place) -> bool:
    """Tell whether the digests of two captures allow that their payloads are the same."""
    if not one.digest or not other.digest or one.digest.partition(":")[0] != other.digest.partition(":")[0]:
        return True
    return one.digest == other.digest


def _reference(record: ArchiveRecord) -> _Reference:
    return _Reference(
        record.header("warc-refers-to").strip("<> \t"),
        record.header("warc-refers-to-target-uri").strip("<> \t"),
        moment_of(record.header("warc-refers-to-date")),
        _NOT_MODIFIED in record.header("warc-profile").lower(),
    )


def plain_digest(text: str) -> str:
    """Return a digest as algorithm and hex, however it is written: SHA-256:…, sha1: in base32 or in hex."""
    name, _, value = text.strip().rpartition(":")
    name, value = (name or "sha1").lower().replace("-", ""), value.strip().rstrip("=")
    if not value:
        return ""
    if len(value) in _HEX_LENGTHS and re.fullmatch(r"[0-9a-fA-F]+", value) and not _is_base32_of(name, value):
        return f"{name}:{value.lower()}"
    try:
        return f"{name}:{b32decode(value.upper() + '=' * (-len(value) % 8)).hex()}"
    except ValueError:
        return f"{name}:{value}"


def _is_base32_of(name: str, value: str) -> bool:
    return name == "sha1" and len(value) == 32


def moment_of(text: str) -> datetime | None:
    """Return a WARC-Date, possibly shortened as WARC 1.1 allows (2019, 2019-05), in UTC; None for other text.

    Also read: the 14 digits of an ARC file or of a careless writer.
    """
    text = text.strip().upper()
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        text = f"{text}-01-01"[:10]
    if re.fullmatch(r"\d{14}", text):
        text = f"{text[:8]}T{text[8:]}"
    # Python reads three or six digits of a second, and WARC allows one to nine.
    text = re.sub(r"(:\d\d)\.(\d+)", lambda match: f"{match[1]}.{match[2][:6]:0<6}", text)
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

"""The warcinfo records that captures refer to: an imported file holds those of all files that its records came from."""

from contextlib import suppress
from pathlib import Path

from storage.archives.warc import DamagedRecord, Record, records
from storage.exports.chosen_captures import first_record


class WarcInfos:
    """Gives each warcinfo record once, before the first record that refers to it."""

    def __init__(self) -> None:
        self._given: set[str] = set()  # ids
        self._first: dict[Path, Record | None] = {}
        self._all: dict[Path, dict[str, Record]] = {}  # of files with several, which have been read through

    def before(self, source: Path, record: Record) -> list[Record]:
        """Return the warcinfo of `record`, which lies in the file `source`: the one that it names, else the first
        of the file; nothing where it was given before, or there is none. Raises DamagedRecord, OSError."""
        if source not in self._first:
            self._first[source] = first_record(source)
        info = self._first[source]
        named = record.headers.get("warc-warcinfo-id", "").strip("<>")
        if named in self._given:
            return []
        if info and named and info.id != named:
            info = self._in_file(source).get(named, info)
        if info is None or info.id in self._given:
            return []
        self._given.add(info.id)
        return [info]

    def _in_file(self, source: Path) -> dict[str, Record]:
        if source not in self._all:
            found: dict[str, Record] = {}
            self._all[source] = found
            with suppress(DamagedRecord):  # the captures behind it say so themselves
                found.update((record.id, record) for record in records(source) if record.type == "warcinfo")
        return self._all[source]

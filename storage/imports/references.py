"""What imported rows point to: sites, runs, captures and files, found here by what they are, or added."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from storage.collection import Collection
from storage.errors import BadImport, CapturesUnwritable
from storage.fields import picked
from storage.files.attachments import place_of
from storage.files.fsync import fsync
from storage.files.texts import put_text
from storage.rows import AttachedFile, CaptureFacts, Issuer, SiteRow

_CAPTURE = ("record_id", "url", "status", "content_type", "captured_at", "payload_digest", "warc_digest", "source")
_CHUNK = 1 << 20  # bytes
_RUN = ("site", "mode", "started_at", "software")  # identify a run


class Pointing:
    """Finds the ids that things of another collection have in this one. `place`: of what is taken in, for messages."""

    def __init__(self, collection: Collection, moment: str, files: Path | None, written: list[Path] | None = None):
        """`files`: the other's folder of files; `written` gets those that are copied from there."""
        self.collection = collection
        self.moment = moment
        self.place = ""
        self._files = files
        self._written = [] if written is None else written
        self._undescribed: dict[str, str] = {}  # sites that runs are of, with the place that named each
        self._sites: dict[str, str] = {}  # slug → updated_at of what was taken over
        self._runs: dict[tuple[str, ...], int] = {}

    def site(self, slug: str, facts: Issuer) -> None:
        """Make sure that a site's row is here; the newer description counts."""
        if self._sites.get(slug) == facts["updated_at"]:
            return
        self._sites[slug] = facts["updated_at"]
        own = next(self.collection.rows("SELECT updated_at FROM sites WHERE slug = ?", [slug]), None)
        if own is None or own["updated_at"] < facts["updated_at"]:
            columns = {column.name for column in self.collection.db["sites"].columns}
            known = {name: value for name, value in facts.items() if name in columns}
            for name in ("rights", "rights_url"):  # who states nothing takes nothing back
                if known.get(name) is None:
                    known.pop(name, None)
            self.collection.put_site(cast(SiteRow, known | {"slug": slug}))

    def run(self, facts: Mapping[str, Any] | None, site: str | None) -> int:
        """Return the id of a run, adding its row where it is not here; for an unknown one, that of this import."""
        facts = facts or {
            "site": site, "mode": "import", "started_at": self.moment, "finished_at": self.moment, "status": "ok",
            "software": "unknown",
        }  # fmt: skip
        name = tuple(str(facts[column]) for column in _RUN)
        if name not in self._runs:
            where = " AND ".join(f"{column} = ?" for column in _RUN)
            row = next(self.collection.rows(f"SELECT id FROM runs WHERE {where} ORDER BY id", name), None)  # noqa: S608
            self._runs[name] = int(row["id"]) if row else self._add_run(facts)
        return self._runs[name]

    def _add_run(self, facts: Mapping[str, Any]) -> int:
        """Add a run; its id is kept where it is free, its place in the run log is given by ours."""
        columns = {column.name for column in self.collection.db["runs"].columns} - {"number", "previous"}
        row = {name: value for name, value in facts.items() if name in columns}
        if "id" in row and next(self.collection.rows("SELECT 1 FROM runs WHERE id = ?", [row["id"]]), None):
            del row["id"]
        self._undescribed.setdefault(str(facts["site"]), self.place)
        return self.collection.insert("runs", row)

    def require_sites(self) -> None:
        """Raise BadImport where a run is of a site that nothing describes."""
        known = {row["slug"] for row in self.collection.rows("SELECT slug FROM sites")}
        for slug, place in self._undescribed.items():
            if slug not in known:
                raise BadImport(f"{place} has a run of the site {slug}, which nothing describes; nothing was taken in")

    def capture(self, facts: Mapping[str, Any] | None) -> int | None:
        """Return the id of a capture that is here too, None where it is not."""
        if not facts:
            return None
        sql = "SELECT id FROM captures WHERE record_id = ?"
        row = next(self.collection.rows(sql, [facts["record_id"]]), None)
        return int(row["id"]) if row else None

    def elsewhere(self, facts: CaptureFacts | None) -> str | None:
        """Keep what is known of a capture that is not here, and return its record id."""
        if not facts:
            return None
        columns = ", ".join(_CAPTURE)
        self.collection.execute(
            f"INSERT OR IGNORE INTO captures_elsewhere ({columns}) VALUES ({', '.join('?' * len(_CAPTURE))})",  # noqa: S608
            list(picked(facts, _CAPTURE).values()),
        )
        return str(facts["record_id"])

    def file(self, item: AttachedFile) -> bool:
        """Make sure that an attached file is here, bytes and text; False where the bytes were not handed over."""
        sha256, kind = item.get("sha256"), item.get("file_type")
        if not sha256 or not kind:
            return False
        target = place_of(self.collection.path, sha256, kind)
        if not target.is_file():
            source = self._files / target.parent.name / target.name if self._files else None
            if source is None or not source.is_file():
                return False
            if not self._copied(source, target, sha256):
                return False
        if next(self.collection.rows("SELECT 1 FROM files WHERE sha256 = ?", [sha256]), None) is None:
            values = {"sha256": sha256, "size": item["size"], "type": kind, "kept_at": item["kept_at"]}
            file_id = self.collection.insert("files", values)
            if read_at := item.get("text_at"):
                put_text(self.collection, file_id, item["text"] or "", item["text_reason"], at=read_at)
        return True

    def _copied(self, source: Path, target: Path, sha256: str) -> bool:
        """Copy a file to its place; False where its content is another than its name says.
        Raises CapturesUnwritable."""
        part = target.with_name(target.name + ".part")
        digest = hashlib.sha256()
        self._written += [part, target]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as stream, part.open("wb") as out:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            if digest.hexdigest() != sha256:
                part.unlink()
                self._written[-2:] = []
                return False
            part.replace(target)
            fsync(target.parent)
        except OSError as error:
            raise CapturesUnwritable(
                f"{target} cannot be written: {error.strerror or error}; make room or set the folder right, then "
                "import again (nothing was taken in)"
            ) from error
        return True

"""Files that strangers hand in: archives, exports of collections, tables of sites."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.errors import ConfigurationError, TinphuongError
from spiders import site_table
from storage.archives import warc
from storage.archives.archive import Archive, BadArchive
from storage.imports import take_in
from storage.imports.sources import BadImport
from tests.fuzz import made_seeds
from tests.fuzz.target import Target, must, sound

_MEMORY = Path("/dev/shm")  # where there is one: a file for each input is much to write on a disk
_MOMENT = "2027-03-04T05:06:07+00:00"


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="tinphuong-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def read_records(data: bytes) -> None:
    """An archive gives the captures that can be read, and counts the others; or it is none, in a sentence."""
    with _folder() as folder:
        path = folder / ("a.warc.gz" if data.startswith(b"\x1f\x8b") else "a.warc")
        path.write_bytes(data)
        try:
            for record in warc.records(path):  # the reader of `verify`
                _ = record.type, record.id, record.url
        except warc.DamagedRecord as error:
            must(str(error), "damage without words")
        try:
            archive = Archive([path])
        except BadArchive as error:
            must(str(error) and "\n" not in str(error), "an error that is no sentence")
            return
        try:
            for capture in archive.captures():
                must(capture.time.utcoffset() is not None, "a time without its zone")
                sound(capture.url, "an address")
                must(capture.url in archive, "a capture that cannot be found")
                _ = capture.content_type
                list(archive.every(capture.url)), archive.times(capture.url)
            must(all(count > 0 for count in archive.skipped.values()), "something was skipped no times")
            list(archive.urls_on({"mot.test", "mot.gov.vn"}))
        finally:
            archive.close()


_TABLES = (
    "articles", "versions", "article_urls", "attachments", "images", "article_events", "article_units", "confirmations",
    "captures_elsewhere", "runs", "sites", "files",
)  # fmt: skip


def _state(db: Path) -> list[object]:
    with sqlite3.connect(db) as connection:
        must(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the database is damaged")
        must(not connection.execute("PRAGMA foreign_key_check").fetchall(), "a row points to nothing")
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _TABLES]


@cache
def _own() -> Path:
    """A collection with half of the articles, to import into."""
    db = made_seeds.collection() / "own.db"
    if not db.exists():
        half = b"\n".join(made_seeds.exported().splitlines()[:4]) + b"\n"
        whole = made_seeds.with_parts().splitlines()[0] + b"\n"
        (db.parent / "half.jsonl").write_bytes(half + whole)
        take_in(db, db.parent / "half.jsonl", moment=_MOMENT, progress=lambda done, total: None)
    return db


def read_import(data: bytes) -> None:
    """An import takes all, or nothing with a sentence; what is there stays whole and readable."""
    with _folder() as folder:
        db, path = folder / "a.db", folder / "in.jsonl"
        shutil.copyfile(_own(), db)
        path.write_bytes(data)
        before = _state(db)
        try:
            take_in(db, path, moment=_MOMENT, progress=lambda done, total: None)
        except BadImport as error:
            must(len(str(error)) < 2000, "a sentence longer than a page")
            must(_state(db) == before, "an import that was refused took something in")
            return
        except TinphuongError as error:
            must(str(error), "an error without words")
        after = _state(db)
        must(after[0] >= before[0], "an import lost articles")
        with sqlite3.connect(db) as connection:
            connection.row_factory = sqlite3.Row
            for table in _TABLES:
                for row in connection.execute(f"SELECT * FROM {table}"):
                    for name in row.keys():  # noqa: SIM118 — a row gives its values
                        must(not isinstance(row[name], bytes), f"{table}.{name} is bytes")
                        if isinstance(row[name], str):
                            sound(row[name], f"{table}.{name}")


def read_table(data: bytes) -> None:
    """A table of sites gives spiders, or says for each fault in which line it is."""
    with _folder() as folder:
        path = folder / "sites.csv"
        path.write_bytes(data)
        try:
            rows = site_table.sound_rows(path)
        except ConfigurationError as error:
            must(str(error), "an error without words")
            return
        for _, row in rows:
            site_table.spider_of(row)
            json.dumps(row, ensure_ascii=False).encode()


_TABLE = """slug,name,host,platform,unit_old,unit_new,start_pages,scheme,every
hanoi_mot,"Phường Một, quận Hai",mot.test,generic,00004,00004,/ /tin-tuc,http,12
hue_hai,Phường Hai,hai.test:8080,wordpress,,,,,
"""

RECORDS = Target(
    "records",
    "warc",
    "captures that can be read, the others counted; or no archive, in a sentence",
    made_seeds.warcs,
    read_records,
)
IMPORTS = Target(
    "imports",
    "lines",
    "all or nothing with a sentence; the collection stays whole",
    lambda: [made_seeds.exported(), made_seeds.with_parts()],
    read_import,
)
TABLES = Target(
    "tables", "text", "sites, or the faults with their lines",
    lambda: [_TABLE.encode(), site_table.TABLE.read_bytes(), _TABLE.replace(",", ";").encode()], read_table,
)  # fmt: skip

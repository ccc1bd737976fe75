"""Is the collection whole? Captures against their digests and rows, articles against captures, hashes and index."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from crawler import urls
from crawler.text import content_hash
from crawler.text.counted import counted
from storage import fields, run_log
from storage.archives import unfinished
from storage.archives.captures import folder_of, warc_files
from storage.archives.file_check import CheckedCapture, Damage, Pointers, check_file
from storage.collection import Collection
from storage.connection import require_database
from storage.errors import NewerSchema, Unreadable
from storage.files import attachments as attachment_files
from storage.locking import sole_writer
from storage.search import counts, fulltext
from storage.site_memory import parameters

_BATCH = 200  # articles indexed again at once
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Verdict:
    """What `verify` looked at and what it found. `remarks` are worth knowing, but not damage."""

    captures: int = 0
    files: int = 0
    bytes: int = 0
    articles: int = 0
    versions: int = 0
    attachments: int = 0  # different files
    runs: run_log.Head = run_log.NO_RUNS
    damage: list[Damage] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """Return the verdict as JSON-ready facts."""
        return {
            "whole": not self.damage,
            "captures": self.captures, "files": self.files, "bytes": self.bytes,
            "articles": self.articles, "versions": self.versions, "attachments": self.attachments,
            "runs": {"logged": self.runs.number, "newest": self.runs.digest},
            "damage": [{"kind": item.kind, "where": item.where, "what": item.what} for item in self.damage],
            "remarks": self.remarks,
        }  # fmt: skip


def verify(db: Path, progress: Progress) -> Verdict:
    """Check everything that belongs to the database at `db`; `progress` is called with (done, of how many).

    A file that is not a database, or is too damaged to open, counts as damage. Raises Unreadable where there is none,
    NewerSchema, and Locked where another process writes: what it writes would look like damage.
    """
    require_database(db)
    verdict = Verdict()
    with sole_writer(db):
        try:
            with Collection(db, must_exist=True) as collection:
                _verify(collection, verdict, progress)
        except NewerSchema:
            raise
        except (Unreadable, sqlite3.DatabaseError) as error:
            verdict.damage.append(Damage("database", str(db), str(error)))
    return verdict


def _verify(collection: Collection, verdict: Verdict, progress: Progress) -> None:
    total = sum(_count(collection, table) for table in ("captures", "articles", "versions", "files"))
    done = 0

    def step(count: int = 1) -> None:
        nonlocal done
        done += count
        progress(done, total)

    checks = (_database, _runs, _captures, _articles, _versions, _attachments, _index, _near)
    for check in checks:
        try:
            verdict.damage.extend(check(collection, verdict, step))
        except sqlite3.DatabaseError as error:
            verdict.damage.append(Damage("database", str(collection.path), str(error)))


def _count(collection: Collection, table: str) -> int:
    return int(next(collection.rows(f"SELECT count(*) AS n FROM {table}"))["n"])  # noqa: S608 — literals only


def _database(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """SQLite's own checks."""
    for row in collection.rows("PRAGMA integrity_check"):
        if row["integrity_check"] != "ok":
            yield Damage("database", str(collection.path), row["integrity_check"])
    for row in collection.rows("PRAGMA foreign_key_check"):
        what = f"points to a row of {row['parent']} that does not exist"
        yield Damage("foreign key", f"{row['table']} {row['rowid']}", what)


def _runs(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """The run log: no run missing, none altered."""
    verdict.runs = run_log.head(collection.db)
    for item in run_log.breaks(collection.db):
        yield Damage("run log", item.where, item.what)


def _captures(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Every WARC file, read once, against the rows that point into it."""
    folder = folder_of(collection.path)
    paths = {path.name: path for path in warc_files(folder)}
    for path in [path for path in paths.values() if unfinished.is_left(collection, path)]:
        del paths[path.name]
        size = counted(path.stat().st_size, "byte")
        what = "of an import or a pruning that was cut short; the next crawl removes them"
        verdict.remarks.append(f"{path.name}: {size} {what}")
    named = {row["file"] for row in collection.rows("SELECT DISTINCT file FROM captures")}
    for name in sorted(paths.keys() | named):
        rows = collection.rows(
            "SELECT c.*, o.record_id AS original_id, o.payload_digest AS original_digest "
            "FROM captures c LEFT JOIN captures o ON o.id = c.revisit_of WHERE c.file = ? ORDER BY c.offset",
            (name,),
            of=CheckedCapture,
        )
        if name not in paths and not folder.is_dir() and _handed_on(collection):
            captures = counted(sum(1 for _ in rows), "capture is", "captures are")
            verdict.remarks.append(f"{captures} in {name}, which is not part of this export")
            continue
        if name not in paths:
            lost = sum(1 for _ in rows)
            yield Damage("missing file", str(folder / name), f"{counted(lost, 'capture was', 'captures were')} in it")
            step(lost)
            continue
        verdict.files += 1
        verdict.bytes += paths[name].stat().st_size
        pointers = Pointers(rows, step)
        yield from check_file(paths[name], pointers)
        verdict.captures += pointers.taken
    for path in sorted(folder.glob("*.torn")):
        size = counted(path.stat().st_size, "byte")
        verdict.remarks.append(f"{path.name}: {size} of a record that was cut off, kept aside")


def _handed_on(collection: Collection) -> bool:
    """Whether this is a collection that `tinphuong export sqlite` made, which leaves the captures to other formats."""
    return bool(next(collection.rows("SELECT 1 FROM sqlite_master WHERE name = 'export_info'"), None))


def _articles(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Hashes of the stored texts, and the captures the articles point to."""
    for row in collection.rows("SELECT id, url, title, body, content_hash FROM articles"):
        verdict.articles += 1
        step()
        if row["content_hash"] != content_hash(row["title"], row["body"]):
            yield Damage("content hash", f"article {row['id']}", f"title or body is not what was stored: {row['url']}")
    doubtful = collection.rows(
        "SELECT a.id, a.site, c.id AS capture, c.url, c.kind FROM articles a JOIN captures c ON c.id = a.capture_id "
        "WHERE c.kind != 'article' OR "
        "NOT EXISTS (SELECT 1 FROM article_urls u WHERE u.article_id = a.id AND u.url = c.url)"
    )
    for row in doubtful:
        known = {
            item["url"] for item in collection.rows("SELECT url FROM article_urls WHERE article_id = ?", [row["id"]])
        }
        linked = urls.cleaned(row["url"])
        sessions = {name for name, is_session in parameters(collection, row["site"]).items() if is_session}
        if row["kind"] != "article" or not {row["url"], linked, urls.without_parameters(linked, sessions)} & known:
            what = f"its capture {row['capture']} is of another page: {row['url']} ({row['kind']})"
            yield Damage("pointer", f"article {row['id']}", what)
    without = _count(collection, "articles WHERE capture_id IS NULL")
    if without:
        articles = counted(without, "article has", "articles have")
        verdict.remarks.append(f"{articles} no capture, having come from an import, or captures were off")


def _versions(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    for row in collection.rows("SELECT id, article_id, title, body, content_hash FROM versions"):
        verdict.versions += 1
        step()
        if row["content_hash"] != content_hash(row["title"], row["body"]):
            yield Damage("content hash", f"version {row['id']}", f"not what was stored of article {row['article_id']}")


def _attachments(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Every attached file against its SHA-256."""
    for item in attachment_files.damaged(collection):
        verdict.attachments += 1
        step()
        if item is not None:
            yield item
    for path in attachment_files.unnamed(collection):
        verdict.remarks.append(f"{path}: no attachment names this file; a run that was cut short left it")


def _index(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """The full-text index: sound in itself, an entry for each article, each of the length its text has today.

    The index keeps no text to compare, but how many words each entry has; those are counted again.
    """
    try:
        collection.db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield Damage("index", "articles_fts", f"not sound in itself: {error}")
    for row in collection.rows("SELECT id FROM articles_fts_docsize EXCEPT SELECT place FROM search_keys"):
        yield Damage("index", f"place {row['id']}", "is in the full-text index but not in the collection")
    for name, sql in counts.KEPT.items():
        for row in collection.rows(sql):
            yield Damage("index", name, f"does not agree with the articles at {', '.join(map(str, row.values()))}")
    for row in collection.rows(fulltext.MISPLACED):
        yield Damage("index", f"article {row['id']}", "is in the full-text index under another day")
    texts = ", ".join(f"a.{name}" for name in fields.SEARCHED)
    rows = collection.rows(
        f"SELECT a.id, a.site, {texts}, d.sz FROM articles a LEFT JOIN search_keys k ON k.id = a.id "  # noqa: S608
        "LEFT JOIN articles_fts_docsize d ON d.id = k.place"
    )
    while batch := list(islice(rows, _BATCH)):
        sizes = fulltext.sizes(batch)
        for row in batch:
            if row["sz"] is None:
                yield Damage("index", f"article {row['id']}", "cannot be searched: it is not in the full-text index")
            elif row["sz"] != sizes[row["id"]]:
                yield Damage("index", f"article {row['id']}", "the full-text index holds another text")


def _near(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Groups of near duplicates: each has its earliest source among its members."""
    headless = collection.rows(
        "SELECT g.article_id FROM near_groups g LEFT JOIN near_groups e ON e.article_id = g.group_id "
        "AND e.group_id = g.group_id WHERE e.article_id IS NULL"
    )
    for row in headless:
        yield Damage("near duplicates", f"article {row['article_id']}", "the earliest source of its group is not in it")

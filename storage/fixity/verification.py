"""Is the collection whole? Captures against their digests and rows, articles against captures, hashes and index.

What was looked at when, and was whole, is entered in a ledger (storage/fixity), by which a sample is chosen.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from crawler import urls
from crawler.text.counted import counted
from crawler.workers import HERE, Workers, resting
from storage import run_log
from storage.archives import unfinished
from storage.archives.captures import folder_of, warc_files
from storage.archives.file_check import CheckedCapture, Damage, Pointers
from storage.archives.referred_check import check_referred, check_sampled
from storage.collection import Collection
from storage.connection import require_database
from storage.errors import NewerSchema, Unreadable, Unwritable
from storage.files import attachments as attachment_files
from storage.fixity import heal, ledger, pieces
from storage.fixity.records import SAMPLED, check_record, placed
from storage.fixity.second_copy import SecondCopy, second_copy
from storage.locking import sole_writer
from storage.search import counts, fulltext
from storage.site_memory import parameters

_OF_FILES = {"missing file", "unreadable file"}  # of all captures in them
_NEVER = "9999"
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Verdict:
    """What `verify` looked at and what it found. `remarks` are worth knowing, but not damage; `sample`: the share of
    the collection that was looked at, None for all of it; `standing`: what the ledger says after it; `lost`: ids of
    captures in files that are missing or cannot be read; `healed`: sentences; `workers`: who looks."""

    captures: int = 0
    files: int = 0
    bytes: int = 0
    articles: int = 0
    versions: int = 0
    attachments: int = 0  # different files
    runs: run_log.Head = run_log.NO_RUNS
    damage: list[Damage] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    sample: Fraction | None = None
    standing: list[ledger.Standing] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    healed: list[str] = field(default_factory=list)
    workers: Workers = field(default=HERE, repr=False, compare=False)

    def to_dict(self) -> dict[str, object]:
        """Return the verdict as JSON-ready facts."""
        return {
            "whole": not self.damage, "sample": None if self.sample is None else float(self.sample),
            "captures": self.captures, "files": self.files, "bytes": self.bytes,
            "articles": self.articles, "versions": self.versions, "attachments": self.attachments,
            "runs": {"logged": self.runs.number, "newest": self.runs.digest},
            "damage": [{"kind": item.kind, "where": item.where, "what": item.what} for item in self.damage],
            "remarks": self.remarks, "healed": self.healed,
            "ledger": {item.kind: item.to_dict() for item in self.standing},
        }  # fmt: skip


def verify(
    db: Path, progress: Progress, *, at: str | None = None, sample: Fraction | None = None,
    heal_from: Path | None = None, workers: Workers = HERE,
) -> Verdict:  # fmt: skip
    """Check everything that belongs to the database at `db`; `progress` is called with (done, of how many).

    `at`: the moment, ISO 8601 in UTC, for the ledger; None: nothing is entered in it. `sample`: look only at that share
    of captures, articles, versions and files: at what was looked at longest ago, and at what was damaged then; the
    database as a whole is not checked. `heal_from`: a second copy (storage.fixity.second_copy), by which damaged
    captures and files are replaced; what is healed is no damage any more. `workers`: who looks at its parts; the
    verdict is the same.

    A file that is not a database, or is too damaged to open, counts as damage. Raises Unreadable where there is none,
    NewerSchema, BadBackup, CapturesUnwritable, and Locked where another process writes: what it writes would look like
    damage.
    """
    require_database(db)
    verdict = Verdict(sample=sample, workers=workers)
    copy = second_copy(heal_from, db) if heal_from else None
    with sole_writer(db):
        try:
            with Collection(db, must_exist=True) as collection, resting(workers):
                _verify(collection, verdict, progress, at)
                if copy is not None and verdict.damage:
                    _heal(collection, verdict, copy, at)
                verdict.standing = ledger.standing(collection)
        except NewerSchema:
            raise
        except (Unreadable, sqlite3.DatabaseError) as error:
            verdict.damage.append(Damage("database", str(db), str(error)))
    return verdict


def _verify(collection: Collection, verdict: Verdict, progress: Progress, at: str | None) -> None:
    if verdict.sample is None:
        total = sum(_count(collection, table) for table in ("captures", "articles", "versions", "files"))
    else:
        total = ledger.choose(collection, verdict.sample, at or _NEVER)
    done = 0

    def step(count: int = 1) -> None:
        nonlocal done
        done += count
        progress(done, total)

    for kind, check in _SAMPLE if verdict.sample else _CHECKS:
        begun = len(verdict.damage)
        try:
            verdict.damage.extend(replace(item, of=kind) for item in check(collection, verdict, step))
            if kind in ledger.KINDS and at is not None:
                items = {item.item for item in verdict.damage[begun:] if item.item is not None}
                damaged = items | (verdict.lost if kind == "capture" else set())
                ledger.note(collection, kind, damaged, at, sampled=verdict.sample is not None)
        except Unwritable:
            verdict.remarks.append("the database cannot be written to: when this was verified is not entered in it")
        except sqlite3.DatabaseError as error:
            verdict.damage.append(Damage("database", str(collection.path), str(error)))


def _heal(collection: Collection, verdict: Verdict, copy: SecondCopy, at: str | None) -> None:
    """Replace what is damaged by what a second copy has, and leave in the verdict what is damaged still."""
    healed = heal.Healed()
    captures = {item.item for item in verdict.damage if item.item is not None and item.of == "capture"} | verdict.lost
    files = {item.item for item in verdict.damage if item.item is not None and item.of == "file"}
    heal.heal_captures(collection, captures, copy, healed)
    places = {item.where for item in verdict.damage if item.of == "capture" and item.item is None}
    heal.heal_archives(collection, places, copy, healed)
    heal.heal_files(collection, files, copy, healed)
    again = Verdict()  # what it counts was counted before
    left = check_sampled(collection, again, lambda: None, "SELECT item FROM temp.to_heal", handed_on=False)
    healed.left += [replace(item, of="capture") for item in left]
    verdict.damage = [item for item in verdict.damage if not _is_dealt_with(item, captures, healed)]
    verdict.damage += healed.left
    verdict.healed = healed.sentences
    if at is not None:
        for kind, ids in (("capture", healed.captures), ("file", healed.files)):
            ledger.note_whole(collection, kind, ids, at)


def _is_dealt_with(item: Damage, captures: set[int], healed: heal.Healed) -> bool:
    """Whether what is left of a damage is in `healed`: it was of one of `captures`, of their files, or is mended."""
    if item.of == "capture":
        return item.item in captures or item.kind in _OF_FILES or item.where in healed.archives
    return item.of == "file" and item.item in healed.files


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
    """The captures, in the collection's own files and in archive files that they are read from in place."""
    if verdict.sample:
        yield from _sampled_captures(collection, verdict, step)
    else:
        yield from _own_captures(collection, verdict, step)
        yield from check_referred(collection, verdict, step, handed_on=_handed_on(collection))


def _own_captures(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Every WARC file of the collection's own, read once, against the rows that point into it."""
    folder = folder_of(collection.path)
    paths = {path.name: path for path in warc_files(folder)}
    for path in [path for path in paths.values() if unfinished.is_left(collection, path)]:
        del paths[path.name]
        size = counted(path.stat().st_size, "byte")
        what = "of an import or a pruning that was cut short; the next crawl removes them"
        verdict.remarks.append(f"{path.name}: {size} {what}")
    named = {row["file"] for row in collection.rows("SELECT DISTINCT file FROM captures WHERE NOT is_referred")}
    for name in sorted(paths.keys() | named):
        rows = collection.rows(pieces.CAPTURES.format(""), (name,), of=CheckedCapture)
        if name not in paths and not folder.is_dir() and _handed_on(collection):
            captures = counted(sum(1 for _ in rows), "capture is", "captures are")
            verdict.remarks.append(f"{captures} in {name or 'a file'}, which is not part of this export")
            continue
        if name not in paths:
            lost = {row["id"] for row in rows}
            verdict.lost |= lost
            what = f"{counted(len(lost), 'capture was', 'captures were')} in it"
            yield Damage("missing file", str(folder / name), what)
            step(len(lost))
            continue
        verdict.files += 1
        verdict.bytes += paths[name].stat().st_size
        pointers = Pointers(rows, step)
        yield from pieces.captures(collection, verdict.workers, paths[name], pointers, step)
        verdict.captures += pointers.taken
        verdict.lost.update(pointers.left())  # where the file cannot be read
    for path in sorted(folder.glob("*.torn")):
        size = counted(path.stat().st_size, "byte")
        verdict.remarks.append(f"{path.name}: {size} of a record that was cut off, kept aside")
    for path in sorted(folder.glob("*.damaged")):
        size = counted(path.stat().st_size, "byte")
        verdict.remarks.append(f"{path.name}: {size} that were damaged and have been replaced, kept aside")


def _sampled_captures(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """The captures of the sample, each read by itself."""
    if not folder_of(collection.path).is_dir() and _handed_on(collection):
        verdict.remarks.append("the captures are not part of this export")
        return
    for path, rows in placed(collection, SAMPLED):
        verdict.files += 1
        for row in rows:
            verdict.captures += 1
            verdict.bytes += row["offset"] + row["length"] - row["begin"]
            yield from check_record(path, row)
            step()
    yield from check_sampled(collection, verdict, step, SAMPLED, handed_on=_handed_on(collection))


def _handed_on(collection: Collection) -> bool:
    """Whether this is a collection that `tinphuong export sqlite` made, which leaves the captures to other formats."""
    return bool(next(collection.rows("SELECT 1 FROM sqlite_master WHERE name = 'export_info'"), None))


def _articles(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Hashes of the stored texts, and the captures the articles point to."""
    only = _only(verdict, "article")
    for found in pieces.articles(collection, verdict.workers, only):
        verdict.articles += 1
        step()
        if found is not None:
            yield found
    doubtful = collection.rows(
        "SELECT a.id, a.site, c.id AS capture, c.url, c.kind FROM articles a "  # noqa: S608 — literals only
        f"JOIN captures c ON c.id = a.capture_id WHERE a.id IN ({only}) AND (c.kind != 'article' OR "
        "NOT EXISTS (SELECT 1 FROM article_urls u WHERE u.article_id = a.id AND u.url = c.url))"
    )
    for row in doubtful:
        known = {
            item["url"] for item in collection.rows("SELECT url FROM article_urls WHERE article_id = ?", [row["id"]])
        }
        linked = urls.cleaned(row["url"])
        sessions = {name for name, is_session in parameters(collection, row["site"]).items() if is_session}
        if row["kind"] != "article" or not {row["url"], linked, urls.without_parameters(linked, sessions)} & known:
            what = f"its capture {row['capture']} is of another page: {row['url']} ({row['kind']})"
            yield Damage("pointer", f"article {row['id']}", what, row["id"])
    without = _count(collection, "articles WHERE capture_id IS NULL")
    if without:
        articles = counted(without, "article has", "articles have")
        verdict.remarks.append(f"{articles} no capture, having come from an import, or captures were off")


_ALL = {"article": "articles", "version": "versions", "file": "files"}


def _only(verdict: Verdict, kind: str) -> str:
    """The query that gives the ids of a kind that are looked at."""
    if verdict.sample is None:
        return f"SELECT id FROM {_ALL[kind]} ORDER BY id"  # noqa: S608 — literals only
    return f"SELECT item AS id FROM temp.sampled WHERE kind = '{kind}' ORDER BY id"  # noqa: S608


def _versions(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    for found in pieces.versions(collection, verdict.workers, _only(verdict, "version")):
        verdict.versions += 1
        step()
        if found is not None:
            yield found


def _attachments(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Every attached file against its SHA-256."""
    for item in pieces.files(collection, verdict.workers, _only(verdict, "file")):
        verdict.attachments += 1
        step()
        if item is not None:
            yield item
    for path in attachment_files.unnamed(collection) if verdict.sample is None else ():
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
    yield from pieces.index(collection, verdict.workers)


def _near(collection: Collection, verdict: Verdict, step: Callable[..., None]) -> Iterator[Damage]:
    """Groups of near duplicates: each has its earliest source among its members."""
    headless = collection.rows(
        "SELECT g.article_id FROM near_groups g LEFT JOIN near_groups e ON e.article_id = g.group_id "
        "AND e.group_id = g.group_id WHERE e.article_id IS NULL"
    )
    for row in headless:
        yield Damage("near duplicates", f"article {row['article_id']}", "the earliest source of its group is not in it")


_CHECKS = (
    ("database", _database), ("run log", _runs), ("capture", _captures), ("article", _articles),
    ("version", _versions), ("file", _attachments), ("index", _index), ("near", _near),
)  # fmt: skip
_SAMPLE = tuple(item for item in _CHECKS if item[0] == "run log" or item[0] in ledger.KINDS)

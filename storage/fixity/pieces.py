"""Pieces of what `verify` looks at, each done by itself, and in another process where there are several.

They say what they find to whoever asked. Where a piece cannot be read to its end, what was found before that is kept.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from crawler.text import content_hash
from crawler.workers import Workers
from storage import fields
from storage.archives.file_check import CheckedCapture, Damage, Pointers, check_file, is_sound
from storage.collection import Collection
from storage.files import attachments
from storage.reading import apart
from storage.search import fulltext

T = TypeVar("T")
_ROWS = 200  # in a piece: some 30 ms
_CAPTURES = 100
_FILES = 16
CAPTURES = (
    "SELECT c.*, o.record_id AS original_id, o.payload_digest AS original_digest "
    "FROM captures c LEFT JOIN captures o ON o.id = c.revisit_of WHERE c.file = ? {} ORDER BY c.offset"
)
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class _Found(NamedTuple):
    """What a piece comes to. `error`: why it was not read to its end."""

    items: list[Any]
    error: sqlite3.DatabaseError | None


def _gathered(items: Iterable[Any]) -> _Found:
    found: list[Any] = []
    try:
        found.extend(items)
    except sqlite3.DatabaseError as error:
        return _Found(found, error)
    return _Found(found, None)


def _all(
    collection: Collection, workers: Workers, work: Callable[..., _Found], calls: Iterable[tuple[Any, ...]]
) -> Iterator[Any]:
    for found in apart.each(collection, workers, work, calls):
        yield from found.items
        if found.error is not None:
            raise found.error


def _in_pieces(items: Iterable[T], size: int) -> Iterator[tuple[list[T]]]:
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield (piece,)


def _ids(collection: Collection, sql: str) -> Iterator[tuple[list[int]]]:
    return _in_pieces((row["id"] for row in collection.rows(sql)), _ROWS)


def _of(ids: list[int]) -> str:
    return f"IN ({', '.join(map(str, ids))})"


# Texts


def articles(collection: Collection, workers: Workers, only: str) -> Iterator[Damage | None]:
    """Yield the damage of each article whose id the query `only` gives, None for one that has its hash."""
    return _all(collection, workers, _articles, _ids(collection, only))


def _articles(collection: Collection, ids: list[int]) -> _Found:
    sql = f"SELECT id, url, title, body, content_hash FROM articles WHERE id {_of(ids)} ORDER BY id"  # noqa: S608
    return _hashed(collection, sql, "article", lambda row: f"title or body is not what was stored: {row['url']}")


def versions(collection: Collection, workers: Workers, only: str) -> Iterator[Damage | None]:
    """Yield the damage of each earlier text whose id the query `only` gives, None for one that has its hash."""
    return _all(collection, workers, _versions, _ids(collection, only))


def _versions(collection: Collection, ids: list[int]) -> _Found:
    sql = f"SELECT id, article_id, title, body, content_hash FROM versions WHERE id {_of(ids)} ORDER BY id"  # noqa: S608
    return _hashed(collection, sql, "version", lambda row: f"not what was stored of article {row['article_id']}")


def _hashed(collection: Collection, sql: str, kind: str, what: Callable[[dict[str, Any]], str]) -> _Found:
    """Hold the texts that `sql` gives against their hashes; `what` says what is wrong with one that differs."""
    return _gathered(
        None
        if row["content_hash"] == content_hash(row["title"], row["body"])
        else Damage("content hash", f"{kind} {row['id']}", what(row), row["id"])
        for row in collection.rows(sql)
    )


def index(collection: Collection, workers: Workers) -> Iterator[Damage]:
    """Yield the damage of articles that are not in the full-text index with as many words as they have."""
    return _all(collection, workers, _index, _ids(collection, "SELECT id FROM articles ORDER BY id"))


def _index(collection: Collection, ids: list[int]) -> _Found:
    texts = ", ".join(f"a.{name}" for name in fields.SEARCHED)
    sql = (
        f"SELECT a.id, a.site, {texts}, d.sz FROM articles a LEFT JOIN search_keys k ON k.id = a.id "  # noqa: S608
        f"LEFT JOIN articles_fts_docsize d ON d.id = k.place WHERE a.id {_of(ids)} ORDER BY a.id"
    )
    rows, error = _gathered(collection.rows(sql))
    sizes, found = fulltext.sizes(rows), []
    for row in rows:
        if row["sz"] is None:
            found.append(
                Damage("index", f"article {row['id']}", "cannot be searched: it is not in the full-text index")
            )
        elif row["sz"] != sizes[row["id"]]:
            found.append(Damage("index", f"article {row['id']}", "the full-text index holds another text"))
    return _Found(found, error)


# Files


def files(collection: Collection, workers: Workers, only: str) -> Iterator[Damage | None]:
    """Yield the damage of each attached file whose id the query `only` gives, None for a whole one."""
    rows = collection.rows(f"SELECT id, sha256, size, type FROM files WHERE id IN ({only}) ORDER BY sha256")  # noqa: S608
    return _all(collection, workers, _files, _in_pieces(rows, _FILES))


def _files(collection: Collection, rows: list[dict[str, Any]]) -> _Found:
    return _Found([attachments.damage(collection.path, row) for row in rows], None)


# Captures


def captures(
    collection: Collection, workers: Workers, path: Path, pointers: Pointers, step: Callable[[int], None]
) -> Iterator[Damage]:
    """Yield the defects of a WARC file's records and of the rows that point to them.

    With several workers they read parts of it first; only where one finds a defect is the file read as a whole.
    """
    if workers.jobs > 1:
        sound, pointers.told = _parts(collection, workers, path, step)
        if sound:
            pointers.pass_over()
            return
    yield from check_file(path, pointers)


def _parts(collection: Collection, workers: Workers, path: Path, step: Callable[[int], None]) -> tuple[bool, int]:
    """Whether all parts of a file are as they should be, and how many captures `step` was told of."""
    told = 0
    try:
        for found in apart.each(collection, workers, _captures, _spans(collection, path)):
            if found is None:
                return False, told
            step(found)
            told += found
    except sqlite3.DatabaseError:
        return False, told
    return True, told


def _spans(collection: Collection, path: Path) -> Iterator[tuple[Path, int, int, int, int | None]]:
    """Yield (file, first and last offset of rows, byte where their records begin, byte after them)."""
    start, end, first, last, count = 0, 0, _LOWEST, 0, 0
    for row in collection.rows("SELECT offset, length FROM captures WHERE file = ? ORDER BY offset", [path.name]):
        if count == _CAPTURES:
            yield path, first, last, start, end
            start, first, count = end, last + 1, 0
        last, end, count = row["offset"], row["offset"] + row["length"], count + 1
    yield path, first, _HIGHEST, start, None


def _captures(collection: Collection, path: Path, first: int, last: int, start: int, end: int | None) -> int | None:
    """How many captures there are in a part of a file, None where anything in it is not as it should be."""
    rows = collection.rows(CAPTURES.format("AND c.offset BETWEEN ? AND ?"), (path.name, first, last), of=CheckedCapture)
    pointers = Pointers(rows, lambda: None)
    return pointers.taken if is_sound(path, pointers, start, end) else None

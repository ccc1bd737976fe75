"""A database as a stranger hands it in: its rows are copied into one of ours, and nothing of its own is ever run.

Views and triggers, generated columns and functions of the file are left where they are: only plain tables are read,
column by column, and each row is checked on the way.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

from sqlite_utils import Database

from storage.errors import BadImport
from storage.exports.delivery import statement_in
from storage.imports.validation import LONGEST, BadValue, Checker
from storage.schema import MIGRATIONS, migrate

MAGIC = b"SQLite format 3\x00"
# What an import takes over; a table comes after those that its rows point to.
_TABLES = (
    "sites", "runs", "skipped", "archive_files", "captures", "captures_elsewhere", "files", "articles", "article_urls",
    "versions", "attachments", "images", "article_units", "article_events", "confirmations", "rights_evidence",
)  # fmt: skip
_BATCH = 200  # rows
_SECONDS = 60.0  # that SQLite may look for the next batch
_STEPS = 100_000  # of SQLite's machine between two looks at the clock
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_MORE = 20  # names of what is passed over


def copy(path: Path, target: Path, latest: str, *, is_sealed: bool) -> Checker:
    """Copy what is taken over of the database at `path` into a new one at `target`, of the same schema version.

    Returns the checker, with what was passed over. `latest`: as in Checker; `is_sealed`: nobody writes to the file.
    Raises BadImport with a sentence that names table and row.
    """
    with _opened(path, is_sealed=is_sealed) as source:
        version = _version(source, path)
        with closing(sqlite3.connect(target, isolation_level=None)) as made:
            made.execute("PRAGMA journal_mode = OFF")  # nobody needs the copy after a crash
            made.execute("PRAGMA synchronous = OFF")
            ours = Database(made)
            migrate(ours, version)
            checker = Checker(made, latest)
            kinds = {name: kind for _, name, kind, *_ in source.execute("PRAGMA main.table_list").fetchall()}
            _pass_over_more(kinds, ours, checker)
            made.execute("BEGIN")
            for table in _TABLES:
                if ours[table].exists():
                    _copy_table(source, path, table, kinds.get(table), made, checker)
            made.execute("COMMIT")
            wrong = made.execute("PRAGMA foreign_key_check").fetchone()
            if wrong:
                raise BadImport(f"{path}: row {wrong[1]} of {wrong[0]} names a row of {wrong[2]} that is not there")
    return checker


def statement(path: Path) -> str | None:
    """Return what an exported database states of itself, None where it states nothing. Raises BadImport."""
    with _opened(path, is_sealed=False) as source:
        source.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY)
        return statement_in(source)


@contextmanager
def _opened(path: Path, *, is_sealed: bool) -> Iterator[sqlite3.Connection]:
    """A connection that can read the file's tables and do nothing else."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(_connected(address + ("&immutable=1" if is_sealed else ""))) as source:
            try:
                source.execute("BEGIN")
                source.execute("SELECT 1 FROM sqlite_master").fetchone()
            except sqlite3.OperationalError as error:
                raise BadImport(
                    f"{path} cannot be read as a database: {error}; if a program still has it open or ended without "
                    "closing it, run `tinphuong --db FILE status` on it where it came from, then import it"
                ) from None
            yield source
    except sqlite3.Error as error:
        raise BadImport(f"{path} cannot be read as a database: {error}; nothing was taken in") from error


def _connected(address: str) -> sqlite3.Connection:
    source = sqlite3.connect(address, uri=True, isolation_level=None)
    source.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST * 4)  # bytes
    source.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1 << 20)
    source.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100)
    source.execute("PRAGMA trusted_schema = OFF")
    source.execute("PRAGMA cell_size_check = ON")
    source.execute("PRAGMA mmap_size = 0")
    return source


def _version(source: sqlite3.Connection, path: Path) -> int:
    """The schema version of a database of tinphuong's."""
    version = int(source.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise BadImport(
            f"{path} has schema {version}, this tinphuong knows up to {len(MIGRATIONS)}: use a newer tinphuong"
        )
    if version < 1:
        raise BadImport(f"{path} is a database, but none of tinphuong's")
    return version


def _pass_over_more(kinds: dict[str, str], ours: Database, checker: Checker) -> None:
    """Name the tables and views that no database of ours has."""
    own = {*ours.table_names(), "sqlite_schema", "sqlite_temp_schema", "sqlite_sequence", "export_info"}
    more = [
        name for name, kind in kinds.items() if name not in own and kind != "shadow" and not name.startswith("sqlite_")
    ]
    for name in sorted(more)[:_MORE]:
        checker.unknown[f"{kinds[name]} {name[:60]}"] += 1


def _copy_table(
    source: sqlite3.Connection, path: Path, table: str, kind: str | None, made: sqlite3.Connection, checker: Checker
) -> None:
    columns = list(checker.columns(table))
    if kind != "table":
        raise BadImport(
            f"{path} is a database, but none of tinphuong's: {table} is {f'a {kind}' if kind else 'missing'}"
        )
    theirs = {name: hidden for _, name, _, _, _, _, hidden in source.execute(f"PRAGMA main.table_xinfo({table})")}
    for name in columns:
        if theirs.get(name) != 0:
            what = "is computed" if name in theirs else "is missing"
            raise BadImport(f"{path} is a database, but none of tinphuong's: {table}.{name} {what}")
    for name in theirs.keys() - set(columns):
        checker.unknown[f"{table}.{name[:60]}"] += 1
    names = ", ".join(f'"{name}"' for name in columns)
    rows = source.execute(f"SELECT {names} FROM main.{table}")  # noqa: S608 — our schema's names
    source.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY)
    into = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    number = 0
    try:
        while batch := _batch(source, rows):
            checked: list[tuple[object, ...]] = []
            for row in batch:
                number += 1
                values = dict(zip(columns, row, strict=True))
                try:
                    checker.row(table, values)
                    if table == "confirmations":
                        checker.confirmation(values, "")
                except BadValue as wrong:
                    raise BadImport(f"row {number} of {table} in {path}: {wrong}; nothing was taken in") from None
                checked.append(tuple(values.values()))
            made.executemany(into, checked)
    except sqlite3.Error as error:
        after = f"after row {number} of {table}"
        raise BadImport(f"{path} cannot be read to its end: {error} ({after}); nothing was taken in") from None
    finally:
        source.set_authorizer(None)


def _batch(source: sqlite3.Connection, rows: sqlite3.Cursor) -> list[tuple[object, ...]]:
    until = monotonic() + _SECONDS
    source.set_progress_handler(lambda: monotonic() > until, _STEPS)
    batch: list[tuple[object, ...]] = rows.fetchmany(_BATCH)
    source.set_progress_handler(None, 0)
    return batch

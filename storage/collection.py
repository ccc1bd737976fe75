"""The collection of articles in one SQLite file."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast, overload

from sqlite_utils import Database

from crawler.text import fold
from storage import article_units, fields, run_log
from storage.addresses import exact_copies, shown_dates, stored
from storage.connection import all_or_nothing, require_database
from storage.doubts import confirmed
from storage.errors import CollectionError, Unreadable
from storage.records import Outcome, Record
from storage.rights.first_hosts import with_first_host
from storage.rows import ArticleRow, FoundArticle, SiteRow
from storage.search import article_keys, fulltext
from storage.search.query import Filters
from storage.upgrade.trial import upgrade
from storage.writing import row_statements
from storage.writing.index_rows import IndexingConnection

_POINTERS = ("content_hash", "run_id", "capture_id", "capture_elsewhere")
_BUSY_SECONDS = 30.0
_Row = TypeVar("_Row")


class Collection:
    """An open collection. Writes are gathered in one transaction and committed by `commit`, or when it grows long.

    The caller commits at least every second or two: what was handed in before the last commit
    outlives a kill. One writer at a time; readers are never blocked (WAL).
    """

    BATCH = 100

    def __init__(self, path: str | Path, *, must_exist: bool = False):
        """Open the database at `path`, creating it unless `must_exist`, and bring it to today's schema.

        Raises Unreadable or NewerSchema with a sentence for the user.
        """
        self.path = Path(path)
        if must_exist:
            require_database(self.path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_SECONDS, isolation_level=None, factory=IndexingConnection
            )
            self.db = Database(connection)
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = NORMAL")
            self.db.execute("PRAGMA foreign_keys = ON")
            upgrade(self.db, self.path)
            connection.prepare()
        except CollectionError as error:
            raise type(error)(f"{self.path}: {error}") from None
        except (sqlite3.Error, OSError) as error:
            raise Unreadable(f"{self.path} cannot be used as a database: {error}") from error
        self.before_commit: Callable[[], None] | None = None  # makes durable what the rows point to
        self._waiting = 0
        self._going_on: set[int] = set()  # runs

    def __enter__(self) -> "Collection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Commit what waits and close the file. Raises Unwritable if that fails; the file is closed all the same."""
        try:
            self.commit()
        finally:
            self.db.close()

    # Transactions

    def commit(self) -> None:
        """Make all that was handed in durable."""
        if self.db.conn.in_transaction:
            if self.before_commit:
                self.before_commit()
            self.db.conn.execute("COMMIT")
        self._waiting = 0

    def undo(self) -> None:
        """Take back what was handed in since the last commit."""
        if self.db.conn.in_transaction:
            self.db.conn.execute("ROLLBACK")
        self._waiting = 0

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Add a row to one of the schema's tables, in the open batch, and return its id."""
        self._begin()
        cursor = self.db.execute(row_statements.insert(table, tuple(values)), tuple(values.values()))
        self._wrote()
        return int(cursor.lastrowid or 0)

    def upsert(self, table: str, key: tuple[str, ...], values: Mapping[str, object]) -> None:
        """Add a row to one of the schema's tables, or update the one with the same `key` columns, in the open batch."""
        self._begin()
        self.db.execute(row_statements.upsert(table, key, tuple(values)), tuple(values.values()))
        self._wrote()

    def execute(self, sql: str, values: Iterable[object]) -> None:
        """Run a statement that writes, in the open batch; for the modules of this package."""
        self._begin()
        self.db.execute(sql, tuple(values))
        self._wrote()

    def _begin(self) -> None:
        if not self.db.conn.in_transaction:
            self.db.conn.execute("BEGIN IMMEDIATE")

    def _wrote(self) -> None:
        self._waiting += 1
        if self._waiting >= self.BATCH and not self.db.conn.held_back:
            self.commit()

    # Sites and runs

    def put_site(self, site: SiteRow) -> None:
        """Insert or refresh a row of `sites`; `site` has its columns, but `first_host` stays what it was at first."""
        self._begin()
        self.db["sites"].upsert(with_first_host(self.db, site), pk="slug")
        self._wrote()

    def begin_run(self, site: str, *, mode: str, started_at: str, software: str) -> int:
        """Open a run and return its id; the row is durable at once, so that a killed run leaves a row, too."""
        self._begin()
        cursor = self.db.execute(
            "INSERT INTO runs (site, mode, started_at, status, software) VALUES (?, ?, ?, 'running', ?)",
            (site, mode, started_at, software),
        )
        run_id = int(cursor.lastrowid or 0)
        self._going_on.add(run_id)
        self.commit()
        return run_id

    def finish_run(
        self, run_id: int, *, finished_at: str, status: str, reason: str | None, message: str | None,
        counts: Mapping[str, object], skipped: Mapping[str, int],
    ) -> None:  # fmt: skip
        """Close a run with its verdict, enter it in the run log, and commit everything.

        This is tried even if writing failed before.
        """
        failed, self.db.conn.failed = self.db.conn.failed, None
        try:
            self._begin()
            self.db.execute(
                "UPDATE runs SET finished_at = ?, status = ?, reason = ?, message = ?, counts = ?, skipped = ? "
                "WHERE id = ?",
                (finished_at, status, reason, message, json.dumps(counts), json.dumps(skipped), run_id),
            )
            self._going_on.discard(run_id)
            run_log.seal(self.db, self._going_on)
            self.commit()
        finally:
            self.db.conn.failed = self.db.conn.failed or failed

    def add_skipped(self, run_id: int, site: str, url: str, reason: str, detail: str | None, seen_at: str) -> None:
        """Note a page that was not stored, and why."""
        self._begin()
        self.db.execute(
            "INSERT INTO skipped (run_id, site, url, reason, detail, seen_at) VALUES (?, ?, ?, ?, ?, ?)",
            (run_id, site, url, reason, detail, seen_at),
        )
        self._wrote()

    # Articles

    def urls(self, site: str) -> Iterator[str]:
        """Yield every URL under which articles were met on `site`, duplicates of other sites' articles included."""
        for row in self.db.execute("SELECT url FROM article_urls WHERE site = ?", (site,)):
            yield row[0]

    def add_aliases(
        self, site: str, identity: str, urls: Iterable[str], seen_at: str, *, section: str | None = None
    ) -> None:
        """Keep further URLs that lead to the article known as `identity` on `site`, and its section if it has none yet.

        An unknown identity is passed over.
        """
        row = self.db.execute(
            "SELECT article_id FROM article_urls WHERE site = ? AND key = ? LIMIT 1", (site, identity)
        ).fetchone()
        if row is None:
            return
        self._begin()
        self.db.conn.executemany(
            "INSERT INTO article_urls (url, article_id, site, key, relation, first_seen_at, last_seen_at) "
            "VALUES (?, ?, ?, ?, 'alias', ?, ?) ON CONFLICT (url) DO UPDATE SET last_seen_at = excluded.last_seen_at",
            [(url, row[0], site, identity, seen_at, seen_at) for url in urls],
        )
        if section:
            self.db.execute(
                "UPDATE articles SET section = ? WHERE id = ? AND section IS NULL AND NOT EXISTS "
                "(SELECT 1 FROM confirmations c WHERE c.article_id = articles.id AND c.field = 'section')",
                (section, row[0]),
            )
        self._wrote()

    def save(self, record: Record, run_id: int, *, twin: int | None = None) -> Outcome:
        """Store `record`, or add its addresses to the article of which it is an exact duplicate; return which it was.

        `twin`: the id of that article, as Collection.twin found it. What raises leaves nothing of the article.
        """
        self._begin()
        with all_or_nothing(self.db.conn):
            return self._save(record, run_id, twin)

    def _save(self, record: Record, run_id: int, twin: int | None) -> Outcome:
        own = self._own(record)
        if own is not None:
            record = confirmed.laid_over(self.db, own["id"], record)
            outcome, article_id = self._meet_again(own, record, run_id), int(own["id"])
        else:
            outcome = Outcome.NEW if twin is None else Outcome.DUPLICATE
            article_id = self._insert(record, run_id) if twin is None else twin
            if twin is not None:
                self._meet_copy(twin, record, run_id)
        stored.put(
            self.db, record.url, article_id, record, "duplicate" if outcome is Outcome.DUPLICATE else "canonical"
        )
        for url in record.seen_urls:
            stored.put(self.db, url, article_id, record, "alias")
        if outcome in (Outcome.CHANGED, Outcome.DUPLICATE):
            self.settle_dates(article_id)
        self._wrote()
        return outcome

    def _own(self, record: Record) -> ArticleRow | None:
        """The article of this identity, or one that has moved to it, or that has it besides another."""
        for key in (record.key, *record.others):
            if (own := self._row("site = ? AND key = ?", record.site, key)) is not None:
                return own
        moved = stored.moved_here(self.db, record.site, record.key)
        return self.article(moved) if moved is not None else None

    def _meet_copy(self, article_id: int, record: Record, run_id: int) -> None:
        """Note that an article was seen under another identity: it is alive, unless that was before it was missed."""
        row = self.article(article_id)
        if row is None:
            return
        last = max(filter(None, (row["last_seen_at"], row["checked_at"], row["removed_at"])))
        alive = self.alive(row, record.seen_at, run_id) if record.seen_at >= last else {}
        self.change_article(article_id, alive | {"last_seen_at": max(row["last_seen_at"], record.seen_at)})

    def change_article(self, article_id: int, changes: Mapping[str, object]) -> None:
        """Set columns of an article, in the open batch. Not for a new text: that goes through `save`."""
        self._begin()
        self.db.execute(row_statements.update("articles", tuple(changes), "id"), (*changes.values(), article_id))
        if "published_at" in changes:
            fulltext.move_to_its_day(self.db, article_id)
        self._wrote()

    def settle_dates(self, article_id: int) -> None:
        """Give an article the earliest day that its addresses show, and let it say so where they differ."""
        row = self.article(article_id)
        if row is not None and (changes := shown_dates.changes(self.db, row)):
            self.change_article(article_id, changes)

    def article(self, article_id: int) -> ArticleRow | None:
        """Return an article's row, None if there is none."""
        return self._row("id = ?", article_id)

    def _row(self, where: str, *arguments: object) -> ArticleRow | None:
        cursor = self.db.conn.execute(f"SELECT * FROM articles WHERE {where}", arguments)  # noqa: S608 — literals only
        found = cursor.fetchone()
        if found is None:
            return None
        return cast(ArticleRow, dict(zip((name for name, *_ in cursor.description), found, strict=True)))

    def twin(self, record: Record) -> int | None:
        """Return the id of the oldest article of another identity with the same text, or None."""
        return exact_copies.find(self.db, record)

    def columns_of(self, record: Record) -> dict[str, str | None]:
        """Return what `record` says of an article, as the columns of its row that storage/fields.py lists."""
        values = fields.completed(record.fields)
        return values | {name: json.dumps(values[name], ensure_ascii=False) for name in fields.LISTS}

    def _insert(self, record: Record, run_id: int) -> int:
        values = self.columns_of(record) | {
            "site": record.site, "key": record.key, "url": record.url, "content_hash": record.content_hash,
            "first_seen_at": record.seen_at, "last_seen_at": record.seen_at, "run_id": run_id,
            "capture_id": record.capture_id, "layout_matched": int(record.trusted),
        }  # fmt: skip
        cursor = self.db.execute(row_statements.insert("articles", tuple(values)), tuple(values.values()))
        article_id = int(cursor.lastrowid or 0)
        article_keys.put(self.db, article_id, values, record)
        self.put_files(article_id, record)
        article_units.add(self.db, article_id, record.units)
        return article_id

    def _meet_again(self, row: ArticleRow, record: Record, run_id: int) -> Outcome:
        """Update a known row; where its text differs, the old text is kept as a version."""
        older = _is_older(row, record)
        alive = {} if older or record.seen_at < (row["removed_at"] or "") else self.alive(row, record.seen_at, run_id)
        same = self._same_text(row, record)
        if not self._is_edit(row, record):
            newer = record.capture_id if same and not older else None
            capture = newer or row["capture_id"]  # one that shows the stored text
            seen = max(row["last_seen_at"], record.seen_at)
            doubts = confirmed.raised(row, record) if same and not older and record.trusted else {}
            self.change_article(row["id"], alive | doubts | {"last_seen_at": seen, "capture_id": capture})
            self.put_files(row["id"], record)
            return Outcome.UNCHANGED
        self.keep_version(row)
        fulltext.remove(self.db, row["id"], row)
        values = self.columns_of(record) | {
            "content_hash": record.content_hash, "changed_at": record.seen_at, "last_seen_at": record.seen_at,
            "run_id": run_id, "capture_id": record.capture_id, "capture_elsewhere": None,
            "layout_matched": int(record.trusted),
        }  # fmt: skip
        self.change_article(row["id"], alive | values)
        article_keys.put(self.db, row["id"], values, record)
        self.put_files(row["id"], record)
        article_units.put(self.db, row["id"], record.units)
        return Outcome.CHANGED

    def edited_by(self, record: Record) -> ArticleRow | None:
        """Return the known article whose text `record` changes, None where it changes none."""
        row = self._own(record)
        return row if row is not None and self._is_edit(row, record) else None

    def _is_edit(self, row: ArticleRow, record: Record) -> bool:
        return record.trusted and not _is_older(row, record) and not self._same_text(row, record)

    @staticmethod
    def _same_text(row: ArticleRow, record: Record) -> bool:
        """Whether the text is the stored one; a sapo that is no longer found means a rebuilt page, not an edit."""
        lead = fold(record.text("summary"))
        return row["content_hash"] == record.content_hash and lead in ("", fold(row["summary"]))

    def keep_version(self, row: ArticleRow) -> None:
        """Copy the text of an article's row into `versions`, before another takes its place."""
        version = fields.picked(row, (*fields.VERSIONED, *_POINTERS)) | {
            "article_id": row["id"],
            "seen_from": row["changed_at"] or row["first_seen_at"],
            "seen_until": row["last_seen_at"],
        }
        self.insert("versions", version)

    def alive(self, row: ArticleRow, at: str, run_id: int) -> dict[str, object]:
        """The changes to a known row whose page shows its article; the return of a removed one is noted."""
        changes: dict[str, object] = {"checked_at": at, "gone_at": None, "removed_at": None}
        if row["removed_at"]:
            self.insert(
                "article_events",
                {"article_id": row["id"], "kind": "returned", "at": at, "reason": None, "run_id": run_id},
            )
        return changes

    def put_files(self, article_id: int, record: Record) -> None:
        """Add or refresh an article's attachments and images; those of earlier texts stay."""
        for table, items in (("attachments", record.attachments), ("images", record.images)):
            for position, item in enumerate(items):
                values = {**item, "article_id": article_id, "position": position}
                sql = row_statements.upsert(table, ("article_id", "url"), tuple(values))
                self.db.execute(sql, tuple(values.values()))

    # Reading

    @overload
    def rows(self, sql: str, arguments: Iterable[object] = ()) -> Iterator[dict[str, Any]]: ...
    @overload
    def rows(self, sql: str, arguments: Iterable[object] = (), *, of: type[_Row]) -> Iterator[_Row]: ...
    def rows(self, sql: str, arguments: Iterable[object] = (), *, of: type[Any] = dict) -> Iterator[Any]:
        """Yield the rows of a query as dicts; `of`: what of storage/rows.py they are, which is not checked."""
        yield from self.db.query(sql, list(arguments))

    def search(
        self, query: str, *, site: str | None = None, limit: int = 20, filters: Filters | None = None
    ) -> list[FoundArticle]:
        """Return the articles that match `query`, best first; see storage.search."""
        only = Filters(sites=(site,)) if site else Filters()
        return fulltext.search(self.db, fulltext.parse_query(query, only.joined(filters or Filters())), limit=limit)


def _is_older(row: ArticleRow, record: Record) -> bool:
    """Whether a page is an older capture, from an archive: it replaces nothing."""
    return record.seen_at < row["last_seen_at"]

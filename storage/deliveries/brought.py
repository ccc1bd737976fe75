"""What an import brings: seen by SQLite itself, so that nothing that a merge writes goes unnoticed.

A row that is written as it was counts for nothing. That an article was seen again later is noted apart: it is new, but
changes nothing of the article.
"""

from sqlite_utils import Database

from storage import run_log

_SEEN = {"last_seen_at", "checked_at"}
_OF_ARTICLES = (
    "articles", "article_urls", "versions", "attachments", "images", "article_units", "article_events", "confirmations",
)  # fmt: skip
_OTHERS = ("sites", "runs", "skipped", "captures", "captures_elsewhere", "files")
_NO_ARTICLE = 0


class Brought:
    """Watches a collection from now on. One at a time for a connection."""

    def __init__(self, db: Database):
        self._db = db
        self._log = run_log.head(db)
        db.execute("DROP TABLE IF EXISTS temp.brought")
        db.execute(
            "CREATE TEMP TABLE brought (what TEXT, article_id INTEGER, PRIMARY KEY (what, article_id)) WITHOUT ROWID"
        )
        for table in _OF_ARTICLES:
            self._watch(table, "id" if table == "articles" else "article_id")
        for table in _OTHERS:
            self._watch(table, None)

    def _watch(self, table: str, article: str | None) -> None:
        columns = [column.name for column in self._db[table].columns]
        for event, row in (("INSERT", "new"), ("DELETE", "old")):
            self._trigger(table, event, "1", "text", f"{row}.{article}" if article else None)
        own = [name for name in columns if not article or name not in _SEEN]
        seen = [name for name in columns if name not in own]
        for what, names in (("text", own), ("seen", seen)):
            if names:
                differs = " OR ".join(f"old.{name} IS NOT new.{name}" for name in names)
                self._trigger(table, "UPDATE", differs, what, f"new.{article}" if article else None)

    def _trigger(self, table: str, event: str, when: str, what: str, article: str | None) -> None:
        values = f"'{what}', {article}" if article else f"'{table}', {_NO_ARTICLE}"
        name = f"brought_{table}_{event}_{what}"
        self._db.execute(f"DROP TRIGGER IF EXISTS temp.{name}")
        self._db.execute(
            # Not INSERT OR IGNORE: the clause of the statement that fires the trigger would override it.
            f"CREATE TEMP TRIGGER {name} AFTER {event} ON main.{table} WHEN {when} "  # noqa: S608 — the schema's names
            f"BEGIN INSERT INTO brought SELECT {values} "
            f"WHERE ({values}) NOT IN (SELECT what, article_id FROM brought); END"
        )

    def is_nothing(self) -> bool:
        """Whether nothing was written that was not here as it is."""
        return self._db.execute("SELECT 1 FROM temp.brought LIMIT 1").fetchone() is None

    def count(self) -> int:
        """How many articles came in or were changed."""
        return int(self._db.execute("SELECT count(*) FROM temp.brought WHERE what = 'text'").fetchone()[0])

    def note(self, at: str) -> None:
        """Let these articles be found by an export of what has changed since before; the run log is sealed."""
        head = run_log.head(self._db)
        number = head.number if head.number > self._log.number else head.number + 1
        self._db.execute(
            "INSERT OR REPLACE INTO imported (article_id, at, number) "
            "SELECT article_id, ?, ? FROM temp.brought WHERE what = 'text'",
            (at, number),
        )

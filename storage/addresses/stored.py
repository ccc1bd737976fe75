"""Writes the addresses under which an article was met."""

from sqlite_utils import Database

from storage.records import Record
from storage.writing import row_statements

DATES = ("published_at", "published_precision", "published_raw", "published_from")


def put(db: Database, url: str, article_id: int, record: Record, relation: str) -> None:
    """Insert or refresh an address at which the article of `record` was read, with the date that its page shows.

    The address is alive again. A page without a date, one that was not read by its layout, and an older capture take
    no date away that is known.
    """
    shown = [record.fields.get(name) for name in DATES]
    row = db.execute("SELECT last_seen_at, published_at FROM article_urls WHERE url = ?", (url,)).fetchone()
    is_older = row is not None and record.seen_at < row[0]
    is_known = row is not None and row[1] is not None
    values = {
        "article_id": article_id, "site": record.site, "key": record.key,
        "last_seen_at": max(record.seen_at, row[0]) if row else record.seen_at,
    }  # fmt: skip
    if shown[0] and not (is_known and (is_older or not record.trusted)):
        values |= dict(zip(DATES, shown, strict=True))
    if not is_older:
        values["gone_at"] = None
    if row is None:
        values |= {"url": url, "relation": relation, "first_seen_at": record.seen_at}
        db.execute(row_statements.insert("article_urls", tuple(values)), tuple(values.values()))
    else:
        db.execute(row_statements.update("article_urls", tuple(values), "url"), (*values.values(), url))


def article_of(db: Database, site: str, key: str) -> int | None:
    """Return the id of the article that `site` knows as `key`, its own or the one of which it is a copy."""
    for sql in (
        "SELECT id FROM articles WHERE site = ? AND key = ?",
        "SELECT article_id FROM article_urls WHERE site = ? AND key = ? LIMIT 1",
    ):
        row = db.execute(sql, (site, key)).fetchone()
        if row:
            return int(row[0])
    return None


def moved_here(db: Database, site: str, key: str) -> int | None:
    """Return the id of the article that moved to `key`: its own identity is gone from all its addresses."""
    row = db.execute(
        "SELECT a.id FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.site = ? AND u.key = ? "
        "AND a.site = u.site AND a.key <> u.key AND NOT EXISTS (SELECT 1 FROM article_urls o "
        "WHERE o.article_id = a.id AND o.site = a.site AND o.key = a.key AND o.gone_at IS NULL) LIMIT 1",
        (site, key),
    ).fetchone()
    return int(row[0]) if row else None

"""Articles that their site took down, and those that came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from storage.collection import Collection
from storage.rows import ArticleRow, RemovedArticle

_APART = timedelta(days=1)  # between the two looks that make a removal


def note_check(collection: Collection, site: str, identity: str, *, at: str) -> None:
    """Note that an article's page was requested, with any result; all others are checked before it is checked again."""
    collection.execute("UPDATE articles SET checked_at = ? WHERE site = ? AND key = ?", (at, site, identity))


def note_gone(collection: Collection, site: str, identity: str, *, at: str, run_id: int, reason: str) -> bool:
    """Note that an article's page answered that it is gone; True if that makes it a removal.

    One such answer may be an accident: `removed_at` is set by the second one at least a day after the first. The
    article and its versions stay.
    """
    row = next(
        collection.rows("SELECT * FROM articles WHERE site = ? AND key = ?", [site, identity], of=ArticleRow), None
    )
    if row is None:
        return False
    changes = {"checked_at": at}
    removed = False
    if row["gone_at"] is None:
        changes["gone_at"] = at
    elif row["removed_at"] is None and _time(at) - _time(row["gone_at"]) >= _APART:
        changes["removed_at"] = at
        removed = True
        collection.insert(
            "article_events",
            {"article_id": row["id"], "kind": "removed", "at": at, "reason": reason, "run_id": run_id},
        )
    collection.change_article(row["id"], changes)
    return removed


def removed(collection: Collection, site: str | None = None) -> Iterator[RemovedArticle]:
    """Yield the articles that are removed, the latest removal first, with `reason`: what their address answered."""
    where, arguments = ("AND a.site = ?", [site]) if site else ("", [])
    yield from collection.rows(
        "SELECT a.*, (SELECT reason FROM article_events e WHERE e.article_id = a.id AND e.kind = 'removed' "  # noqa: S608
        "ORDER BY e.id DESC LIMIT 1) AS reason "
        f"FROM articles a WHERE a.removed_at IS NOT NULL {where} ORDER BY a.removed_at DESC, a.id",
        arguments,
        of=RemovedArticle,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)

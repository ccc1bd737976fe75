"""Articles that their site took down, and those that came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from storage.addresses.alive import Elsewhere, Missed, mark_gone, move
from storage.addresses.stored import article_of
from storage.collection import Collection
from storage.rows import RemovedArticle

_APART = timedelta(days=1)  # between the two looks that make a removal


def note_check(collection: Collection, site: str, identity: str, *, at: str) -> int | None:
    """Note that an article's page was requested, with any result; all others are checked before it is checked again.

    Returns the article's id, None where `site` knows none as `identity`.
    """
    article_id = article_of(collection.db, site, identity)
    if article_id is not None:
        collection.execute("UPDATE articles SET checked_at = ? WHERE id = ?", (at, article_id))
    return article_id


def is_removed(collection: Collection, article_id: int) -> bool:
    """Tell whether an article was taken down, as far as is known."""
    row = collection.article(article_id)
    return row is not None and row["removed_at"] is not None


def note_moved(collection: Collection, missed: Missed, there: Elsewhere, *, run_id: int) -> None:
    """Note that a missed article is `there`: its row shows that address if it is one of its own."""
    row = collection.article(missed.article_id)
    if row is None:
        return
    mark_gone(collection, missed)
    collection.change_article(missed.article_id, collection.alive(row, missed.at, run_id))
    if there.is_own:
        move(collection, missed.article_id, there.url)


def note_gone(collection: Collection, missed: Missed, *, run_id: int) -> bool:
    """Note that an article is nowhere any more; True if that makes it a removal.

    One such answer may be an accident: `removed_at` is set by the second one at least a day after the first. The
    article and its versions stay.
    """
    row = collection.article(missed.article_id)
    if row is None:
        return False
    mark_gone(collection, missed)
    changes = {"checked_at": missed.at}
    removed = False
    if row["gone_at"] is None:
        changes["gone_at"] = missed.at
    elif row["removed_at"] is None and _time(missed.at) - _time(row["gone_at"]) >= _APART:
        changes["removed_at"] = missed.at
        removed = True
        collection.insert(
            "article_events",
            {"article_id": row["id"], "kind": "removed", "at": missed.at, "reason": missed.reason, "run_id": run_id},
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

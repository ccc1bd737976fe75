"""Every text an article has had."""

from typing import Any

from storage.collection import Collection


def of_article(collection: Collection, article_id: int) -> list[dict[str, Any]]:
    """Return the texts of an article, the oldest first, today's last; [] for an unknown one.

    Each has title, summary, body, author, published_at, url, seen_from and seen_until.
    """
    rows = list(collection.rows("SELECT * FROM articles WHERE id = ?", [article_id]))
    if not rows:
        return []
    today = rows[0] | {
        "seen_from": rows[0]["changed_at"] or rows[0]["first_seen_at"],
        "seen_until": rows[0]["last_seen_at"],
    }
    earlier = collection.rows("SELECT * FROM versions WHERE article_id = ? ORDER BY id", [article_id])
    return [*(row | {"url": today["url"]} for row in earlier), today]

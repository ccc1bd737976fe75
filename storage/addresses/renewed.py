"""Gives stored articles the addresses and identities that they have by what is known today."""

from collections.abc import Callable, Mapping
from typing import Any

from storage.collection import Collection


def renew_keys(collection: Collection, site: str, today: Callable[[str], tuple[str, str | None]]) -> int:
    """Give the articles of `site` the address and identity that `today` returns for their address; return how many had
    others.

    So an article that was stored by other rules, or before a session was seen in its address, is known as the same one.
    It keeps the old address besides; and all it has, where another article has the new identity already.
    """
    renewed = 0
    for row in list(collection.rows("SELECT id, key, url FROM articles WHERE site = ?", [site])):
        url, key = today(row["url"])
        if key is None or (key, url) == (row["key"], row["url"]) or _is_of_another(collection, row, today):
            continue
        taken = "SELECT 1 FROM articles WHERE site = ? AND key = ? AND id <> ?"
        if next(collection.rows(taken, [site, key, row["id"]]), None):
            continue
        collection.execute("UPDATE articles SET key = ?, url = ? WHERE id = ?", (key, url, row["id"]))
        collection.execute(
            "UPDATE article_urls SET key = ? WHERE article_id = ? AND site = ? AND key = ?",
            (key, row["id"], site, row["key"]),
        )
        if url != row["url"]:
            collection.execute(
                "INSERT INTO article_urls (url, article_id, site, key, relation, first_seen_at, last_seen_at) "
                "SELECT ?, article_id, site, key, relation, first_seen_at, last_seen_at "
                "FROM article_urls WHERE url = ? ON CONFLICT (url) DO NOTHING",
                (url, row["url"]),
            )
        renewed += 1
    return renewed


def _is_of_another(
    collection: Collection, row: Mapping[str, Any], today: Callable[[str], tuple[str, str | None]]
) -> bool:
    """Tell whether an article keeps its identity because another of its addresses has it: it has moved since."""
    found = collection.rows("SELECT url FROM article_urls WHERE article_id = ? AND url <> ?", [row["id"], row["url"]])
    return any(today(other["url"])[1] == row["key"] for other in found)

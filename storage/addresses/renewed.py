"""Gives articles that are stored the identities that today's rules read from their addresses."""

from collections.abc import Callable

from storage.collection import Collection


def renew_keys(collection: Collection, site: str, identity: Callable[[str], str | None]) -> int:
    """Give the articles of `site` the identity of their canonical address, where another was stored; return how many.

    So an article that an earlier version of tinphuong stored is known as the same one. An article keeps its identity
    where another has the new one already, and where its address names none.
    """
    renewed = 0
    for row in list(collection.rows("SELECT id, key, url FROM articles WHERE site = ?", [site])):
        key = identity(row["url"])
        if key is None or key == row["key"]:
            continue
        if next(collection.rows("SELECT 1 FROM articles WHERE site = ? AND key = ?", [site, key]), None):
            continue
        collection.execute("UPDATE articles SET key = ? WHERE id = ?", (key, row["id"]))
        collection.execute(
            "UPDATE article_urls SET key = ? WHERE article_id = ? AND site = ? AND key = ?",
            (key, row["id"], site, row["key"]),
        )
        renewed += 1
    return renewed

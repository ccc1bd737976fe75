"""Takes over what the pages of imported articles need to look as they did; the captures that hold it came before."""

from collections.abc import Mapping
from typing import Any

from storage.collection import Collection

# Of each link the article, the requisite, and what identifies its capture on any machine.
_LINKS = """
SELECT a.site, a.key, q.id, q.url, q.kind, q.fetch_error, q.fetch_tries, c.record_id
FROM article_requisites r JOIN articles a ON a.id = r.article_id JOIN requisites q ON q.id = r.requisite_id
LEFT JOIN captures c ON c.id = q.capture_id ORDER BY r.rowid
"""
_READ = (
    "SELECT a.site, a.key, d.page_digest FROM requisites_read d JOIN articles a ON a.id = d.article_id ORDER BY a.id"
)


def take_requisites(collection: Collection, other: Collection) -> None:
    """Take over the requisites of `other`, a collection whose articles and captures are in `collection` already.

    What is here stays as it is, but that a requisite without a capture gets theirs.
    """
    if not other.db["requisites"].exists():  # an older schema
        return
    articles: dict[tuple[str, str], int | None] = {}
    requisites: dict[int, int] = {}
    for link in other.rows(_LINKS):
        article_id = _article(collection, articles, link)
        if article_id is None:
            continue
        if link["id"] not in requisites:
            requisites[link["id"]] = _put(collection, link)
        sql = "INSERT OR IGNORE INTO article_requisites VALUES (?, ?)"
        collection.execute(sql, (article_id, requisites[link["id"]]))
    for page in other.rows(_READ):
        if (article_id := _article(collection, articles, page)) is not None:
            sql = "INSERT OR IGNORE INTO requisites_read VALUES (?, ?)"
            collection.execute(sql, (article_id, page["page_digest"]))


def _article(collection: Collection, known: dict[tuple[str, str], int | None], row: Mapping[str, Any]) -> int | None:
    """The id that an article of the other side has here; None where it stayed behind."""
    name = (row["site"], row["key"])
    if name not in known:
        sql = (
            "SELECT id FROM articles WHERE site = ? AND key = ? UNION ALL "
            "SELECT article_id FROM article_urls WHERE site = ? AND key = ? LIMIT 1"
        )
        found = next(collection.rows(sql, [*name, *name]), None)
        known[name] = int(found["id"]) if found else None
    return known[name]


def _put(collection: Collection, theirs: Mapping[str, Any]) -> int:
    """Return the id of a requisite here; a new one keeps its id where that is free."""
    sql = "SELECT id FROM captures WHERE record_id = ?"
    capture = next(collection.rows(sql, [theirs["record_id"]]), {"id": None})["id"]
    own = next(collection.rows("SELECT id FROM requisites WHERE url = ?", [theirs["url"]]), None)
    if own:
        sql = "UPDATE requisites SET capture_id = ? WHERE id = ? AND capture_id IS NULL AND ? IS NOT NULL"
        collection.execute(sql, (capture, own["id"], capture))
        return int(own["id"])
    values = {name: theirs[name] for name in ("url", "kind", "fetch_error", "fetch_tries")} | {"capture_id": capture}
    if next(collection.rows("SELECT 1 FROM requisites WHERE id = ?", [theirs["id"]]), None) is None:
        values["id"] = theirs["id"]
    return collection.insert("requisites", values)

"""A text that another capture of a stored article gave, in the shape in which articles are imported."""

from typing import cast

from storage import fields
from storage.collection import Collection
from storage.records import Record
from storage.rows import ArticleRow, CaptureFacts, Issuer, RunFacts, WholeArticle


def articles_of(collection: Collection, site: str) -> list[tuple[int, str, str]]:
    """Return id, identity and when it was last seen of a site's articles, by id."""
    rows = collection.rows("SELECT id, key, last_seen_at FROM articles WHERE site = ? ORDER BY id", [site])
    return [(row["id"], row["key"], row["last_seen_at"]) for row in rows]


def earlier_text(collection: Collection, row: ArticleRow, record: Record) -> WholeArticle:
    """Return what `record`, read from another capture of the article in `row`, says of it (see storage.imports.merge).

    The run, site and address are those of `row`.
    """
    own = collection.rows("SELECT * FROM captures WHERE id = ?", [record.capture_id], of=CaptureFacts)
    run = next(collection.rows("SELECT * FROM runs WHERE id = ?", [row["run_id"]], of=RunFacts))
    issuer = next(collection.rows("SELECT * FROM sites WHERE slug = ?", [row["site"]], of=Issuer))
    seen = {"first_seen_at": record.seen_at, "last_seen_at": record.seen_at}
    url = {"url": row["url"], "site": row["site"], "key": row["key"], "relation": "canonical"}
    article = fields.completed(record.fields) | seen | {
        "site": row["site"], "key": row["key"], "url": row["url"], "content_hash": record.content_hash,
        "changed_at": None, "checked_at": None, "run": run, "capture": next(own, None), "issuer": issuer,
        "urls": [url | seen],
    }  # fmt: skip
    return cast(WholeArticle, article)

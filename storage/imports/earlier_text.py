"""A text that another capture of a stored article gave, in the shape in which articles are imported."""

from collections.abc import Iterator
from typing import Any

from storage.collection import Collection
from storage.records import Record


def articles_of(collection: Collection, site: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a site's articles, by id; they are read at once, so that the block may write."""
    yield from list(collection.rows("SELECT * FROM articles WHERE site = ? ORDER BY id", [site]))


def earlier_text(collection: Collection, row: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return what `record`, read from another capture of the article in `row`, says of it (see storage.imports.merge).

    The run, site and address are those of `row`.
    """
    own = collection.rows("SELECT * FROM captures WHERE id = ?", [record.capture_id])
    run = next(collection.rows("SELECT * FROM runs WHERE id = ?", [row["run_id"]]))
    issuer = next(collection.rows("SELECT * FROM sites WHERE slug = ?", [row["site"]]))
    fields = {name: record.fields.get(name) for name in collection.columns_of(record)}
    texts = {name: fields[name] or "" for name in ("title", "summary", "body", "markdown")}
    seen = {"first_seen_at": record.seen_at, "last_seen_at": record.seen_at}
    url = {"url": row["url"], "site": row["site"], "key": row["key"], "relation": "canonical"}
    return fields | texts | seen | {
        "site": row["site"], "key": row["key"], "url": row["url"], "content_hash": record.content_hash,
        "changed_at": None, "checked_at": None, "run": run, "capture": next(own, None), "issuer": issuer,
        "urls": [url | seen],
    }  # fmt: skip

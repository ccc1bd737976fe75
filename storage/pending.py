"""Articles that were met in a list and are not stored yet: what a run that ends early leaves to the next one."""

import json
from dataclasses import dataclass

from storage.collection import Collection

_TRIES = 5  # runs that ask in vain for an article before it is left


@dataclass(frozen=True, slots=True)
class Pending:
    """An article that waits. `listed`: what its list says of it."""

    key: str
    url: str
    listed: dict[str, str]


def put(collection: Collection, site: str, article: Pending) -> None:
    """Note an article that was met; one that waits already keeps its count of tries."""
    values = {"site": site, "key": article.key, "url": article.url, "listed": json.dumps(article.listed)}
    collection.upsert("pending", ("site", "key"), values)


def settle(collection: Collection, site: str, key: str) -> None:
    """Forget an article: it is stored, or nothing speaks for asking again."""
    collection.execute("DELETE FROM pending WHERE site = ? AND key = ?", (site, key))


def tried(collection: Collection, site: str, key: str) -> None:
    """Note that an article was asked for in vain; after some runs it is left."""
    collection.execute("UPDATE pending SET tries = tries + 1 WHERE site = ? AND key = ?", (site, key))
    collection.execute("DELETE FROM pending WHERE site = ? AND key = ? AND tries >= ?", (site, key, _TRIES))


def of_site(collection: Collection, site: str) -> list[Pending]:
    """Return the articles of `site` that wait."""
    rows = collection.rows("SELECT key, url, listed FROM pending WHERE site = ? ORDER BY rowid", [site])
    return [Pending(row["key"], row["url"], json.loads(row["listed"])) for row in rows]

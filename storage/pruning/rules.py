"""Which captures may go. What a rule names goes only if nothing needs it:

- no row of any table leads to it: no article, earlier version, attachment or picture;
- it is not the newest of its address, and a later one of the same kind with an answer as good is there;
- no capture that stays is a revisit of it;
- it was not copied from a web archive: it would be fetched again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from storage.collection import Collection

_AGES = {  # rule → the condition on a capture c, besides its age
    "listings": "c.kind = 'listing' AND c.url NOT IN (SELECT url FROM article_urls)",
    "robots": "c.kind = 'robots'",
    # Parts of an article on further pages are not in article_urls, and stay: which belongs to which is told by time.
    "revisits": "c.revisit_of IS NOT NULL AND c.status IN (200, 304) AND (c.kind IN ('attachment', 'picture') "
    "OR c.kind = 'article' AND c.url IN (SELECT url FROM article_urls))",
}
_CHOOSE = """
INSERT OR IGNORE INTO temp.pruned (id, rule)
SELECT c.id, ? FROM captures c WHERE {condition} AND c.captured_at < ? AND c.source IS NULL AND EXISTS (
    SELECT 1 FROM captures n WHERE n.url = c.url AND n.kind = c.kind AND (n.status = c.status OR n.status = 200)
    AND (n.captured_at, n.id) > (c.captured_at, c.id)
)
"""
_HELD = """
DELETE FROM temp.pruned WHERE id IN (
    SELECT r.revisit_of FROM captures r WHERE r.revisit_of IS NOT NULL AND r.id NOT IN (SELECT id FROM temp.pruned)
)
"""
_BYTES = """
SELECT p.rule, count(*) AS captures, sum(b.bytes) AS bytes FROM temp.pruned p JOIN (
    SELECT id, offset + length - lag(offset + length, 1, offset) OVER (PARTITION BY file ORDER BY offset) AS bytes
    FROM captures
) b ON b.id = p.id GROUP BY p.rule
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """Of each rule the age in days from which captures may go, None where the rule is off."""

    listings: int | None = 365  # lists of articles and start pages
    robots: int | None = 365  # robots.txt
    revisits: int | None = 365  # of articles, attachments and pictures: "the same as before"

    def each(self) -> Iterator[tuple[str, int]]:
        """Yield (rule, days) of those that are on."""
        for item in fields(self):
            if (days := getattr(self, item.name)) is not None:
                yield item.name, days


def choose(collection: Collection, rules: Rules, now: datetime) -> dict[str, tuple[int, int]]:
    """Fill the temporary table `pruned` with the ids of the captures that may go; `now` is aware.

    Returns rule → (captures, about how many bytes) of those that are on.
    """
    db = collection.db
    db.execute("DROP TABLE IF EXISTS temp.pruned")
    db.execute("CREATE TEMP TABLE pruned (id INTEGER PRIMARY KEY, rule TEXT NOT NULL)")
    for rule, days in rules.each():
        before = (now - timedelta(days=days)).astimezone(UTC).isoformat(timespec="milliseconds")
        db.execute(_CHOOSE.format(condition=_AGES[rule]), (rule, before.replace("+00:00", "Z")))
    for table, column in _pointing(collection):
        db.execute(f"DELETE FROM temp.pruned WHERE id IN (SELECT {column} FROM {table})")  # noqa: S608 — of the schema
    db.execute(_HELD)
    found = {row["rule"]: (int(row["captures"]), int(row["bytes"])) for row in collection.rows(_BYTES)}
    return {rule: found.get(rule, (0, 0)) for rule, _ in rules.each()}


def _pointing(collection: Collection) -> list[tuple[str, str]]:
    """Return (table, column) of everything that refers to a capture, but for revisits."""
    tables = [row["name"] for row in collection.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        (table, row["from"])
        for table in tables
        for row in collection.rows(f"PRAGMA foreign_key_list({table})")
        if row["table"] == "captures" and (table, row["from"]) != ("captures", "revisit_of")
    ]

"""The ledger of fixity checks: what was last found whole when, and what is next to be looked at."""

from collections.abc import Collection as Ids
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from storage.collection import Collection

# Of each kind its table, and when a thing that was never verified was written.
_KINDS = {
    "capture": ("captures", "coalesce((SELECT r.started_at FROM runs r WHERE r.id = t.run_id), t.captured_at)"),
    "article": ("articles", "t.first_seen_at"),
    "version": ("versions", "t.seen_until"),
    "file": ("files", "t.kept_at"),
}
KINDS = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the things of a kind stand: how many there are, how many were never verified, how many were found damaged
    when they were last looked at, and the moment since which all the others were found whole."""

    kind: str
    total: int
    never: int
    damaged: int
    oldest: str | None

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON-ready facts."""
        return {"total": self.total, "never": self.never, "damaged": self.damaged, "oldest": self.oldest}


def standing(collection: Collection) -> list[Standing]:
    """Return how each kind of which there is something stands."""
    found = []
    for kind, (table, _) in _KINDS.items():
        sql = (
            "SELECT count(*) AS total, count(*) - count(f.item) AS never, "  # noqa: S608 — literals only
            "count(f.item) FILTER (WHERE f.whole_at IS NOT f.tried_at) AS damaged, "
            "min(f.whole_at) FILTER (WHERE f.whole_at IS f.tried_at) AS oldest "
            f"FROM {table} t LEFT JOIN fixity_checks f ON f.kind = ? AND f.item = t.id"
        )
        row = next(collection.rows(sql, [kind]))
        if row["total"]:
            found.append(Standing(kind, row["total"], row["never"], row["damaged"], row["oldest"]))
    return found


def choose(collection: Collection, share: Fraction, at: str) -> int:
    """Fill the temporary table `sampled` (kind, item) with a share of each kind, at least one: what was looked at
    longest ago, and besides what was damaged when it was last looked at. Returns how many that are.

    What was never verified waits since it was written; what claims to be of after `at`, the moment now, comes first.
    """
    db = collection.db
    db.execute("DROP TABLE IF EXISTS temp.sampled")
    db.execute("CREATE TEMP TABLE sampled (kind TEXT, item INTEGER, PRIMARY KEY (kind, item)) WITHOUT ROWID")
    for kind, (table, written) in _KINDS.items():
        total = int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
        db.execute(
            "INSERT INTO temp.sampled SELECT ?, t.id "  # noqa: S608
            f"FROM {table} t LEFT JOIN fixity_checks f ON f.kind = ? AND f.item = t.id "
            f"ORDER BY coalesce(f.tried_at, CASE WHEN {written} > ? THEN '' ELSE {written} END), t.id LIMIT ?",
            (kind, kind, at, ceil(total * share)),
        )
        db.execute(
            "INSERT OR IGNORE INTO temp.sampled SELECT kind, item FROM fixity_checks "
            "WHERE kind = ? AND whole_at IS NOT tried_at",
            (kind,),
        )
    return int(db.execute("SELECT count(*) FROM temp.sampled").fetchone()[0])


def note(collection: Collection, kind: str, damaged: Ids[int], at: str, *, sampled: bool) -> None:
    """Enter that the things of a kind, or those of them in `sampled`, were looked at; all but `damaged` were whole.

    `at`: ISO 8601 in UTC. The caller commits.
    """
    db = collection.db
    table = _KINDS[kind][0]
    only = "WHERE id IN (SELECT item FROM temp.sampled WHERE kind = ?)" if sampled else "WHERE ?"
    db.execute("DROP TABLE IF EXISTS temp.damaged")
    db.execute("CREATE TEMP TABLE damaged (item INTEGER PRIMARY KEY)")
    db.conn.executemany("INSERT OR IGNORE INTO temp.damaged VALUES (?)", ((item,) for item in damaged))
    db.execute(
        "INSERT INTO fixity_checks (kind, item, tried_at, whole_at) "  # noqa: S608
        f"SELECT ?, id, ?, CASE WHEN id IN (SELECT item FROM temp.damaged) THEN NULL ELSE ? END FROM {table} {only} "
        "ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at, whole_at = coalesce(excluded.whole_at, whole_at)",
        (kind, at, at, kind if sampled else 1),
    )


def note_whole(collection: Collection, kind: str, items: Ids[int], at: str) -> None:
    """Enter that these things were found whole. `at`: ISO 8601 in UTC. The caller commits."""
    collection.db.conn.executemany(
        "INSERT INTO fixity_checks (kind, item, tried_at, whole_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at, whole_at = excluded.whole_at",
        ((kind, item, at, at) for item in items),
    )

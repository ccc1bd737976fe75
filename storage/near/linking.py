"""Comparing new and changed articles with all others, a bounded number of them each."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from crawler.near import alike, sketch
from storage.near.grouping import regroup
from storage.near.stories import Stories

_BATCH = 100  # articles in a transaction
_SHARING = 24  # articles looked at for one number of a sketch: more have a phrase of the trade, or are one large group
_COMPARED = 12  # articles compared with a new one, those that share most, and what is rarest, first
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Linked:
    """What came of it: articles that were looked at, and links to others found."""

    articles: int = 0
    links: int = 0

    def to_dict(self) -> dict[str, int]:
        """Return the counts."""
        return {name: getattr(self, name) for name in self.__slots__}


def waiting(db: Database) -> int:
    """Return how many articles are not compared yet."""
    return int(db.execute("SELECT count(*) FROM near_waiting").fetchone()[0])


def link_waiting(
    db: Database, *, at: str, most: int | None = None, progress: Progress = lambda done, total: None
) -> Linked:
    """Link the articles that wait, the newest first, at most `most` of them; no transaction may be open.

    Each is compared and taken off the list in one transaction, so that a run which is killed leaves the rest to the
    next one. `at`: now, ISO 8601 in UTC. Memory does not grow with the collection. Raises Unwritable.
    """
    done = Linked()
    total = waiting(db)
    total = total if most is None else min(most, total)
    stories = Stories(db)
    while done.articles < total:
        db.execute("BEGIN IMMEDIATE")
        count = min(_BATCH, total - done.articles)
        found = db.execute("SELECT article_id FROM near_waiting ORDER BY article_id DESC LIMIT ?", (count,)).fetchall()
        for (article_id,) in found:
            _link(db, article_id, stories, done, at)
        db.execute("COMMIT")
        done.articles += len(found)
        progress(done.articles, total)
        if not found:
            break
    return done


def _link(db: Database, article_id: int, stories: Stories, done: Linked, at: str) -> None:
    left = _forget(db, article_id)
    story = stories.read(article_id)
    values = sketch(story.wording)
    linked = {}
    for other in _candidates(db, article_id, values):
        likeness = alike(story, stories[other])
        if likeness.same:
            linked[other] = likeness.score
    keep(db, article_id, linked, at)
    done.links += len(linked)
    db.conn.executemany("INSERT OR IGNORE INTO near_sketches VALUES (?, ?)", [(value, article_id) for value in values])
    regroup(db, stories, article_id, set(linked), left, lambda a, b, score: keep(db, a, {b: score}, at))
    db.execute("DELETE FROM near_waiting WHERE article_id = ?", (article_id,))


def keep(db: Database, article_id: int, linked: dict[int, float], at: str) -> None:
    """Write links, `linked` being the other articles with their likeness."""
    rows: list[tuple[Any, ...]] = [
        (min(article_id, other), max(article_id, other), score, at) for other, score in linked.items()
    ]
    db.conn.executemany("INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?, ?)", rows)


def _forget(db: Database, article_id: int) -> set[int]:
    """Undo what an earlier text of an article led to; returns the other members of the group it was in."""
    db.execute("DELETE FROM near_duplicates WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM near_duplicates WHERE other_id = ?", (article_id,))
    left = db.execute(
        "SELECT article_id FROM near_groups WHERE group_id = (SELECT group_id FROM near_groups WHERE article_id = ?)",
        (article_id,),
    ).fetchall()
    return {row[0] for row in left} - {article_id}


def _candidates(db: Database, article_id: int, values: list[int]) -> list[int]:
    """The articles that share most numbers of a sketch; a number that many have counts for little."""
    weights: dict[int, float] = defaultdict(float)
    for value in values:
        sharing = db.execute(
            "SELECT article_id FROM near_sketches WHERE value = ? AND article_id <> ? LIMIT ?",
            (value, article_id, _SHARING),
        ).fetchall()
        for (other,) in sharing:
            weights[other] += 1 / len(sharing)
    return sorted(weights, key=lambda other: (-weights[other], other))[:_COMPARED]

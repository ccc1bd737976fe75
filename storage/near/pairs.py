"""Compares each new or changed article with a limited number of others, and links those that are alike."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from crawler.near import FAR_APART, NearVerdict, alike
from crawler.text.sketches import Sketch, sketch, unpacked
from storage import fields
from storage.collection import Collection
from storage.near.compared_articles import Stories
from storage.near.regroup import regroup

_BATCH = 100  # articles in a transaction
_SHARING = 24  # articles read for one number of a sketch: if more have it, it is a stock phrase or one large group
_FEW = 4  # articles; if only so many share a number, it is enough to compare them
_NEARLY_ALL = 0.7  # of a sketch
_LOOKED_UP = 60
_COMPARED = 12  # articles compared with a new one; those that share most, and the rarest numbers, first
_CONTRADICTED = 6  # of these that say other things in the same sentences: it is a template, skip the rest
_SHARE = "SELECT * FROM (SELECT value, article_id FROM near_sketches WHERE value = ? AND article_id <> ? LIMIT ?)"
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Linked:
    """The result: how many articles were compared, and how many links to others were found."""

    articles: int = 0
    links: int = 0

    def to_dict(self) -> dict[str, int]:
        """Return the counts."""
        return {name: getattr(self, name) for name in self.__slots__}


def waiting(db: Database) -> int:
    """Return how many articles are not compared yet."""
    return int(db.execute("SELECT count(*) FROM near_waiting").fetchone()[0])


def link_waiting(
    collection: Collection,
    *,
    at: str,
    most: int | None = None,
    progress: Progress = lambda done, total: None,
    done: Linked | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Linked:
    """Compare the waiting articles, at most `most` of them, the newest first, and link those that are alike.

    An article is compared and taken off the list in one transaction, so that a killed run leaves the rest for the next
    one. `at`: now, ISO 8601 in UTC; `done` is counted up if given; no further article is compared once `go_on` says
    False. Memory does not grow with the collection. Raises Unwritable.
    """
    done = Linked() if done is None else done
    collection.commit()
    db = collection.db
    total = waiting(db)
    total = total if most is None else min(most, total)
    stories = Stories(db)
    while done.articles < total and go_on():
        db.execute("BEGIN IMMEDIATE")
        count = min(_BATCH, total - done.articles)
        found = db.execute("SELECT article_id FROM near_waiting ORDER BY article_id DESC LIMIT ?", (count,)).fetchall()
        compared = 0
        for (article_id,) in found:
            if not go_on():
                break
            _link(db, article_id, stories, done, at)
            compared += 1
        db.execute("COMMIT")
        done.articles += compared
        progress(done.articles, total)
        if not found:
            break
    return done


def _link(db: Database, article_id: int, stories: Stories, done: Linked, at: str) -> None:
    left = _forget(db, article_id)
    story = stories.read(article_id)
    values = list(_sketch(db, article_id))
    linked = {}
    contradicted = 0
    for other in _candidates(db, article_id, values):
        likeness = alike(story, stories[other])
        if likeness.same:
            linked[other] = likeness.score
        contradicted += likeness.verdict == NearVerdict.OTHER_FACTS
        if contradicted == _CONTRADICTED:
            break
    keep(db, article_id, linked, at)
    done.links += len(linked)
    db.conn.executemany("INSERT OR IGNORE INTO near_sketches VALUES (?, ?)", [(value, article_id) for value in values])
    regroup(db, stories, article_id, set(linked), left, lambda a, b, score: keep(db, a, {b: score}, at))
    db.execute("DELETE FROM near_waiting WHERE article_id = ?", (article_id,))


def _sketch(db: Database, article_id: int) -> Sketch:
    """Return the sketch of an article that waits: the one kept with it, or a new one."""
    (kept,) = db.execute("SELECT sketch FROM near_waiting WHERE article_id = ?", (article_id,)).fetchone()
    if kept is not None:
        return unpacked(kept)
    texts = f"SELECT {', '.join(fields.SEARCHED)} FROM articles WHERE id = ?"  # noqa: S608 — literals only
    return sketch(*db.execute(texts, (article_id,)).fetchone())


def keep(db: Database, article_id: int, linked: dict[int, float], at: str) -> None:
    """Write links; `linked`: the other articles with their likeness."""
    rows: list[tuple[Any, ...]] = [
        (min(article_id, other), max(article_id, other), score, at) for other, score in linked.items()
    ]
    db.conn.executemany("INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?, ?)", rows)


def _forget(db: Database, article_id: int) -> set[int]:
    """Remove the links of an article's earlier text; returns the other members of the group it was in."""
    db.execute("DELETE FROM near_duplicates WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM near_duplicates WHERE other_id = ?", (article_id,))
    left = db.execute(
        "SELECT article_id FROM near_groups WHERE group_id = (SELECT group_id FROM near_groups WHERE article_id = ?)",
        (article_id,),
    ).fetchall()
    return {row[0] for row in left} - {article_id}


def _candidates(db: Database, article_id: int, values: list[int]) -> list[int]:
    """Return the articles worth comparing, those that share most of the sketch first; common numbers count little.

    A single shared number is chance or a stock phrase, unless few articles have it. An article published months apart
    can only be the same text (see crawler.near.comparison), which shares nearly all numbers.
    """
    weights: dict[int, float] = defaultdict(float)
    shared: Counter[int] = Counter()
    asked = [argument for value in values for argument in (value, article_id, _SHARING)]
    found = db.execute(" UNION ALL ".join([_SHARE] * len(values)), asked).fetchall()
    sizes = Counter(value for value, _ in found)
    for value, other in found:
        weights[other] += 1 / sizes[value]
        shared[other] += 1
    likely = [other for other in weights if shared[other] > 1 or weights[other] >= 1 / _FEW]
    if not likely:
        return []
    likely = sorted(likely, key=lambda other: (-weights[other], other))[:_LOOKED_UP]
    marks = ", ".join("?" * len(likely))
    far = {
        row[0]
        for row in db.execute(
            f"SELECT o.id FROM search_keys a, search_keys o WHERE a.id = ? AND o.id IN ({marks}) "  # noqa: S608
            "AND abs(julianday(substr(a.published, 1, 10)) - julianday(substr(o.published, 1, 10))) > ?",
            (article_id, *likely, FAR_APART),
        ).fetchall()
    }
    most = _NEARLY_ALL * len(values)
    return [other for other in likely if other not in far or shared[other] >= most][:_COMPARED]

"""Compares each new or changed article with a limited number of others, and links those that are alike."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sqlite_utils import Database

from crawler.near import FAR_APART, NearVerdict, alike
from crawler.text.sketches import Sketch, sketch, unpacked
from storage import fields
from storage.collection import Collection
from storage.near.compared_articles import Stories
from storage.near.regroup import regroup

_BATCH = 1000  # articles in a transaction: their numbers are written in the order of the table, each page once
_SHARING = 24  # articles read for one number of a sketch: if more have it, it is a stock phrase or one large group
_FEW = 4  # articles; if only so many share a number, it is enough to compare them
_NEARLY_ALL = 0.7  # of a sketch
_LOOKED_UP = 60
_COMPARED = 12  # articles compared with a new one; those that share most, and the rarest numbers, first
_CONTRADICTED = 6  # of these that say other things in the same sentences: it is a template, skip the rest
_SHARE = "SELECT * FROM (SELECT value, article_id FROM near_sketches WHERE value = ? AND article_id <> ? LIMIT ?)"
_WITH_LINKS = """
SELECT article_id FROM near_duplicates WHERE article_id IN (SELECT value FROM json_each(:ids))
UNION SELECT other_id FROM near_duplicates WHERE other_id IN (SELECT value FROM json_each(:ids))
UNION SELECT article_id FROM near_groups WHERE article_id IN (SELECT value FROM json_each(:ids))
"""
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
    linking = _Linking(db, at, done)
    while done.articles < total and go_on():
        db.execute("BEGIN IMMEDIATE")
        compared = linking.link(min(_BATCH, total - done.articles), go_on)
        db.execute("COMMIT")
        done.articles += compared
        progress(done.articles, total)
        if not compared:
            break
    return done


class _Linking:
    """Compares articles with all that were compared before, a batch in a transaction.

    What a batch finds does not depend on where it begins and ends: `_sharing` gives for a number of a sketch the
    articles of this batch that have it, as the table gives those of earlier ones.
    """

    def __init__(self, db: Database, at: str, done: Linked) -> None:
        self._db = db
        self._at = at
        self._done = done
        self._stories = Stories(db)
        self._sharing: defaultdict[int, list[int]] = defaultdict(list)
        self._with_links: set[int] = set()  # of the articles of this batch; and others

    def link(self, most: int, go_on: Callable[[], bool]) -> int:
        """Compare at most so many articles, the newest first, as long as `go_on` says True; returns how many it was."""
        rows = self._db.execute(
            "SELECT article_id, sketch FROM near_waiting ORDER BY article_id DESC LIMIT ?", (most,)
        ).fetchall()
        ids = json.dumps([row[0] for row in rows])
        self._with_links = {row[0] for row in self._db.execute(_WITH_LINKS, {"ids": ids}).fetchall()}
        self._sharing = defaultdict(list)
        compared: list[tuple[int]] = []
        for article_id, kept in rows:
            if not go_on():
                break
            self._link(article_id, unpacked(kept) if kept is not None else self._sketch(article_id))
            compared.append((article_id,))
        shared = sorted((value, article_id) for value, ids in self._sharing.items() for article_id in ids)
        self._db.conn.executemany("INSERT OR IGNORE INTO near_sketches VALUES (?, ?)", shared)
        self._db.conn.executemany("DELETE FROM near_waiting WHERE article_id = ?", compared)
        return len(compared)

    def _sketch(self, article_id: int) -> Sketch:
        texts = f"SELECT {', '.join(fields.SEARCHED)} FROM articles WHERE id = ?"  # noqa: S608 — literals only
        return sketch(*self._db.execute(texts, (article_id,)).fetchone())

    def _link(self, article_id: int, values: Sketch) -> None:
        left = _forget(self._db, article_id) if article_id in self._with_links else set()
        self._stories.forget(article_id)
        linked = {}
        contradicted = 0
        for other in _candidates(self._db, article_id, len(values), self._others(article_id, values)):
            likeness = alike(self._stories[article_id], self._stories[other])
            if likeness.same:
                linked[other] = likeness.score
            contradicted += likeness.verdict == NearVerdict.OTHER_FACTS
            if contradicted == _CONTRADICTED:
                break
        for value in values:
            self._sharing[value].append(article_id)
        if not linked and not left:
            return
        self._keep(article_id, linked)
        self._done.links += len(linked)
        regroup(self._db, self._stories, article_id, set(linked), left, lambda a, b, score: self._keep(a, {b: score}))

    def _others(self, article_id: int, values: Sketch) -> list[list[int]]:
        """Return for each number of a sketch the articles that have it, the oldest first; of many the oldest."""
        asked = [argument for value in values for argument in (value, article_id, _SHARING)]
        there: dict[int, list[int]] = defaultdict(list)
        for value, other in self._db.execute(_share(len(values)), asked).fetchall():
            there[value].append(other)
        for value in values:
            if here := self._sharing.get(value):
                there[value] = sorted({*there[value], *here} - {article_id})[:_SHARING]
        return [there[value] for value in values if value in there]

    def _keep(self, article_id: int, linked: dict[int, float]) -> None:
        """Write links; `linked`: the other articles with their likeness."""
        self._with_links |= {article_id, *linked}
        rows: list[tuple[Any, ...]] = [
            (min(article_id, other), max(article_id, other), score, self._at) for other, score in linked.items()
        ]
        self._db.conn.executemany("INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?, ?)", rows)


@cache
def _share(count: int) -> str:
    return " UNION ALL ".join([_SHARE] * count)


def _forget(db: Database, article_id: int) -> set[int]:
    """Remove the links of an article's earlier text; returns the other members of the group it was in."""
    db.execute("DELETE FROM near_duplicates WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM near_duplicates WHERE other_id = ?", (article_id,))
    left = db.execute(
        "SELECT article_id FROM near_groups WHERE group_id = (SELECT group_id FROM near_groups WHERE article_id = ?)",
        (article_id,),
    ).fetchall()
    return {row[0] for row in left} - {article_id}


def _candidates(db: Database, article_id: int, size: int, sharing: list[list[int]]) -> list[int]:
    """Return the articles worth comparing, those that share most of the sketch first; common numbers count little.

    `sharing`: for each number that others have too these others; `size`: how many numbers the sketch has. A single
    shared number is chance or a stock phrase, unless few articles have it. An article published months apart can only
    be the same text (see crawler.near.comparison), which shares nearly all numbers.
    """
    shared = Counter(chain.from_iterable(sharing))
    found = {other for other, count in shared.items() if count > 1}
    found.update(chain.from_iterable(others for others in sharing if len(others) <= _FEW))
    weights = dict.fromkeys(found, 0.0)
    for others in sharing:
        for other in found.intersection(others):
            weights[other] += 1 / len(others)
    if not found:
        return []
    likely = sorted(found, key=lambda other: (-weights[other], other))[:_LOOKED_UP]
    marks = ", ".join("?" * len(likely))
    far = {
        row[0]
        for row in db.execute(
            f"SELECT o.id FROM search_keys a, search_keys o WHERE a.id = ? AND o.id IN ({marks}) "  # noqa: S608
            "AND abs(julianday(substr(a.published, 1, 10)) - julianday(substr(o.published, 1, 10))) > ?",
            (article_id, *likely, FAR_APART),
        ).fetchall()
    }
    most = _NEARLY_ALL * size
    return [other for other in likely if other not in far or shared[other] >= most][:_COMPARED]

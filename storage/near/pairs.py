"""Compares each new or changed article with a limited number of others, and links those that are alike."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sqlite_utils import Database

from crawler.near import FAR_APART, NearVerdict, alike
from crawler.text.sketches import Sketch, sketch, unpacked
from crawler.workers import HERE, Workers
from storage import fields
from storage.collection import Collection
from storage.near.compared_articles import Stories
from storage.near.regroup import regroup
from storage.reading import apart

_BATCH = 1000  # articles in a transaction: their numbers are written in the order of the table, each page once
_PIECE = 20  # articles that a process compares at once; fewer are compared here
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
_Question = tuple[int, list[int]]  # an article, and those that it is to be compared with


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
    workers: Workers = HERE,
) -> Linked:
    """Compare the waiting articles, at most `most` of them, the newest first, and link those that are alike.

    An article is compared and taken off the list in one transaction, so that a killed run leaves the rest for the next
    one. `at`: now, ISO 8601 in UTC; `done` is counted up if given; no further article is compared once `go_on` says
    False; `workers`: who compares; what is found is the same. Memory does not grow with the collection. Raises
    Unwritable.
    """
    done = Linked() if done is None else done
    collection.commit()
    db = collection.db
    total = waiting(db)
    total = total if most is None else min(most, total)
    linking = _Linking(collection, at, done, workers)
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

    def __init__(self, collection: Collection, at: str, done: Linked, workers: Workers) -> None:
        self._collection = collection
        self._db = collection.db
        self._at = at
        self._done = done
        self._workers = workers
        self._stories = Stories(collection.db)
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
        asked = [(number, unpacked(kept) if kept is not None else self._sketch(number)) for number, kept in rows]
        questions = [(article_id, self._candidates(article_id, values)) for article_id, values in asked]
        compared = 0
        with closing(self._alike(questions)) as answers:
            for article_id, _ in asked:
                if not go_on():
                    break
                self._link(article_id, next(answers))
                compared += 1
        shared = sorted((value, article_id) for article_id, values in asked[:compared] for value in values)
        self._db.conn.executemany("INSERT OR IGNORE INTO near_sketches VALUES (?, ?)", shared)
        done = [(article_id,) for article_id, _ in asked[:compared]]
        self._db.conn.executemany("DELETE FROM near_waiting WHERE article_id = ?", done)
        return compared

    def _candidates(self, article_id: int, values: Sketch) -> list[int]:
        """Return the articles that one is to be compared with, those of this batch before it among them."""
        self._stories.forget(article_id)
        found = _candidates(self._db, article_id, len(values), self._others(article_id, values))
        for value in values:
            self._sharing[value].append(article_id)
        return found

    def _alike(self, questions: list[_Question]) -> Generator[dict[int, float], None, None]:
        """Yield for each article those that are alike, with their likeness."""
        asked = [question for question in questions if question[1]]
        if self._workers.jobs == 1 or len(asked) < _PIECE:
            for question in questions:
                yield _alike_to(self._stories, question)
            return
        pieces = ((asked[place : place + _PIECE],) for place in range(0, len(asked), _PIECE))
        with closing(apart.each(self._collection, self._workers, _alike_to_each, pieces)) as answers:
            found = chain.from_iterable(answers)
            for question in questions:
                yield next(found) if question[1] else {}

    def _sketch(self, article_id: int) -> Sketch:
        texts = f"SELECT {', '.join(fields.SEARCHED)} FROM articles WHERE id = ?"  # noqa: S608 — literals only
        return sketch(*self._db.execute(texts, (article_id,)).fetchone())

    def _link(self, article_id: int, linked: dict[int, float]) -> None:
        left = _forget(self._db, article_id) if article_id in self._with_links else set()
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


def _alike_to_each(collection: Collection, questions: list[_Question]) -> list[dict[int, float]]:
    stories = Stories(collection.db)
    return [_alike_to(stories, question) for question in questions]


def _alike_to(stories: Stories, question: _Question) -> dict[int, float]:
    """Return the articles that are alike, with their likeness."""
    article_id, others = question
    linked = {}
    contradicted = 0
    for other in others:
        likeness = alike(stories[article_id], stories[other])
        if likeness.same:
            linked[other] = likeness.score
        contradicted += likeness.verdict == NearVerdict.OTHER_FACTS
        if contradicted == _CONTRADICTED:
            break
    return linked


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

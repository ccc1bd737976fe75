"""Finds the articles that match a query, and puts the best first.

Articles are collected tier by tier, and no more of them than the requested page needs:

1. the words next to each other in the title,  2. close together in it,  3. next to each other in summary or body,
4. all in the title,  5. close together in the text,  6. anywhere,  7. in the text of an attached file.

The words as typed go through tiers 1 to 6 first, then with other forms of them (UBND for "uỷ ban nhân dân").

Within a tier articles with about the same BM25 score come newest first. The cost is bounded however common a word is:
the row number of an article in the index is its place in time, so that the newest of many matches are read first and
the rest not at all. Where more than _MANY articles share a tier, the newest are taken. Words in more than _COMMON
articles say little and are not scored; if the query has no others, tiers 3 and 5 are searched only among the newest
_FAR articles.
"""

import sqlite3
from collections.abc import Generator, Iterator
from json import dumps

from storage.search.fts_match import compiled, resolved, scored_words
from storage.search.query import Node, Query, Term, terms
from storage.search.scope import DAY, Scope, scope
from storage.search.spellings import spellings
from storage.search.tiers import APART, CLOSE, MISSING, SIDE_BY_SIDE, Plan

_RANK = "bm25(articles_fts, 8.0, 3.0, 1.0, 8.0, 1.0)"
_MANY = 1500  # matches in a tier; of more, the newest are taken and not the best, as their scores hardly differ
_FAR = 30_000  # newest articles that are searched for common words close together in the text
_COMMON = 5000  # articles with a word; a more frequent word is not scored
_FEW = 30  # matches whose texts are read instead of asking the index for each tier; fewer than _MANY
_SOME = 300  # titles that are read before the index is asked for words in titles, or adjacent in them, instead
_MOST_OFTEN = 3  # the first _FEW matches reach back over one in so many articles, if all are to be read
_STEP = 0.15  # share of the best score; scores closer than this count as equal
_SAME_DAY = 500  # further matches of a page's last day that are sorted together with it
_FIRST_LOOK = 2000  # newest articles that are searched first for those without a word
_KEYS = "articles_fts CROSS JOIN search_keys k INDEXED BY search_keys_place ON k.place = articles_fts.rowid"


_Match = tuple[int, int, str, int]  # place, id, published, whether it passes the filters


def best(
    connection: sqlite3.Connection, query: Query, *, limit: int, offset: int = 0, newest: bool = False
) -> list[int]:
    """Return ids of matching articles from the `offset`th on: best first, or `newest` first."""
    within = scope(connection, query.filters, of_few=True)
    if query.node is None:
        return _newest_passing(connection, within, limit, offset)
    node = resolved(connection, query.node)
    match = compiled(node, scored=False)
    if not match.positive:
        return _newest_without(connection, match.text, within, limit + offset)[offset:]
    if newest:
        return _newest_matching(connection, match.text, within, limit + offset, within.last)[offset:]
    found: dict[int, None] = {}
    for number in _tier_by_tier(connection, node, within, limit + offset, found):
        found.setdefault(number)
        if len(found) >= limit + offset:
            break
    return list(found)[offset:]


def _tier_by_tier(
    connection: sqlite3.Connection, node: Node, within: Scope, wanted: int, found: dict[int, None]
) -> Iterator[int]:
    """Yield ids, some more than once: of what was typed, then of its other forms, then by attached files."""
    trees = spellings(node)
    for tree in trees:
        yield from _Search(connection, tree, within).ids(wanted, found)
    for tree in trees:
        yield from in_files(connection, compiled(tree).text, within)


class _Search:
    """Searches the tiers of one query, in its own words, one after the other."""

    def __init__(self, connection: sqlite3.Connection, node: Node, within: Scope):
        self.connection = connection
        self.within = within
        words = scored_words(node)
        rare = [word for word in words if word and self._rare(word)]
        self.telling = None if len(rare) == len(words) else " OR ".join(f"({word})" for word in rare)
        self.scored = self.telling != ""
        self.plan = Plan(node, scored=self.telling is None)
        most = _MANY if self.scored else _FEW
        self.matches = self._matches(self.plan.base, most=most)
        self.are_all = len(self.matches) <= most
        if not (self.are_all or self.scored) and self._far_between():
            self.matches += self._matches(self.plan.base, most=_SOME, after=self.matches[-1][0])
            self.are_all = len(self.matches) <= _SOME

    def ids(self, wanted: int, found: dict[int, None]) -> Iterator[int]:
        """Yield ids tier by tier, some more than once. `found`: those that the caller already has."""
        if len(self.matches) <= _FEW:
            yield from self._few()
        else:
            yield from self._many(wanted, found)

    def _few(self) -> list[int]:
        """Yield all matches, sorted into tiers by their texts."""
        numbers = self._ranked(self.matches, self.plan.scoring)
        sql = "SELECT id, title, summary, body FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        texts = {row[0]: row[1:] for row in self.connection.execute(sql, [dumps(numbers)])}
        return sorted(numbers, key=lambda number: self.plan.tier(*texts.get(number, ("", "", ""))))

    def _many(self, wanted: int, found: dict[int, None]) -> Iterator[int]:
        plan = self.plan
        apart: list[int] = []
        back = _far_back(self.connection) if not self.scored and plan.together else None
        if plan.plain:
            apart = yield from self._titles(wanted + len(found))
            if plan.only_title:
                yield from apart
                yield from self._tier(plan.base, wanted)
                return
            if plan.together:
                yield from self._tier(plan.side_by_side(title=False), wanted + len(found), back)
        yield from apart
        if plan.plain and plan.together and not plan.prefix:
            yield from self._tier(plan.close, wanted + len(found), back)
        yield from self._tier(plan.base, wanted + len(found))

    def _titles(self, wanted: int) -> Generator[int, None, list[int]]:
        """Yield those with the words adjacent in their titles, then close together; returns those with them apart."""
        plan = self.plan
        read = self.are_all and not self.scored  # with other conditions, another look through the index takes longer
        if not self.scored and len(plan.plain) == 1 and not read:
            yield from self._newest(plan.in_title, wanted)
            return []
        most = _MANY if self.scored else _SOME
        titles = self.matches if read else self._matches(plan.in_title, most=most)
        if len(titles) > most:
            if plan.together:
                yield from self._tier(plan.side_by_side(title=True), wanted)
            titles = titles if self.scored else self._matches(plan.in_title)
            if len(titles) > _MANY:
                return self._newest(plan.in_title, wanted)
        spreads = self._spreads(self._ranked(titles, plan.in_title)) if titles else []
        yield from (number for number, spread in spreads if spread == SIDE_BY_SIDE)
        yield from (number for number, spread in spreads if spread == CLOSE)
        return [number for number, spread in spreads if spread == APART or (spread == MISSING and not read)]

    def _rare(self, word: str) -> bool:
        sql = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1 OFFSET ?"
        return self.connection.execute(sql, [word, _COMMON]).fetchone() is None

    def _far_between(self) -> bool:
        """Tell whether the first matches reach so far back that there are hardly more, which then are worth having."""
        place, _, published, _ = self.matches[-1]
        near = _far_back(self.connection)
        if near is None or place <= near:
            return False
        sql = "SELECT coalesce(sum(articles * (month > ?)), 0), sum(articles) FROM search_months"
        newer, everything = self.connection.execute(sql, [published[:7]]).fetchone()
        return bool(newer * _MOST_OFTEN > everything)

    def _matches(self, expression: str, *, most: int = _MANY, after: int = -1) -> list[_Match]:
        """Return the newest matches behind the place `after`, up to `most` + 1."""
        rows = self.connection.execute(
            f"SELECT k.place, k.id, k.published, {self.within.where} FROM (SELECT rowid AS place FROM articles_fts "  # noqa: S608
            "WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?) f "
            "CROSS JOIN search_keys k INDEXED BY search_keys_place ON k.place = f.place",
            [
                *self.within.values, self.within.matching(expression), max(self.within.first, after + 1),
                self.within.last, most + 1,
            ],
        )  # fmt: skip
        return rows.fetchall()

    def _tier(self, expression: str, wanted: int, back: int | None = None) -> list[int]:
        """Yield a tier in its order; without scored words, only back to the place `back`."""
        anywhere = expression == self.plan.base
        if not self.scored and anywhere and (self.are_all or self._reach(wanted)):
            return self._ranked(self.matches, expression)[: None if self.are_all else wanted]
        if not self.scored:
            return self._newest(expression, wanted, back)
        matches = self.matches if anywhere else self._matches(expression)
        if len(matches) > _MANY:
            return self._newest(expression, wanted)
        return self._ranked(matches, self.plan.scoring if anywhere else expression)

    def _reach(self, wanted: int) -> bool:
        """Tell whether so many of the first matches pass the filters, and no other of the last one's day is missing."""
        passing = [row[0] for row in self.matches if row[3]]
        return len(passing) >= wanted and passing[wanted - 1] // DAY < self.matches[-1][0] // DAY

    def _newest(self, expression: str, wanted: int, back: int | None = None) -> list[int]:
        oldest = self.within.last if back is None else min(back, self.within.last)
        return _newest_matching(self.connection, expression, self.within, wanted, oldest)

    def _spreads(self, numbers: list[int]) -> list[tuple[int, int]]:
        """Return (id, how its title has the words) of articles, in their order; see Plan.spread."""
        found = self.connection.execute(
            "SELECT id, title FROM articles WHERE id IN (SELECT value FROM json_each(?))", [dumps(numbers)]
        )
        titles = dict(found.fetchall())
        return [(number, self.plan.spread(titles.get(number, ""), title=True)) for number in numbers]

    def _ranked(self, matches: list[_Match], expression: str) -> list[int]:
        """Return the ids of those that pass the filters, ordered by their scores for the expression."""
        rows = [row for row in matches if row[3]]
        scores = self._scores(expression if self.telling is None else self.telling, [row[0] for row in rows])
        top = max(scores.values(), default=0.0)
        step = max(top * _STEP, 1e-9)
        rows.sort(key=lambda row: row[1])
        rows.sort(key=lambda row: row[2], reverse=True)
        rows.sort(key=lambda row: round((top - scores.get(row[0], 0.0)) / step))
        return [row[1] for row in rows]

    def _scores(self, expression: str, places: list[int]) -> dict[int, float]:
        """Return the BM25 scores of those articles that match the expression; reads the index in its own order."""
        if not expression or len(places) < 2:
            return {}
        rows = self.connection.execute(
            f"SELECT rowid, -{_RANK} FROM articles_fts WHERE articles_fts MATCH ? "  # noqa: S608
            "AND +rowid IN (SELECT value FROM json_each(?))",
            [expression, dumps(places)],
        )
        return dict(rows.fetchall())


def _far_back(connection: sqlite3.Connection) -> int | None:
    """Return the place of the _FARth newest article, or None where there are fewer."""
    sql = "SELECT place FROM search_keys WHERE place > 0 ORDER BY place LIMIT 1 OFFSET ?"
    row = connection.execute(sql, [_FAR]).fetchone()
    return int(row[0]) if row else None


def _newest_matching(
    connection: sqlite3.Connection, expression: str, within: Scope, wanted: int, oldest: int
) -> list[int]:
    """Yield the newest matches, back to a place.

    The index has them by day; those of the last day are read to the end and sorted.
    """
    sql = (
        f"SELECT k.place, k.id, k.published FROM {_KEYS} WHERE articles_fts MATCH ? "  # noqa: S608
        f"AND articles_fts.rowid BETWEEN ? AND ? AND {within.where} ORDER BY articles_fts.rowid LIMIT ?"
    )
    matching = within.matching(expression)
    rows = connection.execute(sql, [matching, within.first, oldest, *within.values, wanted]).fetchall()
    if len(rows) == wanted:
        last = rows[-1][0]
        end = min(oldest, last - last % DAY + DAY - 1)
        rows += connection.execute(sql, [matching, last + 1, end, *within.values, _SAME_DAY]).fetchall()
    rows.sort(key=lambda row: row[1])
    rows.sort(key=lambda row: row[2], reverse=True)
    return [row[1] for row in rows[:wanted]]


def _newest_passing(connection: sqlite3.Connection, within: Scope, limit: int, offset: int) -> list[int]:
    rows = connection.execute(
        f"SELECT k.id FROM search_keys k WHERE {within.where} ORDER BY k.published DESC, k.id LIMIT ? OFFSET ?",  # noqa: S608
        [*within.values, limit, offset],
    )
    return [row[0] for row in rows]


def _newest_without(connection: sqlite3.Connection, expression: str, within: Scope, wanted: int) -> list[int]:
    """Yield the newest articles that do not match, from longer and longer stretches of time.

    After a stretch in which all match, the matches of the next are counted first, which is fast.
    """
    found: list[int] = []
    start, stretch = within.first, _FIRST_LOOK
    barren = False
    while len(found) < wanted and start <= within.last:
        row = connection.execute(
            "SELECT day FROM search_keys WHERE place >= ? ORDER BY place LIMIT 1 OFFSET ?", [start, stretch]
        ).fetchone()
        end = within.last if row is None else min(within.last, row[0] + DAY - 1)  # whole days
        before = len(found)
        if not barren or without(connection, expression, start, end):
            rows = connection.execute(
                "SELECT k.id FROM search_keys k WHERE k.place BETWEEN ? AND ? AND k.place NOT IN "  # noqa: S608
                "(SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?) "
                f"AND {within.where} ORDER BY k.published DESC, k.id LIMIT ?",
                [start, end, expression, start, end, *within.values, wanted - len(found)],
            )
            found += [row[0] for row in rows]
        barren = len(found) == before
        start, stretch = end + 1, stretch * 4
    return found


def without(connection: sqlite3.Connection, expression: str, start: int, end: int) -> int:
    """Return how many articles in a span of places do not match."""
    (missing,) = connection.execute(
        "SELECT (SELECT count(*) FROM search_keys WHERE place BETWEEN ? AND ?) - "
        "(SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?)",
        [start, end, expression, start, end],
    ).fetchone()
    return int(missing)


def in_files(connection: sqlite3.Connection, expression: str, within: Scope) -> list[int]:
    """Return the articles with an attached file whose text matches, best first."""
    rows = connection.execute(
        "SELECT DISTINCT id FROM (SELECT k.id AS id, bm25(attachments_fts) AS score FROM attachments_fts "  # noqa: S608
        "JOIN files f ON f.id = attachments_fts.rowid JOIN attachments t ON t.sha256 = f.sha256 "
        f"JOIN search_keys k ON k.id = t.article_id WHERE attachments_fts MATCH ? AND {within.where} "
        "ORDER BY score LIMIT 500)",
        [expression, *within.values],
    )
    return [row[0] for row in rows]


def shown_terms(query: Query) -> list[Term]:
    """Return the terms that can be marked in a match."""
    return terms(query.node)

"""Puts articles that report one story into groups, each identified by its earliest source.

Links alone would chain: A is like B and B is like C, but C is no longer like A. So an article belongs to a group
only if it is like the group's earliest source. Articles that are left over form groups of their own in the same way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from crawler.dates.model import HANOI
from crawler.near import alike
from crawler.text import fold
from storage.near.compared_articles import Stories

_MANY = 200  # articles; a larger group takes a new article without reading all its members
_PAIRS = 5000  # links read at once; more belong to such a large group
_NO_DAY = "-99-99"
_DAY = 10  # characters: 2024-03-05
_WARD = ("phuong ", "xa ", "thi tran ", "dac khu ")
_DISTRICT = ("quan ", "huyen ", "thi xa ", "thanh pho ")


@dataclass(frozen=True, slots=True)
class Source:
    """Who published when.

    `day`: ISO; where only the month or year is known, it sorts after all days of it. `moment`: day and time, None where
    the time is not known. `level`: 0 ward, 1 district, 2 city, province or office, 3 press.
    """

    id: int
    day: str
    moment: str | None
    level: int
    first_seen_at: str
    url: str


def earliest(sources: list[Source]) -> Source:
    """Return the source that published first.

    On the same day the time decides if all have one; else a ward comes before a district, a district before a city,
    and a city before the press.
    """
    first = min(source.day for source in sources)
    those = [source for source in sources if source.day == first]
    if all(source.moment for source in those):
        return min(those, key=lambda source: (source.moment, source.level, source.first_seen_at, source.url))
    return min(those, key=lambda source: (source.level, source.first_seen_at, source.url))


def regroup(
    db: Database,
    stories: Stories,
    article_id: int,
    linked: set[int],
    left: set[int],
    keep: Callable[[int, int, float], None],
) -> None:
    """Put an article with new links into its group, and divide the groups that this affects again.

    `left`: the members of the group it was in before; `keep` writes a link that is found on the way.
    """
    if not linked and not left:
        return
    members, links = _connected(db, {article_id} | left)
    if len(members) > _MANY:
        _join(db, stories, article_id, linked)
        return
    sources = [_source(db, member) for member in sorted(members)]
    rows: list[tuple[int, int]] = []
    while sources:
        leader = earliest(sources)
        group = [
            source.id
            for source in sources
            if source.id != leader.id and _like(leader.id, source.id, stories, links, keep)
        ]
        if group:
            rows += [(member, leader.id) for member in (leader.id, *group)]
        taken = {leader.id, *group}
        sources = [source for source in sources if source.id not in taken]
    db.conn.executemany("DELETE FROM near_groups WHERE article_id = ?", [(member,) for member in members])
    db.conn.executemany("INSERT INTO near_groups VALUES (?, ?)", rows)


def _like(
    leader: int, other: int, stories: Stories, links: set[tuple[int, int]], keep: Callable[[int, int, float], None]
) -> bool:
    if (min(leader, other), max(leader, other)) in links:
        return True
    likeness = alike(stories[leader], stories[other])
    if likeness.same:
        keep(leader, other, likeness.score)
    return likeness.same


def _join(db: Database, stories: Stories, article_id: int, linked: set[int]) -> None:
    """Put a new article into the earliest of some large groups; all other members stay where they are."""
    _leave(db, article_id)
    sql = f"SELECT DISTINCT group_id FROM near_groups WHERE article_id IN ({_marks(linked)})"  # noqa: S608
    leaders = [_source(db, row[0]) for row in db.execute(sql, sorted(linked)).fetchall()]
    while leaders:
        leader = earliest(leaders)
        if leader.id in linked or alike(stories[article_id], stories[leader.id]).same:
            db.execute("INSERT INTO near_groups VALUES (?, ?)", (article_id, leader.id))
            if earliest([leader, _source(db, article_id)]).id == article_id:
                db.execute("UPDATE near_groups SET group_id = ? WHERE group_id = ?", (article_id, leader.id))
            return
        leaders.remove(leader)


def _leave(db: Database, article_id: int) -> None:
    """Take an article out of a large group; if it was the earliest source, the next earliest takes its place."""
    rows = db.execute("SELECT article_id FROM near_groups WHERE group_id = ?", (article_id,)).fetchall()
    others = [_source(db, row[0]) for row in rows if row[0] != article_id]
    db.execute("DELETE FROM near_groups WHERE article_id = ?", (article_id,))
    if others:
        db.execute("UPDATE near_groups SET group_id = ? WHERE group_id = ?", (earliest(others).id, article_id))


def _connected(db: Database, start: set[int]) -> tuple[set[int], set[tuple[int, int]]]:
    """Return the articles that links reach from `start`, directly or not, and the links; stops a little above _MANY."""
    members, news = set(start), set(start)
    links: set[tuple[int, int]] = set()
    while news and len(members) <= _MANY:
        found: set[tuple[int, int]] = set()
        for end in ("article_id", "other_id"):
            sql = f"SELECT article_id, other_id FROM near_duplicates WHERE {end} IN ({_marks(news)}) LIMIT ?"  # noqa: S608
            found.update(db.execute(sql, (*sorted(news), _PAIRS)).fetchall())
        links |= found
        news = {article for pair in found for article in pair} - members
        members |= news
    return members, links


def _marks(ids: set[int]) -> str:
    return ", ".join("?" * len(ids))


def _source(db: Database, article_id: int) -> Source:
    published, first_seen, url, name, host = db.execute(
        "SELECT a.published_at, a.first_seen_at, a.url, s.name, s.host FROM articles a JOIN sites s ON s.slug = a.site "
        "WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    shown = (published or "").partition("/")[0]
    if not shown:
        shown = datetime.fromisoformat(first_seen).astimezone(HANOI).isoformat()[:_DAY]
    day = shown[:_DAY] + _NO_DAY[len(shown) - _DAY :] if len(shown) < _DAY else shown[:_DAY]
    return Source(article_id, day, shown if len(shown) > _DAY else None, _level(name, host), first_seen, url)


def _level(name: str, host: str) -> int:
    called = fold(name) + " "
    if called.startswith(_WARD):
        return 0
    if called.startswith(_DISTRICT):
        return 1
    return 2 if host.endswith(".gov.vn") else 3

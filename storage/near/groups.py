"""Reads the groups of near duplicates, as they are shown and exported."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from sqlite_utils import Database

from storage.rows import NearGroup

_AT_ONCE = 500  # values in one query
_COLUMNS = "a.id, a.site, a.title, a.url, a.published_at, a.removed_at"


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a group. `likeness`: to the group's earliest source, None for itself."""

    id: int
    site: str
    title: str
    url: str
    published_at: str | None
    removed_at: str | None
    likeness: float | None


class GroupFacts(TypedDict):
    """A group as JSON: the id of its earliest source, and its members, that one first."""

    group: int
    articles: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Group:
    """One story: `earliest` is the source that published it first, `others` follow by date."""

    earliest: Member
    others: tuple[Member, ...]

    def to_dict(self) -> GroupFacts:
        """Return JSON-ready facts."""
        return {"group": self.earliest.id, "articles": [_facts(member) for member in (self.earliest, *self.others)]}


def _facts(member: Member) -> dict[str, object]:
    return {name: getattr(member, name) for name in Member.__slots__}


def groups(db: Database, *, site: str | None = None, limit: int = 20) -> list[Group]:
    """Return the groups whose earliest sources are the newest, of all or with an article of `site`."""
    found = db.execute(
        "SELECT g.group_id FROM near_groups g JOIN articles e ON e.id = g.group_id "
        "WHERE g.article_id = g.group_id AND (? IS NULL OR EXISTS (SELECT 1 FROM near_groups m "
        "JOIN articles a ON a.id = m.article_id WHERE m.group_id = g.group_id AND a.site = ?)) "
        "ORDER BY e.published_at DESC, e.id DESC LIMIT ?",
        (site, site, limit),
    ).fetchall()
    return [_group(db, row[0]) for row in found]


def group_of(db: Database, article_id: int) -> Group | None:
    """Return the group in which an article is, None where it has no near duplicate."""
    row = db.execute("SELECT group_id FROM near_groups WHERE article_id = ?", (article_id,)).fetchone()
    return _group(db, row[0]) if row else None


def _group(db: Database, group_id: int) -> Group:
    rows = db.execute(
        f"SELECT {_COLUMNS}, n.likeness FROM near_groups g JOIN articles a ON a.id = g.article_id "  # noqa: S608
        "LEFT JOIN near_duplicates n ON n.article_id = min(g.group_id, a.id) AND n.other_id = max(g.group_id, a.id) "
        "WHERE g.group_id = ? ORDER BY a.published_at IS NULL, a.published_at, a.id",
        (group_id,),
    )
    members = [Member(*row) for row in rows.fetchall()]
    first = next(member for member in members if member.id == group_id)
    return Group(first, tuple(member for member in members if member.id != group_id))


def marks(db: Database, article_ids: Iterable[int]) -> dict[int, NearGroup]:
    """Return id of an article → what is shown of its group: earliest_id, earliest_url, and the ids of `articles`.

    Articles without a near duplicate are left out.
    """
    ids = list(article_ids)
    made: dict[int, NearGroup] = {}
    known: dict[int, NearGroup] = {}
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        rows = db.execute(
            "SELECT g.article_id, g.group_id, a.url FROM near_groups g JOIN articles a ON a.id = g.group_id "  # noqa: S608
            f"WHERE g.article_id IN ({', '.join('?' * len(part))})",
            part,
        )
        for article_id, group_id, url in rows.fetchall():
            if group_id not in known:
                members = db.execute(
                    "SELECT article_id FROM near_groups WHERE group_id = ? ORDER BY article_id", (group_id,)
                )
                articles = [row[0] for row in members]
                known[group_id] = {"earliest_id": group_id, "earliest_url": url, "articles": articles}
            made[article_id] = known[group_id]
    return made

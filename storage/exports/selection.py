"""Which articles are handed on: the filters, and what speaks against handing them on."""

import re
from dataclasses import dataclass, field

from crawler.units import parse_unit
from storage.collection import Collection
from storage.errors import CollectionError
from storage.rows import SiteRow
from storage.run_history import SOUND
from storage.search import scope, units
from storage.search.fts_match import compiled
from storage.search.fulltext import parse_query


class BadChoice(CollectionError):
    """The filters cannot be understood."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The filters of an export; all of them must hold, an empty one always does.

    `sites`: slugs; `unit`: name or code of an administrative unit, as crawler.units reads it; `since`, `until`: ISO
    days (or months, years) of publication, both included; `query`: as for `tinphuong search`; `changed_since`: ISO
    moment in UTC; articles that were new, changed, moved, removed, back or corrected since then; `since_run`: besides
    `changed_since`, what runs after this number of the run log wrote.
    """

    sites: tuple[str, ...] = ()
    unit: str | None = None
    since: str | None = None
    until: str | None = None
    query: str | None = None
    changed_since: str | None = None
    since_run: int | None = None

    def to_dict(self) -> dict[str, str | list[str]]:
        """Return the filters that are set."""
        named: dict[str, str | list[str] | None] = {
            "site": list(self.sites), "unit": self.unit, "since": self.since, "until": self.until,
            "query": self.query, "changed_since": self.changed_since,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Unsound:
    """A site whose last run did not end well: its articles may be fewer than they should be."""

    site: str
    status: str  # failed, interrupted, or running: it goes on, or was killed
    started_at: str
    message: str | None

    def __str__(self) -> str:
        end = {"running": "has not ended (it goes on, or was killed)", "interrupted": "was interrupted"}
        return f"{self.site}: its run of {self.started_at} {end.get(self.status, self.status)}" + (
            f": {self.message}" if self.message else ""
        )


@dataclass(slots=True)
class Chosen:
    """What the filters came to. The ids are in the temporary table `chosen` (position from 1, id), in their order."""

    count: int
    sites: list[SiteRow] = field(default_factory=list)  # rows of `sites` that were looked through
    unsound: list[Unsound] = field(default_factory=list)
    undated: int = 0  # articles left out only because no date of publication is known


# Of an interval begin/end; a date that is less precise than the bound is compared as far as it goes.
_END = "substr(a.published_at, instr(a.published_at, '/') + 1)"
_BEGIN = "substr(a.published_at, 1, instr(a.published_at || '/', '/') - 1)"
_HOLDING = "SELECT DISTINCT a.site FROM temp.chosen c JOIN articles a ON a.id = c.id"
# A run or an import may bring what was met long before, in an archive or on another machine: then its own end counts.
_CHANGED = (
    "(a.first_seen_at >= :since OR a.changed_at >= :since OR a.removed_at >= :since "
    "OR EXISTS (SELECT 1 FROM article_urls u WHERE u.article_id = a.id AND u.first_seen_at >= :since) "
    "OR EXISTS (SELECT 1 FROM article_events e WHERE e.article_id = a.id AND e.at >= :since) "
    "OR EXISTS (SELECT 1 FROM confirmations p WHERE p.article_id = a.id AND p.at >= :since) "
    "OR EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = a.id AND t.fetched_at >= :since) "
    "OR EXISTS (SELECT 1 FROM imported i WHERE i.article_id = a.id "
    "AND (i.number > :run OR (:run IS NULL AND i.at >= :since))) "
    "OR EXISTS (SELECT 1 FROM runs r WHERE r.id IN ("
    "SELECT a.run_id UNION SELECT v.run_id FROM versions v WHERE v.article_id = a.id "
    "UNION SELECT e.run_id FROM article_events e WHERE e.article_id = a.id) "
    "AND (r.number > :run OR (r.number IS NULL AND :run IS NOT NULL) "
    "OR (:run IS NULL AND coalesce(r.finished_at, r.started_at) >= :since))))"
)
_NAMED = re.compile(":(since|run)")


_MATCHING = (
    "SELECT k.id FROM articles_fts CROSS JOIN search_keys k ON k.place = articles_fts.rowid WHERE articles_fts MATCH ?"
)


class _Conditions:
    """Parts of a WHERE, all of which must hold, and their values."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: list[object] = []

    def add(self, part: str, *values: object) -> None:
        self.parts.append(part)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.parts) or "1"


def choose(collection: Collection, choice: Choice) -> Chosen:
    """Fill the temporary table `chosen` and return what is in it.

    Raises BadChoice for a site or unit that the collection does not know, and for a query that asks for nothing.
    """
    db = collection.db
    where = _conditions(collection, choice)
    undated = 0
    if choice.since or choice.until:
        sql = f"SELECT count(*) FROM articles a WHERE {where} AND a.published_at IS NULL"  # noqa: S608
        undated = int(db.execute(sql, where.values).fetchone()[0])
    if choice.since:
        where.add(f"{_END} >= substr(?, 1, length({_END}))", choice.since)
    if choice.until:
        where.add(f"substr({_BEGIN}, 1, length(?)) <= ?", choice.until, choice.until)
    db.execute("DROP TABLE IF EXISTS temp.chosen")
    db.execute("CREATE TEMP TABLE chosen (position INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE)")
    db.execute(
        f"INSERT INTO chosen (id) SELECT a.id FROM articles a WHERE {where} ORDER BY a.site, a.id",  # noqa: S608
        where.values,
    )
    count = int(db.execute("SELECT count(*) FROM chosen").fetchone()[0])
    looked_at = _sites(collection, choice)
    return Chosen(count, looked_at, _unsound(collection, looked_at), undated)


def _conditions(collection: Collection, choice: Choice) -> _Conditions:
    """All filters but those by date of publication."""
    where = _Conditions()
    if choice.unit:
        part, wanted = units.condition(collection.db.conn, (choice.unit,), article="a.id")
        where.add(part, *wanted)
    if choice.sites:
        where.add(f"a.site IN ({', '.join('?' * len(choice.sites))})", *choice.sites)
    if choice.query:
        query = parse_query(choice.query)
        passing, values = scope.conditions(collection.db.conn, query.filters)
        if query.node is None and passing == "1":
            raise BadChoice(f"the query {choice.query!r} asks for nothing")
        where.add(f"a.id IN (SELECT k.id FROM search_keys k WHERE {passing})", *values)  # noqa: S608
        if query.node is not None:
            match = compiled(query.node)
            side = "IN" if match.positive else "NOT IN"
            where.add(f"a.id {side} ({_MATCHING})", match.text)
    if choice.changed_since:
        given = {"since": choice.changed_since, "run": choice.since_run}
        where.add(_NAMED.sub("?", _CHANGED), *(given[name] for name in _NAMED.findall(_CHANGED)))
    return where


def _sites(collection: Collection, choice: Choice) -> list[SiteRow]:
    """The rows of the sites that the choice is among: those named; those of the unit, or that hold what was chosen."""
    rows = list(collection.rows("SELECT * FROM sites ORDER BY slug", of=SiteRow))
    for slug in choice.sites:
        if slug not in {row["slug"] for row in rows}:
            raise BadChoice(f"{collection.path} knows no site {slug!r}: `tinphuong status` lists those it has")
    if choice.sites:
        rows = [row for row in rows if row["slug"] in choice.sites]
    if choice.unit:
        try:
            named = units.sites_of(collection.db.conn, choice.unit)
        except units.BadUnit as error:
            raise BadChoice(str(error)) from None
        holding = {slug for (slug,) in collection.db.execute(_HOLDING)}
        rows = [row for row in rows if row["slug"] in named | holding]
        if not rows:
            raise BadChoice(
                f"nothing here is of {parse_unit(choice.unit)}: `tinphuong sites` lists the units of all sites"
            )
    return rows


def _unsound(collection: Collection, sites: list[SiteRow]) -> list[Unsound]:
    """The sites whose newest run (readings of stored captures aside) did not end well, or that have none."""
    found = []
    for site in sites:
        newest = next(
            collection.rows(
                "SELECT status, started_at, message FROM runs WHERE site = ? AND mode != 'reprocess' "
                "ORDER BY started_at DESC, id DESC LIMIT 1",
                [site["slug"]],
            ),
            None,
        )
        if newest and newest["status"] not in SOUND:
            found.append(Unsound(site["slug"], **newest))
    return found

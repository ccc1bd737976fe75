"""What the pages about portals show. Functions take a read-only connection; what they return can be written as JSON."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from crawler.browse import page_data
from crawler.browse.answer_cache import AnswerCache
from crawler.browse.page_data import SiteHealth
from crawler.browse.portal_counts import (
    Counts,
    Coverage,
    KnownHost,
    KnownSite,
    ProvinceCounts,
    best_state,
)  # fmt: skip
from crawler.units import NEW, Unit, table
from crawler.units.keys import bare
from crawler.units.provinces import UnknownProvince, parse_province, provinces, units_by_province
from spiders.portals import directory


class HostRow(TypedDict):
    """A host with what is known of it. `source`: of the directory, or "site"; `seen`: ISO day of its certification, "";
    the rest of the site that it is registered as: `slug` None where it is not, `state` None where it never ran."""

    host: str
    level: str
    source: str
    seen: str
    since_2025: bool
    owner: str
    slug: str | None
    name: str | None
    state: str | None
    articles: int
    newest: str | None


class FormerUnit(TypedDict):
    """A unit before July 2025 that went into one of today, `whole` or in part."""

    code: str
    name: str
    place: str
    whole: bool
    hosts: list[HostRow]


class UnitRow(TypedDict):
    """A unit of today with its own hosts, and with the units that went into it.

    `articles`, `newest` (day) and the `state` that is best are of the sites of all of these; None: nothing is known.
    """

    code: str
    name: str
    hosts: list[HostRow]
    before: list[FormerUnit]
    is_known: bool
    state: str | None
    articles: int
    newest: str | None


class ProvincePage(ProvinceCounts):
    """A province of today. `former`: names of those that went into it; `others`: hosts that are of no unit."""

    former: list[str]
    units: list[UnitRow]
    others: list[HostRow]


def known_sites(health: Iterable[SiteHealth], registered: Iterable[KnownSite]) -> list[KnownSite]:
    """Return the sites of a collection and those registered, each once; what is registered says host and codes."""
    of_registry = {site.slug: site for site in registered}
    found = []
    for row in health:
        facts = of_registry.pop(row["slug"], None)
        found.append(
            KnownSite(
                row["slug"], row["name"], facts.hosts if facts else (row["host"],),
                facts.unit_old if facts else row["unit_old"], facts.unit_new if facts else row["unit_new"],
                row["state"], row["articles"], row["newest"],
            )
        )  # fmt: skip
    return [*found, *of_registry.values()]


def portals(
    connection: sqlite3.Connection, now: datetime, cache: AnswerCache, registered: Sequence[KnownSite] = ()
) -> Counts:
    """Return what is known and held of every province; `now`: aware."""
    return _read(connection, now, cache, registered)[1]


def province(
    connection: sqlite3.Connection, slug: str, now: datetime, cache: AnswerCache, registered: Sequence[KnownSite] = ()
) -> ProvincePage:
    """Return what is known and held of a province of today, unit by unit; `slug` is one of theirs."""
    asked = ("portals", slug, now.isoformat()[:13], tuple(registered))
    found: ProvincePage = cache.get(
        connection, asked, lambda: _province(slug, *_read(connection, now, cache, registered))
    )
    return found


def sites_of(
    connection: sqlite3.Connection, text: str, now: datetime, cache: AnswerCache, registered: Sequence[KnownSite] = ()
) -> list[str] | None:
    """Return the slugs of the sites of the province of today that a text names; None where it names none."""
    slug = today(text)
    if slug is None:
        return None
    hosts = _read(connection, now, cache, registered)[0].by_province.get(slug, [])
    return sorted({host.site.slug for host in hosts if host.site is not None})


def flat(counts: Counts) -> list[dict[str, object]]:
    """Return the provinces of today as rows of a table, with the units before as columns `old_…`."""
    return [
        {"slug": row["slug"], "name": row["name"]}
        | dict(row["new"])
        | {f"old_{name}": number for name, number in row["old"].items() if name not in ("own", "in_part")}
        | {f"hosts_{level}": number for level, number in row["hosts"].items()}
        | {"sites": row["sites"], "articles": row["articles"], "newest": row["newest"]}
        for row in counts["provinces"]
    ]


def today(text: str) -> str | None:
    """Return the slug of the province of today that a text names, or that the one it names went into; None for none."""
    try:
        asked = parse_province(text)
    except UnknownProvince:
        return None
    return asked.province.slug if asked.province.vintage == NEW else min(asked.new)


def units_of(coverage: Coverage, site: str) -> list[UnitRow]:
    """Return the units of today that a site (slug) is of: what its code says, else all that its old unit went into."""
    units = table()
    host = next((host for host in coverage.hosts if host.site is not None and host.site.slug == site), None)
    if host is None or host.site is None:
        return []
    if (stated := units.get(host.site.unit_new, NEW)) is not None:
        return [_unit(coverage, stated)]
    codes = host.new | {after.code for old in host.old for after in units.successors(old)}
    return [_unit(coverage, units.new[code]) for code in sorted(codes)]


def coverage_of(health: Iterable[SiteHealth], registered: Iterable[KnownSite]) -> Coverage:
    """Return what is known of every unit, by the directory and by the sites."""
    return Coverage(directory(), known_sites(health, registered))


def name_of_province(text: str) -> str:
    """Return the name of the province of today that a text names, without its kind; the text where it names none."""
    return names_of_provinces().get(today(text) or "", text)


def names_of_provinces() -> dict[str, str]:
    """Return slug of a province of today → its name without its kind, by slug."""
    return {slug: bare(found.name) for slug, found in provinces(NEW).items()}


def _read(
    connection: sqlite3.Connection, now: datetime, cache: AnswerCache, registered: Sequence[KnownSite]
) -> tuple[Coverage, Counts]:
    def read() -> tuple[Coverage, Counts]:
        coverage = coverage_of(page_data.health(connection, now, cache), registered)
        return coverage, coverage.counts()

    found: tuple[Coverage, Counts] = cache.get(connection, ("portals", now.isoformat()[:13], tuple(registered)), read)
    return found


def _province(slug: str, coverage: Coverage, counts: Counts) -> ProvincePage:
    (row,) = (row for row in counts["provinces"] if row["slug"] == slug)
    others = {host.host: host for host in coverage.by_province.get(slug, []) if host.level != "unit"}
    return {
        **row,
        "former": [former["name"] for former in counts["before"] if former["into"] == slug],
        "units": [_unit(coverage, unit) for unit in units_by_province()[NEW][slug]],
        "others": [_row(host) for host in sorted(others.values(), key=lambda host: (host.level, host.host))],
    }


def _unit(coverage: Coverage, unit: Unit) -> UnitRow:
    hosts = coverage.hosts_of(unit)
    sites = {host.site.slug: host.site for host in hosts if host.site is not None}.values()
    return UnitRow(
        code=unit.code, name=f"{unit.kind} {unit.name}", hosts=[_row(host) for host in coverage.own_hosts(unit)],
        before=[
            FormerUnit(
                code=old.code, name=f"{old.kind} {old.name}", place=old.district,
                whole=table().went_whole(old.code, unit.code), hosts=[_row(host) for host in coverage.own_hosts(old)],
            )
            for old in table().predecessors(unit.code)
        ],
        is_known=bool(hosts), state=best_state(hosts), articles=sum(site.articles for site in sites),
        newest=max((site.newest for site in sites if site.newest), default=None),
    )  # fmt: skip


def _row(host: KnownHost) -> HostRow:
    portal, site = host.portal, host.site
    return HostRow(
        host=host.host, level=host.level,
        source=portal.source if portal else "site", seen=portal.seen if portal else "",
        since_2025=bool(portal and portal.since_2025), owner=portal.owner if portal else "",
        slug=site.slug if site else None, name=site.name if site else None, state=site.state if site else None,
        articles=site.articles if site else 0, newest=site.newest if site else None,
    )  # fmt: skip

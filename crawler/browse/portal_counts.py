"""How much of the country is known and held: by province, how many units have a portal, are crawled, are healthy. Pure.

A host is of a unit where the directory or the codes of a site say so. A unit since July 2025 has what is its own, and
what is of the units that went into it, in whole or in part.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypedDict, cast

from crawler.run.health import State
from crawler.units import NEW, OLD, Unit, Vintage, table
from crawler.units.provinces import labels_of_provinces, merged_into, provinces, slug_of_province, units_by_province
from crawler.urls import plain_host
from spiders.portals import DIVISION, Portal
from spiders.portals.selection import ages

STATES = (State.HEALTHY, State.DOUBTFUL, State.QUIET, State.FAILING)  # the best first
LEVELS = ("unit", "unplaced", "district", "province", "other")
_BEST = {str(state): number for number, state in enumerate((*STATES, State.NEVER))}


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site that is registered, or that the collection has.

    `hosts`: the one that it is crawled at, then others that lead to it; `unit_old`, `unit_new`: codes; `state`: of
    `crawler.run.health`, None where the collection does not know it yet; `newest`: ISO day of its newest article.
    """

    slug: str
    name: str
    hosts: tuple[str, ...]
    unit_old: str | None = None
    unit_new: str | None = None
    state: str | None = None
    articles: int = 0
    newest: str | None = None


@dataclass(frozen=True, slots=True)
class KnownHost:
    """A host that the directory has, or a site, or both; `old`, `new`: codes of the units whose own it is."""

    host: str
    portal: Portal | None
    site: KnownSite | None
    old: frozenset[str]
    new: frozenset[str]

    @property
    def level(self) -> str:
        """One of LEVELS: "unplaced" is of an unknown ward or commune, "other" of an office or for one purpose."""
        if self.old or self.new:
            return "unit"
        if self.portal is None:
            return "other"
        if self.portal.is_of_unit:
            return "unplaced"
        return self.portal.level if self.portal.level in LEVELS else "other"  # what serves one purpose


class Tally(TypedDict):
    """Units: all, those with a portal that is known (`portals`), and of these those with one of their own (`own`) and
    those that have it only through a unit of which a part went into them (`in_part`); those of which articles are
    stored (`crawled`); and by the state of the site that does best."""

    units: int
    portals: int
    own: int
    in_part: int
    crawled: int
    healthy: int
    doubtful: int
    quiet: int
    failing: int


class ProvinceCounts(TypedDict):
    """What is known of a province of today. `new`, `old`: its units since and before July 2025; `hosts`: by LEVELS;
    `sites`: those that the collection has or that are registered; `newest`: ISO day of the newest article."""

    slug: str
    name: str
    new: Tally
    old: Tally
    hosts: dict[str, int]
    sites: int
    articles: int
    newest: str | None


class FormerProvince(TypedDict):
    """The units of a province before July 2025; `into`: slug of the one that it went into."""

    slug: str
    name: str
    into: str
    old: Tally


class Knowledge(TypedDict):
    """How old the directory is. `first`, `last`: ISO days of certification; `undated`: hosts without one; `before`:
    those certified before July 2025; `since_2025`: those that are surely of a unit of today."""

    hosts: int
    first: str | None
    last: str | None
    undated: int
    before: int
    since_2025: int


class Counts(TypedDict):
    """All that is counted. `elsewhere`: hosts, sites and articles of which the province is not known."""

    country: ProvinceCounts
    provinces: list[ProvinceCounts]
    before: list[FormerProvince]
    elsewhere: ProvinceCounts
    knowledge: Knowledge


class Coverage:
    """Which hosts are of which unit, and what is held of them."""

    def __init__(self, portals: Iterable[Portal], sites: Iterable[KnownSite]):
        self._portals = list(portals)
        self._sites = list(sites)
        self.hosts = list(_hosts(self._portals, self._sites))
        self._of: dict[Vintage, dict[str, list[KnownHost]]] = {OLD: {}, NEW: {}}
        for host in self.hosts:
            for vintage, codes in ((OLD, host.old), (NEW, host.new)):
                for code in codes:
                    self._of[vintage].setdefault(code, []).append(host)

    def own_hosts(self, unit: Unit) -> Sequence[KnownHost]:
        """Return the hosts that are of just this unit."""
        return self._of[unit.vintage].get(unit.code, ())

    def hosts_of(self, unit: Unit) -> list[KnownHost]:
        """Return the hosts of a unit; of one since July 2025 also those of the units that went into it."""
        found = list(self.own_hosts(unit))
        if unit.vintage == NEW:
            for before in table().predecessors(unit.code):
                found += self.own_hosts(before)
        return found

    def tally(self, vintage: Vintage, province: str) -> Tally:
        """Count the units of a province (slug) of that vintage."""
        units = self._known[vintage].get(province, ())
        made = Tally(
            units=len(units_by_province()[vintage][province]), portals=len(units), own=0, in_part=0, crawled=0,
            healthy=0, doubtful=0, quiet=0, failing=0,
        )  # fmt: skip
        for unit in units:
            hosts = self.hosts_of(unit)
            is_own = bool(self.own_hosts(unit))
            made["own"] += is_own
            made["in_part"] += not is_own and self._is_in_part(unit)
            made["crawled"] += any(host.site is not None and host.site.articles > 0 for host in hosts)
            if (state := best_state(hosts)) in STATES:
                made[state] += 1  # type: ignore[literal-required]
        return made

    def _is_in_part(self, unit: Unit) -> bool:
        """Whether no unit with a host went into this one as a whole."""
        before = table().predecessors(unit.code)
        return not any(self.own_hosts(old) and table().went_whole(old.code, unit.code) for old in before)

    @cached_property
    def _known(self) -> dict[Vintage, dict[str, list[Unit]]]:
        """Vintage → slug of a province → its units of which a host is known."""
        units = table()
        new = dict.fromkeys(self._of[NEW])
        new |= dict.fromkeys(after.code for code in self._of[OLD] for after in units.successors(code))
        found: dict[Vintage, dict[str, list[Unit]]] = {OLD: {}, NEW: {}}
        for unit in (*(units.old[code] for code in self._of[OLD]), *(units.new[code] for code in new)):
            found[unit.vintage].setdefault(slug_of_province(unit.province), []).append(unit)
        return found

    @cached_property
    def by_province(self) -> dict[str | None, list[KnownHost]]:
        """Slug of a province of today → the hosts that are in it; None → those of which that is not known."""
        found: dict[str | None, list[KnownHost]] = {}
        for host in self.hosts:
            found.setdefault(_province_of(host), []).append(host)
        return found

    def counts(self) -> Counts:
        """Return what is known of every province."""
        into = merged_into()
        former = [
            FormerProvince(slug=slug, name=province.name, into=into[slug], old=self.tally(OLD, slug))
            for slug, province in provinces(OLD).items()
        ]
        found = [
            self._province(
                slug, province.name, self.tally(NEW, slug), [row["old"] for row in former if row["into"] == slug]
            )
            for slug, province in provinces(NEW).items()
        ]
        elsewhere = self._province("", "", _total([]), [])
        return Counts(
            country=_country(found, elsewhere), provinces=found, before=former, elsewhere=elsewhere,
            knowledge=_knowledge(self._portals),
        )  # fmt: skip

    def _province(self, slug: str, name: str, new: Tally, old: list[Tally]) -> ProvinceCounts:
        hosts = self.by_province.get(slug or None, [])
        levels = Counter(level for _, level in {(host.host, host.level) for host in hosts})
        sites = {host.site.slug: host.site for host in hosts if host.site is not None}.values()
        return ProvinceCounts(
            slug=slug, name=name, new=new, old=_total(old), hosts={level: levels[level] for level in LEVELS},
            sites=len(sites), articles=sum(site.articles for site in sites), newest=_newest(sites),
        )  # fmt: skip


def best_state(hosts: Iterable[KnownHost]) -> str | None:
    """Return the state of the site that does best; None where none is known to the collection."""
    states = [host.site.state for host in hosts if host.site is not None and host.site.state is not None]
    return min(states, key=lambda state: _BEST.get(state, len(_BEST)), default=None)


def _hosts(portals: Iterable[Portal], sites: Iterable[KnownSite]) -> Iterator[KnownHost]:
    """A host for every site, with what the directory says of it, and for all others of the directory."""
    listed = {portal.host: portal for portal in portals}
    claimed = set()
    for site in sites:
        for number, host in enumerate(site.hosts):
            portal = listed.get(plain_host(host))
            if portal is not None or number == 0:
                claimed.add(plain_host(host))
                yield _host(plain_host(host), portal, site)
    yield from (_host(host, portal, None) for host, portal in listed.items() if host not in claimed)


@lru_cache(maxsize=16_384)  # at every view anew otherwise
def _host(host: str, portal: Portal | None, site: KnownSite | None) -> KnownHost:
    units = table()
    old: set[str] = set()
    new: set[str] = set()
    pairs = [(portal.old_code, portal.new_code)] if portal is not None and portal.is_of_unit else []
    if site is not None:
        pairs.append((site.unit_old, site.unit_new))
    for before, since in pairs:
        if before in units.old:
            old.add(before)
        if since in units.new and since not in {unit.code for unit in units.successors(before or "")}:
            new.add(since)  # a code that an old unit's own leads to says nothing new
    return KnownHost(host, portal, site, frozenset(old), frozenset(new))


def _province_of(host: KnownHost) -> str | None:
    units = table()
    for code in sorted(host.new):
        return slug_of_province(units.new[code].province)
    for code in sorted(host.old):
        return merged_into()[slug_of_province(units.old[code].province)]
    if host.portal is not None:
        return _today(host.portal.province)
    return _today(host.site.slug.partition("_")[0]) if host.site is not None else None


def _today(label: str) -> str | None:
    """The province of today that a label of a host, or a slug of one of before, means."""
    slug = labels_of_provinces().get(label, label)
    return merged_into().get(slug) or (slug if slug in provinces(NEW) else None)


def _total(tallies: Iterable[Tally]) -> Tally:
    total: Counter[str] = Counter()
    for tally in tallies:
        total.update(tally)
    return cast(Tally, {name: total[name] for name in Tally.__annotations__})


def _newest(sites: Iterable[KnownSite]) -> str | None:
    return max((site.newest for site in sites if site.newest), default=None)


def _country(rows: Sequence[ProvinceCounts], elsewhere: ProvinceCounts) -> ProvinceCounts:
    every = [*rows, elsewhere]
    return ProvinceCounts(
        slug="", name="", new=_total(row["new"] for row in rows), old=_total(row["old"] for row in rows),
        hosts={level: sum(row["hosts"][level] for row in every) for level in LEVELS},
        sites=sum(row["sites"] for row in every), articles=sum(row["articles"] for row in every),
        newest=max((row["newest"] for row in every if row["newest"]), default=None),
    )  # fmt: skip


def _knowledge(portals: Sequence[Portal]) -> Knowledge:
    known = ages(portals)
    return Knowledge(
        hosts=len(portals), first=known.oldest or None, last=known.newest or None, undated=known.undated,
        before=sum("" < portal.seen < DIVISION for portal in portals), since_2025=known.since_2025,
    )  # fmt: skip

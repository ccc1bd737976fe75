"""The directory of portals that comes with the product: hosts of local government, each seen somewhere, none guessed.

`spiders/portals.csv` holds it, a host a row; `README.md` beside this file says where its facts are from, and how old.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from crawler.units import NEW, OLD, Unit, table
from crawler.units.provinces import ProvinceQuery
from crawler.urls import plain_host

TABLE = Path(__file__).parents[1] / "portals.csv"
LEVELS = ("ward", "commune", "district", "province", "service")
SOURCES = ("register", "certificates", "menus", "pages")
COLUMNS = (
    "host", "slug", "level", "province", "owner", "old_code", "new_code", "seen", "since_2025", "source",
)  # fmt: skip
DIVISION = "2025-07-01"  # the day since which there are 34 provinces, and no districts


@dataclass(frozen=True, slots=True)
class Portal:
    """A host of local government, as it was seen.

    `host`: lower case, without `www.`; `slug`: of the site that it is registered as, no other portal has it; `level`:
    of LEVELS, by the kind of the unit where its code is known (a town is a ward), "service" for what a district runs
    for one purpose and is no portal; `province`: slug of the province before July 2025, of today's for a portal of a
    new unit, "" where not known; `owner`: as the state's register names it, "" where that does not; `old_code`,
    `new_code`: of the unit, and of the unit that the old one went into (no claim that the new one uses the host), None
    where not known, where there are several, and for districts and provinces; `seen`: ISO day of its certification,
    ""; `since_2025`: known to be a portal of a new unit; `source`: of SOURCES.
    """

    host: str
    slug: str
    level: str
    province: str
    owner: str
    old_code: str | None
    new_code: str | None
    seen: str
    since_2025: bool
    source: str

    @property
    def is_of_unit(self) -> bool:
        """Whether it is of a ward or commune, and not of a district or province."""
        return self.level in LEVELS[:2]

    @property
    def units(self) -> tuple[Unit | None, Unit | None]:
        """The units before and since July 2025."""
        return table().get(self.old_code, OLD), table().get(self.new_code, NEW)

    @property
    def is_state_domain(self) -> bool:
        """Whether the host is under gov.vn, where only the state registers names."""
        return self.host.endswith(".gov.vn")

    def is_in(self, query: ProvinceQuery) -> bool:
        """Tell whether it lies in a province, of before or since July 2025."""
        if query.includes(self.old_code, self.new_code):
            return True
        return not (self.old_code or self.new_code) and self.province in query.old


def level_of(unit: Unit) -> str:
    """Return the level of a unit's portal: a town's (thị trấn) is a ward's, an island's (đặc khu) a commune's."""
    return "ward" if unit.kind in ("phường", "thị trấn") else "commune"


class Directory:
    """The portals, by host."""

    def __init__(self, portals: list[Portal]):
        self._by_host = {portal.host: portal for portal in portals}

    def __iter__(self) -> Iterator[Portal]:
        return iter(self._by_host.values())

    def __len__(self) -> int:
        return len(self._by_host)

    def at(self, host: str) -> Portal | None:
        """Return the portal at a host, with or without `www.`."""
        return self._by_host.get(plain_host(host))

    @cached_property
    def by_unit(self) -> dict[tuple[str, str], list[Portal]]:
        """(vintage, code) → the portals of a unit."""
        found: dict[tuple[str, str], list[Portal]] = {}
        for portal in self:
            for vintage, code in ((OLD, portal.old_code), (NEW, portal.new_code)):
                if code and portal.is_of_unit:
                    found.setdefault((vintage, code), []).append(portal)
        return found

    def of_province(self, query: ProvinceQuery) -> list[Portal]:
        """Return the portals of a province, in their order."""
        return [portal for portal in self if portal.is_in(query)]


@cache
def directory() -> Directory:
    """Return the directory, read once."""
    return Directory(read(TABLE))


def read(path: Path) -> list[Portal]:
    """Return the rows of a table like `portals.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Portal(
                row["host"], row["slug"], row["level"], row["province"], row["owner"], row["old_code"] or None,
                row["new_code"] or None, row["seen"], row["since_2025"] == "yes", row["source"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip

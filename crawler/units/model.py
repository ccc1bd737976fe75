"""The table of administrative units: rows, mergers, and the index by name.

Files beside this one, made by `benchmarks/make_units.py`: `units_old.csv` (10,040 units as of 30 June 2025),
`units_new.csv` (3,321 as of 1 July 2025), `merges.csv` (old code, new code, `whole` or `part`). Codes were used again
in July 2025: a code means nothing without its vintage.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from crawler.units.keys import key

Vintage = Literal["old", "new"]
OLD: Final[Vintage] = "old"
NEW: Final[Vintage] = "new"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the lowest level, in lower-case kinds and the state's spelling.

    `code`: five digits; three, of the district, for the five islands that had no communes; `vintage`: "old" until 30
    June 2025, "new" since; `kind`: phường, xã, thị trấn, đặc khu, or huyện for those islands; `name`: without its
    kind, "4" for phường 4; `district` and `province` with theirs ("thành phố Thái Nguyên"); a new unit is in no
    district, "".
    """

    code: str
    vintage: Vintage
    kind: str
    name: str
    district: str
    province: str
    district_code: str = ""
    province_code: str = ""

    @property
    def full_name(self) -> str:
        """Kind, name, district and province: "phường Hương Sơn, thành phố Thái Nguyên, tỉnh Thái Nguyên"."""
        own = f"{self.kind} {self.name}"
        return ", ".join(part for part in (own, self.district if self.district != own else "", self.province) if part)

    @property
    def title(self) -> str:
        """Kind and name as they begin a line: "Phường Hương Sơn"."""
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.name}"

    @property
    def reference(self) -> str:
        """Code and vintage as `find` reads them: "old:05473"."""
        return f"{self.vintage}:{self.code}"

    @property
    def label(self) -> str:
        """The full name with the reference: "phường Gia Sàng, tỉnh Thái Nguyên (new:05467)"."""
        return f"{self.full_name} ({self.reference})"


class Units:
    """All units. Iterates over them, the new ones first, by code.

    `old` and `new`: code → unit.
    """

    def __init__(self, old: dict[str, Unit], new: dict[str, Unit], merges: list[tuple[str, str, str]]):
        self.old = old
        self.new = new
        self._merges = merges

    def __iter__(self) -> Iterator[Unit]:
        yield from self.new.values()
        yield from self.old.values()

    def __len__(self) -> int:
        return len(self.new) + len(self.old)

    def get(self, code: str | None, vintage: Vintage) -> Unit | None:
        """Return the unit with this code in this vintage, or None."""
        return (self.old if vintage == OLD else self.new).get(code or "")

    def successors(self, old_code: str) -> tuple[Unit, ...]:
        """Return the new units that an old one went into, by code; () for an unknown code."""
        return tuple(self.new[code] for code in self._after.get(old_code, ()))

    def predecessors(self, new_code: str) -> tuple[Unit, ...]:
        """Return the old units that went into a new one, in whole or in part, by code; () for an unknown code."""
        return tuple(self.old[code] for code in self._before.get(new_code, ()))

    def relatives(self, unit: Unit) -> tuple[Unit, ...]:
        """Return a unit, and those that it went into, or that went into it."""
        return (unit, *(self.successors if unit.vintage == OLD else self.predecessors)(unit.code))

    def went_whole(self, old_code: str, new_code: str) -> bool:
        """Tell whether all of an old unit went into a new one, and not only a part."""
        return (old_code, new_code) in self._whole

    @cached_property
    def by_name(self) -> dict[str, list[Unit]]:
        """Key of the bare name (see `key`) → units, the new ones first."""
        keys = {name: key(name) for name in {unit.name for unit in self}}
        found: dict[str, list[Unit]] = {}
        for unit in self:
            found.setdefault(keys[unit.name], []).append(unit)
        return found

    @cached_property
    def _whole(self) -> set[tuple[str, str]]:
        return {(old, new) for old, new, how in self._merges if how == "whole"}

    @cached_property
    def _after(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for old, new, _ in self._merges:
            found.setdefault(old, []).append(new)
        return found

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for old, new, _ in self._merges:
            found.setdefault(new, []).append(old)
        return found


@cache
def table() -> Units:
    """Return the table, read once."""
    old = {row[0]: Unit(row[0], OLD, row[1], row[2], row[3], row[5], row[4], row[6]) for row in _rows("units_old.csv")}
    new = {row[0]: Unit(row[0], NEW, row[1], row[2], "", row[3], "", row[4]) for row in _rows("units_new.csv")}
    return Units(old, new, [(row[0], row[1], row[2]) for row in _rows("merges.csv")])


def named(code: str | None, vintage: Vintage) -> str | None:
    """Return the full name of the unit with this code, or None where there is none."""
    unit = table().get(code, vintage)
    return unit.full_name if unit else None


def _rows(name: str) -> list[list[str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]

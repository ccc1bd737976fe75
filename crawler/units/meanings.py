"""What one name means: the old units and new units whose news are asked for."""

from dataclasses import dataclass
from difflib import get_close_matches

from crawler.errors import TinphuongError
from crawler.units.keys import bare, key
from crawler.units.lookup import find
from crawler.units.model import NEW, Unit, table

_MOST_SHOWN = 12


class UnitError(TinphuongError, ValueError):
    """A text names no unit, or more than one; the message says what to write."""


class UnknownUnit(UnitError):
    """No unit has this name or code; the message offers the nearest."""


class AmbiguousUnit(UnitError):
    """Several units have this name; `candidates` are they."""

    def __init__(self, text: str, candidates: list[Unit]):
        shown = [f"  {unit.reference}  {unit.full_name}" for unit in candidates[:_MOST_SHOWN]]
        if len(candidates) > _MOST_SHOWN:
            shown.append(f"  and {len(candidates) - _MOST_SHOWN} more")
        self.text = text
        self.candidates = candidates
        super().__init__(
            f"{text!r} is the name of {len(candidates)} units: add the district or province, or take a code "
            f"({self.example!r} or {candidates[-1].reference})\n" + "\n".join(shown)
        )

    @property
    def example(self) -> str:
        """The last candidate by name and place, as one would write it."""
        unit = self.candidates[-1]
        name = f"{unit.kind} {unit.name}" if unit.name.isdigit() else unit.name
        return f"{name}, {unit.district or unit.province}"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The units that a name may mean.

    `unit`: the one named, the widest where an old and a new one share the name; `old`, `new`: codes. For a new unit
    they are it and all old ones that went into it; for an old one, it and the new ones that it went into, but not
    the others that went there too.
    """

    unit: Unit
    old: frozenset[str]
    new: frozenset[str]

    def includes(self, unit_old: str | None, unit_new: str | None) -> bool:
        """Tell whether a site with these codes is meant.

        A site that has its old unit is judged by it when an old unit was asked for: its new unit holds others too.
        """
        if unit_old is not None and unit_old in self.old:
            return True
        return unit_new in self.new and (self.unit.vintage == NEW or unit_old is None)


def resolve(text: str) -> Meaning:
    """Return what a text means (see `find` for how it is read). Raises AmbiguousUnit or UnknownUnit."""
    candidates = widest(find(text))
    if not candidates:
        raise UnknownUnit(_unknown(text))
    if len(candidates) > 1:  # a full name is a new unit's own, although an old one elsewhere may be called so for short
        candidates = [unit for unit in candidates if key(unit.full_name) == key(text)] or candidates
    if len(candidates) > 1:
        raise AmbiguousUnit(text, candidates)
    return meaning_of(candidates[0])


def meaning_of(unit: Unit) -> Meaning:
    """Return what a unit means in a query."""
    units = table()
    if unit.vintage == NEW:
        before = units.predecessors(unit.code)
        return Meaning(unit, frozenset(old.code for old in before), frozenset({unit.code}))
    return Meaning(unit, frozenset({unit.code}), frozenset(new.code for new in units.successors(unit.code)))


def widest(candidates: list[Unit]) -> list[Unit]:
    """Drop every old unit that went into a new one which is a candidate as well."""
    new = {unit.code for unit in candidates if unit.vintage == NEW}
    units = table()
    return [
        unit
        for unit in candidates
        if unit.vintage == NEW or new.isdisjoint(after.code for after in units.successors(unit.code))
    ]


def _unknown(text: str) -> str:
    names, wanted = table().by_name, key(text.split(",")[0])
    areas = {area for unit in table() for area in (unit.district, unit.province)}
    if any(wanted in (key(area), key(bare(area))) for area in areas if area):
        return f"{text!r} is a district or province: name one of its wards or communes"
    near = [unit for name in get_close_matches(wanted, names, n=3, cutoff=0.75) for unit in names[name]]
    hint = "; ".join(unit.label for unit in near[:3])
    return f"no ward or commune is called {text!r}" + (f"; did you mean {hint}?" if hint else "")

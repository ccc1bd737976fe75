"""Which unit a name means on the pages of a site, at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from crawler.units.model import NEW, OLD, Unit, Vintage
from crawler.units.names_in_text import Name, NamesIn
from crawler.units.places import Place, places_in
from crawler.units.scope import Scope


@dataclass
class Context:
    """What is known of an article before its names are read. `vintage`: that of its day, None without one."""

    scope: Scope
    vintage: Vintage | None
    title: str
    lead: str

    @cached_property
    def places(self) -> list[Place]:
        """The districts and provinces that title and lead name with their kind."""
        return [place for text in (self.title, self.lead) for place in places_in(text, capitals=NamesIn(text).capitals)]

    def near(self, unit: Unit) -> bool:
        """Whether a unit is of the site's district."""
        return (unit.vintage, unit.code) in self.scope.units

    def meant(self, name: Name, kind: str, place: Place | None, age: Vintage | None) -> tuple[Unit | None, bool]:
        """Return the one unit that a name with its kind means, and whether that is sure; None where it is open.

        `place`: where it lies, as far as the text says so; `age`: the vintage, if the text says it.
        """
        same = [unit for unit in name.units if unit.kind == kind]
        if place is not None:
            held = [unit for unit in same or name.units if place.holds(unit)]
            return self.one(self._there(held) or held, age), bool(same)
        near = [unit for unit in name.units if self.near(unit)]
        if near:
            fitting = [unit for unit in near if unit.kind == kind] or ([] if name.is_number else near)
            unit = self.one(fitting, age)
            if unit is None or self._is_new_elsewhere(unit, same, age):
                return None, False
            return unit, unit.kind == kind and (bool(age or self.vintage) or self._is_told(unit, fitting))
        if self.scope.district and name.is_number:
            return None, False
        fitting = self._there(same)
        unit = self.one(fitting, age)
        sure = bool(age or self.vintage) or (unit is not None and self._is_told(unit, fitting))
        return unit, sure and not self.scope.district

    def one(self, units: list[Unit], age: Vintage | None = None) -> Unit | None:
        """Return the only unit of the vintage; of the other where there is none of it, unless `age` says which.

        Before July 2025 a new unit is meant only where the text says so. Of several, the one whose district or province
        is in title or lead.
        """
        vintage = age or self.vintage
        fitting = [unit for unit in units if unit.vintage == (vintage or OLD)]
        if not fitting and age is None and vintage != OLD:
            fitting = units
        if len(fitting) > 1:
            distinguishing = [place for place in self.places if 0 < sum(map(place.holds, fitting)) < len(fitting)]
            fitting = [unit for unit in fitting if any(place.holds(unit) for place in distinguishing)]
        return fitting[0] if len(fitting) == 1 else None

    def _there(self, units: Iterable[Unit]) -> list[Unit]:
        return [unit for unit in units if unit.province in self.scope.provinces]

    def _is_new_elsewhere(self, unit: Unit, same: list[Unit], age: Vintage | None) -> bool:
        """Whether an old unit of the district has given its name to a new one that lies elsewhere in the province."""
        if age or self.vintage != NEW or unit.vintage == NEW:
            return False
        return any(other.vintage == NEW and not self.near(other) for other in self._there(same))

    def _is_told(self, unit: Unit, candidates: list[Unit]) -> bool:
        """Without a date: whether the name has one vintage only, or quận, huyện or thị xã date it before."""
        if len({one.vintage for one in candidates}) == 1:
            return True
        return unit.vintage == OLD and any(place.is_gone for place in self.places)

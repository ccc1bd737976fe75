"""Which unit a claim means: by the places that the page names with it, the host, and how new its news are. Pure.

Names are never chosen among: where page and host leave several units, none is returned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from crawler.discovery.newest_news import REFORM
from crawler.discovery.page_owner import Claim, Owner
from crawler.discovery.refusals import Why
from crawler.units import NEW, OLD, Unit, table
from crawler.units.hosts.reading import HostReading
from crawler.units.keys import bare, key
from crawler.units.places import Place
from crawler.units.provinces import provinces, slug_of_province

_CITY = frozenset({"thanh pho", "tp"})
_DISTRICT = frozenset({"quan", "huyen", "thi xa", "q", "h", "tx"})


@dataclass(slots=True)
class Whose:
    """The unit that was found. `old`, `new`: None where not sure; `by_host`: only the host tells it from others;
    `area_named`: the page says where it lies; `why`: a word for what leaves it open."""

    old: Unit | None = None
    new: Unit | None = None
    by_host: bool = False
    area_named: bool = False
    evidence: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    why: str = ""

    @property
    def unit(self) -> Unit | None:
        """The one that was found, of before if both."""
        return self.old or self.new


def whose(claim: Claim, owner: Owner, reading: HostReading, newest: date | None) -> Whose:
    """Return the unit that a claim means."""
    found = Whose()
    if not claim.units:
        found.why = Why.UNKNOWN_UNIT
        found.against.append(f"no table has a unit “{claim.words}”")
        return found
    own, places = claim.places, [*claim.places, *owner.places]
    fitting = [unit for unit in claim.units if all(place.holds(unit) for place in own)]
    if own and not fitting:
        found.why = Why.UNKNOWN_UNIT
        said = ", ".join(place.name for place in own)
        found.against.append(f"no unit “{claim.words}” lies in the places named with it ({said})")
        return found
    supported = [unit for unit in fitting if any(_names_area(place, unit) for place in places)]
    found.area_named = bool(supported)
    if not supported:
        found.against.append("the page does not say in which district or province it lies")
        supported, found.by_host = [unit for unit in fitting if _host_holds(reading, unit)], True
        if not reading.districts:  # a unit that was gone before June 2025 may have had the name in the province
            supported = [unit for unit in supported if unit.vintage == NEW]
    old = [unit for unit in supported if unit.vintage == OLD]
    new = [unit for unit in supported if unit.vintage == NEW]
    of_district = (
        [unit for unit in old if any(_dates_it(place, unit) for place in own)]
        or [unit for unit in old if any(_dates_it(place, unit) for place in places)]
    )  # fmt: skip
    if newest is not None and newest < REFORM:
        _before(found, of_district or old, new, reading)
    elif newest is not None:
        _since(found, of_district, old, new, reading)
    else:
        _undated(found, of_district, old, new, reading)
    if found.unit is None and not found.why:
        found.why = Why.HOMONYM if supported else Why.AREA_NOT_NAMED
    if found.unit is None and found.why == Why.HOMONYM:
        found.against.append(f"“{claim.words}” may be {_list(supported)}")
    return found


def _before(found: Whose, old: list[Unit], new: list[Unit], reading: HostReading) -> None:
    """All news are from before July 2025: only a unit of that time can have written them."""
    found.old = _one(found, old, reading)
    if not old and new:
        found.why = Why.CONTRADICTS
        found.against.append(f"all its news are from before July 2025, but {new[0].label} exists only since then")


def _since(found: Whose, of_district: list[Unit], old: list[Unit], new: list[Unit], reading: HostReading) -> None:
    if of_district:
        found.old = _one(found, of_district, reading)
        if found.old is not None:
            after = table().successors(found.old.code)
            found.new = _successor(found.old)
            if strangers := [unit for unit in new if unit not in after]:
                found.against.append(f"{_list(strangers)} has the name too since July 2025")
                found.new, found.by_host = None, True
        return
    if len(new) == 1:
        before = set(table().predecessors(new[0].code))
        by_host = [unit for unit in old if reading.districts and unit.district_code in reading.districts]
        if by_host and not before.intersection(by_host):
            found.old, found.by_host = _one(found, by_host, reading), True
            found.new = _successor(found.old) if found.old else None
            return
        if strangers := [unit for unit in old if unit not in before]:
            found.against.append(f"{_list(strangers)} had the name too until June 2025")
            found.why = Why.HOMONYM
            return
        found.new = new[0]
        if len(by_host) == 1:
            found.old = by_host[0]
        return
    if not new:
        found.old = _one(found, old, reading)
        found.new = _successor(found.old) if found.old else None


def _undated(found: Whose, of_district: list[Unit], old: list[Unit], new: list[Unit], reading: HostReading) -> None:
    if of_district or not new:
        found.old = _one(found, of_district or old, reading)
    elif not old:
        found.new = _one(found, new, reading)
    elif reading.districts:
        found.old = _one(found, old, reading)
    else:
        found.against.append(f"without a date it may be {_list([*old, *new])}")


def _one(found: Whose, units: Sequence[Unit], reading: HostReading) -> Unit | None:
    """Return the only unit, or the only one that the host can mean; None where several are left."""
    if len(units) == 1:
        return units[0]
    named = [unit for unit in units if reading.bears_name_of(unit) and _host_holds(reading, unit)]
    if len(named) != 1 or not (reading.districts or reading.own):
        return None
    found.by_host = True
    found.against.append("only the host tells it from others of this name")
    return named[0]


def _successor(unit: Unit) -> Unit | None:
    """Return the new unit that an old one went into: the only one, or the one that kept the name."""
    after = table().successors(unit.code)
    same = [one for one in after if len(after) == 1 or key(one.name) == key(unit.name)]
    return same[0] if len(same) == 1 else None


def _names_district(place: Place, unit: Unit) -> bool:
    """Tell whether a place is the district of an old unit and nothing else."""
    if not unit.district or place.name != key(bare(unit.district)):
        return False
    if place.kind in _DISTRICT:
        return place.holds(unit)
    if place.kind in _CITY:
        return unit.district.startswith("thành phố")
    return not place.kind and place.name not in {key(bare(one.province)) for one in (unit, *_after(unit))}


def _dates_it(place: Place, unit: Unit) -> bool:
    """Tell whether a place that is named with an old unit was given up in July 2025: its district, or its province."""
    gone = place.name == key(bare(unit.province)) and slug_of_province(unit.province) not in provinces(NEW)
    return (gone and place.kind not in _DISTRICT) or _names_district(place, unit)


def _names_area(place: Place, unit: Unit) -> bool:
    """Tell whether a place is where a unit lies; an old one by the division of its own time, as others of its name may
    have lain in what its province is today."""
    if unit.vintage == NEW:
        return place.holds(unit)
    if place.name == key(bare(unit.province)):
        return place.kind not in _DISTRICT
    return _names_district(place, unit) or (not place.kind and place.name == key(bare(unit.district)))


def _after(unit: Unit) -> tuple[Unit, ...]:
    return table().successors(unit.code) if unit.vintage == OLD else ()


def _host_holds(reading: HostReading, unit: Unit) -> bool:
    """Tell whether the area that a host names, if it names any, is a unit's."""
    if unit.vintage == OLD:
        if reading.districts:
            return unit.district_code in reading.districts
        return reading.province == slug_of_province(unit.province)
    return bool(reading.province) and host_contradicts(reading, unit) == ""


def host_contradicts(reading: HostReading, unit: Unit) -> str:
    """Return what of a host speaks against a unit, as the end of a sentence about the host; "" if nothing does."""
    kin = table().relatives(unit)
    if reading.districts and not any(one.district_code in reading.districts for one in kin if one.vintage == OLD):
        return "names another district"
    if reading.province and not any(slug_of_province(one.province) == reading.province for one in kin):
        return "names another province"
    if reading.named and not any(map(reading.bears_name_of, kin)):
        return "bears the name of another unit"
    return ""


def host_names(reading: HostReading, unit: Unit) -> bool:
    """Tell whether a host's label is the name of a unit, or of one that it came from or went into."""
    return any(map(reading.bears_name_of, table().relatives(unit)))


def _list(units: Iterable[Unit]) -> str:
    return ", ".join(unit.label for unit in list(units)[:4])

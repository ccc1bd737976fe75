"""Whose a host is: what its labels, its ward's name and its pages say, weighed together; silence where they differ."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from crawler.units.hosts.labels import label
from crawler.units.hosts.owners import NamedUnit, first_words, named_places, named_units, place_of, where_named
from crawler.units.hosts.reading import HostReading, read_host
from crawler.units.keys import key
from crawler.units.model import NEW, OLD, Unit, table
from crawler.units.provinces import slug_of_province

_MOST_READ = 200_000  # characters of a page
_TITLE = 300  # characters in which a page must name its ward where nothing else does
_LONGEST_WARD = 500  # characters of a ward's name, or its owner's
_OWNER = 200  # characters of an owner's name at most; a page is longer
_RECENT = re.compile(
    r"(?<!\d)(?:\d{1,2}[/.-](?:0?[7-9]|1[0-2])[/.-]2025|\d{1,2}[/.-]\d{1,2}[/.-]20(?:2[6-9]|[3-9]\d))(?!\d)"
)
_FULL_FORMS = frozenset({"{ward}", "{kind}{ward}", "{k}{ward}"})
_DISTRICT, _PROVINCE, _NOTHING = 2, 1, 0


@dataclass(frozen=True, slots=True)
class Identity:
    """The unit that a host is of. `unit_old`, `unit_new`: codes before and since July 2025, None where not sure;
    `evidence`, `against`: sentences on what says so, and on what leaves it open."""

    unit_old: str | None = None
    unit_new: str | None = None
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Support:
    """What speaks for a unit: `rank` orders units (host's label, place, marks and kind); `place`: 2 by its district,
    1 by its province; `evidence`: sentences."""

    unit: Unit
    rank: tuple[int, ...]
    place: int
    evidence: tuple[str, ...]


def host_identity(ward: str, host: str, text: str) -> Identity:
    """Return the unit that a host is of, with the evidence.

    `ward`: its name, as the pages have it, or its owner, or "" ; `text`: the owner, or the text of the front page, or
    "". The name must be said in one of them. Host or texts must say where it lies, and neither may contradict the
    other. Where two units are supported as well as each other, neither is returned.
    """
    return _Weighing(ward, host, text[:_MOST_READ]).result()


def propose(ward: str, host: str, text: str) -> tuple[str | None, str | None]:
    """Return the codes (before, since July 2025) of the unit that a site is of; None for what is not sure.

    `ward`: its name as the pages have it, or its owner; `text`: of the front page. The name must be a unit's, and host
    or page must name a district or province of it: `trucbach.badinh.hanoi.gov.vn`, "Địa chỉ: phường Trúc Bạch, quận Ba
    Đình". Where two units are supported as well as each other, or host and page disagree, nothing is said.
    `host_identity` tells why.
    """
    found = host_identity(ward, host, text)
    return found.unit_old, found.unit_new


class _Weighing:
    def __init__(self, ward: str, host: str, text: str):
        self.host = host
        self.text = text
        self.reading: HostReading = read_host(host)
        self.against: list[str] = []
        ward = ward[:_LONGEST_WARD]
        self.from_ward = named_units(ward, bare_name=True)
        self.ward = ward
        self.is_of_district = False  # the owner is the unit's district

    @cached_property
    def _host_names(self) -> frozenset[Unit]:
        return frozenset(self.reading.units)

    @cached_property
    def is_recent(self) -> bool:
        """Whether the page has a date since July 2025."""
        return bool(_RECENT.search(self.text))

    @cached_property
    def from_text(self) -> list[NamedUnit]:
        """What the text names, as far as it can matter: the ward's name, else what the host's label can mean."""
        wanted: Iterable[Unit] = [unit for named in self.from_ward for unit in named.units] or self.reading.units
        only = first_words(iter(wanted)) if wanted else None
        return named_units(self.text, only=only, bare_name=len(self.text) <= _OWNER)

    def result(self) -> Identity:
        if not self.reading.ward and self.reading.province:
            return Identity(against=(f"{self.host} is the host of a province",))
        supports = list(self._supports())
        old = _best([one for one in supports if one.unit.vintage == OLD])
        new = _best([one for one in supports if one.unit.vintage == NEW])
        chosen = self._chosen(old, new)
        if not chosen:
            return Identity(against=tuple(dict.fromkeys(self.against)))
        unit_old, unit_new = chosen
        named = [one for one in (*old, *new) if one.unit in chosen]
        evidence = dict.fromkeys(sentence for one in named for sentence in one.evidence)
        return Identity(
            unit_old.code if unit_old else None,
            unit_new.code if unit_new else None,
            tuple(evidence),
            tuple(dict.fromkeys(self.against)),
        )

    def _chosen(self, old: list[_Support], new: list[_Support]) -> tuple[Unit | None, Unit | None] | None:
        units = table()
        since = new[0].unit if len(new) == 1 else None
        if len(new) > 1:
            self.against.append(_several(new))
        if len(old) == 1:
            before = old[0].unit
            after = units.successors(before.code)
            if since and since not in after and old[0].place < _DISTRICT:
                return self._either(old, since)
            if since and since in after and self._says_new(before, since) and old[0].place < _DISTRICT:
                return None, since
            same = [unit for unit in after if len(after) == 1 or key(unit.name) == key(before.name)]
            return before, same[0] if len(same) == 1 else None
        if old and since:
            if all(since in units.successors(one.unit.code) for one in old):
                return None, since
            return self._either(old, since)
        if old:
            self.against.append(_several(old))
            return None
        return (None, since) if since else None

    def _either(self, old: list[_Support], since: Unit) -> tuple[Unit | None, Unit | None] | None:
        """An old unit and a new one that has nothing to do with it have the name: dates on the page may decide."""
        kinds = {named.kind for named in self._naming(since)} - {""}
        if self.is_recent or (kinds == {since.kind} and since.kind not in {one.unit.kind for one in old}):
            return None, since
        if len(old) == 1 and kinds == {old[0].unit.kind} and since.kind not in kinds:
            return old[0].unit, _only(table().successors(old[0].unit.code))
        self.against.append(f"{since.label} and {_list(old)} have the name: it may be either")
        return None

    def _says_new(self, before: Unit, since: Unit) -> bool:
        """Whether the texts call a unit by the kind that it only has since July 2025."""
        kinds = {named.kind for named in self._naming(since)} - {""}
        return before.kind != since.kind and kinds == {since.kind}

    def _naming(self, unit: Unit) -> list[NamedUnit]:
        return [named for named in (*self.from_ward, *self.from_text) if unit in named.units]

    def _supports(self) -> Iterator[_Support]:
        named = self._candidates()
        for unit in named:
            support = self._support(unit)
            if support is not None:
                yield support

    def _candidates(self) -> list[Unit]:
        """The units that may be meant: those that the ward's name can mean, else those that host and text both name;
        where the host's label says nothing, the one name in the page's title."""
        if self.from_ward:
            named = self.from_ward
        elif self._is_of_a_district():
            self.against.append(f"{self.host} is named after a district, and its page names that")
            return []
        elif self.reading.named:
            title = named_units(self.text[:_TITLE])
            title = [one for one in title if one.is_office] or title
            both = [one for one in title if not self._host_names.isdisjoint(one.units)]
            if title and not both:
                self.against.append(f"the page names {title[0].said}, and the host's label is another name")
                return []
            named = both[:1] or self.from_text
        else:
            named = named_units(self.text[:_TITLE], bare_name=len(self.text) <= _OWNER)
            if len({key(unit.name) for one in named for unit in one.units}) > 1:
                self.against.append("the page names several wards, and nothing else says which one's it is")
                return []
        if not named and (alone := self._owned_by_district()):
            return [alone]
        if not named:
            self.against.append("no text names a ward or commune")
        return list(dict.fromkeys(unit for one in named for unit in one.units))

    def _is_of_a_district(self) -> bool:
        """Whether the host's only label is a district's name, and the ward's name or the page's title is that too,
        before it names the ward of that name."""
        if not self.reading.own or self.reading.districts:
            return False
        for said in (self.ward, self.text[:_TITLE]):
            at = where_named(said, self.reading.ward.replace("-", ""))
            first = (one.start for one in named_units(said) if not self._host_names.isdisjoint(one.units))
            if at is not None and at < next(first, len(said)):
                return True
        return False

    def _owned_by_district(self) -> Unit | None:
        """The one unit that the host's label names in the district that it belongs to, where the owner is that
        district."""
        owners = [owner for owner in (self.ward, self.text) if owner]
        if max(map(len, owners), default=0) > _OWNER or not self.reading.districts or len(self.reading.units) != 1:
            return None
        unit = self.reading.units[0]
        known = [place_of(unit, place) for owner in owners for place in named_places(owner)]
        full = self.reading.named[unit.vintage, unit.code] in _FULL_FORMS
        self.is_of_district = full and "district" in known and None not in known
        return unit if self.is_of_district else None

    def _support(self, unit: Unit) -> _Support | None:
        """What speaks for a unit; None where something speaks against it, or too little for it."""
        form = self.reading.named.get((unit.vintage, unit.code), "")
        if not form and not self._may_lack(unit):
            if label(unit.name) not in self.reading.ward:  # else it is one of that name elsewhere
                self.against.append(f"the host's label {self.reading.ward} is not that of {unit.name}")
            return None
        naming = [one for one in self._naming(unit) if self._is_named(one, form)]
        if not naming and not self.is_of_district:
            self.against.append(f"a longer name than {unit.name} is meant")
            return None
        by_host = self._host_place(unit)
        by_text = self._text_place(unit, naming)
        if by_host is None or by_text is None:
            return None
        place = max(by_host, by_text)
        if unit.vintage == NEW and any(one.kind not in ("", unit.kind) for one in naming):
            return None
        if place == _NOTHING:
            self.against.append(f"neither host nor page says where {unit.name} lies")
            return None
        kind = int(self.is_of_district or any(one.kind in ("", unit.kind) for one in naming))
        if not kind and self.reading.by_former_name:
            self.against.append(f"{unit.label} was of another kind when the host's district had that name")
            return None
        rank = (int(bool(form)), place, kind)
        evidence = [f"“{one.said}” is named" for one in naming[:1]] or ["the owner is its district"]
        evidence += [f"the host's label {self.reading.ward} is its name"] if form else []
        words = {_DISTRICT: "its district", _PROVINCE: "its province"}
        evidence += [f"the host names {words[by_host]}"] if by_host else []
        evidence += [f"the page names {words[by_text]}"] if by_text else []
        return _Support(unit, rank, place, tuple(evidence))

    def _may_lack(self, unit: Unit) -> bool:
        """Whether the host may be a unit's although its label is not the unit's name: it is the district's, or says
        nothing."""
        reading = self.reading
        if not reading.ward:
            return True
        if reading.own and not reading.districts:
            new_one = any(vintage == NEW for vintage, _ in reading.named)  # it may have the host of its district now
            if unit.vintage == OLD:
                return unit.district_code in reading.own and not (new_one and self.is_recent)
            return any(before.district_code in reading.own for before in table().predecessors(unit.code))
        return not (reading.named or reading.districts or reading.province)

    def _is_named(self, named: NamedUnit, form: str) -> bool:
        """Whether a name is whole, or the host's label shows where it ends."""
        if form == "thitran" and named.kind != "thị trấn":
            return False
        if named.is_misspelt:
            return form in _FULL_FORMS and len(self.reading.named) == 1 and bool(self.reading.districts)
        return named.is_whole or (form in _FULL_FORMS and not named.is_numbered)

    def _host_place(self, unit: Unit) -> int | None:
        """What the host says of where a unit lies; None where it contradicts."""
        reading = self.reading
        if unit.vintage == NEW:
            if reading.districts or reading.is_former:
                return None
            if not reading.province:
                return _NOTHING
            return _PROVINCE if slug_of_province(unit.province) == reading.province else None
        if reading.districts:
            if unit.district_code in reading.districts:
                return _DISTRICT if len(reading.districts) == 1 or reading.province else _PROVINCE
            self.against.append(f"the host names another district than that of {unit.label}")
            return None
        if unit.district_code in reading.own and (OLD, unit.code) not in reading.named:
            return _DISTRICT
        if unit.district_code in reading.instead:
            return _PROVINCE
        if not reading.province:
            return _NOTHING
        if slug_of_province(unit.province) == reading.province:
            return _PROVINCE
        later = {slug_of_province(after.province) for after in table().successors(unit.code)}
        return _NOTHING if reading.province in later else None

    def _text_place(self, unit: Unit, naming: list[NamedUnit]) -> int | None:
        """What the texts say of where a unit lies; None where they contradict."""
        found: list[int | None] = []
        for one in naming:
            if not one.places:
                continue
            known = [place_of(unit, place) for place in one.places]
            if None in known:
                found.append(None)
            else:
                found.append(_DISTRICT if "district" in known else _PROVINCE if "province" in known else _NOTHING)
        supporting = [place for place in found if place is not None]
        if found and not supporting:
            self.against.append(f"the page names other places than those of {unit.label}")
            return None
        return max(supporting, default=_NOTHING)


def _best(supports: list[_Support]) -> list[_Support]:
    most = max((one.rank for one in supports), default=())
    return [one for one in supports if one.rank == most]


def _only(units: tuple[Unit, ...]) -> Unit | None:
    return units[0] if len(units) == 1 else None


def _several(supports: list[_Support]) -> str:
    return f"{_list(supports)} are supported as well as each other"


def _list(supports: list[_Support]) -> str:
    return ", ".join(one.unit.label for one in supports[:4])

"""What a host says of whose it is: its labels read as province, districts and ward. Pure functions."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache

from crawler.text import fold
from crawler.units.hosts.labels import district_labels, tone, unit_labels
from crawler.units.keys import bare, key
from crawler.units.model import NEW, OLD, Unit, table
from crawler.units.provinces import labels_of_provinces, parse_province, provinces, slug_of_province

_ENDINGS = frozenset({"vn", "gov", "org", "com", "net", "edu", "www", "info", "portal", "cong"})
_KINDS = (("phuong", "phường"), ("xa", "xã"), ("thitran", "thị trấn"), ("dackhu", "đặc khu"))
_SHORT_KINDS = (("tt", "thị trấn"), ("p", "phường"), ("f", "phường"), ("x", "xã"))
_OFFICES = ("ubnd", "hdnd")
_NUMBER = re.compile(r"0+(?=\d)")
_NUMBERED = re.compile(r"(\D+)(\d{1,2})")
_LONGEST_TAIL = 2  # letters that part homonyms, which nothing explains
_LONGEST_INITIALS = 5


@dataclass(frozen=True, slots=True)
class HostReading:
    """What the labels of a host can mean.

    `ward`: the label that names the ward, or the district of a district's host; "" where there is none. `named`:
    (vintage, code) → form, of each unit that it can mean in the area that the other labels name; `districts`: codes of
    the districts of before July 2025 that another label, or a part of this one, can mean; `own`: codes of those that
    `ward` itself can mean; `province`: slug, of before or since; `is_former`: by a label that was given up in 2025;
    `by_former_name`: the districts are named by one that went into them; `instead`: codes of districts in other
    provinces that the label of the province can mean instead: vanninh.quangninh.gov.vn.
    """

    ward: str = ""
    named: dict[tuple[str, str], str] = field(default_factory=dict)
    districts: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    province: str = ""
    is_former: bool = False
    by_former_name: bool = False
    instead: frozenset[str] = frozenset()

    @property
    def units(self) -> list[Unit]:
        """The units that the ward's label can mean."""
        return [_unit(reference) for reference in self.named]

    def bears_name_of(self, unit: Unit) -> bool:
        """Tell whether the ward's label can mean a unit."""
        return (unit.vintage, unit.code) in self.named


def labels_of(host: str) -> list[str]:
    """Return the labels of a host that may name something: lower case, hyphens kept, letters of an IDN unmarked."""
    found = []
    for raw in host.partition(":")[0].lower().split("."):
        written = raw
        if raw.startswith("xn--"):
            with suppress(UnicodeError):
                written = raw.encode("ascii").decode("idna")
        plain = re.sub(r"[^a-z0-9-]", "", fold(written)).strip("-")
        if plain and plain not in _ENDINGS:
            found.append(plain)
    return found


@lru_cache(maxsize=4096)
def read_host(host: str) -> HostReading:
    """Read a host's labels from the right: province, districts, ward. An IP address says nothing."""
    labels = labels_of(host)
    if not labels or all(part.isdigit() for part in labels):
        return HostReading()
    province, written = "", labels[-1].replace("-", "")
    if found := labels_of_provinces().get(written):
        province = found
        labels.pop()
    elif len(labels) > 1 and (alone := {_province_of(code) for code in _districts(written, "")}) and len(alone) == 1:
        province = alone.pop()
    if not labels:
        return HostReading(province=province)
    districts = frozenset(code for part in labels[1:] for code in _districts(part.replace("-", ""), province))
    own = _districts(labels[0].replace("-", ""), province)
    instead = _districts(written, "") if province and len(labels) == 1 and found else frozenset()
    instead = frozenset(code for code in instead if _province_of(code) != province)
    named, inside = _units(labels[0], districts, province, instead)
    is_former = bool(province) and written != province and labels_of_provinces().get(written) == province
    by_former_name = bool(districts or inside) and not any(
        written.replace("-", "").endswith(name) for written in labels for name in _present_names(districts or inside)
    )
    return HostReading(labels[0], named, districts or inside, own, province, is_former, by_former_name, instead)


def _units(
    ward: str, districts: frozenset[str], province: str, instead: frozenset[str]
) -> tuple[dict[tuple[str, str], str], frozenset[str]]:
    """The units that a label can mean, by the first kind of reading that gives any; and the districts inside it."""
    plain = ward.replace("-", "")
    area = _Area(districts, province, instead)
    found, glued = dict(_exact(plain, area)), []
    if all(vintage == NEW for vintage, _ in found):
        glued = _glued(ward, area)
    if found:  # "Đinh Văn - Lâm Hà" has the label of Đinh Văn in Lâm Hà
        return found | {reference: form for form, reference, _ in glued}, frozenset()
    if glued:
        return {reference: form for form, reference, _ in glued}, frozenset(code for _, _, code in glued)
    return dict(_toned(plain, area)) or dict(_tailed(plain, area)) or dict(_short(plain, area)), frozenset()


class _Area:
    """The area that the other labels of a host leave: `holds` tells whether a unit lies there."""

    def __init__(self, districts: frozenset[str], province: str, instead: frozenset[str] = frozenset()):
        self.districts = districts
        self.instead = instead
        self.province = province

    def holds(self, unit: Unit) -> bool:
        if self.districts:
            return unit.district_code in self.districts
        return not self.province or self.province in _provinces_of(unit) or unit.district_code in self.instead

    def units(self, name: str) -> list[Unit]:
        """The units with this name in the area; those that were there before it became part of another come last."""
        found = [unit for unit in by_label().get(name, ()) if self.holds(unit)]
        return sorted(found, key=lambda unit: slug_of_province(unit.province) != self.province)


def _exact(plain: str, area: _Area) -> Iterator[tuple[tuple[str, str], str]]:
    for rest in _without_office(plain):
        for unit in area.units(rest):
            if not rest.isdigit():
                yield (unit.vintage, unit.code), "{ward}"
        for written, kind in (*_KINDS, *_SHORT_KINDS):
            if not rest.startswith(written):
                continue
            name = _NUMBER.sub("", rest.removeprefix(written))
            for unit in area.units(name):
                if len(written) > _LONGEST_TAIL or unit.kind == kind:
                    yield (unit.vintage, unit.code), "{kind}{ward}" if len(written) > _LONGEST_TAIL else "{k}{ward}"


def _without_office(plain: str) -> Iterator[str]:
    yield plain
    for office in _OFFICES:
        if plain.startswith(office) and plain != office:
            yield plain.removeprefix(office)


def _glued(ward: str, area: _Area) -> list[tuple[str, tuple[str, str], str]]:
    """(form, unit, its district) of labels that end with the district: canhuu-quocoai, phuong6tanbinh."""
    plain, _, behind = ward.rpartition("-")
    found = []
    for code, written in _labels_of_districts(area.province):
        if plain and behind.replace("-", "") == written:
            head, form = plain.replace("-", ""), "{ward}-{district}"
        elif ward.endswith(written) and ward != written:
            head, form = ward.removesuffix(written).replace("-", ""), "{ward}{district}"
        else:
            continue
        if area.districts and code not in area.districts:
            continue
        found += [(form, reference, code) for reference, _ in _exact(head, _Area(frozenset({code}), area.province))]
    return found


def _toned(plain: str, area: _Area) -> Iterator[tuple[tuple[str, str], str]]:
    """Labels that end with the letter of a tone: hoangquyf."""
    for reference, _ in _exact(plain[:-1], area) if plain[-1] in "sfrxj" else ():
        if tone(_unit(reference).name) == plain[-1]:
            yield reference, "{ward}{tone}"


def _tailed(plain: str, area: _Area) -> Iterator[tuple[tuple[str, str], str]]:
    """Labels with something behind the name that parts homonyms: phuthanh1, huongxuannd (Nam Đông)."""
    if numbered := _NUMBERED.fullmatch(plain):
        found = dict(_exact(numbered[1], area))
        if len([code for vintage, code in found if vintage == OLD]) > 1:
            yield from ((reference, "{ward}{number}") for reference in found)
        return
    for length in range(2, _LONGEST_INITIALS):
        found = dict(_exact(plain[:-length], area)) if length < len(plain) else {}
        tail = plain[-length:]
        explained = {reference for reference in found if tail in _initials_of(_unit(reference))}
        if not explained and length == _LONGEST_TAIL and len([code for vintage, code in found if vintage == OLD]) > 1:
            explained = set(found)
        if explained:
            yield from ((reference, "{ward}{tail}") for reference in explained)
            return


def _short(plain: str, area: _Area) -> Iterator[tuple[tuple[str, str], str]]:
    """Labels without a name: `thitran`, and the initials of one."""
    for code in area.districts:
        for unit in _by_district()[code]:
            labels = unit_labels(unit)
            for form in ("thitran", "{initials}"):
                if labels.get(form) == plain:
                    yield (unit.vintage, unit.code), form


def _initials_of(unit: Unit) -> set[str]:
    """The initials of the districts that a unit lay in, former ones too."""
    if not unit.district:
        return set()
    names = {key(bare(unit.district))} | _former_names(unit.district, unit.province)
    return {"".join(word[0] for word in name.split()) for name in names}


@cache
def _former_names(district: str, province: str) -> frozenset[str]:
    """Names of districts that went into this one, by words where a unit or district elsewhere is called so."""
    gone = {text for form, text in district_labels(district, province).items() if form.startswith("{former")}
    return frozenset(key(unit.name) for text in gone for unit in by_label().get(text, ()))


@cache
def by_label() -> dict[str, list[Unit]]:
    """Return label of a name → units of both vintages."""
    found: dict[str, list[Unit]] = {}
    for name, units in table().by_name.items():
        found.setdefault(name.replace(" ", ""), []).extend(units)
    return found


def _unit(reference: tuple[str, str]) -> Unit:
    vintage, code = reference
    return (table().old if vintage == OLD else table().new)[code]


@lru_cache(maxsize=16_384)
def _provinces_of(unit: Unit) -> frozenset[str]:
    """Slugs of the provinces that a unit lies in, and of those it came to lie in."""
    after = table().successors(unit.code) if unit.vintage == OLD else ()
    return frozenset(slug_of_province(one.province) for one in (unit, *after))


@cache
def _by_district() -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in table().old.values():
        found.setdefault(unit.district_code, []).append(unit)
    return found


@cache
def _province_of(district_code: str) -> str:
    return slug_of_province(_by_district()[district_code][0].province)


@cache
def _district_index() -> dict[str, list[str]]:
    """Label → codes of the districts that it can mean."""
    found: dict[str, list[str]] = {}
    for code, units in _by_district().items():
        for written in set(district_labels(units[0].district, units[0].province).values()):
            found.setdefault(written, []).append(code)
    return found


@lru_cache(maxsize=4096)
def _present_names(codes: frozenset[str]) -> frozenset[str]:
    """The labels of districts that are no former district's."""
    units = [_by_district()[code][0] for code in codes]
    return frozenset(
        written
        for unit in units
        for form, written in district_labels(unit.district, unit.province).items()
        if "former" not in form
    )


def _districts(written: str, province: str) -> frozenset[str]:
    """Codes of the districts that a label can mean: of the province, else of those that became part of it."""
    codes = _district_index().get(_NUMBER.sub("", written), ())
    if not province:
        return frozenset(codes)
    within = frozenset(code for code in codes if _province_of(code) == province)
    if within or province not in provinces(NEW):
        return within
    before = parse_province(f"new:{province}").old
    return frozenset(code for code in codes if _province_of(code) in before)


@cache
def _labels_of_districts(province: str) -> tuple[tuple[str, str], ...]:
    """(code, label) of every district of a province, of all where it is ""; the longest labels first."""
    found = [
        (code, written)
        for written, codes in _district_index().items()
        for code in codes
        if not province or _province_of(code) == province
    ]
    return tuple(sorted(found, key=lambda pair: (-len(pair[1]), pair)))

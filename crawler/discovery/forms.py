"""How hosts are formed: as a province's own hosts show it, else by the four forms that fit most provinces. Pure.

A form is a host with placeholders, `{ward}.{district}.{province}.gov.vn`. `{ward}` is the unit's name without spaces
and marks, with its kind before it where it is a number (`phuong1`); `{kind}` is phuong, xa, thitran or dackhu; `{k}` p,
x, tt or dk; `{tone}` the letter that types the name's last tone; `{initials}` the first letters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from crawler.units import Unit, table
from crawler.units.hosts.labels import district_labels, label, tone, unit_labels
from crawler.units.keys import bare
from crawler.units.provinces import labels_of_provinces, slug_of_province
from spiders.portals import Portal

GENERAL = {
    "{ward}.{district}.{province}.gov.vn": 0.55,
    "{ward}.{province}.gov.vn": 0.20,
    "{kind}{ward}.{district}.{province}.gov.vn": 0.15,
    "{kind}{ward}.{province}.gov.vn": 0.10,
}
"""The four forms of a province that shows none, each with the share of hosts that it is believed to make."""

# What hosts call a district, and how likely that is: most by its bare name, the city of the province's name less so.
_PLACES = {"{district}": 0.90, "{former district}": 0.06}
_PLACES_OF_TOWNS = {
    "{district}": 0.80,
    "{short kind}{district}": 0.12,
    "{kind}{district}": 0.04,
    "{former district}": 0.06,
}
_PLACES_OF_OWN_CITY = {"{district}": 0.3, "{short kind}{district}": 0.4, "thanhpho": 0.2, "{former district}": 0.06}
_PLACES_OF_NUMBERS = {"{kind}{district}": 0.9}

# What the hosts of towns, and of units that share a label, have in place of `{ward}`, and how likely that is at least.
_OF_TOWNS = {"{kind}{ward}": 0.08, "{kind}": 0.06, "{k}{ward}": 0.04}
_OF_NAMESAKES = {"{kind}{ward}": 0.10, "{ward}{tone}": 0.10, "{k}{ward}": 0.04}

_WARDS = ("{ward}", "{kind}{ward}", "{kind}", "{k}{ward}", "{ward}{tone}", "{initials}")
_PLACE, _AREA = r"(?P<place>[a-z0-9-]{2,40})", r"(?P<area>[a-z-]+)"
_RESTS = (  # what follows the ward's part, in the order in which it is tried
    re.compile(rf"\.{_PLACE}\.{_AREA}\.gov\.vn"),
    re.compile(rf"\.{_AREA}\.gov\.vn"),
    re.compile(rf"\.{_PLACE}\.gov\.vn"),
    re.compile(rf"-{_PLACE}\.{_AREA}\.gov\.vn"),
    re.compile(rf"{_PLACE}\.{_AREA}\.gov\.vn"),
    re.compile(rf"\.{_AREA}\.vn"),
)
_DISTRICT_HOST = re.compile(r"(?:tp|tx|thixa|thanhpho|huyen|quan)?(?P<name>.+?)(?:city)?")

# How much what the wider area shows weighs, in hosts of the narrower one.
_TRUST_IN_GENERAL, _TRUST_IN_PROVINCE, _TRUST_IN_GROUP = 3.0, 2.0, 1.0


@lru_cache(maxsize=16_384)
def parts_of(unit: Unit) -> dict[str, str]:
    """Return placeholder → what stands for it, of a unit by itself; "" where it has no such part."""
    labels, name = unit_labels(unit), label(unit.name)
    return {
        "ward": labels.get("{ward}", labels["{kind}{ward}"]), "kind": labels["{kind}{ward}"].removesuffix(name),
        "k": labels["{k}{ward}"].removesuffix(name), "tone": tone(unit.name), "initials": labels.get("{initials}", ""),
    }  # fmt: skip


def filled(form: str, unit: Unit, district: str = "", province: str = "") -> str:
    """Return the host that a form makes of a unit; "" where the unit lacks a part of it."""
    parts = parts_of(unit)
    if "{tone}" in form and not parts["tone"]:
        return ""
    if "{initials}" in form and len(parts["initials"]) < 3:
        return ""
    if "{kind}{ward}" in form and parts["ward"].startswith(parts["kind"]) and unit.name.isdigit():
        return ""  # `{ward}` has the kind already
    return form.format_map({**parts, "district": district, "province": province})


@dataclass
class Learnt:
    """What known portals show, as counts.

    `by_province`: slug → forms; `by_group`: (slug, group of units) → forms; `by_district`: code → forms; `places`: code
    of a district → what hosts call it; `areas`: slug → what hosts call the province; `district_hosts`: slug and first
    label of the portals of districts, those of before 2025 among them.
    """

    by_province: dict[str, Counter[str]] = field(default_factory=dict)
    by_group: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    by_district: dict[str, Counter[str]] = field(default_factory=dict)
    places: dict[str, Counter[str]] = field(default_factory=dict)
    areas: dict[str, Counter[str]] = field(default_factory=dict)
    district_hosts: set[tuple[str, str]] = field(default_factory=set)

    def area(self, province: str) -> str:
        """Return what hosts call a province, by its slug."""
        return self.areas[province].most_common(1)[0][0] if province in self.areas else province


def group_of(unit: Unit) -> str:
    """Return what decides how hosts of units in one province differ."""
    return "town" if unit.kind == "thị trấn" else "number" if unit.name.isdigit() else "other"


def learn(portals: Iterable[Portal]) -> Learnt:
    """Return what portals show of how hosts are formed."""
    learnt = Learnt()
    portals = list(portals)
    for portal in portals:
        area = portal.host.removesuffix(".gov.vn").rpartition(".")[2]
        if portal.host.endswith(".gov.vn") and labels_of_provinces().get(area.replace("-", "")) == portal.province:
            learnt.areas.setdefault(portal.province, Counter())[area] += 1
    for portal in portals:
        if portal.level == "district":
            _learn_district(portal, learnt)
    for portal in portals:
        unit = portal.units[0]
        if portal.is_of_unit and unit and (found := form_of(portal.host, unit, learnt)):
            form, place = found
            slug, code = slug_of_province(unit.province), unit.district_code
            learnt.by_province.setdefault(slug, Counter())[form] += 1
            learnt.by_group.setdefault((slug, group_of(unit)), Counter())[form] += 1
            learnt.by_district.setdefault(code, Counter())[form] += 1
            if place:
                learnt.places.setdefault(code, Counter())[place] += 1
    return learnt


def form_of(host: str, unit: Unit, learnt: Learnt) -> tuple[str, str] | None:
    """Return the form that makes a host of a unit, and what it calls the district, "" where the form has none.

    None where no form makes it, or one that says nothing of where the unit is (`{ward}.gov.vn`).
    """
    province = slug_of_province(unit.province)
    for ward in _WARDS:
        start = filled(ward, unit)
        if not start or not host.startswith(start):
            continue
        rest = host[len(start) :]
        for pattern in _RESTS:
            said = pattern.fullmatch(rest)
            if said is not None and (place := _place_in(said, rest, province, unit, learnt)) is not None:
                form = rest.replace(place, "{district}", 1) if place else rest
                area = f".{learnt.area(province)}.gov.vn"
                return ward + (form.removesuffix(area) + ".{province}.gov.vn" if form.endswith(area) else form), place
    return None


def _place_in(said: re.Match[str], rest: str, province: str, unit: Unit, learnt: Learnt) -> str | None:
    """Return what a host calls the district, "" where it has none; None where the pattern does not mean this host."""
    parts = said.groupdict()
    if "area" in parts and labels_of_provinces().get(parts["area"].replace("-", "")) != province:
        return None
    place = str(parts.get("place", ""))
    if place and "area" not in parts and labels_of_provinces().get(place.replace("-", "")):
        return None
    is_glued = bool(place) and not rest.startswith((".", "-"))
    if is_glued and place != label(bare(unit.district)) and (province, place) not in learnt.district_hosts:
        return None
    return place


def _learn_district(portal: Portal, learnt: Learnt) -> None:
    """Take what a district's own portal is called for what the hosts of its wards call the district."""
    name, _, rest = portal.host.partition(".")
    learnt.district_hosts.add((portal.province, name))
    code = district_of(portal)
    if code and (rest != "gov.vn" or name.endswith("city")):
        learnt.places.setdefault(code, Counter())[name] += 1


def district_of(portal: Portal) -> str | None:
    """Return the code of the district whose portal this is, None where its host does not tell."""
    name = portal.host.partition(".")[0]
    code = _districts().get((portal.province, name))
    if code is None and (said := _DISTRICT_HOST.fullmatch(name)):
        code = _districts().get((portal.province, said["name"]))
    return code


@cache
def _districts() -> dict[tuple[str, str], str]:
    """(slug of the province, label of the district) → its code; without those that share it."""
    found: dict[tuple[str, str], str] = {}
    twice = set()
    for unit in table().old.values():
        at = slug_of_province(unit.province), label(bare(unit.district))
        if found.setdefault(at, unit.district_code) != unit.district_code:
            twice.add(at)
    return {at: code for at, code in found.items() if at not in twice}


def places_of(unit: Unit, learnt: Learnt) -> dict[str, float]:
    """Return what hosts may call the district of an old unit → how likely that is."""
    labels = district_labels(unit.district, unit.province)
    name = label(bare(unit.district))
    chances = _PLACES
    if name.isdigit():
        chances = _PLACES_OF_NUMBERS
    elif name == label(bare(unit.province)):
        chances = _PLACES_OF_OWN_CITY
    elif unit.district.startswith(("thành phố", "thị xã")):
        chances = _PLACES_OF_TOWNS
    prior: dict[str, float] = {}
    for form, chance in chances.items():
        if form in labels:
            prior[labels[form]] = max(chance, prior.get(labels[form], 0.0))
    seen = learnt.places.get(unit.district_code, Counter())
    total = sum(seen.values()) + 1.0
    return {place: (seen[place] + prior.get(place, 0.0)) / total for place in {**prior, **seen}}


def forms_of(unit: Unit, learnt: Learnt) -> dict[str, float]:
    """Return the forms that an old unit's host may have → how likely each is, from what is known of its area."""
    slug = slug_of_province(unit.province)
    shares: dict[str, float] = dict(GENERAL)
    for seen, trust in (
        (learnt.by_province.get(slug), _TRUST_IN_GENERAL),
        (learnt.by_group.get((slug, group_of(unit))), _TRUST_IN_PROVINCE),
        (learnt.by_district.get(unit.district_code), _TRUST_IN_GROUP),
    ):
        if seen:
            total = sum(seen.values()) + trust
            shares = {form: (seen[form] + trust * shares.get(form, 0.0)) / total for form in {**shares, **seen}}
    likeliest = max(shares, key=lambda form: shares[form] if form.startswith("{ward}.") else 0.0)
    for ward, least in (_OF_TOWNS if group_of(unit) == "town" else _OF_NAMESAKES if is_namesake(unit) else {}).items():
        form = likeliest.replace("{ward}", ward, 1)
        if ward != "{kind}" or "{district}" in form:  # a district has one town, a province many
            shares[form] = max(shares.get(form, 0.0), least)
    return shares


def is_namesake(unit: Unit) -> bool:
    """Tell whether another old unit of the district has the same label."""
    return _labels_of_districts()[unit.district_code, label(unit.name)] > 1


@cache
def _labels_of_districts() -> Counter[tuple[str, str]]:
    return Counter((unit.district_code, label(unit.name)) for unit in table().old.values())


def names_of(unit: Unit, learnt: Learnt) -> Iterator[tuple[str, str, float]]:
    """Yield host, form and likelihood of all names that an old unit may have, in no order."""
    area = learnt.area(slug_of_province(unit.province))
    places = places_of(unit, learnt)
    for form, share in forms_of(unit, learnt).items():
        for place, chance in places.items() if "{district}" in form else (("", 1.0),):
            if "{district}.gov.vn" in form and place in ("thanhpho", area):
                continue  # that is of no district, or is the whole province's
            if host := filled(form, unit, place, area):
                yield host, form, share * chance

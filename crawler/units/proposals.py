"""The units that a site is likely of, from its ward's name, its host and its front page: proposed only where sure."""

import re

from crawler.text import fold
from crawler.units.keys import bare, key
from crawler.units.lookup import find
from crawler.units.meanings import widest
from crawler.units.model import NEW, OLD, Unit, table

_KINDS = r"(?:(?:thanh pho|thi xa|quan|huyen|tinh|tp|tx|q|h|t)\b\W*)?"
_CITY = re.compile(r"^(?:tp|thanhpho)|city$")
_MOST_READ = 200_000  # characters of a page


def propose(ward: str, host: str, text: str) -> tuple[str | None, str | None]:
    """Return the codes (before, since July 2025) of the unit that a site is of; None for what is not sure.

    `ward`: its name as the pages have it; `text`: of the front page. The name must be a unit's, and host or page must
    name a district or province of it: `trucbach.badinh.hanoi.gov.vn`, "Địa chỉ: phường Trúc Bạch, quận Ba Đình".
    Where two units are supported as well as each other, nothing is said.
    """
    labels = {_CITY.sub("", label) for label in re.sub(r"[^a-z0-9.]", "", host.lower()).split(".")}
    folded = fold(text[:_MOST_READ])
    weighed = [(_support(unit, labels, folded), unit) for unit in find(ward)]
    most = max((weight for weight, _ in weighed), default=0)
    units = [unit for weight, unit in weighed if weight == most] if most else []
    if len(widest(units)) != 1:
        return None, None
    return _codes(units)


def _support(unit: Unit, labels: set[str], folded: str) -> int:
    """How well host and page support that a unit is meant: 2 by its district, 1 by its province, 0 not at all."""
    name, provinces = key(unit.name), {unit.province}
    if unit.vintage == OLD:  # a site may have moved to the host of the new province
        provinces |= {after.province for after in table().successors(unit.code)}
    for weight, areas in ((2, {unit.district} - {""}), (1, provinces)):
        for area in map(key, map(bare, areas)):
            if area.replace(" ", "") in labels and area != name:
                return weight
            if re.search(rf"\b{name}\b(?:,[^,.;\n]{{0,40}})?,\s*{_KINDS}{area}\b", folded):
                return weight
    return 0


def _codes(units: list[Unit]) -> tuple[str | None, str | None]:
    """The codes of one unit: of an old one also the new one it went into, if it is one, or has its name."""
    old = [unit for unit in units if unit.vintage == OLD]
    new = [unit for unit in units if unit.vintage == NEW]
    if len(old) > 1:
        return None, new[0].code if new else None
    if old and not new:
        after = table().successors(old[0].code)
        new = [unit for unit in after if len(after) == 1 or key(unit.name) == key(old[0].name)]
    return old[0].code if old else None, new[0].code if new else None

"""The labels that hosts use for units, districts and provinces: how names are formed from them, and read.

Names lose marks, spaces and hyphens (đ → d): `trucbach.badinh.hanoi.gov.vn`. `spiders/portals.csv` shows the forms.
"""

import unicodedata
from functools import cache, lru_cache

from crawler.text import even_tones
from crawler.units.keys import bare, key
from crawler.units.model import OLD, Unit, table
from crawler.units.provinces import slug_of_province

_KINDS = {  # kind of a unit → its label, and the short one
    "phường": ("phuong", "p"), "xã": ("xa", "x"), "thị trấn": ("thitran", "tt"), "đặc khu": ("dackhu", "dk"),
    "huyện": ("huyen", "h"),
}  # fmt: skip
_DISTRICT_KINDS = {  # kind of a district → labels before its name
    "thành phố": ("tp", "thanhpho"), "thị xã": ("tx", "thixa"), "quận": ("quan", "q"), "huyện": ("huyen", "h"),
}  # fmt: skip
_NAMELESS = {  # kind of a district → labels that stand for the only one of this kind in a province
    "thành phố": ("thanhpho", "tp", "ubndtp"), "thị xã": ("thixa", "tx", "ubndtx"),
}  # fmt: skip
TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}  # as one types them (telex)
# (province, label of a district that is no more) → the districts of June 2025 that its land lay in.
_FORMER_DISTRICTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("lamdong", "cattien"): ("dahuoai",), ("lamdong", "dateh"): ("dahuoai",), ("thanhhoa", "dongson"): ("thanhhoa",),
    ("thanhhoa", "tinhgia"): ("nghison",), ("ninhbinh", "ninhbinh"): ("hoalu",), ("hue", "namdong"): ("phuloc",),
    ("hue", "hue"): ("thuanhoa", "phuxuan"), ("caobang", "thongnong"): ("haquang",),
    ("caobang", "tralinh"): ("trungkhanh",), ("caobang", "phuchoa"): ("quanghoa",),
    ("caobang", "quanguyen"): ("quanghoa",), ("quangninh", "hoanhbo"): ("halong",),
    ("bacgiang", "yendung"): ("bacgiang",),
    ("hochiminh", "2"): ("thuduc",), ("hochiminh", "9"): ("thuduc",), ("namdinh", "myloc"): ("namdinh",),
    ("hatinh", "locha"): ("thachha",), ("nghean", "cualo"): ("vinh",), ("quangnam", "nongson"): ("queson",),
    ("bariavungtau", "longdien"): ("longdat",), ("bariavungtau", "datdo"): ("longdat",),
    ("hoabinh", "kyson"): ("hoabinh",), ("hanoi", "tuliem"): ("bactuliem", "namtuliem"),
}  # fmt: skip


@lru_cache(maxsize=32_768)
def label(name: str) -> str:
    """Return a name as hosts write it: "Trúc Bạch" → "trucbach", "Ea H'Leo" → "eahleo"."""
    return key(name).replace(" ", "")


@lru_cache(maxsize=32_768)
def tone(name: str) -> str:
    """Return the letter that types the tone of a name's last syllable: "Hoằng Quỳ" → "f", "Hoằng Hoa" → ""."""
    last = even_tones(name).split()[-1]
    return next((TONES[mark] for mark in unicodedata.normalize("NFD", last) if mark in TONES), "")


def unit_labels(unit: Unit) -> dict[str, str]:
    """Return form → the label that a unit's host has in it, the most usual first.

    Forms are named as in DNS templates: `{ward}` trucbach, `{kind}{ward}` phuongtrucbach, `{k}{ward}` ptrucbach,
    `{ward}{tone}` trucbachj, `thitran` for a township that has its district's name or is its only one, `{initials}`
    tb. A ward with a number has no label without its kind: phuong4, p4.
    """
    name = label(unit.name)
    kind, short = _KINDS[unit.kind]
    number = name.isdigit()
    found = {} if number else {"{ward}": name}
    found |= {"{kind}{ward}": kind + name, "{k}{ward}": short + name}
    if not number and (letter := tone(unit.name)):
        found["{ward}{tone}"] = name + letter
    if unit.kind == "thị trấn":
        found["thitran"] = kind
    words = key(unit.name).split()
    if len(words) > 1:
        found["{initials}"] = "".join(word[0] for word in words)
    return found


@lru_cache(maxsize=4096)
def district_labels(district: str, province: str) -> dict[str, str]:
    """Return form → label of a district of before July 2025, both with their kinds, as a unit's row has them.

    Forms: `{district}` bimson, `{short kind}{district}` tpthanhhoa, `{kind}{district}` thixabimson, `{district}city`
    thainguyencity, `thanhpho` and `ubndtp` (`thixa`, `ubndtx`) where the province has no other, or it is the
    province's own city,
    `{former district}` for one that became part of it since about 2013 (`{former district} 2` for a second one) and
    `tp{former district}`. A district with a number has no label without its kind: quan3, q3.
    """
    name = label(bare(district))
    kind = district.removesuffix(bare(district)).strip()
    number = name.isdigit()
    found = {} if number else {"{district}": name}
    short, long = sorted(_DISTRICT_KINDS.get(kind, ("", "")), key=len)
    if short:
        found |= {"{short kind}{district}": short + name, "{kind}{district}": long + name}
    if kind == "thành phố":
        found["{district}city"] = f"{name}city"
    if kind in _NAMELESS and (_kinds_in(province).count(kind) == 1 or name == slug_of_province(province)):
        found |= {form: form for form in _NAMELESS[kind]}
    slug = slug_of_province(province)
    former = [gone for (where, gone), into in _FORMER_DISTRICTS.items() if where == slug and name in into]
    for count, gone in enumerate(former):
        behind = f" {count + 1}" if count else ""
        found["{former district}" + behind] = f"quan{gone}" if gone.isdigit() else gone
        if gone == slug:  # the province's own city
            found["tp{former district}"] = f"tp{gone}"
    return found


@lru_cache(maxsize=16_384)
def names_of_districts(district: str, province: str) -> frozenset[str]:
    """Return the labels of a district's name and of those that went into it, without kinds: {"hoalu", "ninhbinh"}."""
    name, slug = label(bare(district)), slug_of_province(province)
    gone = (former for (where, former), into in _FORMER_DISTRICTS.items() if where == slug and name in into)
    return frozenset((name, *gone))


@cache
def _kinds_in(province: str) -> tuple[str, ...]:
    """The kinds of the districts of a province of before, one for each district."""
    districts = {unit.district for unit in table().old.values() if unit.province == province and unit.vintage == OLD}
    return tuple(district.removesuffix(bare(district)).strip() for district in sorted(districts))

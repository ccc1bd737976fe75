"""What one line says of whose page it is: the units, districts and provinces that it names, and with what words. Pure.

"Cổng thông tin điện tử phường Trúc Bạch, quận Ba Đình" says whose it is; "phường Trúc Bạch tổ chức hội nghị" does not.
"""

import re
from dataclasses import dataclass
from functools import cache

from crawler.text import fold, normalize
from crawler.units import Unit, table
from crawler.units.keys import bare, has_marks, key
from crawler.units.names_in_text import NamesIn
from crawler.units.places import Place, bare_place_behind, known_places, place_behind

_KINDS = {
    "phuong": "phường", "p": "phường", "xa": "xã", "x": "xã", "thi tran": "thị trấn", "tt": "thị trấn",
    "dac khu": "đặc khu",
}  # fmt: skip
_CUE = re.compile(
    r"(?<!\w)(?:(phường|phuong|(?<!thị )(?<!thi )(?<!tác )(?<!tac )(?:xã|xa)|thị\s+trấn|thi\s+tran|đặc\s+khu|dac\s+khu)"
    r"(?!\w)\s*:?\s*|((?:p|x|tt)(?=\.\s*[^\W_])|p(?=\s?\d)|(?-i:TT)(?=\s[^\W\d_]))\.?\s*)",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"(?<!\w)(quận|huyện|thị xã|thành phố|tỉnh|quan|huyen|thi xa|thanh pho|tinh|t\.?p\.?|t\.?x\.?)(?!\w)\s*(?=[^\W_])",
    re.IGNORECASE,
)
_AREA_WORDS = re.compile(r"(?<!\w)(Quận|Huyện|Thị Xã|Thị xã|Thành Phố|Thành phố|Tỉnh)(?!\w)")
_NOT_UNITS = re.compile(r"[Xx]ã\s+(?:hội|viên|đoàn|Hội [Cc]hủ)(?!\w)|[Xx]a\s+(?:hoi|vien|doan|Hoi [Cc]hu)(?!\w)")
_ENGLISH = re.compile(r"((?:[A-ZĐÀ-Ỹ][\w’'-]*\s+){1,5})(Ward|Commune|Township|Town|District|City|Province)(?!\w)")
_ENGLISH_KINDS = {
    "Ward": "phường", "Commune": "xã", "Township": "thị trấn", "Town": "thị trấn", "District": "huyện",
    "City": "thành phố", "Province": "tỉnh",
}  # fmt: skip
# Words that stand beside the name of the body whose page it is.
_NEUTRAL = frozenset({
    "all", "ban", "bien", "bo", "boi", "by", "c", "cap", "cau", "chao", "chi", "chinh", "chu", "co", "committee",
    "cong", "copyright", "cttdt", "cua", "da", "dan", "dang", "den", "dia", "dien", "don", "dong", "dung",
    "electronic", "giao", "gioi", "giu", "gov", "hdnd", "hoa", "hoi", "home", "hop", "http", "https", "information",
    "internet", "ly", "mang", "mat", "mttq", "mung", "nam", "news", "nganh", "nghia", "nhan", "nuoc", "of",
    "official", "page", "people", "peoples", "phan", "phat", "phep", "phu", "portal", "quan", "quoc", "quy",
    "quyen", "reserved", "rights", "s", "site", "so", "tai", "tap", "thanh", "the", "thieu", "thong", "thuoc",
    "thuong", "tiep", "tin", "to", "toan", "tong", "tran", "trang", "tren", "trien", "tru", "truc", "ttdt", "tttdt",
    "tu", "tuc", "ubkt", "ubmttq", "ubmttqvn", "ubnd", "uy", "va", "ve", "vi", "viet", "vn", "voi", "web",
    "website", "welcome", "www", "xa", "xay",
})  # fmt: skip
_OFFICE = re.compile(
    r"\b(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|cong (?:thong tin|ttdt)|trang (?:thong tin|tin) dien tu|"
    r"cong giao tiep|trang ttdt|people.?s? committee|ban quyen|copyright|co quan chu quan|don vi chu quan|dang uy)\b"
)
FOREIGN = re.compile(
    r"\b(?:benh vien|truong (?:tieu hoc|thcs|thpt|trung hoc|mam non|mau giao|dai hoc|cao dang|pho thong|ptdt|chinh tri)"
    r"|trung tam (?:y te|giao duc|van hoa|phat trien|chinh tri|dich vu|boi duong)|tram y te|cong an|cong ty|tap doan"
    r"|ngan hang|bao hiem xa hoi|bhxh|hop tac xa|htx|doan thanh nien|hoi lien hiep|hoi (?:lhpn|nong dan|cuu chien binh)"
    r"|lien doan|giao xu|nha tho|so (?:y te|giao duc|tai chinh|noi vu|xay dung|cong thuong|tu phap|tai nguyen|van hoa)"
    r"|phong (?:giao duc|gd|y te|tai chinh)|chi cuc|kho bac|toa an|vien kiem sat|ban quan ly|khu cong nghiep|hospital"
    r"|school|university|khach san|hotel|resort|bat dong san|chung cu|du an|thpt|thcs|mam non|mn|th)\b"
)
_GOES_ON = re.compile(
    r"(?:trang (?:chu|thong|tin)|cong (?:thong|giao|tt)|website|chao mung|kinh chao|xin chao|portal|home|official"
    r"|online|uy ban|ubnd|hdnd|va)\b"
)
_SEPARATED = re.compile(r"\s*(?:$|[-–—|:,.;»>/\\()\[\]&+•*©]|\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a line names it. `units`: those of the kind and name, of both vintages, () for one that no table has;
    `places`: the districts and provinces that are named with it; `at`: where it begins in the line."""

    kind: str
    name: str
    units: tuple[Unit, ...]
    places: tuple[Place, ...]
    at: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What two lines have in common that name one unit."""
        return self.kind, key(self.name)

    @property
    def words(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a line says. `named`: units in order; `places`: districts and provinces named apart from them; `is_clean`:
    it says nothing but whose page it is; `is_office`: with words of an office; `foreign`: the words by which it is of
    another body, "" if it is of none."""

    text: str
    named: tuple[Named, ...]
    places: tuple[Place, ...]
    is_clean: bool
    is_office: bool
    foreign: str = ""


def statement(text: str) -> Statement:
    """Return what a line says of whose page it is."""
    text = _plain(text)
    names = NamesIn(text)
    named: list[Named] = []
    rest: list[str] = []
    end = 0
    for cue in _CUE.finditer(text):
        if cue.start() < end or _NOT_UNITS.match(text, cue.start()):
            continue
        kind = _KINDS[" ".join(fold(cue[1] or cue[2]).split())]
        name = names.at(cue.end())
        if name is None:
            behind = names.end_of_unknown(cue.end())
            if behind is None or not cue[1] or not _follows_capital(text, cue.end()):
                continue
            units: tuple[Unit, ...] = ()
        else:
            behind, units = name.end, tuple(unit for unit in name.units if unit.kind == kind)
        places, behind_places = _places_behind(text, behind, names)
        rest.append(text[end : cue.start()])
        named.append(Named(kind, text[cue.end() : behind].strip(), units, tuple(places), cue.start()))
        end = behind_places
    rest.append(text[end:])
    apart: list[Place] = []
    before = _without_places(rest[0], names.capitals, apart)
    folded = fold(before)
    foreign = FOREIGN.search(folded)
    words = re.findall(r"[a-z]+", folded)
    clean = all(word in _NEUTRAL for word in words)
    if named:
        behind_all = _without_places(rest[-1], names.capitals, apart)
        clean = clean and bool(_SEPARATED.match(behind_all) or _GOES_ON.match(fold(behind_all)))
    return Statement(
        text, tuple(named), tuple(apart), clean, bool(_OFFICE.search(fold(text))), foreign[0] if foreign else ""
    )


def _follows_capital(text: str, at: int) -> bool:
    return text[at : at + 1].isupper()


def _plain(text: str) -> str:
    """Return a line in NFC in which the words for districts do not look like parts of a name, and English is read."""
    text = normalize(text)
    if not has_marks(text):
        text = _ENGLISH.sub(_vietnamese, text)
    return text if text.isupper() else _AREA_WORDS.sub(lambda found: found[1].lower(), text)


def _vietnamese(found: re.Match[str]) -> str:
    """`Truc Bach Ward` → `phường Truc Bach,`, with the longest name that a unit or area has."""
    words, kind = found[1].split(), _ENGLISH_KINDS[found[2]]
    known = table().by_name if found[2] in ("Ward", "Commune", "Town", "Township") else known_places()
    for start in range(len(words)):
        if key(" ".join(words[start:])) in known:
            name = " ".join(words[start:])
            if found[2] == "District":
                kind = next((k for k, n in _districts() if n == key(name)), "huyện")
            return f"{' '.join(words[:start])} {fold(kind)} {name},"
    return found[0]


@cache
def _districts() -> frozenset[tuple[str, str]]:
    districts = {unit.district for unit in table().old.values() if unit.district}
    return frozenset((name.removesuffix(bare(name)).strip(), key(bare(name))) for name in districts)


def _places_behind(text: str, at: int, names: NamesIn) -> tuple[list[Place], int]:
    places: list[Place] = []
    while True:
        place, end = place_behind(text, at, capitals=names.capitals)
        if place is None:
            place, end = bare_place_behind(text, at, capitals=names.capitals)
        if place is None:
            return places, at
        at = max(end, at + 1)
        if place.name:
            places.append(place)


def _without_places(text: str, capitals: bool, found: list[Place]) -> str:
    """Return a piece of a line without the districts and provinces that it names, which join `found`."""
    kept, at = [], 0
    for area in _AREA.finditer(text):
        if area.start() < at:
            continue
        place, end = place_behind(text, area.start(), capitals=capitals)
        if place is not None and place.name:
            found.append(place)
            kept.append(text[at : area.start()])
            at = end
    return " ".join((*kept, text[at:]))

"""Names a site: its slug from its host, its ward from its pages. Pure functions."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from crawler.text import fold, normalize
from crawler.units.owners import whole_name

# The provinces before and since July 2025, as hosts write them.
_PROVINCES = (
    "angiang", "bariavungtau", "bacgiang", "backan", "baclieu", "bacninh", "bentre", "binhdinh", "binhduong",
    "binhphuoc", "binhthuan", "camau", "cantho", "caobang", "danang", "daklak", "daknong", "dienbien", "dongnai",
    "dongthap", "gialai", "hagiang", "hanam", "hanoi", "hatinh", "haiduong", "haiphong", "haugiang", "hoabinh",
    "hochiminh", "hcm", "hue", "hungyen", "khanhhoa", "kiengiang", "kontum", "laichau", "lamdong", "langson",
    "laocai", "longan", "namdinh", "nghean", "ninhbinh", "ninhthuan", "phutho", "phuyen", "quangbinh", "quangnam",
    "quangngai", "quangninh", "quangtri", "soctrang", "sonla", "tayninh", "thaibinh", "thainguyen", "thanhhoa",
    "thuathienhue", "tiengiang", "travinh", "tuyenquang", "vinhlong", "vinhphuc", "yenbai",
)  # fmt: skip
_ENDINGS = frozenset({"vn", "gov", "org", "com", "net", "edu", "www", "info", "portal", "cong"})
_ELSEWHERE = "khac"  # for hosts that name no province
_KIND = re.compile(
    r"\b(phường|(?<!thị )(?<!tác )xã|thị trấn|đặc khu|thị xã|quận|huyện|thành phố|tp\.?|tt\.?)\s+(?=[^\W_])",
    re.IGNORECASE,
)
_WORD = re.compile(r"(\s*[-–]\s*|\s*)([^\W_]+(?:['’][^\W_]+)*)")
_AREA = re.compile(r"(?:thị xã|quận|huyện|thành phố|tỉnh|tp|tx)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}|[IVX]{1,4}")
_SHORT = {"tt": "thị trấn", "tp": "thành phố"}
_MOST_WORDS = 4
_STOP = frozenset(
    {"trang", "cổng", "website", "tin", "thông", "chính", "là", "và", "của", "đã", "tổ", "ngày", "với", "tại"}
)


def slug_of(host: str) -> str:
    """Return `<province>_<place>` for a host: hanoi_trucbach for trucbach.badinh.hanoi.gov.vn.

    A host without a province in its name gets `khac_` ("other"); an IP address gets `khac_may…`.
    """
    labels = [_plain(label) for label in host.partition(":")[0].lower().split(".")]
    labels = [label for label in labels if label and label not in _ENDINGS]
    if all(label.isdigit() for label in labels):
        return f"{_ELSEWHERE}_may{''.join(labels)}"
    for label in reversed(labels):
        for province in sorted(_PROVINCES, key=len, reverse=True):
            if label == province or label.removesuffix("city") == province or label == f"tp{province}":
                place = next((other for other in labels if other != label), "tinh")
                return f"{province}_{place}"
    return f"{_ELSEWHERE}_{labels[0] if labels else 'site'}"


def _plain(label: str) -> str:
    """A label of a host in the letters of a slug: `xn--phng-ivb7564a` is phường, and becomes phuong."""
    if label.startswith("xn--"):
        with suppress(UnicodeError):
            label = fold(label.encode("ascii").decode("idna"))
    return re.sub(r"[^a-z0-9]", "", label)


def ward_of(*texts: str) -> str | None:
    """Return the ward, commune or district that the texts name, or None. The first text with such a name decides, and
    in it the most frequent name.

    A name ends where that of a known ward or commune does, else before a word that belongs to no name, or the kind of
    an area: "UBND xã Hải Yến Thị xã Nghi Sơn" is of Xã Hải Yến. A number belongs to it: Phường Hải Châu 1.
    """
    for text in texts:
        normal = normalize(text)
        found = Counter(name for match in _KIND.finditer(normal) if (name := _named(normal, match)))
        if found:
            return found.most_common(1)[0][0]
    return None


def class_name(slug: str) -> str:
    """Return the name of a site's spider class."""
    name = "".join(part.capitalize() for part in slug.split("_")[1:])
    return name if name[:1].isalpha() else f"Site{name}"


def _named(text: str, kind: re.Match[str]) -> str | None:
    """`PHƯỜNG AN VĨNH - TRANG TIN` → `Phường An Vĩnh`; None where no name follows the kind."""
    name = None if _AREA.match(kind[1]) else whole_name(text, kind.end())
    words = name.split() if name else list(_words(text, kind.end()))
    written = kind[1].lower().rstrip(".")
    if not words or (written == "tt" and not name):
        return None
    return " ".join(
        [_SHORT.get(written, written).capitalize(), *(word.capitalize() if word.isupper() else word for word in words)]
    )


def _words(text: str, at: int) -> Iterator[str]:
    """Yield the words behind a kind that belong to a name which no unit has today."""
    count = 0
    while (match := _WORD.match(text, at)) and count < _MOST_WORDS:
        gap, word = match.groups()
        number = _NUMBER.fullmatch(word)
        if (count and gap.strip()) or not (word[0].isupper() or number) or word.lower() in _STOP:
            return
        if count and _AREA.match(text, match.start(2)):
            return
        yield word
        if number:
            return
        at = match.end()
        count += 1

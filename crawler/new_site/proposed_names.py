"""Names a site: its slug from its host, its ward from its pages. Pure functions."""

import re
from collections import Counter
from contextlib import suppress

from crawler.text import fold, normalize

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
_WARD = re.compile(
    r"\b((?:phường|xã|thị trấn|đặc khu|thị xã|quận|huyện|thành phố|tp\.?)\s+"
    r"(?:\d{1,2}\b|[^\W\d_]+(?:\s+[^\W\d_]+){0,3}))",
    re.IGNORECASE,
)
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
    in it the most frequent name."""
    for text in texts:
        found = Counter(name for match in _WARD.finditer(normalize(text)) if (name := _tidy(match[1])))
        if found:
            return found.most_common(1)[0][0]
    return None


def class_name(slug: str) -> str:
    """Return the name of a site's spider class."""
    name = "".join(part.capitalize() for part in slug.split("_")[1:])
    return name if name[:1].isalpha() else f"Site{name}"


def _tidy(name: str) -> str | None:
    """`PHƯỜNG AN VĨNH - TRANG TIN` → `Phường An Vĩnh`; None where no name follows the kind."""
    words = name.split()
    kind = 2 if fold(words[0]) in ("thi", "dac", "thanh") else 1
    proper: list[str] = []
    for word in words[kind:]:
        if word.lower() in _STOP or not (word[0].isupper() or word.isdigit()):
            break
        proper.append(word.capitalize() if word.isupper() else word)
    return f"{' '.join(words[:kind]).capitalize()} {' '.join(proper)}" if proper else None

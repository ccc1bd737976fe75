"""Times of day: 15:07, 15h07', 14 giờ 30 phút, 8h30 tối, 12:05 SA, 10:14:25 GMT+7."""

import re

from crawler.dates.elements import Clock
from crawler.dates.folded_text import Folded

ZONES = r"[ecp][sd]t|m[sd]t(?! ?:? ?\d)|ut|[ce]es?t|wes?t|bst|jst|kst|sgt|hkt|msk|ae[sd]?t"  # the names of NAMED_ZONES
ZONE = (
    r"(?: ?[\[(]? ?(?P<zone>(?:(?:gmt|utc)(?: ?[+-] ?\d{1,2}(?::?\d\d)?(?!\d))?|ict|" + ZONES + r")(?![a-z])|z(?![a-z])"
    r"|[+-]\d\d:?\d\d(?!\d)) ?[\])]?)?"
)
_NOT_DATE = (
    r"(?!\d)(?! ?[/.] ?\d(?!\d* ?(?:luot|lan|views?|hits?|binh luan|comments?|doc)))(?!-\d{1,2}[-/]\d)(?! thang| thg)"
)
_HALF = (
    r"(?P<half>a\.m\.?|p\.m\.?|am|pm|sa|ch|rang sang|sang|trua|chieu|toi|dem|khuya)(?![a-z])(?! (?:nay|qua|mai"
    r"|hom)(?![a-z]))"
)
PATTERN = (
    r"(?P<hour>\d{1,2})(?!\d)(?: ?: ?(?!(?<= )\d{1,2} ?/ ?\d|\d/\d)(?P<minute>\d{1,2})(?!\d)"
    r"(?! ?(?P<_s>[/.]) ?\d{1,2} ?(?P=_s) ?\d|-\d{1,2}-\d{4}| thang)"
    r"(?: ?: ?(?P<second>\d{1,2})(?!\d)(?:[.,]\d{1,9})?)?(?:'|p(?![a-z]))?(?!(?!(?:am|pm|sa|ch)(?![a-z]))[a-z0-9])"
    r"| ?(?:gio|h|g)(?![a-z])(?: ?:? ?(?P<minute2>\d{1,2})" + _NOT_DATE + r"(?: ?(?:phut|ph|p|'|m(?=\d))(?![a-z]))?"
    r"(?: ?(?P<second2>\d{1,2})(?!\d) ?(?:giay|s|\"|'')(?![a-z]))?|(?P<half_hour> ruoi)(?![a-z])"
    r"| kem (?P<less>\d{1,2})(?!\d)(?: ?phut)?)?)"
    r"(?: ?" + _HALF + ")?"
)
# Hours from UTC. MST is a tax number here where one follows.
NAMED_ZONES = {
    "est": -5, "mst": -7, "mdt": -6, "ut": 0, "eet": 2, "eest": 3, "wet": 0, "west": 1,
    "edt": -4, "cst": -6, "cdt": -5, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "bst": 1, "msk": 3,
    "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aet": 10, "aest": 10, "aedt": 11,
}  # fmt: skip


def _to_24(hour: int, half: str) -> int | None:
    """Return the hour of the day, or None where hour and half of the day cannot both be meant."""
    half = half.replace(".", "")
    if half in ("sa", "am"):
        return 0 if hour == 12 else hour
    if half in ("ch", "pm"):
        return hour + 12 if 1 <= hour < 12 else hour if hour else None
    if hour > 12:
        return hour
    if half == "trua":
        return hour + 12 if 1 <= hour <= 3 else hour if hour in (10, 11, 12) else None
    if half == "chieu":
        return hour + 12 if 1 <= hour <= 7 else 12 if hour == 12 else None
    if half == "toi":
        return hour + 12 if 5 <= hour <= 11 else None
    if half in ("dem", "khuya"):
        return hour + 12 if 7 <= hour <= 11 else hour if 0 <= hour <= 4 else None
    return hour if hour < 12 else None  # sáng, rạng sáng


def zone_shift(zone: str | None) -> int | None:
    """Return the minutes from the written zone to Hà Nội's; None for none written or for +7 itself."""
    if not zone:
        return None
    zone = zone.replace(" ", "")
    if zone == "ict":
        return None
    if zone in NAMED_ZONES:
        return 420 - 60 * NAMED_ZONES[zone]
    match = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", zone)
    offset = 0
    if match:
        digits = int(match[2]) * 60 + int(match[3] or 0)
        offset = digits if match[1] == "+" else -digits
    return None if offset == 420 else 420 - offset


def read_clock(match: re.Match[str], text: Folded) -> Clock | None:
    """Return the time a match of PATTERN (followed by ZONE) names, or None where it cannot be one."""
    hour = int(match["hour"])
    minute = int(match["minute"] or match["minute2"] or (30 if match["half_hour"] else 0))
    second_text = match["second"] or match["second2"]
    second = int(second_text) if second_text else None
    if match["less"]:
        hour, minute = hour - 1, 60 - int(match["less"])
    half = match["half"]
    if half in ("sang", "toi", "chieu", "dem", "trua") and not text.says(
        *match.span("half"), {"sang": "sáng", "toi": "tối", "chieu": "chiều", "dem": "đêm", "trua": "trưa"}[half]
    ):
        half = None
    if hour > 23 or minute > 59 or minute < 0 or hour < 0 or (second or 0) > 59:
        return None
    if half:
        converted = _to_24(hour, half)
        if converted is None:
            return None
        placeholder = (hour, minute, second or 0) == (12, 0, 0) and half.replace(".", "") in ("am", "sa")
        return Clock(converted, minute, second, zone_shift(match["zone"]), placeholder or converted == minute == 0)
    return Clock(hour, minute, second, zone_shift(match["zone"]), hour == minute == 0 and not second)

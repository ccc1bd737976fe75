"""Dates that a portal writes into its addresses."""

import re
from datetime import datetime

from crawler.dates.model import HANOI, Moment, is_real
from crawler.dates.vocabulary import compiled

# /portal/pages/2022-01-13/…, /portal/Pages/2024-5-17/…; year only in /portal/pages/2020/…-61.aspx
_FOLDER = r"/pages/(?P<y>(?:19|20)\d\d)(?:-(?P<m>\d{1,2})-(?P<d>\d{1,2}))?/"
# /2023/12/08/ (WordPress), /2023/12/slug
_PATH = r"/(?P<y>20\d\d)/(?P<m>\d\d)(?:/(?P<d>\d\d))?/[^/?#]"
# …-1695000411404: milliseconds since 1970 at the end of the path
_EPOCH = r"[-/_](?P<e>1\d{12})(?:\.\w{1,5})?/?(?:[?#]|$)"
# …-2809250830154947022.htm: category, yymmddHHMMSS of the creation, two or three digits of milliseconds
_STAMPED = r"-(?P<c>\d{1,4})(?P<t>[012]\d[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d)\d{3}\.html?(?:[?#]|$)"
_EARLIEST = 1997


def date_in_url(url: str) -> tuple[Moment, str] | None:
    """Return the day (or month or year) an article's address names, with the part that names it; None if none does.

    Ids that carry a creation time are read as days, as they are a migration's as often as the article's.
    """
    url = url[:2_000]
    for pattern in (_FOLDER, _STAMPED, _EPOCH, _PATH):
        match = compiled(pattern).search(url.lower() if pattern == _FOLDER else url)
        moment = _read(match) if match else None
        if match and moment:
            return moment, url[match.start() : match.end()].strip("/-_?#")
    return None


def _read(match: re.Match[str]) -> Moment | None:
    groups = match.groupdict()
    if groups.get("t"):
        stamp = groups["t"]
        year, month, day = 2000 + int(stamp[:2]), int(stamp[2:4]), int(stamp[4:6])
        return Moment(year, month, day) if int(stamp[6:8]) < 24 and is_real(year, month, day) else None
    if groups.get("e"):
        local = datetime.fromtimestamp(int(groups["e"]) // 1000, HANOI)
        return Moment(local.year, local.month, local.day) if local.year >= 2005 else None
    year = int(groups["y"])
    if year < _EARLIEST:
        return None
    if not groups.get("m"):
        return Moment(year)
    month = int(groups["m"])
    if not groups.get("d"):
        return Moment(year, month) if 1 <= month <= 12 else None
    return Moment(year, month, int(groups["d"])) if is_real(year, month, int(groups["d"])) else None

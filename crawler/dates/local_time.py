"""Moments as people see them: in Việt Nam's time, with its offset. What is stored stays in UTC.

Everything that shows a moment goes through here: the commands, the pages of `browse`, reports and exports for people.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.dates.model import HANOI

# A moment that says its zone; a day, a month, or a time without one is Việt Nam's already.
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
# Keys of what is printed as JSON under which a moment of ours stands, besides those that end in _at.
_KEYS = frozenset(
    {"at", "from", "to", "since", "profile_since", "valid_from", "valid_until", "seen_from", "seen_until"}
)


def local_iso(moment: datetime | str) -> str:
    """Return a moment (aware, or ISO 8601 with its offset) in Việt Nam's time: 2026-11-30T20:15:00+07:00.

    A text that names no moment of a known zone, such as a day, is given back as it is.
    """
    if isinstance(moment, str):
        if not _ZONED.fullmatch(moment):
            return moment
        precision = "minutes" if moment[16] != ":" else "milliseconds" if moment[19] == "." else "seconds"
        try:
            return datetime.fromisoformat(moment).astimezone(HANOI).isoformat(timespec=precision)
        except (ValueError, OverflowError):  # the 31st of February, the year 1
            return moment
    return moment.astimezone(HANOI).isoformat(timespec="seconds")


def local_day(moment: datetime | str) -> str:
    """Return the day on which a moment is in Việt Nam: 2026-11-30. Texts as in `local_iso`."""
    return local_iso(moment)[:10]


def shown_moment(moment: datetime | str) -> str:
    """Return a moment for people, to the minute: 2026-11-30 20:15 +07:00. Texts as in `local_iso`."""
    text = local_iso(moment)
    return f"{text[:10]} {text[11:16]} {text[-6:]}" if _ZONED.fullmatch(text) and text[-1] != "Z" else text


def with_local_times(value: Any) -> Any:
    """Return JSON-ready data with the moments in it in Việt Nam's time, with its offset, known by their keys."""
    if isinstance(value, dict | Mapping):
        return {
            key: (local_iso(item) if _names_moment(key) else item) if isinstance(item, str) else with_local_times(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [with_local_times(item) for item in value]
    return value


def _names_moment(key: object) -> bool:
    return isinstance(key, str) and (key in _KEYS or key.endswith("_at"))

"""Days of citations in words: as exact as what is known, in English and Vietnamese."""

from crawler.dates.local_time import local_day

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
Parts = tuple[int, ...]  # year, then month, then day, as far as they are known


def parts(published_at: str | None) -> list[Parts]:
    """Return the day of publication (ISO 8601 or an interval) as one or two tuples of numbers; [] for none."""
    if not published_at:
        return []
    return [tuple(int(number) for number in part[:10].split("-")) for part in published_at.split("/") if part]


def day_of(moment: str) -> Parts:
    """Return the day of a moment of ours, in Việt Nam."""
    return parts(local_day(moment))[0]


def english(day: Parts) -> str:
    """Return a day as "November 30, 2026", "November 2026" or "2026"."""
    match day:
        case (year, month, number):
            return f"{_MONTHS[month - 1]} {number}, {year}"
        case (year, month):
            return f"{_MONTHS[month - 1]} {year}"
    return str(day[0])


def apa(day: Parts) -> str:
    """Return a day as "2026, November 30", "2026, November" or "2026"."""
    month_and_day = [_MONTHS[day[1] - 1], *map(str, day[2:])] if len(day) > 1 else []
    return ", ".join([str(day[0]), " ".join(month_and_day)]) if month_and_day else str(day[0])


def vietnamese(day: Parts) -> str:
    """Return a day as "30 tháng 11 năm 2026", "tháng 11 năm 2026" or "2026"."""
    match day:
        case (year, month, number):
            return f"{number} tháng {month} năm {year}"
        case (year, month):
            return f"tháng {month} năm {year}"
    return str(day[0])

"""What dateparser does better than the grammar: English dates in shapes no Vietnamese portal writes itself.

Shapes such as "2023-Dec-08" or "Dec. the 8th, 2023" come from a server's or a plug-in's settings. dateparser is asked
only where the grammar saw no date and nothing of a date's shape, about a short string with one English month and one
year, and its answer is taken only if day, month and year are in the string. It is imported when first asked.
"""

from crawler.dates.folded_text import Folded
from crawler.dates.model import Moment, is_real
from crawler.dates.vocabulary import EN, compiled, english_month

_LONGEST = 60


def english_day(text: Folded) -> Moment | None:
    """Return the day dateparser finds in an English date the grammar does not know, or None."""
    plain = text.plain
    if len(plain) > _LONGEST or not plain.isascii():
        return None
    months = compiled(rf"(?<![a-z]){EN}").findall(plain)
    numbers = compiled(r"\d+").findall(plain)
    years = [number for number in numbers if len(number) == 4]
    if len(months) != 1 or len(years) != 1 or not 2 <= len(numbers) <= 5 or compiled(r"\d{5}|\d[:h]\d").search(plain):
        return None
    import dateparser

    try:
        found = dateparser.parse(
            plain, languages=["en"], settings={"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]}
        )
    except (ValueError, OverflowError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
        return None
    if found is None or found.year != int(years[0]) or found.month != english_month(months[0]):
        return None
    has_day = any(int(number) == found.day for number in numbers if number not in years)
    return (
        Moment(found.year, found.month, found.day) if has_day and is_real(found.year, found.month, found.day) else None
    )

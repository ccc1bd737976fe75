"""What a user wrote after --since, for commands that read any way of writing a day."""

from crawler.cli import UsageError


def since_day(text: str | None) -> str | None:
    """Return the day as an ISO date; None where the option was not given. Raises UsageError."""
    from crawler import clock
    from crawler.pipelines.dates import read_since

    day = read_since(text, clock.now()) if text is not None else None
    if text is not None and day is None:
        raise UsageError(f"--since {text!r} is not a date; write 2024-06-30 or 30/6/2024")
    return day


def publication_day(text: str | None, option: str) -> str | None:
    """Return the day (or month, or year) of publication that an option of an export names, as ISO; None for none.

    Of an interval the end is meant by --until, else its beginning. Raises UsageError.
    """
    from datetime import UTC, datetime

    from crawler.dates import parse_date
    from storage.search.query import iso_date

    if text is None:
        return None
    if iso := iso_date(text):
        return iso
    found = parse_date(text, base=datetime.now(UTC))
    if found is None:
        raise UsageError(f"{option} {text!r} is not a date; write 2024-06-30, 30/6/2024, 2024-06 or 2024")
    begin, _, end = found.isoformat().partition("/")
    return (end or begin if option == "--until" else begin)[:10]

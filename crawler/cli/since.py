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

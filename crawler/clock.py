"""The one place that asks what time it is, so that tests can live through a year in a minute."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def stamp() -> str:
    """Return the present moment as the database keeps it: ISO 8601 in UTC, to the second."""
    return now().isoformat(timespec="seconds")

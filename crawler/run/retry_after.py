"""Reads the header Retry-After, by which a server asks to wait."""

from email.utils import parsedate_to_datetime

from crawler import clock


def seconds_to_wait(header: str | None) -> float | None:
    """Return how many seconds a server asks to wait, from a number or an HTTP date; None where it does not say."""
    value = (header or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - clock.now()).total_seconds())
    except (ValueError, TypeError):
        return None

"""Retry-After is read as a number of seconds or as an HTTP date."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler import clock
from crawler.run.retry_after import seconds_to_wait

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0), (" 7 ", 7.0), ("0", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("Sun, 01 Mar 2026 15:01:00 +0700", 60.0),
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("²", None),
        ("Sun, 01 Mar 2026 08:01:00 -0000", None),  # a moment without a zone
    ],
)  # fmt: skip
def test_retry_after_says_how_many_seconds_to_wait(monkeypatch, header, seconds):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert seconds_to_wait(header) == seconds

"""Moments are shown in Việt Nam's time with its offset; what is no moment stays as it is."""

from datetime import UTC, datetime

import pytest

from crawler.dates.local_time import local_day, local_iso, shown_moment, with_local_times

EVENING = datetime(2026, 11, 30, 20, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "iso", "shown"),
    [
        ("2026-11-30T20:15:09+00:00", "2026-12-01T03:15:09+07:00", "2026-12-01 03:15 +07:00"),
        ("2026-11-30T20:15:09.140Z", "2026-12-01T03:15:09.140+07:00", "2026-12-01 03:15 +07:00"),
        ("2026-11-30T20:15+00:00", "2026-12-01T03:15+07:00", "2026-12-01 03:15 +07:00"),
        ("2026-11-30T20:15+07:00", "2026-11-30T20:15+07:00", "2026-11-30 20:15 +07:00"),
        ("2026-11-30T20:15", "2026-11-30T20:15", "2026-11-30T20:15"),  # of an unknown zone
        ("2026-11-30", "2026-11-30", "2026-11-30"),
        ("2026-02-31T00:00:00+00:00", "2026-02-31T00:00:00+00:00", "2026-02-31T00:00:00+00:00"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ("hôm qua", "hôm qua", "hôm qua"),
        ("", "", ""),
    ],
)
def test_a_moment_that_is_kept_in_utc_is_shown_here(stored, iso, shown):
    assert local_iso(stored) == iso
    if "02-31" not in stored and "0001" not in stored:
        assert shown_moment(stored) == shown


def test_a_moment_may_be_given_as_one():
    assert local_iso(EVENING) == "2026-12-01T03:15:09+07:00"
    assert shown_moment(EVENING) == "2026-12-01 03:15 +07:00" and local_day(EVENING) == "2026-12-01"


def test_json_has_its_moments_here_by_their_keys_and_nothing_else():
    utc = "2026-11-30T20:15:09+00:00"
    here = "2026-12-01T03:15:09+07:00"
    given = {
        "removed_at": utc,
        "title": utc,
        "published_at": "2026-11-30",
        "rows": [{"at": utc, "n": 1}],
        "gone_at": None,
    }
    assert with_local_times(given) == given | {"removed_at": here, "rows": [{"at": here, "n": 1}]}

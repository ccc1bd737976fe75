"""Dates that are months away from their neighbours in a list by date."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.profile.list_order import out_of_order

START = date(2025, 6, 30)


def a_list(*changes, count=12, step=3):
    """Entries every `step` days, the newest first; `changes`: (place, day) of those that say another day."""
    days = [START - timedelta(days=step * number) for number in range(count)]
    for place, day in changes:
        days[place] = day
    return [(f"bai-{number}", day) for number, day in enumerate(days)]


def test_a_date_far_from_both_sides_is_out_of_order():
    wrong = date(2025, 1, 6)  # 01/06 read month first
    assert out_of_order(a_list((8, wrong))) == {"bai-8": (date(2025, 6, 9), date(2025, 6, 3))}
    assert list(out_of_order(list(reversed(a_list((8, wrong)))))) == ["bai-8"]


def test_what_is_pinned_at_the_top_and_what_ends_a_list_is_left_alone():
    assert out_of_order(a_list((0, date(2019, 1, 1)), (11, date(2019, 1, 1)))) == {}


def test_a_list_that_is_not_by_date_says_nothing():
    entries = a_list()
    mixed = [entries[number * 5 % 12] for number in range(12)]
    assert out_of_order([(key, day + timedelta(days=200 * (at % 3))) for at, (key, day) in enumerate(mixed)]) == {}


def test_short_lists_and_lists_without_dates_say_nothing():
    assert out_of_order(a_list((3, date(2020, 1, 1)), count=7)) == {}
    assert out_of_order([(f"bai-{number}", None) for number in range(20)]) == {}


@given(st.lists(st.integers(0, 20), min_size=8, max_size=60))
def test_a_list_in_order_without_long_gaps_is_never_doubted(gaps):
    day, entries = START, []
    for number, gap in enumerate(gaps):
        day -= timedelta(days=gap)
        entries.append((str(number), day))
    assert out_of_order(entries) == {}

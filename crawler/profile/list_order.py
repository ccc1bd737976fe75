"""Dates that are out of place in their list, which is by date."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

_FEWEST = 8  # dated entries of a list from which its order is judged
_SORTED = 0.8  # share of neighbours that must be in order
_FAR = timedelta(days=62)  # from both sides
_NEAR = timedelta(days=31)  # of each other, the neighbours
_SIDE = 2  # neighbours on each side


def out_of_order(entries: Sequence[tuple[str, date | None]]) -> dict[str, tuple[date, date]]:
    """Return identity → (the day above, the day below) for entries more than two months away from their neighbours.

    `entries`: (identity, day) in the list's order. Only lists that are by date, newest or oldest first, say anything;
    in them an entry is out of place where the two above and the two below lie within a month of each other, and it far
    from all of them. The ends of a list are left alone: what is pinned there is old by intent.
    """
    dated = [(key, day) for key, day in entries if day is not None]
    if len(dated) < _FEWEST:
        return {}
    days = [day for _, day in dated]
    falling = sum(a >= b for a, b in pairwise(days))
    rising = sum(a <= b for a, b in pairwise(days))
    if max(falling, rising) < _SORTED * (len(days) - 1):
        return {}
    found = {}
    for at in range(_SIDE, len(dated) - _SIDE):
        around = [*days[at - _SIDE : at], *days[at + 1 : at + 1 + _SIDE]]
        if max(around) - min(around) <= _NEAR and min(abs(days[at] - day) for day in around) > _FAR:
            found[dated[at][0]] = (days[at - 1], days[at + 1])
    return found

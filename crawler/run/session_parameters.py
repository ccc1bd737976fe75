"""Parameters that say which visitor asks, not which page is asked for: how a site's pages show them. Pure.

A session's id is the same in every link of one page, or one of its own in each, and another one when the page is asked
for again. What names a page or a section stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from crawler import urls

_LINKS = 3  # addresses from which a parameter may be a session's
_SHORTEST, _RANDOM = 4, 8  # characters of a session's id, and of one in each link
_COMPARED = 2  # addresses that came again
_MOST = 2_000  # links of a page that are looked at, and addresses that are remembered of a parameter

Carried = Mapping[str, Mapping[str, str]]
"""Name of a parameter → address without it → the value with which it came."""


def may_be_sessions(links: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the parameters in the links of a page that may be a session's, by what they look like.

    No address comes with two values of one, several addresses carry it, and its values have a digit. If links differ in
    it, the values are long.
    """
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for link in islice(links, _MOST):
        for name, value in _pairs(link):
            values[name][urls.without_parameters(link, (name,))].add(value)
    found = {}
    for name, carriers in values.items():
        given = set().union(*carriers.values())
        if len(carriers) < _LINKS or any(len(each) > 1 for each in carriers.values()):
            continue
        if all(map(_may_be_session if len(given) == 1 else _is_random, given)):
            found[name] = {address: next(iter(each)) for address, each in sorted(carriers.items())}
    return found


def _may_be_session(value: str) -> bool:
    return len(value) >= _SHORTEST and any(character.isdigit() for character in value)


def _is_random(value: str) -> bool:
    return len(value) >= _RANDOM and _may_be_session(value) and not (value.isdigit() and len(value) <= _RANDOM + 2)


def not_handed_on(found: Carried, asked: str) -> dict[str, Mapping[str, str]]:
    """Return `found` without the parameters that the page was asked for with: it may hand them on to its links."""
    own = {name for name, _ in _pairs(asked)}
    return {name: carried for name, carried in found.items() if name not in own}


def changed(found: Carried, known: Carried) -> set[str]:
    """Return the parameters all of whose addresses that are known came with other values."""
    sessions = set()
    for name, carried in found.items():
        before = known.get(name, {})
        again = [address for address in carried if address in before]
        if len(again) >= _COMPARED and all(before[address] != carried[address] for address in again):
            sessions.add(name)
    return sessions


def known_values(addresses: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return parameter → address without it → value, of stored addresses."""
    known: dict[str, dict[str, str]] = defaultdict(dict)
    for address in addresses:
        for name, value in _pairs(address):
            if len(known[name]) < _MOST:
                known[name][urls.without_parameters(address, (name,))] = value
    return dict(known)


def _pairs(url: str) -> list[tuple[str, str]]:
    query = urlsplit(url).query
    return parse_qsl(query) if query else []

"""Parameters that say which visitor asks, not which page is asked for: how a site's pages show them. Pure.

A session's id is the same in every link of one page, and another one when the page is asked for again. What names a
page or a section differs within a page, or stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from crawler import urls

_LINKS = 3  # addresses with one value from which it may be a session's
_SHORTEST = 4  # characters of a session's id
_CHANGED = 2  # known addresses that came again with another value
_MOST = 2_000  # addresses that are remembered of a parameter

Constants = dict[str, tuple[str, list[str]]]
"""Name of a parameter → its one value on a page, and the addresses that carry it, without it."""


def constants(links: Iterable[str]) -> Constants:
    """Return the parameters that have one value in all links of a page, and several addresses that carry it."""
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for link in links:
        for name, value in _pairs(link):
            values[name][value].add(urls.without_parameters(link, (name,)))
    found: Constants = {}
    for name, carriers in values.items():
        value, addresses = next(iter(carriers.items()))
        if len(carriers) == 1 and len(addresses) >= _LINKS:
            found[name] = value, sorted(addresses)
    return found


def not_handed_on(found: Constants, asked: str) -> Constants:
    """Return `found` without the parameters that the page was asked for with: it may hand them on to its links."""
    own = {name for name, _ in _pairs(asked)}
    return {name: carried for name, carried in found.items() if name not in own}


def changed(found: Constants, known: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the parameters that an earlier run stored with other values only.

    So a session shows that lasts for a whole run. `known`: as `known_values` returns it.
    """
    return {
        name
        for name, (value, addresses) in found.items()
        if may_be_session(value) and _has_changed(value, addresses, known.get(name, {}))
    }


def _has_changed(value: str, addresses: list[str], known: Mapping[str, str]) -> bool:
    before = [known[address] for address in addresses if address in known]
    return len(before) >= _CHANGED and value not in before


def compared(first: Constants, again: Constants) -> tuple[set[str], set[str]]:
    """Return of a page that came twice the parameters whose value changed, and those whose value stayed."""
    both = first.keys() & again.keys()
    other = {name for name in both if first[name][0] != again[name][0]}
    return other, both - other


def may_be_session(value: str) -> bool:
    """Return whether a value may be a visitor's: it has some length and a digit, and is no number of a page."""
    return len(value) >= _SHORTEST and any(character.isdigit() for character in value)


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

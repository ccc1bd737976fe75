"""Addresses of a list's further pages: none of them is a list of its own."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from spiders.lists.address_shapes import Learnt
from spiders.platform import Platform

_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_HAS_NUMBER = re.compile(r"\d+")
# Names that count pages on some sites and mean something else on others: /?p=123 is an article of WordPress.
_MAY_COUNT = re.compile(r"p|pg|page\w*|trang|start|limitstart|offset|skip|from", re.IGNORECASE)


def first_page(url: str, platform: Platform) -> str:
    """Return the address of the first page of the list that `url` is a page of; other addresses unchanged."""
    found = platform.page(url)
    if found is None:
        return url
    return without_parameter(url, found[0]) if found[0] else platform.first_of(url)


def is_first(url: str, platform: Platform, learnt: Learnt | None) -> bool:
    """Return whether nothing says that `url` is a further page of a list: neither the platform nor what the pagers of
    the site's pages have taught."""
    return platform.page(url) is None and not (learnt and learnt.is_further_page(url))


def further_pages(texts: Mapping[str, str], platform: Platform, named: Iterable[str] = ()) -> set[str]:
    """Return those addresses of `texts` (URL → text of the first link to it) that are further pages of lists: those
    that the platform knows, those that a pager has `named`, those whose link is a number, and those that differ from
    one of these in a number alone."""
    found = {url for url in texts if platform.page(url) is not None} | {*named}
    numbered = {url for url, text in texts.items() if _NUMBER.fullmatch(text)}
    kinds = {_without_numbers(url) for url in (*found, *numbered)}
    return (found & {*texts}) | {
        url for url in texts if _HAS_NUMBER.search(_target(url)) and _without_numbers(url) in kinds
    }


def _without_numbers(url: str) -> str:
    return _HAS_NUMBER.sub("0", _target(url))


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def first_pages(addresses: Iterable[str], platform: Platform) -> list[str]:
    """Return the first pages of the lists that `addresses` are of, each once, in their order.

    A parameter that may count pages is believed to do so where another of them differs in it alone.
    """
    firsts = list(dict.fromkeys(first_page(url, platform) for url in addresses))
    return list(dict.fromkeys(_known_first(url, set(firsts)) for url in firsts))


def _known_first(url: str, others: set[str]) -> str:
    for name, value in parse_qsl(urlsplit(url).query):
        if value.isdigit() and _MAY_COUNT.fullmatch(name) and (first := without_parameter(url, name)) in others:
            return first
    return url


def without_parameter(url: str, name: str) -> str:
    """Return `url` without one parameter of its query."""
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair and pair.split("=", 1)[0] != name]
    return urlunsplit(parts._replace(query="&".join(pairs)))

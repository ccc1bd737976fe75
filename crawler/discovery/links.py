"""The hosts that pages name: links, options and `data-url` whose text or label names a unit of a province."""

from collections.abc import Iterator

from crawler.discovery.model import Candidate, FrontPage
from crawler.units.provinces import ProvinceQuery


def links_of(page: FrontPage, province: ProvinceQuery) -> Iterator[Candidate]:
    """Yield the hosts that a page names for units of a province, each once; `form` is "link"."""
    yield from ()

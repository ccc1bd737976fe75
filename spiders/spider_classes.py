"""The spider classes of the platforms."""

from functools import cache

from spiders.base import PortalSpider
from spiders.fingerprint import platform_modules


@cache
def spider_class(name: str) -> type[PortalSpider]:
    """Return the spider class of a platform. Raises KeyError for an unknown name."""
    module = platform_modules()[name]
    found: list[type[PortalSpider]] = [
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, PortalSpider) and item.__module__ == module.__name__
    ]
    return found[0]

"""The registered sites: every spider under `spiders/`, by slug."""

import importlib
import pkgutil
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import spiders
from crawler.errors import TinphuongError
from spiders import site_table
from spiders.base import PortalSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.settings import BaseSettings


class UnknownSite(TinphuongError):
    """No site is registered under that name; the message offers the nearest."""


@cache
def sites() -> dict[str, type[PortalSpider]]:
    """Return slug → spider class, sorted by slug: those with a file of their own and those of the table.

    Raises ValueError where two claim one slug, BadTable for a table with faults.
    """
    found = dict(from_files())
    for slug, spider in site_table.load(site_table.TABLE).items():
        if slug in found:
            raise ValueError(f"{found[slug].__module__} and the table {site_table.TABLE} both claim the site {slug}")
        found[slug] = spider
    return dict(sorted(found.items()))


@cache
def from_files() -> dict[str, type[PortalSpider]]:
    """Return slug → spider class of the sites with a file of their own. Raises ValueError where two claim one slug."""
    found: dict[str, type[PortalSpider]] = {}
    for module_info in pkgutil.walk_packages(spiders.__path__, "spiders."):
        if module_info.ispkg or module_info.name.startswith("spiders.platforms"):
            continue
        module = importlib.import_module(module_info.name)
        for item in vars(module).values():
            if not (isinstance(item, type) and issubclass(item, PortalSpider) and item.__module__ == module.__name__):
                continue
            slug = getattr(item, "name", None)
            if not slug:
                continue
            if slug in found:
                raise ValueError(f"{found[slug].__module__} and {module.__name__} both claim the site {slug}")
            found[slug] = item
    return found


def site(name: str) -> type[PortalSpider]:
    """Return the spider class registered as `name`. Raises UnknownSite with the nearest names."""
    known = sites()
    if name in known:
        return known[name]
    wanted = name.lower().replace("-", "_")
    near = get_close_matches(wanted, known, n=3, cutoff=0.5)
    near += [slug for slug in known if wanted in slug or slug.split("_", 1)[-1] in wanted if slug not in near]
    hint = f"did you mean {' or '.join(near[:3])}?" if near else "`tinphuong sites` lists them"
    raise UnknownSite(f"no site is registered as {name!r}; {hint}")


def by_host(host: str) -> type[PortalSpider] | None:
    """Return the site that `host` serves, or None."""
    return next((spider for spider in sites().values() if host in (spider.host, *spider.other_hosts)), None)


class RegisteredSites:
    """Scrapy's loader of spiders over the registry, so that `scrapy list` and `scrapy crawl` know every site."""

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> Self:
        """Build; the settings say nothing that matters here."""
        return cls()

    def load(self, spider_name: str) -> type[PortalSpider]:
        """Return the spider class of a site. Raises KeyError, as Scrapy expects, for an unknown one."""
        try:
            return site(spider_name)
        except UnknownSite as error:
            raise KeyError(str(error)) from None

    def list(self) -> Sequence[str]:
        """Return the slugs of all sites."""
        return [*sites()]

    def find_by_request(self, request: "Request") -> Sequence[str]:
        """Return the slugs of the sites that a request's host serves."""
        found = by_host(urlsplit(request.url).hostname or "")
        return [str(found.name)] if found else []

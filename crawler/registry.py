"""The registered sites: every spider under `spiders/`, by slug."""

import importlib
import pkgutil
from difflib import get_close_matches
from functools import cache

import spiders
from spiders.base import PortalSpider


class UnknownSite(Exception):
    """No site is registered under that name; the message offers the nearest."""


@cache
def sites() -> dict[str, type[PortalSpider]]:
    """Return slug → spider class, sorted by slug.

    Raises ValueError where two files claim one slug.
    """
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
    return dict(sorted(found.items()))


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

"""A site whose facts state no platform, read as one of the platform that a run found."""

from functools import cache
from typing import TYPE_CHECKING

from crawler.run.site import FOUND
from spiders.fingerprint import platforms

if TYPE_CHECKING:
    from spiders.base import PortalSpider


@cache
def on_platform(site: "type[PortalSpider]", name: str) -> "type[PortalSpider]":
    """Return a class over that of `site` with the platform `name`; `site` itself where no platform has that name.

    All that a spider class of a platform adds to `PortalSpider` is its platform, but for `generic`, which leaves its
    own ways where its platform is another one.
    """
    if name not in platforms():
        return site
    facts = {"platform": platforms()[name], "platform_from": FOUND, "__module__": site.__module__}
    made: type[PortalSpider] = type(site.__name__, (site,), facts)
    return made

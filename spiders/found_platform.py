"""A site whose facts state no platform, read as one of the platform that a run found."""

from functools import cache

from crawler.run.site import FOUND, Site
from spiders.fingerprint import platforms


@cache
def on_platform(site: type[Site], name: str) -> type[Site]:
    """Return a class over that of `site` with the platform `name`; `site` itself where no platform has that name.

    All that a spider class of a platform adds to `PortalSpider` is its platform, but for `generic`, which leaves its
    own ways where its platform is another one.
    """
    if name not in platforms():
        return site
    facts = {"platform": platforms()[name], "platform_from": FOUND, "__module__": site.__module__}
    return type(site.__name__, (site,), facts)

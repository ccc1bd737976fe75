"""A site whose facts state no platform, read as one of the platform that a run found."""

from crawler.run.site import FOUND, Site
from spiders.fingerprint import platforms

_made: dict[tuple[type[Site], str], type[Site]] = {}


def on_platform(site: type[Site], name: str) -> type[Site]:
    """Return a class over that of `site` with the platform `name`, always the same one; `site` itself where no platform
    has that name.

    All that a spider class of a platform adds to `PortalSpider` is its platform, but for `generic`, which leaves its
    own ways where its platform is another one.
    """
    if name not in platforms():
        return site
    if (site, name) not in _made:
        facts = {"platform": platforms()[name], "platform_from": FOUND, "__module__": site.__module__}
        _made[site, name] = type(site.__name__, (site,), facts)
    return _made[site, name]

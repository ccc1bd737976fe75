"""The platform of a site whose facts state none: what the database keeps of it from run to run.

The column `platform` of `sites` has the platform by which a site was read last; "" while it is still to be found.
"""

from crawler import clock
from crawler.reasons import Reason
from crawler.run.site import FOUND, GENERIC, STATED, UNKNOWN, Site
from crawler.run.site_report import SiteReport
from storage import Collection, site_memory
from storage.views.sites import kept_platform


def take_kept(collection: Collection, spider: Site) -> None:
    """Have a site read by the platform that an earlier run found, unless its facts state one."""
    if spider.platform_from != STATED and (kept := kept_platform(collection.db.conn, spider.name)):
        spider.take_platform(kept)


def as_kept(collection: Collection, site: type[Site]) -> type[Site]:
    """Return the class of a site with the platform that an earlier run found, unless its facts state one."""
    kept = kept_platform(collection.db.conn, site.name) if site.platform_from != STATED else None
    return site.of_platform(kept) if kept else site


def put_site(collection: Collection, spider: Site) -> None:
    """Write the row of a site. What is known of its lists goes where its platform is another one than before: it was
    read by that one's rules."""
    before = kept_platform(collection.db.conn, spider.name)
    if before is not None and (before or GENERIC) != spider.platform.name:
        site_memory.forget_lists(collection, spider.name)
    collection.put_site(
        {
            "slug": spider.name,
            "name": spider.ward,
            "host": spider.host,
            "platform": "" if spider.platform_from == UNKNOWN else spider.platform.name,
            "unit_old": spider.unit_old,
            "unit_new": spider.unit_new,
            "updated_at": clock.stamp(),
            "rights": spider.rights or None,
            "rights_url": spider.rights_url or None,
        }
    )


def settle(collection: Collection, spider: Site, report: SiteReport, *, is_live: bool) -> None:
    """Say at the end of a run by which platform the site was read.

    That it has none is kept once its lists were read so. A platform that was only found is given up where a start page
    without articles shows that it is another one (`wrong_platform`).
    """
    report.platform, report.platform_from = spider.platform.name, spider.platform_from
    if spider.platform_from != FOUND:
        return
    if spider.platform.name == GENERIC:
        if report.linked:
            put_site(collection, spider)
    elif is_live and not report.linked and Reason.WRONG_PLATFORM in report.empty_because:
        report.looks_anew = True
        site_memory.refuse_platform(collection, spider.name, spider.platform.name, clock.stamp())

"""Keeps the platform that a run finds on a site's pages."""

from crawler.extensions.ledger import ledger_of
from crawler.run.site import Site
from storage.errors import CapturesUnwritable, Unwritable


def keep_platform(spider: Site, name: str) -> None:
    """Go on with the platform `name`, in this run and in those to come. Ends the run where the database cannot be
    written."""
    ledger = ledger_of(spider.crawler)
    spider.take_platform(name)
    try:
        ledger.platform_found(spider)
    except (Unwritable, CapturesUnwritable) as error:
        ledger.stop_run(error)

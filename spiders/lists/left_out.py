"""The sections of a site that are not visited, in one run."""

from crawler.reasons import Reason
from crawler.run.site import Site
from spiders.reports import Reports


class LeftOut:
    """Tells which addresses are left out by the site's fact `leave_out`, and reports each that is met once.

    `keys`: the identities of the articles among them.
    """

    def __init__(self, site: Site, report: Reports):
        self._site = site
        self._report = report
        self._met: set[str] = set()
        self.keys: set[str] = set()

    def has(self, url: str, key: str | None = None) -> bool:
        """Tell whether a page, or the article `key` at that address, is not to be asked for."""
        if not self._site.is_left_out(url):
            return False
        if key is not None:
            self.keys.add(key)
        if url not in self._met:
            self._met.add(url)
            self._report.skipped(url, Reason.LEFT_OUT, kind="section", key=key)
        return True

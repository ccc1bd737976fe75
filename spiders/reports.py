"""What a spider reports of its run, as signals; the ledger (`crawler.extensions.ledger`) counts them."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler import clock
from crawler.reasons import Reason
from crawler.run.items import Listed
from crawler.run.log_fields import about
from crawler.run.signals import article_met, listing_read, page_skipped
from crawler.run.site import Site
from crawler.run.site_memory import FIRST, Page, PageMemory, Remembered
from spiders.lists import sitemap_dates
from spiders.lists.listing import Listing
from spiders.lists.responses import page_memory
from spiders.lists.section_walk import SectionWalk

logger = logging.getLogger(__name__)


class Reports:
    """Sends the signals of `crawler.run.signals` for one spider."""

    def __init__(self, spider: Site):
        self._spider = spider

    def met(self, key: str, url: str, listed: Listed) -> None:
        """Report an article that is to be fetched."""
        self._send(article_met, key=key, url=url, listed=listed)

    def read(
        self,
        response: Response,
        asked: str,
        section: str,
        walk: SectionWalk,
        page: Page,
        listing: Listing,
        *,
        is_list: bool,
    ) -> None:
        """Report a page that was read for its links, with what the next run is to remember of it.

        `asked`: its address, with its form.
        """
        self._send(
            listing_read,
            url=response.url,
            articles=len(listing.entries),
            items=listing.item_count,
            empty_because=listing.empty_because,
            rights=listing.rights,
            capture=(response.meta.get("capture_id"), response.meta.get("captured_at")),
            section=section,
            was_list=page == FIRST and walk.memory.is_list and bool(walk.memory.top) and not listing.is_index,
            remembered=walk.remembered(page, asked) if is_list else Remembered(walk.url, is_list=False),
            page=self._page_memory(page, asked, response, listing),
        )

    def _page_memory(self, page: Page, asked: str, response: Response, listing: Listing) -> PageMemory | None:
        memory = page_memory(asked, response, listing)
        if not sitemap_dates.is_sitemap(page):
            return memory
        before = self._spider.memory.pages.get(asked) if response.status == 304 else None
        return sitemap_dates.remembered(page, asked, clock.now(), memory or before)

    def skipped(self, url: str, reason: str, detail: str = "", *, kind: str, key: str | None = None) -> None:
        """Report a page that was not read or not fetched, with the word and the detail of why.

        `kind`: listing, section, article or recheck; `key`: the identity of the article, where it is one.
        """
        self._send(page_skipped, url=url, reason=str(reason), detail=detail, kind=kind, key=key)

    def attempt(
        self, url: str, ask: Callable[..., Request | Iterable[Request] | None], *facts: Any, **more: Any
    ) -> list[Request]:
        """Return the requests that `ask` makes for the page `url`; an exception of ours there loses that page only."""
        try:
            found = ask(*facts, **more)
            return [found] if isinstance(found, Request) else list(found or ())
        except Exception as error:
            site = self._spider.name
            of_page = about(site, url=url, reason=Reason.INTERNAL_ERROR)
            logger.exception("%s: an error of tinphuong itself on %s", site, url, extra=of_page)
            self.skipped(url, Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}", kind="listing")
            return []

    def _send(self, signal: object, **facts: object) -> None:
        self._spider.crawler.signals.send_catch_log(signal, spider=self._spider, **facts)

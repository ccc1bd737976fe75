"""Counts exceptions of our own code in one page: that page is lost, and nothing else."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scrapy import Request
from scrapy.http import Response

from crawler import clock
from crawler.reasons import Reason
from crawler.run.items import PageItem
from storage.errors import CapturesUnwritable, Unwritable


class BrokenPage(NamedTuple):
    """A page on which our own code failed. `kind` is that of a skipped page; `key`: the article's identity."""

    url: str
    kind: str
    key: str | None


class PageErrors:
    """Gives the pages on which callbacks, pipelines and handlers of signals fail to the ledger of a run.

    A page that was lost is counted as any other that could not be read, and stays asked for. Where a handler failed,
    the page may have been stored; there it is only counted.
    """

    def __init__(self, ledger: Any):  # crawler.extensions.ledger.Ledger, which has this object
        self._ledger = ledger

    def in_callback(self, failure: Any, response: Any) -> None:
        """Count the page of a callback that failed; `response` is a Failure where it was an errback."""
        page = self._page_of(getattr(response, "request", None))
        if page is None:
            self._ledger.report.bugs += 1
            return
        if page.key is not None:
            self._ledger.spider.frontier.give_up(page.key, page.url)
        self._lose(page, failure.value)

    def in_pipeline(self, item: PageItem, failure: Any) -> None:
        """Count the page of an item that a pipeline failed on."""
        self._lose(self._page_of_item(item), failure.value)

    def in_handler(self, named: Mapping[str, Any]) -> None:
        """Count the page about which a signal was sent with `named`, or an error of the run where it was about none."""
        ledger, report = self._ledger, self._ledger.report
        page = self._page_named(named)
        if page is None:
            report.bugs += 1
            return
        report.page_errors += 1
        if page.kind == "recheck":
            report.rechecks_failed[Reason.INTERNAL_ERROR] += 1
        else:
            report.skip(page.kind, Reason.INTERNAL_ERROR)
        try:
            at = clock.stamp()
            ledger.collection.add_skipped(ledger.run_id, report.site, page.url, Reason.INTERNAL_ERROR, None, at)
        except (Unwritable, CapturesUnwritable) as error:
            ledger.stop_run(error)

    def _lose(self, page: BrokenPage, error: BaseException) -> None:
        detail = f"{type(error).__name__}: {error}"
        self._ledger.page_skipped(page.url, Reason.INTERNAL_ERROR, detail, page.kind, page.key)

    def _page_named(self, named: Mapping[str, Any]) -> BrokenPage | None:
        response, item, url = named.get("response"), named.get("item"), named.get("url")
        request = named.get("request") or getattr(response, "request", None)
        if isinstance(item, PageItem):
            return self._page_of_item(item)
        if isinstance(request, Request):
            return self._page_of(request) or BrokenPage(request.url, "section", None)
        if isinstance(response, Response):
            return BrokenPage(response.url, "section", None)
        return BrokenPage(url, "section", None) if isinstance(url, str) else None

    def _page_of(self, request: Request | None) -> BrokenPage | None:
        if request is None:
            return None
        key = request.cb_kwargs.get("key")
        url = (request.meta.get("redirect_urls") or (request.url,))[0]
        if key is not None:
            return BrokenPage(url, self._kind_of(key), key)
        return BrokenPage(url, "listing", None) if "section" in request.cb_kwargs else None

    def _page_of_item(self, item: PageItem) -> BrokenPage:
        return BrokenPage(item.url, self._kind_of(item.key), item.key)

    def _kind_of(self, key: str) -> str:
        return "recheck" if key in self._ledger.spider.memory.stored else "article"

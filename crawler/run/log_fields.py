"""What a log line is about, for structured logs: `logger.warning("…", extra=about(site, url=url, reason=reason))`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

runs_going_on: dict[str, int] = {}
"""Slug → `runs.id`. Of the whole process, as logging is."""


def about(site: str | None = None, *, url: str | None = None, reason: str | None = None) -> dict[str, str | None]:
    """Return the attributes of a log record that name a site, a page and a word of crawler.reasons."""
    return {"site": site, "url": url, "reason": str(reason) if reason else None}


def site_of(crawler: "Crawler") -> str | None:
    """Return the slug of the site that a crawler crawls."""
    return crawler.spider.name if crawler.spider else None

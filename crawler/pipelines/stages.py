"""The work of each stage as a pure function, shared by the pipelines of a crawl and `tinphuong reprocess`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.dates import DateCandidate, find_event_dates
from crawler.dates.model import HANOI
from crawler.extraction import Article, apply_publication, frames, isolate
from crawler.extraction.further_pages import join
from crawler.reasons import Reason
from crawler.run.items import PageItem
from crawler.run.site import Site
from crawler.text.text_keys import TextKeys, text_keys
from crawler.units import OLD
from crawler.units.links import linked_units, vintage_at
from crawler.units.scope import Scope, scope_of

if TYPE_CHECKING:
    from crawler.dates import EventDate
    from crawler.extraction.observe import Observer
    from crawler.units.links import Link


@dataclass(slots=True)
class PageRead:
    """What the stages up to the units read in one page, and the `keys` of its text. Without an article only the reason
    for that says something."""

    article: Article
    event_dates: "list[EventDate]"
    units: "list[Link]"
    observer: "Observer | None"
    keys: TextKeys | None

    def onto(self, item: PageItem) -> Article:
        """Add it to the page's item; returns the article."""
        item.article, item.event_dates, item.units = self.article, self.event_dates, self.units
        item.observer, item.keys = self.observer, self.keys
        item.content_hash = self.keys.content_hash if self.keys else ""
        return self.article


def read_article(site: type[Site], item: PageItem) -> PageRead:
    """Take the page of `item` through the stages that need nothing but the page: article, dates, units.

    This is the work that a `crawler.run.reading.reader.PageReader` does in a process of its own.
    """
    article, keys = isolate_article(item), None
    if not article.reason:
        complete_dates(item, article)
        # The table of units is loaded with the first article; a run without articles does not load it.
        link_units(item, article, scope_of(item.site, site.unit_old, site.unit_new))
        keys = text_keys(article.title or "", article.summary or "", article.body)
    return PageRead(article, item.event_dates, item.units, item.observer, keys)


def isolate_article(item: PageItem) -> Article:
    """Return the page's article together with the text of its frames and further pages.

    The article's title in its list helps to find it on the page; its excerpt there becomes the summary, and the list's
    own title the section, where the page shows none. `reason` says why a page holds no article.
    """
    listed = item.listed
    html, charset = item.html, item.charset
    if framed := {page.frame: (page.url, page.html, page.charset) for page in item.further if page.frame}:
        html, charset = frames.filled(html, item.url, charset, framed), "utf-8"
    article = isolate(
        html,
        item.url,
        layout=item.layout,
        charset=charset,
        listed=listed.title,
        listed_summary=listed.summary,
        summary_is_written=listed.summary_is_written,
        profile=item.profile,
        observer=item.observer,
    )
    if following := [page for page in item.further if not page.frame]:
        parts = [
            isolate(page.html, page.url, layout=item.layout, charset=page.charset, profile=item.profile)
            for page in following
        ]
        article = join(article, parts)
    if item.lacks_frame and not (article.body or article.attachments or article.images):
        article.reason = article.reason or Reason.PART_MISSING
    if not article.reason:
        article.section = article.section or item.listed.section or None
    return article


def complete_dates(item: PageItem, article: Article) -> None:
    """Choose the publication date, the list's own date among the candidates, and find the days the body names."""
    if item.listed.date:
        label = "feed" if item.listed.by_feed else ""
        article.date_candidates.append(DateCandidate(item.listed.date, "listing", label))
    apply_publication(article, item.fetched_at, item.profile)
    item.event_dates = find_event_dates(article.body, published=article.published_at)


def link_units(item: PageItem, article: Article, scope: Scope) -> None:
    """Find the wards and communes that the article is about; `scope` is that of its site.

    An article without a date that was seen before July 2025 is read with the units of that time.
    """
    seen = item.fetched_at.astimezone(HANOI).date().isoformat()
    published = article.published_at or (seen if vintage_at(seen) == OLD else None)
    item.units = linked_units(
        article.title or "", article.summary or "", article.body, scope=scope, published=published
    )

"""What each stage makes of a page, as pure functions: the pipelines of a crawl and `tinphuong reprocess` share them."""

from crawler.dates import DateCandidate, find_event_dates
from crawler.dates.model import HANOI
from crawler.extraction import Article, apply_publication, isolate
from crawler.extraction.further_pages import join
from crawler.run.items import PageItem
from crawler.text import content_hash
from crawler.units import OLD
from crawler.units.links import linked_units, vintage_at
from crawler.units.scope import Scope


def isolate_article(item: PageItem) -> Article:
    """Return the page's article, read with its title in the list as a help, with what stands on its further pages.

    The list's own title is its section where the page names none.
    `reason` says why a page holds no article.
    """
    article = isolate(item.html, item.url, layout=item.layout, charset=item.charset, listed=item.listed.title)
    if item.further:
        parts = [isolate(page.html, page.url, layout=item.layout, charset=page.charset) for page in item.further]
        article = join(article, parts)
    if not article.reason:
        article.section = article.section or item.listed.section or None
    return article


def complete_dates(item: PageItem, article: Article) -> None:
    """Choose the publication date, the list's own date among the candidates, and find the days the body names."""
    if item.listed.date:
        article.date_candidates.append(DateCandidate(item.listed.date, "listing"))
    apply_publication(article, item.fetched_at)
    item.event_dates = find_event_dates(article.body, published=article.published_at)


def link_units(item: PageItem, article: Article, scope: Scope) -> None:
    """Find the wards and communes that the article is about; `scope` is that of its site.

    An article without a date that was there before July 2025 is of that time.
    """
    seen = item.fetched_at.astimezone(HANOI).date().isoformat()
    published = article.published_at or (seen if vintage_at(seen) == OLD else None)
    item.units = linked_units(
        article.title or "", article.summary or "", article.body, scope=scope, published=published
    )


def fingerprint(article: Article) -> str:
    """Return the hash by which two copies of the article are known."""
    return content_hash(article.title or "", article.body)

"""What each stage makes of a page, as pure functions: the pipelines of a crawl and `tinphuong reprocess` share them."""

from crawler.dates import DateCandidate, find_event_dates
from crawler.extraction import Article, apply_publication, isolate
from crawler.items import PageItem
from crawler.text import content_hash


def isolate_article(item: PageItem) -> Article:
    """Return the page's article, read with its title in the list as a help.

    The list's own title is its section where the page names none.
    `reason` says why a page holds no article.
    """
    article = isolate(item.html, item.url, layout=item.layout, charset=item.charset, listed=item.listed.title)
    if not article.reason:
        article.section = article.section or item.listed.section or None
    return article


def complete_dates(item: PageItem, article: Article) -> None:
    """Choose the publication date, the list's own date among the candidates, and find the days the body names."""
    if item.listed.date:
        article.date_candidates.append(DateCandidate(item.listed.date, "listing"))
    apply_publication(article, item.fetched_at)
    item.event_dates = find_event_dates(article.body, published=article.published_at)


def fingerprint(article: Article) -> str:
    """Return the hash by which two copies of the article are known."""
    return content_hash(article.title or "", article.body)

"""Both stages of extraction in one call."""

from datetime import datetime

from crawler.doubts import Doubt, DoubtKind
from crawler.extraction.article import Article
from crawler.extraction.isolation import isolate
from crawler.extraction.layout import Layout


def extract_article(
    html: bytes,
    url: str,
    *,
    platform: Layout | None = None,
    charset: str | None = None,
    fetched_at: datetime | None = None,
) -> Article:
    """Return the article of a page, its publication date chosen; `article.reason` says why a page holds none.

    `platform` is the layout of the page's platform, or None for a page on an unknown platform;
    `spiders.platforms.layout_named` gives a platform's layout by its name. `charset` is the HTTP header's; `fetched_at`
    (aware) keeps dates that lie behind the fetch from being believed. Raises ValueError for a naive `fetched_at`,
    TypeError for arguments of a wrong type; nothing in a page raises.
    """
    if fetched_at is not None and fetched_at.utcoffset() is None:
        raise ValueError("fetched_at must be aware of its time zone")
    if isinstance(platform, str):
        raise TypeError(f"platform must be a Layout: spiders.platforms.layout_named({platform!r}) gives it by its name")
    if platform is not None and not isinstance(platform, Layout):
        raise TypeError(f"platform must be a Layout or None, not {type(platform).__name__}")
    return apply_publication(isolate(html, url, layout=platform, charset=charset), fetched_at)


def apply_publication(
    article: Article, fetched_at: datetime | None = None, *,
    day_first: bool | None = None, clock_places: frozenset[str] = frozenset(),
) -> Article:  # fmt: skip
    """Choose the publication date among the article's candidates and its body; returns the same article, filled.

    Order of trust and rules, and what `day_first` and `clock_places` mean: `crawler.dates.choose_publication`. Its
    notes join the article's, its doubts take the place of those that the article had of its date.
    """
    from crawler.dates import choose_publication

    if article.reason is not None:
        return article
    body = "\n\n".join(part for part in (article.summary, article.body) if part)
    chosen = choose_publication(
        article.date_candidates, body=body, fetched_at=fetched_at, day_first=day_first, clock_places=clock_places
    )
    article.published_at = chosen.published_at
    article.published_precision = chosen.precision
    article.published_raw = chosen.raw
    article.published_from = chosen.source
    article.notes.extend(chosen.notes)
    article.doubts = [doubt for doubt in article.doubts if doubt.field != "published_at"]
    article.doubts += [Doubt("published_at", DoubtKind[kind.upper()], evidence) for kind, evidence in chosen.doubts]
    return article

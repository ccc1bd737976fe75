"""Both stages of extraction in one call."""

import importlib
import pkgutil
from datetime import datetime

from crawler.extraction.article import Article
from crawler.extraction.isolation import isolate
from crawler.extraction.layout import Layout


def extract_article(
    html: bytes,
    url: str,
    *,
    platform: str | Layout | None = None,
    charset: str | None = None,
    fetched_at: datetime | None = None,
) -> Article:
    """Return the article of a page, its publication date chosen; `article.reason` says why a page holds none.

    `platform` is a `Layout`, the name of a module in `spiders.platforms`, or None for a page on an unknown platform.
    `charset` is the HTTP header's; `fetched_at` (aware) keeps dates that lie behind the fetch from being believed.
    Raises ValueError for an unknown platform and a naive `fetched_at`, TypeError for arguments of a wrong type; nothing
    that stands in a page raises.
    """
    if fetched_at is not None and fetched_at.utcoffset() is None:
        raise ValueError("fetched_at must be aware of its time zone")
    layout = layout_of(platform)
    return apply_publication(isolate(html, url, layout=layout, charset=charset), fetched_at)


def apply_publication(article: Article, fetched_at: datetime | None = None) -> Article:
    """Choose the publication date among the article's candidates and its body; returns the same article, filled.

    Order of trust and rules: `crawler.dates.choose_publication`. Its notes join the article's.
    """
    from crawler.dates import choose_publication

    if article.reason is not None:
        return article
    body = "\n\n".join(part for part in (article.summary, article.body) if part)
    chosen = choose_publication(article.date_candidates, body=body, fetched_at=fetched_at)
    article.published_at = chosen.published_at
    article.published_precision = chosen.precision
    article.published_raw = chosen.raw
    article.published_from = chosen.source
    article.notes.extend(chosen.notes)
    return article


def layout_of(platform: str | Layout | None) -> Layout | None:
    """Return the layout of a platform given by name, as it is given, or None. Raises ValueError for an unknown name."""
    if platform is None or isinstance(platform, Layout):
        return platform
    if not isinstance(platform, str):
        raise TypeError(f"platform must be a name or a Layout, not {type(platform).__name__}")
    package = importlib.import_module("spiders.platforms")
    known = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    if platform in known:
        layout = getattr(importlib.import_module(f"spiders.platforms.{platform}"), "LAYOUT", ...)
        if layout is None or isinstance(layout, Layout):
            return layout
    raise ValueError(f"unknown platform {platform!r}; known: {', '.join(known) or 'none'}")

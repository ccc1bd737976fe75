"""Extraction: the bytes of a page in, an `Article` or the reason why there is none out. Pure functions.

    >>> article = extract_article(html, url)                                 # doctest: +SKIP
    >>> article.title, article.body, article.published_at                    # doctest: +SKIP

A page of a known platform is read with its `Layout`: `platform=layout_named("hanoi_liferay62")`,
from `spiders.platforms`.

`extract_article` is `isolate` (what is where on a page) and then `apply_publication` (which date is the article's).
"""

from crawler.extraction.article import Article, Attachment, Image
from crawler.extraction.extract import apply_publication, extract_article
from crawler.extraction.isolation import isolate
from crawler.extraction.layout import Layout
from crawler.reasons import Reason

__all__ = [
    "Article",
    "Attachment",
    "Image",
    "Layout",
    "Reason",
    "apply_publication",
    "extract_article",
    "isolate",
]

"""Extraction: the bytes of a page in, an `Article` or the reason why there is none out. Pure functions.

    >>> article = extract_article(html, url, platform="hanoi_liferay62")     # doctest: +SKIP
    >>> article.title, article.body, article.published_at                    # doctest: +SKIP

`extract_article` is `isolate` (what stands where) followed by `apply_publication` (which date is the article's).
"""

from crawler.extraction.article import Article, Attachment, Image
from crawler.extraction.extract import apply_publication, extract_article, layout_of
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
    "layout_of",
]

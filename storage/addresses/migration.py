"""The migration that made each address of an article say whether it is gone, and which date it shows.

What is known of the article's own address so far is taken over; of copies nothing was kept.
"""

ADDRESSES = """
ALTER TABLE article_urls ADD COLUMN gone_at TEXT; -- since when this address answers that the article is gone
ALTER TABLE article_urls ADD COLUMN published_precision TEXT; -- with published_at: as in articles
ALTER TABLE article_urls ADD COLUMN published_raw TEXT;
ALTER TABLE article_urls ADD COLUMN published_from TEXT;

UPDATE article_urls SET gone_at = a.gone_at, published_at = a.published_at,
    published_precision = a.published_precision, published_raw = a.published_raw, published_from = a.published_from
FROM articles a WHERE a.id = article_urls.article_id AND a.site = article_urls.site AND a.key = article_urls.key;
"""

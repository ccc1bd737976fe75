"""The migration that brought doubts, confirmations and site profiles."""

DOUBTS = """
ALTER TABLE articles ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]'; -- JSON: field, kind, evidence (crawler/doubts.py)
ALTER TABLE articles ADD COLUMN layout_matched INTEGER NOT NULL DEFAULT 1; -- 0: read without its platform's layout
UPDATE articles SET layout_matched = 0 WHERE notes LIKE '%"no container of %';
CREATE INDEX articles_doubted ON articles(site) WHERE doubts != '[]';
CREATE INDEX articles_site ON articles(site); -- in the order in which they came in

ALTER TABLE article_urls ADD COLUMN published_at TEXT; -- the day that this address shows, as in articles

CREATE TABLE confirmations (         -- what people said of fields; no run overwrites them
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    field TEXT NOT NULL,             -- a column of articles
    value TEXT,                      -- what is right; empty: the article has none
    was TEXT,                        -- what was stored before
    by TEXT NOT NULL,                -- who said it
    at TEXT NOT NULL
);
CREATE INDEX confirmations_article ON confirmations(article_id, field);

CREATE TABLE site_profiles (         -- what was learned of a site from many of its pages (crawler/profile)
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites(slug),
    valid_from TEXT NOT NULL,        -- when it was learned
    valid_until TEXT,                -- when another took its place; empty for today's
    articles INTEGER NOT NULL,       -- from so many
    profile TEXT NOT NULL            -- JSON: the facts with their counts
);
CREATE INDEX site_profiles_site ON site_profiles(site, valid_from);

CREATE TABLE site_observations (     -- of the newest articles of a site, what profiles are learned from
    site TEXT NOT NULL REFERENCES sites(slug),
    key TEXT NOT NULL,               -- of the article
    at TEXT NOT NULL,                -- when its page was fetched
    facts TEXT NOT NULL,             -- JSON
    PRIMARY KEY (site, key)
);
"""

"""The migration that brought what a page needs to look as it did."""

REQUISITES = """
CREATE TABLE requisites (            -- style sheets, fonts, scripts, pictures, data that pages need, each address once
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,              -- what for: style, font, script, picture, data
    capture_id INTEGER REFERENCES captures(id), -- the newest response that holds it
    fetch_error TEXT,                -- the last reason why there is none
    fetch_tries INTEGER NOT NULL DEFAULT 0 -- runs that asked in vain
);
CREATE INDEX requisites_capture ON requisites(capture_id);

CREATE TABLE article_requisites (    -- which of them the article's page needs
    article_id INTEGER NOT NULL REFERENCES articles(id),
    requisite_id INTEGER NOT NULL REFERENCES requisites(id),
    UNIQUE (article_id, requisite_id)
);
CREATE INDEX article_requisites_requisite ON article_requisites(requisite_id);

CREATE TABLE requisites_read (       -- the page of an article that was last read for what it needs
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    page_digest TEXT NOT NULL        -- payload_digest of its capture
);
"""

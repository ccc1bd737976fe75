"""The tables for searching and counting articles, as a migration of storage.schema."""

PLACES = """
-- The row of an article in articles_fts is no longer its id but its place in time, newest first, so that the newest of
-- many matches are the first that the index names. The index is therefore made anew, and with it the keys.
DROP TRIGGER search_keys_insert;
DROP TRIGGER search_keys_update;
DROP TRIGGER search_keys_delete;
DROP TABLE search_keys;
CREATE TABLE search_keys (           -- of each article what filters and counts ask for, apart from its long texts
    id INTEGER PRIMARY KEY,          -- of the article; kept by the triggers below
    site TEXT NOT NULL,
    published TEXT NOT NULL,         -- published_at, or '' where there is none
    section TEXT,
    removed INTEGER NOT NULL,        -- 1: the site took it down
    files INTEGER NOT NULL,          -- 1: it has attached files
    place INTEGER,                   -- its row in articles_fts; empty while it has none. Set by storage/fulltext.py
    day INTEGER AS (                 -- the first place of its day: 2^22 for each, the newest day first
        (99999999 - (CAST(substr(published, 1, 4) AS INTEGER) * 10000 + CAST(substr(published, 6, 2) AS INTEGER) * 100
                     + CAST(substr(published, 9, 2) AS INTEGER))) * 4194304
    ) VIRTUAL
);
CREATE TABLE search_months (         -- how many articles a site published in a month
    site TEXT NOT NULL,
    month TEXT NOT NULL,             -- 2021-05; 2021 or '' where more is not known
    articles INTEGER NOT NULL,
    PRIMARY KEY (site, month)
) WITHOUT ROWID;
CREATE TABLE search_counts (         -- how many articles are alike in all that the pages count by
    site TEXT NOT NULL,
    year TEXT NOT NULL,              -- 2021, or ''
    section TEXT NOT NULL,           -- or ''
    removed INTEGER NOT NULL,
    files INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (site, year, section, removed, files)
) WITHOUT ROWID;

INSERT INTO search_keys (id, site, published, section, removed, files)
    SELECT id, site, coalesce(published_at, ''), section, removed_at IS NOT NULL,
        EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = articles.id)
    FROM articles;
UPDATE search_keys SET place = made.place FROM (
    SELECT id, day + row_number() OVER (PARTITION BY day ORDER BY published DESC, id) - 1 AS place FROM search_keys
) AS made WHERE made.id = search_keys.id;
INSERT INTO search_months SELECT site, substr(published, 1, 7), count(*) FROM search_keys GROUP BY 1, 2;
INSERT INTO search_counts
    SELECT site, substr(published, 1, 4), coalesce(section, ''), removed, files, count(*) FROM search_keys
    GROUP BY 1, 2, 3, 4, 5;
CREATE INDEX search_keys_published ON search_keys(published);
CREATE INDEX search_keys_site ON search_keys(site, published);
CREATE INDEX search_keys_section ON search_keys(section, published);
CREATE INDEX search_keys_removed ON search_keys(published) WHERE removed;
CREATE INDEX search_keys_place ON search_keys(place, site, published, section, removed, files);
CREATE INDEX runs_site ON runs(site, id);
CREATE INDEX articles_run ON articles(run_id);

CREATE TRIGGER search_keys_insert AFTER INSERT ON articles BEGIN
    INSERT INTO search_keys (id, site, published, section, removed, files)
        VALUES (new.id, new.site, coalesce(new.published_at, ''), new.section, new.removed_at IS NOT NULL,
            EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = new.id));
END;
CREATE TRIGGER search_keys_update AFTER UPDATE OF id, site, published_at, section, removed_at ON articles
WHEN (old.id, old.site, old.published_at, old.section, old.removed_at IS NULL)
    IS NOT (new.id, new.site, new.published_at, new.section, new.removed_at IS NULL) BEGIN
    UPDATE search_keys SET id = new.id, site = new.site, published = coalesce(new.published_at, ''),
        section = new.section, removed = new.removed_at IS NOT NULL WHERE id = old.id;
END;
CREATE TRIGGER search_keys_delete AFTER DELETE ON articles BEGIN
    DELETE FROM search_keys WHERE id = old.id;
END;
CREATE TRIGGER search_keys_file AFTER INSERT ON attachments BEGIN
    UPDATE search_keys SET files = 1 WHERE id = new.article_id AND NOT files;
END;
CREATE TRIGGER search_keys_file_moved AFTER UPDATE OF article_id ON attachments BEGIN
    UPDATE search_keys SET files = EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = search_keys.id)
        WHERE id IN (old.article_id, new.article_id);
END;
CREATE TRIGGER search_keys_file_gone AFTER DELETE ON attachments BEGIN
    UPDATE search_keys SET files = EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = search_keys.id)
        WHERE id = old.article_id;
END;
CREATE TRIGGER search_counts_insert AFTER INSERT ON search_keys BEGIN
    INSERT INTO search_months VALUES (new.site, substr(new.published, 1, 7), 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
    INSERT INTO search_counts
        VALUES (new.site, substr(new.published, 1, 4), coalesce(new.section, ''), new.removed, new.files, 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER search_counts_delete AFTER DELETE ON search_keys BEGIN
    UPDATE search_months SET articles = articles - 1 WHERE site = old.site AND month = substr(old.published, 1, 7);
    UPDATE search_counts SET articles = articles - 1
        WHERE site = old.site AND year = substr(old.published, 1, 4) AND section = coalesce(old.section, '')
        AND removed = old.removed AND files = old.files;
END;
CREATE TRIGGER search_counts_update AFTER UPDATE OF site, published, section, removed, files ON search_keys BEGIN
    UPDATE search_months SET articles = articles - 1 WHERE site = old.site AND month = substr(old.published, 1, 7);
    UPDATE search_counts SET articles = articles - 1
        WHERE site = old.site AND year = substr(old.published, 1, 4) AND section = coalesce(old.section, '')
        AND removed = old.removed AND files = old.files;
    INSERT INTO search_months VALUES (new.site, substr(new.published, 1, 7), 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
    INSERT INTO search_counts
        VALUES (new.site, substr(new.published, 1, 4), coalesce(new.section, ''), new.removed, new.files, 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

DROP TABLE articles_fts;
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, summary, body, title_folded, text_folded, content='', tokenize='unicode61 remove_diacritics 0'
);
INSERT INTO articles_fts (rowid, title, summary, body, title_folded, text_folded)
    SELECT k.place, indexed_exact(a.title), indexed_exact(a.summary), indexed_exact(a.body),
        indexed_folded(a.title), indexed_folded(a.summary || char(10) || a.body) || ' ' || indexed_site(a.site)
    FROM search_keys k CROSS JOIN articles a ON a.id = k.id ORDER BY k.place;
DROP TABLE attachments_fts;
CREATE VIRTUAL TABLE attachments_fts USING fts5(
    title, summary, body, title_folded, text_folded, content='', tokenize='unicode61 remove_diacritics 0'
);
INSERT INTO attachments_fts (rowid, title, summary, body, title_folded, text_folded)
    SELECT id, '', '', indexed_exact(text), '', indexed_folded(text) FROM files WHERE text <> '';
"""

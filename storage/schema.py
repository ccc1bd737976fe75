"""The database's tables, as migrations by number: `PRAGMA user_version` says how many have run.

A migration is never edited once it has landed; a change is a new one at the end.
"""

from sqlite_utils import Database

from crawler.text.sketches import sketch
from storage.addresses.migration import ADDRESSES
from storage.alarms.migration import ALARMS
from storage.archives.migration import SOURCES, WEB_ARCHIVES
from storage.deliveries.migration import DELIVERIES
from storage.doubts.migration import DOUBTS
from storage.errors import NewerSchema
from storage.files.migration import REQUISITES
from storage.fixity.migration import FIXITY
from storage.rights.migration import RIGHTS
from storage.search import indexed_text
from storage.search.migration import PLACES
from storage.upgrade.sketches import SKETCHES
from storage.upgrade.statements import statements

_FIRST = """
CREATE TABLE sites (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL,              -- of the ward or office, as people say it
    host TEXT NOT NULL,
    platform TEXT NOT NULL,
    unit_old TEXT,                   -- code of the unit before July 2025
    unit_new TEXT,                   -- code of the unit since July 2025
    updated_at TEXT NOT NULL
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites(slug),
    mode TEXT NOT NULL,              -- live, replay or demo
    started_at TEXT NOT NULL,
    finished_at TEXT,                -- empty while the run goes on, or if it was killed
    status TEXT NOT NULL,            -- running, ok, failed, interrupted
    reason TEXT,                     -- why it failed: one word of the list in docs/operators.md
    message TEXT,                    -- the same as a sentence
    counts TEXT NOT NULL DEFAULT '{}', -- JSON: pages, listings, articles by outcome, requests, bytes, seconds
    skipped TEXT NOT NULL DEFAULT '{}', -- JSON: pages that were not stored, by reason
    software TEXT NOT NULL
);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites(slug),
    key TEXT NOT NULL,               -- the article's identity on its host: asset id, urlTitle, …
    url TEXT NOT NULL,               -- canonical
    title TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    markdown TEXT NOT NULL DEFAULT '',
    author TEXT,
    source TEXT,
    section TEXT,
    language TEXT,
    published_at TEXT,               -- ISO 8601 / EDTF in Việt Nam's time
    published_precision TEXT,
    published_raw TEXT,              -- the string as shown
    published_from TEXT,             -- page, meta, url, listing or body
    event_dates TEXT NOT NULL DEFAULT '[]', -- JSON: the days the body names
    notes TEXT NOT NULL DEFAULT '[]', -- JSON: what the stages remarked
    content_hash TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    changed_at TEXT,
    removed_at TEXT,
    run_id INTEGER NOT NULL REFERENCES runs(id), -- the run that wrote this text
    UNIQUE (site, key)
);
CREATE INDEX articles_hash ON articles(content_hash);
CREATE INDEX articles_published ON articles(published_at);

CREATE TABLE article_urls (
    url TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    site TEXT NOT NULL,              -- the site on which this URL was met
    key TEXT,                        -- the identity under which that site knows it
    relation TEXT NOT NULL,          -- canonical, alias (same identity) or duplicate (same text elsewhere)
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
);
CREATE INDEX article_urls_article ON article_urls(article_id);
CREATE INDEX article_urls_key ON article_urls(site, key);

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    markdown TEXT NOT NULL,
    author TEXT,
    source TEXT,
    published_at TEXT,
    published_raw TEXT,
    content_hash TEXT NOT NULL,
    seen_from TEXT NOT NULL,
    seen_until TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs(id) -- the run that had written this text
);
CREATE INDEX versions_article ON versions(article_id);

CREATE TABLE attachments (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,              -- pdf, docx, …
    position INTEGER NOT NULL,
    UNIQUE (article_id, url)
);

CREATE TABLE images (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    url TEXT NOT NULL,
    caption TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    UNIQUE (article_id, url)
);

CREATE TABLE skipped (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs(id),
    site TEXT NOT NULL,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,            -- http_404, timeout, antibot, no_article, …
    detail TEXT,
    seen_at TEXT NOT NULL
);
CREATE INDEX skipped_run ON skipped(run_id);

-- The index holds no second copy of the text. Exact columns keep every mark; folded ones have none, as SQLite itself
-- folds neither đ nor stacked marks.
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, summary, body, title_folded, text_folded,
    content='', tokenize='unicode61 remove_diacritics 0'
);
"""

_CAPTURES = """
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL,         -- WARC-Record-ID without its brackets: urn:uuid:…
    run_id INTEGER REFERENCES runs(id), -- empty for a record found in the files that no run of this database wrote
    site TEXT NOT NULL,
    url TEXT NOT NULL,               -- as it was asked for: WARC-Target-URI
    kind TEXT NOT NULL,              -- asked for: article, listing, attachment, robots, other; or redirect, what came
    status INTEGER NOT NULL,
    content_type TEXT,               -- as the server declared it
    captured_at TEXT NOT NULL,       -- UTC, as in WARC-Date
    file TEXT NOT NULL,              -- name in the folder of captures
    offset INTEGER NOT NULL,         -- bytes, of the response or revisit record
    length INTEGER NOT NULL,         -- bytes, compressed
    payload_digest TEXT NOT NULL,    -- SHA-256, hex, of the body as it came over the wire
    warc_digest TEXT NOT NULL,       -- WARC-Payload-Digest: sha1:…
    revisit_of INTEGER REFERENCES captures(id), -- the capture that holds the payload, where this one does not
    UNIQUE (file, offset)
);
CREATE INDEX captures_url ON captures(url, captured_at);
CREATE INDEX captures_digest ON captures(payload_digest);
CREATE INDEX captures_run ON captures(run_id);

ALTER TABLE articles ADD COLUMN capture_id INTEGER REFERENCES captures(id); -- the newest that shows this text
ALTER TABLE versions ADD COLUMN capture_id INTEGER REFERENCES captures(id); -- the newest that showed that text
"""

_SECTIONS = """
CREATE TABLE sections (
    site TEXT NOT NULL REFERENCES sites(slug),
    key TEXT NOT NULL,               -- host and path without scheme and language prefix
    url TEXT NOT NULL,
    is_list INTEGER NOT NULL,        -- 0: looked at and found to link to no articles
    complete INTEGER NOT NULL DEFAULT 0, -- 1: walked to its end once; from then on only its top is read
    resume TEXT,                     -- JSON [parameter, number, URL]: where an unfinished walk goes on
    top TEXT NOT NULL DEFAULT '[]',  -- JSON: identities on its first pages, as last read, newest first
    checked_at TEXT NOT NULL,
    PRIMARY KEY (site, key)
);

CREATE TABLE listing_pages (
    url TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites(slug),
    etag TEXT,
    last_modified TEXT,
    entries TEXT NOT NULL,           -- JSON: URLs of the articles it linked to
    pages TEXT NOT NULL,             -- JSON: [parameter, number, URL] of the pages it named
    read_at TEXT NOT NULL
);
CREATE INDEX listing_pages_site ON listing_pages(site);

ALTER TABLE articles ADD COLUMN checked_at TEXT; -- when its page was last asked for, whatever came
ALTER TABLE articles ADD COLUMN gone_at TEXT;    -- when it first answered that it is gone; empty while it is there

CREATE TABLE article_events (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    kind TEXT NOT NULL,              -- removed or returned
    at TEXT NOT NULL,
    reason TEXT,                     -- what its address answered: http_404, http_410, redirected_away, error_page
    run_id INTEGER NOT NULL REFERENCES runs(id)
);
CREATE INDEX article_events_article ON article_events(article_id);
"""

_PENDING = """
CREATE TABLE pending (               -- articles that were met in a list and are not stored yet
    site TEXT NOT NULL REFERENCES sites(slug),
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    listed TEXT NOT NULL,            -- JSON: what the list says of it: title, date, page, section
    tries INTEGER NOT NULL DEFAULT 0, -- how often it was asked for in vain
    PRIMARY KEY (site, key)
);
ALTER TABLE listing_pages ADD COLUMN links TEXT NOT NULL DEFAULT '[]'; -- JSON: other pages of the site it linked to
"""

_RUN_LOG = """
ALTER TABLE runs ADD COLUMN number INTEGER;  -- its place in the run log; empty until the run is over
ALTER TABLE runs ADD COLUMN previous TEXT;   -- SHA-256, hex, of the run before it in the log; empty in the first
CREATE UNIQUE INDEX runs_number ON runs(number);

CREATE TABLE run_log (
    number INTEGER PRIMARY KEY,      -- 1, 2, … without a gap
    run_id INTEGER NOT NULL,
    site TEXT NOT NULL,
    started_at TEXT NOT NULL,
    digest TEXT NOT NULL             -- of the run's row with its number and its `previous`: see storage/run_log.py
);
"""

_FILES = """
CREATE TABLE files (                 -- what attachments turned out to hold, each content once
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,     -- hex; also the file's place: <database>.attachments/ab/cdef….pdf
    size INTEGER NOT NULL,           -- bytes
    type TEXT NOT NULL,              -- by its own bytes: pdf, docx, …
    kept_at TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',   -- what it says, for searching
    text_reason TEXT,                -- why the text is missing or incomplete: encrypted, no_text, cut, …
    text_at TEXT                     -- when it was read; empty: not yet
);

ALTER TABLE attachments ADD COLUMN sha256 TEXT REFERENCES files(sha256); -- empty: not fetched
ALTER TABLE attachments ADD COLUMN size INTEGER;
ALTER TABLE attachments ADD COLUMN real_type TEXT;   -- by its own bytes; `type` is what the link claims
ALTER TABLE attachments ADD COLUMN fetched_at TEXT;  -- when asking ended, with a file or an answer that is final
ALTER TABLE attachments ADD COLUMN fetch_error TEXT; -- the last reason why there is none
ALTER TABLE attachments ADD COLUMN fetch_tries INTEGER NOT NULL DEFAULT 0; -- runs that asked in vain since then
ALTER TABLE attachments ADD COLUMN capture_id INTEGER REFERENCES captures(id);
CREATE INDEX attachments_sha256 ON attachments(sha256);
CREATE INDEX attachments_url ON attachments(url);

-- The columns are those of articles_fts, so that one expression asks both; the row is that of `files`.
CREATE VIRTUAL TABLE attachments_fts USING fts5(
    title, summary, body, title_folded, text_folded,
    content='', tokenize='unicode61 remove_diacritics 0'
);
"""

_SEARCH_KEYS = """
CREATE TABLE search_keys (           -- of each article what filters and counts ask for, apart from its long texts
    id INTEGER PRIMARY KEY,          -- of the article; kept by the triggers below
    site TEXT NOT NULL,
    published TEXT NOT NULL,         -- published_at, or '' where there is none
    section TEXT,
    removed INTEGER NOT NULL         -- 1: the site took it down
);
INSERT INTO search_keys
    SELECT id, site, coalesce(published_at, ''), section, removed_at IS NOT NULL FROM articles;
CREATE INDEX search_keys_published ON search_keys(published);
CREATE INDEX search_keys_site ON search_keys(site, published);
CREATE INDEX search_keys_section ON search_keys(section);

CREATE TRIGGER search_keys_insert AFTER INSERT ON articles BEGIN
    INSERT INTO search_keys
        VALUES (new.id, new.site, coalesce(new.published_at, ''), new.section, new.removed_at IS NOT NULL);
END;
CREATE TRIGGER search_keys_update AFTER UPDATE OF id, site, published_at, section, removed_at ON articles BEGIN
    UPDATE search_keys SET id = new.id, site = new.site, published = coalesce(new.published_at, ''),
        section = new.section, removed = new.removed_at IS NOT NULL WHERE id = old.id;
END;
CREATE TRIGGER search_keys_delete AFTER DELETE ON articles BEGIN
    DELETE FROM search_keys WHERE id = old.id;
END;
"""

_ELSEWHERE = """
CREATE TABLE captures_elsewhere (    -- what is known of captures whose raw pages were not handed over
    record_id TEXT PRIMARY KEY,      -- as in `captures`
    url TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT,
    captured_at TEXT NOT NULL,
    payload_digest TEXT NOT NULL,
    warc_digest TEXT NOT NULL
);
ALTER TABLE articles ADD COLUMN capture_elsewhere TEXT REFERENCES captures_elsewhere(record_id);
ALTER TABLE versions ADD COLUMN capture_elsewhere TEXT REFERENCES captures_elsewhere(record_id);
"""

_PICTURES = """
ALTER TABLE images ADD COLUMN capture_id INTEGER REFERENCES captures(id); -- the response that holds the picture
ALTER TABLE images ADD COLUMN fetch_error TEXT;  -- the last reason why there is none
ALTER TABLE images ADD COLUMN fetch_tries INTEGER NOT NULL DEFAULT 0; -- runs that asked in vain
CREATE INDEX images_url ON images(url);
CREATE INDEX images_capture ON images(capture_id);
"""

_ARTICLE_UNITS = """
CREATE TABLE article_units (         -- the wards and communes that an article is about, by its own words
    article_id INTEGER NOT NULL REFERENCES articles(id),
    code TEXT NOT NULL,              -- of the unit; codes were used again, so it means nothing without its vintage
    vintage TEXT NOT NULL,           -- old: until 30 June 2025; new: since
    certainty TEXT NOT NULL,         -- sure or likely
    found_in TEXT NOT NULL,          -- title, summary, body, or site: the ward's own site speaks of "the ward"
    evidence TEXT NOT NULL,          -- the words as they stand there
    position INTEGER NOT NULL,       -- among the units of the article, in the order in which it names them
    PRIMARY KEY (article_id, code, vintage)
);
CREATE INDEX article_units_code ON article_units(code, vintage, article_id);
"""

_NEAR = """
CREATE TABLE near_waiting (          -- articles that are not compared with the others yet: new, or with another text
    article_id INTEGER PRIMARY KEY   -- kept by the triggers below
);
INSERT INTO near_waiting SELECT id FROM articles;

CREATE TABLE near_sketches (         -- of each article some numbers; the like of it share one (crawler/near)
    value INTEGER NOT NULL,
    article_id INTEGER NOT NULL,     -- also by an earlier text: what is found here is compared as it is today
    PRIMARY KEY (value, article_id)
) WITHOUT ROWID;

CREATE TABLE near_duplicates (       -- pairs of articles that tell one story, edited
    article_id INTEGER NOT NULL REFERENCES articles(id), -- the lesser of both
    other_id INTEGER NOT NULL REFERENCES articles(id),
    likeness REAL NOT NULL,          -- 0 to 1: share of all words of both that stand in the other too
    found_at TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX near_duplicates_other ON near_duplicates(other_id);

CREATE TABLE near_groups (           -- an article of which no near duplicate is known has no row
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    group_id INTEGER NOT NULL REFERENCES articles(id) -- the group's earliest source; its own row has its own id
);
CREATE INDEX near_groups_group ON near_groups(group_id);

CREATE TRIGGER near_insert AFTER INSERT ON articles BEGIN
    INSERT INTO near_waiting VALUES (new.id);
END;
CREATE TRIGGER near_update AFTER UPDATE OF title, summary, body, published_at, first_seen_at ON articles
WHEN (old.title, old.summary, old.body, old.published_at, old.first_seen_at)
    IS NOT (new.title, new.summary, new.body, new.published_at, new.first_seen_at) BEGIN
    INSERT INTO near_waiting SELECT new.id WHERE new.id NOT IN (SELECT article_id FROM near_waiting);
END;
"""

MIGRATIONS = (
    _FIRST, _CAPTURES, _SECTIONS, _PENDING, _RUN_LOG, _FILES, _SEARCH_KEYS, _ELSEWHERE, _PICTURES, PLACES,
    _ARTICLE_UNITS, _NEAR, WEB_ARCHIVES, DOUBTS, ADDRESSES, ALARMS, SOURCES, REQUISITES, RIGHTS,
    FIXITY, DELIVERIES, SKETCHES,
)  # fmt: skip


def migrate(db: Database, upto: int = len(MIGRATIONS)) -> int:
    """Bring `db` to today's schema, or to version `upto`, and return its version; all of it is one transaction.

    Raises NewerSchema when the database is ahead of this program. storage.upgrade tries it on a copy before.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise NewerSchema(
            f"the database has schema {version}, this tinphuong knows up to {len(MIGRATIONS)}: use a newer tinphuong"
        )
    if version < upto:
        db.conn.create_function("indexed_exact", 1, indexed_text.exact, deterministic=True)
        db.conn.create_function("indexed_folded", 1, indexed_text.folded, deterministic=True)
        db.conn.create_function("sketch_numbers", 3, lambda *texts: str(list(sketch(*texts))), deterministic=True)
        db.conn.create_function("indexed_site", 1, indexed_text.site_word, deterministic=True)
        db.execute("BEGIN IMMEDIATE")
        try:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])  # another process may have been first
            for number, script in enumerate(MIGRATIONS[version:upto], version + 1):
                for statement in statements(script):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
            raise
    return max(version, upto)

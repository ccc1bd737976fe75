"""The migration that brought rights, and names that stay when a site's host is renamed."""

RIGHTS = """
ALTER TABLE sites ADD COLUMN rights TEXT;        -- the statement that goes along with its articles; NULL: none is made
ALTER TABLE sites ADD COLUMN rights_url TEXT;    -- of the licence, or of a rightsstatements.org statement
ALTER TABLE sites ADD COLUMN first_host TEXT;    -- under which identifiers were given out: stays when it is renamed
UPDATE sites SET first_host = host;

CREATE TABLE rights_evidence (       -- what a site's own pages say of their reuse: "Ghi rõ nguồn …", "Bản quyền …"
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites(slug),
    text TEXT NOT NULL,              -- the line as it stands on the page
    url TEXT NOT NULL,               -- of a page that says so
    capture_id INTEGER REFERENCES captures(id), -- the newest that shows it there
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    UNIQUE (site, text)
);
"""

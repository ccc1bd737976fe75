"""The migrations that brought captures out of web archives, and the files that they were read from."""

SOURCES = """
CREATE TABLE archive_files (         -- files that `crawl --replay` read: WARC, WACZ, ARC, folders of saved pages
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,              -- of the file, without its folder
    member TEXT NOT NULL DEFAULT '', -- the WARC file in a package; '' where the file is no package
    sha256 TEXT NOT NULL,            -- hex, of the whole file
    size INTEGER NOT NULL,           -- bytes
    path TEXT,                       -- where it lies, absolute; only where captures are read in place (`--refer`)
    added_at TEXT NOT NULL,
    UNIQUE (sha256, member)
);
ALTER TABLE captures ADD COLUMN archive_file INTEGER REFERENCES archive_files(id); -- NULL: it came over the network
ALTER TABLE captures ADD COLUMN archive_record TEXT; -- the record's id there: urn:uuid:…; `byte N` where it has none
-- 1: it lies there, at `offset`, and `file` is 16 digits of the SHA-256, a slash, and member or name; 0: copied
ALTER TABLE captures ADD COLUMN is_referred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE captures_elsewhere ADD COLUMN source TEXT; -- as in `captures`
CREATE INDEX captures_record ON captures(record_id);
CREATE INDEX captures_archive_file ON captures(archive_file) WHERE archive_file IS NOT NULL;

ALTER TABLE runs ADD COLUMN sources TEXT NOT NULL DEFAULT '[]'; -- JSON: {name, sha256, size} of each replayed file
"""

WEB_ARCHIVES = """
ALTER TABLE captures ADD COLUMN source TEXT; -- where in a web archive it was copied from: WARC-Source-URI; NULL: by us
CREATE INDEX captures_copied ON captures(site, url, captured_at) WHERE source IS NOT NULL;
"""

"""The migration that brought the ledger of fixity checks."""

FIXITY = """
CREATE TABLE fixity_checks (         -- when each thing was last verified; what is damaged keeps its earlier moment
    kind TEXT NOT NULL,              -- capture, article, version or file
    item INTEGER NOT NULL,           -- its id in that table
    at TEXT NOT NULL,                -- UTC
    PRIMARY KEY (kind, item)
) WITHOUT ROWID;
CREATE INDEX fixity_checks_at ON fixity_checks(kind, at);
"""

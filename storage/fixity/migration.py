"""The migration that brought the ledger of fixity checks."""

FIXITY = """
CREATE TABLE fixity_checks (         -- the ledger: when each thing was last verified
    kind TEXT NOT NULL,              -- capture, article, version or file
    item INTEGER NOT NULL,           -- its id in that table
    tried_at TEXT NOT NULL,          -- UTC, when it was last looked at
    whole_at TEXT,                   -- when it was last found whole; earlier than tried_at: it was damaged then
    PRIMARY KEY (kind, item)
) WITHOUT ROWID;
CREATE INDEX fixity_checks_damaged ON fixity_checks(kind, item) WHERE whole_at IS NOT tried_at;

-- An id may be given out again: what is new was never verified.
CREATE TRIGGER fixity_capture_gone AFTER DELETE ON captures BEGIN
    DELETE FROM fixity_checks WHERE kind = 'capture' AND item = old.id;
END;
CREATE TRIGGER fixity_article_gone AFTER DELETE ON articles BEGIN
    DELETE FROM fixity_checks WHERE kind = 'article' AND item = old.id;
END;
CREATE TRIGGER fixity_version_gone AFTER DELETE ON versions BEGIN
    DELETE FROM fixity_checks WHERE kind = 'version' AND item = old.id;
END;
CREATE TRIGGER fixity_file_gone AFTER DELETE ON files BEGIN
    DELETE FROM fixity_checks WHERE kind = 'file' AND item = old.id;
END;
"""

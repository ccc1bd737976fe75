"""The migration that brought what is known of imports: which deliveries came in, and what they brought."""

DELIVERIES = """
CREATE TABLE deliveries (            -- exports that `import` took in and that say what they are, each once
    digest TEXT PRIMARY KEY,         -- SHA-256, hex, of its statement (storage/exports/delivery.py)
    identifier TEXT NOT NULL,        -- as it names itself
    collection TEXT NOT NULL,        -- the name of the collection that it is of
    log TEXT,                        -- the digest of the newest run in its run log; NULL: it had none
    previous TEXT,                   -- the digest of the delivery that it goes on from; NULL: it is the first
    name TEXT NOT NULL,              -- of the file or folder
    at TEXT NOT NULL                 -- when it first came in
);

CREATE TABLE imported (              -- articles that an import brought or changed: their own moments are older
    article_id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                -- of the last such import
    number INTEGER NOT NULL          -- the newest number of the run log after it; one more where it brought no run
);
"""

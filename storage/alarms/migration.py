"""The migration that brought the states of sites and their changes."""

ALARMS = """
CREATE TABLE site_states (           -- how each site did after its last run that says so: alarms compare with it
    site TEXT PRIMARY KEY REFERENCES sites(slug),
    state TEXT NOT NULL,             -- healthy, doubtful, quiet, failing (crawler/run/health.py); unknown: see below
    reason TEXT,                     -- one word, where it is failing or doubtful
    since TEXT                       -- the end of the run in which it came to be so; empty: not known
);

-- What ran before there were alarms is no news: how such a site does follows from its runs.
INSERT INTO site_states (site, state) SELECT DISTINCT site, 'unknown' FROM runs;

CREATE TABLE state_changes (         -- what alarms are about
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites(slug),
    name TEXT NOT NULL,              -- of the ward or office
    link TEXT NOT NULL,              -- to the site
    state_before TEXT,               -- empty: the site's first run
    state TEXT NOT NULL,
    turned TEXT NOT NULL,            -- what that is to people: failing, doubtful, quiet or recovered
    reason TEXT,
    message TEXT NOT NULL,           -- a sentence
    at TEXT NOT NULL,                -- the end of the run that noticed it
    waiting INTEGER NOT NULL,        -- 1: not yet sent to all addresses that alarms go to
    told TEXT NOT NULL DEFAULT '[]'  -- JSON: while it waits, marks of the addresses that have it; they reveal none
);
CREATE INDEX state_changes_site ON state_changes(site);
CREATE INDEX state_changes_waiting ON state_changes(id) WHERE waiting;
"""

"""On which platform a site was crawled last: the column `platform` of `sites`.

A site whose facts state no platform is crawled with the one that is kept here; "" until a run has found one.
"""

import sqlite3


def kept(connection: sqlite3.Connection, site: str) -> str | None:
    """Return the platform of `site`, "" where it is still to be found; None where the site was never crawled."""
    row = connection.execute("SELECT platform FROM sites WHERE slug = ?", [site]).fetchone()
    return str(row[0]) if row else None


def all_kept(connection: sqlite3.Connection) -> dict[str, str]:
    """Return slug → platform of the sites of which one is known."""
    return dict(connection.execute("SELECT slug, platform FROM sites WHERE platform <> ''").fetchall())

"""The host under which a site's identifiers were given out: it stays when the site is renamed."""

from typing import cast

from sqlite_utils import Database

from storage.rows import SiteRow


def with_first_host(db: Database, site: SiteRow) -> SiteRow:
    """Return a row of `sites` with its first host: the one that is kept; else the one that the row says, or its host.

    An import brings the first host of where it came from along, so that names given out there hold here too.
    """
    kept = db.execute("SELECT first_host FROM sites WHERE slug = ?", (site["slug"],)).fetchone()
    first_host = (kept and kept[0]) or site.get("first_host") or site["host"]
    return cast(SiteRow, {**site, "first_host": first_host})

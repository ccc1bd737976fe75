"""What was learned of each site, and the observations that it was learned from."""

import json
from collections.abc import Iterable
from dataclasses import replace

from crawler.profile.model import EMPTY, SiteProfile
from crawler.profile.observation import Observation
from storage.collection import Collection
from storage.rows import ArticleRow, ProfileRow

KEPT = 16
"""Observations of a site that are kept, the newest."""


def profile_of(collection: Collection, site: str) -> SiteProfile:
    """Return today's profile of a site, an empty one where none was learned."""
    row = row_of(collection, site)
    return without_confirmed(collection, site, SiteProfile.from_dict(json.loads(row["profile"]))) if row else EMPTY


def without_confirmed(collection: Collection, site: str, profile: SiteProfile) -> SiteProfile:
    """Return a profile that does not doubt a name which a person confirmed for one article of the site."""
    if profile.one_author and profile.one_author in _confirmed_authors(collection, site):
        return replace(profile, one_author="")
    return profile


def row_of(collection: Collection, site: str) -> ProfileRow | None:
    """Return the row of today's profile of a site, None where none was learned."""
    found = collection.rows(
        "SELECT * FROM site_profiles WHERE site = ? AND valid_until IS NULL ORDER BY id DESC LIMIT 1",
        [site],
        of=ProfileRow,
    )
    return next(found, None)


def put_profile(collection: Collection, site: str, profile: SiteProfile, at: str) -> None:
    """Keep a profile as today's. One that reads pages alike takes the last one's place; else that one ends at `at`."""
    row = row_of(collection, site)
    stored = json.dumps(profile.to_dict(), ensure_ascii=False)
    if row and profile.reads_like(SiteProfile.from_dict(json.loads(row["profile"]))):
        collection.execute(
            "UPDATE site_profiles SET profile = ?, articles = ? WHERE id = ?", (stored, profile.articles, row["id"])
        )
        return
    if row:
        collection.execute("UPDATE site_profiles SET valid_until = ? WHERE id = ?", (at, row["id"]))
    collection.insert(
        "site_profiles", {"site": site, "valid_from": at, "articles": profile.articles, "profile": stored}
    )


def observations(collection: Collection, site: str) -> list[Observation]:
    """Return what is kept of a site's newest pages, the oldest first."""
    rows = collection.rows("SELECT facts FROM site_observations WHERE site = ? ORDER BY at, key", [site])
    return [Observation.from_dict(json.loads(row["facts"])) for row in rows]


def put_observations(collection: Collection, site: str, new: Iterable[Observation]) -> None:
    """Keep new observations of a site; the oldest beyond KEPT go."""
    for one in new:
        facts = json.dumps(one.to_dict(), ensure_ascii=False, separators=(",", ":"))
        values = {"site": site, "key": one.key, "at": one.at, "facts": facts}
        collection.upsert("site_observations", ("site", "key"), values)
    collection.execute(
        "DELETE FROM site_observations WHERE site = ? AND key NOT IN "
        "(SELECT key FROM site_observations WHERE site = ? ORDER BY at DESC, key DESC LIMIT ?)",
        (site, site, KEPT),
    )


def articles_of_run(collection: Collection, run_id: int, *, first: int) -> list[ArticleRow]:
    """Return the articles whose text a run wrote, or one of its site's runs from `first` on."""
    return list(
        collection.rows(
            "SELECT * FROM articles WHERE site = (SELECT site FROM runs WHERE id = ?) AND run_id BETWEEN ? AND ? "
            "ORDER BY id",
            [run_id, first, run_id],
            of=ArticleRow,
        )
    )


def left_to_read_again(collection: Collection, run_id: int) -> int:
    """Return the first run whose articles the site's run before `run_id` left to be read again, 0 for none."""
    found = collection.rows(
        "SELECT json_extract(counts, '$.reread_from') AS first FROM runs "
        "WHERE site = (SELECT site FROM runs WHERE id = ?) AND id < ? AND mode <> 'reprocess' ORDER BY id DESC LIMIT 1",
        [run_id, run_id],
    )
    row = next(found, None)
    return int(row["first"] or 0) if row else 0


def _confirmed_authors(collection: Collection, site: str) -> set[str]:
    """Return the names of which a person said that they are authors of the site's articles."""
    rows = collection.rows(
        "SELECT DISTINCT c.value FROM confirmations c JOIN articles a ON a.id = c.article_id "
        "WHERE a.site = ? AND c.field = 'author' AND c.value IS NOT NULL",
        [site],
    )
    return {row["value"] for row in rows}

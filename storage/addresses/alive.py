"""Whether an article whose address is gone is still there: at another of its addresses, or as another row."""

from collections.abc import Collection as Ids
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlite_utils import Database

from crawler.near import NearVerdict, Story, alike
from crawler.text import fold
from storage.near.compared_articles import Stories

if TYPE_CHECKING:
    from storage.collection import Collection

_LIKE = 0.9  # likeness from which an article of the same site and title is the same one, moved
_CONTAINED = 0.9  # share of the shorter text's words whose sentences stand in the longer one word for word
_ENOUGH = 20  # words of the shorter text, from which that says something
_OTHER = {NearVerdict.OTHER_DATES, NearVerdict.OTHER_FACTS, NearVerdict.OTHER_FILES}


# Rows `u` of an identity that is gone: the one that was asked for (site, key), or one of an address that answered so.
_OF_GONE = (
    "((u.site = ? AND u.key IS ?) OR EXISTS (SELECT 1 FROM article_urls g WHERE g.article_id = u.article_id "
    "AND g.site = u.site AND g.key IS u.key AND g.url IN ({})))"
)


@dataclass(frozen=True, slots=True)
class Missed:
    """A stored article that was looked at again and is not where it was.

    `site` and `key`: the identity that was asked for; `addresses`: those that answered that it is gone; `reason`: what
    the last of them answered; `at`: when, ISO 8601 in UTC; `led_to`: the article (id) to which an address leads.
    """

    article_id: int
    site: str
    key: str
    addresses: frozenset[str]
    reason: str
    at: str
    led_to: int | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where an article lives on. `is_own`: at an address of its own row, on its own site."""

    url: str
    is_own: bool


def elsewhere(db: Database, missed: Missed, others: Ids[int] = ()) -> Elsewhere | None:
    """Return where an article is that was missed, None where nowhere.

    All addresses of an identity that is gone are gone. Others count unless they are known to be gone, also those on
    other sites. Where none is left, an article of the same site with the same title lives in its place if it has the
    same text, or nearly (see `is_moved`), or if it is the one that the gone address leads to; not one of `others`,
    which were missed at the same time: two that are gone would keep each other alive.
    """
    gone = _OF_GONE.format(", ".join("?" * len(missed.addresses)))
    live = db.execute(
        "SELECT u.url, u.site = a.site FROM article_urls u JOIN articles a ON a.id = u.article_id "  # noqa: S608
        f"WHERE u.article_id = ? AND u.gone_at IS NULL AND NOT {gone} "
        "ORDER BY u.site <> a.site, u.relation = 'alias', u.last_seen_at DESC, u.url LIMIT 1",
        (missed.article_id, missed.site, missed.key, *missed.addresses),
    ).fetchone()
    if live:
        return Elsewhere(live[0], bool(live[1]))
    twin = _twin(db, missed.article_id, others, missed.led_to)
    return Elsewhere(twin, False) if twin else None


def _twin(db: Database, article_id: int, others: Ids[int], led_to: int | None) -> str | None:
    """The address of another row of the same site that is the same article, moved, and alive."""
    site, title, content_hash = db.execute(
        "SELECT site, title, content_hash FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    rows = db.execute(
        "SELECT id, url, title, content_hash FROM articles a WHERE id <> ? AND site = ? AND removed_at IS NULL "
        "AND EXISTS (SELECT 1 FROM article_urls u WHERE u.article_id = a.id AND u.gone_at IS NULL) "
        "AND (content_hash = ? OR title = ? OR id = ? OR id IN (SELECT other_id FROM near_duplicates "
        "WHERE article_id = ? UNION SELECT article_id FROM near_duplicates WHERE other_id = ?)) "
        "ORDER BY content_hash <> ?, id DESC",
        (article_id, site, content_hash, title, led_to, article_id, article_id, content_hash),
    ).fetchall()
    stories = Stories(db)
    for other, url, called, other_hash in rows:
        if other in others or fold(called) != fold(title):
            continue
        if content_hash == other_hash or other == led_to or is_moved(stories[article_id], stories[other]):
            return str(url)
    return None


def is_moved(one: Story, other: Story) -> bool:
    """Tell whether two articles of one site with the same title are one, read from two pages.

    Such are nearly the same text, or all of one stands in the other: another layout, or lines of the portal, add to it.
    A notice that comes every month with other days or numbers in it is another article.
    """
    likeness = alike(one, other)
    if likeness.verdict in _OTHER:
        return False
    if likeness.score >= _LIKE:
        return True
    shorter, longer = sorted((one.wording, other.wording), key=lambda wording: wording.count)
    there = set(longer.sentences)
    shared = sum(len(sentence) for sentence in shorter.sentences if sentence in there)
    return shorter.count >= _ENOUGH and shared >= _CONTAINED * shorter.count


def mark_gone(collection: "Collection", missed: Missed) -> None:
    """Note that all addresses of the identities that were missed are gone."""
    gone = _OF_GONE.format(", ".join("?" * len(missed.addresses)))
    collection.execute(
        "UPDATE article_urls SET gone_at = ? WHERE url IN (SELECT u.url FROM article_urls u "  # noqa: S608
        f"WHERE u.article_id = ? AND u.gone_at IS NULL AND {gone})",
        (missed.at, missed.article_id, missed.site, missed.key, *missed.addresses),
    )


def mark_gone_addresses(collection: "Collection", urls: Iterable[str], at: str) -> None:
    """Note that some addresses are gone, of articles that were found at others."""
    for url in urls:
        collection.execute("UPDATE article_urls SET gone_at = ? WHERE url = ? AND gone_at IS NULL", (at, url))


def move(collection: "Collection", article_id: int, url: str) -> None:
    """Make another of its addresses the one under which an article is shown; its identity stays, for citations."""
    collection.execute(
        "UPDATE article_urls SET relation = 'alias' WHERE article_id = ? AND relation = 'canonical' AND url <> ?",
        (article_id, url),
    )
    collection.execute("UPDATE article_urls SET relation = 'canonical' WHERE url = ?", (url,))
    collection.change_article(article_id, {"url": url})

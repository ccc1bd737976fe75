"""Articles as they are listed and shown."""

import sqlite3
from typing import TypedDict, cast

from storage import fields
from storage.doubts.confirmed import SHOWN
from storage.exports.citations import CITED, Citation, cited
from storage.views.select import Row, one, rows

OPENING = 600  # characters of a body that a list shows
_LISTED = f"id, site, key, url, {', '.join(fields.LISTED)}, removed_at"


class ArticleCard(TypedDict):
    """What a list shows of an article. `opening`: how its body begins; `files`: how many it has; `picture`: the capture
    of its first picture that is kept."""

    id: int
    site: str
    key: str
    url: str
    title: str
    summary: str
    section: str | None
    published_at: str | None
    removed_at: str | None
    opening: str
    files: int
    picture: int | None


class ArticleAddress(TypedDict):
    """A site, and an article's identity there."""

    site: str
    key: str


class StoryMember(TypedDict):
    """An article of a group of near duplicates. `likeness`: to the group's earliest source, None for that itself and
    where the two are linked through others."""

    id: int
    site: str
    key: str
    title: str
    published_at: str | None
    site_name: str
    is_earliest: int
    likeness: float | None


class Removed(TypedDict):
    """An article that its site took down."""

    title: str
    site: str
    removed_at: str


def cards(connection: sqlite3.Connection, ids: list[int], *, opening: int = OPENING) -> list[ArticleCard]:
    """Return the articles with these ids, in this order, each with so many characters of its body."""
    found = rows(
        connection,
        f"SELECT {_LISTED}, substr(body, 1, {opening:d}) AS opening, "  # noqa: S608 — question marks only
        "(SELECT count(*) FROM attachments t WHERE t.article_id = articles.id) AS files, "
        "(SELECT i.capture_id FROM images i WHERE i.article_id = articles.id AND i.capture_id IS NOT NULL "
        "ORDER BY i.position LIMIT 1) AS picture "
        f"FROM articles WHERE id IN ({', '.join('?' * len(ids))})",
        ids,
    )
    by_id = {row["id"]: cast(ArticleCard, row) for row in found}
    return [by_id[number] for number in ids if number in by_id]


def newest(connection: sqlite3.Connection, count: int, site: str | None = None) -> list[ArticleCard]:
    """Return the articles published last, of a site or of all."""
    where, values = ("WHERE site = ?", [site]) if site else ("", [])
    found = connection.execute(
        f"SELECT id FROM search_keys {where} ORDER BY published DESC, id LIMIT ?",  # noqa: S608 — literals only
        [*values, count],
    )
    return cards(connection, [row[0] for row in found])


def address(connection: sqlite3.Connection, number: int) -> ArticleAddress | None:
    """Return where the article with this id is known, or None."""
    row = connection.execute("SELECT site, key FROM articles WHERE id = ?", [number]).fetchone()
    return ArticleAddress(site=row[0], key=row[1]) if row else None


def body(connection: sqlite3.Connection, number: int) -> str:
    """Return the text of the article with this id; it must exist."""
    (text,) = connection.execute("SELECT body FROM articles WHERE id = ?", [number]).fetchone()
    return str(text)


def article(connection: sqlite3.Connection, site: str, identity: str) -> Row | None:
    """Return the row of the article known as `identity` on `site`, under any identity it had there; or None."""
    return one(
        connection,
        "SELECT a.* FROM articles a WHERE a.site = ? AND a.key = ? UNION ALL "
        "SELECT a.* FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.site = ? AND u.key = ? LIMIT 1",
        (site, identity, site, identity),
    )


def citation(connection: sqlite3.Connection, row: Row) -> Citation:
    """Return how the text that a row of `articles` holds is cited: today's, or an earlier one with its capture."""
    (known,) = rows(connection, CITED, [row["id"]])
    names = (*fields.VERSIONED, "content_hash", "changed_at")
    taken = captured(connection, row)
    found = known | {name: row[name] for name in names}
    if (row["capture_id"], row["capture_elsewhere"]) != (known["capture_id"], known["capture_elsewhere"]):
        moment, digest = (taken["captured_at"], taken["payload_digest"]) if taken else (None, None)
        found |= {"captured_at": moment, "payload_digest": digest, "record_id": taken and taken["record_id"]}
        found |= {"captured_url": taken["url"] if taken else row["url"], "copied_from": taken and taken.get("source")}
    return cited(found)


def citations(connection: sqlite3.Connection, ids: list[int]) -> list[Citation]:
    """Return how the articles with these ids are cited, in this order."""
    return [cited(found) for number in ids for found in rows(connection, CITED, [number])]


def captured(connection: sqlite3.Connection, row: Row) -> Row | None:
    """Return the capture of a row's text: kept here, or only known from another machine; None where there is none."""
    return capture(connection, row["capture_id"]) or one(
        connection, "SELECT * FROM captures_elsewhere WHERE record_id = ?", [row["capture_elsewhere"]]
    )


def other_urls(connection: sqlite3.Connection, row: Row) -> list[Row]:
    """Return the rows of `article_urls` of an article without that of its canonical URL."""
    sql = "SELECT * FROM article_urls WHERE article_id = ? AND url <> ? ORDER BY url"
    return rows(connection, sql, (row["id"], row["url"]))


def attachments(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return an article's rows of `attachments`, in its order."""
    return rows(connection, "SELECT * FROM attachments WHERE article_id = ? ORDER BY position", [number])


def images(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return an article's rows of `images`, in its order."""
    return rows(connection, "SELECT * FROM images WHERE article_id = ? ORDER BY position", [number])


def units(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return an article's rows of `article_units`, in its order."""
    return rows(connection, "SELECT * FROM article_units WHERE article_id = ? ORDER BY position", [number])


def capture(connection: sqlite3.Connection, number: int | None) -> Row | None:
    """Return the row of `captures` with this id, or None."""
    return one(connection, "SELECT * FROM captures WHERE id = ?", [number])


def events(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return an article's removals and returns, the oldest first."""
    return rows(connection, "SELECT * FROM article_events WHERE article_id = ? ORDER BY id", [number])


def confirmations(connection: sqlite3.Connection, row: Row) -> list[Row]:
    """Return what people said of an article's fields, the latest first; `holds`: it is still what is stored."""
    sql = "SELECT field, value, was, by, at FROM confirmations WHERE article_id = ? ORDER BY at DESC, id DESC"
    found = [one for one in rows(connection, sql, [row["id"]]) if one["field"] in SHOWN]
    return [one | {"holds": one["value"] == row[one["field"]]} for one in found]


def earlier_texts(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return an article's rows of `versions`, the oldest first."""
    return rows(connection, "SELECT * FROM versions WHERE article_id = ? ORDER BY id", [number])


def story(connection: sqlite3.Connection, number: int) -> list[StoryMember]:
    """Return the articles that tell the same story, the earliest source first; [] where there are no others."""
    found = rows(
        connection,
        "SELECT a.id, a.site, a.key, a.title, a.published_at, s.name AS site_name, "
        "a.id = o.group_id AS is_earliest, n.likeness FROM near_groups m "
        "JOIN near_groups o ON o.group_id = m.group_id JOIN articles a ON a.id = o.article_id "
        "JOIN sites s ON s.slug = a.site LEFT JOIN near_duplicates n "
        "ON n.article_id = min(o.group_id, a.id) AND n.other_id = max(o.group_id, a.id) "
        "WHERE m.article_id = ? ORDER BY a.id <> o.group_id, a.published_at, a.id LIMIT 100",
        [number],
    )
    return [cast(StoryMember, row) for row in found]


def latest_removals(connection: sqlite3.Connection, site: str | None, *, limit: int = 20) -> list[Removed]:
    """Return the articles taken down last, of a site or of all."""
    where, values = ("site = ? AND", [site]) if site else ("", [])
    sql = (
        f"SELECT title, site, removed_at FROM articles WHERE {where} removed_at IS NOT NULL "  # noqa: S608
        "ORDER BY removed_at DESC LIMIT ?"
    )
    return [cast(Removed, row) for row in rows(connection, sql, [*values, limit])]

"""The texts an article has had, and what reading its capture again changes in it."""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from crawler.text import fold
from crawler.urls import spellings
from storage import article_units, fields
from storage.addresses.shown_dates import is_of_own_page, put_own, with_shown_dates
from storage.archives.captures import folder_of
from storage.archives.payloads import UnreadableCapture, whole_payload_of
from storage.collection import Collection
from storage.doubts import confirmed
from storage.records import Record
from storage.rows import ArticleRow, Text, VersionRow
from storage.search import fulltext


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """An article's row and its newest capture: `html` with its Content-Encoding undone, `captured_at` aware."""

    row: ArticleRow
    html: bytes
    content_type: str
    captured_at: datetime


@dataclass(slots=True)
class Revision:
    """What another reading of its capture changes in an article: field → (as stored, as read now).

    `new_text`: the text differs in more than form.
    """

    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    new_text: bool = False


def of_article(collection: Collection, article_id: int) -> list[Text]:
    """Return the texts of an article, the oldest first, today's last; [] for an unknown one.

    Each has the fields that versions keep, url, content_hash, seen_from and seen_until.
    """
    today = collection.article(article_id)
    if today is None:
        return []
    rows = collection.rows("SELECT * FROM versions WHERE article_id = ? ORDER BY id", [article_id], of=VersionRow)
    texts = [_text(row, today["url"], row["seen_from"], row["seen_until"]) for row in rows]
    since = today["changed_at"] or today["first_seen_at"]
    return [*texts, _text(today, today["url"], since, today["last_seen_at"])]


def _text(row: ArticleRow | VersionRow, url: str, since: str, until: str) -> Text:
    kept = fields.picked(row, (*fields.VERSIONED, "content_hash"))
    return cast(Text, kept | {"url": url, "seen_from": since, "seen_until": until})


def url_of(collection: Collection, article_id: int) -> str:
    """Return the canonical URL of an article; it must exist."""
    return str(next(collection.rows("SELECT url FROM articles WHERE id = ?", (article_id,)))["url"])


class CapturedArticles(Iterable[tuple[int, str]]):
    """Id and site of articles, in an order, within sixteen bytes an article: there may be millions of them."""

    def __init__(self, articles: Iterable[tuple[int, str]]):
        self._ids, self._sites = array("q"), array("L")
        places: dict[str, int] = {}
        for number, site in articles:
            self._ids.append(number)
            self._sites.append(places.setdefault(site, len(places)))
        self._names = list(places)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for number, place in zip(self._ids, self._sites, strict=True):
            yield number, self._names[place]


def captured_articles(
    collection: Collection, *, site: str | None = None, since: str | None = None
) -> CapturedArticles:  # fmt: skip
    """Return the articles that point to a capture, in the order of the files.

    `since`: an ISO date (UTC); only articles whose newest capture is not older.
    """
    sql = (
        "SELECT a.id, a.site FROM articles a JOIN captures c ON c.id = a.capture_id JOIN captures o "
        "ON o.id = coalesce(c.revisit_of, c.id) WHERE (? IS NULL OR a.site = ?) AND (? IS NULL OR c.captured_at >= ?) "
        "ORDER BY o.file, o.offset"
    )
    return CapturedArticles((row["id"], row["site"]) for row in collection.rows(sql, (site, site, since, since)))


def captured_page(collection: Collection, article_id: int) -> CapturedPage:
    """Return an article with its newest capture. Raises UnreadableCapture where the capture cannot be read."""
    article = next(collection.rows("SELECT * FROM articles WHERE id = ?", (article_id,), of=ArticleRow))
    return _captured(collection, article, article["capture_id"])


def captured_part(collection: Collection, page: CapturedPage, url: str) -> CapturedPage | None:
    """Return the capture of a further page of an article, the one nearest in time to `page`; None where there is none.

    Raises UnreadableCapture as captured_page does.
    """
    found = collection.rows(
        "SELECT id FROM captures WHERE url IN (SELECT value FROM json_each(?)) AND site = ? AND status = 200 "
        "ORDER BY abs(julianday(captured_at) - julianday(?)), url <> ?, id LIMIT 1",
        (json.dumps(spellings(url)), page.row["site"], page.captured_at.isoformat(), url),
    )
    row = next(found, None)
    return _captured(collection, page.row, row["id"]) if row else None


def _captured(collection: Collection, article: ArticleRow, capture_id: int | None) -> CapturedPage:
    if capture_id is None:
        raise UnreadableCapture(f"no capture of article {article['id']} is kept")
    page = whole_payload_of(collection.db.conn, folder_of(collection.path), capture_id)
    return CapturedPage(article, page.body, page.content_type, page.captured_at)


def revision(collection: Collection, row: ArticleRow, record: Record) -> Revision:
    """Compare an article's row with another reading of its capture; nothing is written.

    What people confirmed is laid over the reading, here and in `revise`.
    """
    record = confirmed.laid_over(collection.db, row["id"], record, reread=True)
    now = _columns(collection, row, record)
    stored = fields.picked(row, now)
    found = Revision({name: (stored[name], value) for name, value in now.items() if stored[name] != value})
    for name in fields.LISTS:
        if name in found.fields:
            found.fields[name] = (json.loads(stored[name]), json.loads(now[name] or "[]"))
    for table, items in (("attachments", record.attachments), ("images", record.images)):
        new = list(_unknown(collection, table, row["id"], items))
        if new:
            found.fields[table] = ([], new)
    known = article_units.of(collection.db, row["id"])
    if known != list(record.units):
        found.fields["units"] = (known, list(record.units))
    same_summary = fold(row["summary"]) == fold(now["summary"] or "")
    found.new_text = row["content_hash"] != record.content_hash or not same_summary
    return found


def _unknown(
    collection: Collection, table: str, article_id: int, items: Sequence[Mapping[str, object]]
) -> Iterator[Mapping[str, object]]:
    """The files that are not stored as they are now read; those of earlier texts, which are kept, do not count."""
    rows = collection.rows(f"SELECT * FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608 — literals only
    stored = {row["url"]: row for row in rows}
    for item in items:
        if any(stored.get(item["url"], {}).get(name) != value for name, value in item.items()):
            yield item


def _columns(collection: Collection, row: ArticleRow, record: Record) -> dict[str, Any]:
    """What the row is to hold by another reading: its date is the earliest that its addresses show."""
    now = collection.columns_of(record)
    return now | with_shown_dates(collection.db, row, now, own_is_read=is_of_own_page(collection.db, row))


def revise(collection: Collection, row: ArticleRow, record: Record, found: Revision, run_id: int) -> None:
    """Write a revision: the row takes what is read now.

    That the same page is read differently is no edit of theirs: no version is made, `changed_at` stays, and so do
    `last_seen_at` and the capture, as the page was not fetched again.
    """
    record = confirmed.laid_over(collection.db, row["id"], record, reread=True)
    values: dict[str, object] = {
        **_columns(collection, row, record), "content_hash": record.content_hash,
        "layout_matched": int(record.trusted),
    }  # fmt: skip
    if found.new_text:
        values["run_id"] = run_id
    reindexed = any(name in found.fields for name in fields.SEARCHED)
    if reindexed:
        fulltext.remove(collection.db, row["id"], row)
    collection.change_article(row["id"], values)
    if reindexed:
        fulltext.add(collection.db, row["id"], values)
    if is_of_own_page(collection.db, row):
        put_own(collection.db, row, collection.columns_of(record))
    collection.put_files(row["id"], record)
    if "units" in found.fields:
        article_units.put(collection.db, row["id"], record.units)

"""Keeps what pages need to look as they did as captures, each address once, and finds what is still wanted."""

from collections.abc import Iterable
from dataclasses import dataclass

from crawler import urls
from crawler.extraction.requisites import Requisite, RequisiteKind
from storage.collection import Collection
from storage.files.attachments import TRIES

_KEPT = "SELECT q.id, c.url, q.capture_id, q.kind FROM requisites q JOIN captures c ON c.id = q.capture_id"
_OF_IMAGE = (  # a picture of an article may be captured already
    "UPDATE requisites SET capture_id = (SELECT i.capture_id FROM images i WHERE i.url = requisites.url "
    "AND i.capture_id IS NOT NULL LIMIT 1) WHERE capture_id IS NULL "
    "AND url IN (SELECT url FROM images WHERE capture_id IS NOT NULL)"
)
_OF_SITE = (
    "FROM requisites q JOIN article_requisites r ON r.requisite_id = q.id JOIN articles a ON a.id = r.article_id "
    "LEFT JOIN captures c ON c.id = q.capture_id WHERE a.site = ? AND a.removed_at IS NULL AND (a.run_id = ? OR NOT ?) "
)


@dataclass(frozen=True, slots=True)
class PageToRead:
    """The page of an article that is to be read for what it needs. `digest`: `payload_digest` of its capture."""

    article_id: int
    url: str
    capture_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A requisite that is kept, with the capture that holds it; `url`: of the capture, behind redirects."""

    id: int
    url: str
    capture_id: int
    kind: str


def pages_to_read(collection: Collection, site: str, run_id: int, *, only_run: bool) -> list[PageToRead]:
    """Return the captured pages of `site` that were not yet read as they are now.

    `only_run`: only those of articles that run `run_id` wrote.
    """
    rows = collection.rows(
        "SELECT a.id, c.url, c.id AS capture_id, coalesce(c.payload_digest, c.record_id) AS digest FROM articles a "
        "JOIN captures c ON c.id = a.capture_id LEFT JOIN requisites_read d ON d.article_id = a.id WHERE a.site = ? "
        "AND a.removed_at IS NULL AND (a.run_id = ? OR NOT ?) "
        "AND d.page_digest IS NOT coalesce(c.payload_digest, c.record_id) ORDER BY a.id",
        [site, run_id, only_run],
    )
    return [PageToRead(row["id"], row["url"], row["capture_id"], row["digest"]) for row in rows]


def put_page(collection: Collection, page: PageToRead, needed: Iterable[Requisite], *, most: int) -> int:
    """Record what the page of an article needs, `most` addresses at most; returns how many were one too many.

    What its earlier pages needed stays linked: they are kept, too.
    """
    left_out = 0
    for number, requisite in enumerate(needed):
        if number >= most:
            left_out += 1
        else:
            sql = "INSERT OR IGNORE INTO article_requisites SELECT ?, id FROM requisites WHERE url = ?"
            _put(collection, requisite)
            collection.execute(sql, (page.article_id, requisite.url))
    collection.execute("INSERT OR REPLACE INTO requisites_read VALUES (?, ?)", (page.article_id, page.digest))
    return left_out


def put_children(collection: Collection, sheet_id: int, needed: Iterable[Requisite], *, most: int) -> int:
    """Record what a style sheet needs for every article whose page needs that sheet; no page gets more than `most`.

    Returns how many addresses were one too many for a page.
    """
    left_out = 0
    for requisite in needed:
        _put(collection, requisite)
        collection.execute(
            "INSERT OR IGNORE INTO article_requisites SELECT r.article_id, q.id FROM article_requisites r "
            "JOIN requisites q ON q.url = ? WHERE r.requisite_id = ? AND "
            "(SELECT count(*) FROM article_requisites n WHERE n.article_id = r.article_id) < ?",
            (requisite.url, sheet_id, most),
        )
        sql = (
            "SELECT NOT EXISTS (SELECT 1 FROM article_requisites r JOIN requisites q ON q.id = r.requisite_id "
            "WHERE q.url = ?) AS is_left_out"
        )
        left_out += next(collection.rows(sql, [requisite.url]))["is_left_out"]
    return left_out


def sheets_of(collection: Collection, article_ids: Iterable[int]) -> list[Kept]:
    """Return the kept style sheets that pages of these articles need, each once."""
    found: dict[int, Kept] = {}
    for article_id in article_ids:
        sql = f"{_KEPT} JOIN article_requisites r ON r.requisite_id = q.id WHERE r.article_id = ? AND q.kind = ?"
        for row in collection.rows(f"{sql} ORDER BY q.id", [article_id, RequisiteKind.STYLE]):
            found[row["id"]] = Kept(**row)
    return list(found.values())


def kept_since(collection: Collection, url: str, older: str) -> Kept | None:
    """Return the requisite at `url` where it was captured at `older` (ISO 8601, UTC) or later, else None."""
    row = next(collection.rows(f"{_KEPT} WHERE q.url = ? AND c.captured_at >= ?", [url, older]), None)
    return Kept(**row) if row else None


def put_asked(collection: Collection, requisite: Requisite) -> str | None:
    """Record what a page asked for that is loaded; returns why nothing more is to be asked for: the last reason, None
    where it may be asked for."""
    _put(collection, requisite)
    collection.execute(f"{_OF_IMAGE} AND url = ?", [requisite.url])
    sql = "SELECT fetch_error FROM requisites WHERE url = ? AND capture_id IS NULL AND fetch_tries >= ?"
    row = next(collection.rows(sql, [requisite.url, TRIES]), None)
    return row["fetch_error"] if row else None


def put_kept(collection: Collection, requisite: Requisite, capture_id: int) -> bool:
    """Record what a page got while it was finished, with its capture; tells whether that capture is new."""
    _put(collection, requisite)
    row = next(collection.rows("SELECT capture_id FROM requisites WHERE url = ?", [requisite.url]))
    keep(collection, requisite, requisite.kind, capture_id)
    return bool(row["capture_id"] != capture_id)


def wanted(
    collection: Collection, site: str, run_id: int, *, only_run: bool, older: str, again: bool = False
) -> list[Requisite]:
    """Return what pages of `site` need and is not kept, what is needed by pages of run `run_id` first, then style
    sheets before the rest.

    Also what was captured before `older` (ISO 8601, UTC) and is needed by a page of this run. `only_run`: only what
    pages of this run need; `again`: also what failed for good.
    """
    collection.execute(_OF_IMAGE, [])
    rows = collection.rows(
        f"SELECT q.url, q.kind {_OF_SITE} AND (q.fetch_tries < ? OR ?) "
        "AND (q.capture_id IS NULL OR a.run_id = ? AND c.captured_at < ?) "
        "GROUP BY q.id ORDER BY max(a.run_id = ?) DESC, q.kind <> ?, q.id",
        [site, run_id, only_run, TRIES, again, run_id, older, run_id, RequisiteKind.STYLE],
    )
    found = [Requisite(row["url"], RequisiteKind(row["kind"])) for row in rows]
    return [one for one in found if urls.form_of(one.url) is None]  # which only its page can send


def keep(collection: Collection, requisite: Requisite, kind: RequisiteKind, capture_id: int) -> Kept:
    """Record the capture of a requisite, and what it turned out to be."""
    collection.execute(
        "UPDATE requisites SET capture_id = ?, kind = ?, fetch_error = NULL, fetch_tries = 0 WHERE url = ?",
        [capture_id, kind, requisite.url],
    )
    return Kept(**next(collection.rows(f"{_KEPT} WHERE q.url = ?", [requisite.url])))


def note_failure(collection: Collection, url: str, reason: str, *, final: bool) -> None:
    """Record that nothing came from `url`. What was kept before stays; `final`: there is no reason to ask again."""
    collection.execute(
        "UPDATE requisites SET fetch_error = ?, fetch_tries = CASE WHEN ? THEN ? ELSE fetch_tries + 1 END "
        "WHERE url = ?",
        [reason, final, TRIES, url],
    )


def _put(collection: Collection, requisite: Requisite) -> None:
    sql = "INSERT OR IGNORE INTO requisites (url, kind) VALUES (?, ?)"
    collection.execute(sql, (requisite.url, requisite.kind))

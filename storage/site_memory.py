"""What the next run of a site needs to know: its lists as last read, articles still wanted, articles to check again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypedDict

from storage.collection import Collection

_PARAMETER = "parameter: "  # begins the key of a row of `sections` that is about no page
NOT_ON = "not on: "
"""Begins the key of a row of `sections` that says on which platform the site is not, though its pages looked so."""

_TRIES = 5  # runs that request an article in vain before it is given up


@dataclass(slots=True)
class SectionFacts:
    """A page of a site that is, or is not, a list.

    `resume`: (parameter, number, URL) of the page where an unfinished walk goes on; `top`: identities on its first
    pages as last read.
    """

    key: str
    url: str
    is_list: bool
    complete: bool = False
    resume: tuple[str, int, str] | None = None
    top: list[str] = field(default_factory=list)
    checked_at: str = ""


@dataclass(slots=True)
class PageFacts:
    """One page of a list: its validators, the articles it linked to, the pages it named, what else it linked to."""

    url: str
    etag: str | None
    last_modified: str | None
    entries: list[str]
    pages: list[tuple[str, int, str]]
    links: list[str]


def sections(collection: Collection, site: str) -> dict[str, SectionFacts]:
    """Return key → facts of the pages of `site` that were looked at."""
    rows = collection.rows("SELECT * FROM sections WHERE site = ? AND key NOT LIKE ?", [site, f"{_PARAMETER}%"])
    return {
        row["key"]: SectionFacts(
            key=row["key"],
            url=row["url"],
            is_list=bool(row["is_list"]),
            complete=bool(row["complete"]),
            resume=tuple(json.loads(row["resume"])) if row["resume"] else None,
            top=json.loads(row["top"]),
            checked_at=row["checked_at"],
        )
        for row in rows
    }


def put_section(collection: Collection, site: str, facts: SectionFacts) -> None:
    """Insert or refresh a section."""
    collection.upsert(
        "sections",
        ("site", "key"),
        {
            "site": site,
            "key": facts.key,
            "url": facts.url,
            "is_list": int(facts.is_list),
            "complete": int(facts.complete),
            "resume": json.dumps(facts.resume) if facts.resume else None,
            "top": json.dumps(facts.top),
            "checked_at": facts.checked_at,
        },
    )


def forget_lists(collection: Collection, site: str) -> None:
    """Forget what was read of the lists of `site`, but not what its addresses' parameters mean."""
    keep = (f"{_PARAMETER}%", f"{NOT_ON}%")
    collection.execute("DELETE FROM sections WHERE site = ? AND key NOT LIKE ? AND key NOT LIKE ?", (site, *keep))
    collection.execute("DELETE FROM listing_pages WHERE site = ?", (site,))


def refuse_platform(collection: Collection, site: str, name: str, at: str) -> None:
    """Remember that `site` is not on the platform `name`, which was found, and that another one is to be found."""
    forget_lists(collection, site)
    put_section(collection, site, SectionFacts(f"{NOT_ON}{name}", "", is_list=False, checked_at=at))
    collection.execute("UPDATE sites SET platform = '' WHERE slug = ?", (site,))


def parameters(collection: Collection, site: str) -> dict[str, bool]:
    """Return of the parameters in addresses of `site` that were looked at whether they say who asks: a session."""
    rows = collection.rows("SELECT key, is_list FROM sections WHERE site = ? AND key LIKE ?", [site, f"{_PARAMETER}%"])
    return {row["key"].removeprefix(_PARAMETER): not row["is_list"] for row in rows}


def put_parameter(collection: Collection, site: str, name: str, *, is_session: bool, at: str) -> None:
    """Remember whether a parameter of the site's addresses says who asks, or something of the page."""
    put_section(collection, site, SectionFacts(f"{_PARAMETER}{name}", "", is_list=not is_session, checked_at=at))


def pages(collection: Collection, site: str) -> dict[str, PageFacts]:
    """Return URL → facts of the pages of lists whose server gave a validator."""
    rows = collection.rows("SELECT * FROM listing_pages WHERE site = ?", [site], of=_PageRow)
    return {row["url"]: _page(row) for row in rows}


class _PageRow(TypedDict):
    url: str
    etag: str | None
    last_modified: str | None
    entries: str  # JSON, as are `pages` and `links`
    pages: str
    links: str


def _page(row: _PageRow) -> PageFacts:
    named = [(name, number, url) for name, number, url in json.loads(row["pages"])]
    return PageFacts(
        row["url"], row["etag"], row["last_modified"], json.loads(row["entries"]), named, json.loads(row["links"])
    )


def put_page(collection: Collection, site: str, facts: PageFacts, read_at: str) -> None:
    """Insert or refresh a page of a list."""
    collection.upsert(
        "listing_pages",
        ("url",),
        {
            "url": facts.url,
            "site": site,
            "etag": facts.etag,
            "last_modified": facts.last_modified,
            "entries": json.dumps(facts.entries),
            "pages": json.dumps(facts.pages),
            "links": json.dumps(facts.links),
            "read_at": read_at,
        },
    )


_KNOWN = (
    "id, key, url, title, section, summary, notes, published_raw, published_from, "
    "coalesce(checked_at, last_seen_at) AS looked_at"
)


@dataclass(frozen=True, slots=True)
class DueArticle:
    """An article that is to be looked at again.

    `key`: the identity of the first address, another than the article's own where it has moved; `urls`: its addresses
    on the site, its own first, then the one that was seen last; those known to be gone come last. `listed`: the title,
    which helps to find it on its page, date and summary if only the list has them, and the section: a page by itself
    gives none of these. `looked_at`: when it was fetched last; `seems_gone`: it was not found then.
    """

    id: int
    key: str
    urls: list[str]
    listed: dict[str, str]
    looked_at: str = ""
    seems_gone: bool = False


def to_recheck(
    collection: Collection, site: str, count: int, is_left_out: Callable[[str], bool] | None = None
) -> list[DueArticle]:
    """Return the `count` articles of `site` that are to be checked again: those checked longest ago.

    Addresses that are left out are not given, and so not those articles that have no other.

    Before these: as many that seemed gone, to be checked a second time. After them: as many of other sites that are
    gone there and live only in a copy on `site`; and one that is removed, as some come back.
    """
    own = f"SELECT {_KNOWN} FROM articles a WHERE site = ? AND"  # noqa: S608 — literals only
    alone = (
        "SELECT a.id, u.key, u.url, a.title, a.section, '' AS summary, '' AS notes, NULL AS published_raw, "
        "NULL AS published_from, coalesce(a.checked_at, a.last_seen_at) AS looked_at "
        "FROM article_urls u JOIN articles a ON a.id = u.article_id "
        "WHERE u.site = ? AND a.site <> u.site AND u.key IS NOT NULL AND u.gone_at IS NULL AND a.removed_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM article_urls o WHERE o.article_id = a.id AND o.site = a.site "
        "AND o.gone_at IS NULL) GROUP BY a.id"
    )
    kinds = (
        (f"{own} gone_at IS NOT NULL AND removed_at IS NULL", count), (f"{own} gone_at IS NULL", count),
        (alone, count), (f"{own} removed_at > ''", 1),
    )  # fmt: skip
    found: list[DueArticle] = []
    for sql, limit in kinds:
        most = -1 if is_left_out else limit  # then it is known only afterwards how many count
        rows = collection.rows(f"{sql} ORDER BY coalesce(a.checked_at, a.last_seen_at), a.id LIMIT ?", (site, most))
        wanted = (due for row in rows if (due := _due(collection, site, row, is_left_out)).urls)
        found += islice(wanted, limit)
        if sql is kinds[0][0]:
            found = [replace(due, seems_gone=True) for due in found]
    return found


def publication_dates(collection: Collection, site: str) -> dict[str, str]:
    """Return identity → publication date (ISO, whole days) of the articles of `site` that have one."""
    rows = collection.rows(
        "SELECT u.key, substr(a.published_at, 1, 10) AS day FROM article_urls u JOIN articles a ON a.id = u.article_id "
        "WHERE u.site = ? AND u.key IS NOT NULL AND a.published_at IS NOT NULL",
        [site],
    )
    return {row["key"]: row["day"] for row in rows}


def refused(collection: Collection, site: str) -> list[str]:
    """Return the URLs that the last run of `site` asked for and did not store."""
    last = "SELECT max(id) FROM runs WHERE site = ? AND finished_at IS NOT NULL"
    rows = collection.rows(f"SELECT url FROM skipped WHERE run_id = ({last})", [site])  # noqa: S608 — literals only
    return [row["url"] for row in rows]


def witnesses(collection: Collection, site: str, count: int, besides: set[int]) -> list[DueArticle]:
    """Return the `count` articles of `site` that are least likely to be gone: those that were seen last.

    Where others are gone, they show whether it is these or the whole site. `besides`: ids of others.
    """
    rows = collection.rows(
        f"SELECT {_KNOWN} FROM articles "  # noqa: S608 — literals only
        "WHERE site = ? AND gone_at IS NULL ORDER BY last_seen_at DESC, id DESC LIMIT ?",
        (site, count + len(besides)),
    )
    return [_due(collection, site, row) for row in rows if row["id"] not in besides][:count]


def _due(
    collection: Collection, site: str, row: Mapping[str, Any], is_left_out: Callable[[str], bool] | None = None
) -> DueArticle:
    rows = collection.rows(
        "SELECT url, key FROM article_urls WHERE article_id = ? AND site = ? "
        "ORDER BY gone_at IS NOT NULL, url <> ?, key IS NOT ?, last_seen_at DESC, first_seen_at",
        (row["id"], site, row["url"], row["key"]),
    )
    date = row["published_raw"] if row["published_from"] == "listing" else ""
    listed = {"title": row["title"] or "", "date": date or "", "section": row["section"] or ""}
    listed["summary"] = row["summary"] or "" if "summary from the list" in row["notes"] else ""
    addresses = list(rows) or [{"url": row["url"], "key": row["key"]}]
    if is_left_out:
        addresses = [one for one in addresses if not is_left_out(one["url"])]
    key = addresses[0]["key"] if addresses else None
    return DueArticle(row["id"], key or row["key"], [one["url"] for one in addresses], listed, row["looked_at"])


@dataclass(frozen=True, slots=True)
class Pending:
    """An article that waits. `listed`: what its list says of it."""

    key: str
    url: str
    listed: dict[str, str]


def put_pending(collection: Collection, site: str, article: Pending) -> None:
    """Note an article that was met; one that waits already keeps its count of tries."""
    values = {"site": site, "key": article.key, "url": article.url, "listed": json.dumps(article.listed)}
    collection.upsert("pending", ("site", "key"), values)


def settle_pending(collection: Collection, site: str, identity: str) -> None:
    """Forget an article: it is stored, or there is no reason to request it again."""
    collection.execute("DELETE FROM pending WHERE site = ? AND key = ?", (site, identity))


def tried_pending(collection: Collection, site: str, identity: str) -> None:
    """Note that an article was requested in vain; after some runs it is given up."""
    collection.execute("UPDATE pending SET tries = tries + 1 WHERE site = ? AND key = ?", (site, identity))
    collection.execute("DELETE FROM pending WHERE site = ? AND key = ? AND tries >= ?", (site, identity, _TRIES))


def pending_of(collection: Collection, site: str) -> list[Pending]:
    """Return the articles of `site` that wait."""
    rows = collection.rows("SELECT key, url, listed FROM pending WHERE site = ? ORDER BY rowid", [site])
    return [Pending(row["key"], row["url"], json.loads(row["listed"])) for row in rows]

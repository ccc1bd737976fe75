"""Settling doubts: a person says that a field is right as it is, or what it ought to be."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler.dates import find_event_dates, parse_date
from crawler.dates.model import HANOI_OFFSET, Moment
from crawler.doubts import DoubtKind
from crawler.text import content_hash, normalize
from storage import fields
from storage.collection import Collection
from storage.doubts.confirmed import COMPANIONS, Confirmed, head
from storage.errors import CollectionError
from storage.fields import Kind
from storage.rows import ArticleRow, Confirmation, DoubtRow
from storage.search import fulltext

CORRECTABLE = ("title", "summary", "body", "author", "source", "section", "published_at")
_KINDS = {field.name: field.kind for field in fields.FIELDS}


class BadCorrection(CollectionError):
    """What was given as right cannot be: a date that cannot be read, no title."""


def corrected(row: ArticleRow, field: str, text: str) -> dict[str, str | None]:
    """Return column → value for a field, one of CORRECTABLE, that ought to be `text`; "": the article has none.

    A date may be written as people here write it, or in ISO. Raises BadCorrection.
    """
    text = normalize(text).strip()
    if field == "published_at":
        return _date(text)
    if field == "body":
        events = find_event_dates(text, published=row["published_at"])
        found = [{"date": item.iso, "raw": item.raw, "start": item.start, "end": item.end} for item in events]
        return {"body": text, "markdown": "", "event_dates": json.dumps(found, ensure_ascii=False)}
    if field == "title" and not text:
        raise BadCorrection("no article is without a title: give the words that it ought to have")
    if field != "summary":
        text = " ".join(text.split())
    return {field: text if _KINDS[field] is Kind.TEXT else text or None}


def _date(text: str) -> dict[str, str | None]:
    if not text:
        return dict.fromkeys(("published_at", *COMPANIONS["published_at"]))
    found = parse_date(text)
    if found is None:
        raise BadCorrection(f"{text!r} is not a date: write 2021, 2021-05, 9/5/2021 or 9/5/2021 14:30")
    ends = (found.start, found.end) if found.is_interval else (found.start,)
    return {
        "published_at": "/".join(map(_iso, ends)), "published_precision": found.precision, "published_raw": text,
        "published_from": "person",
    }  # fmt: skip


def _iso(moment: Moment) -> str:
    return moment.isoformat() + ("" if moment.hour is None else HANOI_OFFSET)


def doubts_of(row: ArticleRow) -> list[DoubtRow]:
    """Return the doubts of an article."""
    doubts: list[DoubtRow] = json.loads(row["doubts"])
    return doubts


def confirm(
    collection: Collection, row: ArticleRow, corrections: Mapping[str, Mapping[str, str | None]], *, by: str, at: str
) -> list[Confirmation]:
    """Settle doubts of an article and return what was said of each field.

    `corrections`: field → column → value, as `corrected` gives them; where there are none, every doubted field is
    confirmed as it is. `at`: now, ISO 8601 in UTC. A correction is not an edit by the site: it makes no version, what
    was stored before stays in `confirmations`.
    """
    doubts = doubts_of(row)
    names = list(corrections) or list(dict.fromkeys(head(doubt["field"]) for doubt in doubts))
    stored: Mapping[str, Any] = row
    changes: dict[str, str | None] = {}
    said: list[Confirmation] = []
    for name in names:
        columns = (name, *COMPANIONS.get(name, ()))
        values = corrections.get(name) or fields.picked(stored, columns)
        for column in columns:
            was = _seen(doubts, name, stored) if column == name else stored[column]
            said.append({"field": column, "value": values[column], "was": was, "by": by, "at": at})
        changes |= values
    text = {**stored, **changes}
    digest = content_hash(text["title"], text["body"])
    if digest != row["content_hash"]:  # by which copies on other pages are recognised still
        said.append({"field": "content_hash", "value": digest, "was": row["content_hash"], "by": by, "at": at})
    _write(collection, row, changes, names)
    for one in said:
        collection.insert("confirmations", {"article_id": row["id"], **one})
    if "author" in names and (author := text["author"]):
        _settle_alike(collection, row["site"], author)
    return [one for one in said if one["field"] in names]


def _settle_alike(collection: Collection, site: str, author: str) -> None:
    """Take the doubt away that all articles of a site have one author: one confirmation is for all of them."""
    rows = collection.rows(
        "SELECT id, doubts FROM articles WHERE site = ? AND author = ? AND doubts LIKE '%alike_on_all%'", [site, author]
    )
    for other in list(rows):
        doubts: list[DoubtRow] = json.loads(other["doubts"])
        kept = [one for one in doubts if (one["field"], one["kind"]) != ("author", DoubtKind.ALIKE_ON_ALL)]
        collection.change_article(other["id"], {"doubts": json.dumps(kept, ensure_ascii=False)})


def _seen(doubts: Sequence[DoubtRow], name: str, stored: Mapping[str, Any]) -> str | None:
    """What a person saw of a field: what is stored, or what its page says since it was confirmed before."""
    if name == "body":
        return str(stored[name])
    changed = [item for item in doubts if item["kind"] == DoubtKind.CHANGED_SINCE and head(item["field"]) == name]
    value: str | None = changed[0]["evidence"] if changed else stored[name]
    return value


def put_right(collection: Collection, row: ArticleRow, said: Mapping[str, Confirmed]) -> None:
    """Write what people said, on another machine, into an article that was read as they saw it."""
    stored: Mapping[str, Any] = row
    right = {name: one for name, one in said.items() if one.knows(stored[name])}
    changes = {column: value for one in right.values() for column, value in one.columns.items()}
    _write(collection, row, changes, right)


def take_in(collection: Collection, article_id: int, confirmations: Iterable[Confirmation]) -> bool:
    """Add what people said of an article on another machine; False where all of it is here already."""
    added = False
    for one in confirmations:
        known = collection.rows(
            "SELECT 1 FROM confirmations WHERE article_id = ? AND field = ? AND at = ? AND by = ? AND value IS ?",
            (article_id, one["field"], one["at"], one["by"], one["value"]),
        )
        if next(known, None) is None:
            kept = {name: one[name] for name in ("field", "value", "was", "by", "at")}
            collection.insert("confirmations", {"article_id": article_id, **kept})
            added = True
    return added


def _write(collection: Collection, row: ArticleRow, changes: Mapping[str, str | None], settled: Iterable[str]) -> None:
    """Change an article's columns and index, and take the doubts about the fields `settled` away."""
    stored: Mapping[str, Any] = row
    names = set(settled)
    doubts = [doubt for doubt in doubts_of(row) if head(doubt["field"]) not in names]
    values: dict[str, Any] = {name: value for name, value in changes.items() if stored[name] != value}
    text = {**stored, **values}
    values |= {"content_hash": content_hash(text["title"], text["body"])} if names & {"title", "body"} else {}
    if doubts != doubts_of(row):
        values["doubts"] = json.dumps(doubts, ensure_ascii=False)
    if not values:
        return
    reindexed = any(name in values for name in fields.SEARCHED)
    if reindexed:
        fulltext.remove(collection.db, row["id"], stored)
    collection.change_article(row["id"], values)
    if reindexed:
        fulltext.add(collection.db, row["id"], text)

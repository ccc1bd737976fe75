"""A typed table in Parquet, compressed with zstd."""

from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.units import NEW, OLD, named
from storage import fields
from storage.exports.addresses import captured_address
from storage.exports.delivery import KEY
from storage.exports.job import Job, need
from storage.exports.units_today import then_and_today
from storage.rows import WholeArticle

_ROWS = 1000  # in a row group
_WHOLE = {field.name: field.members for field in fields.FIELDS if field.parquet and field.members}
_LISTS = tuple(name for name in fields.PARQUET if name in fields.LISTS and name not in _WHOLE)
_TEXTS = ("site", "key", "url", *(name for name in fields.PARQUET if name not in fields.LISTS), "content_hash")
_OF_ISSUER = (
    "ward", "host", "unit_old", "unit_new", "unit_old_name", "unit_new_name", "unit_then", "unit_today",
)  # fmt: skip
_MOMENTS = ("first_seen_at", "last_seen_at", "changed_at", "removed_at")


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the file `path`, a row each, in groups of a thousand.

    `published_on` is the day, empty where the page says less than a day; moments are UTC; the lists of addresses,
    files, pictures and earlier texts are lists of structures. The metadata hold what the export states of itself.
    """
    pa, parquet = need("pyarrow", "parquet"), need("pyarrow.parquet", "parquet")
    schema = _schema(pa).with_metadata({f"tinphuong.{KEY}": job.delivery.to_json()})
    articles = job.articles()
    with parquet.ParquetWriter(path, schema, compression="zstd") as out:
        while batch := [row(article) for article in islice(articles, _ROWS)]:
            out.write_table(pa.Table.from_pylist(batch, schema=schema), row_group_size=_ROWS)


def row(article: WholeArticle) -> dict[str, object]:
    """Return an article as the values of a row, dates and moments as such."""
    issuer, capture = article["issuer"], article["capture"]
    moments = fields.picked(article, _MOMENTS)
    then, today = then_and_today(issuer, article["published_at"])
    return fields.picked(article, ("id", *_TEXTS)) | {
        "ward": issuer["name"],
        "host": issuer["host"],
        "unit_old": issuer["unit_old"],
        "unit_new": issuer["unit_new"],
        "unit_old_name": named(issuer["unit_old"], OLD),
        "unit_new_name": named(issuer["unit_new"], NEW),
        "unit_then": then,
        "unit_today": today,
        "published_on": _day(article["published_at"]),
        **{name: _moment(text) for name, text in moments.items()},
        "captured_at": _moment(capture and capture["captured_at"]),
        "captured_url": captured_address(article) if capture else None,
        "payload_digest": capture and capture["payload_digest"],
        "layout_matched": bool(article["layout_matched"]),
        **{name: _texts(items, fields.LISTS[name]) for name, items in fields.picked(article, _LISTS).items()},
        **fields.picked(article, _WHOLE),
        "urls": article["urls"],
        "attachments": article["attachments"],
        "images": article["images"],
        "units": article["units"],
        "versions": [
            {**item, "seen_from": _moment(item["seen_from"]), "seen_until": _moment(item["seen_until"])}
            for item in article["versions"]
        ],
    }


def _schema(pa: Any) -> Any:
    text, moment = pa.string(), pa.timestamp("us", tz="UTC")
    structures = {
        **_WHOLE,
        "urls": ("url", "site", "key", "relation", "first_seen_at", "last_seen_at", "gone_at", "published_at"),
        "attachments": ("url", "name", "type", "sha256"),
        "images": ("url", "caption"),
        "units": ("code", "vintage", "certainty", "found_in", "evidence"),
    }
    versions = [(name, text) for name in (*fields.PARQUET_VERSIONS, "content_hash")]
    return pa.schema(
        [
            ("id", pa.int64()),
            *((name, text) for name in _TEXTS),
            *((name, text) for name in _OF_ISSUER),
            ("published_on", pa.date32()),
            *((name, moment) for name in _MOMENTS),
            ("captured_at", moment),
            ("captured_url", text),
            ("payload_digest", text),
            ("layout_matched", pa.bool_()),
            *((name, pa.list_(text)) for name in _LISTS),
            *((name, pa.list_(pa.struct([(part, text) for part in parts]))) for name, parts in structures.items()),
            ("versions", pa.list_(pa.struct([*versions, ("seen_from", moment), ("seen_until", moment)]))),
        ]
    )


def _texts(items: list[Any], key: str) -> list[str]:
    """A list of texts as it is; of objects, what they have under `key`."""
    return [item[key] for item in items] if key else items


def _day(published_at: str | None) -> date | None:
    if not published_at or len(published_at) < 10 or "/" in published_at:
        return None
    return date.fromisoformat(published_at[:10])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

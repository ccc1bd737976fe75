"""A table for Excel and other spreadsheets: UTF-8 with a byte order mark, CRLF, formulas disarmed."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from crawler.text.counted import counted
from crawler.units import NEW, OLD, named
from storage import fields
from storage.exports.addresses import captured_address
from storage.exports.job import Job
from storage.exports.units_today import then_and_today
from storage.rows import Address, DoubtRow, UnitLink, WholeArticle

COLUMNS = (
    "id", "site", "ward", "unit_old", "unit_new", "unit_old_name", "unit_new_name", "unit_then", "unit_today",
    *fields.CSV, "url", "other_urls",
    "attachments", "images", "units", "versions", "first_seen_at", "last_seen_at", "changed_at", "removed_at",
    "captured_at", "captured_url", "content_hash", "layout_matched", "cut",
)  # fmt: skip
_MOST = 32_767  # characters in a cell of Excel
_CUT = " […]"
# After blanks, quotes and what cannot be seen; also in the wide and small forms that spreadsheets take for the same.
_FORMULA = re.compile(
    r"^[\s\"'“”‘’«\xad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|^[\t\r\n]"
)
# Control characters but tab and line ends, what turns the direction of writing, halves of surrogate pairs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the file `path`, one row each; what a cell cannot hold is cut, and `cut` says so."""
    cut, delimiter = 0, job.options.get("delimiter")
    with path.open("wb") as out:
        out.write(head(delimiter))
        for some in job.texts(rows, delimiter):
            out.write(some.text)
            cut += some.cut
    remark(job, cut)


def remark(job: Job, cut: int) -> None:
    """Have the user told of articles that were cut, where there are any."""
    if cut:
        articles = counted(cut, "article has", "articles have")
        job.remarks.append(f"{articles} a text longer than Excel's {_MOST:,} characters: see the column `cut`")


class Rows(NamedTuple):
    """Articles as rows; `cut`: how many of them have a text that was cut."""

    text: bytes
    cut: int


def head(delimiter: str | None) -> bytes:
    """Return what comes before the rows: byte order mark and names of columns. `delimiter`: None for a comma."""
    return codecs.BOM_UTF8 + _text([COLUMNS], delimiter)


def rows(articles: Iterable[WholeArticle], delimiter: str | None) -> Rows:
    """Return articles as rows. `delimiter`: None for a comma."""
    cells = [row(article) for article in articles]
    return Rows(_text(cells, delimiter), sum(bool(of_article[-1]) for of_article in cells))


def _text(cells: Iterable[Sequence[str]], delimiter: str | None) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter or ",", lineterminator="\r\n").writerows(cells)
    return out.getvalue().encode()


def row(article: WholeArticle) -> list[str]:
    """Return an article's cells, in the order of COLUMNS."""
    issuer, capture = article["issuer"], article["capture"]
    then, today = then_and_today(issuer, article["published_at"])
    values: dict[str, object] = {
        **article,
        "ward": issuer["name"],
        "unit_old": unit(issuer["unit_old"]),
        "unit_new": unit(issuer["unit_new"]),
        "unit_old_name": named(issuer["unit_old"], OLD),
        "unit_new_name": named(issuer["unit_new"], NEW),
        "unit_then": then,
        "unit_today": today,
        "other_urls": "\n".join(_address(item, article) for item in article["urls"] if item["url"] != article["url"]),
        "attachments": "\n".join(f"{item['name']} <{item['url']}>" for item in article["attachments"]),
        "images": "\n".join(f"{item['caption']} <{item['url']}>".strip() for item in article["images"]),
        "units": "\n".join(_linked(item) for item in article["units"]),
        "versions": len(article["versions"]),
        "captured_at": capture and capture["captured_at"],
        "captured_url": captured_address(article) if capture else None,
        "content_hash": f"sha256:{article['content_hash']}",
        "layout_matched": int(article["layout_matched"]),
        "doubts": "\n".join(map(doubt, article["doubts"])),
        "cut": "",
    }
    cells = {name: cell(values[name]) for name in COLUMNS}
    long = [name for name, text in cells.items() if len(text) > _MOST]
    for name in long:
        cells[name] = cells[name][: _MOST - len(_CUT)] + _CUT
    cells["cut"] = " ".join(long)
    return list(cells.values())


def _address(item: Address, article: WholeArticle) -> str:
    """An address; where its page shows another day than the article has, with that: "https://… <2024-03-05>"."""
    shown = item.get("published_at") or ""
    return f"{item['url']} <{shown}>" if shown[:10] != (article["published_at"] or "")[:10] and shown else item["url"]


def unit(code: str | None) -> str | None:
    """Return a unit's code so that no spreadsheet takes it for a number and drops its zeros."""
    return f"mã {code}" if code else None


def doubt(item: DoubtRow) -> str:
    """Return a doubt as one line: "published_at: weekday (Sun, 10/11/2026)"."""
    return f"{item['field']}: {item['kind']}" + (f" ({item['evidence']})" if item["evidence"] else "")


def _linked(item: UnitLink) -> str:
    """A unit that an article is about: "phường Gia Sàng, tỉnh Thái Nguyên (new:05467, sure)"."""
    return (
        f"{named(item['code'], item['vintage']) or ''} ({item['vintage']}:{item['code']}, {item['certainty']})".strip()
    )


def cell(value: object) -> str:
    """Return `value` as a cell: text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if value is None else _CONTROL.sub("", str(value).replace("\r\n", "\n"))
    return f"'{text}" if _FORMULA.match(text) else text

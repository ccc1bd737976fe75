"""The fields of an article, one row each: what every list of fields in the program is read from.

To add a field: a migration in storage/schema.py that adds its column, a row here, a line in storage/rows.py, and
something that fills it in crawler/extraction; then its line in docs/archivists.md, and docs/mapping.md anew. The files
test_fields.py in tests/ fail where one of these was forgotten.

Columns that say what happened to an article, and not what it says, are in BOOKKEEPING.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # never NULL: "" where the article has none
    OPTIONAL = "optional"  # text, NULL where the article has none
    LIST = "list"  # JSON, never NULL: [] where the article has none


VIETNAMESE, ENGLISH = 0, 1


class Label(NamedTuple):
    """A field's name for readers, as it is written within a sentence; VIETNAMESE and ENGLISH are the indexes."""

    vietnamese: str
    english: str

    def heading(self, language: int) -> str:
        """Return the label in a language, with a capital."""
        return self[language][0].upper() + self[language][1:]


FONDS, FILE, DOCUMENT = "phông", "hồ sơ", "tài liệu"  # the levels of Circular 05/2025/TT-BNV


@dataclass(frozen=True, slots=True)
class Archival:
    """How archives call something that we keep.

    `element`: of the fifteen Dublin Core elements, "" for what is in no Dublin Core record; `term`: the DCMI term that
    is more exact; `level` and `circular`: on which level the circular has such a field and under which name, "" for
    none; `inferred`: this is our reading, not quoted; `place`: of a field, among those in the table of docs/mapping.md.
    """

    element: str
    term: str
    level: str = ""
    circular: str = ""
    inferred: bool = False
    note: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. A number is its place among the fields of that list, counted from 1; 0: it is not in the list.

    JSONL and SQLite hold every field, and so does an import of either.
    """

    name: str  # of the column
    kind: Kind
    label: Label

    versioned: bool = False  # every earlier text keeps it
    searched: bool = False  # in the full-text index; also what two articles are compared by
    adopted: bool = False  # an import may fill it in where ours is empty, though the text is the same
    item: str = ""  # of a LIST of objects: the member that is taken where only texts fit
    members: tuple[str, ...] = ()  # of a LIST of objects that is handed on whole: what each has

    csv: int = 0
    parquet: int = 0
    parquet_version: int = 0  # in the list of an article's earlier texts
    html: int = 0  # among the facts under an article in the offline site
    archival: Archival | None = None  # in OAI-PMH and in dublin-core.xml of a bag

    diff: int = 0  # shown word by word where it changed
    listed: int = 0  # where articles are listed: search results as CSV and JSON
    browse: int = 0  # among the facts beside an article in the browser; others have a place of their own in the page
    report: int = 0  # how many articles have it, in `tinphuong report`
    health: int = 0  # how many articles of a run have it: a habit that is broken means rebuilt pages
    counted: bool = False  # in a crawl's statistics: extraction/with_…


FIELDS = (
    Field(
        name="title", kind=Kind.TEXT, label=Label("tiêu đề", "title"), versioned=True, searched=True,
        csv=1, parquet=1, parquet_version=1, diff=1, listed=1, report=1, health=1,
        archival=Archival("title", "dcterms:title", DOCUMENT, "trích yếu nội dung", True, place=1),
    ),
    Field(
        name="summary", kind=Kind.TEXT, label=Label("sapo", "summary"), versioned=True, searched=True,
        csv=10, parquet=2, parquet_version=2, diff=2, listed=2, report=2, health=2, counted=True,
        archival=Archival("description", "dcterms:abstract", DOCUMENT, "tóm tắt", True, "the sapo", place=5),
    ),
    Field(
        name="body", kind=Kind.TEXT, label=Label("nội dung", "text"), versioned=True, searched=True,
        csv=11, parquet=3, parquet_version=3, diff=3, report=3, health=3, counted=True,
        archival=Archival("", "", DOCUMENT, "nội dung tài liệu", True, "in JSONL, CSV, Parquet and SQLite", place=8),
    ),
    Field(
        name="markdown", kind=Kind.TEXT, label=Label("nội dung có định dạng", "formatted text"), versioned=True,
        parquet=4,
    ),
    Field(
        name="author", kind=Kind.OPTIONAL, label=Label("tác giả", "author"), versioned=True,
        csv=6, parquet=5, html=1, diff=5, report=4, health=4, counted=True,
        archival=Archival("creator", "dcterms:creator", DOCUMENT, "tác giả", True,
                          "as signed; where none is, nothing", place=2),
    ),
    Field(
        name="source", kind=Kind.OPTIONAL, label=Label("nguồn", "source"), versioned=True,
        csv=7, parquet=6, html=2, counted=True,
        archival=Archival("source", "dcterms:source", note="where the text says it was taken from", place=3),
    ),
    Field(
        name="section", kind=Kind.OPTIONAL, label=Label("chuyên mục", "section"), adopted=True,
        csv=8, parquet=7, html=3, listed=3, report=6,
        archival=Archival("subject", "dcterms:subject", FILE, "từ khóa", True, "the site's own heading", place=4),
    ),
    Field(
        name="language", kind=Kind.OPTIONAL, label=Label("ngôn ngữ", "language"), csv=9, parquet=8,
        archival=Archival("language", "dcterms:language", FILE, "ngôn ngữ", place=7),
    ),
    Field(  # ISO 8601 or EDTF, in Việt Nam's time
        name="published_at", kind=Kind.OPTIONAL, label=Label("ngày đăng", "date"), versioned=True,
        csv=2, parquet=9, parquet_version=4, diff=4, listed=4, report=5, health=5,
        archival=Archival("date", "dcterms:issued", DOCUMENT, "thời gian (ngày, tháng, năm)", True,
                          "EDTF: as exact as the page is", place=6),
    ),
    Field(  # second, minute, day, month or year
        name="published_precision", kind=Kind.OPTIONAL, label=Label("độ chính xác của ngày", "precision of the date"),
        csv=3, parquet=10,
    ),
    Field(
        name="published_raw", kind=Kind.OPTIONAL, label=Label("ngày như trên trang", "date as shown"), versioned=True,
        csv=4, parquet=11,
    ),
    Field(  # page, meta, url, listing or body
        name="published_from", kind=Kind.OPTIONAL, label=Label("nơi lấy ngày", "origin of the date"),
        csv=5, parquet=12,
    ),
    Field(  # objects of date, raw, start and end
        name="event_dates", kind=Kind.LIST, label=Label("ngày nêu trong bài", "days named in the text"),
        item="date", parquet=14,
    ),
    Field(  # what the stages remarked
        name="notes", kind=Kind.LIST, label=Label("ghi chú", "remarks"), parquet=13,
    ),
    Field(  # objects of field, kind and evidence: what may be wrong (crawler/doubts.py)
        name="doubts", kind=Kind.LIST, label=Label("điều còn ngờ", "doubts"),
        members=("field", "kind", "evidence"), csv=12, parquet=15,
    ),
)  # fmt: skip

# What an article has in tables of their own, counted as its fields are.
PARTS = {"attachments": Label("tệp đính kèm", "attached files"), "images": Label("ảnh", "pictures")}

# The other columns of `articles` and `versions`.
BOOKKEEPING = {
    "articles": (
        "id", "site", "key", "url", "content_hash", "first_seen_at", "last_seen_at", "changed_at", "removed_at",
        "run_id", "capture_id", "checked_at", "gone_at", "capture_elsewhere", "layout_matched",
    ),
    "versions": (
        "id", "article_id", "content_hash", "seen_from", "seen_until", "run_id", "capture_id", "capture_elsewhere",
    ),
}  # fmt: skip


def _in_order(use: str) -> tuple[str, ...]:
    """The names of the fields that have a place in a list, in its order."""
    return tuple(field.name for field in sorted(FIELDS, key=lambda field: getattr(field, use)) if getattr(field, use))


NAMES = tuple(field.name for field in FIELDS)
LISTS = {field.name: field.item for field in FIELDS if field.kind is Kind.LIST}
VERSIONED = tuple(field.name for field in FIELDS if field.versioned)
SEARCHED = tuple(field.name for field in FIELDS if field.searched)
ADOPTED = tuple(field.name for field in FIELDS if field.adopted)
COUNTED = (*(field.name for field in FIELDS if field.counted), *PARTS)
LABELS = {field.name: field.label for field in FIELDS} | PARTS
CSV, PARQUET, PARQUET_VERSIONS = _in_order("csv"), _in_order("parquet"), _in_order("parquet_version")
HTML, DIFF, LISTED, BROWSE = _in_order("html"), _in_order("diff"), _in_order("listed"), _in_order("browse")
REPORT, HEALTH = (*_in_order("report"), *PARTS), (*_in_order("health"), *PARTS)


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for every field: that of `values`, or else "", None or [], according to the field's kind.

    Lists are Python lists, as `values` has them.
    """
    return {field.name: _completed(field.kind, values.get(field.name)) for field in FIELDS}


def _completed(kind: Kind, value: Any) -> Any:
    match kind:
        case Kind.TEXT:
            return value or ""
        case Kind.LIST:
            return value or []
    return value


def picked(row: Mapping[str, object], names: Iterable[str]) -> dict[str, Any]:
    """Return some columns of a row."""
    return {name: row[name] for name in names}


def differing(
    older: Mapping[str, object], newer: Mapping[str, object], names: Iterable[str] = DIFF
) -> dict[str, tuple[str, str]]:
    """Return what two texts do not have in common: field → (before, after), "" for a field that has nothing."""
    pairs = {name: (str(older[name] or ""), str(newer[name] or "")) for name in names}
    return {name: (before, after) for name, (before, after) in pairs.items() if before != after}

"""From our fields to Dublin Core and to the names in Circular 05/2025/TT-BNV: one table, which the exports follow.

docs/mapping.md shows the same table; a test compares the two. The circular's lists for a fonds and for a file are
quoted in public text; its list for a single document was not available, so what is given for it here is inferred.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.units import NEW, OLD, Vintage, named
from storage import fields
from storage.fields import DOCUMENT, FILE, FONDS, Archival, Field
from storage.rows import UnitCodes, WholeArticle

Article = WholeArticle


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    `field`: our column; `element`: of the fifteen Dublin Core elements, `term`: the DCMI term that is more exact;
    `level` and `circular`: on which level the circular has such a field and under which name, "" for none; `inferred`:
    this is our reading, not quoted; `values`: what an article has there, None for what is said of the whole package.
    """

    field: str
    element: str
    term: str
    level: str = ""
    circular: str = ""
    inferred: bool = False
    note: str = ""
    values: Callable[[Article], list[str | None]] | None = None


@dataclass(frozen=True, slots=True)
class UnitThen:
    """The unit of a site at a time: its code, the list that the code is of, and its full name, if the table has it."""

    code: str
    vintage: Vintage
    name: str | None

    @property
    def coded(self) -> str:
        """The code with its list, in Vietnamese; without the list a code says nothing, as codes were used again."""
        return f"{self.code}, danh mục đơn vị hành chính {'trước' if self.vintage == OLD else 'từ'} 01/7/2025"

    def __str__(self) -> str:
        return f"{self.name}; mã {self.coded}" if self.name else f"mã {self.coded}"


def unit_at(issuer: UnitCodes, moment: str | None) -> UnitThen | None:
    """Return a site's unit at `moment` (ISO, of any precision); None where its code is not known.

    The units were drawn anew on 1 July 2025. Where no moment is known, or it says no more than 2025, the older unit is
    named.
    """
    before = moment is None or moment[:7] < "2025-07" or moment[:4] == moment[:10] == "2025"
    code, vintage = (issuer["unit_old"], OLD) if before else (issuer["unit_new"], NEW)
    return UnitThen(code, vintage, named(code, vintage)) if code else None


def _coverage(article: Article) -> list[str | None]:
    unit = unit_at(article["issuer"], article["published_at"])
    if unit is None:
        return [article["issuer"]["name"]]
    return [str(unit) if unit.name else f"{article['issuer']['name']}; {unit}"]


def _about(article: Article) -> list[str | None]:
    """The units that the text is about, but for the one that is the site's own at the time."""
    own = unit_at(article["issuer"], article["published_at"])
    about = [UnitThen(item["code"], item["vintage"], named(item["code"], item["vintage"])) for item in article["units"]]
    return [str(unit) for unit in about if unit != own]


def _addresses(article: Article) -> list[str | None]:
    others = [item["url"] for item in article["urls"] if item["url"] != article["url"]]
    return [article["url"], *others]


def _format(article: Article) -> list[str | None]:
    capture = article["capture"]
    return [((capture and capture["content_type"]) or "text/html").split(";")[0]]


def _row_of(field: Field, archival: Archival) -> Row:
    def values(article: Article) -> list[str | None]:
        return [fields.picked(article, [field.name])[field.name]]

    return Row(
        field.name, archival.element, archival.term, archival.level, archival.circular, archival.inferred,
        archival.note, values if archival.element else None,
    )  # fmt: skip


_FIRST = Row("url, article_urls.url", "identifier", "dcterms:identifier", DOCUMENT, "mã định danh tài liệu", True,
             "the canonical address first, then the others", _addresses)  # fmt: skip
_BEHIND = {  # rows that are not fields of an article, by the field after which they come
    "author": (
        Row("sites.name", "publisher", "dcterms:publisher", DOCUMENT, "cơ quan ban hành", True,
            "the ward or office whose site it is", lambda a: [a["issuer"]["name"]]),
    ),
    "language": (
        Row("sites.unit_old, sites.unit_new", "coverage", "dcterms:spatial",
            note="the unit at the time of publication: full name, code, and the list the code is of",
            values=_coverage),
        Row("article_units", "coverage", "dcterms:spatial", note="every other unit that the text is about",
            values=_about),
        Row("attachments.url", "relation", "dcterms:hasPart", FILE, "tệp tin hồ sơ", True, "",
            lambda a: [item["url"] for item in a["attachments"]]),
        Row("(always Text)", "type", "dcterms:type", note="DCMI type vocabulary", values=lambda a: ["Text"]),
        Row("captures.content_type", "format", "dcterms:format", note="of the page as it came", values=_format),
    ),
}  # fmt: skip
_LAST = (
    Row("content_hash, captures.payload_digest", "", "premis:messageDigest", FILE, "mức độ tin cậy", True,
        "SHA-256: by it the text and the page can be checked"),
    Row("captures.captured_at", "", "dcterms:dateSubmitted", note="when the page was taken"),
    Row("first_seen_at", "", "dcterms:created", note="when the article was first met; of our record, not of the text"),
    Row("changed_at, versions", "", "dcterms:hasVersion", note="every earlier text is kept"),
    Row("removed_at, article_events", "", "dcterms:valid", note="in OAI-PMH a deleted record"),
    Row("collection", "", "dcterms:isPartOf", FONDS, "mã phông, công trình, sưu tập lưu trữ", False, "of the package"),
    Row("bag-info: External-Identifier", "", "dcterms:identifier", FILE, "mã hồ sơ", False, "of the package"),
    Row("README: title", "", "dcterms:title", FILE, "tiêu đề hồ sơ", False, "of the package"),
    Row("min(published_at)", "", "dcterms:temporal", FILE, "thời gian bắt đầu", False, "of the package"),
    Row("max(published_at)", "", "dcterms:temporal", FILE, "thời gian kết thúc", False, "of the package"),
    Row("count(articles)", "", "dcterms:extent", FILE, "tổng số tài liệu trong hồ sơ", False, "of the package"),
    Row("(public)", "", "dcterms:accessRights", FILE, "mức độ tiếp cận", False,
        "all of it was public when it was taken; of the package"),
    Row("(left to the archive)", "", "", FILE, "thời hạn lưu trữ", False, "the archive that takes it over decides"),
    Row("README: what is missing", "", "dcterms:description", FONDS, "ghi chú", False, "of the package"),
)  # fmt: skip


def _table() -> Iterator[Row]:
    yield _FIRST
    mapped = [(field.archival.place, field, field.archival) for field in fields.FIELDS if field.archival]
    for _, field, archival in sorted(mapped, key=lambda item: item[0]):
        yield _row_of(field, archival)
        yield from _BEHIND.get(field.name, ())
    yield from _LAST


TABLE = tuple(_table())


def dublin_core(article: Article) -> Iterator[tuple[str, str]]:
    """Yield (element, value) of an article's simple Dublin Core record; an element may come more than once."""
    for row in TABLE:
        if row.element and row.values:
            for value in row.values(article):
                if value:
                    yield row.element, value


def table() -> str:
    """Return the table as Markdown, as docs/mapping.md has it."""
    lines = ["| our field | Dublin Core | DCMI term | Circular 05/2025/TT-BNV | remark |", "|---|---|---|---|---|"]
    for row in TABLE:
        circular = f"{row.level}: {row.circular}{' (inferred)' if row.inferred else ''}" if row.circular else "–"
        cells = (f"`{row.field}`", f"dc:{row.element}" if row.element else "–", row.term or "–", circular, row.note)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)

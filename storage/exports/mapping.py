"""From our fields to Dublin Core and to the names in Circular 05/2025/TT-BNV: one table, which the exports follow.

docs/mapping.md shows the same table; a test compares the two. The circular's lists for a fonds and for a file are
quoted in public text; its list for a single document was not available, so what is given for it here is inferred.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crawler.units import NEW, OLD, Vintage, named
from storage import fields
from storage.exports.identifiers import identifiers
from storage.fields import DOCUMENT, FILE, FONDS, Archival, Field
from storage.rows import UnitCodes, WholeArticle

Article = WholeArticle


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    `field`: our column; `archival`: how archives call it; `values`: what an article has there, None for what is said of
    the whole package.
    """

    field: str
    archival: Archival
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


def unit_today(issuer: UnitCodes) -> UnitThen | None:
    """Return a site's unit since 1 July 2025; None where its code is not known."""
    code = issuer["unit_new"]
    return UnitThen(code, NEW, named(code, NEW)) if code else None


def _coverage(article: Article) -> list[str | None]:
    """The unit at the time of publication, then today's where that is another one."""
    issuer = article["issuer"]
    then, today = unit_at(issuer, article["published_at"]), unit_today(issuer)
    units = [unit for unit in dict.fromkeys((then, today)) if unit]
    return [str(unit) if unit.name else f"{issuer['name']}; {unit}" for unit in units] or [issuer["name"]]


def _about(article: Article) -> list[str | None]:
    """The units that the text is about, but for the one that is the site's own at the time."""
    own = unit_at(article["issuer"], article["published_at"])
    about = [UnitThen(item["code"], item["vintage"], named(item["code"], item["vintage"])) for item in article["units"]]
    return [str(unit) for unit in about if unit != own]


def _captured(article: Article) -> str | None:
    """When the page was taken, ISO 8601 in UTC."""
    capture = article["capture"]
    return capture["captured_at"].replace("+00:00", "Z") if capture else None


def _captured_named(article: Article) -> list[str | None]:
    moment = _captured(article)
    return [f"captured: {moment}" if moment else None]


def _page_digest(article: Article) -> list[str | None]:
    capture = article["capture"]
    return [f"sha256:{capture['payload_digest'].removeprefix('sha256:')}" if capture else None]


def _format(article: Article) -> list[str | None]:
    capture = article["capture"]
    return [((capture and capture["content_type"]) or "text/html").split(";")[0]]


def _row_of(field: Field, archival: Archival) -> Row:
    def values(article: Article) -> list[str | None]:
        return [fields.picked(article, [field.name])[field.name]]

    return Row(field.name, archival, values if archival.element else None)


_FIRST = Row(
    "url, article_urls.url",
    Archival("identifier", "dcterms:identifier", DOCUMENT, "mã định danh tài liệu", True,
             "the address that was captured first, then the canonical one and the others; with a `naan` the ARK; the "
             "identifier of OAI-PMH"),
    lambda article: list(identifiers(article, None)),
)  # fmt: skip
_BEHIND = {  # rows that are not fields of an article, by the field after which they come
    "author": (
        Row("sites.name", Archival("publisher", "dcterms:publisher", DOCUMENT, "cơ quan ban hành", True,
                                   "the ward or office whose site it is"),
            lambda a: [a["issuer"]["name"]]),
    ),
    "language": (
        Row("sites.unit_old, sites.unit_new",
            Archival("coverage", "dcterms:spatial",
                     note="the unit at the time of publication, and today's where it is another one: full name, "
                          "code, and the list the code is of"),
            _coverage),
        Row("article_units",
            Archival("coverage", "dcterms:spatial", note="every other unit that the text is about"), _about),
        Row("attachments.url", Archival("relation", "dcterms:hasPart", FILE, "tệp tin hồ sơ", True),
            lambda a: [item["url"] for item in a["attachments"]]),
        Row("(always Text)", Archival("type", "dcterms:type", note="DCMI type vocabulary"), lambda a: ["Text"]),
        Row("captures.content_type", Archival("format", "dcterms:format", note="of the page as it came"), _format),
    ),
}  # fmt: skip
_OF_PACKAGE = "of the package"
_LAST = (
    Row("captures.payload_digest",
        Archival("identifier", "premis:messageDigest", FILE, "mức độ tin cậy", True,
                 "`sha256:` and 64 digits: by it the page can be checked"), _page_digest),
    Row("content_hash", Archival("", "premis:messageDigest", FILE, "mức độ tin cậy", True,
                                 "SHA-256: by it the text can be checked")),
    Row("captures.captured_at",
        Archival("date", "dcterms:dateSubmitted", note="when the page was taken; in dc:date after `captured:`"),
        _captured_named),
    Row("sites.rights", Archival("rights", "dcterms:rights", FILE, "mức độ tiếp cận", True,
                                 "what is stated on reuse; where nobody states anything, nothing"),
        lambda a: [a["issuer"].get("rights")]),
    Row("sites.rights_url", Archival("rights", "dcterms:license", note="the licence, or a statement's address"),
        lambda a: [a["issuer"].get("rights_url")]),
    Row("rights_evidence",
        Archival("", "", note="what the site itself says of reuse: in README and `rights.csv`; no statement of ours")),
    Row("first_seen_at",
        Archival("", "dcterms:created", note="when the article was first met; of our record, not of the text")),
    Row("changed_at, versions", Archival("", "dcterms:hasVersion", note="every earlier text is kept")),
    Row("removed_at, article_events", Archival("", "dcterms:valid", note="in OAI-PMH a deleted record")),
    Row("collection",
        Archival("", "dcterms:isPartOf", FONDS, "mã phông, công trình, sưu tập lưu trữ", note=_OF_PACKAGE)),
    Row("bag-info: External-Identifier", Archival("", "dcterms:identifier", FILE, "mã hồ sơ", note=_OF_PACKAGE)),
    Row("README: title", Archival("", "dcterms:title", FILE, "tiêu đề hồ sơ", note=_OF_PACKAGE)),
    Row("min(published_at)", Archival("", "dcterms:temporal", FILE, "thời gian bắt đầu", note=_OF_PACKAGE)),
    Row("max(published_at)", Archival("", "dcterms:temporal", FILE, "thời gian kết thúc", note=_OF_PACKAGE)),
    Row("count(articles)", Archival("", "dcterms:extent", FILE, "tổng số tài liệu trong hồ sơ", note=_OF_PACKAGE)),
    Row("(public)", Archival("", "dcterms:accessRights", FILE, "mức độ tiếp cận",
                             note="all of it was public when it was taken; of the package")),
    Row("(left to the archive)",
        Archival("", "", FILE, "thời hạn lưu trữ", note="the archive that takes it over decides")),
    Row("README: what is missing", Archival("", "dcterms:description", FONDS, "ghi chú", note=_OF_PACKAGE)),
)  # fmt: skip


def _table() -> Iterator[Row]:
    yield _FIRST
    mapped = [(field.archival.place, field, field.archival) for field in fields.FIELDS if field.archival]
    for _, field, archival in sorted(mapped, key=lambda item: item[0]):
        yield _row_of(field, archival)
        yield from _BEHIND.get(field.name, ())
    yield from _LAST


TABLE = tuple(_table())


def dublin_core(article: Article, naan: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield (element, value) of an article's simple Dublin Core record; an element may come more than once.

    `naan`: the authority under which it has an ARK, None for none.
    """
    for row in TABLE:
        if row.archival.element and row.values:
            for value in identifiers(article, naan) if row is _FIRST else row.values(article):
                if value:
                    yield row.archival.element, value


def qualified(article: Article, naan: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield (DCMI term, value) of an article's record in the more exact terms: `abstract`, `issued`, `spatial`, ….

    What has no term of its own there comes under the element: digests as `identifier`.
    """
    for row in TABLE:
        term = row.archival.term
        if row.field == "captures.captured_at":
            values: Iterable[str | None] = [_captured(article)]
        elif row is _FIRST:
            values = identifiers(article, naan)
        elif row.field == "content_hash":
            values, term = [f"sha256:{article['content_hash']}"], "dcterms:identifier"
        elif row.values:
            values = row.values(article)
        else:
            continue
        name = term.removeprefix("dcterms:") if term.startswith("dcterms:") else row.archival.element
        yield from ((name, value) for value in values if value and name)


def table() -> str:
    """Return the table as Markdown, as docs/mapping.md has it."""
    lines = ["| our field | Dublin Core | DCMI term | Circular 05/2025/TT-BNV | remark |", "|---|---|---|---|---|"]
    for row in TABLE:
        said = row.archival
        circular = f"{said.level}: {said.circular}{' (inferred)' if said.inferred else ''}" if said.circular else "–"
        cells = (f"`{row.field}`", f"dc:{said.element}" if said.element else "–", said.term or "–", circular, said.note)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)

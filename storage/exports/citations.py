"""How an article is to be cited, so that what is cited can be found and checked again."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from crawler.dates.local_time import local_iso
from storage.collection import Collection
from storage.errors import CollectionError
from storage.exports.identifiers import oai_identifier, stable_name
from storage.exports.mapping import unit_at
from storage.exports.units_today import BETWEEN, in_full, units_today
from storage.rows import UnitCodes, WholeArticle

_CITED = (
    "SELECT a.*, s.name, s.host, s.first_host, s.unit_old, s.unit_new, "
    "coalesce(k.captured_at, e.captured_at) AS captured_at, "
    "coalesce(k.payload_digest, e.payload_digest) AS payload_digest, "
    "coalesce(k.record_id, e.record_id) AS record_id, coalesce(k.url, e.url, a.url) AS captured_url, "
    "iif(k.archive_file IS NULL, coalesce(k.source, e.source), NULL) AS copied_from, "
    "f.name AS source_file, f.sha256 AS source_digest, k.archive_record AS source_record, "
    "(SELECT count(*) FROM versions v WHERE v.article_id = a.id) AS versions FROM articles a "
    "JOIN sites s ON s.slug = a.site LEFT JOIN captures k ON k.id = a.capture_id "
    "LEFT JOIN archive_files f ON f.id = k.archive_file "
    "LEFT JOIN captures_elsewhere e ON e.record_id = a.capture_elsewhere"
)
CITED = f"{_CITED} WHERE a.id = ?"  # an article by its id
_CHOSEN = f"{_CITED} JOIN temp.chosen c ON c.id = a.id ORDER BY c.position LIMIT ?"


class UnknownArticle(CollectionError):
    """No article has that id."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Moments are ISO 8601, those of ours in UTC; digests SHA-256 in hex. None where a fact is not known.

    `unit`: code of the issuer's administrative unit when the article was published, and which list it is from;
    `unit_name`: its full name then, None where the table of units has no such code; `unit_code`, `unit_vintage` ("old"
    until June 2025, "new" since): the same apart;
    `url`: the address under which the page was captured, as a replay finds no other; `canonical_url`: the one that the
    site gives the article, where that is another;
    `captured_at`: when the page was taken, where its capture is kept; else `seen_at` alone says when it was met.
    `copied_from`: the address in a web archive that the capture was copied from; `units_today`: full names of the units
    that took the place of the issuer's since (see `units_today`); `author`: as signed; `stable_name`, `oai`: names of
    the record that are the same on every machine; `source_file`, `source_digest` (SHA-256 in hex) and `source_record`:
    the archive file that a replay took the capture from, and the record's id there.
    """

    id: int
    title: str
    issuer: str
    unit: str | None
    unit_name: str | None
    unit_code: str | None
    unit_vintage: str | None
    published_at: str | None
    url: str
    canonical_url: str | None
    captured_at: str | None
    copied_from: str | None
    seen_at: str
    text_digest: str
    page_digest: str | None
    record_id: str | None
    versions: int
    removed_at: str | None
    site: str
    author: str | None
    summary: str
    language: str
    units_today: tuple[str, ...]
    stable_name: str
    oai: str
    key: str
    source_file: str | None = None
    source_digest: str | None = None
    source_record: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the facts, with the citation as text and the address of just this text in `tinphuong browse`."""
        return asdict(self) | {"text": str(self), "permalink": self.permalink}

    @property
    def permalink(self) -> str:
        """Where `browse` shows the text as it was captured: /article/SITE/KEY?at=2026-11-30T13:15:00Z."""
        begin = max(filter(None, (self.captured_at, self.seen_at)), key=datetime.fromisoformat)
        moment = datetime.fromisoformat(begin).astimezone(UTC)
        return f"/article/{quote(self.site, safe='')}/{quote(self.key, safe='')}?at={moment:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def issuer_in_full(self) -> str:
        """The issuer, and its unit at the time in full: "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"."""
        return in_full(self.issuer, self.unit_name)

    @property
    def today(self) -> str:
        """What the unit belongs to today, in Vietnamese: "nay thuộc phường Gia Sàng, …"; "" where nothing changed."""
        return f"nay thuộc {BETWEEN.join(self.units_today)}" if self.units_today else ""

    @property
    def removal(self) -> str:
        """The sentence that says when the site took the article down, "" where it did not."""
        return f"Trang gốc đã gỡ bài, ghi nhận lúc {local_iso(self.removed_at)}." if self.removed_at else ""

    @property
    def digests(self) -> str:
        """The sentence with the digests of the text and, where its capture is known, of the page."""
        page = f"; của trang: {self.page_digest}" if self.page_digest else ""
        return f"SHA-256 của nội dung: {self.text_digest}{page}."

    @property
    def remarks(self) -> list[str]:
        """Sentences that say what title, issuer, day and address do not."""
        unit = "; ".join(part for part in (f"mã {self.unit}" if self.unit else "", self.today) if part)
        found = [
            f"Đơn vị hành chính: {unit}." if unit else "",
            f"Địa chỉ chính tắc: {self.canonical_url}." if self.canonical_url else "",
            f"Bản lưu chép từ {self.copied_from}." if self.copied_from else "",
            self.removal,
            self.digests,
        ]
        return [sentence for sentence in found if sentence]

    def ark(self, naan: str | None) -> str | None:
        """The article's ARK under a name assigning authority number, None where there is none."""
        return f"ark:/{naan}/{self.stable_name}" if naan else None

    def name(self, naan: str | None) -> str:
        """The name under which our record is found: its ARK, or else its identifier over OAI-PMH."""
        return self.ark(naan) or self.oai

    def __str__(self) -> str:
        unit = "; ".join(part for part in (f"mã {self.unit}" if self.unit else "", self.today) if part)
        issuer = self.issuer_in_full + (f" ({unit})" if unit else "")
        day = self.published_at or "không rõ ngày"
        copied = f" (chép từ {self.copied_from})" if self.copied_from else ""
        if self.source_file:
            record = f", bản ghi {self.source_record}" if self.source_record else ""
            copied = f" (chép từ {self.source_file}, SHA-256 {self.source_digest}{record})"
        moment = local_iso(self.captured_at or self.seen_at)
        kept = f"Trang lưu lúc {moment}{copied}" if self.captured_at else f"Truy cập lúc {moment}"
        removed = f" {self.removal}" if self.removal else ""
        canonical = f" (địa chỉ chính tắc: {self.canonical_url})" if self.canonical_url else ""
        return f"{issuer}. “{self.title}”. {day}. {self.url}{canonical}. {kept}.{removed} {self.digests}"


def citation(collection: Collection, article_id: int) -> Citation:
    """Return how to cite the text that an article shows today. Raises UnknownArticle."""
    row = next(collection.rows(CITED, [article_id]), None)
    if row is None:
        raise UnknownArticle(f"no article has the id {article_id}: `tinphuong search --json` shows ids")
    return cited(row)


def citations(collection: Collection, limit: int | None = None) -> Iterator[Citation]:
    """Yield how to cite the articles of the table `chosen`, in its order, at most `limit`."""
    for row in collection.rows(_CHOSEN, [-1 if limit is None else limit]):
        yield cited(row)


def cited(row: Mapping[str, Any]) -> Citation:
    """Return the citation of an article that was read by CITED."""
    codes: UnitCodes = {"unit_old": row["unit_old"], "unit_new": row["unit_new"]}
    unit = unit_at(codes, row["published_at"])
    named = cast(WholeArticle, {**row, "issuer": {"host": row["host"], "first_host": row["first_host"]}})
    return Citation(
        row["id"], row["title"], row["name"], unit.coded if unit else None, unit.name if unit else None,
        unit.code if unit else None, unit.vintage if unit else None, row["published_at"],
        row["captured_url"], row["url"] if row["url"] != row["captured_url"] else None,
        row["captured_at"], row["copied_from"], row["changed_at"] or row["first_seen_at"], row["content_hash"],
        row["payload_digest"], row["record_id"], row["versions"], row["removed_at"], row["site"],
        row["author"], row["summary"], row["language"] or "vi",
        tuple(unit.full_name for unit in units_today(codes, row["published_at"])), stable_name(named),
        oai_identifier(named), row["key"], row["source_file"], row["source_digest"], row["source_record"],
    )  # fmt: skip

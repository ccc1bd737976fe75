"""How an article is to be cited, so that what is cited can be found and checked again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from crawler.dates.local_time import local_iso
from storage.collection import Collection
from storage.errors import CollectionError
from storage.exports.mapping import unit_at

CITED = (  # an article by its id
    "SELECT a.*, s.name, s.unit_old, s.unit_new, coalesce(k.captured_at, e.captured_at) AS captured_at, "
    "coalesce(k.payload_digest, e.payload_digest) AS payload_digest, "
    "coalesce(k.record_id, e.record_id) AS record_id, coalesce(k.url, e.url, a.url) AS captured_url, "
    "iif(k.archive_file IS NULL, k.source, NULL) AS copied_from, "
    "f.name AS source_file, f.sha256 AS source_digest, k.archive_record AS source_record, "
    "(SELECT count(*) FROM versions v WHERE v.article_id = a.id) AS versions FROM articles a "
    "JOIN sites s ON s.slug = a.site LEFT JOIN captures k ON k.id = a.capture_id "
    "LEFT JOIN archive_files f ON f.id = k.archive_file "
    "LEFT JOIN captures_elsewhere e ON e.record_id = a.capture_elsewhere WHERE a.id = ?"
)


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
    `copied_from`: the address in a web archive that the capture was copied from; `source_file`, `source_digest`
    (SHA-256 in hex) and `source_record`: the archive file that a replay took it from, and the record's id there.
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
    source_file: str | None = None
    source_digest: str | None = None
    source_record: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the facts, with the citation as text."""
        return asdict(self) | {"text": str(self)}

    @property
    def issuer_in_full(self) -> str:
        """The issuer, and its unit at the time in full: "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"."""
        if self.unit_name and self.unit_name.casefold().startswith(self.issuer.casefold()):
            return self.issuer + self.unit_name[len(self.issuer) :]
        return f"{self.issuer}, {self.unit_name}" if self.unit_name else self.issuer

    def __str__(self) -> str:
        issuer = self.issuer_in_full + (f" (mã {self.unit})" if self.unit else "")
        day = self.published_at or "không rõ ngày"
        copied = f" (chép từ {self.copied_from})" if self.copied_from else ""
        if self.source_file:
            record = f", bản ghi {self.source_record}" if self.source_record else ""
            copied = f" (chép từ {self.source_file}, SHA-256 {self.source_digest}{record})"
        moment = local_iso(self.captured_at or self.seen_at)
        kept = f"Trang lưu lúc {moment}{copied}" if self.captured_at else f"Truy cập lúc {moment}"
        removed = f" Trang gốc đã gỡ bài, ghi nhận lúc {local_iso(self.removed_at)}." if self.removed_at else ""
        canonical = f" (địa chỉ chính tắc: {self.canonical_url})" if self.canonical_url else ""
        page = f"; của trang: {self.page_digest}" if self.page_digest else ""
        return (
            f"{issuer}. “{self.title}”. {day}. {self.url}{canonical}. {kept}.{removed} "
            f"SHA-256 của nội dung: {self.text_digest}{page}."
        )


def citation(collection: Collection, article_id: int) -> Citation:
    """Return how to cite the text that an article shows today. Raises UnknownArticle."""
    row = next(collection.rows(CITED, [article_id]), None)
    if row is None:
        raise UnknownArticle(f"no article has the id {article_id}: `tinphuong search --json` shows ids")
    return cited(row)


def cited(row: Mapping[str, Any]) -> Citation:
    """Return the citation of an article that was read by CITED."""
    unit = unit_at({"unit_old": row["unit_old"], "unit_new": row["unit_new"]}, row["published_at"])
    return Citation(
        row["id"], row["title"], row["name"], unit.coded if unit else None, unit.name if unit else None,
        unit.code if unit else None, unit.vintage if unit else None, row["published_at"],
        row["captured_url"], row["url"] if row["url"] != row["captured_url"] else None,
        row["captured_at"], row["copied_from"], row["changed_at"] or row["first_seen_at"], row["content_hash"],
        row["payload_digest"], row["record_id"], row["versions"], row["removed_at"], row["source_file"],
        row["source_digest"], row["source_record"],
    )  # fmt: skip

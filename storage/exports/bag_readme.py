"""The README of a bag, in Vietnamese and English: what it is, from where, when, how it was selected, what it lacks."""

import json
from collections import Counter
from collections.abc import Iterator
from string import Template
from urllib.parse import urlsplit

from crawler.dates.local_time import shown_moment
from crawler.doubts import meaning
from crawler.units import NEW, OLD, named, parse_unit
from storage import fields
from storage.doubts.confirmed import SHOWN
from storage.doubts.listing import counted_of_chosen
from storage.exports import rights
from storage.exports.job import Job
from storage.exports.warc import without_capture
from storage.fields import ENGLISH, VIETNAMESE
from storage.rows import SiteRow

_VIETNAMESE = Template("""\
# $title

Gói này bàn giao $count bài đăng trên các trang tin của phường, xã, do phần mềm $software thu thập.
Theo tình trạng của bộ sưu tập lúc $moment. Cùng tình trạng ấy, lập lại lúc nào cũng ra đúng từng byte như gói này.

$chain_vi

## Nguồn

$sites

## Cách chọn

$choice

Bài sớm nhất: $first. Bài muộn nhất: $last. Có $removed bài đã bị trang gốc gỡ xuống; nội dung vẫn được giữ ở đây.

## Trong gói có gì

$contents_vi

## Điều còn ngờ, điều đã được xác nhận

$doubts_vi

## Còn thiếu gì

$missing_vi

## Địa chỉ

Tìm trang theo địa chỉ lúc lưu: cột `captured_url` trong articles.csv, danh sách trang trong articles.wacz. Tệp WARC còn
có những bản ghi chỉ từ các địa chỉ khác của cùng bài tới trang đã lưu; chúng được lập cho gói này, không phải do máy
chủ gửi (`address_of` trong WARC-JSON-Metadata).

## Quyền sử dụng

$rights_vi

Điều trang gốc ghi là lời của trang gốc, kèm địa chỉ và thời điểm trong `rights.csv`; không phải giấy phép.

## Kiểm tra

$check_vi Nhật ký các lần chạy có $runs mục; mục cuối có mã băm
$head. Mỗi mục mang mã băm của mục trước, nên mục nào bị mất hay bị sửa đều thấy được.
""")

_ENGLISH = Template("""\
# In English: $title

This package hands over $count articles from the news sites of wards and communes, collected by $software. It shows the
collection as of $moment: made again from the same state, it has the same bytes.

$chain_en

## Where from

$sites

## How it was selected

$choice

Earliest article: $first. Latest article: $last. $removed were taken down by their sites; their text is kept here.

## What is in it

$contents_en

## What may be wrong, and what people confirmed

$doubts_en

## What is missing

$missing_en

## Addresses

Pages are found under the address that was captured: `captured_url` in articles.csv, the pages of articles.wacz. The
WARC file also has records that name them under the other addresses of their articles; these were made for this package
and not asked of any server (`address_of` in WARC-JSON-Metadata).

## Rights

$rights_en

What a site says is in its own words, with page and time in `rights.csv`; it is no licence.

## Checking

$check_en The run log has $runs entries; the newest has the digest
$head. Each entry carries the digest of the one before, so that a missing or altered one is seen.
""")

_CONTENTS = (
    ("articles.jsonl", "mọi điều biết được về từng bài, mỗi dòng một bài",
     "everything known of each article, one a line"),
    ("articles.csv", "bảng cho Excel", "a table for Excel"),
    ("collection.sqlite", "cơ sở dữ liệu, tìm toàn văn được", "a database with full-text index"),
    ("raw/articles.warc.gz", "trang gốc, như máy chủ đã gửi, chuẩn WARC 1.1",
     "the captures: pages as their servers sent them, WARC 1.1"),
    ("raw/articles.wacz", "trang gốc, mở bằng ReplayWeb.page hoặc pywb", "the captures, for ReplayWeb.page or pywb"),
    ("dublin-core.xml", "mô tả Dublin Core của từng bài", "a Dublin Core record of each article"),
    ("dcterms.xml", "như trên, theo các thuật ngữ DCMI chính xác hơn", "the same in the more exact DCMI terms"),
    ("rights.csv", "tuyên bố về quyền và điều trang gốc ghi", "statements on reuse, and what the sites say"),
    ("attachments/, attachments.csv", "tệp đính kèm và danh sách", "the attached files and their list"),
    ("delivery.json", "gói này tự khai: cách chọn, phần mềm, mã băm, gói trước",
     "what the package states of itself: selection, software, digests, the delivery before it"),
    ("datapackage.json", "mô tả gói theo Frictionless", "the package as Frictionless describes it"),
    ("metadata/ead3.xml", "công cụ tra cứu: phông, trang, chuyên mục, năm (EAD3)",
     "a finding aid: fonds, site, section, year (EAD3)"),
    ("metadata/premis.xml", "mã băm, định dạng và lịch sử của các tệp (PREMIS 3)",
     "digests, formats and history of the files (PREMIS 3)"),
)  # fmt: skip
_OF_EARK = {  # where what is elsewhere than in a bag's data lies
    "dublin-core.xml": "representations/rep1/metadata/descriptive/",
    "metadata/ead3.xml": "metadata/descriptive/",
    "metadata/premis.xml": "metadata/preservation/",
}
_CHECKS = {
    "bagit": ("`bagit.py --validate` kiểm tra mọi tệp theo SHA-256 và SHA-512.",
              "`bagit.py --validate` checks every file by SHA-256 and SHA-512."),
    "eark": ("`eark-validator` kiểm tra cấu trúc; SHA-256 của mọi tệp ở METS.xml, SHA-512 ở premis.xml.",
             "`eark-validator` checks the structure; SHA-256 of every file is in METS.xml, SHA-512 in premis.xml."),
}  # fmt: skip


def title(job: Job) -> str:
    """Return the package's title."""
    names = [site["name"] for site in job.chosen.sites]
    where = names[0] if len(names) == 1 else f"{len(names)} trang"
    return f"Tin phường, xã: {job.name} ({where}, {job.count} bài)"


def readme(job: Job, missing_files: int, *, kind: str = "bagit") -> str:
    """Return the text. `missing_files`: attachments that are listed and not there; `kind`: bagit, or eark."""
    facts = _facts(job)
    contents = _CONTENTS if kind == "bagit" else tuple(_of_eark())
    missing = _missing(job, missing_files)
    values = {
        "title": title(job),
        "count": job.count,
        "software": job.software,
        "moment": shown_moment(job.moment),
        "sites": "\n".join(map(_site, job.chosen.sites)) + "".join(_copied(job)),
        "choice": "\n".join(f"- {name}: {_value(name, value)}" for name, value in job.choice.to_dict().items())
        or "- tất cả các bài / all articles",
        "contents_vi": "\n".join(f"- `{name}`: {words}" for name, words, _ in contents),
        "contents_en": "\n".join(f"- `{name}`: {words}" for name, _, words in contents),
        "rights_vi": rights.lines(job, english=False),
        "rights_en": rights.lines(job, english=True),
        "doubts_vi": _doubts(job, "vi") or "- không có",
        "doubts_en": _doubts(job, "en") or "- nothing that is known of",
        "missing_vi": "\n".join(f"- {words}" for words, _ in missing) or "- không thấy thiếu gì",
        "missing_en": "\n".join(f"- {words}" for _, words in missing) or "- nothing that is known of",
        "check_vi": _CHECKS[kind][0],
        "check_en": _CHECKS[kind][1],
        "runs": job.run_log.number,
        "head": job.run_log.digest or "–",
        **_chain(job),
        **facts,
    }
    return f"{_VIETNAMESE.substitute(values)}\n{_ENGLISH.substitute(values)}"


def _of_eark() -> Iterator[tuple[str, str, str]]:
    """The contents with their places in an E-ARK package, which has no data package of Frictionless."""
    for names, vietnamese, english in _CONTENTS:
        if names != "datapackage.json":
            folder = _OF_EARK.get(names)
            place = folder + names.rpartition("/")[2] if folder else f"representations/rep1/data/{names}"
            yield place, vietnamese, english


def _chain(job: Job) -> dict[str, str]:
    """What this delivery is called, by what digest the database is known, and which delivery it goes on from."""
    own, before = job.delivery, job.delivery.previous
    vietnamese = f"Mã gói: `{own.identifier}`. Mã băm của nội dung trong cơ sở dữ liệu: `sha256:{own.content}`."
    english = f"Identifier: `{own.identifier}`. Digest of the content in the database: `sha256:{own.content}`."
    if before:
        vietnamese += f" Tiếp theo gói `{before.identifier}`."
        english += f" It goes on from the delivery `{before.identifier}`."
    return {"chain_vi": vietnamese, "chain_en": english}


def _site(site: SiteRow) -> str:
    """A line on a site, with its unit before and since July 2025 by name, as far as they are known."""
    before, since = (
        f"{code} {named(code, vintage) or ''}".strip() if code else "–"
        for code, vintage in ((site["unit_old"], OLD), (site["unit_new"], NEW))
    )
    return f"- {site['name']}: {site['host']} ({site['slug']}; {before} → {since})"


def _value(name: str, value: str | list[str]) -> str | list[str]:
    """A filter's value; of a unit, the one that was meant."""
    meanings = parse_unit(value).meanings if name == "unit" and isinstance(value, str) else ()
    return meanings[0].unit.label if meanings else value


def _doubts(job: Job, language: str) -> str:
    """How many articles have each doubt, a line each, and how many fields people have confirmed."""
    lines = [
        f"- {_field(item['field'], language)}: {meaning(item['kind'], language)}: {item['articles']}"
        for item in counted_of_chosen(job.collection.db.conn)
    ]
    sql = (
        "SELECT field, count(DISTINCT article_id) FROM confirmations JOIN temp.chosen c ON c.id = article_id GROUP BY 1"
    )
    for name, count in job.collection.db.execute(sql).fetchall():
        if name in SHOWN:
            words = "đã được người xác nhận" if language == "vi" else "confirmed by people"
            lines.append(f"- {_field(name, language)}: {words}: {count}")
    return "\n".join(lines)


def _field(name: str, language: str) -> str:
    label = fields.LABELS.get(name)
    return name if label is None else label[VIETNAMESE if language == "vi" else ENGLISH]


def _facts(job: Job) -> dict[str, str | int]:
    row = job.collection.db.execute(
        "SELECT min(a.published_at), max(a.published_at), count(a.removed_at) "
        "FROM temp.chosen c JOIN articles a ON a.id = c.id"
    ).fetchone()
    return {"first": row[0] or "–", "last": row[1] or "–", "removed": row[2]}


def _copied(job: Job) -> Iterator[str]:
    """A line for each web archive that captures of the articles were copied from, and for each archive file."""
    chosen = "temp.chosen c JOIN articles a ON a.id = c.id JOIN captures k ON k.id = a.capture_id"
    rows = job.collection.rows(f"SELECT k.source FROM {chosen} WHERE k.source IS NOT NULL AND k.archive_file IS NULL")  # noqa: S608 — literals only
    for host, count in sorted(Counter(urlsplit(row["source"]).netloc for row in rows).items()):
        yield f"\n- {count} trang gốc chép từ kho lưu trữ web / captures copied from the web archive {host}"
    files = job.collection.rows(
        f"SELECT f.name, f.sha256, count(*) AS count FROM {chosen} JOIN archive_files f ON f.id = k.archive_file "  # noqa: S608
        "GROUP BY f.sha256 ORDER BY f.name, f.sha256"
    )
    for row in files:
        yield (
            f"\n- {row['count']} trang gốc lấy từ tệp lưu trữ / captures taken from the archive file {row['name']} "
            f"(SHA-256 {row['sha256']})"
        )


def _missing(job: Job, missing_files: int) -> list[tuple[str, str]]:
    """What is not in the package, each as (Vietnamese, English)."""
    found = [
        (
            f"lần chạy cuối không trọn vẹn, có thể thiếu bài: {item}",
            f"articles may be missing, as a run did not end well: {item}",
        )
        for item in job.chosen.unsound
    ]
    for number, vietnamese, english in (
        (without_capture(job), "bài không có trang gốc", "articles have no capture"),
        (job.skipped, "trang gốc không đọc được", "captures could not be read"),
        (missing_files, "tệp đính kèm chưa tải được", "attached files were not fetched"),
        (
            job.chosen.undated,
            "bài không rõ ngày đăng nên bị loại",
            "articles without a date were left out by the filter",
        ),
    ):
        if number:
            found.append((f"{number} {vietnamese}", f"{number} {english}"))
    for site, reasons in _not_stored(job).items():
        words = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()))
        found.append(
            (
                f"{site}: trang không lưu được trong lần chạy cuối: {words}",
                f"{site}: pages not stored in its last run: {words}",
            )
        )
    return found


def _not_stored(job: Job) -> dict[str, Counter[str]]:
    """The pages that each site's newest run could not store, by reason."""
    found = {}
    for site in job.chosen.sites:
        sql = (
            "SELECT skipped FROM runs WHERE site = ? AND mode != 'reprocess' ORDER BY started_at DESC, id DESC LIMIT 1"
        )
        row = job.collection.db.execute(sql, (site["slug"],)).fetchone()
        reasons = Counter(json.loads(row[0])) if row else Counter()
        if reasons:
            found[site["slug"]] = reasons
    return found

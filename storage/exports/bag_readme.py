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
from storage.exports.job import Job
from storage.exports.warc import without_capture
from storage.fields import ENGLISH, VIETNAMESE
from storage.rows import SiteRow

_VIETNAMESE = Template("""\
# $title

Gói này bàn giao $count bài đăng trên các trang tin của phường, xã, do phần mềm $software thu thập.
Lập lúc $moment.

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

## Kiểm tra

`bagit.py --validate` kiểm tra mọi tệp theo SHA-256 và SHA-512. Nhật ký các lần chạy có $runs mục; mục cuối có mã băm
$head. Mỗi mục mang mã băm của mục trước, nên mục nào bị mất hay bị sửa đều thấy được.
""")

_ENGLISH = Template("""\
# In English: $title

This package hands over $count articles from the news sites of wards and communes, collected by $software. Made at
$moment.

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

## Checking

`bagit.py --validate` checks every file by SHA-256 and SHA-512. The run log has $runs entries; the newest has the digest
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
    ("attachments/, attachments.csv", "tệp đính kèm và danh sách", "the attached files and their list"),
    ("datapackage.json", "mô tả gói theo Frictionless", "the package as Frictionless describes it"),
)  # fmt: skip


def title(job: Job) -> str:
    """Return the package's title."""
    names = [site["name"] for site in job.chosen.sites]
    where = names[0] if len(names) == 1 else f"{len(names)} trang"
    return f"Tin phường, xã: {job.collection.path.stem} ({where}, {job.count} bài)"


def readme(job: Job, missing_files: int) -> str:
    """Return the text. `missing_files`: attachments that are listed and not there."""
    facts = _facts(job)
    missing = _missing(job, missing_files)
    values = {
        "title": title(job),
        "count": job.count,
        "software": job.software,
        "moment": shown_moment(job.moment),
        "sites": "\n".join(map(_site, job.chosen.sites)) + "".join(_copied(job)),
        "choice": "\n".join(f"- {name}: {_value(name, value)}" for name, value in job.choice.to_dict().items())
        or "- tất cả các bài / all articles",
        "contents_vi": "\n".join(f"- `{name}`: {words}" for name, words, _ in _CONTENTS),
        "contents_en": "\n".join(f"- `{name}`: {words}" for name, _, words in _CONTENTS),
        "doubts_vi": _doubts(job, "vi") or "- không có",
        "doubts_en": _doubts(job, "en") or "- nothing that is known of",
        "missing_vi": "\n".join(f"- {words}" for words, _ in missing) or "- không thấy thiếu gì",
        "missing_en": "\n".join(f"- {words}" for _, words in missing) or "- nothing that is known of",
        "runs": job.run_log.number,
        "head": job.run_log.digest or "–",
        **facts,
    }
    return f"{_VIETNAMESE.substitute(values)}\n{_ENGLISH.substitute(values)}"


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
    """A line for each web archive that captures of the articles were copied from."""
    rows = job.collection.rows(
        "SELECT k.source FROM temp.chosen c JOIN articles a ON a.id = c.id JOIN captures k ON k.id = a.capture_id "
        "WHERE k.source IS NOT NULL"
    )
    for host, count in sorted(Counter(urlsplit(row["source"]).netloc for row in rows).items()):
        yield f"\n- {count} trang gốc chép từ kho lưu trữ web / captures copied from the web archive {host}"


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

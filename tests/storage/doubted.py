"""A small collection in which some articles have doubts, for tests and for docs/doubts.md."""

from crawler.text import content_hash
from storage import Collection
from storage.records import Record

SITES = (
    {"slug": "hoaan_dongha", "name": "Phường Đông Hà", "host": "dongha.gov.vn"},
    {"slug": "hoaan_tayson", "name": "Phường Tây Sơn", "host": "tayson.gov.vn"},
)
FETCHED = "2026-11-20T02:00:00+00:00"
LATER = "2026-11-25T02:00:00+00:00"
ARTICLES = (
    ("hoaan_dongha", "1", "Phường ra quân dọn kênh Bảy", {
        "published_at": "2026-11-10", "published_precision": "day", "published_raw": "Sun, 10/11/2026",
        "published_from": "page", "author": "Minh Khuê",
        "body": "Sáng nay, hơn sáu mươi người dân cùng dọn rác, vớt bèo trên kênh Bảy. Việc này được làm mỗi quý."},
     [("published_at", "weekday", "Sun, 10/11/2026")]),
    ("hoaan_dongha", "2", "Trao học bổng cho học sinh vượt khó", {
        "published_at": "2026-11-03", "published_precision": "day", "published_raw": "3/11/2026",
        "published_from": "page", "author": "Đám mây thẻ",
        "body": "Hội khuyến học phường trao mười lăm suất học bổng. Mỗi suất gồm tiền mặt, sách vở và một chiếc xe"},
     [("author", "alike_on_all", "38 of 38 articles"), ("body", "mid_sentence", "vở và một chiếc xe")]),
    ("hoaan_dongha", "3", "Lịch tiếp dân tháng mười hai", {
        "published_at": "2026-11-18", "published_precision": "day", "published_raw": "18/11/2026",
        "published_from": "page", "body": "Lịch tiếp dân của lãnh đạo phường vào các ngày thứ năm trong tháng."}, []),
    ("hoaan_tayson", "7", "TIN TỨC Hội chợ nông sản cuối tuần", {
        "body": "Hội chợ mở cửa hai ngày cuối tuần tại sân đình, với bốn mươi gian hàng của các tổ hợp tác."},
     [("title", "differs_from_list", "Hội chợ nông sản cuối tuần")]),
)  # fmt: skip


def record(number, seen=FETCHED, *, key=None, site=None, trusted=True, doubts=None, **changed):
    """The record that a crawl hands in for an article of ARTICLES, some fields changed."""
    own_site, own_key, title, values, own_doubts = ARTICLES[number - 1]
    site, key = site or own_site, key or own_key
    values = {"title": title, "markdown": values["body"], "language": "vi"} | values | changed
    found = own_doubts if doubts is None else doubts
    values["doubts"] = [dict(zip(("field", "kind", "evidence"), item, strict=True)) for item in found]
    host = next(item["host"] for item in SITES if item["slug"] == site)
    digest = content_hash(values["title"], values["body"])
    return Record(site, key, f"https://{host}/tin/{key}", digest, seen, values, trusted=trusted)


def run_of(collection, site, at=FETCHED):
    """Open a run of a site and return its id."""
    return collection.begin_run(site, mode="live", started_at=at, software="tinphuong 0")


def end(collection, run, at=FETCHED):
    """Close a run that went well."""
    collection.finish_run(run, finished_at=at, status="ok", reason=None, message="ok", counts={}, skipped={})


def meet(path, *records, twin=False):
    """Hand records in as a crawl does and return what became of each; `twin`: copies are looked for, as dedupe does."""
    outcomes = []
    with Collection(path) as collection:
        for item in records:
            run = run_of(collection, item.site, item.seen_at)
            outcomes.append(collection.save(item, run, twin=collection.twin(item) if twin else None))
            end(collection, run, item.seen_at)
    return outcomes


def keep(path):
    """Make the collection at `path`; the articles have the ids 1 to 4. Returns the path."""
    rest = {"platform": "generic", "unit_old": None, "unit_new": None, "updated_at": FETCHED}
    with Collection(path) as collection:
        for site in SITES:
            collection.put_site(site | rest)
    meet(path, *(record(number) for number in range(1, len(ARTICLES) + 1)))
    return path

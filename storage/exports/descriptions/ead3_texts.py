"""What a finding aid says in sentences: who made the records, how they came here, who may use them. In Vietnamese, with
English below."""

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.dates.local_time import local_day
from crawler.units import NEW, OLD, named
from storage.exports.descriptions.markup import Markup, tag
from storage.exports.descriptions.premis_parts import slugs, sources_of
from storage.exports.job import Job
from storage.exports.warc import without_capture
from storage.rows import SiteRow

_DAY = "2025-07-01"  # when the new units began
_OF_SITES = "site IN (SELECT value FROM json_each(?))"
_MODES = {
    "live": ("thu thập trực tiếp qua mạng", "crawled over the network"),
    "demo": ("thu thập từ các trang mẫu", "crawled from replica portals"),
    "replay": ("đọc lại từ tệp lưu trữ web", "read from files of web archives"),
    "reprocess": ("đọc lại các trang đã chụp", "captures read again"),
    "import": ("nhập từ một sưu tập khác", "imported from another collection"),
}
_BIOGHIST = (
    (
        "Từ ngày 01/7/2025 các phường, xã được sắp xếp lại. Mỗi đơn vị được ghi bằng tên và mã trước và từ ngày đó, ở "
        "từng nhóm hồ sơ.",
    ),
    ("Wards and communes were drawn anew on 1 July 2025. Each series names its unit before and since that day.",),
)
_APPRAISAL = (
    (
        "Trong phạm vi đã chọn không loại bài nào theo nội dung. Bài đã bị trang gốc gỡ xuống vẫn được giữ.",
        "Thời hạn bảo quản do cơ quan lưu trữ tiếp nhận quyết định.",
    ),
    (
        "Of what was chosen nothing was left out for what it says. Articles that their site took down are kept.",
        "The archive that takes the records over decides how long they are kept.",
    ),
)
_ACCRUALS = (
    ("Các trang có thể còn đăng bài; phần mới được bàn giao tiếp.",),
    ("Sites may publish more; what is new comes in later deliveries.",),
)
_ARRANGEMENT = (
    ("Theo trang tin, chuyên mục của trang, rồi năm đăng.",),
    ("By site, by the site's own sections, and by year of publication.",),
)
_ACCESS = (
    ("Phần mềm chỉ tải trang công khai, không qua đăng nhập.",),
    ("The software takes public pages only, without a login.",),
)
_FORMATS = (
    (
        "Trang gốc theo chuẩn WARC 1.1 và WACZ: mở bằng ReplayWeb.page hoặc pywb. "
        "Nội dung bài: JSON Lines, CSV, SQLite.",
    ),
    ("Captures are WARC 1.1 and WACZ, for ReplayWeb.page or pywb; texts are JSON Lines, CSV and SQLite.",),
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is. `bytes`: of the captures' records, compressed."""

    articles: int
    captures: int
    files: int
    bytes: int


def extent(job: Job) -> Extent:
    """Count what is chosen."""
    captures, size = job.collection.db.execute(
        "SELECT count(*), coalesce(sum(k.length), 0) FROM temp.kept t JOIN captures k ON k.id = t.id"
    ).fetchone()
    files = job.collection.db.execute(
        "SELECT count(DISTINCT t.sha256) FROM temp.chosen c JOIN attachments t ON t.article_id = c.id"
    ).fetchone()[0]
    return Extent(job.count, captures, files, size)


def of_fonds(job: Job) -> Iterator[Markup]:
    """Yield the parts of the description of the whole, in the order of ISAD(G)."""
    yield _said("bioghist", "3.2.2", *_BIOGHIST)
    yield _said("custodhist", "3.2.3", *_history(job))
    yield _said("acqinfo", "3.2.4", *_acquired(job))
    yield _said("scopecontent", "3.3.1", *_scope(job))
    yield _said("appraisal", "3.3.2", *_APPRAISAL)
    yield _said("accruals", "3.3.3", *_ACCRUALS)
    yield _said("arrangement", "3.3.4", *_ARRANGEMENT)
    yield _said("accessrestrict", "3.4.1", *_ACCESS)
    yield _said("phystech", "3.4.4", *_FORMATS)
    day = local_day(job.moment)
    yield _said(
        "processinfo",
        "3.7.1",
        (f"Mô tả do phần mềm {job.software} lập ngày {day} từ cơ sở dữ liệu.",),
        (f"Description made by {job.software} on {day} from the database.",),
    )


def of_site(job: Job, site: SiteRow) -> Iterator[Markup]:
    """Yield what is said of one site: its unit then and now, its address, its rights."""
    units = [
        (code, vintage, named(code, vintage))
        for code, vintage in ((site["unit_old"], OLD), (site["unit_new"], NEW))
        if code
    ]
    if units:
        yield tag("bioghist", *(_unit(*unit) for unit in units), encodinganalog="3.2.2")
    said = [item for item in (site.get("rights"), site.get("rights_url")) if item]
    lines = job.collection.rows("SELECT text, url FROM rights_evidence WHERE site = ? ORDER BY text", [site["slug"]])
    said += [f"“{row['text']}” ({row['url']})" for row in lines]
    if said:
        yield tag("userestrict", *(tag("p", line) for line in said), encodinganalog="3.4.2")
    address = f"https://{site['host']}/"
    yield _said("originalsloc", "3.5.1", (f"Trang gốc: {address}",), (f"Original site: {address}",))


def _unit(code: str, vintage: str, name: str | None) -> Markup:
    before = vintage == OLD
    when = ("Trước ngày 01/7/2025", f"before {_DAY}") if before else ("Từ ngày 01/7/2025", f"since {_DAY}")
    return tag("p", f"{when[0]} ({when[1]}): {name or 'không rõ tên'}, mã {code}")


def _said(name: str, isadg: str, vietnamese: tuple[str, ...], english: tuple[str, ...]) -> Markup:
    return tag(
        name,
        *(tag("p", text, lang="vie") for text in vietnamese),
        *(tag("p", text, lang="eng") for text in english),
        encodinganalog=isadg,
    )


def _history(job: Job) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = list(
        job.collection.rows(
            "SELECT mode, count(*) AS runs, min(started_at) AS first, max(started_at) AS last FROM runs "  # noqa: S608
            f"WHERE {_OF_SITES} GROUP BY mode ORDER BY first, mode",
            [slugs(job)],
        )
    )
    vietnamese, english = [], []
    for row in rows:
        words = _MODES.get(row["mode"], (row["mode"], row["mode"]))
        days = f"{local_day(row['first'])}/{local_day(row['last'])}"
        vietnamese.append(f"{row['runs']} lần chạy, {words[0]}: {days}.")
        english.append(f"{row['runs']} {'run' if row['runs'] == 1 else 'runs'}, {words[1]}: {days}.")
    return tuple(vietnamese) or ("Không có lần chạy nào.",), tuple(english) or ("No run is recorded.",)


def _acquired(job: Job) -> tuple[tuple[str, ...], tuple[str, ...]]:
    programs = [
        row["software"]
        for row in job.collection.rows(
            f"SELECT DISTINCT software FROM runs WHERE {_OF_SITES} ORDER BY 1",  # noqa: S608 — literals only
            [slugs(job)],
        )
    ]
    names = ", ".join(programs) or "–"
    vietnamese, english = [f"Phần mềm thu thập: {names}."], [f"Collected by: {names}."]
    for source in sources_of(job):
        facts = f"{source.name}, SHA-256 {source.sha256}"
        vietnamese.append(f"Đọc từ tệp {facts}.")
        english.append(f"Read from the file {facts}.")
    return tuple(vietnamese), tuple(english)


def _scope(job: Job) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names: tuple[str, ...] = ("Bài đăng với nội dung, ngày đăng, tệp đính kèm và trang gốc như máy chủ đã gửi.",)
    english: tuple[str, ...] = (
        "Articles with their text, date and attached files, and their pages as the servers sent them.",
    )
    chosen = ", ".join(f"{name}: {value}" for name, value in job.choice.to_dict().items())
    if chosen:
        names, english = (*names, f"Chọn theo: {chosen}."), (*english, f"Chosen by: {chosen}.")
    if without := without_capture(job):
        names = (*names, f"{without} bài không có trang gốc.")
        english = (*english, f"{without} {'article has' if without == 1 else 'articles have'} no capture.")
    return names, english

"""The pages' two languages."""

import re
from collections.abc import Mapping
from typing import Any

from crawler.browse.portal_texts import TEXTS as PORTAL_TEXTS
from crawler.dates.local_time import local_iso
from crawler.dates.model import HANOI_OFFSET
from crawler.doubts import meaning
from crawler.profile import SiteProfile
from crawler.profile.facts import facts
from crawler.reasons import sentence
from crawler.text.remarks import Remark
from storage import fields

LANGUAGES = ("vi", "en")
_FROM = {
    "page": ("trên trang", "the page"), "meta": ("siêu dữ liệu của trang", "the page's metadata"),
    "url": ("địa chỉ", "the address"), "listing": ("trang danh sách", "the list"), "body": ("nội dung bài", "the text"),
    "person": ("người xác nhận", "what a person said"),
}  # fmt: skip
_STATES = {
    "healthy": ("Tốt", "Healthy"), "quiet": ("Lâu không có tin", "Quiet"), "failing": ("Lỗi", "Failing"),
    "doubtful": ("Còn ngờ", "Doubtful"),
    "never crawled": ("Chưa thu thập", "Never crawled"), "from archives": ("Từ kho lưu trữ", "From archives"),
    "ok": ("Hoàn tất", "OK"), "failed": ("Lỗi", "Failed"),
    "running": ("Đang chạy", "Running"), "interrupted": ("Bị gián đoạn", "Interrupted"),
}  # fmt: skip
_REMARKS = {  # in Vietnamese, for each of crawler.text.remarks.SENTENCES
    "too_long": "chỉ đọc {most} ký tự đầu",
    "too_many": "chỉ đọc {most} từ đầu",
    "quotation_open": "dấu ngoặc kép chưa đóng: các từ sau nó được tìm từng từ một",
    "beginning_short": "{text}* quá ngắn nên được tìm như một từ trọn vẹn",
    "not_turned": "không phủ định được {text} nên đã bỏ qua",
    "not_understood": "không hiểu {text} nên đã bỏ qua",
    "bracket_alone": "một dấu ngoặc không có cặp nên đã bỏ qua",
    "bracket_open": "một dấu ngoặc chưa đóng",
    "too_deep": "chỉ đọc ngoặc lồng nhau đến {most} tầng",
    "one_sided": "{text} thiếu vế nên đã bỏ qua",
    "nothing_behind": "sau {text} không có gì nên đã bỏ qua",
    "span_empty": "từ {since} nhưng đến {until}: không bài nào thỏa mãn",
    "no_unit": "không có phường, xã nào tên “{text}”: đã tìm các cổng có chữ này trong tên",
    "many_units": "có {count} đơn vị tên “{text}”, đã tìm cả: {named}; nếu chỉ cần một, hãy ghi địa danh hoặc mã: "
                  'unit:"{example}" hay unit:{code}',
}  # fmt: skip
_TEXTS: dict[str, tuple[str, str]] = {
    "name": ("Tin Phường", "Tin Phường"),
    "motto": ("Tin tức phường, xã, lưu giữ để đọc lại", "The news of the wards, kept to be read again"),
    "skip": ("Chuyển đến nội dung chính", "Skip to content"),
    "home": ("Trang chủ", "Front page"),
    "search": ("Tìm kiếm", "Search"),
    "health": ("Tình trạng", "Health"),
    "runs": ("Lượt thu thập", "Runs"),
    "feed": ("Nguồn tin Atom", "Atom feed"),
    "main_nav": ("Menu chính", "Main"),
    "language": ("Ngôn ngữ", "Language"),
    "search_hint": ("Tìm trong {n:bài}, gõ có dấu hay không dấu đều được",
                    "Search {n:article|articles}, with or without marks"),
    "search_button": ("Tìm", "Search"),
    "newest": ("Tin mới", "Newest"),
    "more": ("Xem tất cả", "See all"),
    "wards": ("Phường, xã và cơ quan", "Wards and offices"),
    "articles": ("bài", "articles"),
    "n_articles": ("{n:bài}", "{n:article|articles}"),
    "by_month": ("Số bài theo thời gian", "Articles over time"),
    "as_table": ("Xem dạng bảng", "As a table"),
    "month": ("Thời gian", "Period"),
    "about": ("Về kho lưu trữ này", "About this collection"),
    "about_text": (
        "Kho này lưu {n:bài} của {sites:cổng thông tin} phường, xã và cơ quan{span}. Bài được giữ nguyên văn như trên "
        "trang gốc; khi trang gốc sửa hay gỡ bài, bản cũ vẫn được giữ lại. Toàn bộ dữ liệu nằm trên máy này.",
        "This collection keeps {n:article|articles} of {sites:portal|portals} of wards and offices{span}. Texts are as "
        "their sites published them; an earlier text is never lost when a site edits or removes it. All of it is on "
        "this machine.",
    ),
    "span": (", từ {a} đến {b}", ", from {a} to {b}"),
    "facts": ("{files:tệp đính kèm} · {versions:bản cũ} · {removed:bài} đã bị trang gốc gỡ",
              "{files:attached file|attached files} · {versions:earlier text|earlier texts} · "
              "{removed:article|articles} taken down by the site"),
    "published": ("Đăng", "Published"),
    "undated": ("không rõ ngày", "undated"),
    "date_from": ("ngày lấy từ {where}", "date taken from {where}"),
    "removed_note": ("Trang gốc đã gỡ bài này. Ghi nhận ngày {day}.",
                     "The site has taken this article down. Noted on {day}."),
    "removed": ("Đã bị gỡ", "Removed"),
    "attachments": ("Tệp đính kèm", "Attached files"),
    "pictures": ("Ảnh trong bài", "Pictures"),
    "picture": ("Xem ảnh trên trang gốc", "See the picture at its source"),
    "table": ("Bảng", "Table"),
    "leaves": ("mở trang bên ngoài", "opens the site"),
    "no_text": ("Trang gốc không có phần chữ; nội dung nằm trong tệp hoặc ảnh kèm theo.",
                "The page has no text of its own; its content is in the attached files or pictures."),
    "provenance": ("Nguồn gốc bài", "Where this comes from"),
    "original": ("Trang gốc", "Original page"),
    "canonical": ("Địa chỉ chính tắc", "Canonical address"),
    "captured": ("Lưu lúc", "As captured on"),
    "captured_elsewhere": ("trang gốc lưu ở kho khác", "the capture is in another collection"),
    "not_captured": ("không lưu trang gốc", "no capture is kept"),
    "first_seen": ("Ghi nhận lần đầu", "First seen"),
    "last_seen": ("Ghi nhận lần cuối", "Last seen"),
    "changed": ("Nội dung thay đổi", "Text changed"),
    "is_about": ("Viết về", "About"),
    "unit": ("Đơn vị hành chính", "Administrative unit"),
    "before_2025": ("trước 1/7/2025", "before July 2025"), "since_2025": ("từ 1/7/2025", "since July 2025"),
    "code": ("mã {code}", "code {code}"),
    "digest": ("Mã băm nội dung", "Hash of the text"),
    "record": ("Bản ghi WARC", "WARC record"),
    "addresses": ("Địa chỉ khác", "Other addresses"),
    "learned": ("Đặc điểm của cổng", "What the site's pages share"),
    "learned_from": ("Rút ra từ {n:bài}, áp dụng từ {since}",
                     "Learned from {n:article|articles}, in force since {since}"),
    "in_doubt": ("Còn ngờ", "In doubt"), "doubts": ("Điều còn ngờ", "Doubts"),
    "confirmed": ("Đã xác nhận", "Confirmed"), "confirmed_once": ("Từng được xác nhận", "Confirmed before"),
    "it_was": ("trước đó: {value}", "it was: {value}"), "none": ("không có", "none"),
    "alias": ("cùng bài", "same article"),
    "duplicate": ("đăng lại", "copy"),
    "shows_day": ("ở đó ghi ngày {day}", "dated {day} there"),
    "address_gone": ("không còn từ {day}", "gone since {day}"),
    "near": ("Cùng một chuyện", "The same story"), "this_one": ("(bài này)", "(this article)"),
    "earliest": ("đăng sớm nhất", "published first"), "likeness": ("giống {share} %", "{share} % alike"),
    "versions": ("Các bản đã đăng", "Versions"),
    "version_from": ("{a} → {b}", "{a} → {b}"),
    "one_version": ("Chỉ có một bản.", "There is one version only."),
    "version_note": ("Chữ bị bỏ được gạch ngang, chữ mới được gạch dưới.",
                     "What went is struck out, what came is underlined."),
    "went": ("bỏ:", "went:"), "came": ("thêm:", "came:"),
    "cite": ("Trích dẫn", "Cite"),
    "cite_text": ("“{title}”, {issuer}{unit}, {day}. {url}. {kept}. "
                  "Bản lưu tinphuong, SHA-256 của nội dung: {digest}.",
                  "“{title}”, {issuer}{unit}, {day}. {url}. {kept}. "
                  "Archived by tinphuong, SHA-256 of the text: {digest}."),
    "cite_old": (" (mã {code}, danh mục trước 1/7/2025)", " (code {code} of the list before July 2025)"),
    "cite_new": (" (mã {code}, danh mục từ 1/7/2025)", " (code {code} of the list since July 2025)"),
    "cite_kept": ("Trang lưu lúc {moment}", "Page captured {moment}"),
    "cite_seen": ("Truy cập lúc {moment}", "Seen {moment}"),
    "permalink": ("Liên kết cố định", "Permalink"),
    "permalink_at": ("Liên kết cố định của bản lưu này", "Permalink of this capture"),
    "earlier_text": ("Đây là bản đã đăng trước đây, lưu {moment}.", "This is an earlier text, captured {moment}."),
    "to_present": ("Xem bản mới nhất", "Read the present text"),
    "cite_take": ("Trích dẫn theo mẫu", "Citation as"), "cite_all": ("Trích dẫn cả danh sách", "Cite the whole list"),
    "cite_most": ("(nhiều nhất {n} bài đầu)", "(the first {n} at most)"),
    "cite_today": ("; nay thuộc {units}", "; today in {units}"), "today_in": ("nay thuộc", "today"),
    "also_here": ("Tin khác của {ward}", "Also from {ward}"),
    "results": ("{n} kết quả", "{n} results"),
    "results_for": ("{n} kết quả cho “{q}”", "{n} results for “{q}”"),
    "more_than": ("hơn {n}", "more than {n}"),
    "one_result": ("1 kết quả", "1 result"),
    "nothing": ("Không tìm thấy bài nào.", "Nothing matches."),
    "nothing_help": ("Hãy thử ít từ hơn, gõ không dấu hoặc bỏ bớt bộ lọc.",
                     "Try fewer words, no marks, or fewer filters."),
    "filters": ("Lọc kết quả", "Narrow down"),
    "facet_site": ("Phường, cơ quan", "Site"), "facet_unit": ("Đơn vị từ 7/2025", "Unit since July 2025"),
    "facet_year": ("Năm", "Year"), "facet_section": ("Chuyên mục", "Section"), "facet_more": ("Khác", "More"),
    "facet_span": ("Ngày đăng", "Date"), "span_since": ("Từ ngày", "From"), "span_until": ("Đến ngày", "To"),
    "span_set": ("Lọc theo ngày", "Apply"),
    "with_file": ("có tệp đính kèm", "with attached files"), "only_removed": ("đã bị gỡ", "taken down"),
    "only_doubted": ("còn ngờ", "in doubt"),
    "drop": ("bỏ lọc", "drop"),
    "sort_best": ("Liên quan nhất", "Best first"), "sort_new": ("Mới nhất", "Newest first"),
    "sort": ("Sắp xếp", "Order"),
    "older": ("Trang sau", "Next page"), "newer": ("Trang trước", "Previous page"), "page": ("Trang {n}", "Page {n}"),
    "paging": ("Các trang kết quả", "Pages of results"),
    "take": ("Tải về", "Take along"),
    "syntax": ("Cách tìm kiếm", "How to search"),
    "syntax_text": (
        "Gõ không dấu sẽ tìm mọi cách bỏ dấu; gõ có dấu sẽ tìm đúng chữ đã gõ. Từ viết tắt thông dụng và tên đầy đủ "
        "tìm được lẫn nhau: UBND, ủy ban nhân dân. Đặt trong \"ngoặc kép\" để tìm đúng cụm từ. Có thể dùng đầu*, VÀ, "
        "HOẶC, KHÔNG, ngoặc đơn, site:, unit:, section:, since:, until:, year:, has:file, is:removed, doubt:any.",
        "Without marks any marks match; with marks words are taken as written. Everyday short forms and what they "
        "stand for find each other: UBND, ủy ban nhân dân. Use \"quotation marks\" for exact words, begin*, AND, OR, "
        "NOT, brackets, site:, unit:, section:, since:, until:, year:, has:file, is:removed, doubt:any.",
    ),
    "ward_page": ("Trang của {ward}", "About {ward}"),
    "host": ("Cổng thông tin", "Portal"), "platform": ("Nền tảng", "Platform"),
    "sections": ("Chuyên mục", "Sections"),
    "last_run": ("Lượt gần nhất", "Last run"), "newest_day": ("Tin mới nhất", "Newest"),
    "state": ("Tình trạng", "State"), "why": ("Lý do", "Why"),
    "run": ("Lượt {n}", "Run {n}"),
    "mode": ("Chế độ", "Mode"), "started": ("Bắt đầu", "Started"), "finished": ("Kết thúc", "Finished"),
    "counts": ("Số liệu", "Counts"), "skipped": ("Trang không lưu", "Pages not stored"), "reason": ("Lý do", "Reason"),
    "address": ("Địa chỉ", "Address"), "software": ("Phần mềm", "Software"),
    "source_file": ("Đọc từ tệp", "Read from the file"),
    "first_here": ("Bài lưu trong lượt này", "Articles written by this run"),
    "count_new": ("bài mới", "new"), "count_changed": ("bài thay đổi", "changed"),
    "count_known": ("bài đã có", "known"), "count_duplicates": ("bài trùng", "duplicates"),
    "count_errors": ("lỗi", "errors"), "count_pages": ("trang", "pages"),
    "count_requests": ("yêu cầu", "requests"), "count_seconds": ("giây", "seconds"),
    "count_bytes": ("byte", "bytes"),
    "health_text": ("Tình trạng của mỗi cổng dựa trên các lượt thu thập của chính cổng đó.",
                    "A site's state follows from the history of its own runs."),
    "raw": ("Dữ liệu thô", "Raw tables"),
    "offline": ("Trang này không kết nối ra ngoài máy.", "These pages ask nothing of any other machine."),
    "missing": ("Không tìm thấy trang", "There is no such page"),
    "missing_text": ("Có thể địa chỉ bị gõ nhầm. Hãy thử tìm theo tiêu đề.",
                     "The address may be mistyped. Try a search."),
    "print_from": ("In từ kho lưu trữ Tin Phường", "Printed from the Tin Phường archive"),
    **PORTAL_TEXTS,
}  # fmt: skip
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_QUIET = "{days} ngày không có tin mới"
_FROM_ARCHIVES = "{articles} tin đọc từ tệp lưu trữ ({files} tệp)"
_HABIT = "; trước đó các tin hiếm khi cách nhau quá {longest} ngày"
_SWAPPED = str.maketrans(",.", ".,")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d))?)?)?")


class _Count(int):
    """A number in a text: `{n:article|articles}` gives “1 article”, “1,200 articles”; `{n:bài}` “1.200 bài”."""

    def __new__(cls, value: int, written: str) -> "_Count":
        count = super().__new__(cls, value)
        count.written = written
        return count

    written: str

    def __format__(self, things: str) -> str:
        one, _, many = things.partition("|")
        return f"{self.written} {one if self == 1 or not many else many}" if things else str(int(self))


class Words:
    """One of the two languages, for the templates: `t("search")`."""

    def __init__(self, language: str):
        self.language = language
        self._number = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text `key` with its blanks filled. Raises KeyError for an unknown one."""
        text = _TEXTS[key][self._number]
        counts = {name: _Count(value, self.number(value)) for name, value in values.items() if isinstance(value, int)}
        return text.format(**values | counts) if values else text

    def field(self, name: str) -> str:
        """Return the name of an article's field, with a capital."""
        return fields.LABELS[name].heading(self._number) if name in fields.LABELS else name

    def value(self, name: str, text: str | None) -> str:
        """Return what an article has in a field, for a reader."""
        return (self.date(text, time=True) if name == "published_at" else text) or self("none")

    def facts(self, profile: dict[str, Any]) -> list[str]:
        """Return what is known of a site as a whole, from its profile as stored."""
        return facts(SiteProfile.from_dict(profile), self.language)

    def doubt(self, kind: str) -> str:
        """Return what a kind of doubt means."""
        return meaning(kind, self.language)

    def number(self, value: float) -> str:
        """Return 12.345,6 or 12,345.6."""
        text = f"{value:,}"
        return text.translate(_SWAPPED) if self.language == "vi" else text

    def share(self, part: int, whole: int) -> str:
        """Return how much `part` is of `whole`, as “21 %” or “21%”; what is neither none nor all is not called so."""
        percent = round(100 * part / whole) if whole else 0
        if 0 < part < whole:
            percent = min(max(percent, 1), 99)
        return f"{percent} %" if self.language == "vi" else f"{percent}%"

    def articles(self, count: int) -> str:
        """Return “3 articles”."""
        return self("n_articles", n=count)

    def date(self, text: str | None, *, time: bool = False) -> str:
        """Return a date as stored (ISO of any precision, or an interval) for a reader; "" for none."""
        if not text:
            return ""
        return " – ".join(self._date(local_iso(part), time=time) for part in text.split("/"))

    def moment(self, text: str | None) -> str:
        """Return a moment of ours, as stored, in Việt Nam's time with its offset; "" for none."""
        shown = self.date(text, time=True)
        return f"{shown} {HANOI_OFFSET}" if ":" in shown else shown

    def _date(self, text: str, *, time: bool) -> str:
        match = _DATE.match(text)
        if not match:
            return text
        year, month, day, hour, minute = match.groups()
        if self.language == "vi":
            shown = "/".join(part for part in (day, month, year) if part)
        else:
            shown = " ".join(part for part in (day and str(int(day)), month and _MONTHS[int(month) - 1], year) if part)
        return f"{shown}, {hour}:{minute}" if time and hour else shown

    def date_from(self, word: str | None) -> str:
        """Return where a publication date was taken from."""
        return _FROM[word][self._number] if word in _FROM else (word or "")

    def state(self, word: str) -> str:
        """Return the name of a site's or run's state."""
        return _STATES[word][self._number] if word in _STATES else word

    def reason(self, word: str) -> str:
        """Return what a reason means."""
        return sentence(word, self.language)

    def remark(self, remark: Remark) -> str:
        """Return what was put right in a query, as a sentence."""
        return str(remark) if self.language == "en" else _REMARKS[remark.code].format_map(remark.values)

    def why(self, site: Mapping[str, Any]) -> str:
        """Return what a site's state follows from; of a healthy one, what its last run came to."""
        if archived := site["from_archives"]:
            named = {name: self.number(count) for name, count in archived.items()}
            return str(site["message"]) if self.language == "en" else _FROM_ARCHIVES.format(**named)
        if not site["silence"] and not site["reason"]:
            return self.run_result(site["last_run"]) if site["last_run"] else ""
        if self.language == "en":
            return str(site["message"])
        if site["silence"]:
            days = {name: self.number(count) for name, count in site["silence"].items() if count is not None}
            return (_QUIET + (_HABIT if "longest" in days else "")).format(**days)
        since = f" (từ {self.date(site['since'])})" if site["since"] else ""
        return f"{self.reason(site['reason'])}{since}"

    def run_result(self, run: Mapping[str, Any]) -> str:
        """Return what a run came to, as a short line."""
        counts = run["counts"]
        if run["status"] in ("failed", "doubtful") and run["reason"]:
            return self.reason(run["reason"])
        parts = [
            f"{self.number(counts[name])} {self(f'count_{name}')}"
            for name in ("new", "changed", "duplicates", "known", "errors")
            if counts.get(name)
        ]
        return ", ".join(parts) or f"0 {self('count_new')}"

    def size(self, number: int | None) -> str:
        """Return a size in bytes for people."""
        amount = float(number or 0)
        for unit in ("B", "KB", "MB", "GB", "TB"):
            if amount < 1024 or unit == "TB":
                break
            amount /= 1024
        text = f"{amount:.1f}" if amount < 10 and unit != "B" else f"{amount:.0f}"
        return f"{text.replace('.', ',') if self.language == 'vi' else text} {unit}"

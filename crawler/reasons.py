"""The words for what can go wrong with a page, a site or a capture, each with a sentence in English and Vietnamese.

Words are stable: they are stored in the database, counted in a run's summary and explained in docs/operators.md. One
more word is one more line of `Reason` and one more row there. What a server answered is a word of its own kind,
`http_404`, made by `http_reason`. Pure.
"""

from crawler.text.worded import Worded, sentence_of


class Reason(Worded):
    """Why a page was not stored, a site failed, or a capture was not fetched. A sentence is the end of one that begins
    with the page or the site."""

    # The network and the server
    DNS = "dns", "the host name does not resolve", "không phân giải được tên máy chủ"
    TIMEOUT = "timeout", "the server did not answer in time", "máy chủ không trả lời kịp"
    REFUSED = "refused", "the server refused the connection", "máy chủ từ chối"
    TLS = "tls", "no secure connection could be made", "không thiết lập được kết nối an toàn"
    PROXY = "proxy", "the proxy could not be used", "không dùng được máy chủ trung gian"
    CONNECTION = "connection", "the connection broke", "mất kết nối"
    TRUNCATED = "truncated", "only a part of it came", "chỉ nhận được một phần"
    TOO_LARGE = "too_large", "it is larger than allowed", "quá lớn"
    TOO_SLOW = "too_slow", "it took too long to read", "đọc quá lâu"
    ROBOTS_FORBIDDEN = "robots_forbidden", "robots.txt forbids it", "robots.txt không cho phép"
    ROBOTS_UNREADABLE = (
        "robots_unreadable", "robots.txt could not be read, so nothing was fetched", "không đọc được robots.txt",
    )  # fmt: skip
    NO_BROWSER = (
        "no_browser", "its pages need a browser, and none could be started",
        "trang cần trình duyệt, nhưng không khởi động được",
    )  # fmt: skip
    ANTIBOT = "antibot", "an anti-bot page came instead", "gặp trang chặn robot"

    # The page
    LOGIN = "login", "a sign-in form came instead", "phải đăng nhập"
    PASSWORD_PROTECTED = "password_protected", "the text is behind a password", "có mật khẩu"
    PART_MISSING = (
        "part_missing", "a further page of the article could not be read", "không đọc được một trang tiếp theo của bài",
    )  # fmt: skip
    ERROR_PAGE = "error_page", "an error page came with status 200", "trang báo lỗi"
    NOT_HTML = "not_html", "it is not an HTML page", "không phải trang HTML"
    NOT_A_FILE = "not_a_file", "what came is not a document", "dữ liệu nhận được không phải tài liệu"
    NOT_A_REQUISITE = (
        "not_a_requisite", "what came is no style sheet, font, script or picture",
        "dữ liệu nhận được không phải kiểu trình bày, phông chữ, mã lệnh hay ảnh",
    )  # fmt: skip
    TOO_MANY = "too_many", "its page needs more files than allowed", "trang cần nhiều tệp hơn mức cho phép"
    INTERNAL_ADDRESS = "internal_address", "it leads into a private network", "dẫn vào mạng nội bộ"
    OTHER_PORT = "other_port", "it leads to a port that the site does not name", "dẫn sang cổng kết nối chưa khai báo"
    BAD_ADDRESS = "bad_address", "it leads to what is no address of the web", "dẫn tới địa chỉ không hợp lệ"
    NOT_A_FEED = "not_a_feed", "it is neither a feed nor a page", "không phải nguồn tin, cũng không phải trang"
    EMPTY_PAGE = "empty_page", "the page is empty", "trang trống"
    NO_DATE = "no_date", "it has no date, and nothing else shows that it is an article", "không có ngày đăng"
    NO_ARTICLE = "no_article", "the page holds no article", "trang không có bài"
    UNDECODABLE = "undecodable", "nothing turns its bytes into text", "không giải mã được"
    REDIRECTED_AWAY = (
        "redirected_away", "it redirects to a page that is not an article", "chuyển hướng tới trang không phải bài",
    )  # fmt: skip
    REDIRECT_LOOP = "redirect_loop", "it redirects again and again", "chuyển hướng lặp mãi"
    OFFSITE = "offsite", "it leads to another host", "dẫn sang máy chủ khác"
    BEFORE_SINCE = "before_since", "it is older than asked for", "cũ hơn thời hạn yêu cầu"
    LEFT_OUT = "left_out", "it is in a section that is left out", "nằm trong chuyên mục được bỏ qua"
    NOT_IN_ARCHIVE = "not_in_archive", "the archive file does not hold it", "không có trong tệp lưu trữ"

    # The site
    MOVED_TO_ANOTHER = (
        "moved_to_another", "its start pages lead to another portal", "trang đầu dẫn sang cổng khác",
    )  # fmt: skip
    FILLED_BY_SCRIPT = (
        "filled_by_script", "the page is an empty frame that a script fills in a browser",
        "trang trống, nội dung do mã lệnh điền vào",
    )  # fmt: skip
    WRONG_PLATFORM = (
        "wrong_platform", "it is not on the platform that its facts name", "không chạy trên nền tảng đã khai",
    )  # fmt: skip
    NOTHING_PUBLISHED = (
        "nothing_published", "its lists say that nothing is published yet", "danh sách báo chưa có bài nào",
    )  # fmt: skip
    PAGER_NOT_FOLLOWED = (
        "pager_not_followed", "the list goes on, but no address leads to its further pages",
        "không mở được các trang sau của danh sách",
    )  # fmt: skip
    LISTING_LAYOUT_CHANGED = (
        "listing_layout_changed", "lists answer, but no longer link to any article",
        "danh sách không còn dẫn tới bài nào",
    )  # fmt: skip
    ARTICLE_LAYOUT_CHANGED = (
        "article_layout_changed", "articles lack fields that they used to have", "bài thiếu những mục trước đây vẫn có",
    )  # fmt: skip
    DATES_STOPPED = (
        "dates_stopped", "articles used to have a date and no longer do", "bài không còn ngày đăng",
    )  # fmt: skip
    DATES_MISSING = (
        "dates_missing", "many of its newest articles have no date", "nhiều bài mới nhất không có ngày đăng",
    )  # fmt: skip
    FIELDS_DOUBTFUL = (
        "fields_doubtful", "a field is in doubt in many of its newest articles", "nhiều bài mới nhất có mục còn ngờ",
    )  # fmt: skip
    ALL_GONE = (
        "all_gone", "all known articles that were looked at again are gone at once",
        "mọi bài đã lưu khi xem lại đều không còn",
    )  # fmt: skip
    EMPTY_LISTING = (
        "empty_listing", "pages answer, but no article is linked from them",
        "trang mở được nhưng không dẫn tới bài nào",
    )  # fmt: skip
    LAYOUT_CHANGED = (
        "layout_changed", "lists have entries, but no link looks like an article's",
        "danh sách có mục nhưng không thấy liên kết bài",
    )  # fmt: skip
    ARTICLES_FAILED = "articles_failed", "most article pages could not be read", "đa số bài không đọc được"
    NOT_KEPT = "not_kept", "the capture could not be written to its folder", "không ghi được trang gốc"
    DATABASE_UNWRITABLE = "database_unwritable", "the database could not be written", "không ghi được cơ sở dữ liệu"
    RUN_BOUND = "run_bound", "the bound of one run was reached", "đã tới giới hạn của một lượt chạy"
    CUT_SHORT = "cut_short", "the time given to the run was up", "hết giờ"
    INTERRUPTED = "interrupted", "it was stopped before the end", "bị ngắt giữa chừng"
    INTERNAL_ERROR = "internal_error", "tinphuong itself failed; see the log", "lỗi của chính tinphuong"

    # A web archive's captures
    OTHER_CAPTURE = (
        "other_capture", "the archive shows another capture in its place", "kho lưu trữ đưa ra bản chụp khác",
    )  # fmt: skip
    DAMAGED_RECORD = "damaged_record", "what came is not a capture", "dữ liệu nhận được không phải bản chụp"
    PAYLOAD_ELSEWHERE = (
        "payload_elsewhere", "it repeats a payload that the archive's index does not list",
        "nội dung ở bản chụp khác mà mục lục của kho không ghi",
    )  # fmt: skip
    ROBOTS_TXT = "robots_txt", "it is a robots.txt", "là tệp robots.txt"
    OUTSIDE_DATES = "outside_dates", "it was captured outside the dates asked for", "chụp ngoài khoảng ngày yêu cầu"
    UNREADABLE_LINE = (
        "unreadable_line", "a line of the archive's index could not be read", "không đọc được một dòng mục lục của kho",
    )  # fmt: skip


_KNOWN = {str(reason): reason for reason in Reason}


def http_reason(status: int | str) -> str:
    """Return the word for a server's answer: `http_404`."""
    return f"http_{status}"


# What an article's address answers when the article was taken down.
GONE = frozenset({http_reason(404), http_reason(410), Reason.REDIRECTED_AWAY, Reason.ERROR_PAGE})

# What speaks against asking for an article again that was never stored.
FINAL = GONE | {
    Reason.OFFSITE, Reason.BEFORE_SINCE, Reason.NO_DATE, Reason.NOT_HTML, Reason.ROBOTS_FORBIDDEN, Reason.TOO_LARGE,
    Reason.EMPTY_PAGE, Reason.NO_ARTICLE, Reason.PASSWORD_PROTECTED, Reason.UNDECODABLE, Reason.LEFT_OUT,
}  # fmt: skip

# Whose detail is a sentence that says what to do, in the place of the reason's own.
EXPLAINED = frozenset(
    {
        Reason.INTERNAL_ADDRESS,
        Reason.OTHER_PORT,
        Reason.BAD_ADDRESS,
        Reason.TLS,
        Reason.PROXY,
        Reason.NO_BROWSER,
        Reason.FILLED_BY_SCRIPT,
        Reason.MOVED_TO_ANOTHER,
    }
)

# With which a site's run fails where nothing of its own answers: `crawl --due` tries it ever more seldom.
_WITHOUT_ANSWER = frozenset(
    {
        Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.TLS, Reason.CONNECTION, Reason.INTERNAL_ADDRESS,
        Reason.MOVED_TO_ANOTHER,
    }
)  # fmt: skip


def is_without_answer(reason: str | None) -> bool:
    """Tell whether a site's run that failed for `reason` got no answer of the site: no server, one that only fails, or
    another portal."""
    return reason in _WITHOUT_ANSWER or (reason or "").startswith("http_5")


def sentence(reason: str, language: str = "en") -> str:
    """Return what a reason means in `language` (en, vi), as the end of a sentence about a page or a site."""
    if reason.startswith("http_"):
        status = reason.removeprefix("http_")
        return f"máy chủ trả lời {status}" if language == "vi" else f"the server answered {status}"
    return sentence_of(_KNOWN, reason, language)

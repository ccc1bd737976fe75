"""The words under which what went wrong is counted, and the sentence for each."""

from enum import StrEnum

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from storage.errors import CapturesUnwritable


class Reason(StrEnum):
    """Why a page was not fetched or a site failed; what a page itself can lack is in crawler.extraction."""

    DNS = "dns"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    TLS = "tls"
    CONNECTION = "connection"
    TOO_LARGE = "too_large"
    ROBOTS_FORBIDDEN = "robots_forbidden"
    ROBOTS_UNREADABLE = "robots_unreadable"
    OFFSITE = "offsite"
    NOT_IN_ARCHIVE = "not_in_archive"
    REDIRECTED_AWAY = "redirected_away"
    REDIRECT_LOOP = "redirect_loop"
    NOT_HTML = "not_html"
    NOT_A_FILE = "not_a_file"
    INTERNAL_ADDRESS = "internal_address"
    BLOCKED = "antibot"
    EMPTY_LISTING = "empty_listing"
    NOT_TURNED = "pager_not_followed"
    UNDATED = "no_date"
    SCRIPTED = "filled_by_script"
    LAYOUT_CHANGED = "layout_changed"
    ARTICLES_FAILED = "articles_failed"
    OUT_OF_RANGE = "before_since"
    NOT_KEPT = "not_kept"
    DATABASE = "database_unwritable"
    BUG = "internal_error"


# What an article's address answers when the article was taken down.
GONE = frozenset({"http_404", "http_410", Reason.REDIRECTED_AWAY, "error_page"})

# What speaks against asking for an article again that was never stored.
FINAL = GONE | {
    Reason.OFFSITE, Reason.OUT_OF_RANGE, Reason.UNDATED, Reason.NOT_HTML, Reason.ROBOTS_FORBIDDEN, Reason.TOO_LARGE,
    "empty_page", "no_article", "password_protected", "undecodable",
}  # fmt: skip

_SENTENCES = {
    Reason.DNS: "the host name does not resolve",
    Reason.TIMEOUT: "the server did not answer in time",
    Reason.REFUSED: "the server refused the connection",
    Reason.TLS: "no secure connection could be made",
    Reason.CONNECTION: "the connection broke",
    Reason.TOO_LARGE: "the answer was larger than allowed",
    Reason.ROBOTS_FORBIDDEN: "robots.txt forbids it",
    Reason.ROBOTS_UNREADABLE: "robots.txt could not be read, so nothing was fetched",
    Reason.OFFSITE: "it leads to another host",
    Reason.NOT_IN_ARCHIVE: "the archive file does not hold it",
    Reason.REDIRECTED_AWAY: "it redirects to a page that is no article",
    Reason.REDIRECT_LOOP: "it redirects again and again",
    Reason.NOT_HTML: "it is no HTML page",
    Reason.NOT_A_FILE: "what came is no document",
    Reason.INTERNAL_ADDRESS: "it leads into a private network",
    Reason.BLOCKED: "an anti-bot page came instead",
    Reason.EMPTY_LISTING: "pages answer, but no article is linked from them",
    Reason.NOT_TURNED: "the list goes on, but no address leads to its further pages",
    Reason.SCRIPTED: "the page is an empty frame that a script fills in a browser",
    Reason.UNDATED: "it bears no date, and nothing else tells that it is an article",
    Reason.LAYOUT_CHANGED: "lists have entries, but no link looks like an article's",
    Reason.ARTICLES_FAILED: "most article pages could not be read",
    Reason.OUT_OF_RANGE: "it is older than asked for",
    Reason.NOT_KEPT: "the raw page could not be written to the folder of captures",
    Reason.DATABASE: "the database could not be written",
    Reason.BUG: "tinphuong itself failed; see the log",
}
# What a page itself can lack: crawler.extraction.Reason, and what a site's history can show.
_OF_PAGES = {
    "login": "a sign-in form stands in its place",
    "error_page": "an error page came with status 200",
    "empty_page": "the page is empty",
    "no_article": "the page holds no article",
    "password_protected": "the text is behind a password",
    "undecodable": "no charset turns its bytes into text",
    "part_missing": "a further page of the article could not be read",
    "listing_layout_changed": "lists answer, but link to no article any more",
    "article_layout_changed": "articles lack fields that they used to have",
    "dates_stopped": "articles used to have a date and no longer do",
    "interrupted": "it was stopped before the end",
    "cut_short": "the time given to the run was up",
}


def sentence(reason: str) -> str:
    """Return what `reason` means, as the end of a sentence about a page or a site."""
    if reason.startswith("http_"):
        return f"the server answered {reason.removeprefix('http_')}"
    if reason in set(Reason):
        return _SENTENCES[Reason(reason)]
    return _OF_PAGES.get(reason, reason.replace("_", " "))


class RobotsUnreadable(IgnoreRequest):
    """robots.txt could not be read: `reason` is a network failure, http_5xx, or robots_unreadable."""

    def __init__(self, reason: str, detail: str):
        super().__init__(f"robots.txt: {detail}")
        self.reason = reason
        self.detail = detail


def of_failure(error: BaseException) -> tuple[str, str]:
    """Return (reason, detail) for an exception that ended a request."""
    detail = str(error) or type(error).__name__
    match error:
        case HttpError():
            response = error.response
            if "not-in-archive" in response.flags:
                return Reason.NOT_IN_ARCHIVE, ""
            return f"http_{response.status}", f"status {response.status}"
        case CapturesUnwritable():
            return Reason.NOT_KEPT, detail
        case RobotsUnreadable():
            return error.reason, error.detail
        case CannotResolveHostError():
            return Reason.DNS, detail
        case DownloadTimeoutError():
            return Reason.TIMEOUT, detail
        case DownloadConnectionRefusedError():
            return Reason.REFUSED, detail
        case DownloadCancelledError():
            return Reason.TOO_LARGE, detail
        case ResponseDataLossError():
            return Reason.CONNECTION, detail
        case DownloadFailedError():
            return (Reason.TLS if "SSL" in detail or "tls" in detail.lower() else Reason.CONNECTION), detail
        case IgnoreRequest() if "DOWNLOAD_MAXSIZE" in detail:  # unpacked
            return Reason.TOO_LARGE, detail
        case IgnoreRequest() if "max redirections" in detail:
            return Reason.REDIRECT_LOOP, detail
        case IgnoreRequest():
            return (Reason.ROBOTS_FORBIDDEN if "robots" in detail.lower() else Reason.OFFSITE), detail
    if isinstance(error, OSError | ConnectionError) or "twisted.internet.error" in type(error).__module__:
        return Reason.CONNECTION, detail
    return Reason.BUG, f"{type(error).__name__}: {detail}"

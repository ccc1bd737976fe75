"""From the exceptions of Scrapy and the network to the words of crawler.reasons."""

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

from crawler.reasons import Reason, http_reason, sentence
from storage.errors import CapturesUnwritable


class RobotsUnreadable(IgnoreRequest):
    """robots.txt could not be read: `reason` is a network failure, http_5xx, or robots_unreadable."""

    def __init__(self, reason: str, detail: str):
        super().__init__(f"robots.txt: {detail}")
        self.reason = reason
        self.detail = detail


class CaptureNotWhole(IgnoreRequest):
    """The archive files hold only a part of a page; `reason` is truncated, too_large or undecodable."""

    def __init__(self, reason: Reason):
        super().__init__(sentence(reason))
        self.reason = reason


def of_failure(error: BaseException) -> tuple[str, str]:
    """Return (reason, detail) for an exception that ended a request."""
    detail = str(error) or type(error).__name__
    match error:
        case HttpError():
            response = error.response
            if "not-in-archive" in response.flags:
                return Reason.NOT_IN_ARCHIVE, ""
            return http_reason(response.status), f"status {response.status}"
        case CaptureNotWhole():
            return error.reason, "in the archive files"
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
    return Reason.INTERNAL_ERROR, f"{type(error).__name__}: {detail}"

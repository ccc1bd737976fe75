"""From the exceptions of Scrapy and the network to the words of crawler.reasons."""

import logging

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

from crawler.reasons import Reason, http_reason
from crawler.urls import REDIRECTS
from storage.errors import CapturesUnwritable

logger = logging.getLogger(__name__)


class NotUsed(IgnoreRequest):
    """What came is not used, or nothing is asked for: `reason` is the word for why, `detail` says more."""

    def __init__(self, reason: str, detail: str):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Refused(NotUsed):
    """A request that may not be sent, or whose server cannot be believed: `reason` with a sentence of detail."""


class ProxyFailed(Refused):
    """The proxy gave no connection to any server; it may do so later."""

    def __init__(self, detail: str):
        super().__init__(Reason.PROXY, detail)


class RobotsUnreadable(NotUsed):
    """robots.txt could not be read: `reason` is a network failure, http_5xx, or robots_unreadable."""


class CaptureNotWhole(NotUsed):
    """The archive files hold only a part of a page; `reason` is truncated, too_large or undecodable."""

    def __init__(self, reason: Reason):
        super().__init__(reason, "in the archive files")


def of_failure(error: BaseException) -> tuple[str, str]:
    """Return (reason, detail) for an exception that ended a request."""
    detail = str(error) or type(error).__name__
    match error:
        case HttpError():
            response = error.response
            if "not-in-archive" in response.flags:
                return Reason.NOT_IN_ARCHIVE, ""
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            where = f", it redirects to {location[:200]}" if location and response.status in REDIRECTS else ""
            return http_reason(response.status), f"status {response.status}{where}"
        case CapturesUnwritable():
            return Reason.NOT_KEPT, detail
        case NotUsed():
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
            return Reason.TRUNCATED, detail
        case DownloadFailedError():
            return (Reason.TLS if "SSL" in detail or "tls" in detail.lower() else Reason.CONNECTION), detail
        case IgnoreRequest() if "max redirections" in detail:
            return Reason.REDIRECT_LOOP, detail
        case IgnoreRequest():
            return (Reason.ROBOTS_FORBIDDEN if "robots" in detail.lower() else Reason.OFFSITE), detail
    if isinstance(error, OSError | ConnectionError) or "twisted.internet.error" in type(error).__module__:
        return Reason.CONNECTION, detail
    logger.error("an error of tinphuong itself on a page", exc_info=error)
    return Reason.INTERNAL_ERROR, f"{type(error).__name__}: {detail}"

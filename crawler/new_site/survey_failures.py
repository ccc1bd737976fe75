"""Why a site could not be surveyed, in a sentence that says what to do."""

from crawler.errors import TinphuongError
from crawler.reasons import Reason, http_reason

HINTS: dict[str, str] = {
    http_reason(403): "it may refuse programs; open it in a browser",
    http_reason(404): "check the address",
    http_reason(429): "it asks for fewer requests; try again in an hour",
    http_reason(503): "try again later",
    Reason.DNS: "check the host's name",
    Reason.TLS: "try it with http://",
    Reason.REFUSED: "check the host and its port, or try http:// in place of https://",
    Reason.ROBOTS_FORBIDDEN: "give an address that it allows, or ask the site's office",
    Reason.NOT_HTML: "give the address of a page",
    Reason.NOT_IN_ARCHIVE: "give an address that it holds: a home page, or a list",
}


class SurveyFailed(TinphuongError):
    """The site could not be surveyed; the message says why and what to do, `reason` says why in one word."""

    def __init__(self, message: str, reason: str = ""):
        super().__init__(message)
        self.reason = reason

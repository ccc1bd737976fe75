"""Why a site could not be surveyed, in a sentence that says what to do."""

from typing import ClassVar

from crawler.errors import Exit, TinphuongError
from crawler.reasons import Reason, http_reason, sentence

_IN_A_BROWSER = "open it in a browser and try again later"
_HINTS: dict[str, str] = {
    http_reason(401): "it wants a user and password: only public pages can be read",
    http_reason(403): "it may refuse programs; open it in a browser",
    http_reason(404): "check the address",
    http_reason(410): "check the address",
    http_reason(429): "it asks for fewer requests; try again in an hour",
    http_reason(500): "try again later; open it in a browser if it lasts",
    http_reason(502): "try again later",
    http_reason(503): "try again later",
    http_reason(504): "try again later",
    Reason.DNS: "check the host's name",
    Reason.TLS: "try it with http://",
    Reason.REFUSED: "check the host and its port, or try http:// in place of https://",
    Reason.TIMEOUT: "try again later, or from a network in Việt Nam",
    Reason.CONNECTION: "try again later, or http:// in place of https://",
    Reason.TRUNCATED: "try again later",
    Reason.TOO_LARGE: "give the address of another page: one that lists news",
    Reason.ROBOTS_FORBIDDEN: "give an address that it allows, or ask the site's office",
    Reason.ROBOTS_UNREADABLE: "open its /robots.txt in a browser; if it stays so, write to the site's office",
    Reason.NOT_HTML: "give the address of a page",
    Reason.NOT_IN_ARCHIVE: "give an address that it holds: a home page, or a list",
    Reason.NOT_A_FEED: "give the address of a page that lists news",
    Reason.REDIRECT_LOOP: "open it in a browser, and give the address at which that ends",
    Reason.EMPTY_PAGE: _IN_A_BROWSER,
    Reason.ANTIBOT: _IN_A_BROWSER,
    Reason.ERROR_PAGE: _IN_A_BROWSER,
    Reason.LOGIN: "open it in a browser, and give the address of a page that is public",
    Reason.UNDECODABLE: "open it in a browser, and give the address of another page",
    Reason.FILLED_BY_SCRIPT: "give the address of a page that lists news by itself",
    Reason.NOTHING_PUBLISHED: "give the address of a page that lists news, or wait for the first",
    Reason.OFFSITE: "give the address to which it leads",
    Reason.INTERNAL_ERROR: "please report it with the site's address",
}
# What lies with the address that was given; everything else lies with the site.
_MISTAKES = frozenset(
    {
        Reason.DNS, Reason.REFUSED, Reason.BAD_ADDRESS, Reason.INTERNAL_ADDRESS, Reason.OTHER_PORT, Reason.NOT_HTML,
        Reason.NOT_A_FEED, Reason.NOT_IN_ARCHIVE, http_reason(404), http_reason(410),
    }
)  # fmt: skip


class SurveyFailed(TinphuongError):
    """The address cannot be surveyed; the message says why and what to do, `reason` says why in one word."""

    def __init__(self, message: str, reason: str = ""):
        super().__init__(message)
        self.reason = reason


class SiteFailed(SurveyFailed):
    """The same where it is the site that fails, and no other address would help."""

    exit_code: ClassVar[Exit | None] = Exit.UNHEALTHY


class NoList(SurveyFailed):
    """The page can be read, but lists no articles."""


def failure(url: str, reason: str, said: str = "") -> SurveyFailed:
    """Return the error for a page at `url`; `said`: in place of the reason's own sentence."""
    said = said or sentence(reason)
    hint = _HINTS.get(reason, "")
    message = f"{url}: {said}; {hint}" if hint and ";" not in said else f"{url}: {said}"
    return (SurveyFailed if reason in _MISTAKES else SiteFailed)(message, reason)

"""What to do about a site that is not well, in half a line; docs/health.md has the longer words. Pure."""

from crawler.reasons import Reason

OF_THE_NETWORK = frozenset({Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.CONNECTION})
"""Reasons for which this machine's own network may be to blame."""

_TRY_AGAIN = "the next run tries again"
_LAYOUT = "the portal was rebuilt: open it in a browser, and adapt its start pages or its platform"
_DOUBT = "`tinphuong doubts SITE` shows the evidence"
_DO: dict[str, str] = {
    Reason.DNS: f"{_TRY_AGAIN}; if it lasts for days, look for the portal's new address",
    Reason.TIMEOUT: f"{_TRY_AGAIN}; if it lasts, try from a network in Việt Nam",
    Reason.REFUSED: f"{_TRY_AGAIN}; if it lasts, see whether a browser on this machine gets in",
    Reason.CONNECTION: f"{_TRY_AGAIN}; if it lasts, try from a network in Việt Nam",
    Reason.TRUNCATED: _TRY_AGAIN,
    Reason.CUT_SHORT: _TRY_AGAIN,
    Reason.PROXY: "see whether the proxy that the configuration names is there and lets you in",
    Reason.NO_BROWSER: "install the group `browser` and Chromium, see docs/scripted-sites.md",
    Reason.LEFT_OUT: "take one of its start pages out of `leave_out`",
    Reason.TLS: "open the site in a browser; an expired certificate is renewed, else see the fact tls",
    Reason.INTERNAL_ADDRESS: "name it in `politeness.allow_private` if it is yours, else try another name server",
    Reason.OTHER_PORT: "add the port to the site's host if its pages have moved there",
    Reason.OFFSITE: "open it in a browser: if it has moved, correct its host",
    Reason.REDIRECTED_AWAY: "open it in a browser: if it has moved, correct its host or start pages",
    Reason.MOVED_TO_ANOTHER: "`tinphuong status SITE` names the portal: correct the host, or add that one by new-site",
    Reason.REDIRECT_LOOP: "open it in a browser: it may require cookies",
    Reason.ROBOTS_FORBIDDEN: "ask the webmaster, or take the site out",
    Reason.ROBOTS_UNREADABLE: "open /robots.txt in a browser; if it stays so, write to the webmaster",
    Reason.ANTIBOT: "crawl it less often, and write to the webmaster",
    Reason.ERROR_PAGE: f"{_TRY_AGAIN}; if it lasts, the portal is down",
    Reason.LOGIN: "its pages are not public: correct its start pages, or take it out",
    Reason.EMPTY_LISTING: "open its start pages in a browser: the news may be elsewhere, or shown by scripts",
    Reason.WRONG_PLATFORM: "correct its platform: `tinphuong new-site ADDRESS --dry-run` says which it is",
    Reason.NOTHING_PUBLISHED: "open it in a browser: give start pages with news, or wait for the first",
    Reason.LAYOUT_CHANGED: _LAYOUT,
    Reason.LISTING_LAYOUT_CHANGED: _LAYOUT,
    Reason.ARTICLE_LAYOUT_CHANGED: _LAYOUT,
    Reason.NO_ARTICLE: _LAYOUT,
    Reason.ALL_GONE: "open an old article's address in a browser: the portal was probably rebuilt",
    Reason.DATES_STOPPED: "look where the pages show the date now",
    Reason.DATES_MISSING: _DOUBT,
    Reason.FIELDS_DOUBTFUL: _DOUBT,
    Reason.TOO_LARGE: "look at its start pages: they are larger than `bounds.page_size` allows",
    Reason.NOT_KEPT: "make room on the disk, or restore the permissions of the folder of captures",
    Reason.DATABASE_UNWRITABLE: "make room on the disk, or end what locks the database",
    Reason.INTERNAL_ERROR: "report what the file of --log says, with the site's address",
}
_QUIET = "open it in a browser: is there news in a section that is not read, or did the portal move?"


def advice(reason: str | None) -> str:
    """Return what to do about a site that fails or is doubtful for `reason`; without one, about a quiet one."""
    if reason is None:
        return _QUIET
    if reason.startswith("http_"):
        status = reason.removeprefix("http_")
        if status in ("403", "451"):
            return "see whether a browser on this machine gets in; if it does, write to the webmaster"
        if status.startswith("4") and status not in ("408", "429"):
            return "the portal was rebuilt, or its start pages moved: correct them"
        return f"{_TRY_AGAIN}; if it lasts, the portal is down"
    return _DO.get(reason, "`tinphuong status SITE` says more")

"""What to do about a site that is not well, in a few words; docs/health.md has the longer ones. Pure."""

from crawler.reasons import Reason
from crawler.run.health import State

_WAIT = "wait for the next run; act if it lasts for three days"
_OF_REASON: dict[str, str] = {
    Reason.DNS: f"{_WAIT}: look for the portal's new address",
    Reason.TIMEOUT: f"{_WAIT}: try from a machine in Việt Nam",
    Reason.CONNECTION: f"{_WAIT}: try from a machine in Việt Nam",
    Reason.REFUSED: f"{_WAIT}: see whether a browser on this machine gets in, then write to the webmaster",
    Reason.TLS: "open it in a browser; if its certificate has expired, wait, else see `tls` in the site's facts",
    Reason.ANTIBOT: "crawl it less often and write to the webmaster",
    Reason.ROBOTS_FORBIDDEN: "ask the webmaster, or remove the site",
    Reason.ROBOTS_UNREADABLE: f"{_WAIT}: write to the webmaster",
    Reason.INTERNAL_ADDRESS: "try another name server, or allow the address",
    Reason.EMPTY_LISTING: "choose other start pages or another platform",
    Reason.LAYOUT_CHANGED: "choose other start pages or another platform",
    Reason.LISTING_LAYOUT_CHANGED: "the portal was rebuilt: compare the links of its lists with the platform's",
    Reason.ARTICLE_LAYOUT_CHANGED: "save a page, run `tinphuong extract` on it, and write a new layout",
    Reason.DATES_STOPPED: "try `tinphuong date` with what a page shows",
    Reason.DATES_MISSING: "see `tinphuong doubts`",
    Reason.FIELDS_DOUBTFUL: "see `tinphuong doubts`",
    Reason.ALL_GONE: "open an old address; if the articles were deleted, crawl with --believe-removals on two days",
    Reason.NOT_KEPT: "make room or end what locks the files on this machine, then run again",
    Reason.DATABASE_UNWRITABLE: "make room or end what locks the database on this machine, then run again",
    Reason.INTERNAL_ERROR: "see the log, and report it with the page's address",
    Reason.CUT_SHORT: _WAIT,
}
_OF_PAGES = "the table `skipped` of the database names each page"


def advice(state: str, reason: str | None) -> str:
    """Return what to do about a site in `state` for `reason`, "" for nothing."""
    if state == State.QUIET:
        return "open it in a browser: is there news in a section that is not read, or did the portal move?"
    if state not in (State.FAILING, State.DOUBTFUL):
        return ""
    if reason in _OF_REASON:
        return _OF_REASON[reason]
    if reason and reason.startswith("http_5"):
        return _WAIT
    if reason and reason.startswith("http_"):
        return "open it in a browser: it was rebuilt, or its start pages moved"
    return _OF_PAGES

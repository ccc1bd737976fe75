"""The sites of a run that failed, grouped by reason: how many, which, and what to do, in half a line.

A few are named one by one, as each has a sentence of its own. Of many, as after a night without a network, nobody wants
a line each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.reasons import EXPLAINED, Reason, sentence
from crawler.run.site_report import SiteReport, by_reason
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

Spoken = tuple[SiteReport, bool, str]
"""A site's report, whether what it came to is an alarm, and a sentence."""

FEW = 3  # sites that are named one by one
_MOST_NAMED = 25  # sites of one reason
_MANY = 5  # sites with one reason of the network, from which it may be our own network
_OF_THE_NETWORK = frozenset({Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.CONNECTION})
_TRY_AGAIN = "the next run tries again"
_LAYOUT = "the portal was rebuilt: open it in a browser, and adapt its start pages or its platform"
_DOUBT = "`tinphuong doubts SITE` shows the evidence"
_DO: dict[str, str] = {
    Reason.DNS: f"{_TRY_AGAIN}; if it lasts for days, look for the portal's new address",
    Reason.TIMEOUT: f"{_TRY_AGAIN}; if it lasts, try from a network in Việt Nam",
    Reason.REFUSED: f"{_TRY_AGAIN}; if it lasts, see whether a browser on this machine gets in",
    Reason.CONNECTION: f"{_TRY_AGAIN}; if it lasts, try from a network in Việt Nam",
    Reason.TRUNCATED: _TRY_AGAIN,
    Reason.TLS: "open the site in a browser; an expired certificate is renewed, else see the fact tls",
    Reason.INTERNAL_ADDRESS: "name it in `politeness.allow_private` if it is yours, else try another name server",
    Reason.OTHER_PORT: "add the port to the site's host if its pages have moved there",
    Reason.OFFSITE: "open it in a browser: if it has moved, correct its host",
    Reason.REDIRECTED_AWAY: "open it in a browser: if it has moved, correct its host or start pages",
    Reason.REDIRECT_LOOP: "open it in a browser: it may require cookies",
    Reason.ROBOTS_FORBIDDEN: "ask the webmaster, or take the site out",
    Reason.ROBOTS_UNREADABLE: "open /robots.txt in a browser; if it stays so, write to the webmaster",
    Reason.ANTIBOT: "crawl it less often, and write to the webmaster",
    Reason.ERROR_PAGE: f"{_TRY_AGAIN}; if it lasts, the portal is down",
    Reason.LOGIN: "its pages are not public: correct its start pages, or take it out",
    Reason.EMPTY_LISTING: "open its start pages in a browser: the news may be elsewhere, or shown by scripts",
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


@dataclass(frozen=True, slots=True)
class Group:
    """Sites that failed for one reason; `said`: what is wrong; `do`: what to do about it,
    "" where that is said already."""

    reason: str
    sites: Sequence[str]
    said: str
    do: str
    verb: str = "failed"

    @property
    def named(self) -> str:
        """The sites' names, of very many the first ones."""
        more = len(self.sites) - _MOST_NAMED
        return ", ".join(self.sites[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

    def line(self) -> str:
        """Return the group in one line, without a line's end."""
        do = f" ({self.do})" if self.do else ""
        if len(self.sites) == 1:
            return f"{self.sites[0]} {self.verb}: {self.said}{do}"
        return f"{counted(len(self.sites), 'site')} {self.verb}, {self.reason}: {self.said}: {self.named}{do}"

    def block(self) -> Iterator[str]:
        """Yield the group in two or three lines, for a terminal."""
        yield one_line(f"  {len(self.sites):>5}  {self.reason}: {self.said}")
        yield one_line(f"         {self.named}")
        if self.do:
            yield f"         → {self.do}"


def grouped(failed: Sequence[SiteReport], *, of: int, still: bool = False) -> list[Group]:
    """Return the failed sites of a run over `of` sites, a group a reason, the largest first.

    `still`: they failed before, and people know it.
    """
    by_site = {report.site: report for report in failed}
    groups = []
    for reason, sites in by_reason(failed).items():
        verdicts = {by_site[site].verdict()[2] for site in sites}
        said = verdicts.pop() if len(verdicts) == 1 else sentence(reason)
        do = "" if reason in EXPLAINED and said != sentence(reason) else _do(reason, len(sites), of)
        groups.append(Group(reason, sites, said, do, "still failing" if still else "failed"))
    return sorted(groups, key=lambda group: (-len(group.sites), group.reason))


def spoken_lines(spoken: Sequence[Spoken], *, of: int, in_blocks: bool = False) -> Iterator[str]:
    """Yield what is said of single sites: a line a site where they are few, else a line a reason.

    `of`: the sites of the run; `in_blocks`: for people at a terminal, three lines a reason under a heading.
    """
    failed = [report for report, _, _ in spoken if report.verdict()[0] == "failed"]
    others = [said for report, _, said in spoken if report.verdict()[0] != "failed"]
    yield from (one_line(f"tinphuong: {said}") for said in _of_many(others))
    if len(failed) <= FEW:
        yield from (one_line(f"tinphuong: {said}") for report, _, said in spoken if report in failed)
        return
    known = {report.site for report, alarming, _ in spoken if not alarming}
    for still in (False, True):
        some = [report for report in failed if (report.site in known) is still]
        groups = grouped(some, of=of, still=still)
        if not in_blocks:
            yield from (one_line(f"tinphuong: {group.line()}") for group in groups)
        elif some:
            yield f"\n{len(some)} of {counted(of, 'site')} {'still failing' if still else 'failed'}:"
            for group in groups:
                yield from group.block()


def _of_many(said: Sequence[str]) -> Iterator[str]:
    """Of very many sentences the first, and how many more."""
    yield from said[:_MOST_NAMED]
    if len(said) > _MOST_NAMED:
        yield f"{len(said) - _MOST_NAMED} more have changed: `tinphuong alarms` shows them"


def _do(reason: str, sites: int, of: int) -> str:
    if reason in _OF_THE_NETWORK and sites >= _MANY and sites > of / 2:
        return "so many at once: look at this machine's own network first"
    if reason.startswith("http_"):
        status = reason.removeprefix("http_")
        if status in ("403", "451"):
            return "see whether a browser on this machine gets in; if it does, write to the webmaster"
        if status.startswith("4") and status not in ("408", "429"):
            return "the portal was rebuilt, or its start pages moved: correct them"
        return f"{_TRY_AGAIN}; if it lasts, the portal is down"
    return _DO.get(reason, "`tinphuong status SITE` says more")

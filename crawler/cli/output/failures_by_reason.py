"""The sites of a run that failed, grouped by reason: how many, which, and what to do, in half a line.

A few are named one by one, as each has a sentence of its own. Of many, as after a night without a network, nobody wants
a line each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.reasons import EXPLAINED, sentence
from crawler.run.advice import OF_THE_NETWORK, advice
from crawler.run.site_report import SiteReport, by_reason
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

Spoken = tuple[SiteReport, bool, str]
"""A site's report, whether what it came to is an alarm, and a sentence."""

FEW = 3  # sites that are named one by one
_MOST_NAMED = 25  # sites of one reason
_MANY = 5  # sites with one reason of the network, from which it may be our own network


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
    if reason in OF_THE_NETWORK and sites >= _MANY and sites > of / 2:
        return "so many at once: look at this machine's own network first"
    return advice(reason)

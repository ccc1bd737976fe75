"""What a run over many sites came to, by district or province."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.reasons import is_without_answer
from crawler.run.alarms.outcome import Outcome
from crawler.run.health import State
from crawler.run.site_report import SiteReport
from crawler.units.areas import Area, grouped


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """How many sites of an area there are, how many articles they gave, and how they did.

    `failed` counts those without an answer too (`crawler.reasons.is_without_answer`); `quiet`: well, but without news
    for longer than their habit.
    """

    area: Area
    sites: int
    new: int
    changed: int
    failed: int
    without_answer: int
    doubtful: int
    quiet: int

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready facts."""
        return {
            "province": self.area.province or None, "district": self.area.district or None, "sites": self.sites,
            "new": self.new, "changed": self.changed, "failed": self.failed, "without_answer": self.without_answer,
            "doubtful": self.doubtful, "quiet": self.quiet,
        }  # fmt: skip


def area_counts(reports: Sequence[SiteReport], areas: Mapping[str, Area], outcome: Outcome) -> list[AreaCounts]:
    """Return the counts of each area, in the order of their names; `areas`: slug → where the site lies."""
    by_site = {report.site: report for report in reports}
    groups = grouped(by_site, areas)
    return [counts(area, [by_site[site] for site in sites], outcome) for area, sites in groups.items()]


def counts(area: Area, reports: Sequence[SiteReport], outcome: Outcome) -> AreaCounts:
    """Return what the sites of an area came to together."""
    verdicts = [report.verdict() for report in reports]
    statuses = [status for status, _, _ in verdicts]
    states = [outcome.states.get(report.site) for report in reports]
    return AreaCounts(
        area=area,
        sites=len(reports),
        new=sum(report.new for report in reports),
        changed=sum(report.changed for report in reports),
        failed=statuses.count("failed"),
        without_answer=sum(status == "failed" and is_without_answer(reason) for status, reason, _ in verdicts),
        doubtful=statuses.count("doubtful"),
        quiet=sum(state is not None and state.state == State.QUIET for state in states),
    )

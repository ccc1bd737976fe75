"""What a live run has to say about each site, in its exit code, its summary and its last lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.dates.local_time import shown_moment
from crawler.reasons import Reason
from crawler.run.alarms.states import BAD, RECOVERED, SiteState
from crawler.run.health import State
from crawler.run.site_report import SiteReport

# What is wrong on this machine or in tinphuong itself: every run says so.
_OURS = (Reason.INTERNAL_ERROR, Reason.NOT_KEPT, Reason.DATABASE_UNWRITABLE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the sites of a live run do after it. `states`: by site, of those of which the run says something; `failed`:
    they could not be found out, by a mistake of ours; `every_run`: a site that is not well is spoken of in every run,
    and not only when it comes to be so."""

    states: Mapping[str, SiteState] = field(default_factory=dict)
    failed: bool = False
    every_run: bool = False

    def is_alarming(self, report: SiteReport) -> bool:
        """Whether a run is to end with 1 because of this site."""
        status, reason, _ = report.verdict()
        if status == "failed" and reason in _OURS:
            return True
        if (state := self.states.get(report.site)) is None:
            return status == "failed" and (self.every_run or self.failed)
        if state.turned in BAD:
            return True
        return self.every_run and state.state in (State.FAILING, State.DOUBTFUL)

    def facts(self, site: str) -> dict[str, Any]:
        """Return what a summary has on the state of a site; None where the run says nothing of it."""
        state = self.states.get(site)
        return {
            "state": str(state.state) if state else None,
            "state_before": str(state.before) if state and state.before else None,
            "turned": state.turned if state else None,
        }


def lines(outcome: Outcome, reports: Sequence[SiteReport]) -> Iterator[tuple[SiteReport, bool, str]]:
    """Yield (report, whether it is an alarm, a sentence) for each site of which a live run has something to say."""
    for report in reports:
        site, state = report.site, outcome.states.get(report.site)
        status, _, message = report.verdict()
        alarming = outcome.is_alarming(report)
        if status == "failed":
            said = f"{site} failed: {message}"
            if state and state.state == State.FAILING and not state.turned:
                said = f"{site} is still failing{_since(state)}: {message}"
            yield report, alarming, said
        elif state is None:
            continue
        elif state.turned == RECOVERED:
            yield report, False, f"{site} has recovered: {state.before} → {state.state}"
        elif state.turned:
            yield report, alarming, f"{site} has become {state.state}: {state.message}"
        elif state.state == State.DOUBTFUL:
            yield report, alarming, f"{site} is still doubtful{_since(state)}: {state.message}"


def _since(state: SiteState) -> str:
    return f" since {shown_moment(state.since)}" if state.since else ""

"""How the sites of a run did before and do after it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.reasons import Reason
from crawler.run.health import State, assess, site_health
from crawler.run.site import Site
from crawler.run.site_report import SiteReport
from storage import run_history
from storage.alarms import states as stored
from storage.alarms.states import ChangeRow, StateRow
from storage.collection import Collection
from storage.doubts.recent import recent_articles

BAD = (State.FAILING, State.DOUBTFUL, State.QUIET)
RECOVERED = "recovered"
_WELL = (State.HEALTHY, State.QUIET)
_STATUS = {State.FAILING: "failed", State.DOUBTFUL: "doubtful"}  # of the runs of such a site


@dataclass(frozen=True, slots=True)
class SiteState:
    """How a site does after a run. `before`: as it was last told, None where this is its first run; `since`: the end
    of the run in which it came to be so (ISO), None where that is not known; `well`: how it did when it was neither
    failing nor doubtful the last time, None where that is not known."""

    site: str
    state: State
    reason: str | None
    message: str
    before: State | None
    since: str | None
    well: State | None = None

    @property
    def turned(self) -> str | None:
        """What the site became by this run: `failing`, `doubtful`, `quiet` or `recovered`; None where it did as before.

        A site that is quiet at first sight did not turn: that is how it was found. One that was quiet before it failed,
        or has failed since it is known, has recovered when it is quiet.
        """
        if self.state == self.before or (self.before is None and self.state in (State.HEALTHY, State.QUIET)):
            return None
        was_never_healthy = self.well in (None, State.QUIET) and self.before != State.HEALTHY
        if self.state == State.HEALTHY or (self.state == State.QUIET and was_never_healthy):
            return RECOVERED
        return str(self.state)


def recall_states(collection: Collection, sites: Iterable[str]) -> dict[str, StateRow]:
    """Return how sites did when that was last noted, by site; a site without a run that said so is left out.

    Where the database is older than alarms, that is how a site did after its last run.
    """
    connection = collection.db.conn
    rows = stored.states(connection)
    unknown = [site for site in sites if site in rows and rows[site]["state"] == stored.UNKNOWN]
    found = {row["site"]: row for site in unknown if (row := _from_history(connection, site))}
    stored.put_states(collection, found.values())
    collection.commit()
    return {site: row for site, row in (rows | found).items() if row["state"] != stored.UNKNOWN}


def _from_history(connection: sqlite3.Connection, site: str) -> StateRow | None:
    runs = [run for run in run_history.runs(connection, site) if run["status"] == "failed" or not _cut_short(run)]
    if not runs:
        return None
    ended = datetime.fromisoformat(str(runs[0]["finished_at"]))
    published = run_history.days_published(connection, site)
    health = assess(runs, published, ended, recent_articles(connection, site))
    since = None
    for run in runs:
        if run["status"] != _STATUS.get(health.state):
            break
        since = str(run["finished_at"])
    return StateRow(site=site, state=str(health.state), reason=health.reason, since=since)


def _cut_short(run: Mapping[str, Any]) -> bool:
    return bool(run["reason"] == Reason.CUT_SHORT)


def state_after(
    connection: sqlite3.Connection, report: SiteReport, before: StateRow | None, now: datetime
) -> SiteState | None:
    """Return how a site does after the run of `report`; None where the run does not say."""
    status, reason, message = report.verdict()
    if status == "interrupted" or (report.cut_short and status != "failed"):
        return None
    state = State.FAILING
    if status != "failed":
        health = site_health(connection, report.site, now)
        state, reason = health.state, health.reason
        message = health.message if state in BAD else message
    then = State(before["state"]) if before else None
    since = before["since"] if before and then == state else now.isoformat(timespec="seconds")
    well = stored.last_among(connection, report.site, _WELL) if then in _STATUS else then
    return SiteState(report.site, state, reason, message, then, since, State(well) if well else None)


def keep_states(
    collection: Collection, found: Sequence[SiteState], spiders: Mapping[str, type[Site]], *, waiting: bool
) -> None:
    """Remember states, and their changes, which wait to be sent if `waiting`. The caller commits."""
    stored.put_states(
        collection,
        [StateRow(site=each.site, state=str(each.state), reason=each.reason, since=each.since) for each in found],
    )
    stored.add_changes(
        collection, [_change(each, spiders[each.site]) for each in found if each.turned], waiting=waiting
    )


def _change(found: SiteState, spider: type[Site]) -> ChangeRow:
    return ChangeRow(
        site=found.site,
        name=spider.ward,
        link=f"{spider.scheme}://{spider.host}/",
        state_before=str(found.before) if found.before else None,
        state=str(found.state),
        turned=str(found.turned),
        reason=found.reason,
        message=found.message,
        at=str(found.since),
    )

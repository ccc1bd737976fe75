"""Alarms of a run: what its sites became, kept in the database and sent to people, once."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from crawler import clock
from crawler.run.alarms import message
from crawler.run.alarms.delivery import Target
from crawler.run.alarms.outcome import Outcome
from crawler.run.alarms.states import SiteState, keep_states, recall_states, state_after
from crawler.run.site import Site
from crawler.run.site_report import SiteReport
from storage import Collection
from storage.alarms import states as stored
from storage.alarms.states import StateRow
from storage.connection import held_back
from storage.errors import CollectionError
from storage.locking import sole_writer

logger = logging.getLogger(__name__)


class Alarms:
    """The states of a live run's sites, before and after it. The run holds the lock of the database."""

    def __init__(self, collection: Collection, spiders: Sequence[type[Site]], to: Sequence[Target]):
        self._collection = collection
        self._spiders = {spider.name: spider for spider in spiders}
        self._to = to
        self._before: dict[str, StateRow] = {}
        self._after: dict[str, SiteState] = {}
        self._failed = False  # by a mistake of ours

    def begin(self) -> None:
        """Recall how the sites did. Raises storage errors; an error of ours goes into the log and the outcome."""
        with self._ours():
            self._before = recall_states(self._collection, self._spiders)

    def end(self, reports: Sequence[SiteReport]) -> None:
        """Note how the sites do after their runs, and send what changed, with what is left of earlier runs.

        A run that was stopped notes nothing: each site's next run does. Raises storage errors; an error of ours goes
        into the log and the outcome.
        """
        if self._failed or any(report.interrupted for report in reports):
            return
        with self._ours():
            self._end(reports)

    @contextmanager
    def _ours(self) -> Iterator[None]:
        """Let an error of ours in the block cost the alarms, and not the run."""
        try:
            yield
        except CollectionError:
            raise
        except Exception:
            logger.exception("an error of tinphuong itself while it was found out what changed")
            self._failed = True
            self._collection.undo()

    def outcome(self, every_run: bool) -> Outcome:
        """Return what the run has to say."""
        return Outcome(self._after, self._failed, every_run)

    def _end(self, reports: Sequence[SiteReport]) -> None:
        connection, now = self._collection.db.conn, clock.now()
        found = [state_after(connection, report, self._before.get(report.site), now) for report in reports]
        states = [state for state in found if state]
        with held_back(connection):  # all in one transaction
            keep_states(self._collection, states, self._spiders, waiting=bool(self._to))
            self._collection.commit()
        self._after = {state.site: state for state in states}
        deliver(self._collection, self._to)


def deliver(collection: Collection, to: Sequence[Target]) -> None:
    """Send each address the changes that it does not have yet, in one message. The caller holds the database's lock.

    What cannot be sent is kept for the next run, and a warning says so. Raises storage errors.
    """
    wanted = {target.mark for target in to}
    if not wanted:
        return
    stored.settle(collection, wanted)
    for target in to:
        waiting = stored.waiting_for(collection.db.conn, target.mark)
        if not waiting:
            continue
        changes = [change for _, change in waiting]
        title = message.title(changes)
        if failure := target.send(title, message.body(changes)):
            logger.warning("“%s” could not be sent to %s: %s; the next run sends it", title, target.name, failure)
            continue
        stored.note_told(collection, [number for number, _ in waiting], target.mark, wanted)
        collection.commit()  # at once: it is not to be sent twice
    collection.commit()


def deliver_left(db: Path, to: Sequence[Target]) -> None:
    """Send what earlier runs could not, where no site is crawled now. Raises storage errors, Locked among them."""
    if not to or not db.is_file():
        return
    with sole_writer(db), Collection(db) as collection:
        deliver(collection, to)

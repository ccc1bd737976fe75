"""What looking again at stored articles came to: which are gone, and whether that may be believed."""

from collections.abc import Iterable, Mapping, Set

from crawler import clock
from crawler.reasons import GONE, Reason
from crawler.run.frontier import Frontier
from crawler.run.site_report import SiteReport
from storage import Collection
from storage.addresses.alive import Missed, elsewhere, mark_gone_addresses
from storage.addresses.stored import article_of
from storage.removals import is_removed, note_check, note_gone, note_moved

_ALL_OF = 3  # articles; if at least so many were looked at and all are gone, it is the site that changed
_NEARLY_ALL_OF, _NEARLY_ALL = 5, 0.8  # the same where at least so many were looked at and such a share is gone


def is_alarming(gone: int, looked_at: int) -> bool:
    """Tell whether so many of the stored articles that were looked at again are gone that none can be believed to be.

    A site takes down one article, or ten of a hundred; that all are gone at once means that it was rebuilt. Pure.
    """
    if looked_at >= _NEARLY_ALL_OF and gone >= _NEARLY_ALL * looked_at:
        return True
    return looked_at >= _ALL_OF and gone >= looked_at


class Rechecks:
    """Gathers the stored articles of a site's run that were missed, and settles at its end what became of them."""

    def __init__(self, collection: Collection, report: SiteReport):
        self._collection = collection
        self._report = report
        self._missed: dict[str, tuple[str, str, str, str | None]] = {}  # identity → address, reason, moment, led_to
        self._unclear = 0  # articles whose address gave no answer either way

    def note(self, key: str, url: str, reason: str, answers: Mapping[str, str]) -> bool:
        """Count an article that was looked at and not found at `url`; True if that it is gone is news.

        `answers`: address → why it gave no article, where several were asked for.
        """
        at = clock.stamp()
        self._report.rechecked += 1
        self._report.rechecks_failed[reason] += 1
        article_id = note_check(self._collection, self._report.site, key, at=at)
        if reason not in GONE or not set(answers.values()) <= GONE:
            self._unclear += 1
            return False
        self._missed[key] = (url, reason, at, None)
        return article_id is not None and not is_removed(self._collection, article_id)

    def note_led_away(self, key: str, led_to: str, *, counted: bool) -> None:
        """Note an article whose address leads to another one, `led_to`; `counted`: as that one was read."""
        at = clock.stamp()
        self._report.rechecked += not counted
        note_check(self._collection, self._report.site, key, at=at)
        self._missed[key] = ("", Reason.REDIRECTED_AWAY, at, led_to)

    def end(self, run_id: int, frontier: Frontier, stored: Set[str], *, is_live: bool, believed: bool) -> None:
        """Settle what became of those of the `stored` identities that a run looked at again; in a replay (not
        `is_live`), nothing of those that lead elsewhere now. `believed`: as for `settle`."""
        for key, other in frontier.moved_away.items() if is_live else ():
            if key in stored:
                self.note_led_away(key, other, counted=other in stored)
        self.settle(run_id, frontier.answers, believed=believed)

    def settle(self, run_id: int, answers: Mapping[str, Mapping[str, str]], *, believed: bool) -> None:
        """Note what is gone and what has moved; or report an alarm, and note nothing, where nearly all are gone.

        `answers`: identity → address → why it gave no article; `believed`: a person said that so many may be gone.
        """
        missed = list(self._articles(answers))
        ids = {one.article_id for one in missed}
        places = [(one, elsewhere(self._collection.db, one, ids - {one.article_id})) for one in missed]
        gone = [one for one, there in places if there is None]
        known = sum(is_removed(self._collection, one.article_id) for one in gone)  # one is looked at in each run
        looked_at = self._report.rechecked - self._unclear - known
        self._report.gone = len(gone)
        if not believed and is_alarming(len(gone) - known, looked_at):
            said = f"{len(gone) - known} of {looked_at} known articles that were looked at again are gone at once; "
            self._report.rebuilt = Reason.ALL_GONE, said + "none was recorded as taken down"
            return
        for one, there in places:
            if there is not None:
                note_moved(self._collection, one, there, run_id=run_id)
            else:
                self._report.removed += note_gone(self._collection, one, run_id=run_id)
        found = (urls for key, urls in answers.items() if key not in self._missed)
        mark_gone_addresses(self._collection, _gone_of(found), clock.stamp())

    def _articles(self, answers: Mapping[str, Mapping[str, str]]) -> Iterable[Missed]:
        """What was missed, each article once."""
        db, site = self._collection.db, self._report.site
        found: dict[int, Missed] = {}
        for key, (url, reason, at, led_to) in self._missed.items():
            article_id = article_of(db, site, key)
            if article_id is None:
                continue
            addresses = frozenset(filter(None, [url, *_gone_of([answers.get(key, {})])]))
            other = article_of(db, site, led_to) if led_to else None
            if article_id in found:
                addresses |= found[article_id].addresses
            found[article_id] = Missed(article_id, site, key, addresses, reason, at, other)
        return found.values()


def _gone_of(answers: Iterable[Mapping[str, str]]) -> list[str]:
    return [url for urls in answers for url, reason in urls.items() if reason in GONE]

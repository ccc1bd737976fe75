"""Learns what a site's articles have in common while they come in, and reads again what that changes."""

import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import count

from crawler import clock
from crawler.extraction.observe import Observer
from crawler.extraction.rules import site_furniture
from crawler.extraction.second_reader import parts_ways
from crawler.profile import learn
from crawler.profile.model import SiteProfile
from crawler.profile.observation import Observation, digest
from crawler.run.items import PageItem
from storage import Collection
from storage.doubts import profiles
from storage.rows import ArticleRow

_ALL = 24  # articles of a run that are all observed; of the later ones every eighth
_EVERY = 8
_MOST = 48  # that are observed in one run
_SETTLED = 12  # articles behind a profile from which a run only looks whether it still holds
_LOOKS = 4  # articles that such a run observes
_FIRST = 12  # observations from which the first profile is learned while the run goes on
_WHOLE = 6  # pages of a run that are looked at as a whole; of the later ones every eighth
_ALONG = 64  # of so many pages, one is read by the second reader too
_HELD = 8 * 1024 * 1024  # bytes of pages without a capture that are held, to read them again
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?\d{2,4}")


class SiteLearning:
    """The profile of one site in one run.

    `profile` is what pages are read with: the stored one, and once twelve articles have come in, the one learned from
    them too. Articles that were read before it was known are read again at the end.
    """

    def __init__(self, collection: Collection, site: str, *, hold: bool):
        """Load what is known of `site`. `hold`: pages without a capture cannot be had from an archive either."""
        self.collection = collection
        self.site = site
        self._holds = hold
        self.profile = profiles.profile_of(collection, site)
        self._stored = profiles.observations(collection, site)
        self.read_along = 0  # pages that the second reader read too
        self.parted = 0  # of those, on how many it reads something else
        self._new: list[Observation] = []
        self.held: dict[str, PageItem] = {}
        self._bytes = 0
        self._met = count()
        self._first_profile = self.profile  # with which the run began

    @property
    def is_beginning(self) -> bool:
        """Whether a profile is still to be learned while the run goes on."""
        return self.profile.articles < _SETTLED and len(self._new) < _FIRST

    def observer(self, key: str) -> Observer | None:
        """Return an observer for the page of the article `key`, None where enough of them were observed."""
        number = next(self._met)
        along = digest(key) % _ALONG == 0  # by the article, so that runs of a few articles have their share
        if self.profile is self._first_profile and self.profile.articles >= _SETTLED:
            wanted = number < _LOOKS
        else:
            wanted = number < _ALL or (number % _EVERY == 0 and len(self._new) < _MOST)
        whole = number < _WHOLE or number % _EVERY == 0
        return Observer(whole=whole, reads_along=along) if wanted or along else None

    def take(self, item: PageItem) -> None:
        """Take in an article that was saved; its observer goes with it."""
        article, observer = item.article, item.observer
        if article is None:
            return
        if self._holds and item.capture_id is None and self._bytes + len(item.html) <= _HELD:
            self._bytes += len(item.html)
            self.held[item.key] = item
        if observer is None:
            return
        item.observer = None
        if observer.agreement is not None:
            self.read_along += 1
            self.parted += parts_ways(observer.agreement)
        fetched_at = item.fetched_at.isoformat(timespec="seconds")
        self._new.append(observer.observation(article, item.key, item.listed.date, fetched_at))
        if len(self._new) == _FIRST:
            self._learn()

    def _learn(self) -> None:
        learned = self._learned()
        self.profile = self.profile if learned.reads_like(self.profile) and self.profile.articles else learned

    def _learned(self) -> SiteProfile:
        """Return what is learned from all that is known."""
        return profiles.without_confirmed(self.collection, self.site, learn([*self._stored, *self._new]))

    async def finish(
        self, rows: Callable[[], Iterable[ArticleRow]], again: Callable[[ArticleRow], Awaitable[None]], *, owed: bool
    ) -> None:
        """Learn from all that came in, keep it, and call `again` for each row of this run that it may change.

        `rows` reads the run's articles: it is called only where more is known than when the run began, or where the run
        before has `owed` it.
        """
        if not self._new and not owed:
            return
        last = self._learned()
        self.profile = last
        at = clock.stamp()
        profiles.put_observations(self.collection, self.site, self._new[-profiles.KEPT :])
        if last.articles:
            profiles.put_profile(self.collection, self.site, last, at)
        if last.reads_like(self._first_profile) and not owed:
            return
        for row in rows():
            if may_change(row, last):
                await again(row)


def may_change(row: ArticleRow, profile: SiteProfile) -> bool:
    """Tell whether an article that was read without a profile may be read differently with it: cheap, and never False
    where it would be."""
    if site_furniture.share(f"{row['summary']}\n{row['body']}", profile.portal) > 0:
        return True
    if row["author"] and (row["author"] in profile.not_authors or row["author"] == profile.one_author):
        return True
    if profile.title_tail and row["title"].endswith(profile.title_tail):
        return True
    if profile.clocks or profile.constant_dates:
        return True
    if row["published_at"] is None:
        return bool(profile.date_place)
    ambiguous = _NUMERIC.search(row["published_raw"] or "")
    return profile.order.day_first is False and ambiguous is not None

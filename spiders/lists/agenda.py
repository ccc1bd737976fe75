"""What a run has still to look at besides articles, most promising first, and how many requests that may cost.

What is likely to name articles that no other list names is asked for in any run: the start pages, lists that alone
showed something, links that may lead to a list not looked at yet, and further pages while they name articles that
longer lists do not. The rest waits: it is asked for while the run stays within its measure, and all of it in the run
that reads everything.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from crawler import clock
from crawler.run.site_memory import Page, SiteMemory
from spiders.lists.sections import Sections, section_key
from spiders.lists.unlikely import family, is_data, is_unlikely, is_whole, names_news, worth

_FEW = 24  # articles of a first run up to which everything is looked at: so little shows nothing of the site
_SHARE = 0.22  # requests for lists that each article of a run is worth: some articles will not be stored
_BESIDES = 2  # requests of a run without news, besides one for each list
_ENOUGH_DATED = 3  # dated articles on a page from which it says how far back it reaches
_LIKE = 2  # pages of one family that were in vain, after which the others of it wait


@dataclass(slots=True)
class Agenda:
    """What waits to be asked for. `candidates` and `spare`: URL of a page that may be a list → clicks from a start
    page; `walks`: key of a list that may go on → the same; `put_aside`: key → URL of lists that in earlier runs only
    showed what others show; `lists`: how many lists the site is known to have; `requests`: how many were
    made for lists."""

    sections: Sections
    memory: SiteMemory = field(default_factory=SiteMemory)
    candidates: dict[str, int] = field(default_factory=dict)
    spare: dict[str, int] = field(default_factory=dict)
    walks: dict[str, int] = field(default_factory=dict)
    put_aside: dict[str, str] = field(default_factory=dict)
    lists: int = 0
    requests: int = 0
    looked_at: int = 0  # pages that are likely to be lists, and were looked at for the first time
    article_families: set[str] = field(default_factory=set)  # those in which articles are
    spare_lists: set[str] = field(default_factory=set)  # keys of lists that were spare: so are their further pages
    _awaited: set[tuple[str, Page]] = field(default_factory=set)
    _in_vain: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # family → keys
    _read: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # family → keys of lists

    def remember(self, memory: SiteMemory, starts: Iterable[str], is_article: Callable[[str], bool]) -> list[str]:
        """Take over what earlier runs know of the lists of a site that begins at `starts`; returns the addresses of
        those that are to be read in any run, and puts the others aside."""
        self.memory = memory
        begins = {section_key(url) for url in starts}
        for key, one in memory.sections.items():
            if one.url and not one.is_list and (kind := family(one.url)):
                self._in_vain[kind].add(key)
        known = {
            key: known
            for key, known in memory.sections.items()
            if known.is_list and key not in begins and not is_article(known.url)
        }
        if memory.everything:
            return [one.url for one in known.values()]
        tops = [memory.sections[key].top for key in begins if key in memory.sections]
        shown = {name for top in tops for name in top}
        floor = self._floor(tops)
        waiting = {key for key, _, _ in memory.pending}
        alone = []
        best = sorted(known.items(), key=lambda each: (worth(each[1].url), -len(each[1].top)))
        told = any(one.complete and one.top and is_whole(one.url) for one in known.values())
        for key, one in best:
            # Articles, or what may be: stored ones, and those not fetched yet.
            besides = {name for name in one.top if name in memory.stored or name in waiting} - shown
            if is_data(one.url) and all(self._day(name) <= floor for name in besides):
                besides = set()  # further pages of the lists show them, and what is new is on the first ones
            if besides or not (one.complete or (told and is_data(one.url))):
                alone.append(one.url)
                shown.update(one.top)
            else:
                self.put_aside[key] = one.url
                if kind := family(one.url):
                    self._in_vain[kind].add(key)
        likely = sorted(url for url in self.put_aside.values() if not is_unlikely(url))
        turn = clock.now().toordinal() % max(1, len(likely))  # where not all can be read, each has its days
        self.spare.update(dict.fromkeys(likely[turn:] + likely[:turn], 1))
        self.lists = len(begins) + len(likely) + sum(not is_data(url) for url in alone)
        return alone

    def _day(self, name: str) -> str:
        """Return the publication date of an article (ISO); one that sorts behind all others where it has none."""
        return self.memory.published.get(name) or "9"

    def _floor(self, tops: Iterable[Collection[str]]) -> str:
        """Return the publication date (ISO) of the oldest article of that start page that reaches back least: whatever
        is newer should stand on one of them. "" where none shows enough with dates."""
        dated = ([self._day(name) for name in top if name in self.memory.published] for top in tops)
        return max((min(days) for days in dated if len(days) >= _ENOUGH_DATED), default="")

    # What was asked for

    def asked(self, section: str, page: Page) -> None:
        """Note a request for a page of a list: nothing else is chosen until it has come."""
        self.requests += 1
        self._awaited.add((section, page))

    def came(self, section: str, page: Page) -> None:
        """Note that a page of a list has come, or that it will not."""
        self._awaited.discard((section, page))

    def forget_awaited(self) -> None:
        """Wait for nothing more: the run has nothing to do."""
        self._awaited.clear()

    @property
    def is_waiting(self) -> bool:
        """Whether a page of a list was asked for and has not come yet."""
        return bool(self._awaited)

    @property
    def has_more(self) -> bool:
        """Whether there is anything that was not asked for."""
        return bool(self.candidates or self.spare or self.walks)

    def in_vain(self, section: str, url: str) -> None:
        """Note a page that was no list, or could not be read."""
        if kind := family(url):
            self._in_vain[kind].add(section)

    def read(self, section: str, depth: int) -> None:
        """Note a page of a list that was read: the list may go on."""
        self.walks[section] = depth
        if kind := family(self.sections[section].url):
            self._read[kind].add(section)

    # What comes next

    def add(self, url: str, depth: int, *, spare: bool = False) -> None:
        """Note a page that may be a list, `depth` clicks from a start page."""
        if url in self.candidates or url in self.spare or section_key(url) in self.put_aside:
            return
        (self.spare if spare or is_unlikely(url) else self.candidates)[url] = depth

    def likely(self) -> Iterator[tuple[str, int]]:
        """Yield pages that may be lists, with their depth, most promising first; those wait of whose kind some were
        looked at in vain. What is yielded is taken off the agenda."""
        while waiting := [url for url in self.candidates if not self._waits(url)]:
            if not self.memory.everything and self.sections.are_told():
                return
            url = min(waiting, key=lambda url: (self.candidates[url], "?" in url, not names_news(url)))
            yield url, self.candidates.pop(url)

    def _waits(self, url: str) -> bool:
        kind = family(url)
        if kind is None:
            return False
        if "?" in kind and kind in self.article_families:
            return True  # news.php?extend.12 is an article, as news.php?extend.11 is
        covered = {key for key in self._read.get(kind, ()) if key in self.walks or self.sections.is_covered(key)}
        return len(covered | self._in_vain.get(kind, set())) >= _LIKE

    def going_on(self, *, spare: bool = False) -> Iterator[str]:
        """Yield the keys of the lists that may go on, those first that show most articles a page; those that other
        lists cover only where `spare` things are asked for. Those that are at their end are taken off the agenda."""
        for key in sorted(self.walks, key=lambda key: (-self.sections[key].size, -len(self.sections[key].known))):
            if self.sections[key].upcoming() is None:
                del self.walks[key]
                yield key
            elif spare or not (key in self.spare_lists or self.sections.is_covered(key)):
                yield key

    def spared(self) -> Iterator[tuple[str, int]]:
        """Yield what is asked for only within the measure of a run; what is yielded is taken off the agenda."""
        for waiting in (self.candidates, self.spare):
            while waiting:
                url = min(waiting, key=lambda url: (waiting[url], not is_data(url)))
                yield url, waiting.pop(url)

    def may_spend(self, articles: int) -> bool:
        """Return whether one more request fits the measure of a run that has met `articles` new ones."""
        return self.memory.everything or self._room(articles) >= 1 + self._least_rechecks()

    def rechecks(self, articles: int) -> int:
        """Return how many articles are looked at again, and count these requests."""
        most = len(self.memory.rechecks)
        if not self.memory.everything and self.memory.was_crawled:
            most = min(most, max(self._least_rechecks(), int(self._room(articles))))
        self.requests += most
        return most

    def _least_rechecks(self) -> int:
        return min(len(self.memory.rechecks), max(int(not self.looked_at), self.memory.due))

    def _room(self, articles: int) -> float:
        if not self.memory.was_crawled and articles < _FEW:
            return float("inf")
        measure = self.lists + _BESIDES if self.memory.was_crawled else 0
        return measure + _SHARE * articles - self.requests - 1  # robots.txt

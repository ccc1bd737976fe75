"""Walking one list from page to page: which page is next, and where to stop."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise

from crawler.run.site_memory import FIRST, Page, Remembered
from crawler.text.counted import counted

_ENOUGH = 2  # pages in a row that end a walk: one such page may be in the middle of a list
_RESTLESS = 12  # pages in a row without a new article after which a list that keeps changing its order is left
_MOST_INDEXES = 100  # pages of a walk up to which one that only names others does not count as barren
_SHORT_FEED, _ROUND = 10, 5  # articles: feeds are cut at 10, 15, 20, 25 …
_TOP = 400  # identities remembered of a list
_SAME = 0.9  # share of the first page's articles from which a page repeats it: side boxes show some of them anywhere
_COMPARED = 50  # articles below the first page whose dates are compared with those on it


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the reading of lists ends in one run; 0 is no bound. `pages` and `articles` are those of one list."""

    sections: int = 400
    pages: int = 0
    articles: int = 0


@dataclass(slots=True)
class SectionWalk:
    """The walk over one list in this run.

    A page is *settled* when every article on it is known and was about as high in the list when it was last read. Two
    settled pages in a row mean that nothing new is below: a list that was walked to its end before is then done.
    Pages full of old articles that were pinned or re-sorted to the top are not settled, so the walk goes on past them.
    A walk that was cut short continues where it stopped, and one that met an unreadable page continues there; a page
    that is unreadable again is skipped. `full` walks everything. At the bound of one run a walk is cut short: `cut`
    says at which.
    """

    url: str
    memory: Remembered = field(default_factory=Remembered)
    full: bool = False
    bounds: Bounds = Bounds()
    dates: Mapping[str, str] = field(default_factory=dict)  # identity → publication date, of articles that are known
    cut: str = ""
    known: dict[Page, str] = field(default_factory=dict)
    asked: set[Page] = field(default_factory=lambda: {FIRST})
    contents: set[frozenset[str]] = field(default_factory=set)
    top: list[str] = field(default_factory=list)
    barren: int = 0  # pages in a row that are empty or repeat another page
    settled: int = 0  # settled pages in a row
    restless: int = 0  # pages in a row without a new article, settled or not
    failed: tuple[Page, str] | None = None  # the first page, with its URL, that could not be read
    old: int = 0  # pages in a row with nothing but articles older than asked for
    resumed: bool = False
    ended: bool = False
    certain: set[Page] = field(default_factory=set)  # sitemaps of an index that have news: all are read
    is_stuck: bool = False  # the page just read shows the first page's articles again
    _left: bool = False  # the walk ended among unsettled pages: the next one continues there
    _first: frozenset[str] = frozenset()
    _further: list[frozenset[str]] = field(default_factory=list)  # articles of the pages read after the first
    _floor: int = 0  # pages before it were read by an earlier walk
    is_whole: bool = False  # it names all articles at once, as a sitemap does
    tells_enough: bool = False  # of its articles, to take them for such: their titles
    size: int = 0  # articles on the fullest page
    last: frozenset[str] = frozenset()  # articles on the page read last
    _rank: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rank = {identity: place for place, identity in enumerate(self.memory.top)}

    def note(
        self, page: Page, identities: list[str], new: set[str], pages: dict[Page, str], *, too_old: bool = False,
        is_index: bool = False, certain: Collection[Page] = (),
    ) -> None:  # fmt: skip
        """Note a page that was read: its articles in order, those that are new, the other pages it links to.

        `is_index`: it only names other pages, as an index of sitemaps does; `certain`: those of them that have news.
        """
        self.certain.update(certain)
        content = frozenset(identities)
        if page != FIRST:
            self._further.append(content)
        repeats = bool(content) and _SAME * len(self._first) <= len(content)
        repeats = repeats or (any(self._further) and len(self._further) >= _ENOUGH)
        self.is_stuck = page != FIRST and repeats and all(shown <= self._first for shown in self._further)
        self._first = content if page == FIRST else self._first
        if not is_index or len(self.asked) > _MOST_INDEXES:
            self.barren = 0 if content and content not in self.contents else self.barren + 1
        self.contents.add(content)
        self.size, self.last = max(self.size, len(content)), content
        seen = set(self.top)
        self.top += [identity for identity in dict.fromkeys(identities) if identity not in seen]
        reach = len(self.top) + len(content)  # how far down the list these pages reached, give or take a page
        is_settled = bool(content) and not new and all(self._rank.get(i, _TOP) < reach for i in content)
        self.settled = self.settled + 1 if is_settled else 0
        if is_settled and page == FIRST and self.dates and self._is_newest_first(content):
            self.settled = _ENOUGH
        self.restless = 0 if new else self.restless + 1
        self.old = self.old + 1 if too_old else 0
        for named, url in pages.items():
            if named[1] >= self._floor:
                self.known.setdefault(named, url)

    def note_kind(self, *, is_data: bool, has_titles: bool) -> None:
        """Note whether the list is a feed, a sitemap or an API, and shows titles, or needs none.

        A feed is taken to be whole where it ends at a number at which feeds are not cut.
        """
        count = len(self.last)
        self.is_whole = self.is_whole or (is_data and has_titles and count > _SHORT_FEED and count % _ROUND != 0)
        self.tells_enough = has_titles

    def fail(self, page: Page, url: str) -> None:
        """Note that a page could not be read. The page at which this walk was to continue has had its second chance."""
        if self.failed is None and (self.memory.resume is None or self.memory.resume[0] != page):
            self.failed = page, url

    def _is_newest_first(self, content: frozenset[str]) -> bool:
        """Tell whether half of the articles on the first page are at least as new as all that are known below it.

        Then what is pinned there, or stands in a side box, leaves room, and news stands on it.
        """
        shown = [date for identity in content if (date := self.dates.get(identity))]
        below = (self.dates.get(identity, "") for identity in self.memory.top if identity not in content)
        newest = max(islice(below, _COMPARED), default="")
        return 2 * sum(date >= newest for date in shown) >= len(content)

    def next_page(self) -> tuple[Page, str] | None:
        """Return the next page to ask for, with its URL, and mark it as asked for; None at the walk's end."""
        if following := self.upcoming():
            self.asked.add(following[0])
        return following

    def upcoming(self) -> tuple[Page, str] | None:
        """Return the next page to ask for, with its URL; None at the walk's end."""
        if self.ended:
            return None
        if self._is_done():
            if self.memory.complete or self.resumed or self.memory.resume is None:
                self.ended = True
                return None
            self._jump()
        waiting = [page for page in self.known if page not in self.asked]
        if not waiting:
            self.ended = self.resumed = True  # every page was read
            return None
        if self.cut or self._is_at_its_bound():
            return None
        page = min(waiting, key=lambda page: page[1])
        return page, self.known[page]

    @property
    def names(self) -> set[str]:
        """The articles that the list is known to show, in this run or an earlier one."""
        return {*self.top, *self.memory.top}

    @property
    def is_deep(self) -> bool:
        """Whether the list is read to its end, however long it is, in this run or an earlier one."""
        if self.is_stuck or self.cut or self.failed or not (self.known or self.is_whole):
            return False
        return self.ended or len(self.asked) > 1 or (self.memory.complete and self.memory.resume is None)

    def least_length(self) -> int:
        """Return how many articles the list has at least, by the pages that its pager names: by their numbers, or by
        how many articles are left out."""
        numbers = sorted({number for _, number in self.known if number > 1})
        if not numbers:
            return len(self.last)
        step = min((b - a for a, b in pairwise(numbers)), default=numbers[0])
        further = numbers[-1] // step if step > 1 else numbers[-1] - 1
        return self.size * further + 1

    def deferred(self) -> Remembered | None:
        """Return what to remember where the rest of the list is not read because other lists show it; None where
        nothing is left of it."""
        following = self.upcoming()
        if following is None:
            return None
        return Remembered(self.url, True, True, self.memory.resume or following, self._top())

    def _is_at_its_bound(self) -> bool:
        if self.bounds.pages and len(self.asked) >= self.bounds.pages:
            self.cut = f"{counted(self.bounds.pages, 'page')} of one list"
        elif self.bounds.articles and len(self.top) >= self.bounds.articles:
            self.cut = f"{counted(self.bounds.articles, 'article')} of one list"
        return bool(self.cut)

    def _is_done(self) -> bool:
        if self.certain - self.asked:
            return False
        if self.barren >= _ENOUGH or self.old >= _ENOUGH:
            return True
        if self.full or self.resumed or not (self.memory.complete or self.memory.resume):
            return False
        self._left = self.settled < _ENOUGH and self.restless >= _RESTLESS
        return self._left or self.settled >= _ENOUGH

    def _jump(self) -> None:
        """Continue where an earlier walk was cut short; the pages between are known."""
        page, url = self.memory.resume or (FIRST, self.url)
        self.resumed = True
        self.settled = self.barren = self.restless = 0
        self._floor = page[1]
        kept = {named: at for named, at in self.known.items() if named[1] > page[1] or named in self.certain}
        self.known = kept | {page: url}

    def remembered(self, page: Page, url: str) -> Remembered:
        """Return what to remember after `page` at `url` was read.

        If the run ends now, the next one must find what this one has not read: it continues at `page`. While the top of
        a list is read again, what was known of it is kept: only a walk past everything new makes the articles above old
        ones.
        """
        before = self.memory
        passed = self.ended and not self.old and self.failed is None
        if before.complete and passed and self._left:
            return Remembered(self.url, True, False, (page, url), self._top())
        if before.complete:
            rest = None if self.resumed else before.resume
            return Remembered(self.url, True, True, rest, self._top() if passed else before.top)
        if before.resume and not self.resumed:
            return Remembered(self.url, True, False, before.resume, before.top)
        if passed:
            return Remembered(self.url, True, True, None, self._top())
        return Remembered(self.url, True, False, self.failed or (page, url), self._top())

    def _top(self) -> tuple[str, ...]:
        read = set(self.top)
        return (*self.top, *(identity for identity in self.memory.top if identity not in read))[:_TOP]

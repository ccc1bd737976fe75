"""The pages of a site that may be lists, in one run: which were asked for, and how far each list was walked."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from crawler import urls
from crawler.run.site_memory import FIRST, Page, Remembered, SiteMemory
from crawler.text.counted import counted
from spiders.lists.section_walk import Bounds, SectionWalk
from spiders.lists.unlikely import is_whole


class Sections:
    """Key → walk, for every page that was asked for as a list."""

    def __init__(self) -> None:
        self._walks: dict[str, SectionWalk] = {}
        self._shown: tuple[int, Counter[str]] | None = None
        self._told: set[str] = set()  # sections whose bound was reported
        self.none: dict[str, str] = {}  # key → URL of pages that turned out not to be lists, or not to exist
        self.unread: dict[str, tuple[str, str]] = {}  # key → URL and why its further pages cannot be asked for
        self.bounds = Bounds()
        self.cut = ""

    def __contains__(self, url: str) -> bool:
        return section_key(url) in self._walks

    def __getitem__(self, key: str) -> SectionWalk:
        return self._walks[key]

    def walk_at(self, url: str) -> SectionWalk | None:
        """Return the walk of the list at `url`; None where it was not asked for."""
        return self._walks.get(section_key(url))

    def begin(self, url: str, memory: SiteMemory, *, depth: int) -> str | None:
        """Return the key of a page that is to be asked for; None if it was asked for already, if an earlier run found
        that it links to no articles, or if there are too many."""
        key = section_key(url)
        remembered = memory.sections.get(key)
        if key in self._walks or (remembered and not remembered.is_list and depth and not memory.full):
            return None
        if remembered and remembered.resume and remembered.complete and memory.everything:
            remembered = replace(remembered, complete=False)  # what other lists show is read this time
        if self.bounds.sections and len(self._walks) >= self.bounds.sections:
            self.cut = f"{counted(self.bounds.sections, 'page that may be a list', 'pages that may be lists')}"
            return None
        self._walks[key] = SectionWalk(url, remembered or Remembered(), memory.full, self.bounds, memory.published)
        self._walks[key].is_whole = is_whole(url)
        return key

    def are_told(self) -> bool:
        """Tell whether feeds, sitemaps or APIs that name all articles of the site name those of all lists read so far,
        and more: then lists that were not read yet will hardly show another."""
        walks = self._each()
        told = {name for walk in walks if walk.is_whole and walk.tells_enough and walk.is_deep for name in walk.top}
        read = {name for walk in walks if not walk.is_whole for name in walk.top}
        return bool(read) and read < told

    def _each(self) -> Collection[SectionWalk]:
        """Each walk once: one list may be at several addresses."""
        return {id(walk): walk for walk in self._walks.values()}.values()

    def bound_reached(self, key: str = "") -> str:
        """Return at which bound of one run the walk `key` was cut short, or the finding of lists; "" where at none.

        Each is told once.
        """
        cut = self._walks[key].cut if key else self.cut
        if not cut or key in self._told:
            return ""
        self._told.add(key)
        return cut

    def drop(self, key: str) -> None:
        """Forget a page that could not be read, so that another address of it gets its chance."""
        self._walks.pop(key, None)

    def add_address(self, key: str, url: str) -> None:
        """Note that the section `key` is also at `url`: it redirects there, and menus may link to that."""
        self._walks.setdefault(section_key(url), self._walks[key])

    def orders(self) -> Iterator[list[str]]:
        """Yield the identities of each list that was read, in its order."""
        yield from (walk.top for walk in self._each())

    def is_covered(self, key: str) -> bool:
        """Tell whether other lists, read to their ends, show all articles of the page read last of the list `key`, and
        are so long that they can show those of its further pages too."""
        walk, shown = self._walks[key], self._shown_by_deep()
        own = walk.names if walk.is_deep else set[str]()
        alone = sum(shown[name] == 1 for name in own)
        covered = all(shown.get(name, 0) > (name in own) for name in walk.last)
        return bool(walk.last) and covered and walk.least_length() <= len(shown) - alone

    def not_read_to_the_end(self) -> Iterator[tuple[str, str]]:
        """Yield (URL, why) of each list whose further pages cannot be asked for, where articles may be missing: where
        other lists that were read to their ends show all that it shows, it is their teaser."""
        shown = self._shown_by_deep().keys()
        for key, (url, why) in self.unread.items():
            if not set(self._walks[key].top) <= shown:
                yield url, why
        self.unread.clear()

    def _shown_by_deep(self) -> Counter[str]:
        """Article → how many lists show it that are read to their ends."""
        state = sum(len(walk.asked) + len(walk.top) + walk.ended for walk in self._walks.values())
        if self._shown is None or self._shown[0] != state:
            walks = self._each()
            self._shown = state, Counter(name for walk in walks if walk.is_deep for name in walk.names)
        return self._shown[1]

    def deferred(self, keys: Iterable[str]) -> Iterator[tuple[str, Remembered]]:
        """Yield what to remember of the lists `keys` whose further pages were not read, as other lists show them."""
        for key in keys:
            if (key in self._walks and self.is_covered(key)) and (rest := self._walks[key].deferred()):
                yield key, rest


def section_key(url: str) -> str:
    """Return what identifies a section: its address without scheme, language and closing slash."""
    return urls.without_locale(url).split("://", 1)[1].rstrip("/")


def kind_of_list(page: Page, depth: int) -> str:
    """Return `listing` for a start page or a further page of a list, `section` for a link that may lead to one."""
    return "listing" if depth == 0 or page != FIRST else "section"

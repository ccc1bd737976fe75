"""The pages of a site that may be lists, in one run: which were asked for, and how far each list was walked."""

from collections import deque
from collections.abc import Iterator

from crawler import urls
from crawler.run.site_memory import FIRST, Page, Remembered, SiteMemory
from crawler.text.counted import counted
from spiders.lists.section_walk import Bounds, SectionWalk


class Sections:
    """Key → walk, for every page that was asked for as a list; and the walks that wait because articles are limited."""

    def __init__(self) -> None:
        self._walks: dict[str, SectionWalk] = {}
        self._paused: deque[tuple[str, int]] = deque()
        self._told: set[str] = set()  # sections whose bound was reported
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
        if key in self._walks or (remembered and not remembered.is_list and depth):
            return None
        if self.bounds.sections and len(self._walks) >= self.bounds.sections:
            self.cut = f"{counted(self.bounds.sections, 'page that may be a list', 'pages that may be lists')}"
            return None
        self._walks[key] = SectionWalk(url, remembered or Remembered(), memory.full, self.bounds)
        return key

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
        yield from (walk.top for walk in {id(walk): walk for walk in self._walks.values()}.values())

    def pause(self, key: str, depth: int) -> None:
        """Let the walk of a section wait until more articles are allowed."""
        self._paused.append((key, depth))

    def unpause(self) -> tuple[str, int] | None:
        """Return (key, depth) of the walk that has waited longest, None where none waits."""
        return self._paused.popleft() if self._paused else None


def section_key(url: str) -> str:
    """Return what identifies a section: its address without scheme, language and closing slash."""
    return urls.without_locale(url).split("://", 1)[1].rstrip("/")


def kind_of_list(page: Page, depth: int) -> str:
    """Return `listing` for a start page or a further page of a list, `section` for a link that may lead to one."""
    return "listing" if depth == 0 or page != FIRST else "section"

"""Hands pages to the processes that read them, and waits for what they read."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, TypedDict, TypeVar

from crawler.run.reading import processes
from crawler.run.reading.in_order import InOrder
from crawler.run.reading.readers import (
    AHEAD,
    LOOK,
    Asked,
    Done,
    PageEnded,
    Reader,
    Readers,
    ReadingStopped,
    Wanted,
)
from crawler.run.reading.several import Waits, each

__all__ = ["PageEnded", "PageReader", "ReadingStopped", "Reads", "bounds", "now", "page_reader"]

T = TypeVar("T")

_HELD_UP = 1.0  # seconds of CPU time on one page from which one more reader is started, if a page waits for it
_STUCK = 5.0  # the same by the clock, for a page that does nothing: the machine may be busy


class Reads(Protocol):
    """What reads pages: a `PageReader`, or its `several`."""

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(sites[site], *arguments)`."""


class PageReader(Readers):
    """Does work on pages, in processes that can be ended, or in this one where it is not `apart`.

    The work is a function of a module, `work(site, *arguments)`: it gets what `sites` has under a slug, None for an
    unknown one; it is pickled, and so are its arguments and what it returns.

    In a live run the pages of one site are read one after the other, in the order in which they come; so many processes
    as `at_once` says read for all sites, and where their pages hold others up, another one is started. With `in_order`,
    as in a replay, the pages of a site are read side by side, and all pages of the run are handed back in the order in
    which they were asked for, whoever reads them.
    """

    def __init__(
        self, sites: Mapping[str, Any], *, seconds: float, memory: int, readers: int, at_once: int = 1,
        in_order: bool = False, prepare: Callable[[], object] | None = None,
    ):  # fmt: skip
        """`seconds`: CPU time for one page; `memory`: bytes for one page; `readers`: processes at most, 0 to read in
        this process; `at_once`: how many of them may be started without need; `prepare`: what is done in the process
        from which they are forked."""
        super().__init__(sites, seconds=seconds, memory=memory, readers=readers, at_once=at_once, prepare=prepare)
        self._turns: dict[str, asyncio.Lock] = {}
        self.in_order = InOrder() if in_order else None
        if in_order:  # a page that is behind a slow one waits for that anyway
            self.ahead = AHEAD

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(sites[site], *arguments)`, without holding up the event loop.

        Raises what the work raises; PageEnded where it took too long or too much memory; ReadingStopped.
        """
        asked = self.asked(site, work, arguments)
        if not self.apart:
            return self.here(asked)
        if self.in_order is not None:
            async with self.in_order.place() as place:
                return await place.when_all_before(self._by_some(asked))
        async with self._turns.setdefault(site, asyncio.Lock()):
            return await self._by_some(asked)

    async def _by_some(self, asked: Asked[T]) -> T:
        """Return what the next free reader reads."""
        loop = asyncio.get_running_loop()
        if not isinstance(self.watch, _InLoop) or self.watch.loop is not loop:
            self.watch_by(_InLoop(self, loop))
        coming: asyncio.Future[Done[T]] = loop.create_future()
        wanted = Wanted(asked, lambda done: None if coming.done() else coming.set_result(done))
        self.want(wanted)
        try:
            done = await coming
        except BaseException:
            self.give_up({wanted})
            raise
        return done.result()

    def allow_more(self) -> None:
        """Let one more reader be started where work waits for long, and all readers have a page for long."""
        waits = bool(self.wanted) and time.monotonic() - self.wanted[0].since >= _HELD_UP
        if waits and self._allowed < self._most and all(map(self._holds_up, self.readers.values())):
            self._allowed += 1
            self.hand_out()

    @staticmethod
    def _holds_up(reader: Reader) -> bool:
        """Whether a reader has its page for long. A busy machine alone starts no further reader: with one, the pages of
        all sites are read in the order in which they come."""
        spent = processes.cpu_of(reader.pid) - reader.spent
        return spent >= _HELD_UP or time.monotonic() - reader.begun >= _STUCK

    # Where no event loop runs

    def read_now(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Do what `read` does, and wait for it: for where no event loop runs."""
        (done,) = self.each([self.several.read(site, work, *arguments)])
        return done.result()

    @property
    def several(self) -> Reads:
        """Return what reads for the coroutines of `each`."""
        return _Several(self)

    def each(self, coroutines: Iterable[Coroutine[Any, Any, T]]) -> Iterator[Done[T]]:
        """Run coroutines that wait for nothing but what `several` reads; yield what came of each, in their order.

        Some are run at once: so many as there are readers to be asked, and some more are begun.
        """
        return each(self, coroutines)


class _InLoop:
    """Watches the connections of readers in an event loop, and looks at those that read for long."""

    def __init__(self, pages: PageReader, loop: asyncio.AbstractEventLoop):
        self.loop = loop
        self._pages = pages
        self._looking = False

    def note(self, reader: Reader) -> None:
        """Watch a reader's connection as long as it is there, and for room as long as it has to be sent something."""
        is_there = self._pages.readers.get(reader.pid) is reader
        events = (selectors.EVENT_READ if is_there else 0) | (selectors.EVENT_WRITE if reader.outgoing else 0)
        if changed := events ^ reader.watched:
            reader.watched = events
            if changed & selectors.EVENT_READ:
                if is_there:
                    self.loop.add_reader(reader.connection, self._pages.receive, reader)
                else:
                    self.loop.remove_reader(reader.connection)
            if changed & selectors.EVENT_WRITE:
                if reader.outgoing:
                    self.loop.add_writer(reader.connection, self._pages.send, reader)
                else:
                    self.loop.remove_writer(reader.connection)
        if reader.work and not self._looking:
            self._looking = True
            self.loop.call_later(LOOK, self._look)

    def leave(self) -> None:
        """Watch no reader any more."""
        for reader in self._pages.readers.values():
            reader.watched = 0
            self.loop.remove_reader(reader.connection)
            self.loop.remove_writer(reader.connection)

    def _look(self) -> None:
        if self._pages.watch is not self:
            return
        at_work = [reader for reader in self._pages.readers.values() if reader.work]
        for reader in at_work:
            self._pages.look(reader)
        self._pages.allow_more()
        self._looking = bool(at_work)
        if at_work:
            self.loop.call_later(LOOK, self._look)


class Bounds(TypedDict):
    """The bounds of a PageReader."""

    seconds: float
    memory: int
    readers: int


def bounds(settings: Mapping[str, Any]) -> Bounds:
    """Return the bounds that Scrapy's settings, or those of this project (`crawler.settings`) by name, give."""
    return {
        "seconds": float(settings["TINPHUONG_PAGE_SECONDS"]),
        "memory": int(settings["TINPHUONG_PAGE_MEMORY"]) << 20,
        "readers": int(settings["TINPHUONG_READERS"]),
    }


@contextmanager
def page_reader(
    sites: Mapping[str, Any], settings: Mapping[str, Any], *, jobs: int = 1, in_order: bool = False,
    prepare: Callable[[], object] | None = None,
) -> Iterator[PageReader]:  # fmt: skip
    """Yield a reader whose processes are ended behind the block; its bounds are in `settings`.

    `jobs`: how many pages are read at once; where the settings say that no process but this one reads, none is.
    `prepare`: what is done first in the process from which they are forked, where much is to be read.
    """
    limits = bounds(settings)
    if limits["readers"]:  # in a replay no page is passed by another, so no further process helps where one is slow
        limits["readers"] = jobs if in_order else max(limits["readers"], jobs)
    reader = PageReader(sites, **limits, at_once=jobs, in_order=in_order, prepare=prepare)
    reader.begin()
    try:
        yield reader
    finally:
        reader.close()


class _Several:
    def __init__(self, reader: PageReader):
        self._reader = reader

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return what was read; whoever runs the coroutine has it read."""
        found: T = await Waits(self._reader.asked(site, work, arguments))
        return found


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that never waits, such as one whose pages are read where it is."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("the coroutine waits for something: run it in an event loop")

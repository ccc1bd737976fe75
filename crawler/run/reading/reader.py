"""Hands pages to the processes that read them, and waits for what they read."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, TypedDict, TypeVar

from crawler.run.reading import processes
from crawler.run.reading.in_order import InOrder
from crawler.run.reading.processes import LENGTH
from crawler.run.reading.readers import LOOK, Asked, PageEnded, Reader, Readers, ReadingStopped
from crawler.run.reading.several import Done, Waits, each

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
        in_order: bool = False,
    ):  # fmt: skip
        """`seconds`: CPU time for one page; `memory`: bytes for one page; `readers`: processes at most, 0 to read in
        this process; `at_once`: how many of them may be started without need."""
        super().__init__(sites, seconds=seconds, memory=memory, readers=readers, at_once=at_once)
        self._turns: dict[str, asyncio.Lock] = {}
        self.in_order = InOrder() if in_order else None

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
        for last in (False, True):
            reader = self.taken(await self._next())
            try:
                answer = await self._answer(reader, asked)
            except BaseException:
                self.drop(reader)
                raise
            if answer is not None:
                value: T = self.value(reader, answer)
                return value
            self.judge(reader, last=last)
        raise AssertionError("a second reader that ends raises")

    async def _answer(self, reader: Reader, asked: Asked[Any]) -> bytes | None:
        """Return the answer, None where the reader ended before it."""
        loop = asyncio.get_running_loop()
        reader.connection.setblocking(False)
        if self._allowed < self._most:
            reader.spent = processes.cpu_of(reader.pid)
        look: asyncio.TimerHandle | None = None

        def look_again() -> None:
            nonlocal look
            self.look(reader)
            look = loop.call_later(LOOK, look_again)

        async def exactly(size: int) -> bytes:
            parts, left = [], size
            while left:
                part = await loop.sock_recv(reader.connection, min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
            return b"".join(parts)

        look = loop.call_later(LOOK, look_again)
        try:
            await loop.sock_sendall(reader.connection, self.begin_on(reader, asked))
            return await exactly(LENGTH.unpack(await exactly(LENGTH.size))[0])
        except (OSError, EOFError):
            return None
        finally:
            look.cancel()

    async def _next(self) -> Reader | None:
        """Return a free reader, or None where one is to be started."""
        while self.free.empty() and self._allowed < self._most:
            try:
                return await asyncio.wait_for(self.free.get(), _HELD_UP)
            except TimeoutError:
                if self._allowed < self._most and all(self._holds_up(reader) for reader in self._readers):
                    self._allowed += 1
                    return None
        return await self.free.get()

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
    sites: Mapping[str, Any], settings: Mapping[str, Any], *, jobs: int = 1, in_order: bool = False
) -> Iterator[PageReader]:
    """Yield a reader whose processes are ended behind the block; its bounds are in `settings`.

    `jobs`: how many pages are read at once; where the settings say that no process but this one reads, none is.
    """
    limits = bounds(settings)
    if limits["readers"]:  # in a replay no page is passed by another, so no further process helps where one is slow
        limits["readers"] = jobs if in_order else max(limits["readers"], jobs)
    reader = PageReader(sites, **limits, at_once=jobs, in_order=in_order)
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

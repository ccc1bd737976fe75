"""Hands pages to the processes that read them, and ends those that take too long or too much."""

import asyncio
import logging
import os
import pickle
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict, TypeVar

from crawler.errors import InternalError
from crawler.reasons import Reason
from crawler.run.reading import processes
from crawler.run.reading.processes import COMMAND, END, LENGTH, START, Answer, Outcome, Question

T = TypeVar("T")

_PATIENCE = 3  # times its CPU time that a page may take by the clock: the machine may be busy
_LOOK = 0.1  # seconds between two looks at a reader that is still reading
_HELD_UP = 1.0  # seconds of CPU time on one page from which one more reader is started, if a page waits for it
_STUCK = 5.0  # the same by the clock, for a page that does nothing: the machine may be busy
_ANSWERS = 10.0  # seconds that the keeper may take to start or end a reader


class PageEnded(InternalError):
    """Reading a page was ended. `reason` is the word under which it is counted, `detail` says why."""

    def __init__(self, detail: str):
        super().__init__(detail)
        self.reason = Reason.TOO_SLOW
        self.detail = detail


class ReadingStopped(InternalError):
    """The run is over: the page was not read, and nothing speaks against it."""


class Reads(Protocol):
    """What reads pages: a `PageReader`, or its `at_once`."""

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(sites[site], *arguments)`."""


@dataclass(eq=False, slots=True)
class _Reader:
    """A process that reads. `why`: what it was ended for, "" where nothing did."""

    pid: int
    connection: socket.socket
    at_first: int  # bytes of memory as it began
    begun: float = 0.0  # its page, on the clock of `monotonic`
    spent: float = 0.0  # CPU time before its page
    why: str = ""


class PageReader:
    """Does work on pages, in processes that can be ended, or in this one where it is not `apart`.

    The work is a function of a module, `work(site, *arguments)`: it gets what `sites` has under a slug, None for an
    unknown one; it is pickled, and so are its arguments and what it returns. The pages of one site are read one after
    the other, in the order in which they come. One process reads for all sites; where its page holds others up, another
    one is started.
    """

    def __init__(self, sites: Mapping[str, Any], *, seconds: float, memory: int, readers: int):
        """`seconds`: CPU time for one page; `memory`: bytes for one page; `readers`: processes at most, 0 to read in
        this process."""
        self.sites = sites
        self.seconds = seconds
        self.memory = memory
        self.apart = readers > 0 and hasattr(os, "fork")
        self.over = False
        self._most = readers
        self._allowed = 1  # readers, for now
        self._free: asyncio.Queue[_Reader | None] = asyncio.Queue()  # None: one may be started
        self._free.put_nowait(None)
        self._readers: set[_Reader] = set()
        self._keeper = 0
        self._control: socket.socket | None = None
        self._turns: dict[str, asyncio.Lock] = {}
        self._changed: dict[str, Callable[[Any], Any]] = {}  # slug → makes of a site in `sites` what it is now

    def change(self, site: str, changed: Callable[[Any], Any]) -> None:
        """Hand `changed(sites[site])` to all work on `site` from now on; `changed` can be pickled."""
        self._changed[site] = changed

    def site(self, slug: str) -> Any:
        """Return what work on the site `slug` gets, None for an unknown one."""
        return self._changed.get(slug, lambda same: same)(self.sites.get(slug))

    # Reading

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(sites[site], *arguments)`, without holding up the event loop.

        Raises what the work raises; PageEnded where it took too long or too much memory; ReadingStopped.
        """
        if not self.apart:
            return self._here(site, work, arguments)
        async with self._turns.setdefault(site, asyncio.Lock()):
            for last in (False, True):
                reader = self._taken(await self._next())
                try:
                    answer = await self._asked(reader, self._question(reader, site, work, arguments))
                except BaseException:
                    self._drop(reader)
                    raise
                if answer is not None:
                    value: T = self._value(reader, answer)
                    return value
                self._judge(reader, last=last)
        raise AssertionError("a second reader that ends raises")

    def read_now(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Do what `read` does, and wait for it: for where no event loop runs."""
        if not self.apart:
            return self._here(site, work, arguments)
        for last in (False, True):
            reader = self._taken(None if self._free.empty() else self._free.get_nowait())
            try:
                answer = self._asked_now(reader, self._question(reader, site, work, arguments))
            except BaseException:
                self._drop(reader)
                raise
            if answer is not None:
                value: T = self._value(reader, answer)
                return value
            self._judge(reader, last=last)
        raise AssertionError("a second reader that ends raises")

    @property
    def at_once(self) -> Reads:
        """Return what reads by `read_now`: a coroutine that uses nothing else can be run by `now`."""
        return _AtOnce(self)

    def _here(self, site: str, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        if self.over:
            raise ReadingStopped
        return work(self.site(site), *arguments)

    def _question(self, reader: _Reader, site: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
        asked = Question(self.seconds, site, self._changed.get(site), work, arguments)
        question = pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)
        reader.begun, reader.spent = time.monotonic(), processes.cpu_of(reader.pid)
        return LENGTH.pack(len(question)) + question

    async def _asked(self, reader: _Reader, question: bytes) -> bytes | None:
        """Return the answer, None where the reader ended before it."""
        loop = asyncio.get_running_loop()
        reader.connection.setblocking(False)
        look: asyncio.TimerHandle | None = None

        def look_again() -> None:
            nonlocal look
            self._look(reader)
            look = loop.call_later(_LOOK, look_again)

        async def exactly(size: int) -> bytes:
            parts, left = [], size
            while left:
                part = await loop.sock_recv(reader.connection, min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
            return b"".join(parts)

        look = loop.call_later(_LOOK, look_again)
        try:
            await loop.sock_sendall(reader.connection, question)
            return await exactly(LENGTH.unpack(await exactly(LENGTH.size))[0])
        except (OSError, EOFError):
            return None
        finally:
            look.cancel()

    def _asked_now(self, reader: _Reader, question: bytes) -> bytes | None:
        """Do what `_asked` does, and wait for it."""
        reader.connection.settimeout(_LOOK)

        def received(size: int) -> bytes:
            while True:
                try:
                    return reader.connection.recv(size)
                except TimeoutError:
                    self._look(reader)

        def exactly(size: int) -> bytes:
            parts, left = [], size
            while left:
                part = received(min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
            return b"".join(parts)

        rest = memoryview(question)
        try:
            while rest:
                try:
                    rest = rest[reader.connection.send(rest) :]
                except TimeoutError:
                    self._look(reader)
            return exactly(LENGTH.unpack(exactly(LENGTH.size))[0])
        except (OSError, EOFError):
            return None

    def _look(self, reader: _Reader) -> None:
        """End a reader that takes too long, or too much memory."""
        if time.monotonic() - reader.begun > _PATIENCE * self.seconds:
            self._kill(reader, f"it was not read after {_PATIENCE * self.seconds:g} seconds")
        elif processes.memory_of(reader.pid) - reader.at_first > self.memory:
            self._kill(reader, self._too_much())

    def _too_much(self) -> str:
        return f"reading it took more than {self.memory >> 20} MiB of memory"

    def _value(self, reader: _Reader, message: bytes) -> Any:
        """Return what was read, or raise what was raised; the reader is free again."""
        answer: Answer = pickle.loads(message)  # noqa: S301 — from a fork of this process
        for line in answer.logged:
            logging.getLogger(line.name).handle(line)
        if answer.outcome == Outcome.MEMORY:
            self._drop(reader)
            raise PageEnded(self._too_much())
        self._free.put_nowait(reader)
        if answer.outcome == Outcome.RAISED:
            answer.value.add_note(answer.traceback)
            raise answer.value
        return answer.value

    def _judge(self, reader: _Reader, *, last: bool) -> None:
        """Say why a reader ended before it had an answer; return where its page is to be read once more.

        A reader that was ended by nobody here may have been a stranger's victim: only a page that ends two is to blame.
        """
        code = self._drop(reader)
        if self.over:
            raise ReadingStopped
        if reader.why:
            raise PageEnded(reader.why)
        if code == -signal.SIGPROF:
            raise PageEnded(f"it was not read after {self.seconds:g} seconds of work")
        if last:
            raise PageEnded(f"the process that read it ended twice (exit code {code})")

    # The processes

    async def _next(self) -> _Reader | None:
        """Return a free reader, or None where one is to be started."""
        while self._free.empty() and self._allowed < self._most:
            try:
                return await asyncio.wait_for(self._free.get(), _HELD_UP)
            except TimeoutError:
                if self._allowed < self._most and all(self._holds_up(reader) for reader in self._readers):
                    self._allowed += 1
                    return None
        return await self._free.get()

    @staticmethod
    def _holds_up(reader: _Reader) -> bool:
        """Whether a reader has its page for long. A busy machine alone starts no further reader: with one, the pages of
        all sites are read in the order in which they come."""
        spent = processes.cpu_of(reader.pid) - reader.spent
        return spent >= _HELD_UP or time.monotonic() - reader.begun >= _STUCK

    def _taken(self, reader: _Reader | None) -> _Reader:
        """Return a reader that was waited for, or a new one. Raises ReadingStopped where the run is over."""
        try:
            if self.over:
                raise ReadingStopped
            return reader or self._start()
        except BaseException:
            self._free.put_nowait(reader)
            raise

    def _start(self) -> _Reader:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = self._commanded(START, 0, theirs)
            except OSError:  # the keeper is gone: somebody killed it
                self._end_keeper()
                pid = self._commanded(START, 0, theirs)
        reader = _Reader(pid, ours, processes.memory_of(pid))
        self._readers.add(reader)
        return reader

    def begin(self) -> None:
        """Fork the process from which readers are forked: best while nothing is open yet and no other thread runs."""
        if self.apart and self._control is None:
            self._keeper, self._control = processes.start_keeper(self.sites, self.memory)
            self._control.settimeout(_ANSWERS)

    def _commanded(self, kind: bytes, pid: int, connection: socket.socket | None = None) -> int:
        """Return the keeper's answer to a command. Raises OSError where it is gone."""
        self.begin()
        if self._control is None:
            raise OSError("no keeper")
        sent = [connection.fileno()] if connection else []
        socket.send_fds(self._control, [COMMAND.pack(kind, pid)], sent)
        answer = self._control.recv(COMMAND.size, socket.MSG_WAITALL)
        if len(answer) < COMMAND.size:
            raise OSError("the keeper is gone")
        return int(COMMAND.unpack(answer)[1])

    @staticmethod
    def _kill(reader: _Reader, why: str) -> None:
        """End a reader. Its number is still its own: only `_drop` lets the keeper forget it."""
        reader.why = reader.why or why
        with suppress(ProcessLookupError):
            os.kill(reader.pid, signal.SIGKILL)

    def _drop(self, reader: _Reader) -> int:
        """Be done with a reader, so that another one may be started; returns its exit code, 0 where nobody knows."""
        self._readers.discard(reader)
        reader.connection.close()
        self._free.put_nowait(None)
        try:
            return self._commanded(END, reader.pid)
        except OSError:
            return 0

    def stop(self) -> None:
        """End what is being read: that and all that is still to be read raises ReadingStopped."""
        self.over = True
        for reader in self._readers:
            self._kill(reader, "the run is over")

    def close(self) -> None:
        """End all processes. What is read afterwards starts them again."""
        while not self._free.empty():
            self._free.get_nowait()
        for reader in self._readers:
            self._kill(reader, "closed")
            reader.connection.close()
        self._readers.clear()
        self._free.put_nowait(None)
        self._allowed = 1
        self._end_keeper()

    def _end_keeper(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
            with suppress(ChildProcessError):
                os.waitpid(self._keeper, 0)


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
def page_reader(sites: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[PageReader]:
    """Yield a reader whose processes are ended behind the block; its bounds are in `settings`."""
    reader = PageReader(sites, **bounds(settings))
    reader.begin()
    try:
        yield reader
    finally:
        reader.close()


class _AtOnce:
    def __init__(self, reader: PageReader):
        self._reader = reader

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return what was read; the coroutine never waits."""
        return self._reader.read_now(site, work, *arguments)


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that never waits, such as one that reads pages by `PageReader.at_once`."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("the coroutine waits for something: run it in an event loop")

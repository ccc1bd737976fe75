"""The processes that read, as the run sees them: started, asked, and ended where they take too long or too much."""

import asyncio
import logging
import os
import pickle
import signal
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from crawler.errors import InternalError
from crawler.reasons import Reason
from crawler.run.reading import processes
from crawler.run.reading.processes import COMMAND, END, LENGTH, START, Answer, Outcome, Question

T = TypeVar("T")

LOOK = 0.1  # seconds between two looks at a reader that is still reading
_PATIENCE = 3  # times its CPU time that a page may take by the clock: the machine may be busy
_ANSWERS = 10.0  # seconds that the keeper may take to start or end a reader


class PageEnded(InternalError):
    """Reading a page was ended. `reason` is the word under which it is counted, `detail` says why."""

    def __init__(self, detail: str):
        super().__init__(detail)
        self.reason = Reason.TOO_SLOW
        self.detail = detail


class ReadingStopped(InternalError):
    """The run is over: the page was not read, and nothing speaks against it."""


class Asked(NamedTuple, Generic[T]):
    """A piece of work, `work(site, *arguments)`. `changed`: see `Question`; `bound`: whether it may be ended."""

    site: str
    work: Callable[..., T]
    arguments: tuple[Any, ...]
    changed: Callable[[Any], Any] | None = None
    bound: bool = True


@dataclass(eq=False, slots=True)
class Reader:
    """A process that reads. `why`: what it was ended for, "" where nothing did."""

    pid: int
    connection: socket.socket
    at_first: int  # bytes of memory as it began
    begun: float = 0.0  # its page, on the clock of `monotonic`
    spent: float = 0.0  # CPU time before its page
    bound: bool = True  # its page is
    why: str = ""


class Readers:
    """The keeper, and the readers that it starts: `free` has those that may be asked, None for one to be started."""

    def __init__(
        self, sites: Mapping[str, Any], *, seconds: float, memory: int, readers: int, at_once: int = 1
    ):  # fmt: skip
        """`seconds`: CPU time for one page; `memory`: bytes for one page; `readers`: processes at most, 0 to read in
        this process; `at_once`: how many of them may be started without need."""
        self.sites = sites
        self.seconds = seconds
        self.memory = memory
        self.apart = readers > 0 and hasattr(os, "fork")
        self.over = False
        self.jobs = max(1, min(at_once, readers))
        self._most = readers
        self._allowed = 0
        self.free: asyncio.Queue[Reader | None] = asyncio.Queue()
        self._readers: set[Reader] = set()
        self._keeper = 0
        self._control: socket.socket | None = None
        self._changed: dict[str, Callable[[Any], Any]] = {}  # slug → makes of a site in `sites` what it is now
        self._allow_first()

    def change(self, site: str, changed: Callable[[Any], Any]) -> None:
        """Hand `changed(sites[site])` to all work on `site` from now on; `changed` can be pickled."""
        self._changed[site] = changed

    def site(self, slug: str) -> Any:
        """Return what work on the site `slug` gets, None for an unknown one."""
        return self._changed.get(slug, lambda same: same)(self.sites.get(slug))

    def asked(self, site: str, work: Callable[..., T], arguments: tuple[Any, ...]) -> Asked[T]:
        """Return a piece of work on a page, with what is known of its site now."""
        return Asked(site, work, arguments, self._changed.get(site))

    def here(self, asked: Asked[T]) -> T:
        """Do a piece of work in this process. Raises what it raises, and ReadingStopped."""
        if self.over:
            raise ReadingStopped
        site = self.sites.get(asked.site)
        return asked.work(asked.changed(site) if asked.changed else site, *asked.arguments)

    # One piece of work

    def begin_on(self, reader: Reader, asked: Asked[Any]) -> bytes:
        """Note that a reader begins a piece of work; return the message that asks for it."""
        seconds = self.seconds if asked.bound else 0.0
        question = pickle.dumps(
            Question(seconds, asked.site, asked.changed, asked.work, asked.arguments), pickle.HIGHEST_PROTOCOL
        )
        reader.begun, reader.bound = time.monotonic(), asked.bound
        return LENGTH.pack(len(question)) + question

    def look(self, reader: Reader) -> None:
        """End a reader that takes too long, or too much memory."""
        if not reader.bound:
            return
        if time.monotonic() - reader.begun > _PATIENCE * self.seconds:
            self.kill(reader, f"it was not read after {_PATIENCE * self.seconds:g} seconds")
        elif processes.memory_of(reader.pid) - reader.at_first > self.memory:
            self.kill(reader, self._too_much())

    def _too_much(self) -> str:
        return f"reading it took more than {self.memory >> 20} MiB of memory"

    def value(self, reader: Reader, message: bytes) -> Any:
        """Return what was read, or raise what was raised; the reader is free again."""
        answer: Answer = pickle.loads(message)  # noqa: S301 — from a fork of this process
        for line in answer.logged:
            logging.getLogger(line.name).handle(line)
        if answer.outcome == Outcome.MEMORY:
            self.drop(reader)
            raise PageEnded(self._too_much())
        self.free.put_nowait(reader)
        if answer.outcome == Outcome.RAISED:
            answer.value.add_note(answer.traceback)
            raise answer.value
        return answer.value

    def judge(self, reader: Reader, *, last: bool) -> None:
        """Say why a reader ended before it had an answer; return where its page is to be read once more.

        A reader that was ended by nobody here may have been a stranger's victim: only a page that ends two is to blame.
        """
        code = self.drop(reader)
        if self.over:
            raise ReadingStopped
        if reader.why:
            raise PageEnded(reader.why)
        if code == -signal.SIGPROF:
            raise PageEnded(f"it was not read after {self.seconds:g} seconds of work")
        if last:
            raise PageEnded(f"the process that read it ended twice (exit code {code})")

    # The processes

    def taken(self, reader: Reader | None) -> Reader:
        """Return a reader that was waited for, or a new one. Raises ReadingStopped where the run is over."""
        try:
            if self.over:
                raise ReadingStopped
            return reader or self._start()
        except BaseException:
            self.free.put_nowait(reader)
            raise

    def _start(self) -> Reader:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = self._commanded(START, 0, theirs)
            except OSError:  # the keeper is gone: somebody killed it
                self._end_keeper()
                pid = self._commanded(START, 0, theirs)
        reader = Reader(pid, ours, processes.memory_of(pid))
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
    def kill(reader: Reader, why: str) -> None:
        """End a reader. Its number is still its own: only `drop` lets the keeper forget it."""
        reader.why = reader.why or why
        with suppress(ProcessLookupError):
            os.kill(reader.pid, signal.SIGKILL)

    def drop(self, reader: Reader) -> int:
        """Be done with a reader, so that another one may be started; returns its exit code, 0 where nobody knows."""
        self._readers.discard(reader)
        reader.connection.close()
        self.free.put_nowait(None)
        try:
            return self._commanded(END, reader.pid)
        except OSError:
            return 0

    def stop(self) -> None:
        """End what is being read: that and all that is still to be read raises ReadingStopped."""
        self.over = True
        for reader in self._readers:
            self.kill(reader, "the run is over")

    def rest(self) -> None:
        """End the readers that have nothing to do, and with them what they hold open; others begin where they are
        needed."""
        for _ in range(self.free.qsize()):
            reader = self.free.get_nowait()
            if reader is None:
                self.free.put_nowait(None)
            else:
                self.kill(reader, "nothing to do")
                self.drop(reader)

    def close(self) -> None:
        """End all processes. What is read afterwards starts them again."""
        while not self.free.empty():
            self.free.get_nowait()
        for reader in self._readers:
            self.kill(reader, "closed")
            reader.connection.close()
        self._readers.clear()
        self._allow_first()
        self._end_keeper()

    def _allow_first(self) -> None:
        self._allowed = self.jobs
        for _ in range(self.jobs):
            self.free.put_nowait(None)

    def _end_keeper(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
            with suppress(ChildProcessError):
                os.waitpid(self._keeper, 0)

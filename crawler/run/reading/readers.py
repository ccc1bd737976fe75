"""The processes that read, as the run sees them: started, asked, and ended where they take too long or too much."""

import logging
import os
import pickle
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from crawler.errors import InternalError
from crawler.reasons import Reason
from crawler.run.reading import processes
from crawler.run.reading.keeper import Keeper
from crawler.run.reading.processes import LENGTH, Answer, Outcome, Question

T = TypeVar("T")

LOOK = 0.1  # seconds between two looks at a reader that is still reading
AHEAD = 4  # pieces of work that a reader has at once, so that it never waits while this process does something else
_PATIENCE = 3  # times its CPU time that a page may take by the clock: the machine may be busy
_PART = 1 << 18  # bytes that are taken at once from a reader


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


@dataclass(slots=True)
class Done(Generic[T]):
    """What came of a piece of work, or of a coroutine: a value, or what it raised."""

    value: T | None = None
    error: BaseException | None = None

    def result(self) -> T:
        """Return the value. Raises what was raised."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]


@dataclass(eq=False, slots=True)
class Wanted(Generic[T]):
    """A piece of work that waits for a reader or is with one. `over`: takes what comes of it, once; `question`: the
    message that asks for it; `since`: when it was wanted, on the clock of `monotonic`; `again`: whether a reader has
    ended over it already."""

    asked: Asked[T]
    over: Callable[[Done[T]], None]
    question: bytes = b""
    since: float = field(default_factory=time.monotonic)
    again: bool = False


@dataclass(eq=False, slots=True)
class Reader:
    """A process that reads. `work`: what it has to do, and is on the first of; `why`: what it was ended for, over the
    piece `blamed`; "" where nothing ended it."""

    pid: int
    connection: socket.socket
    at_first: int  # bytes of memory as it began
    work: deque[Wanted[Any]] = field(default_factory=deque)
    outgoing: deque[memoryview] = field(default_factory=deque)  # what it still has to be sent
    incoming: bytearray = field(default_factory=bytearray)  # of a message that has not come whole
    begun: float = 0.0  # its page, on the clock of `monotonic`
    spent: float = 0.0  # CPU time before its page
    why: str = ""
    blamed: Wanted[Any] | None = None
    watched: int = 0  # for what its connection is watched: of `selectors`, reading and writing


class Watch(Protocol):
    """What calls `Readers.receive` and `Readers.send` when a reader's connection has something, or has room."""

    def note(self, reader: Reader) -> None:
        """Take note that a reader was asked, has answered, or is gone."""

    def leave(self) -> None:
        """Watch no reader any more: another one takes over."""


class Readers:
    """The keeper, the readers that it starts, and the work that waits for them."""

    def __init__(
        self, sites: Mapping[str, Any], *, seconds: float, memory: int, readers: int, at_once: int = 1,
        prepare: Callable[[], object] | None = None,
    ):  # fmt: skip
        """`seconds`: CPU time for one page; `memory`: bytes for one page; `readers`: processes at most, 0 to read in
        this process; `at_once`: how many of them may be started without need; `prepare`: what is done first in the
        process from which they are forked."""
        self.sites = sites
        self.seconds = seconds
        self.memory = memory
        self.apart = readers > 0 and hasattr(os, "fork")
        self.over = False
        self.jobs = max(1, min(at_once, readers))
        self.ahead = 1  # pieces of work that a reader may have at once
        self.watch: Watch | None = None
        self.wanted: deque[Wanted[Any]] = deque()
        self.readers: dict[int, Reader] = {}  # by the number of its process
        self._most = readers
        self._allowed = self.jobs
        self.keeper = Keeper(sites, memory, prepare)
        self._changed: dict[str, Callable[[Any], Any]] = {}  # slug → makes of a site in `sites` what it is now

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

    # Work, handed out in the order in which it was wanted

    def want(self, wanted: Wanted[Any]) -> None:
        """Have a piece of work done by the next reader that is free for it. Raises what pickling it raises."""
        asked, seconds = wanted.asked, self.seconds if wanted.asked.bound else 0.0
        question = Question(seconds, asked.site, asked.changed, asked.work, asked.arguments)
        wanted.question = pickle.dumps(question, pickle.HIGHEST_PROTOCOL)
        self.wanted.append(wanted)
        self.hand_out()

    def hand_out(self) -> None:
        """Ask readers for what is wanted, as far as they are free for it."""
        while self.wanted:
            try:
                if self.over:
                    raise ReadingStopped
                reader = self._free()
            except Exception as error:
                self.wanted.popleft().over(Done(error=error))
                continue
            if reader is None:
                return
            self._ask(reader, self.wanted.popleft())

    def _free(self) -> Reader | None:
        """Return the reader to be asked next: one without work, a new one, the one with the least work, or None."""
        least = min(self.readers.values(), key=lambda reader: len(reader.work), default=None)
        if least is not None and not least.work:
            return least
        if len(self.readers) < self._allowed:
            return self._start()
        return least if least is not None and len(least.work) < self.ahead else None

    def _ask(self, reader: Reader, wanted: Wanted[Any]) -> None:
        reader.work.append(wanted)
        if len(reader.work) == 1:
            self._begins(reader)
        reader.outgoing.append(memoryview(LENGTH.pack(len(wanted.question)) + wanted.question))
        self.send(reader)

    def _begins(self, reader: Reader) -> None:
        """Note that a reader begins on its next piece of work."""
        reader.begun = time.monotonic()
        if self._allowed < self._most:
            reader.spent = processes.cpu_of(reader.pid)

    def send(self, reader: Reader) -> None:
        """Send a reader what it still has to be sent, as far as there is room."""
        try:
            while reader.outgoing:
                part = reader.outgoing.popleft()
                if left := len(part) - reader.connection.send(part):
                    reader.outgoing.appendleft(part[-left:])
        except BlockingIOError:
            reader.outgoing.appendleft(part)
        except OSError:  # it has ended, and `receive` will find out
            reader.outgoing.clear()
        self._note(reader)

    def receive(self, reader: Reader) -> None:
        """Take what has come from a reader, and hand on what is whole of it; be done with one that has ended."""
        try:
            part = reader.connection.recv(_PART)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self._has_ended(reader)
            return
        reader.incoming += part
        while len(reader.incoming) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(reader.incoming)[0]
            if len(reader.incoming) < end:
                break
            message = bytes(reader.incoming[LENGTH.size : end])
            del reader.incoming[:end]
            self._answered(reader, _unpacked(message))

    def _answered(self, reader: Reader, answer: Answer) -> None:
        """Hand on an answer; the reader goes on with its next piece of work, if it goes on."""
        wanted = reader.work.popleft()
        if answer.is_last:
            left = list(reader.work)
            self.drop(reader)
            self.wanted.extendleft(reversed(left))
        elif reader.work:
            self._begins(reader)
        self.hand_out()
        self._note(reader)
        for line in answer.logged:
            logging.getLogger(line.name).handle(line)
        if answer.outcome == Outcome.RAISED:
            answer.value.add_note(answer.traceback)
            wanted.over(Done(error=answer.value))
        elif answer.outcome == Outcome.MEMORY:
            wanted.over(Done(error=PageEnded(self._too_much())))
        else:
            wanted.over(Done(answer.value))

    def _has_ended(self, reader: Reader) -> None:
        """Be done with a reader that ended before it had an answer, and have its work done by another.

        A reader that was ended by nobody here may have been a stranger's victim: only a page that ends two is to blame.
        """
        left = list(reader.work)
        code = self.drop(reader)
        if left and not self.over and (said := self._fault_of(left[0], reader, code)):
            left.pop(0).over(Done(error=PageEnded(said)))
        self.wanted.extendleft(reversed(left))
        self.hand_out()

    def _fault_of(self, first: Wanted[Any], reader: Reader, code: int) -> str:
        """Return what the work that a reader was on is to blame for, "" where it is to be done once more."""
        if reader.why:
            return reader.why if first is reader.blamed else ""  # it was answered before the reader was ended
        if code == -signal.SIGPROF:
            return f"it was not read after {self.seconds:g} seconds of work"
        if first.again:
            return f"the process that read it ended twice (exit code {code})"
        first.again = True
        return ""

    def give_up(self, given_up: Set[Wanted[Any]]) -> None:
        """Have some work done no more; the readers that have it are ended."""
        self.wanted = deque(wanted for wanted in self.wanted if wanted not in given_up)
        for reader in list(self.readers.values()):
            if not given_up.isdisjoint(reader.work):
                left = [wanted for wanted in reader.work if wanted not in given_up]
                self.drop(reader)
                self.wanted.extendleft(reversed(left))
        self.hand_out()

    def look(self, reader: Reader) -> None:
        """End a reader that takes too long, or too much memory."""
        self.receive(reader)
        if not reader.work or not reader.work[0].asked.bound:
            return
        if time.monotonic() - reader.begun > _PATIENCE * self.seconds:
            self.kill(reader, f"it was not read after {_PATIENCE * self.seconds:g} seconds")
        elif processes.memory_of(reader.pid) - reader.at_first > self.memory:
            self.kill(reader, self._too_much())

    def _too_much(self) -> str:
        return f"reading it took more than {self.memory >> 20} MiB of memory"

    def watch_by(self, watch: Watch | None) -> None:
        """Have another one watch the readers that are at work, or nobody."""
        if self.watch is not None:
            self.watch.leave()
        self.watch = watch
        for reader in self.readers.values():
            self._note(reader)

    def _note(self, reader: Reader) -> None:
        if self.watch is not None:
            self.watch.note(reader)

    # The processes

    def _start(self) -> Reader:
        pid, connection = self.keeper.start_reader()
        connection.setblocking(False)
        reader = self.readers[pid] = Reader(pid, connection, processes.memory_of(pid))
        return reader

    def begin(self) -> None:
        """Fork the process from which readers are forked: best while nothing is open yet and no other thread runs."""
        if self.apart:
            self.keeper.begin()

    @staticmethod
    def kill(reader: Reader, why: str) -> None:
        """End a reader. Its number is still its own: only `drop` lets the keeper forget it."""
        if not reader.why:
            reader.why, reader.blamed = why, reader.work[0] if reader.work else None
        with suppress(ProcessLookupError):
            os.kill(reader.pid, signal.SIGKILL)

    def drop(self, reader: Reader) -> int:
        """Be done with a reader and with its work, so that another one may be started; returns its exit code, 0 where
        nobody knows."""
        self.readers.pop(reader.pid, None)
        self._let_go(reader)
        return self.keeper.end_reader(reader.pid)

    def _let_go(self, reader: Reader) -> None:
        reader.work.clear()
        reader.outgoing.clear()
        self._note(reader)
        reader.connection.close()

    def stop(self) -> None:
        """End what is being read: that and all that is still to be read raises ReadingStopped."""
        self.over = True
        for reader in self.readers.values():
            self.kill(reader, "the run is over")

    def rest(self) -> None:
        """End the readers that have nothing to do, and with them what they hold open; others begin where they are
        needed."""
        for reader in [reader for reader in self.readers.values() if not reader.work]:
            self.drop(reader)

    def close(self) -> None:
        """End all processes. What is read afterwards starts them again."""
        self.wanted.clear()
        while self.readers:
            _, reader = self.readers.popitem()
            self.kill(reader, "closed")
            self._let_go(reader)
        self._allowed = self.jobs
        self.keeper.end()


def _unpacked(message: bytes) -> Answer:
    try:
        answer: Answer = pickle.loads(message)  # noqa: S301 — from a fork of this process
    except Exception as error:
        return Answer(Outcome.RAISED, error, "unpacking the answer", [], is_last=False)
    return answer

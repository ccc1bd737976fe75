"""Runs coroutines that wait for nothing but what is read, some at once, where no event loop runs."""

import selectors
import time
from collections import deque
from collections.abc import Coroutine, Generator, Iterable, Iterator
from functools import partial
from typing import Any, Generic, TypeVar

from crawler.run.reading.readers import AHEAD, LOOK, Asked, Done, Reader, Readers, Wanted

T = TypeVar("T")

_BEGUN = 2 * AHEAD  # coroutines that are begun for each reader, so that none is idle while what came is written


class Waits:
    """What a coroutine awaits: whoever runs it has `asked` answered."""

    def __init__(self, asked: Asked[Any]):
        self._asked = asked

    def __await__(self) -> Generator[Asked[Any], Any, Any]:
        return (yield self._asked)


class _Going(Generic[T]):
    """A coroutine that was begun: `asked` is what it waits for, `wanted` that as work for a reader, `done` what came of
    the coroutine."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]):
        self.coroutine = coroutine
        self.asked: Asked[Any] | None = None
        self.wanted: Wanted[Any] | None = None
        self.done: Done[T] | None = None
        self.go_on(Done())

    def go_on(self, read: Done[Any]) -> None:
        """Hand it what was read, or what that raised, and let it come to where it waits again, or to its end."""
        self.asked = self.wanted = None
        try:
            self.asked = self.coroutine.send(read.value) if read.error is None else self.coroutine.throw(read.error)
        except StopIteration as end:
            self.done = Done(end.value)
        except Exception as raised:
            self.done = Done(error=raised)


def each(readers: Readers, coroutines: Iterable[Coroutine[Any, Any, T]]) -> Iterator[Done[T]]:
    """Yield what comes of coroutines, in their order; see `PageReader.each`."""
    if not readers.apart:
        yield from (_here(readers, coroutine) for coroutine in coroutines)
        return
    watch = readers.watch if isinstance(readers.watch, _Selecting) else _Selecting(readers)
    with watch:
        yield from _Row(readers, watch, iter(coroutines)).run()


def _here(readers: Readers, coroutine: Coroutine[Any, Any, T]) -> Done[T]:
    going = _Going(coroutine)
    while going.done is None and going.asked is not None:
        try:
            read = Done(readers.here(going.asked))
        except Exception as error:
            read = Done(error=error)
        going.go_on(read)
    return going.done or Done()


class _Selecting:
    """Watches the connections of readers where no event loop runs, as long as any row of coroutines does."""

    def __init__(self, readers: Readers):
        self._readers = readers
        self._ahead = readers.ahead
        self._rows = 0
        self._looked = time.monotonic()

    def __enter__(self) -> None:
        if self._rows == 0:
            self._selector = selectors.DefaultSelector()
            self._readers.ahead = AHEAD
            self._readers.watch_by(self)
        self._rows += 1

    def __exit__(self, *_: object) -> None:
        self._rows -= 1
        if self._rows == 0:
            self._readers.ahead = self._ahead
            self._readers.watch_by(None)

    def note(self, reader: Reader) -> None:
        """Watch a reader's connection as long as it has work, and for room as long as it has to be sent something."""
        events = (selectors.EVENT_READ if reader.work else 0) | (selectors.EVENT_WRITE if reader.outgoing else 0)
        before, reader.watched = reader.watched, events
        if not events and before:
            self._selector.unregister(reader.connection)
        elif not before and events:
            self._selector.register(reader.connection, events, reader)
        elif before != events:
            self._selector.modify(reader.connection, events, reader)

    def leave(self) -> None:
        """Watch no reader any more."""
        for reader in self._readers.readers.values():
            reader.watched = 0
        self._selector.close()

    def wait(self) -> None:
        """Take what has come; look at those that read for long."""
        for key, events in self._selector.select(LOOK):
            if events & selectors.EVENT_WRITE:
                self._readers.send(key.data)
            if events & selectors.EVENT_READ:
                self._readers.receive(key.data)
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            for reader in list(self._readers.readers.values()):
                if reader.work:
                    self._readers.look(reader)


class _Row(Generic[T]):
    """The coroutines that were begun, in their order."""

    def __init__(self, readers: Readers, watch: _Selecting, coroutines: Iterator[Coroutine[Any, Any, T]]):
        self.readers = readers
        self.watch = watch
        self.coroutines = coroutines
        self.row: deque[_Going[T]] = deque()
        self.came: deque[tuple[_Going[T], Done[Any]]] = deque()

    def run(self) -> Iterator[Done[T]]:
        try:
            self._begin()
            while self.row:
                while self.row[0].done is None:
                    if not self.came:
                        self.watch.wait()
                    self._go_on()
                first = self.row.popleft().done
                self._begin()
                if first is not None:
                    yield first
        finally:
            self.readers.give_up({going.wanted for going in self.row if going.wanted is not None})
            for going in self.row:
                going.coroutine.close()

    def _begin(self) -> None:
        """Begin further coroutines, and have done what they wait for."""
        while len(self.row) < _BEGUN * self.readers.jobs:
            coroutine = next(self.coroutines, None)
            if coroutine is None:
                break
            self.row.append(_Going(coroutine))
            self._want(self.row[-1])

    def _go_on(self) -> None:
        """Hand on what came to the coroutines that wait for it."""
        while self.came:
            going, read = self.came.popleft()
            going.go_on(read)
            self._want(going)

    def _want(self, going: _Going[T]) -> None:
        if going.asked is not None:
            going.wanted = Wanted(going.asked, partial(self._has_come, going))
            self.readers.want(going.wanted)

    def _has_come(self, going: _Going[T], read: Done[Any]) -> None:
        self.came.append((going, read))

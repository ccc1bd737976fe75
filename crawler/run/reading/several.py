"""Runs coroutines that wait for nothing but what is read, some at once, where no event loop runs."""

import selectors
import time
from collections import deque
from collections.abc import Coroutine, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from crawler.run.reading.processes import LENGTH
from crawler.run.reading.readers import LOOK, Asked, Reader, Readers

T = TypeVar("T")

_AHEAD = 4  # coroutines that are begun for each reader, so that none is idle while what came is written


class Waits:
    """What a coroutine awaits: whoever runs it has `asked` answered."""

    def __init__(self, asked: Asked[Any]):
        self._asked = asked

    def __await__(self) -> Generator[Asked[Any], Any, Any]:
        return (yield self._asked)


@dataclass(slots=True)
class Done(Generic[T]):
    """What came of a coroutine: a value, or what it raised."""

    value: T | None = None
    error: BaseException | None = None

    def result(self) -> T:
        """Return the value. Raises what the coroutine raised."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]


class _Going(Generic[T]):
    """A coroutine that was begun: `asked` is what it waits for, `reader` who reads that, `again` for the second time,
    `done` what came of it."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]):
        self.coroutine = coroutine
        self.asked: Asked[Any] | None = None
        self.reader: Reader | None = None
        self.again = False
        self.done: Done[T] | None = None
        self.go_on()

    def go_on(self, value: Any = None, error: BaseException | None = None) -> None:
        """Hand it what was read, or what that raised, and let it come to where it waits again, or to its end."""
        self.asked, self.reader, self.again = None, None, False
        try:
            self.asked = self.coroutine.throw(error) if error is not None else self.coroutine.send(value)
        except StopIteration as end:
            self.done = Done(end.value)
        except Exception as raised:
            self.done = Done(error=raised)


def each(readers: Readers, coroutines: Iterable[Coroutine[Any, Any, T]]) -> Iterator[Done[T]]:
    """Yield what comes of coroutines, in their order; see `PageReader.each`."""
    if not readers.apart:
        yield from (_here(readers, coroutine) for coroutine in coroutines)
        return
    with selectors.DefaultSelector() as selector:
        yield from _Row(readers, selector, iter(coroutines)).run()


def _here(readers: Readers, coroutine: Coroutine[Any, Any, T]) -> Done[T]:
    going = _Going(coroutine)
    while going.done is None and going.asked is not None:
        try:
            value = readers.here(going.asked)
        except Exception as error:
            going.go_on(error=error)
        else:
            going.go_on(value)
    return going.done or Done()


class _Row(Generic[T]):
    """The coroutines that were begun, in their order."""

    def __init__(
        self, readers: Readers, selector: selectors.BaseSelector, coroutines: Iterator[Coroutine[Any, Any, T]]
    ):  # fmt: skip
        self.readers = readers
        self.selector = selector
        self.coroutines = coroutines
        self.row: deque[_Going[T]] = deque()
        self._looked = time.monotonic()

    def run(self) -> Iterator[Done[T]]:
        try:
            self._begin()
            while self.row:
                while self.row[0].done is None:
                    self._wait()
                    self._hand_out()
                first = self.row.popleft().done
                self._begin()
                if first is not None:
                    yield first
        finally:
            for going in self.row:
                if going.reader is not None:
                    self.selector.unregister(going.reader.connection)
                    self.readers.drop(going.reader)
                going.coroutine.close()

    def _begin(self) -> None:
        """Begin further coroutines, and hand out what they ask."""
        while len(self.row) < _AHEAD * self.readers.jobs:
            coroutine = next(self.coroutines, None)
            if coroutine is None:
                break
            self.row.append(_Going(coroutine))
        self._hand_out()

    def _hand_out(self) -> None:
        for going in self.row:
            while going.asked is not None and going.reader is None and not self.readers.free.empty():
                try:
                    reader = self.readers.taken(self.readers.free.get_nowait())
                except Exception as error:
                    going.go_on(error=error)
                    continue
                going.reader = reader
                self.selector.register(reader.connection, selectors.EVENT_READ, going)
                if not send(self.readers, reader, going.asked):
                    self._came(going, None)

    def _wait(self) -> None:
        """Take what came; look at those that read for long."""
        for key, _ in self.selector.select(LOOK):
            going: _Going[T] = key.data
            if going.reader is not None:
                self._came(going, answered(self.readers, going.reader))
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            for going in self.row:
                if going.reader is not None:
                    self.readers.look(going.reader)

    def _came(self, going: _Going[T], message: bytes | None) -> None:
        """Hand on an answer; None: the reader ended before it."""
        reader = going.reader
        if reader is None:
            return
        self.selector.unregister(reader.connection)
        try:
            if message is None:
                self.readers.judge(reader, last=going.again)
                going.reader, going.again = None, True
                return
            value = self.readers.value(reader, message)
        except Exception as error:
            going.go_on(error=error)
        else:
            going.go_on(value)


def send(readers: Readers, reader: Reader, asked: Asked[Any]) -> bool:
    """Ask a reader; False where it has ended."""
    reader.connection.settimeout(LOOK)
    rest = memoryview(readers.begin_on(reader, asked))
    try:
        while rest:
            try:
                rest = rest[reader.connection.send(rest) :]
            except TimeoutError:
                readers.look(reader)
    except OSError:
        return False
    return True


def answered(readers: Readers, reader: Reader) -> bytes | None:
    """Return the answer of a reader that was asked, None where it ended before it; blocks until then."""

    def part(size: int) -> bytes:
        while True:
            try:
                return reader.connection.recv(size)
            except TimeoutError:
                readers.look(reader)

    def exactly(size: int) -> bytes:
        parts, left = [], size
        while left:
            came = part(min(left, 1 << 20))
            if not came:
                raise EOFError
            parts.append(came)
            left -= len(came)
        return b"".join(parts)

    try:
        return exactly(LENGTH.unpack(exactly(LENGTH.size))[0])
    except (OSError, EOFError):
        return None

"""Pieces of work on one collection that other processes do, each with a connection of its own that only reads.

They see what is committed. So this is for work while nobody writes: the caller holds the lock of the only writer, or
says with each piece whether anybody has written since.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from sqlite_utils import Database

from crawler.workers import HERE, Workers
from storage.collection import Collection
from storage.connection import CarefulConnection

T = TypeVar("T")
Work = Callable[Concatenate[Collection, ...], T]
_open: dict[Path, Collection] = {}  # of a process that does pieces of work; they are closed with it


class _OnlyRead(Collection):
    """A collection that is open already elsewhere: nothing is made, brought to today's schema, or written."""

    def __init__(self, path: Path):
        self.path = path
        address = f"{path.absolute().as_uri()}?mode=ro"
        self.db = Database(sqlite3.connect(address, uri=True, isolation_level=None, factory=CarefulConnection))
        self.before_commit = None
        self._waiting = 0
        self._going_on = set()


def each(
    collection: Collection, workers: Workers, work: Work[T], calls: Iterable[tuple[Any, ...]], *,
    is_current: Callable[[], bool] = lambda: True,
) -> Iterator[T]:  # fmt: skip
    """Yield `work(collection, *arguments)` for the arguments of each call, in the order of the calls.

    `is_current`: whether what others see of the database is still what `collection` sees, whose transaction may be an
    older one; what they did when it is not counts for nothing, and all that is left is done here.
    What another process could not do, whatever kept it from it, is done here: so it raises what it raises here. Where
    `calls` raises, what was asked for before comes first.
    """
    if workers.jobs == 1:
        yield from HERE.each(work, ((collection, *arguments) for arguments in calls))
        return
    path, asked, raised = Path(collection.path), deque[tuple[Any, ...]](), deque[Exception]()
    left = _ended_by(calls, raised)
    while True:
        again = list(asked)
        asked.clear()
        waiting = _noted(chain(again, left), asked)
        try:
            for done in workers.each(_apart, ((path, work, *arguments) for arguments in waiting)):
                if not is_current():
                    workers = HERE
                    break
                asked.popleft()
                yield done
            else:
                break
        except Exception:
            if not asked:
                raise
        if workers is HERE:
            for arguments in chain(list(asked), left):
                yield work(collection, *arguments)
            break
        yield work(collection, *asked.popleft())
    for error in raised:
        raise error


def _apart(path: Path, work: Work[T], *arguments: Any) -> T:
    if path not in _open:
        _open[path] = _OnlyRead(path)
    return work(_open[path], *arguments)


def _noted(calls: Iterable[tuple[Any, ...]], into: deque[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for arguments in calls:
        into.append(arguments)
        yield arguments


def _ended_by(calls: Iterable[tuple[Any, ...]], raised: deque[Exception]) -> Iterator[tuple[Any, ...]]:
    """Yield the calls until they raise, and keep what they raise."""
    try:
        yield from calls
    except Exception as error:
        raised.append(error)

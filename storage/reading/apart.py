"""Pieces of work on one collection that other processes do, each with a connection of its own that only reads.

They see what is committed. So this is for work while nobody writes: the caller holds the lock of the only writer, or
says with each piece whether anybody has written since.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from crawler.workers import HERE, Workers
from storage.collection import Collection
from storage.reading.read_only import opened

T = TypeVar("T")
Work = Callable[Concatenate[Collection, ...], T]


def each(
    collection: Collection, workers: Workers, work: Work[T], calls: Iterable[tuple[Any, ...]], *,
    is_current: Callable[[], bool] = lambda: True,
) -> Generator[T, None, None]:  # fmt: skip
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
    return work(opened(path), *arguments)


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

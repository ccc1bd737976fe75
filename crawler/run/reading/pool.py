"""Several processes for the work of one command: how many there are to be, and handing work to them.

They are the readers of pages (`crawler.run.reading.reader`), and what does not read strangers' pages is not bound.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from crawler.run.reading.reader import PageReader
from crawler.run.reading.readers import Asked
from crawler.run.reading.several import Waits
from crawler.workers import HERE, Workers

T = TypeVar("T")

MOST_JOBS = 64
_OF_EACH = 100 << 20  # bytes that one more process takes
_OF_RUN = 300 << 20  # bytes that the process that writes takes, and that the system wants to have left
_UNBOUND = 1 << 44  # bytes
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def usual_jobs() -> int:
    """Return how many processes this machine is good for: its cores, fewer where memory is small."""
    return max(1, min(cores(), MOST_JOBS, (_memory() - _OF_RUN) // _OF_EACH))


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells
        return os.cpu_count() or 1


def _memory() -> int:
    """Return the bytes of memory that can be had, by the machine and by what this process's group is allowed."""
    found = [1 << 40]
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        found.append(int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1]) << 10)
    for limit in _LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(Path(limit).read_text()))
    return min(found)


class Pool:
    """The readers of pages as workers: their work is no page's, and is not bound."""

    def __init__(self, pages: PageReader):
        self._pages = pages

    @property
    def jobs(self) -> int:
        """How many pieces are done at once."""
        return self._pages.jobs if self._pages.apart else 1

    def each(self, work: Callable[..., T], calls: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """Yield `work(*arguments)` for the arguments of each call, in the order of the calls."""
        if self.jobs == 1:
            yield from HERE.each(work, calls)
            return
        for done in self._pages.each(_one(work, arguments) for arguments in calls):
            yield done.result()

    def rest(self) -> None:
        """End the processes; others begin when there is work."""
        self._pages.rest()


async def _one(work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    found: T = await Waits(Asked("", _without_site, (work, *arguments), bound=False))
    return found


def _without_site(site: None, work: Callable[..., T], *arguments: Any) -> T:
    return work(*arguments)


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """Yield `jobs` workers, this process where that is 1; their processes are ended behind the block.

    Best before anything is open: the workers have what this process has at that time.
    """
    if jobs == 1:
        yield HERE
        return
    pages = PageReader({}, seconds=0.0, memory=_UNBOUND, readers=jobs, at_once=jobs)
    pages.begin()
    try:
        yield Pool(pages)
    finally:
        pages.close()

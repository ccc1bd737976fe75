"""Who does pieces of work that need nothing of each other: this process, or several at once.

The archive names here what it needs of others; `crawler.run.reading.pool` has the processes.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Workers(Protocol):
    """Does pieces of work. `jobs`: how many at once."""

    @property
    def jobs(self) -> int:
        """How many pieces are done at once."""

    def each(self, work: Callable[..., T], calls: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """Yield `work(*arguments)` for the arguments of each call, in the order of the calls.

        `work` is a function of a module; it is pickled, and so are its arguments and what it returns. A few more calls
        than were yielded are taken from `calls`. Raises at a call's place what its work raises.
        """

    def rest(self) -> None:
        """Let go of all that the workers hold open, until there is work again."""


class Rests(Protocol):
    """What can let go of all that it holds open."""

    def rest(self) -> None:
        """Let go of it."""


@contextmanager
def resting(workers: Rests) -> Iterator[None]:
    """Let workers rest behind the block, so that who closes a database then is the last, and brings its write-ahead log
    into the file."""
    try:
        yield
    finally:
        workers.rest()


class ThisProcess:
    """Does one piece of work after the other, here."""

    jobs = 1

    def each(self, work: Callable[..., T], calls: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """Yield `work(*arguments)` for the arguments of each call."""
        for arguments in calls:
            yield work(*arguments)

    def rest(self) -> None:
        """Do nothing: what this process holds open is held by others than its work."""


HERE: Workers = ThisProcess()

"""Hands back what several processes read in the order in which it was asked for, one thing at a time.

What a run does is a row of answers and of what follows from each. Where the answers come in one order, and each only
when all that follows from the one before it is done, the same follows from them however many processes read, and
however fast: two runs over the same pages give the same rows.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")

_CALM = 2  # looks in a row at which nothing else is to be done
_MOST = 10_000  # looks, in case something is always to be done


class InOrder:
    """The row of those who wait; the last of them is known by when it has been handed on."""

    def __init__(self) -> None:
        self._last: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def place(self) -> AsyncIterator["Place"]:
        """Take the next place in the row; whoever is behind it gets its turn once all that follows from it is done."""
        loop = asyncio.get_running_loop()
        place = Place(self._last, loop.create_future())
        self._last = place.handed_on
        try:
            yield place
        finally:
            asyncio.ensure_future(place.hand_on())  # noqa: RUF006 — the loop runs until the run is over


class Place:
    """A place in the row. `handed_on`: when whoever is behind it may go on."""

    def __init__(self, before: "asyncio.Future[None] | None", handed_on: "asyncio.Future[None]"):
        self._before = before
        self.handed_on = handed_on

    async def when_all_before(self, work: Coroutine[Any, Any, T]) -> T:
        """Begin `work` now; return its value, or raise what it raises, once this place has its turn."""
        try:
            value = await work
        except BaseException:
            await self._turn()
            raise
        await self._turn()
        return value

    async def _turn(self) -> None:
        if self._before is not None and not self._before.done():
            await asyncio.shield(self._before)
        self._before = None

    async def hand_on(self) -> None:
        """Wait until nothing more follows from what was handed back here, and let the next one go on."""
        await self._turn()
        await _calm()
        self.handed_on.set_result(None)


async def _calm() -> None:
    """Wait until the event loop has nothing to do but to wait, for its readers or for a time.

    `_ready`, of every loop of the standard library, has what is to be done; a call for this very moment comes into it
    a turn of the loop later.
    """
    ready = getattr(asyncio.get_running_loop(), "_ready", ())
    calm = 0
    for _ in range(_MOST):
        await asyncio.sleep(0)
        calm = 0 if ready else calm + 1
        if calm == _CALM:
            return

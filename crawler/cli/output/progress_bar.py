"""A bar for work of a known length, on a terminal; nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from crawler.cli.output.shown_text import plain

_REDRAW_SECONDS = 0.1


@contextmanager
def steps(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes (done, of how many) and shows it while the block runs.

    What the block prints stands above the bar on a terminal, and goes where it goes otherwise.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    on_terminal = sys.stdout.isatty()
    console = Console(file=plain(sys.stderr))
    with Progress(*columns, console=console, transient=True, redirect_stdout=on_terminal) as bar:
        task, shown = bar.add_task(what, total=None), 0.0

        def show(done: int, total: int) -> None:
            nonlocal shown
            if done == total or monotonic() - shown > _REDRAW_SECONDS:
                shown = monotonic()
                bar.update(task, completed=done, total=total)

        yield show

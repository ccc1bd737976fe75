"""Progress of a run: a table that moves on a terminal, a line a site elsewhere."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.cli.shown_text import plain
from crawler.run.site_report import SiteReport
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {"ok": "[green]✓[/]", "doubtful": "[yellow]?[/]", "failed": "[red]✗[/]", "interrupted": "[yellow]–[/]"}


@contextmanager
def watching(reports: list[SiteReport], *, quiet: bool) -> Iterator[None]:
    """Show how `reports` fill while the block runs: on a terminal as a live table, else a line as each site ends."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live

        with Live(
            get_renderable=lambda: _table(reports), console=Console(file=plain(sys.stderr)), refresh_per_second=4
        ):
            yield
    else:
        stop = threading.Event()
        printer = threading.Thread(target=_print_ended, args=(reports, stop), daemon=True)
        printer.start()
        try:
            yield
        finally:
            stop.set()
            printer.join()


def _print_ended(reports: list[SiteReport], stop: threading.Event) -> None:
    printed: set[str] = set()
    last = False
    while not last:
        last = stop.wait(0.2)
        for report in list(reports):
            if report.finished and report.site not in printed:
                printed.add(report.site)
                status, _, message = report.verdict()
                print(one_line(f"{report.site}: {status}: {message} ({_rate(report)})"), flush=True)


def _rate(report: SiteReport) -> str:
    pages = counted(report.answered, "page")
    return f"{pages}, {report.answered / report.seconds:.1f} a second" if report.seconds else pages


def _table(reports: list[SiteReport]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    table.add_column("site")
    for heading in ("pages", "articles", "duplicates", "errors", "pages/s"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for report in list(reports):
        pages = report.answered
        rate = f"{pages / report.seconds:.1f}" if report.seconds else ""
        mark = _MARKS[report.verdict()[0]] if report.finished else "…"
        if report.attachments and not report.finished:
            mark = f"… {counted(report.attachments, 'attachment')}"
        stored = report.stored - report.duplicates
        table.add_row(
            one_line(report.site), *(str(n) for n in (pages, stored, report.duplicates, report.errors)), rate, mark
        )
    return table

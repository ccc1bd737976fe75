"""Progress of a run: a table that moves on a terminal, a line a site elsewhere."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.cli.output.shown_text import plain
from crawler.run.site_report import SiteReport
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {"ok": "[green]✓[/]", "doubtful": "[yellow]?[/]", "failed": "[red]✗[/]", "interrupted": "[yellow]–[/]"}
_NUMBERS = ("pages", "articles", "duplicates", "errors")
_MOST_ROWS = 16  # sites; of more, those at work have a row, and those that ended a row together


@contextmanager
def watching(reports: list[SiteReport], *, quiet: bool, sites: int = 0) -> Iterator[None]:
    """Show how `reports` fill while the block runs: on a terminal as a live table, else a line as each site ends.

    `sites`: how many the run is to crawl, 0 where nobody knows. The live table is gone when the block ends.
    """
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live

        shown = Shown(reports, sites)
        console = Console(file=plain(sys.stderr))
        with Live(get_renderable=shown.table, console=console, refresh_per_second=4, transient=True):
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


class Shown:
    """What a terminal shows of a run: a row a site, or, where they are many, a row for each at work.

    Sites that ended are added up once: a run may have thousands, and the table is drawn four times a second.
    """

    def __init__(self, reports: list[SiteReport], sites: int):
        self._reports, self._sites = reports, sites
        self._seen: set[str] = set()  # of those that ended
        self._ended: Counter[str] = Counter()  # status → sites, and the sums of their numbers

    def table(self) -> "Table":
        """Return the table as it is now."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE)
        table.add_column("site")
        for heading in ("pages", "articles", "duplicates", "errors", "pages/s"):
            table.add_column(heading, justify="right")
        table.add_column("")
        reports = list(self._reports)
        is_long = max(len(reports), self._sites) > _MOST_ROWS
        if is_long:
            for report in reports:
                if report.finished and report.site not in self._seen:
                    self._add(report)
        at_work = [report for report in reports if report.site not in self._seen]
        for report in at_work[:_MOST_ROWS]:
            rate = f"{report.answered / report.seconds:.1f}" if report.seconds else ""
            table.add_row(one_line(report.site), *map(str, _numbers(report)), rate, _mark(report))
        if is_long:
            states = [f"{mark} {self._ended[status]}" for status, mark in _MARKS.items() if self._ended[status]]
            more = {"more at work": len(at_work) - _MOST_ROWS, "to come": self._sites - len(reports)}
            states += [f"{count} {what}" for what, count in more.items() if count > 0]
            table.add_row("[bold]done[/]", *(str(self._ended[name]) for name in _NUMBERS), "", "")
            of = max(self._sites, len(reports))
            table.caption, table.caption_justify = (
                f"{len(self._seen)} of {counted(of, 'site')} done: {', '.join(states)}",
                "left",
            )
        return table

    def _add(self, report: SiteReport) -> None:
        self._seen.add(report.site)
        self._ended[report.verdict()[0]] += 1
        for name, number in zip(_NUMBERS, _numbers(report), strict=True):
            self._ended[name] += number


def _numbers(report: SiteReport) -> tuple[int, int, int, int]:
    return report.answered, report.stored - report.duplicates, report.duplicates, report.errors


def _mark(report: SiteReport) -> str:
    if report.finished:
        return _MARKS[report.verdict()[0]]
    return f"… {counted(report.attachments, 'attachment')}" if report.attachments else "…"

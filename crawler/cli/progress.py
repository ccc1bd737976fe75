"""Progress of a run: a table that moves on a terminal, a line a site elsewhere."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.run.site_report import Account

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {"ok": "[green]✓[/]", "failed": "[red]✗[/]", "interrupted": "[yellow]–[/]"}


@contextmanager
def watching(accounts: list[Account], *, quiet: bool) -> Iterator[None]:
    """Show how `accounts` fill while the block runs: on a terminal as a live table, else a line as each site ends."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live

        with Live(get_renderable=lambda: _table(accounts), console=Console(stderr=True), refresh_per_second=4):
            yield
    else:
        stop = threading.Event()
        teller = threading.Thread(target=_tell, args=(accounts, stop), daemon=True)
        teller.start()
        try:
            yield
        finally:
            stop.set()
            teller.join()


def _tell(accounts: list[Account], stop: threading.Event) -> None:
    told: set[str] = set()
    last = False
    while not last:
        last = stop.wait(0.2)
        for account in list(accounts):
            if account.finished and account.site not in told:
                told.add(account.site)
                status, _, message = account.verdict()
                print(f"{account.site}: {status}: {message} ({_rate(account)})", flush=True)


def _rate(account: Account) -> str:
    pages = account.answered
    return f"{pages} pages, {pages / account.seconds:.1f} a second" if account.seconds else f"{pages} pages"


def _table(accounts: list[Account]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    table.add_column("site")
    for heading in ("pages", "articles", "duplicates", "errors", "pages/s"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for account in list(accounts):
        pages = account.answered
        rate = f"{pages / account.seconds:.1f}" if account.seconds else ""
        mark = _MARKS[account.verdict()[0]] if account.finished else "…"
        if account.attachments and not account.finished:
            mark = f"… {account.attachments} attachments"
        stored = account.stored - account.duplicates
        table.add_row(account.site, *(str(n) for n in (pages, stored, account.duplicates, account.errors)), rate, mark)
    return table

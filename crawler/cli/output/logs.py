"""Where log lines go."""

import logging
import sys
import traceback
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from crawler.dates.model import HANOI
from crawler.text.terminal_text import for_terminal, one_line

_BYTES = 5_000_000
_FILES = 5
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _InLocalTime(logging.Formatter):
    """A record as text, with its moment in Việt Nam's time."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the moment with its offset."""
        return datetime.fromtimestamp(record.created, HANOI).isoformat(" ", timespec="milliseconds")


class _Sentences(_InLocalTime):
    """One line for each record: of an exception what it says, and the line of ours that it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        said, *_ = record.getMessage().partition("\nTraceback (most recent call last)")
        plain = logging.LogRecord(record.name, record.levelno, record.pathname, record.lineno, said, (), None)
        plain.created, plain.msecs = record.created, record.msecs
        line = super().format(plain)
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            *_, last = traceback.extract_tb(error.__traceback__) or [None]
            place = f" ({Path(last.filename).name}:{last.lineno} in {last.name})" if last else ""
            line += f": {''.join(traceback.format_exception_only(error)).strip()}{place}"
        return one_line(line)


class _InFull(_InLocalTime):
    """One record as a line, with the lines of a traceback set in below it, so that no page can write a line of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return for_terminal(super().format(record)).replace("\n", "\n  ")


def set_up(file: Path | None, form: str = "text") -> None:
    """Send warnings to standard error (a terminal, cron's mail, journald) and, where a file is named, all from INFO on
    to it; the file rotates at 5 MB, five old ones are kept.

    A traceback stands in the file only; standard error gets the exception and its place in one line. With the form
    `json` a record is a line of JSON in both.

    Raises OSError where the file cannot be written.
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO if file else logging.WARNING)
    plain = logging.StreamHandler(sys.stderr)
    plain.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [plain]
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(RotatingFileHandler(file, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"))
    plain.setFormatter(_Sentences(_FORM))
    for handler in handlers[1:]:
        handler.setLevel(logging.INFO)  # Scrapy sets its own loggers to DEBUG
        handler.setFormatter(_InFull(_FORM))
    if form == "json":
        from crawler.cli.output.json_log import JsonLines, catch_the_rest

        for handler in handlers:
            handler.setFormatter(JsonLines())
        catch_the_rest(handlers)
    for handler in handlers:
        root.addHandler(handler)
    for name in ("scrapy", "asyncio", "filelock"):
        logging.getLogger(name).setLevel(logging.WARNING)

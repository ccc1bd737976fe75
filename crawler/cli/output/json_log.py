"""Log records as JSON, one object a line, for programs that gather logs.

Ours rather than a library's: a line must stay one line and steer no terminal whatever a page says, and names the site,
its run, the page and the reason, which are known here.
"""

import json
import logging
import sys
import traceback
from datetime import datetime
from types import TracebackType
from typing import Any

from crawler.dates.model import HANOI
from crawler.run.log_fields import runs_going_on
from crawler.text.terminal_text import for_terminal

_TRACEBACK = "\nTraceback (most recent call last)"
_NAME = "tinphuong"


class JsonLines(logging.Formatter):
    """A record as an object with `time` (ISO 8601, Việt Nam's), `level`, `logger`, `message`, and where they are known
    `site`, `run` (`runs.id`), `url`, `reason`, `exception`, `exception_message`, `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, HANOI).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record).partition(_TRACEBACK)[0],
        }
        site = getattr(record, "site", None) or getattr(getattr(record, "spider", None), "name", None)
        if site:
            fields |= {"site": site, "run": runs_going_on.get(site)}
        fields |= {name: getattr(record, name, None) for name in ("url", "reason")}
        if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
            fields |= {
                "exception": f"{module}{kind.__qualname__}",
                "exception_message": str(error),
                "traceback": "".join(traceback.format_exception(kind, error, trace)),
            }
        known = {name: value for name, value in fields.items() if value is not None}
        return for_terminal(json.dumps(known, ensure_ascii=False, default=str))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a caller's mistake must not cost the line
        return f"{record.msg} {record.args}"


def sentence_line(text: str, *, grave: bool = True, **about: str | None) -> str:
    """Return what a command says on standard error as such a line; `grave`: it is an error."""
    level = logging.ERROR if grave else logging.INFO
    record = logging.LogRecord(_NAME, level, "", 0, text, (), None)
    record.__dict__.update(about)
    return JsonLines().format(record)


def catch_the_rest(handlers: list[logging.Handler]) -> None:
    """Let also warnings, exceptions that nothing handles, and a log that cannot be written be lines of JSON."""
    logging.captureWarnings(True)
    sys.excepthook = _last
    for handler in handlers:
        handler.handleError = _unwritable  # type: ignore[method-assign]


def _last(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    record = logging.LogRecord(_NAME, logging.CRITICAL, "", 0, "an error of tinphuong itself", (), (kind, error, trace))
    print(JsonLines().format(record), file=sys.stderr)


def _unwritable(record: logging.LogRecord) -> None:
    said = f"a log line could not be written: {sys.exc_info()[1]}"
    print(sentence_line(said), file=sys.stderr)

"""Where log lines go."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_BYTES = 5_000_000
_FILES = 5
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up(file: Path | None) -> None:
    """Send warnings to standard error (a terminal, cron's mail, journald) and, where a file is named, all from INFO on
    to it; the file rotates at 5 MB, five old ones are kept.

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
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORM))
        root.addHandler(handler)
    for name in ("scrapy", "asyncio", "filelock"):
        logging.getLogger(name).setLevel(logging.WARNING)

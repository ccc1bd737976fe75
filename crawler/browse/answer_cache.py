"""Answers that take long to count, kept for as long as the database stays as it is."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MOST_KEPT = 64  # answers; the oldest goes first


class AnswerCache:
    """What was read from databases and has not changed since; threads may share it."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get(self, connection: sqlite3.Connection, question: Any, read: Callable[[], Any]) -> Any:
        """Return what `read` gives, or gave for this question (hashable) while the database's files were as now."""
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        files = [file for file in (Path(path), Path(f"{path}-wal")) if file.exists()]
        key = (tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files), question)
        if key in self._kept:
            return self._kept[key]
        answer = read()
        while len(self._kept) >= _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[key] = answer
        return answer

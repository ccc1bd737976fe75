"""A collection that another process of the same command reads while one writes."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database

from crawler.profile.model import SiteProfile
from storage.collection import Collection
from storage.connection import CarefulConnection
from storage.doubts.profiles import profile_of

_PATIENCE = 30.0  # seconds


class ReadOnly(Collection):
    """The collection as it was last committed. What would write raises sqlite3.OperationalError.

    The file is one that a `Collection` has open, or has had: its schema is today's.
    """

    def __init__(self, path: Path):
        self.path = path
        self.before_commit = None
        self._waiting = 0
        self._going_on: set[int] = set()
        address = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(
            address, uri=True, timeout=_PATIENCE, isolation_level=None, factory=CarefulConnection
        )
        self.db = Database(connection)
        self._profiles: dict[str, SiteProfile] = {}

    def profile(self, site: str) -> SiteProfile:
        """Return the profile of a site as it was when it was first asked for."""
        if site not in self._profiles:
            self._profiles[site] = profile_of(self, site)
        return self._profiles[site]


def is_open_here(path: Path) -> bool:
    """Tell whether this process has the file at `path` open.

    Then a process that is forked from it cannot read the database: SQLite takes the locks that it inherits for its own.
    """
    with suppress(OSError):
        asked = path.stat()
        for entry in os.scandir("/proc/self/fd"):  # elsewhere than on Linux nobody is forked with the file open
            with suppress(OSError):
                if os.path.samestat(entry.stat(), asked):
                    return True
    return False


_open: dict[Path, ReadOnly] = {}


def opened(path: Path) -> ReadOnly:
    """Return the collection at `path`, which stays open for what this process is asked next."""
    if path not in _open:
        _open[path] = ReadOnly(path)
    return _open[path]


def close_all() -> None:
    """Close what `opened` has opened here: a process that goes on to other things holds no file."""
    while _open:
        _open.popitem()[1].db.close()

"""Exports a database in every format, in a process of its own that lives in another world.

`python -m tests.exports.again DB FOLDER DAYS`: the clock is DAYS ahead; hash seed, time zone and current folder are the
caller's to choose.
"""

import datetime
import sys
import time
from pathlib import Path

AHEAD = datetime.timedelta(days=int(sys.argv[3]) if __name__ == "__main__" else 0)
_time, _localtime = time.time, time.localtime


class Shifted(datetime.datetime):
    """The time of another day."""

    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + AHEAD


def main(db: Path, folder: Path) -> None:
    """Write each format to the folder, by its name."""
    from storage.exports import FORMATS
    from tests.exports.handing import hand_on

    folder.mkdir()
    for name in FORMATS:
        hand_on(db, name, folder / name)


if __name__ == "__main__":
    datetime.datetime = Shifted
    time.time = lambda: _time() + AHEAD.total_seconds()
    time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())

"""The last run of every site, and how often in a row it gave no answer: what decides whose turn it is.

Asked for all sites at once, as a collection may have thousands, each with thousands of runs.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from crawler.reasons import is_without_answer
from storage.run_history import SOUND

_LIVE = "mode NOT IN ('replay', 'reprocess')"
_FINISHED = "status IN ('ok', 'doubtful', 'failed')"
# One step down an index for each site, whatever the number of its runs.
_NEWEST = f"""
SELECT r.site, r.started_at, r.status, r.reason FROM sites s JOIN runs r
ON r.id = (SELECT id FROM runs WHERE site = s.slug AND {_LIVE} ORDER BY id DESC LIMIT 1)
"""  # noqa: S608 — literals only
_BACK = f"""
SELECT r.site, r.id, r.started_at, r.status, r.reason FROM json_each(?) s JOIN runs r
ON r.id IN (SELECT id FROM runs WHERE site = s.value AND {_LIVE} AND {_FINISHED} ORDER BY id DESC LIMIT ?)
ORDER BY r.site, r.id DESC
"""  # noqa: S608
_SOUND_HOURS = f"""
SELECT DISTINCT substr(r.started_at, 1, 13) FROM json_each(?) s JOIN runs r
ON r.id BETWEEN (s.value - 1) * ? AND (s.value + 2) * ?
WHERE {_LIVE} AND r.status IN {SOUND}
"""  # noqa: S608
_BLOCK = 256  # runs: those of one crawl have numbers near each other


@dataclass(frozen=True, slots=True)
class LastRun:
    """A site's newest run that was no replay. `started_at`: ISO; `without_answer`: how many finished runs in a row, up
    to the newest, failed because nothing of the site answered, though another site did in the same hours."""

    started_at: str
    status: str
    reason: str | None
    without_answer: int = 0


def last_runs(connection: sqlite3.Connection, *, most: int, near: int) -> dict[str, LastRun]:
    """Return slug → its last run, of all sites that have one.

    `most`: runs of a site that are looked back on; `near`: hours within which another site must have answered, as
    otherwise it may be our own network that did not work.
    """
    newest = list(connection.execute(_NEWEST))
    failed = [site for site, _, status, reason in newest if status == "failed" and is_without_answer(reason)]
    in_a_row = _without_answer(connection, failed, most)
    hours = _sound_hours(connection, (number for runs in in_a_row.values() for number, _ in runs))
    counts = {site: sum(_is_near(begun, hours, near) for _, begun in runs) for site, runs in in_a_row.items()}
    return {site: LastRun(at, status, reason, counts.get(site, 0)) for site, at, status, reason in newest}


def _without_answer(connection: sqlite3.Connection, sites: list[str], most: int) -> Mapping[str, list[tuple[int, str]]]:
    """Slug → (number, when it began) of its last runs in which nothing answered, up to the one in which something did;
    only where there are two at least."""
    rows: Iterator[tuple[str, int, str, str, str | None]] = connection.execute(_BACK, (json.dumps(sites), most))
    found = {}
    for site, runs in groupby(rows, key=lambda row: row[0]):
        silent = takewhile(lambda row: row[3] == "failed" and is_without_answer(row[4]), runs)
        found[site] = [(number, begun) for _, number, begun, _, _ in silent]
    return {site: runs for site, runs in found.items() if len(runs) > 1}


def _sound_hours(connection: sqlite3.Connection, runs: Iterable[int]) -> set[int]:
    """The hours, since 1970, in which a site answered, in the crawls that these runs belong to."""
    blocks = sorted({number // _BLOCK for number in runs})
    rows = connection.execute(_SOUND_HOURS, (json.dumps(blocks), _BLOCK, _BLOCK))
    return {_hour(f"{hour}:00+00:00") for (hour,) in rows}


def _is_near(moment: str, hours: set[int], near: int) -> bool:
    hour = _hour(moment)
    return any(hour + more in hours for more in range(-near, near + 1))


def _hour(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) // 3600

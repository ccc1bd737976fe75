"""The run log: every run that is over has a number and carries the digest of the run before it.

A run that was altered no longer has the digest that the log and the next run hold; one that is missing leaves its
number and its line in the log. With the digest of the newest run kept elsewhere (a bag has it, and so does a run's
summary), it can be shown whether the whole log was written anew.
"""

import json
from collections.abc import Collection as Ids
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlite_utils import Database

from crawler.dates.local_time import shown_moment

_HASHED = (
    "site", "mode", "started_at", "finished_at", "status", "reason", "message", "counts", "skipped", "software",
    "number", "previous",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The newest run of the log: its number, which is also how many runs the log holds, and its digest."""

    number: int
    digest: str | None  # None where no run is over yet


NO_RUNS = Head(0, None)


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the log does not hold: which run, and what is wrong."""

    where: str
    what: str


def digest(run: Mapping[str, object]) -> str:
    """Return the SHA-256, in hex, of a row of `runs` with its number and `previous`; the row's id is left out.

    The replayed files count where there are any, so that runs of before they were noted keep their digests.
    """
    names = _HASHED if run.get("sources", "[]") == "[]" else (*_HASHED, "sources")
    facts = json.dumps([run[name] for name in names], ensure_ascii=False, separators=(",", ":"))
    return sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()


def head(db: Database) -> Head:
    """Return the newest entry."""
    row = db.execute("SELECT number, digest FROM run_log ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*row) if row else NO_RUNS


def seal(db: Database, going_on: Ids[int] = ()) -> None:
    """Enter every run that is not in the log yet, the oldest first; but for those that are still `going_on`.

    The caller holds the database's lock: a run that is not going on in its own process was killed, and is entered as
    it is. The caller begins and ends the transaction.
    """
    last = head(db)
    for run in list(db.query("SELECT * FROM runs WHERE number IS NULL ORDER BY id")):
        if run["id"] in going_on:
            continue
        run |= {"number": last.number + 1, "previous": last.digest}
        last = Head(run["number"], digest(run))
        db.execute("UPDATE runs SET number = ?, previous = ? WHERE id = ?", (run["number"], run["previous"], run["id"]))
        db.execute(
            "INSERT INTO run_log (number, run_id, site, started_at, digest) VALUES (?, ?, ?, ?, ?)",
            (run["number"], run["id"], run["site"], run["started_at"], last.digest),
        )


def breaks(db: Database) -> Iterator[Break]:
    """Yield every place where the log does not hold; nothing where it is whole."""
    before: str | None = None
    number = 0
    entries = db.query(
        "SELECT l.number AS entry, l.run_id, l.site AS log_site, l.started_at AS log_started_at, l.digest, r.* "
        "FROM run_log l LEFT JOIN runs r ON r.number = l.number ORDER BY l.number"
    )
    for entry in entries:
        number += 1
        if entry["entry"] != number:
            yield Break(_named(number, entry["entry"] - 1), "no longer in the run log")
            number = entry["entry"]
            before = entry["previous"]  # so that the gap is reported once
        begun = shown_moment(entry["log_started_at"])
        where = f"run {entry['run_id']} (number {number}, {entry['log_site']}, begun {begun})"
        if entry["id"] is None:
            yield Break(where, "missing: the run log names it, but it is not in the table of runs")
        elif digest(entry) != entry["digest"]:
            yield Break(where, "altered: its digest is not the one that the run log has")
        elif entry["previous"] != before:
            yield Break(where, "altered: the run before it does not have the digest that this one holds")
        before = entry["digest"]
    for run in db.query(
        "SELECT id, number, site FROM runs WHERE number IS NOT NULL AND number NOT IN (SELECT number FROM run_log)"
    ):
        yield Break(f"run {run['id']} (number {run['number']}, {run['site']})", "not in the run log: its entry is gone")


def _named(first: int, last: int) -> str:
    return f"run number {first}" if first == last else f"run numbers {first} to {last}"

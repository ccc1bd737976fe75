"""Finds what may go by the rules, and takes it out of the files of captures and the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storage.archives.captures import Captures, folder_of
from storage.archives.warc import DamagedRecord
from storage.collection import Collection
from storage.connection import require_database
from storage.locking import sole_writer
from storage.pruning.rewrite import groups, rewrite
from storage.pruning.rules import Rules, choose


@dataclass(slots=True)
class Pruned:
    """`by_rule`: rule → (captures, about how many bytes); `won`: bytes by which the files are smaller, None where
    nothing was removed yet; `files`: that were written anew; `left`: sentences about files that stay as they are;
    `remarks`: what was repaired before."""

    rules: Rules
    by_rule: dict[str, tuple[int, int]]
    captures: int  # that the collection held before
    won: int | None = None
    files: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """Return this as JSON-ready facts."""
        return {
            "dry_run": self.won is None, "captures": self.captures, "removed": self.removed, "bytes": self.won,
            "files": self.files, "left": self.left, "remarks": self.remarks,
            "rules": [
                {"rule": rule, "days": days, "captures": self.by_rule[rule][0], "bytes": self.by_rule[rule][1]}
                for rule, days in self.rules.each()
            ],
        }  # fmt: skip


def prune(
    db: Path, rules: Rules, *, software: str, now: datetime, dry_run: bool, progress: Callable[[int, int], None]
) -> Pruned:
    """Remove the captures that may go by the rules; with `dry_run` only say which. `now` is aware.

    `progress`: (files done, of how many). Raises Unreadable, NewerSchema, Locked, CapturesUnwritable and Unwritable;
    what was not removed by then is as it was.
    """
    require_database(db)
    if dry_run:
        with Collection(db, must_exist=True) as collection:
            return _chosen(collection, rules, now)
    with sole_writer(db), Collection(db, must_exist=True) as collection:
        captures = Captures(collection, {})  # mends what a killed run left: its last records are not lost
        collection.before_commit = None
        done = _chosen(collection, rules, now)
        done.remarks += captures.repaired.sentences()
        done.won = 0
        stamp = now.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        about = {"software": software, "format": "WARC File Format 1.1"}
        found = groups(collection)
        for number, names in enumerate(found, 1):
            _prune(collection, names, about, stamp, done)
            progress(number, len(found))
    return done


def _chosen(collection: Collection, rules: Rules, now: datetime) -> Pruned:
    by_rule = choose(collection, rules, now)
    return Pruned(rules, by_rule, _captures(collection))


def _prune(collection: Collection, names: list[str], about: dict[str, str], stamp: str, done: Pruned) -> None:
    """Take what may go out of some files; where one cannot be read they stay as they are, with what they refer to."""
    before = _captures(collection)
    if waits_for := _kept_revisits(collection, names):
        done.left.append(f"{', '.join(names)}: captures in {', '.join(waits_for)} refer to it")
        return
    folder = folder_of(collection.path)
    if missing := [name for name in names if not (folder / name).is_file()]:
        done.left.append(f"{', '.join(names)}: {', '.join(missing)} is missing")
        return
    try:
        for item in rewrite(collection, folder, names, about, stamp):
            done.won = (done.won or 0) + item.won
            done.files += 1
    except DamagedRecord as error:
        done.left.append(f"{', '.join(names)}: {error}; `tinphuong verify` says more")
    done.removed += before - _captures(collection)


def _kept_revisits(collection: Collection, names: list[str]) -> list[str]:
    """The other files with revisits, left as they are, of captures in these files that were to go."""
    marks = ", ".join("?" * len(names))
    sql = (
        "SELECT DISTINCT r.file FROM temp.pruned p JOIN captures o ON o.id = p.id "  # noqa: S608 — marks only
        f"JOIN captures r ON r.revisit_of = o.id WHERE o.file IN ({marks}) AND r.file NOT IN ({marks})"
    )
    return [row["file"] for row in collection.rows(sql, [*names, *names])]


def _captures(collection: Collection) -> int:
    return int(next(collection.rows("SELECT count(*) AS n FROM captures"))["n"])

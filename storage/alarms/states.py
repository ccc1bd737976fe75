"""Reading and writing the states of sites and their changes; whoever writes holds the database's lock and commits."""

import json
import sqlite3
from collections.abc import Iterable, Sequence, Set
from typing import TypedDict, cast

from storage.collection import Collection
from storage.views.select import rows


class StateRow(TypedDict):
    """A row of `site_states`."""

    site: str
    state: str
    reason: str | None
    since: str | None


class ChangeRow(TypedDict):
    """A change of a site's state, as `state_changes` has it."""

    site: str
    name: str
    link: str
    state_before: str | None
    state: str
    turned: str
    reason: str | None
    message: str
    at: str


UNKNOWN = "unknown"
"""The state of a site that was crawled before there were alarms, until its next run."""

_COLUMNS = ", ".join(ChangeRow.__annotations__)


def states(connection: sqlite3.Connection) -> dict[str, StateRow]:
    """Return the state of every site that has one, by site; it may be UNKNOWN."""
    found = rows(connection, "SELECT site, state, reason, since FROM site_states", ())
    return {row["site"]: cast(StateRow, row) for row in found}


def put_states(collection: Collection, changed: Iterable[StateRow]) -> None:
    """Remember how sites do now."""
    for row in changed:
        collection.upsert("site_states", ("site",), row)


def add_changes(collection: Collection, changes: Iterable[ChangeRow], *, waiting: bool) -> None:
    """Add changes; `waiting`: they are to be sent."""
    for change in changes:
        collection.insert("state_changes", {**change, "waiting": int(waiting)})


def last_changes(connection: sqlite3.Connection) -> dict[str, ChangeRow]:
    """Return the last change of each site that has one, by site."""
    sql = f"SELECT {_COLUMNS} FROM state_changes WHERE id IN (SELECT max(id) FROM state_changes GROUP BY site)"  # noqa: S608
    return {row["site"]: cast(ChangeRow, row) for row in rows(connection, sql, ())}


def last_among(connection: sqlite3.Connection, site: str, wanted: Sequence[str]) -> str | None:
    """Return in which of the states `wanted` a site was last, before it turned to another one; None: not known."""
    sql = f"SELECT state_before FROM state_changes WHERE site = ? AND state_before IN ({', '.join('?' * len(wanted))}) "  # noqa: S608
    found = rows(connection, f"{sql} ORDER BY id DESC LIMIT 1", (site, *wanted))
    return found[0]["state_before"] if found else None


def waiting_sites(connection: sqlite3.Connection) -> set[str]:
    """Return the sites of which a change was not sent to everybody yet."""
    return {row["site"] for row in rows(connection, "SELECT DISTINCT site FROM state_changes WHERE waiting", ())}


def waiting_for(connection: sqlite3.Connection, mark: str) -> list[tuple[int, ChangeRow]]:
    """Return (id, change) of what waits and was not sent to the address of this mark yet, the oldest first."""
    found = rows(connection, f"SELECT id, told, {_COLUMNS} FROM state_changes WHERE waiting ORDER BY id", ())  # noqa: S608
    return [
        (row["id"], cast(ChangeRow, {name: row[name] for name in ChangeRow.__annotations__}))
        for row in found
        if mark not in json.loads(row["told"])
    ]


def settle(collection: Collection, wanted: Set[str]) -> None:
    """Let what all of `wanted` have wait no longer, as an address may have left them since."""
    found = rows(collection.db.conn, "SELECT id, told FROM state_changes WHERE waiting AND told <> '[]'", ())
    for row in found:
        if wanted <= {*json.loads(row["told"])}:
            collection.execute("UPDATE state_changes SET waiting = 0, told = '[]' WHERE id = ?", (row["id"],))


def note_told(collection: Collection, ids: Sequence[int], mark: str, wanted: Set[str]) -> None:
    """Note that these changes were sent to the address of this mark; what all of `wanted` have no longer waits."""
    for number in ids:
        (row,) = rows(collection.db.conn, "SELECT told FROM state_changes WHERE id = ?", (number,))
        told = {*json.loads(row["told"]), mark}
        waits = not told >= wanted
        values = (int(waits), json.dumps(sorted(told) if waits else []), number)
        collection.execute("UPDATE state_changes SET waiting = ?, told = ? WHERE id = ?", values)

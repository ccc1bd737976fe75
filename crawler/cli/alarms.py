"""`tinphuong alarms`: how sites did when that was last told, and a message to try the delivery."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crawler.cli import Exit, UsageError

if TYPE_CHECKING:
    from crawler.run.alarms.delivery import Target

_TITLE = "tinphuong: a test message"
_TEXT = "This is a test of tinphuong's alarms. A real one has a line for each site that changed: what it was and is, why, since when, what to do."  # noqa: E501 — one line of a message


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to send something."""
    parser.add_argument("--test", action="store_true", help="send each address a test message, and say how that went")
    parser.add_argument(
        "--alarms-to", action="append", metavar="URL",
        help="an address of Apprise; may be repeated ($TINPHUONG_ALARMS_TO)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each site whose state is known, or send the test."""
    if arguments.test:
        return _test(arguments)
    if arguments.alarms_to:
        raise UsageError("--alarms-to goes with --test here; a crawl sends alarms by itself")
    rows = _rows(arguments)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        _print(rows)
    return Exit.OK


def alarm_settings(arguments: argparse.Namespace) -> "tuple[Sequence[Target], bool]":
    """Return where a crawl's alarms go, and whether every run that is not well counts.

    Raises UsageError for what is no address, and MissingGroup.
    """
    every_run: bool = arguments.alarm_every_run or arguments.configuration["alarms.every_run"]
    if arguments.replay or arguments.from_archive is not None:
        for option in ("--alarms-to", "--alarm-every-run"):
            if getattr(arguments, option[2:].replace("-", "_")):
                raise UsageError(f"{option} goes with a crawl over the network; what an archive holds raises no alarms")
        return (), every_run
    return _targets(arguments), every_run


def _targets(arguments: argparse.Namespace) -> "list[Target]":
    addresses = arguments.configuration["alarms.to"] if arguments.alarms_to is None else arguments.alarms_to
    if not all(map(str.strip, addresses)):
        raise UsageError("an address of the alarms is empty; name one, or leave it out")
    if not addresses:
        return []
    from crawler.run.alarms.delivery import targets

    return targets([address.strip() for address in addresses])


def _test(arguments: argparse.Namespace) -> int:
    targets = _targets(arguments)
    if not targets:
        raise UsageError(
            "there is no address to send to: name one with --alarms-to or as `alarms.to` in the configuration"
        )
    failed = False
    for target in targets:
        failure = target.send(_TITLE, _TEXT)
        failed |= failure is not None
        if failure or not arguments.quiet:
            print(f"{target.name}: {f'not sent: {failure}' if failure else 'sent'}")
    return Exit.UNHEALTHY if failed else Exit.OK


def _rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    from storage import Collection
    from storage.alarms.states import UNKNOWN, last_changes, states, waiting_sites

    with Collection(arguments.db, must_exist=True) as collection:
        connection = collection.db.conn
        changes, waiting = last_changes(connection), waiting_sites(connection)
        return [
            {
                "site": site,
                "state": row["state"],
                "reason": row["reason"],
                "since": row["since"],
                "state_before": changes[site]["state_before"] if site in changes else None,
                "message": changes[site]["message"] if site in changes else None,
                "waiting": site in waiting,
            }
            for site, row in sorted(states(connection).items())
            if row["state"] != UNKNOWN
        ]


def _print(rows: list[dict[str, Any]]) -> None:
    from crawler.cli.output.text_table import table
    from crawler.dates.local_time import shown_moment

    if not rows:
        print("no state of a site is known yet: the next crawl notes them")
        return
    cells = [
        [
            row["site"],
            row["state"],
            shown_moment(row["since"]) if row["since"] else "",
            row["state_before"] or "",
            "still to be sent" if row["waiting"] else "",
            row["message"] or "",
        ]
        for row in rows
    ]
    print(table(cells, ["site", "state", "since", "before", "alarm", "last change"]))

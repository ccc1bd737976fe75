"""`tinphuong config`: the settings in force, and where each comes from."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.cli import UsageError

if TYPE_CHECKING:
    from crawler.configuration import Configuration
    from crawler.configuration.keys import Key


class Row(NamedTuple):
    """A key in force. `shown`: its value for people; `variable`: that of the environment."""

    name: str
    value: Any
    shown: str
    origin: str
    variable: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which keys."""
    parser.add_argument("keys", nargs="*", metavar="KEY", help="only these: a key like politeness.delay, or a section")
    parser.add_argument("--changed", action="store_true", help="only what differs from the defaults")


def run(arguments: argparse.Namespace) -> int:
    """Print a row a key; of a single key only its value."""
    from crawler.cli import registry_of
    from crawler.configuration.configuration import unknown_variables

    rows = list(_chosen(list(_rows(arguments.configuration)), arguments.keys))
    if not arguments.keys:
        registry_of(arguments)  # what is wrong with the sites is said here, too
    if arguments.changed:
        rows = [row for row in rows if row.origin != "default"]
    if arguments.json:
        facts = [{"key": r.name, "value": r.value, "from": r.origin, "variable": r.variable} for r in rows]
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    elif len(arguments.keys) == 1 and [row.name for row in rows] == arguments.keys:
        print("" if rows[0].value in (None, []) else rows[0].shown)
    elif not arguments.quiet:
        _print(arguments.configuration, rows)
    for name in unknown_variables(os.environ):
        print(f"tinphuong: the environment variable {name} is no key and changes nothing", file=sys.stderr)
    return 0


def _rows(configuration: "Configuration") -> Iterator[Row]:
    from crawler.configuration.keys import KEYS, SITE_BY_NAME

    for key in KEYS:
        said = configuration.in_force(key.name)
        yield _row(key, key.name, said.value, said.origin, key.variable)
    for slug, facts in configuration.sites.items():
        for name, said in facts.items():
            variable = f"TINPHUONG_SITE_{slug.upper()}_{SITE_BY_NAME[name].variable}"
            yield _row(SITE_BY_NAME[name], f"site.{slug}.{name}", said.value, said.origin, variable)


def _row(key: "Key", name: str, value: Any, origin: str, variable: str) -> Row:
    from crawler.configuration.values import shown

    plain = str(value) if isinstance(value, Path) else value
    if isinstance(value, tuple):
        plain = [str(part) for part in value]
    if key.secret and plain:
        plain = [shown(key, part) for part in plain] if isinstance(plain, list) else shown(key, plain)
    return Row(name, plain, shown(key, value), origin, variable)


def _chosen(rows: list[Row], wanted: list[str]) -> list[Row]:
    """The rows of the keys and sections that are wanted, all without any. Raises UsageError for one that is none."""
    for name in wanted:
        if not any(row.name == name or row.name.startswith(f"{name}.") for row in rows):
            near = get_close_matches(name, [row.name for row in rows], n=1)
            hint = f"did you mean {near[0]}?" if near else "`tinphuong config` lists them"
            raise UsageError(f"there is no key or section {name!r}; {hint}")
    return [
        row for row in rows if not wanted or any(row.name == name or row.name.startswith(f"{name}.") for name in wanted)
    ]


def _print(configuration: "Configuration", rows: list[Row]) -> None:
    from crawler.cli.output.text_table import table

    print(f"file: {configuration.file or 'none; `tinphuong init` makes one'}\n")
    print(table([[row.name, row.shown, row.origin] for row in rows], ["key", "value", "from"]))

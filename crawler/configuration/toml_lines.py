"""The line of a TOML text in which each key and section begins: tomllib keeps none."""

import tomllib
from collections.abc import Iterator
from typing import Any

Names = tuple[str, ...]


def lines_of(text: str) -> dict[Names, int]:
    """Return path of names → line, from 1, of a text that tomllib has read; of a section its first header."""
    found: dict[Names, int] = {}
    table: Names = ()
    for line, statement, tree in _statements(text.split("\n")):
        is_header = statement.lstrip().startswith("[")
        for path in _paths(tree):
            if is_header:
                table = path
            found.setdefault(path if is_header else (*table, *path), line)
    return found


def _statements(lines: list[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield the statements, each with its line and what tomllib makes of it alone; one may go on over several lines."""
    at = 0
    while at < len(lines):
        begun, statement = at, lines[at]
        at += 1
        while (tree := _parsed(statement)) is None and at < len(lines):
            statement += f"\n{lines[at]}"
            at += 1
        if tree:
            yield begun + 1, statement, tree


def _parsed(statement: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return None


def _paths(tree: dict[str, Any], above: Names = ()) -> Iterator[Names]:
    """Yield the path of every key of a tree, those above others first."""
    for name, value in tree.items():
        yield (path := (*above, name))
        if isinstance(value, dict):
            yield from _paths(value, path)

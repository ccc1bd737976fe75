"""The statements of a migration, one by one: so that all migrations can be one transaction."""

import sqlite3
from functools import cache


@cache
def statements(script: str) -> tuple[str, ...]:
    """Return the statements of an SQL script, triggers with their bodies as one each."""
    found, begun = [], ""
    for piece in script.split(";")[:-1]:
        begun += f"{piece};"
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return tuple(found)

"""SQL for rows whose columns a caller chooses; each statement is built once. Names are those of the schema."""

from collections.abc import Iterable
from functools import lru_cache

_KEPT = 512  # statements


@lru_cache(_KEPT)
def insert(table: str, names: tuple[str, ...]) -> str:
    """Return the statement that adds a row; its values are those of the columns `names`, in order."""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


@lru_cache(_KEPT)
def upsert(table: str, key: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Return the statement that adds a row, or updates the row with the same `key` columns; values as for `insert`."""
    others = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return f"{insert(table, names)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {others}"


@lru_cache(_KEPT)
def update(table: str, names: tuple[str, ...], key: str) -> str:
    """Return the statement that sets the columns `names` of the row with a `key`, whose value comes last."""
    return f"UPDATE {table} SET {assigned(names)} WHERE {key} = ?"  # noqa: S608


def assigned(names: Iterable[str]) -> str:
    """Return the assignments of an UPDATE to columns."""
    return ", ".join(f"{name} = ?" for name in names)

"""A list that may be too long to be printed whole."""

from collections.abc import Sequence

_SHOWN = 50  # lines


def print_first(lines: Sequence[str]) -> None:
    """Print the first lines, and how many more --json lists."""
    for line in lines[:_SHOWN]:
        print(line)
    if len(lines) > _SHOWN:
        print(f"… and {len(lines) - _SHOWN} more; --json lists them all.")

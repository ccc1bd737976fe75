"""Tables for people to read in a terminal."""

from collections.abc import Sequence

from tabulate import tabulate

from crawler.text.terminal_text import one_line


def table(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> str:
    """Return `rows` under `headers`; None shows as a dash, numbers are aligned to the right."""
    cells = [
        ["–" if cell is None else one_line(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    ]
    shown: str = tabulate(
        cells, headers=[header.replace("_", " ") for header in headers], disable_numparse=False, tablefmt="simple"
    )
    return shown


def cut(text: str, width: int) -> str:
    """Return `text` as one line, with an ellipsis for what is beyond `width` characters."""
    text = one_line(text)
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"

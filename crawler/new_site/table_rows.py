"""Adds rows to a table of sites that people edit: what stands in it stays as it is, byte by byte."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from crawler.errors import UsageError
from crawler.new_site.whole_files import write_whole
from crawler.urls import plain_host
from spiders import site_table

_BOM = "\ufeff"
_MEANT = {"start_pages": "/", "scheme": "https"}  # by an empty cell, and by no column
_HEADER = (*site_table.COLUMNS, "scheme")


def append(path: Path, facts: Mapping[str, str]) -> None:
    """Append a site's row: column → cell. A table that does not exist, or is empty, is made with a header.

    A column that the table lacks is added where the site needs it. One at a time does this to a table, and it is
    written whole or not at all. Raises BadTable where it has faults, UsageError where it has the slug or the host by
    now, OSError.
    """
    with locked(path):
        text = text_of(path)
        if has_header(text):
            for _, row in site_table.sound_rows(path):
                if row["slug"] == facts["slug"] or plain_host(row["host"]) == plain_host(facts["host"]):
                    raise UsageError(f"{row['host']} is registered already, as {row['slug']}, in {path}")
        write_whole(path, with_row(text, facts).encode("utf-8"))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let nobody else add to a table meanwhile; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.resolve().with_name(f".{path.name}.lock")):
        yield


def text_of(path: Path) -> str:
    """Return the text of a table, byte by byte; "" where there is none. Raises OSError, UnicodeDecodeError."""
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def is_to_be_made(path: Path) -> bool:
    """Tell whether a table does not exist yet, or is empty but for comments."""
    return not path.exists() or (path.is_file() and not has_header(path.read_bytes().decode("utf-8", "replace")))


def with_row(text: str, facts: Mapping[str, str]) -> str:
    """Return the text of a table with a row more, as `with_rows`. Pure."""
    return with_rows(text, [facts])


def with_rows(text: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Return the text of a table with these rows behind the others, each column → cell. Pure.

    A column that the table lacks is added where one of the rows needs it.
    """
    mark, text = (_BOM, text.removeprefix(_BOM)) if text.startswith(_BOM) else ("", text)
    end = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    if text and not text.endswith(("\n", "\r")):
        text += end
    if not has_header(text):
        text += ",".join(_HEADER) + end
    lines = list(io.StringIO(text, newline=""))
    (header, _), *_ = there = list(_rows(lines))
    names = [name.strip() for name in header]
    needed = {name: None for facts in rows for name, cell in facts.items() if cell not in ("", _MEANT.get(name))}
    added = [name for name in needed if name not in names]
    if added:
        for number, (row, last) in enumerate(there):
            # a row may end before the header does
            cells = added if number == 0 else [""] * (max(0, len(header) - len(row)) + len(added))
            bare = lines[last].rstrip("\r\n")
            lines[last] = f"{bare},{','.join(cells)}{lines[last][len(bare) :]}"
    more = io.StringIO()
    writer = csv.DictWriter(more, [*names, *added], restval="", extrasaction="ignore", lineterminator=end)
    writer.writerows(rows)
    return mark + "".join(lines) + more.getvalue()


def _rows(lines: list[str]) -> "list[tuple[list[str], int]]":
    """The rows that are not empty, each with the number, from 0, of its last line; comments are none."""
    reader = csv.reader("\n" if line.startswith("#") else line for line in lines)
    return [(row, reader.line_num - 1) for row in reader if row]


def has_header(text: str) -> bool:
    """Tell whether a table has a first line, and is not empty but for comments."""
    lines = text.removeprefix(_BOM).splitlines()
    return any(line.strip() and not line.startswith("#") for line in lines)

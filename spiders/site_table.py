"""Sites without a file each: a table of facts, one row a site (`spiders/sites.csv`).

Columns: `slug`, `name` (the ward), `host`, `platform`, `unit_old`, `unit_new` (codes, may be empty), `start_pages`
(paths, parted by spaces; empty for `/`), and optionally `scheme` (`https` where empty) and `every` (hours).
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler import units
from crawler.errors import ConfigurationError
from spiders.base import PortalSpider
from spiders.fingerprint import platforms, spider_class

TABLE = Path(__file__).with_name("sites.csv")
REQUIRED = ("slug", "name", "host", "platform", "unit_old", "unit_new", "start_pages")
OPTIONAL = ("scheme", "every")
_MOST_SHOWN = 20  # faults that an error lists


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the line in the file (the header is line 1), the column, a sentence."""

    line: int
    column: str
    wrong: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.wrong}"


class BadTable(ConfigurationError):
    """The table of sites has faults; the message names file, line, column and what is wrong."""

    def __init__(self, path: Path, faults: list[Fault]):
        more = f"\n  and {len(faults) - _MOST_SHOWN} more" if len(faults) > _MOST_SHOWN else ""
        super().__init__(f"{path}:" + "".join(f"\n  {fault}" for fault in faults[:_MOST_SHOWN]) + more)
        self.faults = faults


def load(path: Path = TABLE) -> dict[str, type[PortalSpider]]:
    """Return slug → spider class for the rows of `path`; {} where there is no such file. Raises BadTable."""
    rows, faults = read(path)
    if faults:
        raise BadTable(path, faults)
    return {row["slug"]: spider_of(row) for _, row in rows}


def spider_of(row: dict[str, str]) -> type[PortalSpider]:
    """Return the spider class of a sound row."""
    facts = {
        "name": row["slug"],
        "ward": row["name"],
        "host": row["host"],
        "scheme": row.get("scheme") or "https",
        "start_pages": tuple(row["start_pages"].split()) or ("/",),
        "unit_old": row["unit_old"] or None,
        "unit_new": row["unit_new"] or None,
        "every": int(row.get("every") or 24),
        "__module__": __name__,
        "__doc__": f"{row['name']}, from the table of sites.",
    }
    name = "".join(part.capitalize() for part in row["slug"].split("_"))
    made: type[PortalSpider] = type(name, (spider_class(row["platform"]),), facts)
    return made


def read(path: Path) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the rows with their line numbers, and the faults found."""
    if not path.is_file():
        return [], []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Fault(1, "slug", f"the file is not UTF-8 (byte {error.start}); save it as UTF-8")]
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="+", restval=None)
    header = reader.fieldnames or ()
    faults = [Fault(1, name, "the header lacks this column") for name in REQUIRED if name not in header]
    faults += [Fault(1, name, "no column has this name") for name in header if name not in (*REQUIRED, *OPTIONAL)]
    if faults:
        return [], faults
    rows: list[tuple[int, dict[str, str]]] = []
    for raw in reader:
        row = {name: (value or "").strip() for name, value in raw.items() if isinstance(name, str) and name != "+"}
        if not any(row.values()):
            continue
        if "+" in raw or None in raw.values():
            faults.append(Fault(reader.line_num, header[-1], f"the row has not {len(header)} cells"))
            continue
        rows.append((reader.line_num, row))
    return rows, faults + list(_faults(rows))


def unit_faults(rows: list[tuple[int, dict[str, str]]]) -> list[Fault]:
    """Return the rows whose codes no unit has, or whose old unit did not go into the new one.

    This is for `sites --check` alone: a unit that is younger than the table of units must not stop a crawl.
    """
    return [
        Fault(line, column, wrong)
        for line, row in rows
        for column, wrong in units.faults(row["unit_old"], row["unit_new"])
    ]


_CHECKS: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("slug", re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+").fullmatch, "is no slug like hanoi_trucbach"),
    ("name", str.strip, "the ward's name is missing"),
    ("host", re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?").fullmatch, "is no host name like a.hanoi.gov.vn"),
    ("unit_old", re.compile(r"(?:\d{5}|318|471|498|536|755)?").fullmatch, "is no code of five digits"),  # or an island
    ("unit_new", re.compile(r"(?:\d{5})?").fullmatch, "is no code of five digits"),
    ("start_pages", re.compile(r"(?:/\S*(?:\s+/\S*)*)?").fullmatch, "holds what is no path like /tin-tuc"),
    ("scheme", re.compile(r"(?:https?)?").fullmatch, "is neither http nor https"),
    ("every", re.compile(r"(?:[1-9]\d*)?").fullmatch, "is no number of hours"),
)  # fmt: skip


def _faults(rows: list[tuple[int, dict[str, str]]]) -> Iterator[Fault]:
    known = platforms()
    first: dict[tuple[str, str], int] = {}
    for line, row in rows:
        for column, is_right, wrong in _CHECKS:
            if column in row and not is_right(row[column]):
                yield Fault(line, column, f"{row[column]!r} {wrong}" if row[column] else wrong)
        if row["platform"] not in known:
            yield Fault(line, "platform", f"{row['platform']!r} is no platform; known: {', '.join(known)}")
        for column in ("slug", "host"):
            if row[column] and (earlier := first.setdefault((column, row[column]), line)) != line:
                yield Fault(line, column, f"{row[column]!r} stands in line {earlier} already")

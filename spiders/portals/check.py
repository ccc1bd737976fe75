"""Checks the directory of portals: `python -m spiders.portals.check [FILE] [--counts]`.

Prints each fault with its line; exit code 1 where there are any, 2 where the file cannot be read.
"""

import argparse
import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from crawler import units
from crawler.clock import now
from crawler.text.counted import counted
from crawler.units import NEW, OLD, table
from crawler.units.provinces import provinces, slug_of_province
from crawler.urls import plain_host
from spiders.portals import COLUMNS, LEVELS, SOURCES, TABLE, level_of
from spiders.site_table import Fault, wrong_cell

_LONGEST_HOST = 253
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_COLUMNS_OF_CODES = {"unit_old": "old_code", "unit_new": "new_code"}
_UNITS = LEVELS[:2]


def faults(content: bytes, today: date) -> Iterator[Fault]:
    """Yield what is wrong with a table like `portals.csv`, by line."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), restkey="+")
    except UnicodeDecodeError as error:
        yield Fault(content.count(b"\n", 0, error.start) + 1, "", f"the file is not UTF-8 (byte {error.start})")
        return
    if tuple(reader.fieldnames or ()) != COLUMNS:
        yield Fault(1, "", f"the first line is not {','.join(COLUMNS)}")
        return
    first: dict[tuple[str, str], int] = {}
    for row in reader:
        line = reader.line_num
        if "+" in row or None in row.values():
            yield Fault(line, "", f"the row does not have {len(COLUMNS)} cells")
            continue
        for column, wrong in _wrong(row, today):
            yield Fault(line, column, wrong)
        for column, name in (("host", plain_host(row["host"])), ("slug", row["slug"])):
            if (earlier := first.setdefault((column, name), line)) != line:
                yield Fault(line, column, f"{row[column]!r} is in line {earlier} already")


def _wrong(row: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
    """Yield (column, what is wrong) of a row for itself."""
    for column, cell in row.items():
        if cell != cell.strip() or not cell.isprintable():
            yield column, f"{cell!r} has blanks around it, or is not of one line"
    if wrong := _wrong_host(row["host"]):
        yield "host", f"{row['host']!r} {wrong}"
    if said := wrong_cell("slug", row["slug"]):
        yield "slug", said
    if row["level"] not in LEVELS:
        yield "level", f"{row['level']!r} is none of {', '.join(LEVELS)}"
    if row["source"] not in SOURCES:
        yield "source", f"{row['source']!r} is none of {', '.join(SOURCES)}"
    if row["since_2025"] not in ("", "yes"):
        yield "since_2025", f"{row['since_2025']!r} is not yes; leave it empty where that is not known"
    if wrong := _wrong_day(row["seen"], today):
        yield "seen", f"{row['seen']!r} {wrong}"
    elif row["source"] == "register" and not row["seen"]:
        yield "seen", "what the register has is certified on a day"
    if row["province"] and row["province"] not in provinces(NEW if row["since_2025"] else OLD):
        yield "province", f"{row['province']!r} is not the slug of a province"
    elif not row["province"] and row["level"] not in _UNITS:
        yield "province", "the province is missing"
    yield from _wrong_codes(row)


def _wrong_host(host: str) -> str:
    labels = host.split(".")
    if len(labels) < 2 or len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        return "is not a host's name in lower-case ASCII, without scheme, port and path"
    if labels[0] == "www":
        return "begins with www.; leave that out"
    return "is an address, not a name" if labels[-1].isdigit() else ""


def _wrong_day(text: str, today: date) -> str:
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "is not a day like 2024-08-21"
    if day.isoformat() != text:
        return "is not a day like 2024-08-21"
    return "is in the future" if day > today else ""


def _wrong_codes(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    old_code, new_code = row["old_code"], row["new_code"]
    if row["level"] not in _UNITS:
        for column in ("old_code", "new_code"):
            if row[column]:
                yield column, f"a {row['level']} has no code of a ward or commune"
        return
    wrong = list(units.faults(old_code or None, new_code or None))
    for name, said in wrong:
        yield _COLUMNS_OF_CODES[name], said
    if row["since_2025"] and not new_code:
        yield "new_code", "a portal since July 2025 is one of a new unit: its code is missing"
    if row["since_2025"] and old_code:
        yield "old_code", "a portal since July 2025 is one of a new unit, not of this one"
    unit = table().get(old_code, OLD) or table().get(new_code, NEW)
    if unit is None or wrong:
        return
    if level_of(unit) != row["level"] in LEVELS:
        yield "level", f"{unit.label} is a {level_of(unit)}, not a {row['level']}"
    if slug_of_province(unit.province) != row["province"]:
        yield "province", f"{unit.label} is in {slug_of_province(unit.province)}, not in {row['province'] or 'none'}"


def counts(rows: Sequence[Mapping[str, str]]) -> str:
    """Return how many rows there are by source, level, year and province, as tables in Markdown."""
    years = Counter(row["seen"][:4] or "not known" for row in rows)
    by_province = Counter(row["province"] or "not known" for row in rows)
    parts = [
        _table("source", [(name, sum(row["source"] == name for row in rows)) for name in SOURCES]),
        _table("level", [(name, sum(row["level"] == name for row in rows)) for name in LEVELS]),
        _table("certified in", sorted(years.items())),
        _table("province", sorted(by_province.items(), key=lambda item: (-item[1], item[0]))),
    ]
    return "\n".join(parts)


def _table(title: str, lines: Sequence[tuple[str, int]]) -> str:
    return f"| {title} | hosts |\n|---|---|\n" + "".join(f"| {name} | {count:,} |\n" for name, count in lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Check a table, or print its counts; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m spiders.portals.check", description="Check the directory of portals, or a table like it."
    )
    parser.add_argument(
        "file", type=Path, nargs="?", default=TABLE, metavar="FILE", help="default: spiders/portals.csv"
    )
    parser.add_argument("--counts", action="store_true", help="print the tables of counts that its README has")
    arguments = parser.parse_args(argv)
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        print(f"{arguments.file} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    found = list(faults(content, now().date()))
    for fault in found:
        print(f"{arguments.file}: {fault}")
    if found:
        print(f"{counted(len(found), 'fault')}; README.md in {Path(__file__).parent} says what each column holds")
        return 1
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    print(counts(rows) if arguments.counts else f"{arguments.file.name}: {counted(len(rows), 'portal')}, no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Sites without a file each: a table of facts, one row a site (`spiders/sites.csv`).

Columns: `slug`, `name` (the ward), `host` (with a port where it needs one), `platform` (where empty, the first run
finds it, and the database keeps it; `generic` stays so), `unit_old`, `unit_new` (codes), `start_pages` (paths, parted
by spaces; `/` where empty), `scheme` (`https` where empty), `every` (hours; 24 where empty) and `tls` (`old` or `any`,
where a server is believed without the usual proof); `delay` and `timeout` (seconds), `user_agent`, `attachments`,
`pictures` and `requisites` (`yes` or `no`, of requisites also `browser`) and `leave_out` (beginnings of paths, parted
by spaces), which the run's settings are for where they are empty; `render` (`lists` or `pages`: what a browser
finishes); `rights` and `rights_url` (what is stated on the reuse of its articles, and the address of the licence).
Only the first three are required; any other may be empty or left out. A row may end after `start_pages`. Lines that
begin with `#` are comments.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler import units, urls
from crawler.errors import ConfigurationError
from crawler.run.site import BROWSER, STATED, UNKNOWN
from spiders.base import PortalSpider
from spiders.fingerprint import GENERIC, platforms
from spiders.spider_classes import spider_class

TABLE = Path(__file__).with_name("sites.csv")
COLUMNS = ("slug", "name", "host", "platform", "unit_old", "unit_new", "start_pages")
REQUIRED = COLUMNS[:3]
OPTIONAL = (
    *COLUMNS[3:], "scheme", "every", "tls", "delay", "timeout", "user_agent", "attachments", "pictures",
    "requisites", "leave_out", "render", "rights", "rights_url",
)  # fmt: skip
_MAY_LACK = OPTIONAL[len(COLUMNS) - len(REQUIRED) :]  # columns whose cells a row need not have, if they come last
_MOST_SHOWN = 20  # faults that an error lists
_MAX_PORT = 65_535
_LONGEST_CELL = 131_072  # characters
_COMMENT = re.compile(r"^#[^\r\n]*(\r?\n|\r|\Z)", re.MULTILINE)
_ASKED = {"yes": True, "no": False, "browser": BROWSER}
_SHOWN = 200  # characters of a cell in a fault
_MOST_COLUMNS = 50  # more are not looked at one by one: the file is something else


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the line in the file (the header is line 1), the column or "", a sentence."""

    line: int
    column: str
    wrong: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, column {self.column}: {self.wrong}"
            if self.column
            else f"line {self.line}: {self.wrong}"
        )


class BadTable(ConfigurationError):
    """A table of sites has faults; the message has a line for each, with file, line, column and a sentence."""

    def __init__(self, path: Path, faults: list[Fault]):
        more = [f"{path}: and {len(faults) - _MOST_SHOWN} more faults"] if len(faults) > _MOST_SHOWN else []
        super().__init__("\n".join([*(f"{path}: {fault}" for fault in faults[:_MOST_SHOWN]), *more]))
        self.faults = faults


def load(path: Path = TABLE) -> dict[str, type[PortalSpider]]:
    """Return slug → spider class for the rows of `path`. Raises as `sound_rows`."""
    return {row["slug"]: spider_of(row) for _, row in sound_rows(path)}


def sound_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows with their line numbers. Raises BadTable where one has a fault, and as `read`."""
    rows, faults = read(path)
    if faults:
        raise BadTable(path, faults)
    return rows


def spider_of(row: dict[str, str]) -> type[PortalSpider]:
    """Return the spider class of a sound row."""
    facts = {
        "name": row["slug"],
        "ward": row["name"],
        "host": row["host"],
        "scheme": row["scheme"] or "https",
        "start_pages": tuple(row["start_pages"].split()) or ("/",),
        "unit_old": row["unit_old"] or None,
        "unit_new": row["unit_new"] or None,
        "every": int(row["every"] or 24),
        "tls": row["tls"],
        "platform_from": STATED if row["platform"] else UNKNOWN,
        **_of_settings(row),
        "__module__": __name__,
        "__doc__": f"{row['name']}, from the table of sites.",
    }
    name = "".join(part.capitalize() for part in row["slug"].split("_"))
    made: type[PortalSpider] = type(name, (spider_class(row["platform"] or GENERIC),), facts)
    return made


def _of_settings(row: dict[str, str]) -> dict[str, object]:
    """The facts of a sound row that take the place of settings: those that it states."""
    facts: dict[str, object] = {name: float(row[name]) for name in ("delay", "timeout") if row[name]}
    facts |= {name: _ASKED[row[name]] for name in ("attachments", "pictures", "requisites") if row[name]}
    facts |= {name: row[name] for name in ("user_agent", "render", "rights", "rights_url")}
    return facts | {"leave_out": tuple(row["leave_out"].split())}


def read(path: Path) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the rows with their line numbers, each with all columns, and the faults found.

    Raises ConfigurationError where there is no such file, or it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file or folder of sites") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: the table of sites cannot be read: {error.strerror}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [], [Fault(line, "", f"the file is not UTF-8 (byte {error.start}); save it as UTF-8")]
    if not any(line.strip() and not line.startswith("#") for line in text.splitlines()):
        return [], [Fault(1, "", f"the file is empty; its first line names the columns: {','.join(COLUMNS)}")]
    text = _COMMENT.sub(lambda found: found[1], text)  # its line stays, so that lines are counted right
    if open_at := _open_quotation(text):
        return [], [Fault(open_at, "", 'a quotation mark (") is not closed')]
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="+", restval=None)
    before = csv.field_size_limit(_LONGEST_CELL)  # one limit for the whole process, which others may have raised
    try:
        return _rows(reader)
    except csv.Error as error:
        return [], [Fault(reader.line_num, "", f"the file cannot be read as comma-separated values: {error}")]
    finally:
        csv.field_size_limit(before)


def _rows(reader: "csv.DictReader[str]") -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    first: list[str] = next((row for row in reader.reader if row), [])  # comments may come before it
    header = [name.strip() for name in first]
    reader.fieldnames = header
    if faults := list(_header_faults(header, reader.reader.line_num)):
        return [], faults
    rows: list[tuple[int, dict[str, str]]] = []
    for raw in reader:
        row = {name: (value or "").strip() for name, value in raw.items() if isinstance(name, str) and name != "+"}
        if not any(row.values()):
            continue
        if "+" in raw or any(value is None and name not in _MAY_LACK for name, value in raw.items()):
            needed = header if "+" in raw else _without_end(header)
            faults.append(Fault(reader.line_num, needed[-1], f"the row does not have {len(needed)} cells"))
            continue
        row = dict.fromkeys(OPTIONAL, "") | row
        rows.append((reader.line_num, row))
    return rows, faults + list(_faults(rows))


def _without_end(header: list[str]) -> list[str]:
    """Return the columns whose cells each row must have."""
    length = max(number for number, name in enumerate(header, 1) if name not in _MAY_LACK)
    return header[:length]


def _open_quotation(text: str) -> int | None:
    """Return the line of the row in which a quotation mark is never closed, so that the rest would be one cell."""
    reader, begun = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for _ in reader:
            begun = reader.line_num + 1
    except csv.Error as error:
        return begun if "unexpected end of data" in str(error) else None  # what else there is, `read` finds
    return None


def _header_faults(header: list[str], line: int) -> Iterator[Fault]:
    """Yield what is wrong with the first line of a table but for comments, which is in `line`."""
    if len(header) == 1 and re.search("[;\t]", header[0]):
        yield Fault(line, "", "the cells must be parted by commas")
        return
    if len(header) > _MOST_COLUMNS:
        yield Fault(line, "", f"there are {len(header)} columns: this is no table of sites")
        return
    yield from (Fault(line, name, "the header lacks this column") for name in REQUIRED if name not in header)
    for number, name in enumerate(header):
        if not name:
            yield Fault(line, "", f"column {number + 1} has no name")
        elif name not in (*REQUIRED, *OPTIONAL):
            yield Fault(line, name, "no column has this name")
        elif name in header[:number]:
            yield Fault(line, name, "two columns have this name")


def unit_faults(rows: list[tuple[int, dict[str, str]]]) -> list[Fault]:
    """Return the rows whose codes no unit has, or whose old unit did not go into the new one.

    This is for `sites --check` alone: a unit that is younger than the table of units must not stop a crawl.
    """
    return [
        Fault(line, column, wrong)
        for line, row in rows
        for column, wrong in units.faults(row["unit_old"], row["unit_new"])
    ]


def _is_host(text: str) -> bool:
    """Tell whether `text` is a host's name or its IPv4 address, with or without a port."""
    found = re.fullmatch(r"(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::(\d{1,5}))?", text, re.ASCII)
    return found is not None and 0 < int(found[1] or 443) <= _MAX_PORT


_CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "slug": (re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+").fullmatch, "is not a slug like hanoi_trucbach"),
    "name": (str.strip, "the ward's name is missing"),
    "host": (_is_host, "is not a host name like a.hanoi.gov.vn"),
    # islands without communes have codes of three digits
    "unit_old": (re.compile(r"(?:\d{5}|318|471|498|536|755)?").fullmatch, "is not a code of five digits"),
    "unit_new": (re.compile(r"(?:\d{5})?").fullmatch, "is not a code of five digits"),
    "start_pages": (re.compile(r"(?:/\S*(?:\s+/\S*)*)?").fullmatch, "holds something that is not a path like /tin-tuc"),
    "scheme": (re.compile(r"(?:https?)?").fullmatch, "is neither http nor https"),
    "tls": (re.compile(r"(?:old|any)?").fullmatch, "is neither old nor any; leave it empty to verify certificates"),
    "delay": (re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?)?", re.ASCII).fullmatch, "is not a number of seconds"),
    "timeout": (re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?)?", re.ASCII).fullmatch, "is not a number of seconds"),
    "user_agent": (str.isprintable, "is not a text of one line"),
    "attachments": (re.compile(r"(?:yes|no)?").fullmatch, "is neither yes nor no; empty: as the run does"),
    "pictures": (re.compile(r"(?:yes|no)?").fullmatch, "is neither yes nor no; empty: as the run does"),
    "requisites": (
        re.compile(r"(?:yes|no|browser)?").fullmatch, "is neither yes, no nor browser; empty: as the run does",
    ),
    "leave_out": (re.compile(r"(?:/\S+(?:\s+/\S+)*)?").fullmatch, "holds something that is not a path like /van-ban"),
    "render": (re.compile(r"(?:lists|pages)?").fullmatch, "is neither lists nor pages; empty: without a browser"),
    "rights": (str.isprintable, "is not a text of one line"),
    "rights_url": (re.compile(r"(?:https?://[^\s/]\S*)?").fullmatch, "is not the address of a page"),
    "every": (re.compile(r"(?:[1-9][0-9]{0,4})?").fullmatch, "is not a number of hours, at most 99999"),
}  # fmt: skip


def wrong_cell(column: str, value: str) -> str | None:
    """Return what is wrong with a cell, as a sentence, or None."""
    is_right, wrong = _CHECKS[column]
    if is_right(value):
        return None
    return f"{value[:_SHOWN]!r} {wrong}" if value else wrong


def _faults(rows: list[tuple[int, dict[str, str]]]) -> Iterator[Fault]:
    known = platforms()
    first: dict[tuple[str, str], int] = {}
    for line, row in rows:
        for column in _CHECKS:
            if wrong := wrong_cell(column, row[column]):
                yield Fault(line, column, wrong)
        if row["platform"] and row["platform"] not in known:
            yield Fault(line, "platform", f"{row['platform']!r} is not a platform; known: {', '.join(known)}")
        for column, name in (("slug", row["slug"]), ("host", urls.plain_host(row["host"]))):
            if name and (earlier := first.setdefault((column, name), line)) != line:
                yield Fault(line, column, f"{row[column]!r} is in line {earlier} already")

"""What the address of a search asks for: words, facets, dates; and the addresses that ask for a little more or less."""

import calendar
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from crawler.text import fold
from crawler.text.remarks import Remark
from storage.search.query import Filters, iso_date

_NO_SITE = "\0"  # no site has it in its slug, host or name
FACETS = ("site", "unit", "year", "section")
_PARTS = ("q", *FACETS, "province", "file", "removed", "doubt", "sort", "since", "until")


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """`parts`: each part of the address that a search has, "" where it is missing. `page` counts from 1.

    `filters` holds what they ask for besides words, `remarks` what could not be understood. `span`: the first and the
    last day, in the form that a date field takes.
    """

    parts: dict[str, str]
    page: int
    filters: Filters
    remarks: list[Remark]
    span: dict[str, str]

    @property
    def text(self) -> str:
        """The words."""
        return self.parts["q"]

    @property
    def by_date(self) -> bool:
        """Whether the newest are to come first."""
        return self.parts["sort"] == "new"

    def among(self, sites: Collection[str] | None) -> "SearchAddress":
        """Return the same search in the articles of these sites only (slugs); None: the province is not understood."""
        if sites is None:
            remark = Remark("not_understood", {"text": f"province:{self.parts['province']}"})
            return replace(self, remarks=[*self.remarks, remark])
        wanted = self.parts["site"]
        chosen = tuple(slug for slug in sites if wanted in ("", slug)) or (_NO_SITE,)
        return replace(self, filters=replace(self.filters, sites=chosen))

    def link(self, path: str = "/search", **changed: object) -> str:
        """Return the address of the same search with some parts changed, from its first page; "" drops a part."""
        values = {name: value for name, value in (self.parts | changed).items() if value}
        return f"{path}?{urlencode(values)}" if values else path


def read_address(part: Callable[[str], str | None]) -> SearchAddress:
    """Return what an address asks for, of which `part` gives each part by its name; nothing raises."""
    parts = {name: part(name) or "" for name in _PARTS}
    number = part("page") or "1"
    dates = {name: iso_date(parts[name]) for name in ("since", "until", "year")}
    if len(dates["year"] or "") != 4:
        dates["year"] = None
    remarks = [
        Remark("not_understood", {"text": f"{name}:{parts[name]}"})
        for name, date in dates.items()
        if parts[name] and date is None
    ]
    return SearchAddress(
        parts, max(1, int(number)) if number.isdecimal() and len(number) < 5 else 1, _filters(parts, dates), remarks,
        {"since": _day(dates["since"]), "until": _day(dates["until"], last=True)},
    )  # fmt: skip


def _filters(parts: dict[str, str], dates: dict[str, str | None]) -> Filters:
    own = Filters(
        sites=(parts["site"],) if parts["site"] else (),
        units=(parts["unit"],) if parts["unit"] else (),
        sections=(f"={fold(parts['section'])}",) if parts["section"] else (),  # just this one
        since=dates["since"], until=dates["until"],
        has_file=True if parts["file"] else None,
        removed=True if parts["removed"] else None,
        doubts=("any",) if parts["doubt"] else (),
    )  # fmt: skip
    return own.joined(Filters(since=dates["year"], until=dates["year"]))


def _day(date: str | None, *, last: bool = False) -> str:
    """The first or last day of a day, month or year in ISO; "" for none."""
    if not date:
        return ""
    if len(date) == 4:
        date += "-12" if last else "-01"
    if len(date) == 7:
        date += f"-{calendar.monthrange(int(date[:4]), int(date[5:]))[1] if last else 1:02}"
    return date

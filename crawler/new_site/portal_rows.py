"""Adds many sites to a user's own table at once: what the directory of portals knows, and what a discovery found.

All rows are one write, whole or not at all. `crawl` can use them at once: an empty platform is found at the first
crawl.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from crawler.new_site.table_rows import has_header, locked, text_of, with_rows
from crawler.new_site.whole_files import write_whole
from crawler.urls import plain_host
from spiders import site_table
from spiders.base import PortalSpider


@dataclass(frozen=True, slots=True)
class SiteRow:
    """What a row of a table of sites says of a portal; the cells mean what `spiders.site_table` says.

    `slug`: wished for; `name`: of the ward; `host`: with a port where it needs one; `tls`: "", "old" or "any";
    `platform`: "" where not known; `unit_old`, `unit_new`: codes; `start_pages`: paths.
    """

    slug: str
    name: str
    host: str
    scheme: str = "https"
    tls: str = ""
    platform: str = ""
    unit_old: str | None = None
    unit_new: str | None = None
    start_pages: tuple[str, ...] = ("/",)

    def cells(self) -> dict[str, str]:
        """Return column → cell."""
        return {
            "slug": self.slug, "name": self.name, "host": self.host, "platform": self.platform,
            "unit_old": self.unit_old or "", "unit_new": self.unit_new or "",
            "start_pages": " ".join(self.start_pages), "scheme": self.scheme, "tls": self.tls,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddedSites:
    """What became of the rows; each is in one of `added`, `registered` and `refused`.

    `added`: as written, with the slugs they have; `registered`: host → slug of the site that has it already; `refused`:
    host → a sentence, what of it no table may hold; `renamed`: host → slug that was wished for, of those added under
    another.
    """

    added: tuple[SiteRow, ...]
    registered: dict[str, str]
    refused: dict[str, str]
    renamed: dict[str, str]


def add_sites(
    table: Path, rows: Iterable[SiteRow], known: Mapping[str, type[PortalSpider]], *, dry_run: bool = False
) -> AddedSites:
    """Add rows to a table, in their order, all by one write; `dry_run`: only say what would become of them.

    `known`: slug → site, the user's registry. A host that is registered there or in the table is passed over; a slug
    that another site has gets a number behind it. A table that does not exist is made. Raises BadTable where the table
    has faults, OSError.
    """
    if dry_run:
        return _settled(rows, _names(table, known))
    with locked(table):
        found = _settled(rows, _names(table, known))
        if found.added:
            text = with_rows(text_of(table), [row.cells() for row in found.added])
            write_whole(table, text.encode("utf-8"))
    return found


def _names(table: Path, known: Mapping[str, type[PortalSpider]]) -> dict[str, Sequence[str]]:
    """Slug → hosts, of the sites of a registry and of those in the table by now."""
    names: dict[str, Sequence[str]] = {slug: (site.host, *site.other_hosts) for slug, site in known.items()}
    if table.is_file() and has_header(table.read_bytes().decode("utf-8", "replace")):
        names |= {row["slug"]: (row["host"],) for _, row in site_table.sound_rows(table) if row["slug"] not in names}
    return names


def _settled(rows: Iterable[SiteRow], names: Mapping[str, Sequence[str]]) -> AddedSites:
    by_host = {plain_host(host): slug for slug, hosts in names.items() for host in hosts}
    slugs = set(names)
    added: list[SiteRow] = []
    registered: dict[str, str] = {}
    refused: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for row in rows:
        if (slug := by_host.get(plain_host(row.host))) is not None:
            registered.setdefault(row.host, slug)
            continue
        if wrong := _wrong(row):
            refused[row.host] = wrong
            continue
        if row.slug in slugs:
            free = next(name for number in count(2) if (name := f"{row.slug}{number}") not in slugs)
            renamed[row.host] = row.slug
            row = replace(row, slug=free)
        slugs.add(row.slug)
        by_host[plain_host(row.host)] = row.slug
        added.append(row)
    return AddedSites(tuple(added), registered, refused, renamed)


def _wrong(row: SiteRow) -> str | None:
    """What of a row would make the whole table unreadable, as a sentence, or None."""
    for column, cell in row.cells().items():
        if column == "platform":
            if cell and cell not in site_table.platforms():
                return f"{cell!r} is not a platform"
        elif wrong := site_table.wrong_cell(column, cell):
            return f"{column}: {wrong}"
    return None if row.name.isprintable() else f"name: {row.name!r} is not a text of one line"

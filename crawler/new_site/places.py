"""Where a new site is written, and where the frozen pages of a registered one are: in a checkout, or with a user."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import UsageError
from crawler.new_site.frozen_pages import FROZEN
from spiders.site_files import is_folder
from spiders.site_table import TABLE

if TYPE_CHECKING:
    from crawler.configuration import Configuration

_ROOT = Path(__file__).resolve().parents[2]  # where the packages are


def checkout() -> Path | None:
    """Return the checkout of the source that this program runs from; None where it is installed."""
    return _ROOT if (_ROOT / "pyproject.toml").is_file() else None


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a new site go. `files`: the folder of site files, None where a user has none; `table`: the
    table of sites, None likewise; `frozen`: the folder of frozen pages; `root`: of a checkout, None for a user's."""

    files: Path | None
    table: Path | None
    frozen: Path
    root: Path | None = None

    @classmethod
    def of_checkout(cls, root: Path) -> "Places":
        """Return the places in a checkout, which need not exist yet."""
        return cls(root / "spiders", root / "spiders" / TABLE.name, root / "spiders" / FROZEN.name, root)


@dataclass(frozen=True, slots=True)
class Users:
    """What a user says of places. `named`: by --sites; `frozen`: by --frozen; `configuration`: with its `[sites]`."""

    configuration: "Configuration"
    named: Sequence[Path] = ()
    frozen: Path | None = None

    def frozen_of(self, place: Path | None) -> Path:
        """Return the folder of the frozen pages of the sites that `place`, a table or folder, registers.

        That is the one that is said (--frozen, `sites.frozen`), else `frozen` beside the configuration for its own
        places, and beside the place for one of --sites. None stands for the package.
        """
        if self.frozen:
            return self.frozen
        if place is None:
            return FROZEN
        said: Path | None = self.configuration["sites.frozen"]
        if said is None and place not in self.named:
            said = self.configuration.frozen
        return said or place.absolute().parent / FROZEN.name

    def places(self, *, as_row: bool) -> Places | None:
        """Return where a site goes, as a row or as a file; None where the user has no place of either kind.

        Places of --sites go before those of the configuration.
        """
        folders = [path for path in self.named if is_folder(path)]
        tables = [path for path in self.named if path not in folders]
        if folder := self.configuration["sites.folder"]:
            folders.append(folder)
        tables += self.configuration["sites.tables"]
        if not folders and not tables:
            return None
        chosen = (tables or folders if as_row else folders or tables)[0]
        return Places(next(iter(folders), None), next(iter(tables), None), self.frozen_of(chosen))


def nowhere(users: Users, places: Places, *, as_row: bool) -> UsageError:
    """Return the error for a site that the user's places have no room for: they name no table, or no folder."""
    where = users.configuration.file or "the configuration"
    if as_row:
        return UsageError(f"no table of sites is named: set sites.tables in {where}, or name one with --sites FILE")
    return UsageError(
        f"no folder of site files is named: set sites.folder in {where}, or say --table for a row of {places.table}"
    )


def installed() -> UsageError:
    """Return the error for a site that would have to be written into the installed package."""
    return UsageError(
        "nothing is written into the installed package: `tinphuong init` makes a folder of your own to work in; "
        "or name a table or folder of sites with --sites, or a checkout of the source with --into DIR"
    )

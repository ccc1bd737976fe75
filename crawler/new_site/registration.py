"""Registers what a survey found: where it goes, whether there is room for it, and what is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler import urls
from crawler.errors import UsageError
from crawler.new_site import frozen_pages, scaffold
from crawler.new_site.places import Places, Users, nowhere
from crawler.new_site.proposed_names import slug_of
from crawler.new_site.survey_failures import SiteFailed
from crawler.new_site.surveyed import Survey
from crawler.units.hosts.slugs import Named, slug_for
from spiders.base import PortalSpider
from spiders.site_table import wrong_cell


def check_slug(slug: str) -> None:
    """Raise UsageError for what is not a slug."""
    if wrong_cell("slug", slug):
        raise UsageError(f"{slug!r} is not a slug; write --slug <province>_<place>, lower case without diacritics")


def shown(path: Path) -> Path:
    """Return a path relative to the current folder, if it lies in it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@dataclass
class Registration:
    """The places of new sites, and the sites that are registered there.

    `known`: slug → site, a registry; `own`: the tables and folders of the user's own; `as_row`: sites become rows of a
    table, else files.
    """

    places: Places
    known: Mapping[str, type[PortalSpider]]
    users: Users
    own: Sequence[Path] = ()
    as_row: bool = False
    added: dict[str, str] = field(default_factory=dict)  # slug → host, of those that were written since

    def check_room(self) -> None:
        """Raise UsageError for a site for which a user names no table, or no folder of site files."""
        if (self.places.table if self.as_row else self.places.files) is None:
            raise nowhere(self.users, self.places, as_row=self.as_row)

    def waiting(self, host: str, slug: str | None = None) -> type[PortalSpider] | None:
        """Return the site at `host`, with port, that only a user's table or folder registers: it lacks frozen pages.

        Raises UsageError where it has them.
        """
        for name, site in self.known.items():
            of_user = getattr(self.known, "places", {}).get(name) in self.own
            if of_user and site.host == host and slug in (None, name):
                if frozen_pages.is_frozen(name, self.places.frozen):
                    raise UsageError(f"{name} is registered and has frozen pages already; `tinphuong check` reads them")
                return site
        return None

    def check_free(self, slug: str, host: str) -> None:
        """Raise UsageError where the slug or the host is registered, or there is a file of the site's name."""
        check_slug(slug)
        if wrong := wrong_cell("host", host):
            raise UsageError(f"a site is registered under its host's name, and {wrong}")
        for name, other in self._registered():
            if name == slug or urls.plain_host(other) == urls.plain_host(host):
                raise UsageError(f"{other} is registered already, as {name}; for another site give --slug")
        self.check_room()
        if self.places.files and (path := scaffold.path_of_file(slug, self.places.files)).exists():
            raise UsageError(f"{shown(path)} exists already; remove it first, or give another --slug")

    def check_before(self, host: str, slug: str | None = None) -> None:
        """Raise UsageError where the site at `host` could not be written, before anything is asked of it."""
        if self.waiting(host, slug) is None:
            self.check_free(slug or slug_of(host), host)

    def settle(self, found: Survey, slug: str | None = None) -> type[PortalSpider] | None:
        """Refuse a site that is registered already, or whose file exists. `slug`: the one that was given.

        A site that only a user's table or folder registers is returned: the survey takes its slug and ward.
        """
        check_slug(found.slug)
        if site := self.waiting(found.host, slug):
            found.slug, found.ward = str(site.name), site.ward
            return site
        self.check_free(found.slug, found.host)
        return None

    def slug_at(self, host: str) -> str | None:
        """Return the slug under which the site at `host` is registered; None where it is not."""
        plain = urls.plain_host(host)
        return next((name for name, other in self._registered() if urls.plain_host(other) == plain), None)

    def free_slug(self, host: str, unit_old: str | None = None, unit_new: str | None = None) -> str:
        """Return the slug of a host (see `slug_for`): another than those of other sites, and of other portals of the
        directory. The codes are of its unit, None where not known."""
        from spiders.portals import directory  # read when a site is to be registered

        portals = directory()
        portal = portals.at(host)
        taken = set(dict(self._registered())) | {other.slug for other in portals if other is not portal}
        if portal is not None and not self._is_taken(portal.slug, taken):
            return portal.slug
        if portal is not None and not (unit_old or unit_new):
            unit_old, unit_new = portal.old_code, portal.new_code
        site = Named(host, unit_old, unit_new, portal.province if portal else "")
        while self._is_taken(slug := slug_for(site, taken), taken):
            taken.add(slug)
        return slug

    def _is_taken(self, slug: str, taken: Collection[str]) -> bool:
        """Whether a site has a slug, or a file of site files its name."""
        return slug in taken or bool(self.places.files and scaffold.path_of_file(slug, self.places.files).exists())

    def write(self, found: Survey, site: type[PortalSpider] | None) -> list[Path]:
        """Freeze the pages, then register the site: one without the other is completed by the next `new-site`.

        Raises SiteFailed where no article was fetched, UsageError where a file cannot be written.
        """
        if not found.shown:
            raise SiteFailed("no article could be fetched, so nothing is written; the notes above say why")
        if self.as_row and found.article_urls:
            found.article_urls = None  # the table has no column for it; entries of lists are enough
        try:
            return self._write(found, site)
        except OSError as error:
            raise UsageError(f"{error.filename or self.places.frozen} cannot be written: {error.strerror}") from None

    def _write(self, found: Survey, site: type[PortalSpider] | None) -> list[Path]:
        written = []
        frozen = scaffold.freeze(found, self.places.frozen, site)
        if site is None and self.as_row and self.places.table:
            written = scaffold.write_row(found, self.places.table)
        elif site is None and self.places.files:
            written = scaffold.write_file(found, self.places.files, in_package=self.places.root is not None)
        self.added[found.slug] = found.host
        return [*written, frozen]

    def _registered(self) -> list[tuple[str, str]]:
        """Return (slug, host) of every site, those that were written since included."""
        return [*((name, site.host) for name, site in self.known.items()), *self.added.items()]

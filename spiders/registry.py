"""The registered sites, by slug: those of the package, and those of tables and folders that a user names."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, Self

from crawler import urls
from crawler.errors import ConfigurationError, TinphuongError
from crawler.run.site import STATED
from spiders import site_files, site_table
from spiders.base import PortalSpider
from spiders.site_facts import FACTS, wrong_fact

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.settings import BaseSettings


class UnknownSite(TinphuongError):
    """No site is registered under that name; the message offers the nearest."""


class WrongFacts(ConfigurationError):
    """A configuration says of single sites what cannot be so; the message has a line for each fault, with its place."""

    def __init__(self, faults: Iterable[str]):
        super().__init__("\n".join(faults))


class Said(Protocol):
    """A value, and where it is said: file and line, or the name of a variable."""

    @property
    def value(self) -> object:
        """The value."""

    @property
    def origin(self) -> str:
        """The place."""


def unknown_site(name: str, known: Iterable[str]) -> UnknownSite:
    """Return the error for a name that is none of the slugs `known`."""
    known, wanted = list(known), name.lower().replace("-", "_")
    near = get_close_matches(wanted, known, n=3, cutoff=0.5)
    near += [slug for slug in known if wanted in slug or slug.split("_", 1)[-1] in wanted if slug not in near]
    hint = f"did you mean {' or '.join(near[:3])}?" if near else "`tinphuong sites` lists them"
    return UnknownSite(f"no site is registered as {name!r}; {hint}")


class Registry(Mapping[str, type[PortalSpider]]):
    """Slug → spider class, sorted by slug. It is handed to the code that needs it, and nothing changes it.

    `places`: slug → the table or folder that registers a site, as it was named; none for the sites of the package.
    """

    def __init__(self, sites: Mapping[str, type[PortalSpider]], places: Mapping[str, Path] | None = None):
        self._sites = dict(sorted(sites.items()))
        self.places = MappingProxyType(dict(places or {}))

    @classmethod
    def of_package(cls, extra: Sequence[Path] = ()) -> Self:
        """Return the sites with a file under `spiders/`, those of its table, and those of `extra`.

        `extra`: tables of sites and folders of site files. Raises BadTable or BadSiteFile, both ConfigurationError.
        """
        claims = _Claims()
        claims.add_files(site_files.of_package())
        claims.add_places([*([site_table.TABLE] if site_table.TABLE.is_file() else []), *extra])
        return cls(claims.sites, {slug: path for slug, path in claims.origins.items() if path != site_table.TABLE})

    @classmethod
    def of_places(cls, places: Iterable[Path]) -> Self:
        """Return the sites of tables and folders, without those of the package. Raises as `of_package`."""
        claims = _Claims()
        claims.add_places(places)
        return cls(claims.sites, claims.origins)

    @classmethod
    def of(cls, places: Sequence[Path], *, package: bool) -> Self:
        """Return the sites of tables and folders, beside those of the package or without them. Raises as both."""
        return cls.of_package(places) if package else cls.of_places(places)

    def with_facts(self, facts: Mapping[str, Mapping[str, Said]]) -> Self:
        """Return the sites with what a configuration says of single ones in the place of their own facts.

        `facts`: slug → name → value, and where it is said. Raises WrongFacts with a line for each slug that no
        site has and each value that cannot be right.
        """
        sites, faults = dict(self._sites), []
        for slug, named in facts.items():
            if slug not in self:
                origin = next((said.origin for said in named.values()), f"the configuration, [site.{slug}]")
                faults.append(f"{origin}: {unknown_site(slug, self)}")
                continue
            changed = {name: said for name, said in named.items() if name in FACTS}
            faults += [
                f"{said.origin}: site.{slug}.{name}: {wrong}"
                for name, said in changed.items()
                if (wrong := wrong_fact(name, said.value))
            ]
            sites[slug] = _with_facts(self[slug], {name: said.value for name, said in changed.items()})
        if faults:
            raise WrongFacts(faults)
        return type(self)(sites, self.places)

    def with_platforms(self, kept: Mapping[str, str]) -> Self:
        """Return the sites with the platforms that runs have found for those whose facts state none.

        `kept`: slug → platform, of any sites; that of a site that states its own is passed over.
        """
        found = {slug: kept[slug] for slug, site in self.items() if site.platform_from != STATED and slug in kept}
        if not found:
            return self
        changed = {slug: self[slug].of_platform(name) for slug, name in found.items()}
        return type(self)({**self._sites, **changed}, self.places)

    def __getitem__(self, slug: str) -> type[PortalSpider]:
        return self._sites[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sites)

    def __len__(self) -> int:
        return len(self._sites)

    def site(self, name: str) -> type[PortalSpider]:
        """Return the spider class registered as `name`. Raises UnknownSite with the nearest names."""
        if name in self:
            return self[name]
        raise unknown_site(name, self)

    def chosen(self, names: Iterable[str]) -> list[type[PortalSpider]]:
        """Return the sites of these names, each once; all sites where none is named. Raises UnknownSite."""
        return [self.site(name) for name in dict.fromkeys(names)] or list(self.values())

    def by_host(self, host: str) -> type[PortalSpider] | None:
        """Return the site that `host` serves, or None. `host` may carry a port, which a site need not name."""
        return self._by_host.get(host) or self._by_host.get(host.partition(":")[0])

    @cached_property
    def slugs_by_host(self) -> dict[str, str]:
        """Host, with its port and without `www.` → slug, of all sites; also of the hosts that lead to one."""
        return {urls.plain_host(host): slug for slug, site in self.items() for host in (*site.other_hosts, site.host)}

    @cached_property
    def _by_host(self) -> dict[str, type[PortalSpider]]:
        found: dict[str, type[PortalSpider]] = {}
        for spider in self.values():
            for host in (spider.host, *spider.other_hosts):
                found.setdefault(host, spider)
        return found


class _Claims:
    """Sites as they are read, with the place that claimed each slug and each host first."""

    def __init__(self) -> None:
        self.sites: dict[str, type[PortalSpider]] = {}
        self.origins: dict[str, Path] = {}  # slug → the table or folder, as it was named
        self._places: dict[tuple[str, str], str | type[PortalSpider]] = {}  # a row of a table, or a class in a file

    def add_files(self, spiders: Iterable[type[PortalSpider]], folder: Path | None = None) -> None:
        """Add sites that have a file of their own. Raises BadSiteFile where a slug or host has been claimed."""
        faults = []
        for spider in spiders:
            faults += [f"{site_files.place_of(spider)}: {wrong}" for _, wrong in self._add(spider, spider, folder)]
        if faults:
            raise site_files.BadSiteFile(faults)

    def add_places(self, places: Iterable[Path]) -> None:
        """Add the sites of tables and folders, each place once. Raises BadTable or BadSiteFile."""
        for path in {os.path.realpath(path): path for path in places}.values():
            if site_files.is_folder(path):
                self.add_files(site_files.of_folder(path), path)
                continue
            rows = site_table.sound_rows(path)
            faults = [
                site_table.Fault(line, column, wrong)
                for line, row in rows
                for column, wrong in self._add(site_table.spider_of(row), f"{path}, line {line}", path)
            ]
            if faults:
                raise site_table.BadTable(path, faults)

    def _add(
        self, spider: type[PortalSpider], place: str | type[PortalSpider], origin: Path | None
    ) -> list[tuple[str, str]]:
        """Add a site, or return (column, what is wrong) for each of its names that another has."""
        claimed = {("slug", spider.name): spider.name}  # in one form for all spellings → as it is written
        claimed |= {("host", urls.plain_host(host)): host for host in (*spider.other_hosts, spider.host)}
        faults = [
            (claim[0], f"{name!r} is registered already, in {self._place(*claim)}")
            for claim, name in claimed.items()
            if claim in self._places
        ]
        if not faults:
            self.sites[spider.name] = spider
            self.origins |= {spider.name: origin} if origin else {}
            self._places |= dict.fromkeys(claimed, place)
        return faults

    def _place(self, column: str, name: str) -> str:
        place = self._places[column, name]
        return place if isinstance(place, str) else site_files.place_of(place)


def _with_facts(site: type[PortalSpider], facts: dict[str, object]) -> type[PortalSpider]:
    """A class over a site's own with other facts; it has its name, so that messages name the file it is in."""
    if not facts:
        return site
    made: type[PortalSpider] = type(site.__name__, (site,), {**facts, "__module__": site.__module__})
    return made


class RegisteredSites:
    """Scrapy's loader of spiders over the registry, so that `scrapy list` and `scrapy crawl` know every site."""

    def __init__(
        self, extra: Sequence[Path] = (), *, package: bool = True,
        facts: Mapping[str, Mapping[str, Said]] | None = None,
    ):  # fmt: skip
        self._extra = extra
        self._package = package
        self._facts = facts or {}

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> Self:
        """Build; TINPHUONG_SITES names tables and folders of sites beside those of the package."""
        return cls(
            [Path(path) for path in settings.getlist("TINPHUONG_SITES")],
            package=settings.getbool("TINPHUONG_SITES_PACKAGE", True),
            facts=settings.get("TINPHUONG_SITE_FACTS"),
        )

    @cached_property
    def registry(self) -> Registry:
        """The sites, read when they are first asked for."""
        return Registry.of(self._extra, package=self._package).with_facts(self._facts)

    def load(self, spider_name: str) -> type[PortalSpider]:
        """Return the spider class of a site. Raises KeyError, as Scrapy expects, for an unknown one."""
        try:
            return self.registry.site(spider_name)
        except UnknownSite as error:
            raise KeyError(str(error)) from None

    def list(self) -> Sequence[str]:
        """Return the slugs of all sites."""
        return [*self.registry]

    def find_by_request(self, request: "Request") -> Sequence[str]:
        """Return the slugs of the sites that a request's host serves."""
        found = self.registry.by_host(urls.host_and_port(request.url))
        return [str(found.name)] if found else []

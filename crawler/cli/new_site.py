"""`tinphuong new-site`: from an address to a site that is registered and tested."""

import argparse
import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import urls
from crawler.cli import Exit, UsageError, named_path
from crawler.text.counted import counted

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.configuration import Configuration
    from crawler.new_site.places import Places
    from crawler.new_site.surveyed import SeenPage, Survey
    from spiders.base import PortalSpider
    from spiders.registry import Registry

_ENOUGH = 5  # articles that a frozen list should have


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which site, from where, to where."""
    parser.add_argument("url", metavar="URL", help="the site's home page, or a page of it that lists news")
    parser.add_argument(
        "--replay", nargs="+", type=named_path, default=[], metavar="FILE",
        help="read WARC files instead of the network",
    )  # fmt: skip
    parser.add_argument("--slug", metavar="SLUG", help="the site's slug (default: made from its host)")
    parser.add_argument("--ward", metavar="NAME", help="the ward's name (default: the one its pages name)")
    parser.add_argument(
        "--table", action="store_true", help="write a row in place of a file: of your first table, or spiders/sites.csv"
    )
    parser.add_argument(
        "--into", type=named_path, metavar="DIR",
        help="the checkout to write into (default: your own table or folder, or the checkout that this runs from)",
    )  # fmt: skip
    parser.add_argument(
        "--frozen", type=named_path, metavar="DIR",
        help="the folder of frozen pages (default: `frozen` beside the configuration, table or folder)",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="show what was found and write nothing")


def run(arguments: argparse.Namespace) -> int:
    """Survey the site, show what was found, write it down."""
    import logging

    from crawler.cli.output import logs
    from crawler.new_site.probe import probe
    from crawler.new_site.rendered import survey

    url = _address(arguments.url)
    if arguments.ward is not None:
        arguments.ward = " ".join(arguments.ward.split())
        if not arguments.ward or {'"', "\\"} & set(arguments.ward):
            raise UsageError(f"{arguments.ward!r} is not the name of a ward")
    if arguments.slug is not None:
        _check_slug(arguments.slug)
    places = _places(arguments)
    known: Mapping[str, type[PortalSpider]] = {} if arguments.dry_run else _known(arguments, places)
    if not arguments.dry_run and urls.host_and_port(url) not in [site.host for site in known.values()]:
        _check_room(arguments, places)  # before anything is fetched in vain
    logs.set_up(None)
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # failures are reported in our words
    guessed = "://" not in arguments.url
    found = probe(
        lambda fetch: survey(url, fetch, or_http=guessed),
        _settings(url, arguments.configuration, known),
        replay=arguments.replay,
        settings=_pace(url, arguments.configuration),
    )
    found.slug = arguments.slug or found.slug
    found.ward = arguments.ward or found.ward
    site = _check(found, arguments, places, known)
    if not arguments.json and not arguments.quiet:
        _print(found)
    written = [] if arguments.dry_run else _write(found, arguments, places, site)
    if arguments.json:
        print(json.dumps(_facts(found) | {"written": list(map(str, written))}, ensure_ascii=False, indent=2))
    elif written and not arguments.quiet:
        print("\nWritten:")
        for path in written:
            print(f"  {_shown(path)}")
        told = _told(arguments)
        frozen = f" --frozen {shlex.quote(str(arguments.frozen))}" if arguments.frozen else ""
        print(f"\nLook at {_shown(written[-1])}/expected.json, then try:\n  tinphuong{told} check {found.slug}{frozen}")
        print(f"  tinphuong{told} --db data/try.db crawl {found.slug} --limit 5")
    return Exit.OK if any(article.reason is None for _, article in found.shown) else Exit.UNHEALTHY


def _address(given: str) -> str:
    """Return the address that was meant, https where no scheme is given."""
    url = given.strip() if "://" in given else f"https://{given.strip()}"
    found = urls.absolute(url, url) if re.fullmatch(r"https?://[^\s/?#]+(?:[/?#]\S*)?", url, re.IGNORECASE) else None
    if found is None:
        raise UsageError(f"{given!r} is not the address of a web page; write it like https://phuong.example.vn/")
    return found


def _pace(url: str, configuration: "Configuration") -> dict[str, float]:
    """The settings of pauses: a server on this machine needs none but those that the user asks for."""
    if urls.host(url) not in ("127.0.0.1", "localhost"):
        return {}
    short = (("politeness.delay", "DOWNLOAD_DELAY", 0.02), ("politeness.retry_backoff", "RETRY_BACKOFF", 0.05))
    return {setting: seconds for key, setting, seconds in short if not configuration.is_said(key)}


def _settings(url: str, configuration: "Configuration", known: "Mapping[str, type[PortalSpider]]") -> "Settings":
    """The settings in force, with the facts of the site if it is registered and only lacks frozen pages."""
    settings = configuration.settings()
    for site in known.values():
        if site.host == urls.host_and_port(url):
            site.update_settings(settings)
            settings.set("TINPHUONG_PROXY", site.proxy or configuration["politeness.proxy"])
    return settings


def _check_slug(slug: str) -> None:
    from spiders.site_table import wrong_cell

    if wrong_cell("slug", slug):
        raise UsageError(f"{slug!r} is not a slug; write --slug <province>_<place>, lower case without diacritics")


def _places(arguments: argparse.Namespace) -> "Places":
    """Where the site is to be written. Raises UsageError where that would be the installed package."""
    from dataclasses import replace

    from crawler.new_site.places import Places, Users, checkout, installed

    users = Users(arguments.configuration, arguments.named_places, arguments.frozen)
    root = arguments.into or checkout()
    own = None if arguments.into else users.places(as_row=arguments.table)
    if own is None and root is None and not arguments.dry_run:
        raise installed()
    places = own or Places.of_checkout(root or Path())
    return replace(places, frozen=arguments.frozen or places.frozen)


def _known(arguments: argparse.Namespace, places: "Places") -> "Registry":
    """The sites that are registered where the new one is to be; a table that is still to be made has none."""
    from crawler.new_site.places import checkout
    from crawler.new_site.table_rows import is_to_be_made
    from spiders.registry import Registry

    facts = arguments.configuration.sites
    made = [path for path in arguments.site_places if path != places.table or not is_to_be_made(path)]
    ours, table = checkout(), places.table
    if places.root is None:
        found = Registry.of(made, package=arguments.configuration["sites.package"])
    elif ours and places.root.resolve() == ours:
        found = Registry.of_package(made)
    else:
        found = Registry.of_places([*([table] if table and not is_to_be_made(table) else []), *made])
    return found.with_facts({slug: said for slug, said in facts.items() if slug in found})  # others are to come


def _check(
    found: "Survey", arguments: argparse.Namespace, places: "Places", known: "Mapping[str, type[PortalSpider]]"
) -> "type[PortalSpider] | None":
    """Refuse a site that is registered already, or whose file exists.

    A site that only a user's table or folder registers is returned: it lacks frozen pages, and the survey takes its
    slug and ward.
    """
    from crawler.new_site import frozen_pages, scaffold

    _check_slug(found.slug)
    if arguments.dry_run:
        return None
    for slug, site in known.items():
        of_user = getattr(known, "places", {}).get(slug) in arguments.site_places
        if of_user and site.host == found.host and arguments.slug in (None, slug):
            if frozen_pages.is_frozen(slug, places.frozen):
                raise UsageError(f"{slug} is registered and has frozen pages already; `tinphuong check` reads them")
            found.slug, found.ward = slug, site.ward
            return site
    for slug, site in known.items():
        if slug == found.slug or urls.plain_host(site.host) == urls.plain_host(found.host):
            raise UsageError(f"{site.host} is registered already, as {slug}; for another site give --slug")
    _check_room(arguments, places)
    if places.files and (written := scaffold.path_of_file(found, places.files)).exists():
        raise UsageError(f"{_shown(written)} exists already; remove it first, or give another --slug")
    return None


def _check_room(arguments: argparse.Namespace, places: "Places") -> None:
    """Refuse a site for which a user names no table, or no folder of site files."""
    from crawler.new_site.places import Users, nowhere

    if (places.table if arguments.table else places.files) is None:
        users = Users(arguments.configuration, arguments.named_places, arguments.frozen)
        raise nowhere(users, places, as_row=arguments.table)


def _write(
    found: "Survey", arguments: argparse.Namespace, places: "Places", site: "type[PortalSpider] | None"
) -> list[Path]:
    """Freeze the pages, then register the site: one without the other is completed by the next `new-site`."""
    from crawler.new_site import scaffold

    if not found.shown:
        raise UsageError("no article could be fetched, so nothing is written; the notes above say why")
    if arguments.table and found.article_urls:
        found.article_urls = None  # the table has no column for it; entries of lists are enough
    try:
        frozen = scaffold.freeze(found, places.frozen, site)
        if site:  # registered by a user's table or folder
            return [frozen]
        if arguments.table and places.table:
            return [*scaffold.write_row(found, places.table), frozen]
        if places.files:
            return [*scaffold.write_file(found, places.files, in_package=places.root is not None), frozen]
    except OSError as error:
        raise UsageError(f"{error.filename or places.frozen} cannot be written: {error.strerror}") from None
    return []


def _told(arguments: argparse.Namespace) -> str:
    """The global options that make a command know the site: those of this command."""
    options = [("--config", arguments.config)] if getattr(arguments, "config", None) else []
    options += [("--sites", path) for path in arguments.named_places]
    return "".join(f" {option} {shlex.quote(str(value))}" for option, value in options)


def _facts(found: "Survey") -> dict[str, Any]:
    old, new = found.units()
    return {
        "slug": found.slug, "ward": found.ward, "host": found.host, "scheme": found.scheme, "platform": found.platform,
        "unit_old": old, "unit_new": new,
        "evidence": [{"platform": m.platform, "points": m.score, "seen": m.evidence} for m in found.matches[:3]],
        "start_pages": list(found.start_pages), "article_urls": found.article_urls, "pager": found.pager,
        "feeds": found.feeds, "articles": [article.to_dict() for _, article in found.shown], "notes": found.notes,
    }  # fmt: skip


def _print(found: "Survey") -> None:
    from crawler.cli.output.text_table import cut, table

    best = found.matches[0] if found.matches else None
    points = f" ({best.score} points)" if best and best.platform == found.platform else " (unknown platform)"
    print(f"platform  {found.platform}{points}")
    for match in found.matches[:2]:
        for said in match.evidence:
            print(f"          {match.platform}: {said}")
    print(f"site      {found.slug} · {found.ward} · {found.scheme}://{found.host}")
    print(f"unit      {_unit(found)}")
    print("lists     " + "\n          ".join(f"{look.page.url}: {_count(look)}" for look in found.lists[:5]))
    print(f"pager     {found.pager}")
    if found.feeds:
        print("feeds     " + ", ".join(f"{path} ({count})" for path, count in found.feeds.items()))
    if found.article_urls:
        print(f"articles  {found.article_urls}")
    for note in found.notes:
        print(f"note      {note}")
    if (count := len({url for url, _ in found.lists[0].listing.entries})) < _ENOUGH:
        print(f"note      the richest list has {counted(count, 'article')}; the test of all sites wants {_ENOUGH}")
    print("\nWhat would be stored of the first articles:")
    rows = [
        [
            cut(article.title or f"– ({article.reason})", 44), article.published_at, article.published_from,
            cut(article.summary or "", 24) or None, len(article.body), len(article.attachments), len(article.images),
            cut(article.author or "", 16) or None,
        ]
        for _, article in found.shown
    ]  # fmt: skip
    print(table(rows, ["title", "published", "from", "sapo", "characters", "files", "images", "author"]))


def _unit(found: "Survey") -> str:
    """The ward's unit before and since July 2025, as far as it is sure."""
    from crawler.units import NEW, OLD, named

    old, new = found.units()
    said = [f"{vintage}:{code} {named(code, vintage)}" for vintage, code in ((OLD, old), (NEW, new)) if code]
    return " → ".join(said) or "not sure; put its codes in by hand (docs/units.md)"


def _shown(path: Path) -> Path:
    """A path relative to the current folder, if it lies in it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _count(look: "SeenPage") -> str:
    return counted(len({url for url, _ in look.listing.entries}), "article")

"""What `new-site` needs for one site as for many: addresses, pauses, places."""

import argparse
import re
import shlex
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import urls
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.configuration import Configuration
    from crawler.new_site.places import Places
    from crawler.new_site.registration import Registration
    from spiders.registry import Registry


def next_commands(arguments: argparse.Namespace, slug: str = "") -> list[str]:
    """Return the commands to try next with a site, or with all; their options make them know the sites."""
    told = told_options(arguments)
    frozen = f" --frozen {shlex.quote(str(arguments.frozen))}" if arguments.frozen else ""
    named = f" {slug}" if slug else ""
    crawled = named or " --all"
    return [f"tinphuong{told} check{named}{frozen}", f"tinphuong{told} --db data/try.db crawl{crawled} --limit 5"]


def quiet_logs() -> None:
    """Let nothing but our own words be printed."""
    from crawler.cli.output import logs

    logs.set_up(None)


def address_of(given: str) -> str:
    """Return the address that was meant, https where no scheme is given. Raises UsageError."""
    url = given.strip() if "://" in given else f"https://{given.strip()}"
    found = urls.absolute(url, url) if re.fullmatch(r"https?://[^\s/?#]+(?:[/?#]\S*)?", url, re.IGNORECASE) else None
    if found is None:
        raise UsageError(f"{given!r} is not the address of a web page; write it like https://phuong.example.vn/")
    return found


def pace(addresses: Iterable[str], configuration: "Configuration") -> dict[str, float]:
    """The settings of pauses: servers on this machine need none but those that the user asks for."""
    if not all(_is_here(urls.host(url)) for url in addresses):
        return {}
    short = (("politeness.delay", "DOWNLOAD_DELAY", 0.02), ("politeness.retry_backoff", "RETRY_BACKOFF", 0.05))
    return {setting: seconds for key, setting, seconds in short if not configuration.is_said(key)}


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def registration(arguments: argparse.Namespace) -> "Registration":
    """Return where new sites go, and what is registered there. Raises UsageError where that would be nowhere."""
    from crawler.new_site.places import Users
    from crawler.new_site.registration import Registration

    places = _places(arguments)
    users = Users(arguments.configuration, arguments.named_places, arguments.frozen)
    known: Mapping[str, Any] = {} if arguments.dry_run else _known(arguments, places)
    return Registration(places, known, users, arguments.site_places, arguments.table)


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


def told_options(arguments: argparse.Namespace) -> str:
    """The global options that make a command know the site: those of this command."""
    options = [("--config", arguments.config)] if getattr(arguments, "config", None) else []
    options += [("--sites", path) for path in arguments.named_places]
    return "".join(f" {option} {shlex.quote(str(value))}" for option, value in options)

"""`tinphuong new-site`: from an address, or from a file of them, to sites that are registered and tested."""

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import urls
from crawler.cli import Exit, UsageError, named_path
from crawler.cli.surveying import address_of, next_commands, pace, quiet_logs, registration

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.configuration import Configuration
    from spiders.base import PortalSpider

_LISTS_OF_ADDRESSES = re.compile(r"-|.*\.(?:txt|csv|tsv|lst|list|md|urls?)", re.IGNORECASE)
_EPILOG = """\
examples:
  tinphuong new-site phuong.example.vn --dry-run       look at a site and write nothing
  tinphuong new-site https://phuong.example.vn/ --table     a row of your table in place of a file
  tinphuong new-site --table addresses.txt --report new.md  a row for each of many, and what became of them
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which site, from where, to where."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument(
        "url", metavar="URL", nargs="?",
        help="the site's home page, or a page of it that lists news, or its feed or sitemap",
    )  # fmt: skip
    parser.add_argument(
        "--replay", nargs="+", type=named_path, default=[], metavar="FILE",
        help="read WARC files instead of the network",
    )  # fmt: skip
    parser.add_argument("--slug", metavar="SLUG", help="the site's slug (default: made from its host)")
    parser.add_argument("--ward", metavar="NAME", help="the ward's name (default: the one its pages name)")
    parser.add_argument(
        "--table", nargs="?", const=True, default=False, type=_named, metavar="FILE",
        help="write a row in place of a file: of your first table, or spiders/sites.csv; with FILE, in place of a URL, "
        "a row for each address in it: one a line, # before comments, - for standard input",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=named_path, metavar="FILE",
        help="with --table FILE: write there what became of each address, as CSV, or as Markdown to a name ending "
        "in .md",
    )  # fmt: skip
    parser.add_argument(
        "--into", type=named_path, metavar="DIR",
        help="the checkout to write into (default: your own table or folder, or the checkout that this runs from)",
    )  # fmt: skip
    parser.add_argument(
        "--frozen", type=named_path, metavar="DIR",
        help="the folder of frozen pages (default: `frozen` beside the configuration, table or folder)",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="show what was found and write nothing")


def _named(text: str) -> str:
    """Return the value of --table: a path, or an address. Raises as `named_path`."""
    named_path(text)
    return text


def run(arguments: argparse.Namespace) -> int:
    """Survey the site, show what was found, write it down; or do so with each site of a file."""
    from crawler.new_site.registration import check_slug

    addresses = _file_of_addresses(arguments)
    if arguments.ward is not None:
        arguments.ward = " ".join(arguments.ward.split())
        if not arguments.ward or {'"', "\\"} & set(arguments.ward):
            raise UsageError(f"{arguments.ward!r} is not the name of a ward")
    if arguments.slug is not None:
        check_slug(arguments.slug)
    if addresses is None:
        return _one(arguments)
    from crawler.cli.many_new_sites import survey_many

    return survey_many(arguments, addresses, registration(arguments))


def _file_of_addresses(arguments: argparse.Namespace) -> str | None:
    """Return the file of addresses that --table names, None where one site is meant.

    `--table URL`, as people wrote it when the option took no value, is `URL --table`. Raises UsageError.
    """
    given = arguments.table
    arguments.table = bool(given)
    if isinstance(given, bool):
        if arguments.url is None:
            raise UsageError(
                "nothing says which site: give its address (tinphuong new-site https://phuong.example.vn/), or with "
                "--table FILE a file of addresses, one a line"
            )
        if arguments.report:
            raise UsageError("--report goes with --table FILE; what is found of one site is printed, with --json too")
        return None
    is_address = "://" in given or not (_LISTS_OF_ADDRESSES.fullmatch(given) or Path(given).exists())
    if arguments.url is None and is_address:
        arguments.url = given
        return None
    if arguments.url is not None:
        raise UsageError(
            "give one address (URL --table) or a file of addresses (--table FILE), not both; the table to write into "
            "is named with --sites FILE"
        )
    for option, value in (("--slug", arguments.slug), ("--ward", arguments.ward)):
        if value is not None:
            raise UsageError(f"{option} names one site; with --table FILE each site's is found out")
    return str(given)


def _one(arguments: argparse.Namespace) -> int:
    """Survey one site, show what was found, write it down."""
    from crawler.cli.output.survey_text import print_survey, survey_facts
    from crawler.new_site.probe import probe
    from crawler.new_site.registration import shown
    from crawler.new_site.rendered import survey

    url = address_of(arguments.url)
    registered = registration(arguments)
    if not arguments.dry_run:
        registered.check_before(urls.host_and_port(url), arguments.slug)
    quiet_logs()
    guessed = "://" not in arguments.url
    check = None if arguments.dry_run else lambda host: registered.check_before(host, arguments.slug)
    found = probe(
        lambda fetch: survey(url, fetch, or_http=guessed, check_host=check),
        _settings(url, arguments.configuration, registered.known),
        replay=arguments.replay,
        settings=pace([url], arguments.configuration),
    )
    found.slug = arguments.slug or found.slug
    found.ward = arguments.ward or found.ward
    site = None if arguments.dry_run else registered.settle(found, arguments.slug)
    if not arguments.json and not arguments.quiet:
        print_survey(found)
    written = [] if arguments.dry_run else registered.write(found, site)
    if arguments.json:
        print(json.dumps(survey_facts(found) | {"written": list(map(str, written))}, ensure_ascii=False, indent=2))
    elif written and not arguments.quiet:
        print("\nWritten:")
        for path in written:
            print(f"  {shown(path)}")
        print(f"\nLook at {shown(written[-1])}/expected.json, then try:")
        for line in next_commands(arguments, found.slug):
            print(f"  {line}")
    return Exit.OK if any(article.reason is None for _, article in found.shown) else Exit.UNHEALTHY


def _settings(url: str, configuration: "Configuration", known: "Mapping[str, type[PortalSpider]]") -> "Settings":
    """The settings in force, with the facts of the site if it is registered and only lacks frozen pages."""
    settings = configuration.settings()
    for site in known.values():
        if site.host == urls.host_and_port(url):
            site.update_settings(settings)
            settings.set("TINPHUONG_PROXY", site.proxy or configuration["politeness.proxy"])
    return settings

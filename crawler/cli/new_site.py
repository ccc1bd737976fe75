"""`tinphuong new-site`: from an address to a site that is registered and tested."""

import argparse
import json
import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import urls
from crawler.cli import Exit, UsageError, named_path
from crawler.text.counted import counted

if TYPE_CHECKING:
    from crawler.new_site.survey import SeenPage, Survey
    from spiders.base import PortalSpider

_ROOT = Path(__file__).resolve().parents[2]
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
    parser.add_argument("--table", action="store_true", help="write a row of spiders/sites.csv in place of a file")
    parser.add_argument("--into", type=named_path, default=_ROOT, metavar="DIR", help="the checkout to write into")
    parser.add_argument("--dry-run", action="store_true", help="show what was found and write nothing")


def run(arguments: argparse.Namespace) -> int:
    """Survey the site, show what was found, write it down."""
    import logging

    from crawler.cli import logs
    from crawler.new_site.probe import probe
    from crawler.new_site.survey import survey

    url = _address(arguments.url)
    if arguments.ward is not None:
        arguments.ward = " ".join(arguments.ward.split())
        if not arguments.ward or {'"', "\\"} & set(arguments.ward):
            raise UsageError(f"{arguments.ward!r} is not the name of a ward")
    if arguments.slug is not None:
        _check_slug(arguments.slug)
    logs.set_up(None)
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # failures are reported in our words
    guessed = "://" not in arguments.url
    found = probe(lambda fetch: survey(url, fetch, or_http=guessed), replay=arguments.replay, settings=_pace(url))
    found.slug = arguments.slug or found.slug
    found.ward = arguments.ward or found.ward
    site = _check(found, arguments)
    if not arguments.json and not arguments.quiet:
        _print(found)
    written = [] if arguments.dry_run else _write(found, arguments, site)
    if arguments.json:
        print(json.dumps(_facts(found) | {"written": list(map(str, written))}, ensure_ascii=False, indent=2))
    elif written and not arguments.quiet:
        print("\nWritten:")
        for path in written:
            print(f"  {_shown(path)}")
        sites = "".join(f" --sites {shlex.quote(str(path))}" for path in arguments.site_places) if site else ""
        print(f"\nLook at {_shown(written[-1])}/expected.json, then try:\n  tinphuong{sites} check {found.slug}")
        print(f"  tinphuong{sites} --db data/try.db crawl {found.slug} --limit 5")
    return Exit.OK if any(article.reason is None for _, article in found.shown) else Exit.UNHEALTHY


def _address(given: str) -> str:
    """Return the address that was meant, https where no scheme is given."""
    url = given.strip() if "://" in given else f"https://{given.strip()}"
    found = urls.absolute(url, url) if re.fullmatch(r"https?://[^\s/?#]+(?:[/?#]\S*)?", url, re.IGNORECASE) else None
    if found is None:
        raise UsageError(f"{given!r} is not the address of a web page; write it like https://phuong.example.vn/")
    return found


def _pace(url: str) -> dict[str, float]:
    """The settings of pauses: a server on this machine needs none but those that the environment asks for."""
    if urls.host(url) not in ("127.0.0.1", "localhost"):
        return {}
    short = (("TINPHUONG_DELAY", "DOWNLOAD_DELAY", 0.02), ("TINPHUONG_RETRY_BACKOFF", "RETRY_BACKOFF", 0.05))
    return {setting: seconds for variable, setting, seconds in short if not os.environ.get(variable)}


def _check_slug(slug: str) -> None:
    from spiders.site_table import wrong_cell

    if wrong_cell("slug", slug):
        raise UsageError(f"{slug!r} is not a slug; write --slug <province>_<place>, lower case without diacritics")


def _check(found: "Survey", arguments: argparse.Namespace) -> "type[PortalSpider] | None":
    """Refuse a site that is registered already, or whose file exists.

    A site that only --sites registers is returned: it lacks frozen pages, and the survey takes its slug and ward.
    """
    from crawler.new_site import frozen_pages
    from spiders import site_table
    from spiders.registry import Registry

    _check_slug(found.slug)
    if arguments.dry_run:
        return None
    package = Registry.of_package() if arguments.into.resolve() == _ROOT else {}
    known = {slug: spider.host for slug, spider in package.items()}
    if (table := arguments.into / "spiders" / site_table.TABLE.name).is_file():
        known |= {row["slug"]: row["host"] for _, row in site_table.read(table)[0]}
    for slug, site in Registry.of_places(arguments.site_places).items():
        if site.host == found.host and slug not in known and arguments.slug in (None, slug):
            if frozen_pages.is_frozen(slug, arguments.into / "spiders" / "frozen"):
                raise UsageError(f"{slug} is registered and has frozen pages already; `tinphuong check` reads them")
            found.slug, found.ward = slug, site.ward
            return site
        known.setdefault(slug, site.host)
    for slug, host in known.items():
        if slug == found.slug or urls.plain_host(host) == urls.plain_host(found.host):
            raise UsageError(f"{host} is registered already, as {slug}; for another site give --slug")
    province, place = found.slug.split("_", 1)
    if (written := arguments.into / "spiders" / province / f"{place}.py").exists():
        raise UsageError(f"{_shown(written)} exists already; remove it first, or give another --slug")
    return None


def _write(found: "Survey", arguments: argparse.Namespace, site: "type[PortalSpider] | None" = None) -> list[Path]:
    from crawler.new_site import scaffold

    if not found.shown:
        raise UsageError("no article could be fetched, so nothing is written; the notes above say why")
    if arguments.table and found.article_urls:
        found.article_urls = None  # the table has no column for it; entries of lists are enough
    try:
        if site:  # registered by --sites
            return [scaffold.freeze(found, arguments.into, site)]
        paths = (scaffold.write_row if arguments.table else scaffold.write_file)(found, arguments.into)
        return [*paths, scaffold.freeze(found, arguments.into)]
    except OSError as error:
        raise UsageError(f"{error.filename or arguments.into} cannot be written: {error.strerror}") from None


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
    from crawler.cli.text_table import cut, table

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

"""`tinphuong report`: how the collection does, as one page to hand on."""

import argparse
from pathlib import Path

from crawler.cli import Exit, UsageError, named_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to report on, and where to."""
    parser.add_argument("site", nargs="?", metavar="SITE", help="the site to report on")
    parser.add_argument("--all", action="store_true", help="report on the whole collection")
    parser.add_argument("--output", type=named_path, metavar="FILE", help="the HTML file (default: report-SITE.html)")
    parser.add_argument(
        "--png", type=named_path, metavar="FOLDER", help="also write each chart as a picture (optional group)"
    )
    parser.add_argument("--lang", choices=("vi", "en"), default="vi", help="the page's language (default: vi)")


def run(arguments: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    from crawler import clock
    from crawler.browse import report
    from crawler.cli.known_sites import registered_sites, require_site
    from crawler.text.counted import counted
    from storage import Collection
    from storage.files.own_paths import refuse_own

    if bool(arguments.site) == arguments.all:
        raise UsageError("report on which site? Name one, or --all")
    if arguments.site:
        require_site(arguments, arguments.site)
    output = arguments.output or Path(f"report-{arguments.site or 'all'}.html")
    for written in (output, arguments.png and arguments.png / "chart.png"):  # the folder itself may be above
        if written:
            refuse_own(written, arguments.db)
    with Collection(arguments.db, must_exist=True) as collection:
        facts = report.gather(collection, arguments.site, clock.now(), registered_sites(arguments))
    page = report.page(facts, arguments.lang)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page.html, encoding="utf-8")
        pictures = report.write_pictures(page, arguments.png) if arguments.png else []
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from None
    if not arguments.quiet:
        print(f"{output}: {counted(facts['total'], 'article')}, {output.stat().st_size // 1024 + 1} KB")
        for path in pictures:
            print(path)
    return Exit.OK

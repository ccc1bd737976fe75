"""`tinphuong cite`: how to cite an article, or all that a search finds."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from crawler.cli import UsageError, number
from crawler.cli.output.shown_text import plain
from crawler.cli.since import publication_day
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.exports import Choice
    from storage.exports.citations import Citation

_EPILOG = """formats:
  bibtex    entries @online for BibTeX and biblatex
  ris       records for EndNote, Zotero, Mendeley
  csl-json  what Zotero, pandoc and every CSL style take
  chicago   entries of a bibliography, Chicago Manual of Style, 17th edition
  apa       entries of a list of references, APA, 7th edition
  tcvn      TCVN 10256:2013 (ISO 690:2010), in Vietnamese
without --format: one line each, with unit, moment of the capture and digests"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which articles, and how."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("id", type=number, nargs="*", metavar="ID", help="articles.id, as `search --json` shows it")
    parser.add_argument(
        "--format", metavar="FORMAT", choices=("bibtex", "ris", "csl-json", "chicago", "apa", "tcvn"),
        help="bibtex ris csl-json chicago apa tcvn",
    )  # fmt: skip
    parser.add_argument("--query", metavar="QUERY", help="all articles that match, as for `tinphuong search`")
    parser.add_argument("--site", action="append", default=[], metavar="SITE", help="only this site's; may be repeated")
    parser.add_argument("--unit", metavar="UNIT", help="only of this ward or commune: its name or code, old or new")
    parser.add_argument("--since", metavar="DATE", help="only what was published on that day or later")
    parser.add_argument("--until", metavar="DATE", help="only what was published on that day or before")
    parser.add_argument("--limit", type=number, metavar="N", help="at most N articles")


def run(arguments: argparse.Namespace) -> int:
    """Print a citation for each article; the exit code is 2 where there is none of that id."""
    from crawler.text.counted import counted
    from storage import Collection
    from storage.exports.citations import citation, citations
    from storage.exports.selection import choose

    choice = _choice(arguments)
    with Collection(arguments.db, must_exist=True) as collection:
        if choice is None:
            _print(arguments, [citation(collection, article_id) for article_id in arguments.id])
            return 0
        collection.db.execute("BEGIN")  # one moment of the database, also while a crawl goes on
        try:
            found = choose(collection, choice)
            limit = None if arguments.limit is None else max(1, arguments.limit)
            _print(arguments, citations(collection, limit))
        finally:
            collection.db.execute("ROLLBACK")
    if not arguments.quiet:
        if found.undated:
            were = counted(found.undated, "article was", "articles were")
            print(f"tinphuong: {were} left out, as no date of publication is known", file=sys.stderr)
        if limit is not None and found.count > limit:
            print(f"tinphuong: {limit} of {counted(found.count, 'article')}: --limit {limit}", file=sys.stderr)
        if not found.count:
            print(f"tinphuong: nothing in {arguments.db} matches", file=sys.stderr)
    return 0


def _choice(arguments: argparse.Namespace) -> "Choice | None":
    """The filters; None where articles are named by their ids."""
    from storage.exports import Choice

    given = [name for name in ("query", "site", "unit", "since", "until", "limit") if getattr(arguments, name)]
    if arguments.id and given:
        raise UsageError(f"name articles by their ids or choose them with --{given[0]}, not both")
    if arguments.id:
        return None
    if not given:
        raise UsageError(
            "cite what? Name ids, as `tinphuong search --json` shows them, or choose with --query or --site"
        )
    return Choice(
        sites=tuple(arguments.site), unit=arguments.unit, since=publication_day(arguments.since, "--since"),
        until=publication_day(arguments.until, "--until"), query=arguments.query,
    )  # fmt: skip


def _print(arguments: argparse.Namespace, found: "Iterable[Citation]") -> None:
    from crawler.dates.local_time import with_local_times
    from storage.exports import citing

    if arguments.format:
        for text in citing.written(found, arguments.format, arguments.configuration["archive.naan"]):
            print(text, end="", file=plain(sys.stdout))  # nothing in it steers but the line ends of RIS
    elif arguments.json:
        print(json.dumps(with_local_times([item.to_dict() for item in found]), ensure_ascii=False, indent=2))
    else:
        for item in found:
            print(one_line(item))

"""`tinphuong reprocess`: what today's extraction makes of the stored captures."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from crawler.cli import Exit
from crawler.cli.jobs_option import add_jobs, jobs_of
from crawler.cli.known_sites import registry_as_crawled
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from crawler.reprocess.reprocess import Reprocessed

_SHOWN = 5  # examples
_WIDTH = 88


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which captures."""
    parser.add_argument("--site", metavar="SITE", help="only this site's articles")
    parser.add_argument("--since", metavar="DATE", help="only articles whose newest capture is not older")
    add_jobs(parser, "read captures")
    parser.add_argument("--dry-run", action="store_true", help="say what is read otherwise and store nothing")


def run(arguments: argparse.Namespace) -> int:
    """Print what is read differently; the exit code is 1 where a capture could not be read or gives no article."""
    from crawler.cli.output.progress_bar import steps
    from crawler.cli.since import since_day
    from crawler.reprocess.reprocess import reprocess

    since = since_day(arguments.since)
    registry = registry_as_crawled(arguments)
    if arguments.site:
        registry.site(arguments.site)  # raises where it is not registered
    with steps("reading captures", quiet=arguments.quiet) as progress:
        result = reprocess(
            arguments.db,
            registry,
            site=arguments.site,
            since=since,
            dry_run=arguments.dry_run,
            progress=progress,
            configuration=arguments.configuration,
            jobs=jobs_of(arguments),
        )
    if arguments.json:
        print(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    elif not arguments.quiet or not result.clean:
        _print(result)
    return Exit.OK if result.clean else Exit.UNHEALTHY


def _print(result: "Reprocessed") -> None:
    from crawler.cli.output.text_table import table
    from crawler.text.counted import counted

    print(
        f"{counted(result.articles, 'article was', 'articles were')} read again from their captures: "
        f"{result.differing} read differently, {result.texts} of them in their text."
    )
    if result.fields:
        print("\n" + table(result.fields.most_common(), ["field", "articles"]))
    for item in result.examples[:_SHOWN]:
        print(f"\n{one_line(item.title)}\n  {one_line(f'{item.site} · {item.url}')}")
        for name, (old, new) in item.revision.fields.items():
            print(f"  {name}:\n    - {_cut(old)}\n    + {_cut(new)}")
    if result.differing > _SHOWN:
        print(f"\n… and {result.differing - _SHOWN} more; --json shows the first {max(_SHOWN, len(result.examples))}.")
    for url, reason in result.lost:
        print(one_line(f"no longer an article ({reason}), left as it was: {url}"))
    for url, why in result.unusable:
        print(one_line(f"not read: {url}: {why}"))


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDTH else f"{flat[: _WIDTH - 1]}… ({len(text)} characters)"

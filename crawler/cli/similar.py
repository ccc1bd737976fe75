"""`tinphuong similar`: articles that tell the same story."""

import argparse
import json
from typing import TYPE_CHECKING, TypedDict

from crawler.cli import UsageError, number
from crawler.cli.jobs_option import add_jobs, jobs_of
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from storage import Collection
    from storage.near import Group, Member

# From the earliest source of a group to another of its articles: their ids, and the words that differ, by field.
_Difference = TypedDict("_Difference", {"id": int, "from": int, "changes": dict[str, str]})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which groups."""
    parser.add_argument("article", nargs="?", type=number, metavar="ID", help="only this article's, with what differs")
    parser.add_argument("--site", metavar="SITE", help="only groups with an article of this site")
    parser.add_argument(
        "--limit", type=number, default=20, metavar="N", help="at most N groups, the newest (default: 20)"
    )
    parser.add_argument("--link", action="store_true", help="first compare the articles that no run has compared yet")
    add_jobs(parser, "compare with --link")


def run(arguments: argparse.Namespace) -> int:
    """Print each group, its earliest source first; the exit code is 0 also where there is none."""
    from crawler.cli.known_sites import require_site
    from storage import Collection
    from storage.near import group_of, groups, waiting

    if arguments.limit < 1:
        raise UsageError("--limit takes a number of groups, 1 or more")
    if arguments.site:
        require_site(arguments, arguments.site)
    if arguments.link:
        _link(arguments)
    with Collection(arguments.db, must_exist=True) as collection:
        if arguments.article is not None:
            return _one(collection, arguments, group_of(collection.db, arguments.article))
        found = groups(collection.db, site=arguments.site, limit=arguments.limit)
        left = waiting(collection.db)
    if arguments.json:
        print(json.dumps([group.to_dict() for group in found], ensure_ascii=False, indent=2))
        return 0
    for group in found:
        _print(group)
    if not found:
        print(f"No near duplicates are known in {arguments.db}.")
    if left and not arguments.quiet:
        waiting_still = counted(left, "article is", "articles are")
        print(f"{waiting_still} not compared yet: the next crawl does that, or `tinphuong similar --link`.")
    return 0


def _link(arguments: argparse.Namespace) -> None:
    from crawler import clock
    from crawler.cli.output.progress_bar import steps
    from crawler.run.reading.pool import workers
    from crawler.workers import resting
    from storage import Collection
    from storage.locking import sole_writer
    from storage.near import link_waiting

    with (
        workers(jobs_of(arguments)) as several,
        sole_writer(arguments.db),
        Collection(arguments.db, must_exist=True) as collection,
        resting(several),
        steps("comparing", quiet=arguments.quiet) as progress,
    ):
        link_waiting(collection, at=clock.stamp(), progress=progress, workers=several)


def _one(collection: "Collection", arguments: argparse.Namespace, group: "Group | None") -> int:
    """Print an article's group and how each of the others differs from the earliest source."""
    from crawler.text.word_diff import word_diff
    from storage import fields
    from storage.versions import of_article

    texts = of_article(collection, arguments.article)
    if not texts:
        raise UsageError(
            f"there is no article {arguments.article} in {arguments.db}; `tinphuong search --json` shows their numbers"
        )
    if group is None:
        print("null" if arguments.json else f"No near duplicate of article {arguments.article} is known.")
        return 0
    first = of_article(collection, group.earliest.id)[-1]
    differences: list[_Difference] = []
    for member in group.others:
        text = of_article(collection, member.id)[-1]
        pairs = fields.differing(first, text, fields.SEARCHED)
        changes = {name: word_diff(*pair) for name, pair in pairs.items()}
        differences.append({"id": member.id, "from": group.earliest.id, "changes": changes})
    if arguments.json:
        print(json.dumps(group.to_dict() | {"differences": differences}, ensure_ascii=False, indent=2))
        return 0
    _print(group)
    for difference in differences:
        print(f"#{difference['from']} → #{difference['id']}")
        for name, words in difference["changes"].items():
            print(f"  {name}: {words}")
    return 0


def _print(group: "Group") -> None:
    print(one_line(group.earliest.title))
    for member in (group.earliest, *group.others):
        print(f"  {one_line(_line(member))}")
    print()


def _line(member: "Member") -> str:
    day = (member.published_at or "no date")[:10]
    how = "earliest" if member.likeness is None else f"{member.likeness:.2f} alike"
    gone = " · removed by its site" if member.removed_at else ""
    return f"{how:10}  {day}  #{member.id}  {member.site}{gone} · {member.url}"

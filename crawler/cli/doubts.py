"""`tinphuong doubts`: which stored fields may be wrong, and why."""

import argparse
import json
from typing import TYPE_CHECKING

from crawler.cli import UsageError, number

if TYPE_CHECKING:
    from storage.doubts.listing import DoubtCount, DoubtedField

_VALUE, _EVIDENCE, _TITLE = 30, 44, 40  # characters of a cell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which doubts."""
    parser.epilog = "`tinphuong confirm ARTICLE` settles them; docs/doubts.md says what each means and what to do"
    parser.add_argument("site", nargs="?", metavar="SITE", help="only this site's articles (default: all)")
    parser.add_argument("--field", metavar="FIELD", help="only of this field: date, text, title, author, summary, …")
    parser.add_argument("--kind", metavar="KIND", help="only of this kind: weekday, mid_sentence, …")
    parser.add_argument("--limit", type=number, metavar="N", help="list at most N; all are counted")


def run(arguments: argparse.Namespace) -> int:
    """Print the doubts, by site, the newest articles first, and how many there are of each kind; the exit code is 0."""
    from crawler.cli.known_sites import require_site
    from crawler.doubts import meaning
    from storage import Collection
    from storage.doubts.listing import counted, listed

    if arguments.site:
        require_site(arguments, arguments.site)
    chosen = {"site": arguments.site, "field": _field(arguments.field), "kind": _kind(arguments.kind)}
    if arguments.limit is not None and arguments.limit < 1:
        raise UsageError(f"--limit {arguments.limit} lists nothing: give a number from 1 on")
    with Collection(arguments.db, must_exist=True) as collection:
        found = listed(collection.db.conn, **chosen, limit=arguments.limit)
        counts = counted(collection.db.conn, **chosen)
    if arguments.json:
        print(json.dumps([item | {"meaning": meaning(item["kind"])} for item in found], ensure_ascii=False, indent=2))
    elif not found:
        print(f"No doubts {'of this kind ' if chosen['field'] or chosen['kind'] else ''}in {arguments.db}.")
    elif not arguments.quiet:
        _print(found, counts)
    return 0


def _field(text: str | None) -> str | None:
    from crawler.text import fold
    from storage.doubts.listing import NAMES

    if text is None:
        return None
    name = NAMES.get(fold(text).replace(" ", ""))
    if name is None:
        raise UsageError(f"there is no field {text!r}; one of: date, text, title, author, summary, source, section")
    return name


def _kind(text: str | None) -> str | None:
    from crawler.doubts import DoubtKind

    if text is not None and text not in [*DoubtKind]:
        raise UsageError(f"there is no kind of doubt called {text!r}; one of: {', '.join(DoubtKind)}")
    return text


def _print(found: "list[DoubtedField]", counts: "list[DoubtCount]") -> None:
    from crawler.cli.output.text_table import cut, table
    from crawler.doubts import meaning
    from crawler.text.counted import counted
    from storage.fields import LABELS

    def field(name: str) -> str:
        return LABELS[name].english if name in LABELS else name

    def line(text: str | None, width: int) -> str | None:
        return cut(" ".join(text.split()), width) if text else None

    rows = [
        [
            item["article"], item["site"], field(item["field"]), line(item["value"], _VALUE), meaning(item["kind"]),
            line(item["evidence"], _EVIDENCE), line(item["title"], _TITLE),
        ]
        for item in found
    ]  # fmt: skip
    print(table(rows, ["article", "site", "field", "value", "doubt", "seen", "title"]))
    total = sum(item["articles"] for item in counts)
    if total > len(found):
        print(f"\n… and {total - len(found)} more.")
    print()
    for item in counts:
        name = field(item["field"])
        print(f"{counted(item['articles'], 'article')}: {name}: {meaning(item['kind'])} ({item['kind']})")

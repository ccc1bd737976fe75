"""`tinphuong date`: what a date string means."""

import argparse
import json
from datetime import datetime

from crawler.cli import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The text and its base."""
    parser.add_argument("text", metavar="TEXT", help="the date as a page shows it")
    parser.add_argument("--base", metavar="ISO", help="the moment that “hôm qua” and dates without a year count from")


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON object; `date` is null where the text names no date."""
    from crawler.dates import parse_date

    base = None
    if arguments.base:
        try:
            base = datetime.fromisoformat(arguments.base)
        except ValueError:
            raise UsageError(
                f"--base {arguments.base!r} is not an ISO date; write 2023-12-08 or 2023-12-08T15:07"
            ) from None
    found = parse_date(arguments.text, base=base)
    answer: dict[str, object] = {"text": arguments.text, "date": None}
    if found:
        answer |= {
            "date": found.isoformat(),
            "precision": found.precision,
            "raw": found.raw,
            "notes": list(found.notes),
        }
    print(json.dumps(answer, ensure_ascii=False))
    return 0

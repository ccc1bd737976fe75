"""What a run came to, for people."""

import json
import sys
from collections import Counter

from crawler.cli.failures_by_reason import failure_lines
from crawler.cli.results_table import results_table
from crawler.reasons import sentence
from crawler.run.run import RunReport
from crawler.text.terminal_text import one_line

_KINDS = {
    "Articles not stored": "articles_failed",
    "Lists not read": "listings_failed",
    "Attachments not kept": "attachments_failed",
    "Pictures not kept": "pictures_failed",
    "Links of menus that led to no list": "sections_failed",
}

# Records that every archive has besides its pages.
USUAL_RECORDS = frozenset({"warcinfo record", "request record", "metadata record", "resource record"})


def print_report(report: RunReport, *, quiet: bool, as_json: bool, in_full: bool = False) -> None:
    """Print the result: JSON, or a table with the reasons of what was not stored, and which sites failed and why.

    Where the output is not a terminal, one line replaces table and reasons, unless `in_full`.
    """
    if as_json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
        return
    for fetched in report.fetched:
        if not quiet:
            print(one_line(fetched.line()))
        if fetched.error:
            print(one_line(f"tinphuong: {fetched.site}: {fetched.error}"), file=sys.stderr)
        elif fetched.failed:
            print(f"tinphuong: {fetched.site}: {fetched.failed.total()} captures could not be fetched", file=sys.stderr)
    passed_over = {reason: n for reason, n in report.archive_skipped.items() if reason not in USUAL_RECORDS}
    if passed_over and not quiet:
        more = ", ".join(f"{reason} {n}" for reason, n in passed_over.items())
        print(one_line(f"passed over in the archive: {more}"))
    in_full = sys.stdout.isatty() or in_full
    if not quiet and not in_full:
        print(report.line())
    elif not quiet:
        print(results_table(report.reports))
        for heading, kind in _KINDS.items():
            counted: Counter[str] = sum((getattr(site_report, kind) for site_report in report.reports), Counter())
            if counted:
                print(f"\n{heading}:")
                for reason, count in counted.most_common():
                    print(f"  {count:>5}  {reason}: {sentence(reason)}")
        if report.near.links:
            pairs = "pair" if report.near.links == 1 else "pairs"
            print(f"\n{report.near.links} new {pairs} of near duplicates; `tinphuong similar` shows them.")
    for line in failure_lines(report.reports, in_blocks=in_full and not quiet):
        print(line, file=sys.stderr)
    if report.exit_code == 130:
        print("tinphuong: interrupted; what was fetched is kept", file=sys.stderr)

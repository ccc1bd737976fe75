"""What a run came to, for people."""

import json
import sys
from collections import Counter

from crawler.cli.tables import table
from crawler.reasons import sentence
from crawler.run.run import Report

_KINDS = {
    "Articles not stored": "articles_failed",
    "Lists not read": "listings_failed",
    "Attachments not kept": "attachments_failed",
    "Pictures not kept": "pictures_failed",
    "Links of menus that led to no list": "sections_failed",
}

# Records that every archive has besides its pages.
_USUAL = frozenset({"warcinfo record", "request record", "metadata record", "resource record"})


def print_report(report: Report, *, quiet: bool, as_json: bool, in_full: bool = False) -> None:
    """Print the result: JSON, or a table with the reasons of what was not stored, and a line for each failed site.

    Where the output is no terminal, and unless `in_full`, one line stands for table and reasons.
    """
    if as_json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
        return
    for fetched in report.fetched:
        if not quiet:
            print(fetched.line())
        if fetched.error:
            print(f"tinphuong: {fetched.site}: {fetched.error}", file=sys.stderr)
        elif fetched.failed:
            print(f"tinphuong: {fetched.site}: {fetched.failed.total()} captures could not be fetched", file=sys.stderr)
    passed_over = {reason: n for reason, n in report.archive_skipped.items() if reason not in _USUAL}
    if passed_over and not quiet:
        print(f"passed over in the archive: {', '.join(f'{reason} {n}' for reason, n in passed_over.items())}")
    failed = [account for account in report.accounts if account.verdict()[0] == "failed"]
    if not quiet and not (sys.stdout.isatty() or in_full):
        print(report.line())
    elif not quiet:
        extra = [
            name
            for name in ("attachments", "pictures")
            if any(getattr(account, name) or getattr(account, f"{name}_failed") for account in report.accounts)
        ]
        rows = [
            [
                account.site,
                account.answered,
                account.new,
                account.changed,
                account.duplicates,
                account.known + account.unchanged,
                account.errors,
                f"{account.seconds:.1f}",
                *(getattr(account, name) for name in extra),
            ]
            for account in sorted(report.accounts, key=lambda account: account.site)
        ]
        headings = ["site", "pages", "new", "changed", "duplicates", "known", "errors", "seconds"]
        print(table(rows, [*headings, *extra]))
        for heading, kind in _KINDS.items():
            counted: Counter[str] = sum((getattr(account, kind) for account in report.accounts), Counter())
            if counted:
                print(f"\n{heading}:")
                for reason, count in counted.most_common():
                    print(f"  {count:>5}  {reason}: {sentence(reason)}")
        if report.near.links:
            pairs = "pair" if report.near.links == 1 else "pairs"
            print(f"\n{report.near.links} new {pairs} of near duplicates; `tinphuong similar` shows them.")
    for account in failed:
        print(f"tinphuong: {account.site} failed: {account.verdict()[2]}", file=sys.stderr)
    if report.exit_code == 130:
        print("tinphuong: interrupted; what was fetched is kept", file=sys.stderr)

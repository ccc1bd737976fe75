"""What a run came to, for people."""

import json
import sys
from collections import Counter
from collections.abc import Iterator

from crawler.cli.output.complaints import Complain, complain_in_text
from crawler.cli.output.failures_by_reason import spoken_lines
from crawler.cli.output.results_table import results_table
from crawler.reasons import sentence
from crawler.run.alarms.outcome import lines
from crawler.run.run_report import RunReport
from crawler.run.site_report import SiteReport
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

_KINDS = {
    "Articles not stored": "articles_failed",
    "Lists not read": "listings_failed",
    "Attachments not kept": "attachments_failed",
    "Pictures not kept": "pictures_failed",
    "Requisites not kept": "requisites_failed",
    "Links of menus that led to no list": "sections_failed",
}

# Records that every archive has besides its pages.
USUAL_RECORDS = frozenset(
    {"warcinfo record", "request record", "metadata record", "resource record", "further address of a capture"}
)


def print_report(
    report: RunReport, *, quiet: bool, as_json: bool, in_full: bool = False, complain: Complain = complain_in_text
) -> None:
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
            complain(one_line(f"{fetched.site}: {fetched.error}"), site=fetched.site)
        elif fetched.failed:
            lost = counted(fetched.failed.total(), "capture")
            complain(f"{fetched.site}: {lost} could not be fetched", site=fetched.site)
    passed_over = {reason: n for reason, n in report.archive_skipped.items() if reason not in USUAL_RECORDS}
    if passed_over and not quiet:
        more = ", ".join(f"{reason} {n}" for reason, n in passed_over.items())
        print(one_line(f"passed over in the archive: {more}"))
    if report.kept and not quiet and (said := report.kept.line()):
        print(one_line(said))
    in_full = sys.stdout.isatty() or in_full
    if not quiet and not in_full:
        print(report.line())
    elif not quiet:
        print(results_table(report))
        for heading, kind in _KINDS.items():
            by_reason: Counter[str] = sum((getattr(site_report, kind) for site_report in report.reports), Counter())
            if by_reason:
                print(f"\n{heading}:")
                for reason, count in by_reason.most_common():
                    print(f"  {count:>5}  {reason}: {sentence(reason)}")
        if report.near.links:
            pairs = counted(report.near.links, "new pair")
            print(
                f"\n{pairs} of near duplicates; `tinphuong similar` shows {'it' if report.near.links == 1 else 'them'}."
            )
    _say(report, complain, quiet=quiet, in_blocks=in_full and not quiet)
    if report.exit_code == 130:
        complain("interrupted; what was fetched is kept")


def _say(report: RunReport, complain: Complain, *, quiet: bool, in_blocks: bool) -> None:
    """Say on standard error how single sites do: of many a line a reason; in JSON always a line a site."""
    spoken = [said for said in _said_of_sites(report) if said[1] or not quiet]
    if complain is complain_in_text:
        for line in spoken_lines(spoken, of=len(report.reports), in_blocks=in_blocks):
            print(line, file=sys.stderr)
        return
    for site_report, alarming, said in spoken:
        complain(one_line(said), site=site_report.site, reason=site_report.verdict()[1], grave=alarming)


def _said_of_sites(report: RunReport) -> Iterator[tuple[SiteReport, bool, str]]:
    """Yield (report, whether it is said even with --quiet, a sentence) for each site that is to be spoken of."""
    if report.mode == "live":
        yield from lines(report.outcome, report.reports)
        return
    for site_report in report.reports:
        status, _, message = site_report.verdict()
        if status == "failed":
            yield site_report, True, f"{site_report.site} failed: {message}"

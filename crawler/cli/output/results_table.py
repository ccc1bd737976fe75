"""The table of a run: a row a site, what needs attention first, and a row of totals."""

from collections.abc import Sequence

from crawler.cli.output.text_table import table
from crawler.run.site_report import SiteReport
from crawler.text.counted import counted

MOST_ROWS = 20  # sites; of more, those that went well share a row
_RESULTS = ("failed", "doubtful", "interrupted", "ok")  # in the order of the rows
_FILES = ("attachments", "pictures")


def results_table(reports: Sequence[SiteReport]) -> str:
    """Return the table for people. Failed sites come first, those with one reason together.

    The columns of what nobody has are left out: attachments, pictures, and the result where all went well.
    """
    files = [name for name in _FILES if any(getattr(r, name) or getattr(r, f"{name}_failed") for r in reports)]
    rows = []  # ((status, reason), site or sites, their reports)
    well = []
    for report in sorted(reports, key=lambda report: report.site):
        status, reason, _ = report.verdict()
        if status == "ok" and len(reports) > MOST_ROWS:
            well.append(report)
        else:
            rows.append(((status, reason if status != "ok" else None), report.site, [report]))
    rows.sort(key=lambda row: (_RESULTS.index(row[0][0]), row[0][1] or ""))
    if well:
        rows.append((("ok", None), f"{counted(len(well), 'site')} that went well", well))
    with_result = any(status != "ok" for (status, _), _, _ in rows)
    cells = [
        [name, *([f"{status}: {reason}" if reason else status] if with_result else []), *_counts(summed, files)]
        for (status, reason), name, summed in rows
    ]
    if len(cells) > 1:
        cells.append([f"{len(reports)} sites in all", *([""] if with_result else []), *_counts(reports, files)])
    counts = ["pages", "new", "changed", "duplicates", "known", "errors", "seconds", *files]
    return table(cells, ["site", *(["result"] if with_result else []), *counts])


def _counts(reports: Sequence[SiteReport], files: Sequence[str]) -> list[object]:
    """The numbers of a row, summed over sites; no seconds of several, which run side by side."""
    numbers = [
        (r.answered, r.new, r.changed, r.duplicates, r.known + r.unchanged, r.errors, *(getattr(r, n) for n in files))
        for r in reports
    ]
    sums: list[object] = [sum(column) for column in zip(*numbers, strict=True)]
    sums.insert(6, f"{reports[0].seconds:.1f}" if len(reports) == 1 else "")
    return sums

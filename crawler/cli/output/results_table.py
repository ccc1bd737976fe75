"""The table of a run: a row a site and a row of totals; of many sites a row a district, and what needs attention."""

from collections.abc import Iterator, Sequence

from crawler.cli.output.text_table import cut, table
from crawler.run.area_counts import AreaCounts, area_counts, counts
from crawler.run.run_report import RunReport
from crawler.run.site_report import SiteReport
from crawler.text.counted import counted
from crawler.units.areas import Area

MOST_ROWS = 20  # sites; of more, the table is by district or province
_RESULTS = ("failed", "doubtful", "interrupted", "ok")  # in the order of the rows
_FILES = ("attachments", "pictures", "requisites")
_LONGEST = 90  # characters of what is said of a site


def results_table(report: RunReport) -> str:
    """Return the table for people: of the sites, or where there are more than MOST_ROWS, of the districts or provinces
    in which they lie, and then of the sites that need attention first."""
    if len(report.reports) <= MOST_ROWS:
        return _of_sites(report.reports)
    return "\n".join(_of_areas(report))


def _of_sites(reports: Sequence[SiteReport]) -> str:
    """The table of sites. Failed sites come first, those with one reason together.

    The columns of what nobody has are left out: attachments, pictures, requisites, and the result where all went well.
    """
    files = _files_of(reports)
    rows = [(*report.verdict()[:2], report) for report in sorted(reports, key=lambda report: report.site)]
    rows.sort(key=lambda row: (_RESULTS.index(row[0]), (row[1] or "") if row[0] != "ok" else ""))
    with_result = any(status != "ok" for status, _, _ in rows)
    cells = [
        [report.site, *([_result(status, reason)] if with_result else []), *_sums([report], files)]
        for status, reason, report in rows
    ]
    if len(cells) > 1:
        cells.append([f"{len(reports)} sites in all", *([""] if with_result else []), *_sums(reports, files)])
    numbers = ["pages", "new", "changed", "duplicates", "known", "errors", "seconds", *files]
    return table(cells, ["site", *(["result"] if with_result else []), *numbers])


def _files_of(reports: Sequence[SiteReport]) -> list[str]:
    return [name for name in _FILES if any(getattr(r, name) or getattr(r, f"{name}_failed") for r in reports)]


def _result(status: str, reason: str | None) -> str:
    return f"{status}: {reason}" if reason and status != "ok" else status


def _sums(reports: Sequence[SiteReport], files: Sequence[str]) -> list[object]:
    """The numbers of a row, summed over sites; no seconds of several, which run side by side."""
    numbers = [
        (r.answered, r.new, r.changed, r.duplicates, r.known + r.unchanged, r.errors, *(getattr(r, n) for n in files))
        for r in reports
    ]
    sums: list[object] = [sum(column) for column in zip(*numbers, strict=True)]
    sums.insert(6, f"{reports[0].seconds:.1f}" if len(reports) == 1 else "")
    return sums


def _of_areas(report: RunReport) -> Iterator[str]:
    """Yield the table of areas, and that of the sites that need attention."""
    groups = area_counts(report.reports, report.areas, report.outcome)
    with_districts = any(group.area.district for group in groups)
    files = _files_of(report.reports)
    by_area = {group.area: group for group in groups}
    in_all = counts(Area(), report.reports, report.outcome)
    rows = [[str(area), *_cells(group)] for area, group in by_area.items()]
    headers = ["district" if with_districts else "province", "sites", "new", "changed", "failed", "no answer",
               "doubtful", "quiet"]  # fmt: skip
    yield table([*rows, [f"{len(report.reports)} sites in all", *_cells(in_all)]], headers)
    if files:
        yield ", ".join(counted(sum(getattr(r, name) for r in report.reports), name[:-1]) for name in files)
    yield from _first(report)


def _cells(group: AreaCounts) -> list[object]:
    return [
        group.sites, group.new, group.changed, group.failed, group.without_answer, group.doubtful, group.quiet,
    ]  # fmt: skip


def _first(report: RunReport) -> Iterator[str]:
    """Yield the sites that need attention first, at most MOST_ROWS: those that came to be so in this run, what failed
    before what is doubtful, and how many more there are."""
    rows = []
    for site in report.reports:
        status, reason, message = site.verdict()
        if status != "ok":
            is_new = report.outcome.is_alarming(site)
            rows.append(((not is_new, _RESULTS.index(status), reason or "", site.site), status, reason, message))
    rows.sort()
    if rows:
        cells = [[key[-1], _result(status, reason), cut(said, _LONGEST)] for key, status, reason, said in rows]
        yield f"\n{table(cells[:MOST_ROWS], ['needs attention first', 'result', 'why'])}"
        if len(rows) > MOST_ROWS:
            yield f"and {len(rows) - MOST_ROWS} more: `tinphuong status` shows them"

"""What a run came to: its exit code, its line, its summary."""

import errno
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler import __version__
from crawler.dates.local_time import local_iso
from crawler.run.alarms.outcome import Outcome
from crawler.run.area_counts import area_counts
from crawler.run.capture_plan import SiteFetched
from crawler.run.site_report import SiteReport, by_reason
from crawler.text.counted import counted
from crawler.units.areas import Area
from storage.archives.kept_records import KeptCounts
from storage.archives.sources import SourceFacts
from storage.near import Linked
from storage.run_log import NO_RUNS, Head


@dataclass(slots=True)
class RunReport:
    """What a run came to."""

    mode: str
    db: Path
    started_at: datetime
    finished_at: datetime
    reports: list[SiteReport]
    archive_skipped: dict[str, int]
    not_begun: list[str] = field(default_factory=list)  # sites that the time did not reach
    run_log: Head = NO_RUNS
    fetched: Sequence[SiteFetched] = ()  # by the plan, a site each
    near: Linked = field(default_factory=Linked)
    outcome: Outcome = field(default_factory=Outcome)  # of a live run
    areas: Mapping[str, Area] = field(default_factory=dict)  # slug → where the site lies
    sources: Sequence[SourceFacts] = ()  # the files that were replayed
    kept: KeptCounts | None = None  # what a replay kept of them, None where it keeps nothing

    @property
    def exit_code(self) -> int:
        """0 where every site went well and all captures asked for came, 130 where the run was stopped, else 1.

        A site that was doubtful before does not count again; in a live run none that was not well before does.
        """
        if any(report.interrupted for report in self.reports):
            return 130
        if self.mode == "live":
            return int(self.outcome.failed or any(map(self.outcome.is_alarming, self.reports)))
        failed = any(report.is_unhealthy for report in self.reports)
        return int(failed or not all(fetched.whole for fetched in self.fetched))

    def line(self) -> str:
        """Return the run in one line."""
        counts = Counter(report.verdict()[0] for report in self.reports)
        duplicates = sum(report.duplicates for report in self.reports)
        states = ", ".join(f"{n} {status}" for status, n in sorted(counts.items(), key=lambda pair: pair[0] != "ok"))
        new = sum(report.new for report in self.reports)
        changed = sum(report.changed for report in self.reports)
        files = sum(report.attachments for report in self.reports)
        pictures = sum(report.pictures for report in self.reports)
        requisites = sum(report.requisites for report in self.reports)
        further = (
            (changed, "changed", "changed"), (duplicates, "duplicate", "duplicate"),
            (self.near.links, "near-duplicate pair", None), (files, "attachment", None), (pictures, "picture", None),
            (requisites, "requisite", None),
        )  # fmt: skip
        more = "".join(f", {counted(n, one, many)}" for n, one, many in further if n)
        if found := Counter(report.platform for report in self.reports if report.has_found_platform):
            shown = ", ".join(name if len(self.reports) == 1 else f"{name} {n}" for name, n in found.most_common())
            more += f"; platform found: {shown}"
        left = f"; {len(self.not_begun)} not begun" if self.not_begun else ""
        sites, articles = counted(len(self.reports), "site"), counted(new, "article")
        return f"{sites}: {states}; {articles} new{more}{left}"

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON-ready facts."""
        rows = [report.to_dict() | self.outcome.facts(report.site) for report in self.reports]
        totals = (
            "pages", "articles", "new", "changed", "unchanged", "duplicates", "known", "errors", "requests", "bytes",
            "attachments", "attachment_bytes", "pictures", "picture_bytes",
            "requisites", "requisite_bytes",
        )  # fmt: skip
        return {
            "software": f"tinphuong {__version__}",
            "mode": self.mode,
            "db": str(self.db),
            "started_at": local_iso(self.started_at),
            "finished_at": local_iso(self.finished_at),
            "exit_code": self.exit_code,
            "totals": {name: sum(row[name] for row in rows) for name in totals},
            "not_begun": self.not_begun,
            "by_reason": by_reason(self.reports),
            "groups": [group.to_dict() for group in area_counts(self.reports, self.areas, self.outcome)],
            "near": self.near.to_dict(),
            "run_log": {"number": self.run_log.number, "digest": self.run_log.digest},
            "archive_records_skipped": self.archive_skipped,
            "sources": list(self.sources),
            "kept_records": self.kept.to_dict() if self.kept else None,
            "from_archive": [fetched.to_dict() for fetched in self.fetched],
            "sites": rows,
        }

    def write(self, path: Path) -> None:
        """Write the summary as JSON, whole or not at all; straight to what is no file (/dev/stdout). Raises OSError."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"
        if _is_special(path):
            path.write_text(text, encoding="utf-8")
            return
        with _partial(path) as beside:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)


def check_summary(path: Path) -> None:
    """Raise OSError where a summary could not be written to `path`, so that this is known before a run."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if _is_special(path):
        return
    with _partial(path) as beside:
        beside.touch()


def _is_special(path: Path) -> bool:
    """Tell whether a path is a device or a pipe, in whose place no file must be put."""
    return path.exists() and not path.is_file()


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to, in a folder that is made where there is none; nothing is left there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)

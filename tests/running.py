"""Running the command line and crawls of the replica portals, each in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.portals.server import Served

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Crawled:
    """What one crawl left: its exit code, what it printed, its summary, its database, the requests it made."""

    code: int
    out: str
    err: str
    summary: dict
    db: Path
    requests: list[Served]

    def site(self, slug):
        return next(site for site in self.summary["sites"] if site["site"] == slug)


def tinphuong(*arguments, cwd=ROOT, **options):
    """Run the command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    return subprocess.run(
        [sys.executable, "-m", "crawler", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, timeout=120, env=environment, **options,
    )  # fmt: skip


def crawl_replicas(portals, folder, *names, **options):
    """Crawl `names` (default: all) from a running PortalServer into folder/a.db."""
    before = len(portals.requests)
    job = {"names": names, "db": str(folder / "a.db"), "port": portals.port, "summary": str(folder / "summary.json")}
    done = subprocess.run(
        [sys.executable, "-W", "default", "-m", "tests.crawl.runner", json.dumps(job | options)],
        cwd=ROOT, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    summary = json.loads((folder / "summary.json").read_text()) if (folder / "summary.json").exists() else {}
    return Crawled(done.returncode, done.stdout, done.stderr, summary, folder / "a.db", portals.requests[before:])

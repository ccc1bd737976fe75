"""One crawl of the portals with the real command, in a process of its own whose memory is watched."""

import json
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fifty.portals import Plan
from tests.fifty.server import NETWORK, Portals
from tests.memory import watched
from tests.running import PATIENCE, ROOT, environment


@dataclass(frozen=True)
class Crawled:
    """What a crawl came to. `memory`: MB at the highest, of all its processes; `cpu`: seconds."""

    code: int
    out: str
    err: str
    memory: float
    cpu: float
    seconds: float
    summary: dict
    db: Path
    table: Path

    def articles(self) -> dict[str, int]:
        """Site → stored articles."""
        with sqlite3.connect(self.db) as connection:
            return dict(connection.execute("SELECT site, count(*) FROM articles GROUP BY site"))


def quick(timeout: float) -> dict[str, str]:
    """The environment in which a crawl of these portals has no pauses; `timeout`: seconds that a transfer may take."""
    return {
        "TINPHUONG_ALLOW_PRIVATE": NETWORK, "TINPHUONG_DELAY": "0.001", "TINPHUONG_DELAY_JITTER": "0",
        "TINPHUONG_RETRY_BACKOFF": "0.01", "TINPHUONG_TIMEOUT": str(timeout),
    }  # fmt: skip


def crawl(plans: list[Plan], folder: Path, *options: str, timeout: float = PATIENCE) -> Crawled:
    """Crawl portals into folder/a.db with further `options` of `crawl`."""
    with Portals(plans, folder) as portals:
        table, summary = folder / "sites.csv", folder / "summary.json"
        table.write_text(portals.table(), encoding="utf-8")
        slugs = [plan.slug for plan in plans]
        command = [
            sys.executable, "-m", "crawler", "--db", folder / "a.db", "--sites", table, "crawl", *slugs,
            "--summary", summary, *options,
        ]  # fmt: skip
        began = time.monotonic()
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            process = subprocess.Popen(
                list(map(str, command)), cwd=ROOT, env=environment() | quick(timeout), stdout=out, stderr=err
            )
            memory, cpu = watched(process, began + 10 * PATIENCE)
        seconds = time.monotonic() - began
    out_text, err_text = ((folder / name).read_text(encoding="utf-8") for name in ("out", "err"))
    facts = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
    return Crawled(
        process.returncode, out_text, err_text, memory, cpu, seconds, facts, folder / "a.db", table
    )  # fmt: skip

"""One crawl of hostile sites beside a good one: what became of each, how long it took, the memory at its highest."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile.kind import Kind
from tests.hostile.server import NETWORK, Site, Sites
from tests.memory import watched
from tests.running import ROOT, environment

MOST_MEMORY = 400.0  # MB


@dataclass
class Outcome:
    """What a run came to. `memory`: MB at the highest, of the process and its children, shared pages counted once;
    `wrong`: for each site, what is not as its kind says."""

    code: int
    seconds: float
    cpu: float
    memory: float
    output: str
    sites: dict[str, dict[str, Any]]
    ended_by_itself: bool
    touched: int
    wrong: dict[str, list[str]] = field(default_factory=dict)


def crawl(
    kinds: Iterable[Kind], folder: Path, *, max_time: float = 300.0, at_once: int = 16, timeout: float = 5.0
) -> Outcome:
    """Crawl the good site and one for each kind with the real command, into `folder`/a.db.

    `timeout`: seconds that a transfer may take; more than what a busy machine makes of a plain one.
    """
    with Sites(kinds, folder) as sites:
        table, summary = folder / "sites.csv", folder / "summary.json"
        table.write_text(sites.table(), encoding="utf-8")
        slugs = [site.slug for site in (sites.good, *sites.hostile)]
        command = [
            sys.executable, "-m", "tests.hostile.command", "--db", folder / "a.db", "--sites", table, "crawl", *slugs,
            "--attachments", "--max-time", str(max_time), "--summary", summary, "--log", folder / "log",
        ]  # fmt: skip
        env = environment() | {
            "TINPHUONG_ALLOW_PRIVATE": NETWORK, "TINPHUONG_DELAY": "0.01", "TINPHUONG_DELAY_JITTER": "0",
            "TINPHUONG_RETRY_BACKOFF": "0.1", "TINPHUONG_TIMEOUT": str(timeout),
            "TINPHUONG_SITES_AT_ONCE": str(at_once),
        }  # fmt: skip
        began = time.monotonic()
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=env, stdout=output, stderr=output)
            memory, cpu = watched(process, began + max_time + 60)
        seconds = time.monotonic() - began
        facts = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {"sites": []}
        found = {row["site"]: row for row in facts["sites"]}
        text = (folder / "output").read_text(encoding="utf-8", errors="replace")
        by_itself = process.returncode in (0, 1) and seconds < max_time
        outcome = Outcome(process.returncode, seconds, cpu, memory, text, found, by_itself, sites.touched)
        stored = _stored(folder / "a.db")
        for site in (sites.good, *sites.hostile):
            if wrong := list(_wrong(site, found.get(site.slug), stored.get(site.slug, set()))):
                outcome.wrong[site.slug] = wrong
    return outcome


def _stored(db: Path) -> dict[str, set[int]]:
    """Site → the numbers of its stored articles."""
    if not db.exists():
        return {}
    found: dict[str, set[int]] = {}
    with sqlite3.connect(db) as connection:
        for site, key in connection.execute("SELECT site, key FROM articles"):
            if key.isdigit():
                found.setdefault(site, set()).add(int(key))
    return found


def _wrong(site: Site, row: dict[str, Any] | None, stored: set[int]) -> Iterable[str]:
    if row is None:
        yield "the summary does not name it"
        return
    said = f"{row['status']}, {row['reason']}: {row['message']}; skipped {row['skipped']}"
    kind = site.kind
    if kind is None:
        if row["status"] != "ok":
            yield f"the good site is {said}"
        if missing := set(site.numbers) - stored:
            yield f"{len(missing)} articles of the good site are lost"
        return
    if row["status"] not in kind.status:
        yield f"is {said}, and not {' or '.join(sorted(kind.status))}"
    words = {*row["skipped"], row["reason"]}
    if kind.reasons and not kind.reasons & words:
        yield f"none of {', '.join(sorted(kind.reasons))}: {said}"
    if "internal_error" in words:
        yield f"an internal error: {said}"
    if kind.platform != "generic" and len(stored & set(site.numbers[1:])) < kind.stored:
        yield f"only {len(stored & set(site.numbers[1:]))} of {kind.stored} other articles: {said}"

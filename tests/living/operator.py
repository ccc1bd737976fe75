"""Somebody who crawls changing portals with the command line, and looks at what the runs leave."""

import copy
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fork_server import PATIENCE, Job
from tests.living.portal import Gate, Portal
from tests.living.server import Served, World
from tests.running import start, wait_for


@dataclass
class Done:
    """What a run came to: exit code, output, seconds of CPU, summary, and the requests since it began."""

    code: int
    out: str
    err: str
    cpu: float
    summary: dict[str, Any]
    requests: list[Served]

    def site(self, slug: str) -> dict[str, Any]:
        return next((site for site in self.summary.get("sites", ()) if site["site"] == slug), {})


class Operator:
    """Crawls a world into one database, and looks at it. Jobs may overlap; `finish` then names the one it means."""

    def __init__(self, world: World, folder: Path, **settings: Any) -> None:
        self.world, self.folder, self.settings = world, folder, settings
        self.db = folder / "a.db"
        self.sites = {host.split(".")[0]: {"host": host, "start_pages": ["/"]} for host in world.portals}
        self._begun: dict[int, tuple[Path, int]] = {}  # process → path of its summary, requests before it
        self._running: set[Job] = set()

    def start(self, *argv: object, now: str | None = None, **job: Any) -> Job:
        """Begin a command; `finish` waits for it. `job`: what tests/living/runner.py takes."""
        summary, before = self.folder / f"summary-{len(self._begun) + 1}.json", len(self.world.requests)
        command = ["--db", self.db, *argv]
        if "crawl" in command:
            command += ["--summary", summary]
        world = {"ports": self.world.ports(), "sites": self.sites}
        settings = self.settings | job.pop("settings", {})
        begun = start(
            "tests.living.runner", *command, stdin=json.dumps({"now": now, "settings": settings, **world, **job})
        )
        self._begun[begun.pid] = summary, before
        self._running.add(begun)
        return begun

    def wait_for(self, gate: Gate, job: Job) -> None:
        """Return once the job has made a request that `gate` keeps back."""
        wait_for(lambda: gate.reached(within=0.1), job, that=gate)

    def finish(self, job: Job, within: float = PATIENCE) -> Done:
        """Wait for a command that was begun. Raises JobOverdue."""
        code = job.wait(within)
        self._running.discard(job)
        path, before = self._begun[job.pid]
        summary = json.loads(path.read_text()) if path.exists() else {}
        return Done(code, job.output(1), job.output(2), job.cpu, summary, self.world.requests[before:])

    def kill(self) -> None:
        """Kill what is still at work."""
        while self._running:
            self._running.pop().kill()

    def run(self, *argv: object, **job: Any) -> Done:
        """Run a command to its end."""
        return self.finish(self.start(*argv, **job))

    def crawl(self, *argv: object, **job: Any) -> Done:
        """Crawl every site."""
        return self.run("crawl", *(argv or ("--all",)), **job)

    def status(self, now: str | None = None) -> dict[str, dict[str, Any]]:
        """What `status --json` says, by site."""
        return {row["site"]: row for row in json.loads(self.run("status", "--json", now=now).out)}

    def rows(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """The rows of a query."""
        connection = sqlite3.connect(self.db, timeout=PATIENCE)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, arguments)]
        finally:
            connection.close()

    def stored(self) -> set[int]:
        """The numbers of the stored articles."""
        return {int(row["key"]) for row in self.rows("SELECT key FROM articles")}

    def texts(self, number: int) -> list[str]:
        """Every body that an article has had, the oldest first."""
        earlier = self.rows(
            "SELECT v.body FROM versions v JOIN articles a ON a.id = v.article_id WHERE a.key = ? ORDER BY v.id",
            str(number),
        )
        now = self.rows("SELECT body FROM articles WHERE key = ?", str(number))
        return [row["body"] for row in (*earlier, *now)]


Begin = Callable[..., Operator]


@contextmanager
def operators(folder: Path) -> Iterator[Begin]:
    """Give a function: portals in, somebody who crawls them into `folder` out.

    What still runs at the end is killed, so that a test leaves nothing to the next.
    """
    with ExitStack() as left:

        def begin(*portals: Portal, **settings: Any) -> Operator:
            operator = Operator(left.enter_context(World(*portals)), folder, **settings)
            left.callback(operator.kill)
            return operator

        yield begin


class Beginnings:
    """Collections from which several tests go on: each is crawled once, and copied for every test that wants it."""

    def __init__(self, new_folder: Callable[[str], Path]) -> None:
        self._new_folder = new_folder
        self._made: dict[Callable[[Begin], Operator], Operator] = {}

    def copy(self, make: Callable[[Begin], Operator], begin: Begin, folder: Path | None = None) -> Operator:
        """Somebody who goes on from where `make` leaves its operator, with portals and a collection of their own.

        `folder`: where the collection is to be, if not in the operator's own folder.
        """
        if make not in self._made:
            with operators(self._new_folder(make.__name__)) as first:
                made = make(first)
            self._made[make] = made  # only once all of it went well
        made = self._made[make]
        own = begin(*copy.deepcopy(list(made.world.portals.values())), **made.settings)
        own.sites = copy.deepcopy(made.sites)
        own.db = (folder or own.folder) / made.db.name
        shutil.copytree(
            made.folder, own.db.parent, dirs_exist_ok=True, ignore=shutil.ignore_patterns("summary-*", "*.lock")
        )
        return own

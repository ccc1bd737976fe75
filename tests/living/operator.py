"""Somebody who crawls changing portals with the command line, and looks at what the runs leave."""

import copy
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.living.forge import DEADLINE, Forge, Job
from tests.living.portal import Gate, Portal
from tests.living.server import Served, World


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

    def __init__(self, forge: Forge, world: World, folder: Path, **settings: Any) -> None:
        self.forge, self.world, self.folder, self.settings = forge, world, folder, settings
        self.db = folder / "a.db"
        self.sites = {host.split(".")[0]: {"host": host, "start_pages": ["/"]} for host in world.portals}
        self._begun: dict[int, tuple[Path, int]] = {}  # job → path of its output without suffix, requests before it

    def start(self, *argv: object, now: str | None = None, env: dict[str, str] | None = None, **job: Any) -> Job:
        """Begin a command; `finish` waits for it."""
        out = self.folder / f"job-{len(self._begun) + 1}"
        for name in ("stdout", "stderr"):
            Path(f"{out}.{name}").touch()  # a run that is killed at once opens none
        before = len(self.world.requests)
        command = ["--db", str(self.db), *map(str, argv)]
        if "crawl" in command:
            command += ["--summary", f"{out}.json"]
        settings = self.settings | job.pop("settings", {})
        begun = self.forge.start(
            {"argv": command, "out": str(out), "ports": self.world.ports(), "sites": self.sites,
             "now": now, "settings": settings, "env": env or {}, **job}
        )  # fmt: skip
        self._begun[begun.number] = out, before
        return begun

    def wait_for(self, gate: Gate, job: Job) -> None:
        """Return once the job has made a request that `gate` keeps back."""
        until = time.monotonic() + DEADLINE
        while not gate.reached(within=0.1):
            if self.forge.ended(job):
                raise AssertionError(f"the run ended and never made {gate}: {self.finish(job)}")
            assert time.monotonic() < until, f"the run never made {gate}"

    def finish(self, job: Job, within: float = DEADLINE) -> Done:
        """Wait for a command that was begun."""
        code, cpu = self.forge.finish(job, within)
        path, before = self._begun[job.number]
        written = Path(f"{path}.json")
        summary = json.loads(written.read_text()) if written.exists() else {}
        out, err = (Path(f"{path}.{name}").read_text() for name in ("stdout", "stderr"))
        return Done(code, out, err, cpu, summary, self.world.requests[before:])

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
        connection = sqlite3.connect(self.db, timeout=DEADLINE)
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
def operators(forge: Forge, folder: Path) -> Iterator[Begin]:
    """Give a function: portals in, somebody who crawls them into `folder` out.

    What runs before or after is killed, so that neither an earlier test nor this one leaves anything to the next.
    """
    forge.clear()
    with ExitStack() as worlds:

        def begin(*portals: Portal, **settings: Any) -> Operator:
            return Operator(forge, worlds.enter_context(World(*portals)), folder, **settings)

        try:
            yield begin
        finally:
            forge.clear()


class Beginnings:
    """Collections from which several tests go on: each is crawled once, and copied for every test that wants it."""

    def __init__(self, forge: Forge, new_folder: Callable[[str], Path]) -> None:
        self._forge, self._new_folder = forge, new_folder
        self._made: dict[Callable[[Begin], Operator], Operator] = {}

    def copy(self, make: Callable[[Begin], Operator], begin: Begin, folder: Path | None = None) -> Operator:
        """Somebody who goes on from where `make` leaves its operator, with portals and a collection of their own.

        `folder`: where the collection is to be, if not in the operator's own folder.
        """
        if make not in self._made:
            with operators(self._forge, self._new_folder(make.__name__)) as first:
                made = make(first)
            self._made[make] = made  # only once all of it went well
        made = self._made[make]
        own = begin(*copy.deepcopy(list(made.world.portals.values())), **made.settings)
        own.sites = copy.deepcopy(made.sites)
        own.db = (folder or own.folder) / made.db.name
        shutil.copytree(
            made.folder, own.db.parent, dirs_exist_ok=True, ignore=shutil.ignore_patterns("job-*", "*.lock")
        )
        return own

"""Starting runs of the command line against changing portals, and looking at what they leave."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.living.server import Served, World
from tests.running import ROOT


@dataclass
class Done:
    """What a run came to."""

    code: int
    out: str
    err: str
    cpu: float
    summary: dict[str, Any]
    requests: list[Served]

    def site(self, slug: str) -> dict[str, Any]:
        return next(site for site in self.summary["sites"] if site["site"] == slug)


class Forge:
    """A process that is forked for each run, so that a run costs no start-up; one run at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.living.runner"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, bufsize=1,
        )  # fmt: skip

    def start(self, job: dict[str, Any]) -> int:
        """Begin a job and return its process id."""
        self._process.stdin.write(json.dumps(job) + "\n")
        return int(self._answer("pid")[0])

    def finish(self) -> tuple[int, float]:
        """Wait for the job that was begun; returns its exit code and its seconds of CPU."""
        code, cpu = self._answer("code")
        return int(code), float(cpu)

    def _answer(self, word: str) -> list[str]:
        line = self._process.stdout.readline().split()
        assert line and line[0] == word, f"the forge answered {line}"
        return line[1:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(10)


class Operator:
    """Somebody who crawls a world into one database, and looks at it."""

    def __init__(self, forge: Forge, world: World, folder: Path, **settings: Any) -> None:
        self.forge, self.world, self.folder, self.settings = forge, world, folder, settings
        self.db = folder / "a.db"
        self.sites = {host.split(".")[0]: {"host": host, "start_pages": ["/"]} for host in world.portals}

    def start(self, *argv: object, now: str | None = None, env: dict[str, str] | None = None, **job: Any) -> int:
        """Begin a command and return its process id; `finish` waits for it."""
        self.world.forget()
        (self.folder / "summary.json").unlink(missing_ok=True)
        command = ["--db", str(self.db), *map(str, argv)]
        if "crawl" in command:
            command += ["--summary", str(self.folder / "summary.json")]
        settings = self.settings | job.pop("settings", {})
        return self.forge.start(
            {"argv": command, "out": str(self.folder / "out"), "ports": self.world.ports(), "sites": self.sites,
             "now": now, "settings": settings, "env": env or {}, **job}
        )  # fmt: skip

    def finish(self) -> Done:
        """Wait for the command that was begun."""
        code, cpu = self.forge.finish()
        written = self.folder / "summary.json"
        summary = json.loads(written.read_text()) if written.exists() else {}
        out, err = ((self.folder / f"out.{name}").read_text() for name in ("stdout", "stderr"))
        return Done(code, out, err, cpu, summary, self.world.requests)

    def run(self, *argv: object, **job: Any) -> Done:
        """Run a command to its end."""
        self.start(*argv, **job)
        return self.finish()

    def crawl(self, *argv: object, **job: Any) -> Done:
        """Crawl every site."""
        return self.run("crawl", *(argv or ("--all",)), **job)

    def status(self, now: str | None = None) -> dict[str, dict[str, Any]]:
        """What `status --json` says, by site."""
        return {row["site"]: row for row in json.loads(self.run("status", "--json", now=now).out)}

    def rows(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """The rows of a query."""
        connection = sqlite3.connect(self.db)
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


def kill(pid: int, how: int = signal.SIGKILL) -> None:
    """Send a signal; a process that has ended is left in peace."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)

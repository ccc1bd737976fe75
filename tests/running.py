"""Running the command line and crawls of the replica portals, each in a process of its own, forked from a warm one."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from crawler.replica_portals.server import Served
from tests.fork_server import PATIENCE, ROOT, ForkServer, read_at_import


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


NO_CONFIGURATION = {"XDG_CONFIG_HOME": str(Path(tempfile.gettempdir()) / "tinphuong-tests-without-configuration")}
"""What keeps the configuration of whoever runs the tests out of them."""


def environment(root=ROOT):
    """The environment of a process of ours, wherever it is started; `root` is where it imports from.

    The servers of the tests are on loopback, which they may reach unless a test sets otherwise; requests to their web
    archives need no pauses. Options that pytest was given by the environment are not for the tests that a test runs.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    inherited |= NO_CONFIGURATION
    return {
        "TINPHUONG_ALLOW_PRIVATE": "127.0.0.1",
        **inherited, "PYTHONPATH": str(root), "PYTHONWARNINGS": "default", "CDXT_DEFAULT_MIN_RETRY_INTERVAL": "0",
    }  # fmt: skip


FORKS = ForkServer(environment())  # begun by the first job, ended by tests/conftest.py
_others: list[ForkServer] = []  # at most one, in the environment that a test set last


def forks_in(env):
    """The server whose modules have read this environment; a second one where a test sets what they read."""
    if read_at_import(env) == read_at_import(FORKS.env):
        return FORKS
    if not _others or read_at_import(env) != read_at_import(_others[0].env):
        end_others()
        _others.append(ForkServer(env))
    return _others[0]


def end_others():
    """End the server in a test's environment, if there is one."""
    while _others:
        _others.pop().close()


def start(module, *arguments, cwd=ROOT, stdin=""):
    """Start `python -m module arguments`, forked; the job has the names of subprocess.Popen, and dies as it is left."""
    env = environment()
    return forks_in(env).start(module, *map(str, arguments), cwd=cwd, env=env, stdin=stdin)


def run(module, *arguments, **options):
    """Run `python -m module arguments`, forked; returns what subprocess.run returns."""
    with start(module, *arguments, **options) as job:
        return job.done()


def tinphuong(*arguments, cwd=ROOT, input=""):
    """Run the command line in a process of its own."""
    if read_at_import(environment()) != read_at_import(FORKS.env):
        return real_tinphuong(*arguments, cwd=cwd, input=input)
    return run("crawler", *arguments, cwd=cwd, stdin=input)


def real_tinphuong(*arguments, cwd=ROOT, **options):
    """Run the command line as a shell does: for what only a process from its start shows."""
    return subprocess.run(
        [sys.executable, "-m", "crawler", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, env=environment(), **options,
    )  # fmt: skip


def start_crawl(portals, folder, *names, **options):
    """Start a crawl of `names` (default: all) from a PortalServer into folder/a.db; its summary is folder/summary.json.

    Options are those of tests/crawl/runner.py.
    """
    job = {"names": names, "db": str(folder / "a.db"), "port": portals.port, "summary": str(folder / "summary.json")}
    return start("tests.crawl.runner", json.dumps(job | options))


def crawl_replicas(portals, folder, *names, **options):
    """Crawl `names` (default: all) from a running PortalServer into folder/a.db."""
    before = len(portals.requests)
    with start_crawl(portals, folder, *names, **options) as job:
        done = job.done()
    summary = json.loads((folder / "summary.json").read_text()) if (folder / "summary.json").exists() else {}
    return Crawled(done.returncode, done.stdout, done.stderr, summary, folder / "a.db", portals.requests[before:])


def alone(coroutine):
    """Run it in a thread of its own: the tests of a browser leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def in_this_thread(coroutine):
    """Run it here, although a browser's loop may be running: for what holds things of this thread, as a database is."""
    others = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return asyncio.run(coroutine)
    finally:
        asyncio._set_running_loop(others)


def wait_for(condition, job, that="that"):
    """Wait until `condition`, called `that`, holds: for as long as the job runs, however busy the machine is."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        if job.poll(0.02) is not None:
            assert condition(), f"the process ended ({job.returncode}) before it came to {that}: {job.output(2)}"
            return
        assert time.monotonic() < ends, f"the process goes on but does not come to {that}: {job.output(2)}"

"""A process that has imported the program once, and a fresh copy of it for each job: a fork in the place of a start.

To import Scrapy, lxml and the rest takes a second of CPU in each new process; a fork takes a hundredth of it. A job is
otherwise what `python -m MODULE ARGUMENTS` is: it has its own folder, environment, streams, signals and exit code.
Each job has its own pipe for its answers, so that no job's answer can be taken for another's.
"""

import contextlib
import gc
import gzip
import importlib
import json
import os
import pkgutil
import platform
import re
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300.0  # seconds until a job counts as hung: the longest takes ten on a quiet machine
PACKAGES = (
    "crawler", "spiders", "storage", "scrapy.extensions", "scrapy.downloadermiddlewares", "scrapy.spidermiddlewares",
    "scrapy.core.downloader.handlers",
)  # fmt: skip
LATE = (  # what a crawl imports as it begins, and no module of these packages at its head
    "rensa", "scrapy.dupefilters", "scrapy.logformatter", "scrapy.pqueues", "scrapy.squeues", "scrapy.statscollectors",
    "scrapy.utils.engine", "warcio.archiveiterator",
)  # fmt: skip
COMMAND = (sys.executable, "-W", "default", "-m", "tests.fork_server")
READ_AT_IMPORT = ("CDXT_", "PYTHON")  # how variables begin that modules read as they are imported


class ForkServerFailed(AssertionError):
    """The warm process, or what waits for a job in it, ended or gave an answer that cannot be one."""


class JobOverdue(AssertionError):
    """A job had not ended at its deadline; it was killed."""


class ForkServer:
    """Starts jobs in copies of one warm process; a server that died or is out of step is replaced.

    `env` is the environment in which it imports its modules, `command` what starts it: it gets the number of a socket.
    """

    def __init__(self, env: dict[str, str], command: tuple[str, ...] = COMMAND) -> None:
        self.env, self.command = env, command
        self._process: subprocess.Popen | None = None
        self._socket: socket.socket | None = None

    def start(self, module: str, *arguments: str, cwd: Path, env: dict[str, str], stdin: str = "") -> "Job":
        """Start `python -m module arguments` in a copy. Raises ForkServerFailed."""
        job = Job(" ".join((module, *arguments)), stdin)
        line = json.dumps({"module": module, "arguments": arguments, "cwd": str(cwd), "env": env}).encode() + b"\n"
        for _ in range(2):
            if self._process is None or self._process.poll() is not None:
                self._begin()
            try:
                socket.send_fds(self._socket, [line[:1]], job.descriptors)
                self._socket.sendall(line[1:])
                if self._socket.recv(1) == b"+":
                    return job.begun()
            except OSError:
                pass
            except BaseException:  # out of step; or an interrupt, and nobody knows what the server has read
                self.kill()
                raise
            self.kill()
        raise ForkServerFailed("the process from which jobs are forked took no job, nor did the one in its place")

    def _begin(self) -> None:
        self.kill()
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(PATIENCE)
        with theirs:
            self._process = subprocess.Popen(
                [*self.command, str(theirs.fileno())], cwd=ROOT, env=self.env,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
                start_new_session=True,  # so that it can be killed with all its jobs
            )  # fmt: skip

    @property
    def running(self) -> bool:
        """Whether there is a process: it begins with the first job, and ends where it cannot be trusted."""
        return self._process is not None

    def close(self) -> None:
        """End the server, and with it what it still runs."""
        if self._process is not None:
            self._socket.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)  # it waits for its jobs, so that their time counts as its own
            self.kill()

    def kill(self) -> None:
        """Kill the server and its jobs, whatever they do; the next job gets a new one."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._socket.close()
            self._process.wait()
            self._process = None


class Job:
    """A job under way or done, with the names that subprocess uses; as a context manager it does not outlive it.

    What it is asked raises ForkServerFailed where the processes that could answer ended before it did.
    """

    def __init__(self, command: str, stdin: str) -> None:
        self.command = command
        self._streams = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115 — closed with the job
        self._streams[0].write(stdin.encode())
        self._streams[0].seek(0)
        self._answers, self._theirs = os.pipe()
        self._said = b""
        self.pid = 0
        self.returncode: int | None = None  # minus the signal where one killed it
        self.cpu = 0.0  # seconds, once it has ended

    @property
    def descriptors(self) -> list[int]:
        """Standard input, output and error, and where the answers go."""
        return [*(stream.fileno() for stream in self._streams), self._theirs]

    def begun(self) -> Self:
        """Wait for the number of its process. Raises ForkServerFailed."""
        os.close(self._theirs)
        if not self._hear(PATIENCE, lines=1):
            raise ForkServerFailed(f"{self} did not begin within {PATIENCE:g} seconds")
        self.pid = int(self._answer(0, rb"\d+")[0])
        return self

    def _hear(self, seconds: float, lines: int) -> bool:
        """Whether as many lines of answers are there, after this time at most."""
        until = time.monotonic() + seconds
        while self._said.count(b"\n") < lines:
            if not select.select([self._answers], [], [], max(0.0, until - time.monotonic()))[0]:
                return False
            more = os.read(self._answers, 200)
            if not more:
                raise ForkServerFailed(f"the process that waits for {self} ended before it")
            self._said += more
        return True

    def _answer(self, number: int, form: bytes) -> list[bytes]:
        line = self._said.split(b"\n")[number]
        if not re.fullmatch(form, line):
            raise ForkServerFailed(f"the process that waits for {self} answered {line!r}, which is no answer")
        return line.split()

    def wait(self, seconds: float = PATIENCE) -> int:
        """Return the exit code once it has ended; where that takes too long, kill it and raise JobOverdue."""
        if self.poll(seconds) is None:
            self.kill()
            error = JobOverdue(f"{self} did not end within {seconds:g} seconds and was killed")
            error.add_note(self.output(2))
            raise error
        return self.returncode

    def poll(self, seconds: float = 0.0) -> int | None:
        """Return the exit code if it has ended, after this time at most."""
        if self.returncode is None and self._hear(seconds, lines=2):
            code, cpu = self._answer(1, rb"-?\d+ \d+\.\d+")
            self.returncode, self.cpu = int(code), float(cpu)
            os.close(self._answers)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended in between
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it and wait for its end."""
        with contextlib.suppress(ForkServerFailed):  # the server was killed with its jobs
            self.send_signal(signal.SIGKILL)
            self.poll(PATIENCE)

    def output(self, number: int) -> str:
        """What it wrote to standard output (1) or error (2) so far."""
        descriptor = self._streams[number].fileno()  # read in place: the job writes where its position is
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode()

    def communicate(self) -> tuple[str, str]:
        """Wait for its end; returns its output and its errors."""
        self.wait()
        return self.output(1), self.output(2)

    def done(self) -> subprocess.CompletedProcess[str]:
        """Wait for its end; returns what subprocess.run returns."""
        out, err = self.communicate()
        return subprocess.CompletedProcess([], self.returncode, out, err)

    def __str__(self) -> str:
        return f"job {self.pid} ({self.command})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def read_at_import(env: dict[str, str]) -> dict[str, str]:
    """The part of an environment that cannot be changed after the modules are imported."""
    return {name: value for name, value in env.items() if name.startswith(READ_AT_IMPORT)}


def serve(connection: socket.socket) -> None:
    """Fork a keeper for each job until the other side closes."""
    warm_up()
    keepers: set[int] = set()
    while True:
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                keepers.discard(pid)
        line, descriptors, _, _ = socket.recv_fds(connection, 1, 4)
        while line and not line.endswith(b"\n"):
            line += connection.recv(1 << 16)
        if not line:
            break
        pid = os.fork()
        if pid == 0:
            connection.close()
            keep(json.loads(line), *descriptors)
        keepers.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(b"+")
    for pid in keepers:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)  # so that their time counts as ours


def keep(job: dict, stdin: int, stdout: int, stderr: int, answers: int) -> None:
    """Fork the job, say its number, wait for it, and say how it ended."""
    pid = os.fork()
    if pid == 0:
        os.close(answers)
        for number, descriptor in enumerate((stdin, stdout, stderr)):
            os.dup2(descriptor, number)
            os.close(descriptor)
        run(job)
    for descriptor in (stdin, stdout, stderr):
        os.close(descriptor)

    def end(number: int, frame: object) -> None:
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(OSError):
        os.write(answers, b"%d\n" % pid)
    _, status, usage = os.wait4(pid, 0)
    with contextlib.suppress(OSError):
        os.write(answers, b"%d %.3f\n" % (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime))
    os._exit(0)


def run(job: dict) -> None:
    """Become the job; never returns."""
    code: object = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(job["env"])
        os.chdir(job["cwd"])
        sys.argv[1:] = job["arguments"]
        runpy.run_module(job["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as error:
        code = error.code or 0
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
    with contextlib.suppress(OSError, ValueError):  # closed, or larger than files may be
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code & 0xFF)


def warm_up() -> None:
    """Import what jobs import and read a page once, so that no job has to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # also modules that Scrapy keeps for others are imported here
        for package in PACKAGES:
            for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
                if not found.name.endswith(".__main__"):
                    with contextlib.suppress(ImportError):  # what an optional requirement is for
                        importlib.import_module(found.name)
        for name in LATE:
            importlib.import_module(name)
    from crawler.cli.extract import read  # in this process: `extract` itself reads in another one
    from spiders.registry import Registry

    sites = Registry.of_package()
    for page in sorted((ROOT / "spiders" / "frozen").glob("hanoi_*/article.html.gz")):
        site = sites.site(page.parent.name)
        html, url = gzip.decompress(page.read_bytes()), f"https://{site.host}/tin/-/view_content/4570175-a.html"
        for layout in (site.platform.layout, None):
            read(site, html, url, layout, None, None)
    platform.platform()  # Scrapy writes it into its log: asked for, it starts a process
    assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared"
    gc.collect()
    gc.freeze()  # copies share the memory until one of them writes to it


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        serve(connection)

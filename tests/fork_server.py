"""A process that has imported the program once, and a fresh copy of it for each job: a fork in the place of a start.

To import Scrapy, lxml and the rest takes a second of CPU in each new process; a fork takes a hundredth of it. A job is
otherwise what `python -m MODULE ARGUMENTS` is: it has its own folder, environment, streams, signals and exit code.
Each job has its own pipe for its answers, so that no job's answer can be taken for another's.
"""

import contextlib
import gc
import gzip
import importlib
import io
import json
import os
import pkgutil
import platform
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Self

from crawler.cli import main

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300.0  # seconds until a job counts as hung: the longest takes ten on a quiet machine
PACKAGES = (
    "crawler", "spiders", "storage", "scrapy.extensions", "scrapy.downloadermiddlewares", "scrapy.spidermiddlewares",
    "scrapy.core.downloader.handlers",
)  # fmt: skip
LATE = (  # what a crawl imports as it begins, and no module of these packages at its head
    "rensa", "scrapy.dupefilters", "scrapy.logformatter", "scrapy.pqueues", "scrapy.squeues", "scrapy.statscollectors",
    "scrapy.utils.engine", "warcio.archiveiterator", "warcio.warcwriter",
)  # fmt: skip
READ_AT_IMPORT = ("TINPHUONG_", "CDXT_", "PYTHON")  # how variables begin that modules read as they are imported


class ForkServer:
    """Starts jobs in copies of one warm process; a server that died or was left amid a request is replaced."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._socket: socket.socket | None = None
        self.known: dict[str, str] = {}  # what its modules found in the environment

    def start(self, module: str, *arguments: str, cwd: Path, env: dict[str, str], stdin: str = "") -> "Job":
        """Start `python -m module arguments` in a copy."""
        job = Job(stdin)
        line = json.dumps({"module": module, "arguments": arguments, "cwd": str(cwd), "env": env}).encode() + b"\n"
        for attempt in (1, 2):
            if self._process is None or self._process.poll() is not None:
                self._begin(env)
            try:
                socket.send_fds(self._socket, [line[:1]], job.descriptors)
                self._socket.sendall(line[1:])
                if self._socket.recv(1):
                    return job.begun()
            except OSError:
                pass
            except BaseException:  # an interrupt: what the server has read is unknown
                self.close()
                raise
            self.close()
            assert attempt == 1, "the process from which jobs are forked ended twice"
        raise AssertionError

    def _begin(self, env: dict[str, str]) -> None:
        self.close()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "default", "-m", "tests.fork_server", str(theirs.fileno())],
                cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            )  # fmt: skip
        self.known = read_at_import(env)

    def close(self) -> None:
        """End the server, and with it what it still runs."""
        if self._process is not None:
            self._socket.close()
            self._process.wait()
            self._process = None


class Job:
    """A job under way or done, with the names that subprocess uses; as a context manager it does not outlive it."""

    def __init__(self, stdin: str) -> None:
        self._streams = [tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(3)]  # noqa: SIM115 — closed with the job
        self._streams[0].write(stdin)
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
        """Wait for the number of its process."""
        os.close(self._theirs)
        self._hear(PATIENCE, lines=1)
        assert self._said, "the process from which jobs are forked ended before it began this one"
        self.pid = int(self._said.split()[0])
        return self

    def _hear(self, seconds: float, lines: int) -> None:
        while self._said.count(b"\n") < lines and select.select([self._answers], [], [], seconds)[0]:
            more = os.read(self._answers, 200)
            if not more:
                return
            self._said += more

    def wait(self, seconds: float = PATIENCE) -> int:
        """Return the exit code once it has ended; where that takes too long, end it and raise TimeoutExpired."""
        if self.returncode is None and self.poll(seconds) is None:
            self.kill()
            raise subprocess.TimeoutExpired(f"job {self.pid}", seconds, self.output(1), self.output(2))
        return self.returncode

    def poll(self, seconds: float = 0.0) -> int | None:
        """Return the exit code if it has ended."""
        if self.returncode is None:
            self._hear(seconds, lines=2)
            if self._said.count(b"\n") == 2:
                code, cpu = self._said.split()[1:]
                self.returncode, self.cpu = int(code), float(cpu)
                os.close(self._answers)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it and wait for its end."""
        self.send_signal(signal.SIGKILL)
        self.poll(PATIENCE)

    def output(self, number: int) -> str:
        """What it wrote to standard output (1) or error (2) so far."""
        self._streams[number].seek(0)
        return self._streams[number].read()

    def communicate(self) -> tuple[str, str]:
        """Wait for its end; returns its output and its errors."""
        self.wait()
        return self.output(1), self.output(2)

    def done(self) -> subprocess.CompletedProcess[str]:
        """Wait for its end; returns what subprocess.run returns."""
        out, err = self.communicate()
        return subprocess.CompletedProcess([], self.returncode, out, err)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def read_at_import(env: dict[str, str]) -> dict[str, str]:
    """The part of an environment that cannot be changed after the modules are imported."""
    return {name: value for name, value in env.items() if name.startswith(READ_AT_IMPORT)}


def serve(connection: socket.socket) -> None:
    """Fork a keeper for each job until the other side closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; what they leave ends with them
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
    with contextlib.suppress(BrokenPipeError, ValueError):
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
    page = next((ROOT / "tests" / "frozen").glob("*/article.html.gz"))
    with tempfile.NamedTemporaryFile(suffix=".html") as file, contextlib.redirect_stdout(io.StringIO()):
        file.write(gzip.decompress(page.read_bytes()))
        file.flush()
        main(["extract", file.name, "--url", "http://sotttt.hanoi.gov.vn/a"])
    platform.platform()  # Scrapy writes it into its log: asked for, it starts a process
    assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared"
    gc.collect()
    gc.freeze()  # copies share the memory until one of them writes to it


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        serve(connection)

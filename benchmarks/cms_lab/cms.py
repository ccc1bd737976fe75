"""What every CMS of the laboratory offers: install, fill and change, answer. And the processes they run in."""

import os
import shutil
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import ClassVar

from benchmarks.cms_lab.articles import Article, Page
from benchmarks.cms_lab.front import Behind


class LabProblem(Exception):
    """A CMS cannot be tried; the message says why and what to do about it."""


@dataclass(frozen=True)
class Place:
    """Where a CMS is tried. `packages` outlives the trial with --keep; `sources` is the user's folder, if any."""

    folder: Path
    packages: Path
    sources: Path | None
    address: str  # at which visitors see it


class Cms(ABC):
    """A CMS with one theme. `name` is its name on the command line."""

    name: ClassVar[str]
    title: ClassVar[str]
    platforms: ClassVar[tuple[str, ...]] = ("generic",)  # that `new-site` may name
    splits: ClassVar[bool] = False  # whether an article may have several pages
    pins: ClassVar[bool] = True

    def __init__(self, place: Place) -> None:
        self.place = place
        self._processes: list[subprocess.Popen[bytes]] = []

    @abstractmethod
    def missing(self) -> str | None:
        """What has to be installed before it can be tried, as a sentence; None if nothing."""

    @abstractmethod
    def install(self) -> Behind:
        """Set it up empty in the place's folder; what answers for it."""

    @abstractmethod
    def version(self) -> str:
        """Its version, as the installed one says it."""

    @abstractmethod
    def put(self, articles: list[Article]) -> dict[int, str]:
        """Write new articles, and edit those that are there; the address of each by its number ("" for a draft)."""

    @abstractmethod
    def delete(self, articles: list[Article]) -> None:
        """Take articles away."""

    @abstractmethod
    def put_page(self, page: Page) -> None:
        """Write a page that is no article."""

    def start(self, command: list[str | Path], *, log: str, **options: object) -> subprocess.Popen[bytes]:
        """Start a process that `close` ends, with all that it starts; its output goes into a file of the folder."""
        self.place.folder.mkdir(parents=True, exist_ok=True)
        with (self.place.folder / log).open("ab") as out:
            process = subprocess.Popen(  # type: ignore[call-overload]
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, **options,
            )  # fmt: skip
        self._processes.append(process)
        return process  # type: ignore[no-any-return]

    def close(self) -> None:
        """End all processes that were started, the last one first."""
        for process in reversed(self._processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self._processes.clear()


class ScriptedCms(Cms):
    """A CMS that a script of ours changes from inside, by the functions that the CMS has."""

    @abstractmethod
    def _call(self, do: str, **asked: object) -> dict[str, str]:
        """Run the script: what it is to `do`, with what it needs for that; its answer."""

    def _put(self, rows: list[dict[str, object]]) -> dict[int, str]:
        """Write articles as the script takes them; the address of each by its number."""
        return {int(number): url for number, url in self._call("put", articles=rows).items()}

    def delete(self, articles: list[Article]) -> None:
        self._call("delete", numbers=[article.number for article in articles])

    def put_page(self, page: Page) -> None:
        html = "".join(f"<p>{text}</p>" for text in page.paragraphs)
        self._call("page", title=page.title, slug=page.slug, html=html)


class PyPiCms(Cms):
    """A CMS from PyPI, in a virtual environment that all of them share."""

    package: ClassVar[str]

    @property
    def python(self) -> Path:
        return self.place.packages / "venv" / "bin" / "python"

    def missing(self) -> str | None:
        return None  # pip gets it when it is installed

    def install_package(self) -> None:
        """Install the package, unless it is there."""
        if not self.python.exists() or self.package not in run([self.python, "-m", "pip", "list"]):
            run([sys.executable, "-m", "venv", self.place.packages / "venv"])
            run([self.python, "-m", "pip", "install", "--quiet", self.package])


def without(*programs: str) -> list[str]:
    """Those of these programs that are not on the path."""
    return [program for program in programs if shutil.which(program) is None]


def run(command: list[str | Path], *, stdin: str = "", **options: object) -> str:
    """Run a command to its end; its standard output. Raises LabProblem with its last words if it fails."""
    done = subprocess.run(  # type: ignore[call-overload]
        [str(word) for word in command], input=stdin, capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip()[-1500:]
        raise LabProblem(f"{Path(str(command[0])).name} ended with {done.returncode}:\n{words}")
    return str(done.stdout)


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], what: str, *, seconds: float = 120) -> None:
    """Wait until a server answers; raises LabProblem if it ends before, or takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise LabProblem(f"{what} ended with {process.returncode} before it answered")
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise LabProblem(f"{what} did not answer within {seconds:.0f} seconds")

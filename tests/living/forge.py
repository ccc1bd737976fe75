"""A process that is forked for each run of the command line, so that a run costs no start-up.

Every job has a number, and every answer names the number of its job: what one test leaves unfinished is never read as
the answer to another. A forge that is dead, out of step or still at work when the next test begins is replaced.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from tests.running import ROOT

DEADLINE = 240.0  # seconds that a job may take at most; a hundred times what it takes on a machine that is not busy
RUNNER = (sys.executable, "-m", "tests.living.runner")


class ForgeOutOfStep(AssertionError):
    """The runner ended, or answered what cannot be an answer to the jobs that it has."""


class JobOverdue(AssertionError):
    """A job had not ended at its deadline; it was killed."""


@dataclass(frozen=True)
class Job:
    """A job that was begun: its number, its process id, and its command in words."""

    number: int
    pid: int
    command: str


class Forge:
    """Begins jobs and waits for them, several at once where a test wants that; as a context manager."""

    def __init__(self, command: tuple[str, ...] = RUNNER) -> None:
        self.command = command
        self._runner: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._answers: dict[int, dict[str, Any]] = {}  # by job: what was said of the jobs that are not finished
        self._read = b""

    def start(self, job: dict[str, Any]) -> Job:
        """Begin a job. Raises ForgeOutOfStep."""
        if self._runner is None:
            self._runner = subprocess.Popen(
                self.command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                start_new_session=True,  # so that it can be killed with all its children
            )  # fmt: skip
        self._number += 1
        number, command = self._number, " ".join(map(str, job.get("argv", ())))
        self._answers[number] = {}
        try:
            self._runner.stdin.write(json.dumps({"job": number, **job}).encode() + b"\n")
        except BrokenPipeError:
            self._out_of_step("is dead")
        return Job(number, self._wait(number, "pid", command, DEADLINE), command)

    def ended(self, job: Job) -> bool:
        """Whether a job that was begun has ended; does not wait. Raises ForgeOutOfStep."""
        if select.select([self._runner.stdout], [], [], 0)[0]:
            self._take(os.read(self._runner.stdout.fileno(), 65536))
        return "code" in self._answers[job.number]

    def finish(self, job: Job, within: float = DEADLINE) -> tuple[int, float]:
        """Wait for a job; returns its exit code and its seconds of CPU. Raises JobOverdue, ForgeOutOfStep."""
        if job.number not in self._answers:
            raise ForgeOutOfStep(f"job {job.number} ({job.command}) was finished before, or ended with its forge")
        code = self._wait(job.number, "code", job.command, within)
        return code, self._answers.pop(job.number)["cpu"]

    @property
    def idle(self) -> bool:
        """Whether there is no process: it was not wanted yet, or was ended because it could not be trusted."""
        return self._runner is None

    def clear(self) -> None:
        """Kill what is still at work; does nothing where every job is finished and the runner waits for the next."""
        if self._answers or (self._runner and self._runner.poll() is not None):
            self._kill()

    def _wait(self, number: int, word: str, command: str, within: float) -> Any:
        """Read answers until the job's `word` is among them."""
        until = time.monotonic() + within
        while word not in self._answers[number]:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._runner.stdout], [], [], left)[0]:
                self._kill()
                raise JobOverdue(f"job {number} ({command}) did not end within {within:g} seconds and was killed")
            self._take(os.read(self._runner.stdout.fileno(), 65536))
        return self._answers[number][word]

    def _take(self, data: bytes) -> None:
        if not data:
            self._out_of_step("is dead")
        *lines, self._read = (self._read + data).split(b"\n")
        for line in lines:
            try:
                answer = json.loads(line)
                self._answers[answer.pop("job")].update(answer)
            except (ValueError, KeyError, TypeError, AttributeError):
                self._out_of_step(f"answered {line[:100]!r}, which belongs to no job")

    def _out_of_step(self, what: str) -> None:
        self._kill()
        raise ForgeOutOfStep(f"the process that runs the jobs {what}; it is replaced")

    def _kill(self) -> None:
        """End the runner and its children, whatever they do; the next job gets a new one."""
        runner, self._runner = self._runner, None
        self._answers.clear()
        self._read = b""
        if runner:
            with suppress(ProcessLookupError):
                os.killpg(runner.pid, signal.SIGKILL)
            self._close(runner)

    @staticmethod
    def _close(runner: subprocess.Popen[bytes]) -> None:
        runner.stdin.close()
        runner.wait()
        runner.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        if self._runner:
            self._close(self._runner)
            self._runner = None


def kill(job: Job, how: int = signal.SIGKILL) -> None:
    """Send a signal; a process that has ended is left in peace."""
    with suppress(ProcessLookupError):
        os.kill(job.pid, how)

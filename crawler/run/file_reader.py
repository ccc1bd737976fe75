"""Reads attached files in a separate process, so that a hostile file can harm nothing but that process.

`python -m crawler.run.file_reader` is that process. It reads lines of JSON (path, kind) and answers each with a line of
JSON (text, problem).
"""

import importlib.util
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from crawler.errors import how_to_install
from crawler.extraction.file_text import FileText, FileTextProblem, file_text

SECONDS = 20.0  # for one file; its text so far is returned a little earlier
_GRACE = 0.25  # share of SECONDS by which an answer may be late before the process is stopped
_START = 20.0  # for the process to start
_MEMORY = 1 << 30  # bytes of address space
_MOST_FILES = 500  # then a fresh process


def missing_readers() -> str | None:
    """Return a sentence where PDFs cannot be read, else None."""
    if importlib.util.find_spec("pypdf") is None:
        return f"PDFs are kept, but their text is not read: {how_to_install('files')}, then run again"
    return None


class FileReader:
    """Reads files one at a time; starts its process for the first file, and again after one that had to be stopped."""

    def __init__(self, seconds: float = SECONDS):
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._read = 0
        self._closed = threading.Event()
        self._taken: set[int] = set()

    @property
    def reads_pdf(self) -> bool:
        """Whether PDFs can be read here."""
        return missing_readers() is None

    def take(self, file_id: int) -> bool:
        """Return True for the first caller with this file, False for any other."""
        if file_id in self._taken:
            return False
        self._taken.add(file_id)
        return True

    def read(self, path: Path, kind: str) -> FileText | None:
        """Return the text of the file at `path`, or None if the reader was closed meanwhile; blocks."""
        with self._lock:
            if self._closed.is_set():
                return None
            if self._process is None or self._process.poll() is not None or self._read >= _MOST_FILES:
                self._stop()
                self._process = self._begin()
                self._read = 0
            self._read += 1
            answer = self._ask(self._process, json.dumps({"path": str(path), "kind": kind}))
            if self._closed.is_set():
                return None
            if answer is None:
                timed_out = self._process.poll() is None
                self._stop()
                return FileText("", FileTextProblem.TIMEOUT if timed_out else FileTextProblem.DAMAGED)
            found = json.loads(answer)
            return FileText(found["text"], FileTextProblem(found["problem"]) if found["problem"] else None)

    def close(self) -> None:
        """End the process, even while it reads."""
        self._closed.set()
        if process := self._process:
            process.kill()  # a thread that waits for its answer then releases the lock
        with self._lock:
            self._stop()

    def _begin(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 — this program itself
            [sys.executable, "-m", "crawler.run.file_reader", str(self.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parents[2],
            start_new_session=True,  # Ctrl-C at the terminal is handled by the crawl
        )
        self._line(process, _START)
        return process

    def _ask(self, process: subprocess.Popen[bytes], question: str) -> bytes | None:
        try:
            if process.stdin:
                process.stdin.write(question.encode() + b"\n")
                process.stdin.flush()
        except (OSError, ValueError):
            return None
        return self._line(process, self.seconds * (1 + _GRACE))

    @staticmethod
    def _line(process: subprocess.Popen[bytes], seconds: float) -> bytes | None:
        """Return a line of the process's output, or None if the process ends or takes longer than `seconds`."""
        if process.stdout is None:
            return None
        deadline = time.monotonic() + seconds
        chunks: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            try:
                selector.register(process.stdout, selectors.EVENT_READ)
                while (left := deadline - time.monotonic()) > 0 and selector.select(left):
                    chunk = os.read(process.stdout.fileno(), 1 << 16)
                    chunks.append(chunk)
                    if not chunk:
                        process.wait(1)
                        return None
                    if chunk.endswith(b"\n"):
                        return b"".join(chunks)
            except (OSError, ValueError, subprocess.TimeoutExpired):
                return None
        return None

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):  # a request that the process no longer read
                    if stream:
                        stream.close()


def _bound() -> None:
    """Forbid this process what it does not need to read a file: much memory, writing files, core dumps."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _until(deadline: float) -> Callable[[], bool]:
    return lambda: time.monotonic() < deadline


def _serve(seconds: float) -> None:
    import logging
    import signal

    logging.disable(logging.CRITICAL)  # pypdf logs every defect of a broken file
    _bound()
    out = sys.stdout
    out.write("ready\n")
    out.flush()
    for line in sys.stdin:
        signal.alarm(int(2 * seconds) + 1)  # even if the crawl is gone
        asked = json.loads(line)
        try:
            found = file_text(Path(asked["path"]).read_bytes(), asked["kind"], go_on=_until(time.monotonic() + seconds))
        except (OSError, MemoryError):
            found = FileText("", FileTextProblem.DAMAGED)
        signal.alarm(0)
        out.write(json.dumps({"text": found.text, "problem": found.problem}) + "\n")
        out.flush()


if __name__ == "__main__":
    _serve(float(sys.argv[1]))

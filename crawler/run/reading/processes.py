"""What runs beside the crawl: a keeper, and the readers that it starts and ends. Needs `os.fork`.

The keeper is forked before a run opens anything; it waits. Each reader is forked from the keeper: from one thread, with
everything imported, and without the run's database, its lock and its sockets. That is why no pool of the standard
library or of pebble is used here: both fork in the middle of the run, so that a reader would hold the lock on the
database after the run was killed. When the run is gone, however it went, the keeper sees the end of its socket, kills
its readers and ends.

A message is its length (8 bytes) and a pickle. Question: `Question`; answer: `Answer`.
"""

import gc
import logging
import os
import pickle
import resource
import signal
import socket
import stat
import struct
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from logging.handlers import QueueHandler
from pathlib import Path
from typing import Any, NamedTuple

from crawler.run.process_state import collect_rarely

LENGTH = struct.Struct("!Q")
COMMAND = struct.Struct("!cq")  # START with a socket, or END with the number of a reader's process
START, END = b"+", b"-"
_HARD = 4  # times the bound on memory: there the system refuses more; readers are ended long before, from outside
_RECYCLED = 0.25  # share of the bound on memory from which a reader is not used again
_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of ru_maxrss


class Outcome(StrEnum):
    """How a reading ended."""

    READ = "read"
    RAISED = "raised"  # an exception of our own code
    MEMORY = "memory"  # it took more memory than it may


class Question(NamedTuple):
    """`work(site, *arguments)` is to be done, with `seconds` of CPU time at most; 0: neither time nor memory is bound.
    `site`: a slug; `changed`: what makes of the site that was there at the fork the one that it is now, None where it
    is the same."""

    seconds: float
    site: str
    changed: Callable[[Any], Any] | None
    work: Callable[..., Any]
    arguments: tuple[Any, ...]


class Answer(NamedTuple):
    """What came of it: a value or an exception, the exception's traceback as text, and the lines that were logged.
    `is_last`: the reader ends now, whatever else it was asked."""

    outcome: Outcome
    value: Any
    traceback: str
    logged: list[logging.LogRecord]
    is_last: bool


def start_keeper(
    sites: Mapping[str, Any], memory: int, prepare: Callable[[], object] | None = None
) -> tuple[int, socket.socket]:
    """Fork the keeper; returns its process number, and the socket that takes its commands.

    `sites`: slug → what is handed to the work; `memory`: bytes that reading a page may take; `prepare`: what the keeper
    does first, so that readers have loaded what they need. Raises OSError.
    """
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            _keep(theirs.fileno(), sites, memory, prepare)
        except BaseException:
            with suppress(BaseException):
                traceback.print_exc()
        finally:
            os._exit(1)
    theirs.close()
    return pid, ours


def _keep(number: int, sites: Mapping[str, Any], memory: int, prepare: Callable[[], object] | None) -> None:
    """Start a reader for each socket that comes, and end those that are named, until the other side closes."""
    _forget_the_run(number)
    if prepare is not None:
        with suppress(Exception):  # then each reader loads what it needs
            prepare()
    gc.freeze()  # readers share the memory until one of them writes to it
    collect_rarely()
    control = socket.socket(fileno=number)
    readers: set[int] = set()
    while True:
        try:
            message, sockets, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        except OSError:
            break
        if len(message) < COMMAND.size:
            break
        kind, pid = COMMAND.unpack(message)
        if kind == START:
            answer = os.fork()
            if answer == 0:
                try:
                    control.close()
                    _serve(socket.socket(fileno=sockets[0]), sites, memory)
                finally:
                    os._exit(0)
            os.close(sockets[0])
            readers.add(answer)
        else:
            answer = _ended(pid) if pid in readers else 0
            readers.discard(pid)
        control.sendall(COMMAND.pack(kind, answer))
    for pid in readers:
        _ended(pid)
    os._exit(0)


def _ended(pid: int) -> int:
    """Kill a reader, if it still runs; returns its exit code, minus the signal that ended it."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return 0


def _forget_the_run(kept: int) -> None:
    """Close what the process that was forked has open, but the socket `kept`; leave its signals, handlers and logs."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the run decides when this ends: it may still want what is being read
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    pipes = _pipes()
    for pipe in pipes:
        os.dup2(nothing, pipe)  # and not closed: a library that closes its own as this process forks dies without it
    begin = 3
    for held in sorted({kept, *pipes}):
        os.closerange(begin, held)
        begin = held + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))
    sys.stdin, sys.stdout, sys.stderr = (open(n, mode, closefd=False) for n, mode in enumerate("rww"))  # noqa: SIM115
    logging.getLogger().handlers[:] = []


def _pipes() -> set[int]:
    """Return the pipes that this process has open, but its streams; none where the system does not list them."""
    found = set()
    with suppress(OSError):
        for entry in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                if int(entry.name) > 2 and stat.S_ISFIFO(os.fstat(int(entry.name)).st_mode):
                    found.add(int(entry.name))
    return found


class _Kept(QueueHandler):
    """Keeps log lines, to be sent with the answer."""

    def __init__(self) -> None:
        super().__init__(None)  # type: ignore[arg-type]  # no queue is needed
        self.lines: list[logging.LogRecord] = []

    def enqueue(self, record: logging.LogRecord) -> None:
        """Keep a line that was made fit for pickling."""
        self.lines.append(record)

    def taken(self) -> list[logging.LogRecord]:
        """Return the lines since the last time."""
        lines, self.lines = self.lines, []
        return lines


def _serve(connection: socket.socket, sites: Mapping[str, Any], memory: int) -> None:
    """Answer questions until the other side closes, or this process has taken much memory."""
    log = _Kept()
    logging.getLogger().addHandler(log)
    at_first = _peak()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):  # a lower limit is in force
        most = _address_space() + _HARD * memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    while (message := _received(connection)) is not None:
        question: Question = pickle.loads(message)  # noqa: S301 — from the process that forked this one
        signal.setitimer(signal.ITIMER_PROF, question.seconds)  # its signal ends the process, whatever it is doing
        outcome, value, trace = _outcome(question, sites)
        taken = _peak() - at_first
        if question.seconds and taken > memory:
            outcome, value, trace = Outcome.MEMORY, None, ""
        is_last = taken > _RECYCLED * memory or outcome == Outcome.MEMORY
        message = _pickled(Answer(outcome, value, trace, log.taken(), is_last))
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.sendall(LENGTH.pack(len(message)) + message)
        if is_last:
            return


def _outcome(question: Question, sites: Mapping[str, Any]) -> tuple[Outcome, Any, str]:
    try:
        site = sites.get(question.site)
        if question.changed is not None:
            site = question.changed(site)
        return Outcome.READ, question.work(site, *question.arguments), ""
    except MemoryError:
        return Outcome.MEMORY, None, ""
    except Exception as error:
        return Outcome.RAISED, error, traceback.format_exc()


def _pickled(answer: Answer) -> bytes:
    """Return the answer's pickle; an exception that cannot be pickled becomes a RuntimeError with its words."""
    if answer.outcome == Outcome.RAISED:
        try:
            pickle.loads(pickle.dumps(answer.value))  # noqa: S301 — it was made here
        except Exception:
            answer = answer._replace(value=RuntimeError(f"{type(answer.value).__name__}: {answer.value}"))
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def _received(connection: socket.socket) -> bytes | None:
    """Return the next message, None where the other side is gone."""
    head = _exactly(connection, LENGTH.size)
    return _exactly(connection, LENGTH.unpack(head)[0]) if head else None


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts, left = [], size
    while left:
        try:
            part = connection.recv(min(left, 1 << 20))
        except OSError:
            return None
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _peak() -> int:
    """Return the most memory that this process has had at once so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def _address_space() -> int:
    """Return the size of this process's address space in bytes. Raises OSError where the system does not say."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def memory_of(pid: int) -> int:
    """Return the memory that a process has now, in bytes; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def cpu_of(pid: int) -> float:
    """Return the CPU time of a process so far, in seconds; 0 where the system does not say."""
    try:
        _, _, facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
        user, system = facts.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return 0.0

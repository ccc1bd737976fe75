"""The process from which readers are forked, as the run sees it."""

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from crawler.run.reading import processes
from crawler.run.reading.processes import COMMAND, END, START

_ANSWERS = 30.0  # seconds that it may take to start or end a reader, and to be ready


class Keeper:
    """Starts readers and ends them. It is begun where it is needed, and again where somebody killed it. `pid`: the
    number of its process, 0 where it never ran."""

    def __init__(self, sites: Mapping[str, Any], memory: int, prepare: Callable[[], object] | None):
        """The arguments are those of `processes.start_keeper`."""
        self.pid = 0
        self._how = sites, memory, prepare
        self._control: socket.socket | None = None

    def begin(self) -> None:
        """Fork it: best while nothing is open yet and no other thread runs. Nothing where it runs. Raises OSError."""
        if self._control is None:
            self.pid, self._control = processes.start_keeper(*self._how)
            self._control.settimeout(_ANSWERS)

    def start_reader(self) -> tuple[int, socket.socket]:
        """Return the number of a new reader's process, and the connection to it. Raises OSError."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = self._commanded(START, 0, theirs)
            except OSError:  # it is gone: somebody killed it
                self.end()
                pid = self._commanded(START, 0, theirs)
        return pid, ours

    def end_reader(self, pid: int) -> int:
        """End a reader, if it still runs; returns its exit code, 0 where nobody knows."""
        try:
            return self._commanded(END, pid)
        except OSError:
            return 0

    def _commanded(self, kind: bytes, pid: int, connection: socket.socket | None = None) -> int:
        """Return its answer to a command. Raises OSError where it is gone."""
        self.begin()
        if self._control is None:
            raise OSError("no keeper")
        sent = [connection.fileno()] if connection else []
        socket.send_fds(self._control, [COMMAND.pack(kind, pid)], sent)
        answer = self._control.recv(COMMAND.size, socket.MSG_WAITALL)
        if len(answer) < COMMAND.size:
            raise OSError("the keeper is gone")
        return int(COMMAND.unpack(answer)[1])

    def end(self) -> None:
        """End it, and with it all readers."""
        if self._control is not None:
            self._control.close()
            self._control = None
            with suppress(ChildProcessError):
                os.waitpid(self.pid, 0)

"""Kills a piece of work with SIGKILL right before its nth operation on files, in a process of its own."""

import os
import signal
import sys

OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "sqlite3.connect"}


def killed_at(nth, work):
    """Run `work` in a fork and kill it before its `nth` operation (from 1); True where it was killed.

    Where it has fewer, it goes to its end. The operations come in the same order every time.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "it failed before it was killed"
        return os.WIFSIGNALED(status)
    left = nth

    def watch(event, arguments):
        nonlocal left
        if event in OPERATIONS and not str(arguments[0]).endswith((".py", ".pyc", ".so")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        sys.addaudithook(watch)
        work()
        code = 0
    finally:
        os._exit(code)


def operations_of(work):
    """How many operations the work has, by halving; each trial runs it, so it must be work that can be done again."""
    low, high = 1, 2
    while killed_at(high, work):
        low, high = high, high * 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if killed_at(middle, work) else (low, middle)
    return low

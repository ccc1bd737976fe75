"""Kills a piece of work with SIGKILL right before its nth operation on files, in a process of its own."""

import os
import signal
import sys
import traceback

OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "sqlite3.connect"}


def killed_at(nth, work):
    """Run `work` in a fork and kill it before its `nth` operation (from 1); True where it was killed.

    Where it has fewer, it goes to its end. The operations come in the same order every time.
    """
    return _forked(work, lambda number: number == nth and os.kill(os.getpid(), signal.SIGKILL)) is None


def operations_of(work):
    """How many operations the work has; it is done, in a fork."""
    return _forked(work, lambda number: None)


def _forked(work, before):
    """Do `work` in a fork, with `before` called with the number of each operation; returns how many there were, None
    where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with os.fdopen(reading) as said:
            count = said.read()
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "it failed before it was killed"
        return None if os.WIFSIGNALED(status) else int(count)
    done = 0

    def watch(event, arguments):
        nonlocal done
        if event in OPERATIONS and not str(arguments[0]).endswith((".py", ".pyc", ".so")):
            done += 1
            before(done)

    code = 1
    try:
        sys.addaudithook(watch)
        work()
        os.write(writing, str(done).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)

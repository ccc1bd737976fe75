"""What a run changes in its process, and giving the process back as it was."""

import ctypes
import gc
import logging
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_COLLECT = (20_000, 20, 20)  # objects, and rounds of the younger generation: pages make many that die at once
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # names of malloc.h
_LARGE = 1 << 20  # bytes
_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGCHLD")  # that Scrapy or Twisted handle; SIGBREAK is Windows'


@contextmanager
def restored() -> Iterator[None]:
    """Undo behind the block what Scrapy, Twisted and a run itself change in the process.

    That is: thresholds and frozen objects of the garbage collector; levels, filters and handlers of loggers; where
    warnings and Twisted's messages go; signal handlers. Twisted's reactor stays: it runs once in a process.
    """
    with _collector(), _logging(), _twisted_messages(), _signal_handlers():
        yield


def collect_rarely() -> None:
    """Spare the collector what is loaded now, as it lives to the end of the run; let it look at the rest rarely."""
    if not gc.get_freeze_count():  # who froze objects before us would lose them by our unfreezing
        gc.freeze()
    gc.set_threshold(*_COLLECT)


def return_memory() -> None:
    """Have the memory of large objects given back to the system as soon as they are gone.

    The C library of Linux learns to keep it: one page of 30 MB, and every later one of that size stays in the heap,
    between smaller objects that live on. Processes that are forked afterwards do the same. Nothing where there is no
    such setting; it cannot be undone, and harms nothing.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, 4 * _LARGE)


@contextmanager
def _collector() -> Iterator[None]:
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        if not frozen:
            gc.unfreeze()


@contextmanager
def _logging() -> Iterator[None]:
    before = {
        logger: (logger.level, logger.propagate, logger.disabled, logger.handlers[:], logger.filters[:])
        for logger in _loggers()
    }
    show_warning = warnings.showwarning
    try:
        yield
    finally:
        for logger in _loggers():
            if logger not in before:
                logger.setLevel(logging.NOTSET)
                continue
            level, logger.propagate, logger.disabled, logger.handlers[:], logger.filters[:] = before[logger]
            logger.setLevel(level)
        if warnings.showwarning is not show_warning:
            logging.captureWarnings(False)


def _loggers() -> list[logging.Logger]:
    named = [logger for logger in logging.Logger.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    return [logging.getLogger(), *named]


@contextmanager
def _twisted_messages() -> Iterator[None]:
    from twisted.python import log

    before = list(log.theLogPublisher.observers)
    try:
        yield
    finally:
        for observer in log.theLogPublisher.observers:
            if observer not in before:
                log.removeObserver(observer)


@contextmanager
def _signal_handlers() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there can they be set
        yield
        return
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    woken = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(woken)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # None is a handler that was not set from Python
                signal.signal(number, handler)
        signal.set_wakeup_fd(woken)

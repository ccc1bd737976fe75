"""A run gives its process back as it found it."""

import gc
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path

from tests.running import PATIENCE, ROOT


def state():
    """What a run could change, as JSON: facts of the process by their names."""
    from scrapy.settings import default_settings
    from twisted.python import log

    from crawler import settings

    named = {name: logger for name, logger in logging.root.manager.loggerDict.items() if hasattr(logger, "level")}
    return {
        "collector": [*gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()],
        "loggers": {
            name: repr((logger.level, logger.propagate, logger.disabled, logger.handlers, logger.filters))
            for name, logger in {"": logging.root, **named}.items()
        },
        "warnings": repr(warnings.showwarning),  # filters are added by modules as they are imported, which stay
        "twisted": [repr(observer) for observer in log.theLogPublisher.observers],
        "signals": {name: repr(signal.getsignal(getattr(signal, name))) for name in ("SIGINT", "SIGTERM", "SIGCHLD")},
        "wakeup": signal.set_wakeup_fd(-1),
        "settings": [
            {name: repr(value) for name, value in vars(module).items() if name.isupper()}
            for module in (settings, default_settings)
        ],
        "environment": dict(os.environ),
        "python": [str(Path.cwd()), sys.path[:], repr((sys.excepthook, sys.stdout, sys.stderr, threading.excepthook))],
        "threads": [thread.name for thread in threading.enumerate()],
        "children": [path.read_text() for path in Path("/proc/self/task").glob("*/children")],
    }


def child(db, port):
    """Crawl two articles, and print the state of the process before and after."""
    from crawler.run.run import Options, crawl
    from spiders.registry import Registry

    logging.getLogger("scrapy.core.scraper").addFilter(str)  # somebody else's
    signal.signal(signal.SIGTERM, lambda *_: None)
    gc.set_threshold(701, 11, 9)
    registry = Registry.of_package()
    names = sorted(registry)
    before = state()
    report = crawl([registry["hanoi_sotttt"]], Options(db=Path(db), loopback_port=port, limit=2), [])
    after = state()
    print(json.dumps([report.exit_code, report.reports[0].new, names == sorted(registry), before, after]))


def test_a_run_leaves_its_process_as_it_was(portals, tmp_path):
    code = f"from tests.crawl.test_process_state import child; child({str(tmp_path / 'a.db')!r}, {portals.port})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    exit_code, new, same_sites, before, after = json.loads(done.stdout.splitlines()[-1])
    assert (exit_code, new, same_sites) == (0, 2, True)
    for name in sorted(before.keys() - {"loggers"}):
        assert after[name] == before[name], f"a run leaves the process with other {name}"
    untouched = repr((logging.NOTSET, True, False, [], []))
    for name, logger in after["loggers"].items():
        wanted = before["loggers"].get(name, untouched)
        assert logger == wanted or "NullHandler" in logger, f"a run leaves the logger {name!r} changed"

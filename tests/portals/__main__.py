"""Serve the replica portals until stdin closes or SIGTERM comes: `python -m tests.portals [--port N]`."""

import argparse
import os
import signal
import threading

from tests.portals import expectations
from tests.portals.server import PortalServer


def _until_stdin_closes(done: threading.Event) -> None:
    # os.read, not sys.stdin: a thread inside a buffered reader makes the interpreter abort when it leaves.
    while os.read(0, 4096):
        pass
    done.set()


def main() -> None:
    """Print one line, `listening on 127.0.0.1:PORT`, and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.portals", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--write-expected", action="store_true", help="write expected/*.json anew and leave")
    args = parser.parse_args()
    if args.write_expected:
        expectations.write()
        return
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    with PortalServer(args.port) as portals:
        print(f"listening on 127.0.0.1:{portals.port}", flush=True)
        threading.Thread(target=_until_stdin_closes, args=(done,), daemon=True).start()
        done.wait()


if __name__ == "__main__":
    main()

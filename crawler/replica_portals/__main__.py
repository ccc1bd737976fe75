"""Serve the replica portals until stdin closes or SIGTERM comes: `python -m crawler.replica_portals --help`."""

import argparse
import os
import signal
import threading

from crawler.replica_portals.server import PortalServer
from crawler.replica_portals.sites import sites


def _until_stdin_closes(done: threading.Event) -> None:
    # os.read, not sys.stdin: a thread inside a buffered reader makes the interpreter abort when it leaves.
    while os.read(0, 4096):
        pass
    done.set()


def main() -> None:
    """Print one line, `listening on 127.0.0.1:PORT`, and serve."""
    parser = argparse.ArgumentParser(prog="python -m crawler.replica_portals", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument(
        "--site", default="", choices=sorted(sites()), metavar="SLUG",
        help="the portal that answers at http://127.0.0.1:PORT/ (default: an index of all)",
    )  # fmt: skip
    args = parser.parse_args()
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    with PortalServer(args.port, args.site) as portals:
        print(f"listening on 127.0.0.1:{portals.port}", flush=True)  # noqa: T201
        threading.Thread(target=_until_stdin_closes, args=(done,), daemon=True).start()
        done.wait()


if __name__ == "__main__":
    main()

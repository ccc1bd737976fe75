"""Serve the replica portals until stdin closes or SIGTERM comes: `python -m tests.portals [--port N]`."""

import argparse
import signal
import sys
import threading

from tests.portals.server import PortalServer


def main() -> None:
    """Print one line, `listening on 127.0.0.1:PORT`, and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.portals", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    args = parser.parse_args()
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    with PortalServer(args.port) as portals:
        print(f"listening on 127.0.0.1:{portals.port}", flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
        done.wait()


if __name__ == "__main__":
    main()

"""Serve one replica of a platform until it is stopped: `python -m tests.platforms handmade --port 8810`."""

import argparse
import time

from tests.platforms import replicas
from tests.platforms.server import PlatformServer

BY_NAME = {replica.host.split(".")[1]: replica for replica in replicas.ALL}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.platforms", description=__doc__)
    parser.add_argument("replica", choices=sorted(BY_NAME))
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    arguments = parser.parse_args()
    with PlatformServer(arguments.port, only=BY_NAME[arguments.replica]) as server:
        print(f"http://127.0.0.1:{server.port}{BY_NAME[arguments.replica].start[0]}", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()

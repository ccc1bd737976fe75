"""pywb's own server over one WARC file."""

import socket
import subprocess
import time
from contextlib import contextmanager

import httpx

from tests.running import PATIENCE
from tests.validators import program

COLLECTION = "c"


@contextmanager
def wayback(folder, *files):
    """Index WARC or WACZ files as pywb's users do, and serve them; gives a client whose base is the collection."""
    for words in (["init", COLLECTION], ["add", COLLECTION, *map(str, files)]):
        subprocess.run([program("wb-manager"), *words], cwd=folder, check=True, capture_output=True, timeout=PATIENCE)
    port = free_port()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [program("wayback"), "--bind", "127.0.0.1", "--port", str(port)], cwd=folder, stdout=log, stderr=log
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/{COLLECTION}/", timeout=PATIENCE) as client:
            wait_for(client, process)
            yield client
    finally:
        process.terminate()
        process.wait()


def wait_for(client, process):
    """Wait until the server answers; it does not say when it does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "wayback ended by itself"
        try:
            client.get("")
            return
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "wayback does not answer"
            time.sleep(0.05)


def free_port():
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

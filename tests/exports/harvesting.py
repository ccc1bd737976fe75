"""A harvester of OAI-PMH that is not ours, over a repository that is served."""

import threading
from contextlib import contextmanager

from storage.exports import oai_server


@contextmanager
def harvested(folder):
    """An OAI-PMH client of a repository that is served as its own program does."""
    from sickle import Sickle

    server = oai_server.server(folder, 0)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield Sickle(f"http://127.0.0.1:{server.server_port}/oai")
    finally:
        server.shutdown()
        server.server_close()

"""Many sites on a server that answers nobody: the first are tried again and again, the others once."""

import json
import socket
import threading
from collections import Counter

from tests.running import run

SITES = 5


class SilentServer:
    """Ports of one address that take connections and never answer; `asked`: port → requests."""

    def __init__(self, count):
        self.asked = Counter()
        self._held = []
        self._sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        self.ports = [one.getsockname()[1] for one in self._sockets]
        for one in self._sockets:
            threading.Thread(target=self._take, args=(one,), daemon=True).start()

    def _take(self, listening):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            self._held.append(connection)
            self.asked[listening.getsockname()[1]] += 1

    def close(self):
        for one in (*self._sockets, *self._held):
            one.close()


def test_sites_of_a_silent_server_are_asked_once_after_the_first_three(tmp_path):
    server = SilentServer(SITES)
    table, summary = tmp_path / "sites.csv", tmp_path / "summary.json"
    rows = [f"hatinh_xa{n},Xã {n},127.0.0.1:{port},generic,/,http" for n, port in enumerate(server.ports)]
    table.write_text("\n".join(["slug,name,host,platform,start_pages,scheme", *rows]) + "\n", encoding="utf-8")
    job = {"settings": {"DOWNLOAD_TIMEOUT": 0.3, "RETRY_TIMES": 1}, "env": {"TINPHUONG_ALLOW_PRIVATE": "127.0.0.1"}}
    slugs = [f"hatinh_xa{n}" for n in range(SITES)]
    arguments = "--db", tmp_path / "a.db", "--sites", table, "crawl", *slugs, "--summary", summary
    done = run("tests.living.runner", *map(str, arguments), stdin=json.dumps(job))
    server.close()
    assert summary.exists(), done.stderr
    sites = json.loads(summary.read_text(encoding="utf-8"))["sites"]
    assert [(site["site"], site["reason"]) for site in sites] == [(slug, "timeout") for slug in slugs], done.stderr
    assert [server.asked[port] for port in server.ports] == [2, 2, 2, 1, 1]

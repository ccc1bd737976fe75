"""The timeout that the environment sets holds for a whole transfer over a real connection, with TLS and without."""

import socket
import threading
import time

import pytest

from tests.running import tinphuong


class Silent:
    """Takes every connection, sends `begin`, and never ends."""

    def __init__(self, begin):
        self._begin, self._taken = begin, []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.sendall(self._begin)
            self._taken.append(connection)  # or it would be closed

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        for connection in self._taken:
            connection.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("scheme", "begin"),
    [
        ("http", b""), ("http", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 900\r\n\r\nUser-"),
        ("https", b""), ("https", b"\x16\x03\x03\x40\x00"),  # a handshake that never ends
    ],
)  # fmt: skip
def test_a_server_that_never_ends_is_a_timeout(tmp_path, monkeypatch, scheme, begin):
    settings = {"TIMEOUT": "0.3", "DELAY": "0.01", "RETRY_BACKOFF": "0.01", "ALLOW_PRIVATE": "127.0.0.1"}
    for name, value in settings.items():
        monkeypatch.setenv(f"TINPHUONG_{name}", value)
    with Silent(begin) as server:
        table = tmp_path / "sites.csv"
        table.write_text(f"slug,name,host,platform,scheme\nx_a,Xã,127.0.0.1:{server.port},generic,{scheme}\n")
        begun = time.monotonic()
        done = tinphuong("--db", tmp_path / "a.db", "--sites", table, "crawl", "x_a")
        seconds = time.monotonic() - begun
    assert done.returncode == 1 and "the server did not answer in time" in done.stderr, done.stderr
    assert seconds < 30, "ten seconds for each try: the setting does not come to the request"

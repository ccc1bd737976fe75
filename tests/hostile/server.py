"""Plays the hostile sites and the good one: a loopback address of its own for each, over real sockets."""

import contextlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from tests.hostile.kind import ARTICLES, Asked, Kind, head
from tests.living.portal import Portal

GOOD = "127.1.0.1"
ELSEWHERE = "127.0.0.15"  # a private address that no operator has named
NETWORK = "127.1.0.0/16"  # what TINPHUONG_ALLOW_PRIVATE names for these sites
GOOD_ARTICLES = 24
_LONGEST_REQUEST = 1 << 20


class Site:
    """One host, with a portal, and a kind of being hostile or none."""

    def __init__(self, address: str, kind: Kind | None, closing: threading.Event, elsewhere: str, folder: Path) -> None:
        self.kind, self._closing, self._elsewhere = kind, closing, elsewhere
        self._listener = socket.create_server((address, 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.host = f"{address}:{self.port}"
        self.portal = Portal(self.host)
        self.numbers = self.portal.publish(ARTICLES + 1 if kind else GOOD_ARTICLES)
        self.requests = 0
        self._hostile = 0
        self._times: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._tls = server_context(folder, address) if kind and kind.scheme == "https" else None
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def slug(self) -> str:
        """The site's name in the table of sites."""
        return f"thu_{self.kind.name.replace('_', '')}" if self.kind else "tot_mot"

    @property
    def trap(self) -> int:
        """The number of the article that a kind takes over."""
        return self.numbers[0]

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            connection.settimeout(60)
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece or len(request) > _LONGEST_REQUEST:
                    return
                request += piece
            self._answer(connection, request.split(b" ", 2)[1].decode("latin-1"))
            with contextlib.suppress(OSError):  # so that what was sent is not taken back with a reset
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(2)
                connection.recv(1)

    def _answer(self, connection: socket.socket, target: str) -> None:
        with self._lock:
            self.requests += 1
            hostile = self.kind is not None and self._takes(target)
            self._hostile += hostile
            self._times[target] += 1
            count, times = self._hostile, self._times[target]
        answer = self.portal.answer(target, {})
        if self._tls:
            answer.body = answer.body.replace(b"http://", b"https://")
        if not hostile or self.kind is None:
            kind = str(answer.headers.pop("Content-Type", "text/html;charset=UTF-8"))
            if target == "/tep/1.html.pdf":
                answer.status, answer.body = 200, b"<html><body>Khong tim thay tep</body></html>"
            headers = {name.replace("-", "_"): value for name, value in answer.headers.items()}
            connection.sendall(
                head(f"{answer.status} X", kind, Content_Length=len(answer.body), **headers) + answer.body
            )
            return
        asked = Asked(self.host, target, count, times, answer.body, connection, self._closing.wait, self._elsewhere)
        made = self.kind.answer(asked)
        for piece in [made] if isinstance(made, bytes) else made:
            if piece:
                connection.sendall(piece)
            if self._closing.is_set():
                return

    def _takes(self, target: str) -> bool:
        path = target.partition("?")[0]
        match self.kind.at if self.kind else "":
            case "everything":
                return path != "/robots.txt" or self.kind.stored == 0  # type: ignore[union-attr]
            case "robots":
                return path == "/robots.txt"
            case "home":
                return path == "/"
            case "section":
                return path == "/tin-tuc"
            case "article":
                return f"/{self.trap}-" in path
            case at:
                return path == at


def server_context(folder: Path, address: str) -> ssl.SSLContext:
    """A TLS server's context with a certificate that nobody else has signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, address)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    path = folder / f"{address}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class Sites:
    """A good site and one for each kind, as a context manager; `touched` counts connections to where nothing may go."""

    def __init__(self, kinds: Iterable[Kind], folder: Path) -> None:
        self._closing = threading.Event()
        self.touched = 0
        self._forbidden = socket.create_server((ELSEWHERE, 0))
        elsewhere = "{}:{}".format(*self._forbidden.getsockname())
        threading.Thread(target=self._watch, daemon=True).start()
        self.good = Site(GOOD, None, self._closing, elsewhere, folder)
        self.hostile = [
            Site(f"127.1.{number // 200 + 1}.{number % 200 + 1}", kind, self._closing, elsewhere, folder)
            for number, kind in enumerate(kinds)
        ]

    def _watch(self) -> None:
        while True:
            try:
                connection, _ = self._forbidden.accept()
            except OSError:
                return
            self.touched += 1
            connection.close()

    def table(self) -> str:
        """The table of sites that --sites names."""
        rows = ["slug,name,host,platform,start_pages,scheme"]
        for site in (self.good, *self.hostile):
            kind = site.kind
            facts = (kind.platform, "/", kind.scheme) if kind else ("hanoi_liferay62", "/", "http")
            rows.append(",".join((site.slug, f"Phường {site.slug}", site.host, *facts)))
        return "\n".join(rows) + "\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for site in (self.good, *self.hostile):
            site.close()
        self._forbidden.close()

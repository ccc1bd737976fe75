"""A service on loopback that alarms are sent to, as Apprise's json:// sends them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class AlarmService:
    """Keeps what comes; answers 503 while `down`. `secret`: what no output of ours may hold."""

    secret = "m4t-kh4u-b1-m4t"

    def __init__(self) -> None:
        self.got: list[dict] = []
        self.down = False
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not service.down:
                    service.got.append(json.loads(body))
                self.send_response(503 if service.down else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://wards:{self.secret}@127.0.0.1:{self._server.server_address[1]}/{self.secret}/x"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def taken(self) -> list[dict]:
        """What came since this was asked last."""
        came, self.got[:] = list(self.got), []
        return came

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

"""A server of a test on loopback, at work while a `with` goes on."""

import threading


class Serving:
    """What has a `server` of `http.server` or the like, and runs it in a thread of its own."""

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

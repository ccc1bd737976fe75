"""Who is answered, and the policy under which a browser shows the pages."""

import re
from typing import Any

from datasette.utils.asgi import Response

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'none'; script-src 'none'; connect-src 'none'; "
    "object-src 'none'; frame-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()), (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"), (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)  # fmt: skip
_LOCAL = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_LONGEST_QUESTION = 8192  # bytes of an address after its "?"


def guard(app: Any) -> Any:
    """Return an ASGI application that answers only requests that name this machine as their host, and gives every
    answer the same strict policy.

    This refuses pages of other hosts whose name was made to lead to 127.0.0.1.
    """

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def strict(message: Any) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in _HEADERS}
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in ours]
                message = {**message, "headers": [*kept, *_HEADERS]}
            await send(message)

        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not _LOCAL.fullmatch(hosts[0]):
            await Response.text("This collection answers only to its own machine.", status=403).asgi_send(strict)
        elif scope["method"] not in ("GET", "HEAD"):
            await Response.text("This collection is read-only.", status=405).asgi_send(strict)
        elif len(scope["query_string"]) > _LONGEST_QUESTION:
            await Response.text("The address is too long.", status=414).asgi_send(strict)
        else:
            await app(scope, receive, strict)

    return guarded

"""Reports to a monitoring service how a run goes: a URL for success, with /start and /fail beside it."""

import logging
import urllib.request
from urllib.error import URLError

logger = logging.getLogger(__name__)

_SECONDS = 10


def ping(url: str | None, event: str, text: str = "") -> None:
    """Send `text` to `url` (event "success") or to its /start or /fail; a service that does not answer changes nothing.

    Nothing is sent without a URL, or to one that is not http(s).
    """
    if not url or not url.startswith(("http://", "https://")):
        return
    address = url.rstrip("/") + ("" if event == "success" else f"/{event}")
    request = urllib.request.Request(address, data=text.encode(), method="POST")  # noqa: S310 — http(s) only, see above
    try:
        urllib.request.urlopen(request, timeout=_SECONDS).close()  # noqa: S310
    except (URLError, OSError, ValueError) as error:
        logger.warning("the ping to %s did not arrive: %s", address, error)

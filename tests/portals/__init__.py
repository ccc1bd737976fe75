"""Replica portals: six invented copies of Vietnamese ward portals, served over real HTTP on loopback.

    from tests.portals import PortalServer, expected

    with PortalServer() as portals:
        ...  # connect to 127.0.0.1:portals.port, keep the true Host; X-Forwarded-Proto says http or https

`python -m tests.portals` serves them for a browser or another process. `expected(slug)` is what a crawl must store.
"""

from tests.portals.expectations import expected
from tests.portals.server import PortalServer, Served
from tests.portals.sites import sites, start_urls

__all__ = ["PortalServer", "Served", "expected", "sites", "start_urls"]

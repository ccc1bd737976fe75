"""Replica portals: six invented copies of Vietnamese ward portals, served over real HTTP on loopback.

    from crawler.replica_portals import PortalServer

    with PortalServer() as portals:
        ...  # connect to 127.0.0.1:portals.port, keep the true Host; X-Forwarded-Proto says http or https

`tinphuong demo` crawls them; `python -m crawler.replica_portals` serves them for a browser or another process.
"""

from crawler.replica_portals.server import PortalServer, Served
from crawler.replica_portals.sites import sites, start_urls

__all__ = ["PortalServer", "Served", "sites", "start_urls"]

"""What a crawl of the replica portals (`crawler.replica_portals`) must store."""

from tests.portals.expectations import expected

__all__ = ["expected"]

"""One real crawl of all replica portals, shared by the tests that look at what it left."""

import pytest

from tests.portals.server import PortalServer
from tests.running import crawl_replicas


@pytest.fixture
def portals():
    with PortalServer() as server:
        yield server


@pytest.fixture(scope="session")
def crawled(tmp_path_factory):
    """All registered sites, crawled once."""
    with PortalServer() as server:
        yield crawl_replicas(server, tmp_path_factory.mktemp("crawl"))

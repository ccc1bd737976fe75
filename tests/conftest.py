"""One real crawl of all replica portals, shared by the tests that look at what it left."""

import pytest
from hypothesis import settings

from tests.portals.server import PortalServer
from tests.running import crawl_replicas

# The same examples in every run; pytest --hypothesis-profile=default looks for others.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


@pytest.fixture
def portals():
    with PortalServer() as server:
        yield server


@pytest.fixture(scope="session")
def crawled(tmp_path_factory):
    """All registered sites, crawled once."""
    with PortalServer() as server:
        yield crawl_replicas(server, tmp_path_factory.mktemp("crawl"))


def pytest_collection_modifyitems(items):
    """The longest tests go first, so that the others are done beside them."""
    items.sort(key=lambda item: "test_days_of_runs" not in item.nodeid)

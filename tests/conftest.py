"""One real crawl of all replica portals, shared by the tests that look at what it left."""

import pytest
from hypothesis import settings

from tests.portals.server import PortalServer
from tests.running import FORKS, crawl_replicas

# The same examples in every run; pytest --hypothesis-profile=default looks for others.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def no_process_is_left():
    """The process that jobs are forked from ends with the tests, which counts its time with theirs."""
    yield
    FORKS.close()


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
    """The longest test goes first, so that the others are done beside it."""
    items.sort(key=lambda item: "test_a_year_of_daily_runs" not in item.nodeid)

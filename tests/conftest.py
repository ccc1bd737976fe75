"""One real crawl of all replica portals, shared by the tests that look at what it left."""

import os
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from crawler.replica_portals.server import PortalServer
from tests import examples  # noqa: F401 — registers the profiles
from tests.browse.chromium import launched
from tests.running import FORKS, NO_CONFIGURATION, crawl_replicas, end_others

pytest_plugins = ["tests.sentences"]
settings.load_profile("steady")
os.environ |= NO_CONFIGURATION


def pytest_configure(config):
    """`-m long` brings more examples of each property, too; --hypothesis-profile goes before."""
    if config.option.markexpr == "long" and not config.getoption("--hypothesis-profile"):
        settings.load_profile("long")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """The longest tests go first, so that the others are done beside them; with `-m long` properties count as long."""
    items.sort(key=lambda item: "test_days_of_runs" not in item.nodeid)
    for item in items:
        if config.option.markexpr == "long" and getattr(item.obj, "is_hypothesis_test", False):
            item.add_marker("long")


@pytest.fixture(scope="session", autouse=True)
def no_process_is_left():
    """The process that jobs are forked from ends with the tests, which counts its time with theirs."""
    yield
    FORKS.close()
    end_others()


@pytest.fixture
def portals():
    with PortalServer() as server:
        yield server


@pytest.fixture(scope="session")
def crawled(tmp_path_factory):
    """All registered sites, crawled once for all processes that share the tests; each has a copy of what it left."""
    own = tmp_path_factory.mktemp("crawl")
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "crawled"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            with PortalServer() as server:
                done = crawl_replicas(server, own)
            (own / "done").write_bytes(pickle.dumps(done))
            shutil.copytree(own, f"{shared}.begun", dirs_exist_ok=True)
            Path(f"{shared}.begun").rename(shared)  # so that after a failure the next test fails with the cause, too
    done = pickle.loads((shared / "done").read_bytes())
    shutil.copytree(shared, own, dirs_exist_ok=True)
    return replace(done, db=own / done.db.name)


@pytest.fixture(scope="session")
def chromium():
    """A real browser, one for a whole process of tests: Playwright starts no second one beside it."""
    with launched() as browser:
        yield browser

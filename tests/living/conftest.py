"""Operators who crawl changing portals, and collections from which they go on."""

import pytest

from tests.living.operator import Beginnings, operators


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory):
    return Beginnings(tmp_path_factory.mktemp)


@pytest.fixture
def operate(tmp_path):
    """Gives a function: portals in, somebody who crawls them out."""
    with operators(tmp_path) as begin:
        yield begin


@pytest.fixture
def go_on_from(beginnings, operate):
    """Gives a function: what makes a beginning in, somebody who goes on from a copy of it out."""
    return lambda make, folder=None: beginnings.copy(make, operate, folder)

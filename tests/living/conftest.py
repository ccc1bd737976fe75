"""One forge for all tests of a process, and operators who use it."""

import pytest

from tests.living.forge import Forge
from tests.living.operator import Beginnings, operators


@pytest.fixture(scope="session")
def forge():
    with Forge() as made:
        yield made


@pytest.fixture(scope="session")
def beginnings(forge, tmp_path_factory):
    return Beginnings(forge, tmp_path_factory.mktemp)


@pytest.fixture
def operate(forge, tmp_path):
    """Gives a function: portals in, somebody who crawls them out."""
    with operators(forge, tmp_path) as begin:
        yield begin


@pytest.fixture
def go_on_from(beginnings, operate):
    """Gives a function: what makes a beginning in, somebody who goes on from a copy of it out."""
    return lambda make, folder=None: beginnings.copy(make, operate, folder)

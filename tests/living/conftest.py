"""One forge for all tests of a process."""

import pytest

from tests.living.forge import Forge, Operator
from tests.living.server import World


@pytest.fixture(scope="session")
def forge():
    with Forge() as made:
        yield made


@pytest.fixture
def operate(forge, tmp_path):
    """Gives a function: portals in, somebody who crawls them out."""
    worlds = []

    def start(*portals, **settings):
        world = World(*portals).__enter__()
        worlds.append(world)
        return Operator(forge, world, tmp_path, **settings)

    yield start
    for world in worlds:
        world.__exit__()

"""A working folder in which a replica portal has been crawled, for all tests of a module."""

import pytest

from tests.operating.folders import REPLICA, console_script, edit, init
from tests.platforms.server import PlatformServer


@pytest.fixture(scope="package")
def portal():
    """A replica portal on loopback that answers under any host."""
    with PlatformServer(only=REPLICA) as server:
        yield server


@pytest.fixture
def program(tmp_path):
    """A program named tinphuong that runs this tree."""
    return console_script(tmp_path / "bin")


@pytest.fixture
def folder(tmp_path, program, portal):
    """A working folder with one site, not crawled yet."""
    code, _, err = init(tmp_path / "news", program=program)
    assert (code, err) == (0, "")
    edit(tmp_path / "news", portal.port)
    return tmp_path / "news"

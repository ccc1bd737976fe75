"""A small collection, made once and copied for each test."""

import shutil

import pytest

from tests.keeping.kept import make


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A collection of three articles; tests read it and copy it."""
    return make(tmp_path_factory.mktemp("made") / "a collection")


@pytest.fixture
def db(made, tmp_path):
    """A copy of that collection, in a folder whose name has spaces."""
    shutil.copytree(made.parent, tmp_path / "bộ sưu tập")
    return tmp_path / "bộ sưu tập" / made.name

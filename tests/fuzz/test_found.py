"""What fuzzing has found, read again for ever. The files are made small, and hold no text but ours."""

import gzip
from pathlib import Path

import pytest

from tests.fuzz.targets import ALL
from tests.fuzz.worker import Worker

FOUND = sorted(path for path in (Path(__file__).parent / "found").glob("*-*") if path.suffix != ".json")


def content(path):
    data = path.read_bytes()
    return gzip.decompress(data) if path.name.endswith(".packed") else data


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_is_mended(path):
    target = ALL[path.name.split("-")[0]]
    worker = Worker(target, 0, lambda number: content(path))
    try:
        found = worker.take(0)
    finally:
        worker.close()
    assert found is None, f"{found.kind} at {found.where}: {found.what}\n{found.trace}"


def test_every_finding_names_its_target():
    assert {path.name.split("-")[0] for path in FOUND} <= set(ALL)

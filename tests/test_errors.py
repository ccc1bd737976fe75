"""Every error of ours is in the tree that crawler.errors shows, and a command ends with the code given there."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys

import pytest
from scrapy.exceptions import DropItem, IgnoreRequest

import crawler
import spiders
import storage
from crawler import cli, errors
from crawler.errors import Exit, InternalError, TinphuongError
from storage.errors import CapturesUnwritable, CollectionError, Locked, Unwritable

LINE = re.compile(r"    ( *)(\w+) +(\d+|–)(?:  ([\w.]+))?")


def modules():
    """Every module of ours that can be imported here."""
    for package in (crawler, spiders, storage):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__"):
                continue
            try:
                yield importlib.import_module(found.name)
            except ModuleNotFoundError as error:  # an optional group
                assert not str(error.name).startswith(("crawler", "spiders", "storage"))


@pytest.fixture(scope="module")
def ours():
    """The exceptions defined in our modules, but for those that no other module can name."""
    found = {
        item
        for module in modules()
        for item in vars(module).values()
        if inspect.isclass(item) and issubclass(item, BaseException) and item.__module__ == module.__name__
    }
    return {item for item in found if not item.__name__.startswith("_")}


def drawn():
    """(name, name of the error above, exit code or None, module) for each line of the tree."""
    above = []
    for line in errors.__doc__.splitlines():
        if match := LINE.fullmatch(line):
            depth, name = len(match[1]) // 2, match[2]
            above[depth:] = [name]
            code = None if match[3] == "–" else int(match[3])
            yield name, above[depth - 1] if depth else "Exception", code, match[4] or "crawler.errors"


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes(ours):
    real = {
        (item.__name__, item.__bases__[0].__name__, item.exit_code, item.__module__)
        for item in ours
        if issubclass(item, TinphuongError)
    }
    assert sorted(drawn()) == sorted(real, key=lambda row: row[0])


def test_what_is_outside_the_tree_is_for_scrapy(ours):
    outside = {item for item in ours if not issubclass(item, TinphuongError)}
    assert {item.__name__ for item in outside} == {
        "NotStored",
        "NotUsed",
        "Refused",
        "ProxyFailed",
        "RobotsUnreadable",
        "CaptureNotWhole",
    }
    assert all(issubclass(item, DropItem | IgnoreRequest) and item.__name__ in errors.__doc__ for item in outside)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("write it so"), Exit.USAGE), (CollectionError("no such file"), Exit.USAGE),
        (Locked("another run"), Exit.LOCKED), (Unwritable("the disk is full"), Exit.UNHEALTHY),
        (CapturesUnwritable("the disk is full"), Exit.UNHEALTHY),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_command_ends_with_the_sentence_and_the_code_of_the_error(monkeypatch, capsys, error, code):
    def run(arguments):
        raise error

    monkeypatch.setattr("crawler.cli.date.run", run)
    assert cli.main(["date", "hôm qua"]) == code
    assert capsys.readouterr().err == f"tinphuong: {error}\n"


def test_what_should_have_been_handled_is_not_passed_off_as_a_mistake_of_the_user(monkeypatch):
    def run(arguments):
        raise InternalError("page 3")

    monkeypatch.setattr("crawler.cli.date.run", run)
    with pytest.raises(InternalError):
        cli.main(["date", "hôm qua"])


def test_the_errors_load_nothing_else():
    lines = "import sys; import crawler.errors; print(*[n for n in sys.modules if n in ('scrapy', 'lxml', 'sqlite3')])"
    shown = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True).stdout
    assert shown.split() == []

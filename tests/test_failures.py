"""A failing test says in its first line what a user would see go wrong, with and without processes that share tests."""

import os
import re
import subprocess
import sys

import pytest

from tests.running import PATIENCE, ROOT

FAILING = '''
import pytest

@pytest.mark.parametrize("site", ["khac_ca"])
def test_a_second_run_fetches_no_article_it_has(site):
    assert [1, 2] == [1, 3]

def test_a_message_of_its_own_comes_first():
    """Circumstances."""
    assert 1 == 2, "an article was fetched twice\\nand again"

def test_an_error_is_named():
    try:
        int("x")
    except ValueError:
        raise KeyError("pages")

@pytest.fixture
def crawled():
    raise OSError("the disk is full")

def test_what_cannot_be_tried_says_so(crawled):
    pass

def test_a_fixture_that_nobody_knows(nonesuch):
    pass

@pytest.fixture
def left():
    yield
    raise OSError("still open")

def test_what_is_left_behind(left):
    pass

def test_given_up():
    pytest.fail("the page is blank", pytrace=False)

def test_a_hundred_pages_are_read():
    pass
'''

FIRST_LINES = {
    "test_a_second_run_fetches_no_article_it_has[khac_ca]": (
        "no longer so: a second run fetches no article it has [khac_ca]: assert [1, 2] == [1, 3]"
    ),
    "test_a_message_of_its_own_comes_first": (
        "an article was fetched twice (no longer so: a message of its own comes first)"
    ),
    "test_an_error_is_named": "no longer so: an error is named: KeyError: 'pages'",
    "test_what_cannot_be_tried_says_so": (
        "could not be tried: what cannot be tried says so: OSError: the disk is full"
    ),
    "test_what_is_left_behind": "not cleaned up after: what is left behind: OSError: still open",
    "test_given_up": "the page is blank (no longer so: given up)",
}


@pytest.fixture(scope="module", params=[("-p", "no:xdist"), ("-n", "1")], ids=["one process", "xdist"])
def shown(request, tmp_path_factory):
    """What pytest prints of the failing tests above."""
    folder = tmp_path_factory.mktemp("failing")
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.sentences"]\n')
    (folder / "test_it.py").write_text(FAILING)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *request.param, "-vv", folder],
        cwd=folder, env=kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}, capture_output=True, text=True,
        timeout=PATIENCE,
    )  # fmt: skip
    assert "4 failed, 2 passed, 3 errors" in done.stdout, done.stdout
    return done.stdout


@pytest.mark.parametrize("test", FIRST_LINES)
def test_a_failure_begins_with_what_is_no_longer_so(shown, test):
    (text,) = re.findall(rf"^_+ (?:ERROR at \w+ of )?{re.escape(test)} _+\n+(?:\[gw.*\n+)?(.*)", shown, re.MULTILINE)
    assert text == FIRST_LINES[test]


@pytest.mark.parametrize(
    "test", [test for test in FIRST_LINES if test != "test_given_up"]
)  # which has no message there
def test_the_summary_says_it_too(shown, test):
    assert re.search(
        rf"^(?:FAILED|ERROR) test_it.py::{re.escape(f'{test} - {FIRST_LINES[test]}')}$", shown, re.MULTILINE
    )


def test_an_unknown_fixture_is_still_named(shown):
    assert "could not be tried: a fixture that nobody knows" in shown and "fixture 'nonesuch' not found" in shown

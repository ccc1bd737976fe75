"""What each test says of the program, in front of whatever made it fail: a pytest plugin of tests/conftest.py.

The first line of a failure, and its line in the short summary, say what a user would see go wrong. That is the test's
name in words, or the message of the assert where it has one. A docstring only adds circumstances.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from _pytest._code.code import ReprEntryNative

NO_LONGER = {"setup": "could not be tried", "call": "no longer so", "teardown": "not cleaned up after"}


def sentence_of(item: pytest.Item) -> str:
    """Return the test's name in words, with the id of its parameters in brackets."""
    name = getattr(item, "originalname", None) or item.name
    words = name.removeprefix("test_").replace("_", " ")
    parameters = getattr(item, "callspec", None)
    return f"{words} [{parameters.id}]" if parameters is not None and parameters.id else words


def own_message(error: BaseException) -> str:
    """Return the message that an assert or pytest.fail was given, else an empty string; pytest adds the values."""
    if not isinstance(error, AssertionError | pytest.fail.Exception):
        return ""
    said = str(error).strip()
    return "" if said.startswith("assert ") else said


def first_line(when: str, sentence: str, error: BaseException, crash: str) -> str:
    """Return the first line for a test that failed at `when`; `crash`: what pytest says of the error."""
    own = own_message(error).partition("\n")[0]
    if own:
        return f"{own} ({NO_LONGER[when]}: {sentence})"
    return f"{NO_LONGER[when]}: {sentence}: {crash.partition(chr(10))[0] or type(error).__name__}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Put the test's sentence first, in ways that outlast the way from a worker of pytest-xdist."""
    report = yield
    if not report.failed or call.excinfo is None:
        return report
    shown, error = report.longrepr, call.excinfo.value
    crash = getattr(shown, "reprcrash", None)
    line = first_line(call.when, sentence_of(item), error, crash.message if crash else str(error))
    if crash is None:  # a fixture that is not known, or pytest.fail(pytrace=False)
        report.longrepr = f"{line}\n{shown}"
        return report
    rest = crash.message.partition("\n")[2]
    crash.message = f"{line}\n{rest}" if rest else line
    traceback = shown.chain[0][0] if hasattr(shown, "chain") else shown.reprtraceback
    traceback.reprentries.insert(0, ReprEntryNative([f"{line}\n"]))
    return report

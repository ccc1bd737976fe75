"""Where the tests find a browser and the accessibility checker; each may be missing, then what needs it is skipped.

A machine gets a browser with `apt-get install chromium`; $TINPHUONG_CHROMIUM (a program) names another.
"""

import importlib.util
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def browser_path() -> str | None:
    """Return the path of a Chromium, or None where none is installed."""
    named = os.environ.get("TINPHUONG_CHROMIUM")
    if named is not None:
        return named if Path(named).is_file() else None
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def axe_path() -> Path | None:
    """Return the path of axe.min.js as the package axe-playwright-python ships it, or None where that is missing."""
    found = importlib.util.find_spec("axe_playwright_python")
    return Path(found.origin).with_name("axe.min.js") if found and found.origin else None


@contextmanager
def launched():
    """Give a real browser; what needs it is skipped where there is none."""
    path = browser_path()
    if path is None:
        pytest.skip("no chromium is installed: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: requirements-dev.txt")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def follows(tab):
    """Wait until the page that the block asks for is there, which a click or a key alone does not.

    The address does not tell: a page may lead to itself, in another language.
    """
    with tab.expect_navigation():
        yield

"""An export of the demo's articles, made once for the tests of this folder."""

import pytest

from tests.browse.chromium import FLAGS, browser_path
from tests.exports.handing import hand_on
from tests.replay.asked import asked


@pytest.fixture(scope="session")
def handed_on(crawled, tmp_path_factory):
    """A folder with the WARC and the WACZ of the crawl of all replicas."""
    folder = tmp_path_factory.mktemp("handed-on")
    for name, file in (("warc", "demo.warc.gz"), ("wacz", "demo.wacz")):
        hand_on(crawled.db, name, folder / file, allow_incomplete=True)
    return folder


@pytest.fixture(scope="session")
def articles(crawled):
    """Every article of that crawl, as it is cited."""
    return asked(crawled.db)


@pytest.fixture(scope="session")
def chromium():
    """A real browser; what needs it is skipped where there is none."""
    path = browser_path()
    if path is None:
        pytest.skip("no chromium is installed: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: requirements-dev.txt")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()

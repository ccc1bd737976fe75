"""An export of the demo's articles, made once for the tests of this folder."""

import pytest

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

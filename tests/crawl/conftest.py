"""What tests of several kinds of crawl need."""

import pytest

from tests.crawl.web_archive import serving


@pytest.fixture
def archive():
    """A web archive on loopback that holds nothing yet."""
    with serving() as archive:
        yield archive

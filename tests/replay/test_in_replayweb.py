"""ReplayWeb.page finds every article of a WACZ by each of its addresses."""

import pytest

from tests.replay.replayweb import replaying


@pytest.fixture(scope="module")
def replay(handed_on, chromium):
    with replaying(chromium, handed_on / "demo.wacz") as replay:
        yield replay


@pytest.fixture(scope="module")
def loaded(replay, articles):
    """The replay, when it has read the package's index."""
    replay.show(articles[0].url, articles[0].timestamp)
    return replay


def missing(replay, article, url):
    """Return what is wrong with the replay of an address at the time of the capture; None where nothing is."""
    status, page = replay.fetch(url, article.timestamp)
    if status != 200:
        return url, status
    return None if article.is_in(page) else (url, "without its title")


def test_an_article_is_shown_under_the_cited_and_under_the_canonical_address(replay, articles):
    article = next(article for article in articles if "/en/" in article.url and article.others)
    for url in (article.url, *article.others):
        frame = replay.show(url, article.timestamp)
        assert article.title in frame.inner_text("body"), url
        assert article.title in frame.title()


def test_every_article_is_found_by_the_cited_address(loaded, articles):
    wrong = [found for article in articles if (found := missing(loaded, article, article.url))]
    assert (len(articles), wrong) == (100, [])


def test_every_article_is_found_by_its_other_addresses(loaded, articles):
    pairs = [(article, url) for article in articles for url in article.others]
    assert [found for article, url in pairs if (found := missing(loaded, article, url))] == []

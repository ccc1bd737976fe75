"""pywb finds every article of an export by each of its addresses."""

import json

import pytest

from tests.replay.wayback import wayback


@pytest.fixture(scope="module")
def replay(handed_on, tmp_path_factory):
    with wayback(tmp_path_factory.mktemp("pywb"), handed_on / "demo.warc.gz") as client:
        yield client


def missing(replay, article, url):
    """Return what is wrong with the replay of an address at the time of the capture; None where nothing is."""
    answer = replay.get(f"{article.timestamp}mp_/{url}", follow_redirects=True)
    if answer.status_code != 200:
        return url, answer.status_code
    return None if article.is_in(answer.content) else (url, "without its title")


def test_every_article_is_found_by_the_cited_address(replay, articles):
    wrong = [found for article in articles if (found := missing(replay, article, article.url))]
    assert (len(articles), wrong) == (100, [])


def test_every_article_is_found_by_its_other_addresses(replay, articles):
    pairs = [(article, url) for article in articles for url in article.others]
    assert len({article.id for article, _ in pairs}) >= 22
    assert [found for article, url in pairs if (found := missing(replay, article, url))] == []


def test_the_index_names_the_capture_under_every_address(replay, articles):
    for article in articles:
        for url in (article.url, *article.others):
            lines = replay.get("cdx", params={"url": url, "output": "json"}).text.splitlines()
            times = {json.loads(line)["timestamp"] for line in lines}
            assert article.timestamp in times or url != article.url, url
            assert times, url

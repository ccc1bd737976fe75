"""Pages made by chance: what was found on a fixed set of them holds, and no page of it goes wrong by much."""

import sys
from pathlib import Path

import pytest

from crawler.extraction import extract_article

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from made_pages import make
from scoring import compare, even, portal_lines, same_date


@pytest.mark.parametrize("first", range(5000, 5100, 20))
def test_an_article_on_a_page_of_unknown_make_is_taken_out_whole(first: int) -> None:
    for seed in range(first, first + 20):
        html, gold = make(seed)
        article = extract_article(html.encode(), gold.url)
        *_, f1 = compare(f"{article.summary or ''}\n{article.body}", f"{gold.lead or ''}\n{gold.body}", None)
        assert f1 >= 0.97, seed
        assert even(article.title) == even(gold.title), seed
        assert same_date(article.published_at, gold.published), seed
        assert not portal_lines(article.body, gold), seed

"""The bundled pages, field by field: what each holds is in corpus/gold.jsonl. Wards and texts are invented."""

import json
from pathlib import Path

import pytest

from crawler.extraction import extract_article

CORPUS = Path(__file__).parent / "corpus"
GOLD = [json.loads(line) for line in (CORPUS / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
ARTICLES = [row for row in GOLD if not row["reason"]]
OTHERS = [row for row in GOLD if row["reason"]]


def extract(row):
    html = (CORPUS / f"{row['page']}.html").read_bytes()
    return extract_article(html, row["url"], charset=row["charset"])


@pytest.mark.parametrize("row", ARTICLES, ids=[row["page"] for row in ARTICLES])
def test_an_article_is_taken_out_whole(row) -> None:
    article = extract(row)
    assert article.reason is None
    assert article.title == row["title"]
    assert article.summary == row["summary"]
    assert article.body == row["body"]
    assert article.author == row["author"]
    assert article.source == row["source"]
    assert (article.published_at or "")[:16] == row["published"]
    assert [file.url for file in article.attachments] == row["attachments"]
    assert [image.url for image in article.images] == row["images"]
    for text in row["forbidden"]:
        assert text not in article.body


@pytest.mark.parametrize("row", OTHERS, ids=[row["page"] for row in OTHERS])
def test_a_page_without_an_article_says_why(row) -> None:
    article = extract(row)
    assert article.reason == row["reason"]
    assert article.body == article.markdown == ""


def test_every_page_has_its_gold() -> None:
    assert {path.stem for path in CORPUS.glob("*.html")} == {row["page"] for row in GOLD}

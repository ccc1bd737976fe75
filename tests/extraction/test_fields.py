"""Every field that a page's layout can name arrives in the article."""

import dataclasses

import pytest

from crawler.extraction import extract_article
from crawler.extraction.layout import Layout
from storage.fields import NAMES

# Fields that no layout names: made of the others, found by their own rules, or named `date`.
ELSEWHERE = {
    "markdown", "language", "published_at", "published_precision", "published_raw", "published_from", "event_dates",
    "notes", "doubts",
}  # fmt: skip
NAMED = [name for name in NAMES if name in {field.name for field in dataclasses.fields(Layout)}]
SAID = "Phường họp bàn về {}."


def test_a_field_has_a_place_in_a_layout_or_comes_from_elsewhere():
    assert set(NAMES) - set(NAMED) == ELSEWHERE


@pytest.mark.parametrize("name", NAMED)
def test_what_a_layout_names_arrives(name):
    parts = "".join(f'<div class="x-{other}">{SAID.format(other)}</div>' for other in NAMED)
    page = f'<html><body><div class="x-all">{parts}</div></body></html>'.encode()
    layout = Layout("made", (".//*[@class='x-all']",), **{other: (f".//*[@class='x-{other}']",) for other in NAMED})
    article = extract_article(page, "https://mot.gov.vn/1", platform=layout, charset="utf-8")
    assert (getattr(article, name) or "").rstrip(".") == SAID.format(name).rstrip(".")

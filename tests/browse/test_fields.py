"""Every field of an article is on its page, and in the lists and reports that say so."""

import csv
import io

import pytest

from storage import fields
from tests.browse.conftest import asking
from tests.storage.every_field import keep, texts

TODAY = texts(1)
ON_PAGE = {  # what an article's page shows of a field: its value, but for these
    "body": None,  # shown with its structure, as `markdown`
    "published_precision": None, "published_raw": None, "event_dates": None, "notes": None,
    "published_at": "02/06/2024", "published_from": "siêu dữ liệu của trang", "language": 'lang="vi"',
    "doubts": "danh sách ghi khác",
}  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("every") / "field.db")


@pytest.fixture(scope="module")
def ask(db):
    with asking(db) as ask:
        yield ask


@pytest.mark.parametrize("name", fields.NAMES)
def test_an_articles_page_shows_every_field(ask, name):
    page = ask("/article/x_mot/1").text
    shown = ON_PAGE.get(name, TODAY[name])
    assert shown is None or shown in page
    if name in fields.BROWSE:
        assert f"<dt>{fields.LABELS[name].heading(fields.VIETNAMESE)}</dt><dd>{shown}</dd>" in page


def test_an_article_as_json_has_every_field(ask):
    assert set(fields.NAMES) <= set(ask("/article/x_mot/1.json").json())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_articles_page_shows_every_change_under_its_name(ask, language):
    page = ask(f"/article/x_mot/1?lang={language}").text
    for name in fields.DIFF:
        assert f"<h3>{fields.LABELS[name].heading(language == 'en')}</h3>" in page


def test_search_results_have_the_fields_of_a_list(ask):
    (row,) = csv.DictReader(io.StringIO(ask("/search.csv").text.removeprefix("\ufeff")))
    assert {name: row[name] for name in fields.LISTED} == fields.picked(TODAY, fields.LISTED)
    (article,) = ask("/search.json").json()["articles"]
    assert fields.picked(article, fields.LISTED) == fields.picked(TODAY, fields.LISTED)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_report_counts_its_fields(db, tmp_path, language):
    from crawler.cli import main

    page = tmp_path / "report.html"
    assert main(["--db", str(db), "--quiet", "report", "--all", "--lang", language, "--output", str(page)]) in (0, 1)
    for name in fields.REPORT:
        assert fields.LABELS[name][language == "en"] in page.read_text(encoding="utf-8")

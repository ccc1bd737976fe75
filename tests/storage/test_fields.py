"""Where a field of articles is added or taken away, these tests name the place that was forgotten."""

import dataclasses
import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import get_type_hints

import pytest

from crawler.cli import main
from crawler.doubts import Doubt, DoubtKind
from crawler.extraction import Article
from crawler.pipelines.article_record import record_of
from crawler.run.items import PageItem
from crawler.run.site_report import SiteReport
from storage import Collection, fields
from storage.fields import FIELDS, NAMES, Kind
from storage.rows import ArticleRow, VersionRow, WholeArticle
from storage.versions import of_article
from tests.running import ROOT
from tests.storage.every_field import keep, texts

# Lists in storage/fields.py that a field is in unless it is named here, with the reason.
LEFT_OUT = {
    "versioned": {"section", "language", "published_precision", "published_from", "event_dates", "notes",
                  "doubts"},  # of today
    "csv": {"markdown", "event_dates", "notes"},  # of no use in a cell
    "parquet": set(),
    "parquet_version": {"markdown", "author", "source", "published_raw"},  # JSONL and SQLite have them
    "diff": {"markdown", "source", "published_raw"},  # the body says the same; the others follow the text
    "archival": {"markdown", "published_precision", "published_raw", "published_from", "event_dates", "notes",
                 "doubts"},  # docs/mapping.md says why
    "report": {"markdown", "source", "language", "published_precision", "published_raw", "published_from",
               "event_dates", "notes", "doubts"},  # that few or all articles have
    "health": {"markdown", "source", "section", "language", "published_precision", "published_raw", "published_from",
               "event_dates", "notes", "doubts"},  # that prove no rebuilt page
}  # fmt: skip
PLACES = [field.name for field in dataclasses.fields(fields.Field) if field.type is int]


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("every") / "field.db")


def columns(collection, table):
    """Column → (whether it may be NULL, its default)."""
    rows = collection.rows(f"PRAGMA table_info({table})")
    return {row["name"]: (not row["notnull"], row["dflt_value"]) for row in rows}


def test_a_fresh_database_has_the_columns_that_are_listed(tmp_path):
    with Collection(tmp_path / "fresh.db") as collection:
        articles, versions = columns(collection, "articles"), columns(collection, "versions")
    assert set(articles) == {*NAMES, *fields.BOOKKEEPING["articles"]}
    assert set(versions) == {*fields.VERSIONED, *fields.BOOKKEEPING["versions"]}
    for field in FIELDS:
        default = {Kind.OPTIONAL: (True, None), Kind.LIST: (False, "'[]'"), Kind.TEXT: (False, "''")}[field.kind]
        if field.name == "title":  # the one that no article is without
            default = (False, None)
        assert articles[field.name] == default, field.name
        if field.versioned:
            assert versions[field.name][0] is (field.kind is Kind.OPTIONAL), field.name


@pytest.mark.parametrize(("row", "table"), [(ArticleRow, "articles"), (VersionRow, "versions")])
def test_a_row_has_the_type_of_its_table(tmp_path, row, table):
    with Collection(tmp_path / "fresh.db") as collection:
        found = columns(collection, table)
    hints = get_type_hints(row)
    assert set(hints) == set(found)
    optional = {name for name, hint in hints.items() if type(None) in getattr(hint, "__args__", ())}
    assert optional == {name for name, (null, _) in found.items() if null and name != "id"}
    assert set(NAMES) <= set(get_type_hints(WholeArticle))


def test_extraction_gives_every_field():
    given = {field.name for field in dataclasses.fields(Article)}
    assert set(NAMES) - given == {"event_dates"}  # which the page's item carries
    item = PageItem("x", "1", "u", b"", None, None, datetime(2026, 1, 1, tzinfo=UTC), article=Article("u"))
    assert set(NAMES) <= set(record_of(item).fields)


@pytest.mark.parametrize("use", PLACES)
def test_places_are_counted_without_a_gap(use):
    places = sorted(place for field in FIELDS if (place := getattr(field, use)))
    assert places == list(range(1, len(places) + 1))


def test_places_of_the_mapping_are_counted_without_a_gap():
    places = sorted(field.archival.place for field in FIELDS if field.archival)
    assert places == list(range(1, len(places) + 1))


@pytest.mark.parametrize("use", LEFT_OUT)
def test_a_field_is_in_a_list_or_left_out_of_it_on_purpose(use):
    candidates = [field for field in FIELDS if use not in ("parquet_version", "diff") or field.versioned]
    assert {field.name for field in candidates if not getattr(field, use)} == LEFT_OUT[use]


@pytest.mark.parametrize("name", NAMES)
def test_a_field_is_explained_to_archivists(name):
    rows = re.findall(r"^\| (.+?) \|", (ROOT / "docs" / "what-is-kept.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert any(f"`{name}`" in cell for cell in rows)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_has_a_name_in_both_languages(field):
    assert field.label.vietnamese and field.label.english
    assert field.label.heading(fields.ENGLISH)[0].isupper()


def test_every_field_is_stored_and_every_versioned_one_kept(db):
    with Collection(db) as collection:
        row = next(collection.rows("SELECT * FROM articles"))
        version = next(collection.rows("SELECT * FROM versions"))
    for name in fields.LISTS:
        row[name] = json.loads(row[name])
    assert fields.picked(row, NAMES) == texts(1)
    assert fields.picked(version, fields.VERSIONED) == fields.picked(texts(0), fields.VERSIONED)


def test_an_edit_of_any_shown_field_is_shown(db, capsys):
    with Collection(db) as collection:
        for older, newer in pairwise(of_article(collection, 1)):
            assert tuple(fields.differing(older, newer)) == fields.DIFF
    assert main(["--db", str(db), "--json", "diff", "1"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["diffs"]
    assert tuple(change["changes"]) == fields.DIFF


def test_what_is_searched_is_what_the_index_holds(db):
    with Collection(db) as collection:
        indexed = [row["name"] for row in collection.rows("PRAGMA table_info(articles_fts)")]
        assert [name for name in indexed if not name.endswith("_folded")] == list(fields.SEARCHED)
        for name in fields.SEARCHED:
            assert [row["id"] for row in collection.search(f'"{texts(1)[name]}"')] == [1], name


def test_a_run_counts_the_fields_that_its_articles_have():
    report = SiteReport("x")
    article = Article("u")
    for name in (*NAMES, *fields.PARTS):
        if hasattr(article, name) and name != "doubts":
            setattr(article, name, ["một"])
    article.doubts = [Doubt("title", DoubtKind.DIFFERS_FROM_LIST)]
    report.fill(article)
    assert report.doubted == {"title": 1}
    assert {name: report.filled[name] for name in fields.HEALTH} == dict.fromkeys(fields.HEALTH, 1)

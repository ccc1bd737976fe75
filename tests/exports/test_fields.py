"""Every field of an article is in every export that says so, and comes back by an import."""

import csv
import json
import sqlite3

import pytest

from storage import Collection, fields
from storage.exports.xml import text
from tests.exports.handing import hand_on, take
from tests.storage.every_field import keep, texts

TODAY, EARLIER = texts(1), texts(0)
ON_PAGE = {  # what the offline site shows of a field: its value, but for these
    "body": None,  # shown with its structure, as `markdown`
    "language": None, "published_precision": None, "published_raw": None, "published_from": None,
    "event_dates": None, "notes": None,
    "published_at": "02/06/2024", "doubts": "danh sách ghi khác",
}  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("every") / "field.db")


@pytest.fixture(scope="module")
def bag(db):
    hand_on(db, "bagit", db.parent / "bag")
    return db.parent / "bag" / "data"


def test_jsonl_has_every_field(bag):
    article = json.loads((bag / "articles.jsonl").read_text(encoding="utf-8"))
    assert fields.picked(article, fields.NAMES) == TODAY
    assert fields.picked(article["versions"][0], fields.VERSIONED) == fields.picked(EARLIER, fields.VERSIONED)


def test_csv_has_its_fields(bag):
    with (bag / "articles.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    written = TODAY | {"doubts": "title: differs_from_list (hai)"}
    assert {name: row[name] for name in fields.CSV} == fields.picked(written, fields.CSV)


def test_parquet_has_its_fields(db, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    hand_on(db, "parquet", tmp_path / "a.parquet")
    (row,) = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    plain = {name: [item[key] for item in TODAY[name]] for name, key in fields.LISTS.items() if key}
    assert fields.picked(row, fields.PARQUET) == fields.picked(TODAY | plain, fields.PARQUET)
    names = fields.PARQUET_VERSIONS
    assert fields.picked(row["versions"][0], names) == fields.picked(EARLIER, names)


def test_sqlite_has_every_field(bag):
    with sqlite3.connect(bag / "collection.sqlite") as connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM articles").fetchone())
        version = dict(connection.execute("SELECT * FROM versions").fetchone())
    for name in fields.LISTS:
        row[name] = json.loads(row[name])
    assert fields.picked(row, fields.NAMES) == TODAY
    assert fields.picked(version, fields.VERSIONED) == fields.picked(EARLIER, fields.VERSIONED)


@pytest.mark.parametrize("field", [field for field in fields.FIELDS if field.archival], ids=lambda field: field.name)
def test_dublin_core_has_its_fields(bag, db, field):
    archival = field.archival
    if archival.element:
        record = (bag / "dublin-core.xml").read_text(encoding="utf-8")
        assert f"<dc:{archival.element}>{text(TODAY[field.name])}</dc:{archival.element}>" in record
    else:
        assert archival.circular and archival.note


@pytest.mark.parametrize("name", fields.NAMES)
def test_the_offline_site_shows_every_field(db, tmp_path_factory, name):
    shown = ON_PAGE.get(name, TODAY[name])
    path = db.parent / "site"
    if not path.exists():
        hand_on(db, "html", path)
    page = (path / "articles" / "0" / "1.html").read_text(encoding="utf-8")
    assert shown is None or shown in page
    if name in fields.HTML:
        assert f"<dt>{fields.LABELS[name].heading(fields.VIETNAMESE)}</dt><dd>{shown}</dd>" in page


@pytest.mark.parametrize("source", ["articles.jsonl", "collection.sqlite"])
def test_an_import_brings_every_field_back(bag, tmp_path, source):
    target = tmp_path / "other.db"
    assert take(target, bag / source).added == 1
    with Collection(target) as collection:
        row = next(collection.rows("SELECT * FROM articles"))
        version = next(collection.rows("SELECT * FROM versions"))
    for name in fields.LISTS:
        row[name] = json.loads(row[name])
    assert fields.picked(row, fields.NAMES) == TODAY
    assert fields.picked(version, fields.VERSIONED) == fields.picked(EARLIER, fields.VERSIONED)


def test_a_newer_text_that_comes_in_brings_every_field_and_pushes_ours_back(bag, tmp_path):
    target, old = tmp_path / "other.db", tmp_path / "old.jsonl"
    article = json.loads((bag / "articles.jsonl").read_text(encoding="utf-8"))
    (version,) = article["versions"]
    first = article | EARLIER | {name: version[name] for name in ("content_hash", "run", "capture")}
    first |= {"versions": [], "changed_at": None, "last_seen_at": version["seen_until"]}
    old.write_text(json.dumps(first), encoding="utf-8")
    take(target, old)
    assert take(target, bag / "articles.jsonl").merged == 1
    with Collection(target) as collection:
        row = next(collection.rows("SELECT * FROM articles"))
        version = next(collection.rows("SELECT * FROM versions"))
    for name in fields.LISTS:
        row[name] = json.loads(row[name])
    assert fields.picked(row, fields.NAMES) == TODAY
    assert fields.picked(version, fields.VERSIONED) == fields.picked(EARLIER, fields.VERSIONED)


@pytest.mark.parametrize("name", fields.ADOPTED)
def test_an_import_fills_in_what_ours_lacks_of_the_same_text(db, bag, tmp_path, name):
    target = tmp_path / "other.db"
    take(target, bag / "articles.jsonl")
    with Collection(target) as collection:
        collection.change_article(1, {name: None})
    take(target, bag / "articles.jsonl")
    with Collection(target) as collection:
        assert next(collection.rows(f"SELECT {name} FROM articles")) == {name: TODAY[name]}

"""Articles are found by what is in doubt, alone and with words, and counted as they are found."""

import pytest

from storage import Collection
from storage.search.counts import counts
from storage.search.fulltext import parse_query
from storage.search.query import Filters
from tests.storage.doubted import keep


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    with Collection(keep(tmp_path_factory.mktemp("doubted") / "tin.db")) as collection:
        yield collection


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("doubt:any", {1, 2, 4}),
        ("-doubt:any", {3}),
        ("doubt:date", {1}),
        ("ngờ:ngày", {1}),
        ("doubt:body", {2}),
        ("doubt:title", {4}),
        ("doubt:summary", set()),
        ("doubt:alike_on_all", {2}),
        ("doubt:author doubt:mid_sentence", {2}),
        ("doubt:author doubt:weekday", set()),
        ("doubt:any -doubt:author", {1, 4}),
        ("phuong doubt:any", {1, 2}),
        ("phuong -doubt:any", {3}),
        ("doubt:any site:hoaan_tayson", {4}),
        ("doubt:any year:2026", {1, 2}),
        ("NOT phuong doubt:any", {4}),
    ],
)
def test_what_is_in_doubt_is_found_and_counted(collection, query, ids):
    assert {row["id"] for row in collection.search(query)} == ids
    assert counts(collection.db.conn, parse_query(query, Filters())).total == len(ids)

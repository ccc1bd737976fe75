"""Every export names the same address of an article: the one under which its page was captured."""

import csv
import json
import re
import zipfile
from html import unescape

import pytest

from storage import Collection
from tests.exports.handing import hand_on


@pytest.fixture(scope="module")
def captured(crawled):
    """id → (address of the capture, its moment, canonical address)."""
    sql = "SELECT a.id, k.url AS captured, k.captured_at, a.url FROM articles a JOIN captures k ON k.id = a.capture_id"
    with Collection(crawled.db) as collection:
        return {row["id"]: (row["captured"], row["captured_at"], row["url"]) for row in collection.rows(sql)}


def test_the_pages_of_a_wacz_are_where_and_when_they_were_captured(handed_on, captured):
    with zipfile.ZipFile(handed_on / "demo.wacz") as package:
        _, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    assert {int(page["id"]): (page["url"], page["ts"]) for page in pages} == {
        number: (url, moment) for number, (url, moment, _) in captured.items()
    }


def test_the_tables_have_both_addresses(crawled, captured, tmp_path):
    from pyarrow import parquet

    hand_on(crawled.db, "csv", tmp_path / "a.csv", allow_incomplete=True)
    hand_on(crawled.db, "parquet", tmp_path / "a.parquet", allow_incomplete=True)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for table in (rows, parquet.read_table(tmp_path / "a.parquet").to_pylist()):
        assert len(table) == 100
        for row in table:
            url, _, canonical = captured[int(row["id"])]
            assert (row["captured_url"], row["url"]) == (url, canonical)


def test_the_offline_site_links_to_the_captured_address_and_the_canonical_one(crawled, captured, tmp_path):
    hand_on(crawled.db, "html", tmp_path / "site", allow_incomplete=True)
    for number, (url, _, canonical) in captured.items():
        page = (tmp_path / "site" / "articles" / "0" / f"{number}.html").read_text(encoding="utf-8")
        rows = {name: unescape(link) for name, link in re.findall(r'<dt>([^<]*)</dt><dd><a href="([^"]*)"', page)}
        expected = {"Trang gốc": url} | ({"Địa chỉ chính tắc": canonical} if canonical != url else {})
        assert rows == expected, number

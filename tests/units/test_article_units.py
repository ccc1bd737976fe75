"""The units that articles are about: stored by a crawl, searched, renewed, filled in, handed on and joined."""

import json
import sqlite3

import pytest

from crawler.cli import main
from crawler.reprocess.reprocess import reprocess
from crawler.text import content_hash
from spiders.registry import Registry
from storage import Collection, schema
from storage.article_units import of
from storage.fixity.verification import verify
from storage.records import Record
from storage.schema import MIGRATIONS
from storage.search.query import Filters
from tests.exports.conftest import copied
from tests.exports.handing import hand_on, take

SITES = Registry.of_package()
THANH_NHAN = "old:00271"


@pytest.fixture
def db(crawled, tmp_path):
    """A collection to change."""
    return copied(crawled, tmp_path)


def linked(db):
    """(site, title) → what its article is about."""
    with Collection(db) as collection:
        return {
            (row["site"], row["title"]): [f"{unit['vintage']}:{unit['code']}" for unit in of(collection.db, row["id"])]
            for row in collection.rows("SELECT id, site, title FROM articles")
        }


def titles(db, text):
    with Collection(db) as collection:
        return [row["title"] for row in collection.search("", filters=Filters(units=(text,)), limit=100)]


def test_a_crawl_links_the_articles_of_a_districts_portal(crawled):
    found = linked(crawled.db)
    named = {title: units for (site, title), units in found.items() if site == "hanoi_haibatrung"}
    assert named["Phường Thanh Nhàn thắp sáng chín ngõ tối"] == [THANH_NHAN]
    assert named["Phường Bạch Mai vận động hàng quán giảm tiếng ồn sau 22 giờ"] == ["old:00292"]
    assert len([title for title, units in named.items() if units]) >= 8
    assert all(len(units) == 1 for title, units in named.items() if title.startswith("Phường "))
    with Collection(crawled.db) as collection:
        facts = of(
            collection.db, next(collection.rows("SELECT id FROM articles WHERE title LIKE 'Phường Thanh N%'"))["id"]
        )
    assert facts == [
        {"code": "00271", "vintage": "old", "certainty": "sure", "found_in": "title", "evidence": "Phường Thanh Nhàn"}
    ]


@pytest.mark.parametrize("text", ["Thanh Nhàn", "thanh nhan", THANH_NHAN, "phường Thanh Nhàn, quận Hai Bà Trưng"])
def test_a_search_finds_them_where_no_site_is_that_unit(crawled, text):
    assert titles(crawled.db, text) == ["Phường Thanh Nhàn thắp sáng chín ngõ tối"]


def test_the_new_unit_finds_the_articles_of_the_old_ones(crawled, tmp_path):
    assert "Phường Thanh Nhàn thắp sáng chín ngõ tối" in titles(crawled.db, "new:00292")  # as a part of Bạch Mai
    hand_on(crawled.db, "jsonl", tmp_path / "a.jsonl", unit="Thanh Nhàn")
    (article,) = map(json.loads, (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines())
    assert article["units"][0]["evidence"] == "Phường Thanh Nhàn"
    assert article["site"] == "hanoi_haibatrung"


def test_a_districts_portal_gives_a_ward_its_own_articles_and_those_of_none(crawled):
    found = titles(crawled.db, "Bách Khoa")  # whose codes the portal of its district carries
    assert "Phường Bách Khoa sơ kết mô hình “Cầu thang không rác” và phát động thi đua quý I năm 2018" in found
    assert "Thông báo cắt điện phố Lò Đúc" in found and len(found) >= 5
    assert "Phường Thanh Nhàn thắp sáng chín ngõ tối" not in found


def test_a_wards_own_site_is_found_whole(crawled):
    with Collection(crawled.db) as collection:
        (own,) = (row["n"] for row in collection.rows("SELECT count(*) n FROM articles WHERE site = 'hanoi_trucbach'"))
    assert len(titles(crawled.db, "Trúc Bạch")) == own


def test_a_changed_text_renews_them_and_a_copy_does_not(db):
    with Collection(db) as collection:
        row = next(collection.rows("SELECT * FROM articles WHERE title LIKE 'Phường Thanh Nhàn%'"))
        unit = {"code": "00280", "vintage": "old", "certainty": "sure", "found_in": "title", "evidence": "P. Đồng Tâm"}
        run = collection.begin_run(row["site"], mode="live", started_at="2030-01-01T00:00:00+00:00", software="0")

        def meet(body, key, units):
            fields = {"title": row["title"], "summary": row["summary"], "body": body}
            record = Record(
                row["site"], key, f"https://x/{key}", content_hash(row["title"], body), "2030-01-01T00:00:00+00:00",
                fields, units=units,
            )  # fmt: skip
            return str(collection.save(record, run, twin=collection.twin(record)))

        assert meet(row["body"], "other", [unit]) == "duplicate"
        assert of(collection.db, row["id"])[0]["code"] == "00271"
        assert meet("Khác.", row["key"], [unit]) == "changed"
        assert of(collection.db, row["id"]) == [unit]
        assert meet("Khác nữa.", row["key"], []) == "changed"
        assert of(collection.db, row["id"]) == []


def test_reprocess_fills_a_collection_made_before(db, crawled):
    before = linked(db)
    with sqlite3.connect(db) as connection:
        connection.execute("DELETE FROM article_units")
    result = reprocess(db, SITES, site="hanoi_haibatrung", progress=lambda done, total: None)
    assert result.fields["units"] >= 8 and not result.texts
    assert {name: units for name, units in linked(db).items() if name[0] == "hanoi_haibatrung"} == {
        name: units for name, units in before.items() if name[0] == "hanoi_haibatrung"
    }
    assert reprocess(db, SITES, site="hanoi_haibatrung", progress=lambda done, total: None).differing == 0
    assert not verify(db, lambda done, total: None).damage


def test_an_older_database_gets_the_table(tmp_path, monkeypatch):
    number = next(n for n, script in enumerate(MIGRATIONS) if "CREATE TABLE article_units" in script)
    with monkeypatch.context() as then:
        then.setattr(schema, "MIGRATIONS", MIGRATIONS[:number])
        Collection(tmp_path / "old.db").close()
    with Collection(tmp_path / "old.db") as collection:
        assert not list(collection.rows("SELECT * FROM article_units"))
        assert not collection.search("unit:Bách Khoa")


def test_the_command_finds_them_too(crawled, capsys):
    assert main(["--db", str(crawled.db), "search", "--unit", "Thanh Nhàn"]) == 0
    assert "Phường Thanh Nhàn thắp sáng chín ngõ tối" in capsys.readouterr().out


def test_collections_join_and_what_one_has_not_the_other_brings(db, crawled, tmp_path):
    whole = linked(crawled.db)
    hand_on(crawled.db, "jsonl", tmp_path / "a.jsonl")
    with sqlite3.connect(db) as connection:
        connection.execute("DELETE FROM article_units")
    take(db, tmp_path / "a.jsonl")
    assert linked(db) == whole
    hand_on(crawled.db, "sqlite", tmp_path / "a.sqlite")
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        connection.execute("DELETE FROM article_units")
    take(db, tmp_path / "a.sqlite")
    assert linked(db) == whole

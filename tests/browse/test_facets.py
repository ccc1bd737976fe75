"""What a facet counts is what its link leads to, whatever was asked for."""

import random
import sqlite3
from contextlib import closing

import pytest

from crawler.browse import page_data, search_address
from crawler.browse.answer_cache import AnswerCache
from crawler.browse.facets import chosen_unit
from storage import Collection
from storage.records import Record
from storage.search import counts

OLD_CODES = ("00004", "00013", "00271", "00277", "05473")  # Trúc Bạch, Quán Thánh, Thanh Nhàn, Bách Khoa, Hương Sơn
NEW_CODES = ("00004", "00292", "05467", "99999")  # Ba Đình, Bạch Mai, Gia Sàng, and one that is none
SITES = {  # slug → name, old and new code: wards' own, a district's, one known by its name, one of nobody
    "hanoi_trucbach": ("Phường Trúc Bạch", "00004", "00004"),
    "hanoi_haibatrung": ("Quận Hai Bà Trưng", "00277", "00292"),
    "thainguyen_huongson": ("Phường Hương Sơn", "05473", None),
    "hanoi_badinh": ("Phường Ba Đình, thành phố Hà Nội", None, None),
    "hanoi_so": ("Sở Nội vụ", None, None),
}
SECTIONS = ("Tin tức", "TIN TỨC", "Tin tức hoạt động", "Thông báo", None)


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """200 articles of five sites, linked to no unit, one or several."""
    chance, path = random.Random(5), tmp_path_factory.mktemp("facets") / "a.db"
    units = [("old", code) for code in OLD_CODES] + [("new", code) for code in NEW_CODES]
    with Collection(path) as made:
        for slug, (name, old, new) in SITES.items():
            made.put_site(
                {"slug": slug, "name": name, "host": f"{slug}.vn", "platform": "p", "unit_old": old, "unit_new": new,
                 "updated_at": "2024"}
            )  # fmt: skip
        run = made.begin_run("hanoi_trucbach", mode="live", started_at="2024", software="t")
        for number in range(200):
            fields = {
                "title": chance.choice(("Đọc sách", "Bơi")), "body": f"Thư viện {number}",
                "section": chance.choice(SECTIONS), "published_at": chance.choice(("2020-05-01", "2021", None)),
            }  # fmt: skip
            site = chance.choice([*SITES])
            record = Record(site, str(number), f"http://{site}.vn/{number}", str(number), "2024", fields)
            record.units = [
                {"code": code, "vintage": vintage, "certainty": "sure", "found_in": "title", "evidence": "x"}
                for vintage, code in chance.sample(units, chance.choice((0, 0, 1, 1, 2, 3)))
            ]
            made.save(record, run)
    return path


def found(connection, **asked):
    search = search_address.read_address(asked.get)
    return page_data.find(connection, search.text, search.filters, AnswerCache(), page=1, by_date=False)


@pytest.mark.parametrize(
    "asked", [{}, {"q": "doc sach"}, {"q": "thư viện", "year": "2020"}, {"site": "hanoi_haibatrung"}, {"q": "-bơi"}]
)
def test_a_link_leads_to_as_many_as_it_says(db, asked):
    with closing(sqlite3.connect(db)) as connection:
        offered = found(connection, **asked)["facets"]
        assert all(offered.values())
        for name, value in ((name, value) for name, values in offered.items() for value in values):
            assert not value["more"]
            assert found(connection, **{**asked, name: value["value"]})["total"] == value["count"], (name, value)


def test_every_unit_of_an_article_is_offered(db):
    with closing(sqlite3.connect(db)) as connection:
        offered = {value["value"]: value for value in found(connection)["facets"]["unit"]}
        for code in NEW_CODES[:3]:
            total = found(connection, unit=f"new:{code}")["total"]
            assert total == offered[f"new:{code}"]["count"] > 0
    assert offered["new:00292"]["label"] == "phường Bạch Mai · 00292"


def test_sections_that_differ_in_capitals_are_one(db):
    with closing(sqlite3.connect(db)) as connection:
        names = [value["value"] for value in found(connection)["facets"]["section"]]
    assert len(names) == 3 and {name.casefold() for name in names} == {"tin tức", "tin tức hoạt động", "thông báo"}


@pytest.mark.parametrize("asked", [{}, {"q": "doc sach"}, {"q": "NOT bơi"}])
def test_where_not_all_are_counted_it_is_the_least(db, asked, monkeypatch):
    with closing(sqlite3.connect(db)) as connection:
        true = {value["value"]: value["count"] for value in found(connection, **asked)["facets"]["unit"]}
        monkeypatch.setattr(counts, "_MOST", 40)
        monkeypatch.setattr(counts, "_MOST_A_YEAR", 20)
        some = found(connection, **asked)["facets"]["unit"]
    assert some and all(value["more"] and value["count"] <= true[value["value"]] for value in some)
    assert any(value["count"] < true[value["value"]] for value in some)


def test_the_page_shows_the_chosen_unit_by_name():
    assert [chosen_unit(text) for text in ("new:05467", "old:05473", "Hương Sơn", "nobody")] == [
        "phường Gia Sàng, tỉnh Thái Nguyên", "phường Hương Sơn, thành phố Thái Nguyên, tỉnh Thái Nguyên", "Hương Sơn",
        "nobody",
    ]  # fmt: skip


def test_an_answer_is_kept_until_the_database_changes(tmp_path):
    path, read = tmp_path / "a.db", []
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
        cache = AnswerCache()
        for _ in range(2):
            assert cache.get(connection, "how many", lambda: read.append(1) or len(read)) == 1, "it was counted again"
        connection.execute("CREATE TABLE u (x, y)")
        connection.commit()
        path.touch()
        assert cache.get(connection, "how many", lambda: read.append(1) or len(read)) == 2, "an old answer was given"
        assert AnswerCache().get(connection, "how many", lambda: 7) == 7, "two caches share their answers"

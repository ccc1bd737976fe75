"""Searching a real collection: the judged queries, the order, the filters, the command line."""

import json
import sqlite3
import statistics

import pytest

from benchmarks.search_bench import judged, score
from crawler.cli import main
from storage import Collection
from storage.records import Record
from storage.schema import MIGRATIONS
from storage.search import units
from storage.search.query import Filters
from tests.running import ROOT


@pytest.fixture(scope="module")
def demo(crawled):
    with Collection(crawled.db, must_exist=True) as collection:
        yield collection


def test_there_are_enough_judged_queries():
    assert len(judged("demo")) + len(judged("replay")) >= 60


def test_judged_queries_are_answered_as_well_as_they_were(demo):
    results = score(demo, judged("demo"))
    assert all(result["there"] for result in results), [one["query"] for one in results if not one["there"]]
    assert statistics.mean(one["precision"] for one in results) >= 0.95
    assert statistics.mean(one["first"] for one in results) >= 0.98


def first(demo, query, **options):
    return demo.search(query, limit=1, **options)[0]["title"]


def test_words_that_stand_together_come_before_scattered_ones(demo):
    titles = [row["title"] for row in demo.search("thu vien")]
    assert titles[0].startswith("Hương Sơn mở thư viện") and len(titles) > 1


@pytest.mark.parametrize("query", ["dau lieu", "Đậu Liêu", "ĐẬU LIÊU", "Đậu Liêu", '"dau lieu"', "dau li*"])
def test_a_name_is_found_in_each_of_its_spellings(demo, query):
    assert "Đậu Liêu" in first(demo, query)


def test_diacritics_are_exact_where_they_are_typed(demo):
    exact = {row["id"] for row in demo.search("năm", limit=100)}
    loose = {row["id"] for row in demo.search("nam", limit=100)}
    assert exact < loose
    assert not {row["id"] for row in demo.search("nãm", limit=100)}


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        ({"sites": ("hanoi_trucbach",)}, lambda row: row["site"] == "hanoi_trucbach"),
        ({"sites": ("trucbach",)}, lambda row: row["site"] == "hanoi_trucbach"),
        ({"units": ("00292",)}, lambda row: row["site"] == "hanoi_haibatrung"),
        ({"units": ("bach khoa",)}, lambda row: row["site"] == "hanoi_haibatrung"),
        ({"units": ("phường Gia Sàng",)}, lambda row: row["site"] == "thainguyen_huongson"),  # Hương Sơn went into it
        ({"units": ("Sở Thông tin",)}, lambda row: row["site"] == "hanoi_sotttt"),  # no unit, but in the site's name
        ({"sections": ("thong bao",)}, lambda row: row["section"] == "Thông báo"),
        ({"since": "2023-11"}, lambda row: row["published_at"] >= "2023-11"),
        ({"until": "2014"}, lambda row: row["published_at"][:4] <= "2014"),
        ({"since": "2021-05", "until": "2021-06"}, lambda row: row["published_at"][:7] in ("2021-05", "2021-06")),
    ],
)
def test_filters_alone_give_the_newest_that_pass(demo, options, holds):
    rows = demo.search("", filters=Filters(**options), limit=100)
    dates = [row["published_at"] or "" for row in rows]
    assert rows and all(map(holds, rows)) and dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("unit", ["00292", "00277", "Gia Sàng", "new:05467", "old:05461", '"Hương Sơn"', "00004"])
@pytest.mark.parametrize("words", ["", " phuong", " NOT phường", ' "nhân dân"'])
def test_a_unit_of_many_articles_is_found_as_one_of_few(demo, monkeypatch, unit, words):
    few = demo.search(f"unit:{unit}{words}", limit=100)
    monkeypatch.setattr(units, "_MANY", -1)
    monkeypatch.setattr(units, "ids", None)  # they are not listed
    assert demo.search(f"unit:{unit}{words}", limit=100) == few


def test_articles_are_found_by_whether_they_have_files(demo):
    with_file = demo.search("has:file", limit=200)
    without = demo.search("-has:file", limit=200)
    assert with_file and len(with_file) + len(without) == 100


def test_not_alone_gives_the_rest(demo):
    assert len(demo.search("NOT phường", limit=200)) + len(demo.search("phường", limit=200)) == 100


@pytest.mark.parametrize("query", ["", "   ", '"', "***", "AND", "NOT", "((((", "zzzz", "site:nowhere rác", "since:x"])
def test_what_asks_for_nothing_finds_nothing(demo, query):
    assert demo.search(query) == []


def article(number, **fields):
    texts = {"title": "", "summary": "", "body": "", "published_at": None} | fields
    return Record("x_y", str(number), f"http://x.vn/{number}", str(number), "2024-01-01T00:00:00+00:00", texts)


@pytest.fixture
def small(tmp_path):
    with Collection(tmp_path / "a.db") as collection:
        collection.put_site({"slug": "x_y", "name": "Phường X", "host": "x.vn", "platform": "p", "updated_at": "2024"})
        run = collection.begin_run("x_y", mode="live", started_at="2024-01-01", software="t")
        yield lambda *records: [collection.save(record, run) for record in records] and collection


def test_title_before_body_and_newer_first_among_equals(small):
    collection = small(
        article(1, title="Tin khác", body="cây xanh " * 30, published_at="2025-01-01"),
        article(2, title="Trồng cây xanh", published_at="2020-01-01"),
        article(3, title="Trồng cây xanh", published_at="2021-01-01"),
        article(4, title="Cây bàng lá xanh", published_at="2024-01-01"),
        article(5, title="Chuyện", body="cây " + "và lá " * 20 + "xanh", published_at="2025-06-01"),
    )
    assert [row["key"] for row in collection.search("cay xanh")] == ["3", "2", "4", "1", "5"]


def test_changes_and_removals_reach_the_filters(small):
    collection = small(article(1, title="Một", published_at="2020-01-01"))
    collection.change_article(1, {"removed_at": "2024-02-02", "section": "Tin", "published_at": "2021-05-05"})
    assert len(collection.search("mot is:removed section:tin year:2021")) == 1
    assert collection.search("mot -is:removed") == []


def test_the_text_of_attached_files_is_searched_last(small):
    collection = small(article(1, title="Kế hoạch"), article(2, title="Vườn trẻ"))
    db = collection.db
    db.execute("INSERT INTO files (id, sha256, size, type, kept_at) VALUES (7, 'ab', 1, 'pdf', '2024')")
    db.execute(
        "INSERT INTO attachments (article_id, url, name, type, position, sha256) VALUES (1, 'u', 'n', 'pdf', 0, 'ab')"
    )
    db.execute(
        "INSERT INTO attachments_fts (rowid, title, summary, body, title_folded, text_folded) "
        "VALUES (7, '', '', ?, '', ?)",
        ("vườn rau", "vuon rau"),
    )
    assert [row["key"] for row in collection.search("vuon")] == ["2", "1"]
    assert [row["key"] for row in collection.search("vườn rau")] == ["1"]
    found = collection.search("rau*")  # a word that no article has
    assert [(row["key"], row["matched_attachment"]) for row in found] == [("1", "n")]


def test_an_older_database_gets_the_keys(tmp_path):
    path = tmp_path / "old.db"
    number = next(n for n, script in enumerate(MIGRATIONS) if "CREATE TABLE search_keys" in script)
    with sqlite3.connect(path) as old:
        for script in MIGRATIONS[:number]:
            old.executescript(script)
        old.execute(f"PRAGMA user_version = {number}")
        old.execute(
            "INSERT INTO sites (slug, name, host, platform, updated_at) VALUES ('a_b', 'A', 'a.vn', 'p', '2024')"
        )
        old.execute(
            "INSERT INTO runs (id, site, mode, started_at, status, software) VALUES (1, 'a_b', 'live', '', 'ok', '')"
        )
        old.execute(
            "INSERT INTO articles "
            "(site, key, url, title, content_hash, first_seen_at, last_seen_at, run_id, published_at) "
            "VALUES ('a_b', 'k', 'u', 'Tin', 'h', '2024', '2024', 1, '2021-02-03')"
        )
    old.close()
    with Collection(path) as collection:
        assert [row["key"] for row in collection.search("year:2021")] == ["k"]


def printed(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


def test_the_command_prints_a_readable_list(crawled, capsys):
    code, out, err = printed(capsys, "--db", crawled.db, "search", "duong hoa", "--limit", 1)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Đoạn đường hoa của hội viên cao tuổi"
    assert "2023-12-01 · thainguyen_hoangvanthu · https://" in out and "[" in out


def test_the_command_takes_filters_and_json(crawled, capsys):
    code, out, _ = printed(
        capsys, "--db", crawled.db, "--json", "search", "--unit", "00277", "--since", "2018", "--has-file"
    )
    assert code == 0 and all(row["site"] == "hanoi_haibatrung" for row in json.loads(out))
    code, out, _ = printed(
        capsys, "--db", crawled.db, "--json", "search", "--section", "thong bao", "--until", "31/12/2021"
    )
    assert {row["section"] for row in json.loads(out)} == {"Thông báo"}
    code, out, _ = printed(capsys, "--db", crawled.db, "search", "--removed")
    assert code == 0 and out.startswith("Nothing in")


def test_a_name_of_several_units_is_asked_back_by_the_command_and_taken_whole_in_a_query(crawled, demo, capsys):
    code, out, err = printed(capsys, "--db", crawled.db, "search", "--unit", "Hương Sơn")
    assert (code, out) == (2, "") and "old:05473  phường Hương Sơn, thành phố Thái Nguyên" in err
    code, out, err = printed(capsys, "--db", crawled.db, "--json", "search", 'phường:"Hương Sơn"', "--limit", 100)
    rows = json.loads(out)
    assert code == 0 and {row["site"] for row in rows} == {"thainguyen_huongson"}
    code, _, err = printed(capsys, "--db", crawled.db, "search", 'unit:"Hương Sơn"')
    assert code == 0 and "9 units are called 'Hương Sơn' and all were taken: " in err
    for said in ('unit:"Hương Sơn, Thái Nguyên"', "unit:old:05473"):
        assert len(demo.search(said, limit=100)) == len(rows)


def test_a_sibling_that_went_into_the_same_unit_is_not_meant(demo):
    assert demo.search("unit:new:05467", limit=1) and demo.search("unit:old:05473", limit=1)
    assert not demo.search("unit:old:05461", limit=1)  # Gia Sàng as it was


def test_what_is_neither_unit_nor_site_is_refused(crawled, capsys):
    code, _, err = printed(capsys, "--db", crawled.db, "search", "--unit", "Gia Sàn")
    assert code == 2 and "no ward or commune is called 'Gia Sàn'; did you mean phường Gia Sàng" in err
    code, out, _ = printed(capsys, "--db", crawled.db, "search", "--unit", "Ngọc Hà, Ba Đình, Hà Nội")
    assert code == 0 and out.endswith("matches '' of phường Ngọc Hà, quận Ba Đình, thành phố Hà Nội (old:00016).\n")


def test_the_command_says_what_it_put_right(crawled, capsys):
    code, out, err = printed(capsys, "--db", crawled.db, "search", 'rac ("ho')
    assert code == 0 and out and "quotation mark" in err and "bracket" in err


@pytest.mark.parametrize(
    "arguments", [["search"], ["search", "a", "--since", "mai"], ["search", "a", "--site", "nowhere"]]
)
def test_bad_usage_is_one_sentence(crawled, capsys, arguments):
    code, _, err = printed(capsys, "--db", crawled.db, *arguments)
    assert code == 2 and err.startswith("tinphuong: ") and err.count("\n") == 1


def test_the_judged_queries_are_whole():
    for line in (ROOT / "tests/search/judged.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert row["first"] and row["kind"] and row["collection"] in ("demo", "replay")

"""A crawl that learns of its site, reads again what it read before, and says so where that cannot be trusted."""

import json
import signal
import sqlite3

import pytest

from tests.living.seams import GRACE, READING
from tests.profile.portal import HOST, address, archive, day, pages, story
from tests.running import start, tinphuong, wait_for

ROW = "slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n"


@pytest.fixture
def crawled(tmp_path):
    def crawl(made):
        (tmp_path / "sites.csv").write_text(f"{ROW}khac_songmay,Phường Sông Mây,{HOST},generic,,,/,http\n")
        db = tmp_path / "t.db"
        file = archive(tmp_path / "t.warc.gz", made)
        told = tinphuong("--db", db, "--sites", tmp_path / "sites.csv", "crawl", "khac_songmay", "--replay", file)
        with sqlite3.connect(db) as connection:
            connection.row_factory = sqlite3.Row
            rows = {row["title"]: dict(row) for row in connection.execute("SELECT * FROM articles")}
            runs = [dict(row) for row in connection.execute("SELECT * FROM runs")]
        return told, rows, runs[-1], db

    return crawl


def test_what_was_read_before_its_site_was_known_is_read_again_and_is_no_version(crawled):
    told, rows, run, db = crawled(pages(15, after=lambda n: f"<p>Mã số tin nội bộ {n + 7}</p>"))
    assert told.returncode == 0, told.stderr
    assert len(rows) == 15
    for number in range(15):
        title, texts = story(number)
        assert rows[title]["body"] == "\n\n".join(texts)
        assert rows[title]["published_at"] == f"{day(number):%Y-%m-%d}"
    assert json.loads(run["counts"])["read_again"] == 12
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT count(*) FROM versions").fetchone() == (0,)
        (profile,) = connection.execute("SELECT profile FROM site_profiles WHERE valid_until IS NULL").fetchone()
        assert list(json.loads(profile)["furniture"]) == ["Mã số tin nội bộ 0"]
        assert connection.execute("SELECT count(*) FROM site_observations").fetchone() == (15,)


def test_what_a_stopped_run_did_not_read_again_the_next_run_does(crawled, tmp_path):
    made = pages(15, after=lambda n: f"<p>Mã số tin nội bộ {n + 7}</p>")
    (tmp_path / "sites.csv").write_text(f"{ROW}khac_songmay,Phường Sông Mây,{HOST},generic,,,/,http\n")
    file, sign = archive(tmp_path / "t.warc.gz", made), tmp_path / "sign"
    job = {
        "settings": {"TINPHUONG_PAGE_SECONDS": 3600}, "call": ["tests.living.bad_pages.install"],
        "patch": {GRACE: 0.1, READING: 0.1},
        "env": {"BAD_PAGES": json.dumps({address(3): "again"}), "BAD_SIGN": str(sign)},
    }  # fmt: skip
    arguments = ("--db", tmp_path / "t.db", "--sites", tmp_path / "sites.csv", "crawl", "khac_songmay")
    with start("tests.living.runner", *arguments, "--replay", file, stdin=json.dumps(job)) as run:
        wait_for(lambda: sign.exists() and len(sign.read_text().split()) == 2, run, that="the page that is read again")
        run.send_signal(signal.SIGTERM)
        assert run.wait() == 0, "all articles were fetched and stored"
    told, rows, last, _ = crawled(made)
    assert told.returncode == 0, told.stderr
    assert json.loads(last["counts"])["new"] == 0, "the second run read the articles anew"
    assert json.loads(last["counts"])["read_again"] > 0, "what was left to be read again is left for ever"
    for number in range(15):
        title, texts = story(number)
        assert rows[title]["body"] == "\n\n".join(texts)


def test_what_was_learned_is_shown_with_its_counts(crawled, tmp_path):
    _, _, _, db = crawled(pages(9, after="<p>Chuyên mục nội bộ</p>"))
    told = tinphuong("--db", db, "--sites", tmp_path / "sites.csv", "check", "khac_songmay", "--profile")
    assert told.returncode == 0
    assert "learned from 9 articles" in told.stdout
    assert "not an article's own: Chuyên mục nội bộ (in 9 texts, elsewhere on 0 pages)" in told.stdout


def test_a_profile_without_a_site_or_of_one_that_is_not_known_yet(crawled, tmp_path):
    _, _, _, db = crawled(pages(3))
    told = tinphuong("--db", db, "check", "--profile")
    assert told.returncode == 2 and "--profile needs a site" in told.stderr
    told = tinphuong("--db", db, "--sites", tmp_path / "sites.csv", "check", "khac_songmay", "--profile")
    assert "nothing is known of it as a whole yet; articles of 6 titles are needed, 3 were looked at" in told.stdout


@pytest.mark.parametrize("share", [2, 1])
def test_a_site_of_whose_articles_many_have_no_date_is_doubtful(crawled, share):
    made = [html if n % 2 else html.replace(f"{day(n):%d/%m/%Y}", "") for n, html in enumerate(pages(10))]
    told, rows, run, _ = crawled(made if share == 2 else pages(10, stamp=""))
    assert len(rows) == 10
    assert told.returncode == 1
    assert (run["status"], run["reason"]) == ("doubtful", "dates_missing")
    assert f"{10 // share} of the newest 10 articles have no date" in run["message"]


def test_a_site_of_three_articles_is_not_judged(crawled):
    told, rows, run, _ = crawled(pages(3, stamp="", after="<p>Chuyên mục nội bộ</p>"))
    assert (told.returncode, run["status"], len(rows)) == (0, "ok", 3)


def test_one_writer_is_doubted_without_making_a_site_doubtful_and_one_confirmation_settles_it(crawled, tmp_path):
    writer = "<p class='author'>Đỗ Minh Hạnh</p>"
    told, rows, run, db = crawled(pages(8, inside=writer))
    doubts = [json.loads(row["doubts"]) for row in rows.values()]
    assert all([(one["field"], one["kind"]) for one in found] == [("author", "alike_on_all")] for found in doubts)
    assert (told.returncode, run["status"]) == (0, "ok")
    first = min(row["id"] for row in rows.values())
    assert tinphuong("--db", db, "confirm", first, "--author", "Đỗ Minh Hạnh").returncode == 0
    listed = tinphuong("--db", db, "--sites", tmp_path / "sites.csv", "doubts", "khac_songmay", "--json")
    assert json.loads(listed.stdout) == []
    _, rows, _, _ = crawled(pages(11, inside=writer))
    assert {row["author"] for row in rows.values()} == {"Đỗ Minh Hạnh"} and len(rows) == 11
    assert {row["doubts"] for row in rows.values()} == {"[]"}


def test_a_site_on_which_the_readers_part_ways_is_named(crawled, tmp_path):
    _, _, _, db = crawled(pages(4))
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE runs SET counts = json_set(counts, '$.read_along', 3, '$.parted', 2)")
    told = tinphuong("--db", db, "--sites", tmp_path / "sites.csv", "status", "khac_songmay", "--json")
    assert json.loads(told.stdout)[0]["message"].endswith("; trafilatura finds another text on 2 of 3 pages")

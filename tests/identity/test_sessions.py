"""Sessions in addresses are dropped: by their usual names at once, others as soon as a run has seen what they are."""

import sqlite3
from contextlib import closing

import pytest

from tests.identity.portal import (
    TITLES,
    SessionPortal,
    after_path,
    article,
    in_each_link,
    in_folder,
    in_query,
    listing,
    parameters,
)
from tests.network.crawling import crawl
from tests.running import tinphuong

ONCE = {"TINPHUONG_RECHECK": 0.0, "TINPHUONG_RECHECK_LEAST": 0}
PLAYED = {
    "another in each link": (in_each_link("rnd"), {}),
    "sid": (in_query("sid"), {}),
    "sid lasts": (in_query("sid"), {"lasts": True}),
    "a number": (in_query("luot"), {"token": "{}"}),
    "a number that lasts": (in_query("luot"), {"token": "{}", "lasts": True}),
    "sent to one": (in_query("phien"), {"lasts": True, "asks_for_one": True}),
    "PHPSESSID": (in_query("PHPSESSID"), {"lasts": True, "asks_for_one": True}),
    "cookieless": (in_folder("S({})"), {"lasts": True, "asks_for_one": True}),
    "cookieless with tickets": (in_folder("A(k1-_0)F(b2)S({})"), {}),
    "jsessionid": (after_path("jsessionid"), {"lasts": True}),
}


def rows(folder, sql):
    with closing(sqlite3.connect(folder / "a.db")) as opened:
        return opened.execute(sql).fetchall()


@pytest.mark.parametrize("kind", PLAYED)
def test_a_second_run_asks_for_no_article_again(tmp_path, kind):
    (mark, found), options = PLAYED[kind]
    with SessionPortal(mark, found, **options) as portal:
        first = crawl(tmp_path, portal.host, settings=ONCE)
        assert first.articles == [f"http://{portal.host}/tin/bai-{number}.html" for number in range(301, 307)]
        twice = 2 if options.get("asks_for_one") else 1
        assert portal.asked_for("/tin/bai-") == 6 * twice
        second = crawl(tmp_path, portal.host, settings=ONCE)
        assert portal.asked_for("/tin/bai-") == 0
        assert (second.code, second.articles) == (0, first.articles)
    addresses = [url for (url,) in rows(tmp_path, "SELECT url FROM article_urls UNION SELECT url FROM sections")]
    assert not [url for url in addresses if "9ab07c" in url or "=" in url]
    assert tinphuong("--db", tmp_path / "a.db", "verify").returncode == 0


def test_articles_stored_with_a_session_are_known_without_it(tmp_path):
    (mark, found), options = PLAYED["sid lasts"]
    with SessionPortal(mark, found, **options) as portal:
        crawl(tmp_path, portal.host, settings=ONCE)
        with closing(sqlite3.connect(tmp_path / "a.db")) as opened, opened:  # as earlier versions stored them
            opened.execute("DELETE FROM sections")
            for table in ("articles", "article_urls"):
                opened.execute(f"UPDATE {table} SET url = url || '?sid=1f4e019ab0', key = key || '?sid=1f4e019ab0'")
        portal.asked.clear()
        crawl(tmp_path, portal.host, settings=ONCE)
        assert portal.asked_for("/tin/bai-") == 0
    assert rows(tmp_path, "SELECT key, url FROM articles ORDER BY key") == [
        (f"tin/bai-{number}.html", f"http://{portal.host}/tin/bai-{number}.html") for number in range(301, 307)
    ]
    assert tinphuong("--db", tmp_path / "a.db", "verify").returncode == 0


def test_numbers_of_sections_and_of_articles_are_no_sessions(tmp_path):
    class Numbered(SessionPortal):
        """`sid` is an article's number, `muc` the section's, which is the same in all links."""

        def answer(self, target, mark):
            if target == "/":
                return listing([f"/xem.php?sid={number + 12}&muc=2024" for number in range(len(TITLES))])
            found = parameters(target)
            number = int(found.get("sid", "0")) - 12
            return article(number) if found.get("muc") == "2024" and number in range(len(TITLES)) else None

    with Numbered(lambda address, _: address, r"\s") as portal:
        crawl(tmp_path, portal.host, settings=ONCE)
        assert len(rows(tmp_path, "SELECT 1 FROM articles")) == len(TITLES)
        assert sum(target == "/" for target in portal.asked) == 2  # whether `muc` changes is looked at once
        portal.asked.clear()
        crawl(tmp_path, portal.host, settings=ONCE)
        assert sum(target == "/" for target in portal.asked) == 1
        assert portal.asked_for("xem.php") == 0


def test_a_replay_needs_no_session(tmp_path):
    (mark, found), options = PLAYED["sid"]
    with SessionPortal(mark, found, **options) as portal:
        first = crawl(tmp_path, portal.host, settings=ONCE)
        (archive,) = tmp_path.rglob("*.warc.gz")
        replayed = crawl(tmp_path / "again", portal.host, "--replay", archive, settings=ONCE)
    assert (replayed.code, replayed.articles) == (0, first.articles)

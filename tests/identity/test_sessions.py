"""Sessions in addresses are dropped: by their usual names at once, others as soon as a run has seen what they are."""

import sqlite3
from contextlib import closing

import pytest

from tests.identity.portal import SessionPortal, after_path, in_folder, in_query
from tests.network.crawling import crawl
from tests.running import tinphuong

PLAYED = {
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
        settings = {"TINPHUONG_RECHECK": 0.0, "TINPHUONG_RECHECK_LEAST": 0}
        first = crawl(tmp_path, portal.host, settings=settings)
        assert first.articles == [f"http://{portal.host}/tin/bai-{number}.html" for number in range(301, 307)]
        twice = 2 if options.get("asks_for_one") else 1
        assert portal.asked_for("/tin/bai-") == 6 * twice
        second = crawl(tmp_path, portal.host, settings=settings)
        assert portal.asked_for("/tin/bai-") == 0
        assert (second.code, second.articles) == (0, first.articles)
    addresses = [url for (url,) in rows(tmp_path, "SELECT url FROM article_urls UNION SELECT url FROM sections")]
    assert not [url for url in addresses if "9ab07c" in url or "luot=" in url]
    assert tinphuong("--db", tmp_path / "a.db", "verify").returncode == 0

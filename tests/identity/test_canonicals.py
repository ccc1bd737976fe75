"""An article is stored under the address that its page names as its own, if the page there says the same."""

import sqlite3
from contextlib import closing

from spiders.lists.canonicals import form_of
from tests.identity.portal import TITLES, SessionPortal, article, listing, page
from tests.network.crawling import crawl

ONCE = {"TINPHUONG_RECHECK": 0.0, "TINPHUONG_RECHECK_LEAST": 0}
NUMBERS = range(len(TITLES))


def canonical(address):
    return f'<link rel="canonical" href="{address}">'


class MobilePortal(SessionPortal):
    """Its list leads to forms of the articles for telephones; `named`: number → the canonical address of that form."""

    def __init__(self, named, plain="/tin/bai-{}.html", mobile="/m/tin/bai-{}.html"):
        super().__init__(lambda address, _: address, r"\s")
        self.mobile = {mobile.format(n + 301): article(n, canonical(named(n))) for n in NUMBERS}
        self.articles = {plain.format(n + 301): article(n) for n in NUMBERS}

    def answer(self, target, mark):
        if target == "/":
            return listing(self.mobile)
        return self.mobile.get(target) or super().answer(target, mark)


def addresses(folder):
    with closing(sqlite3.connect(folder / "a.db")) as opened:
        return {url.partition("/")[2].partition("/")[2].partition("/")[2] for (url,) in opened.execute(
            "SELECT url FROM articles")}  # fmt: skip


def test_an_article_is_stored_under_its_canonical_address(tmp_path):
    with MobilePortal(lambda n: f"https://127.0.0.1/tin/bai-{n + 301}.html") as portal:
        crawl(tmp_path, portal.host, settings=ONCE)
        assert addresses(tmp_path) == {f"tin/bai-{n + 301}.html" for n in NUMBERS}
        assert portal.asked_for("/tin/bai-") <= len(TITLES) + 2  # the first few show that the others may be believed
        second = crawl(tmp_path, portal.host, settings=ONCE)
        assert portal.asked_for("/tin/bai-") == 0
    assert (second.code, len(second.articles)) == (0, len(TITLES))


def test_a_wrong_canonical_address_is_not_believed(tmp_path):
    wrong = {
        "the home page": lambda n: "/",
        "one for all": lambda n: "/tin/bai-301.html" if n else "/tin/bai-302.html",
        "the next article": lambda n: f"/tin/bai-{(n + 1) % len(TITLES) + 301}.html",
        "nothing": lambda n: f"/khong-co/bai-{n + 301}.html",
        "another host": lambda n: f"http://mot.gov.vn/tin/bai-{n + 301}.html",
        "no address": lambda n: "http://[",
    }  # fmt: skip
    for number, (kind, named) in enumerate(wrong.items()):
        with MobilePortal(named) as portal:
            crawl(tmp_path / str(number), portal.host, settings=ONCE)
            found = addresses(tmp_path / str(number))
            assert found == {f"m/tin/bai-{n + 301}.html" for n in NUMBERS}, kind
            assert portal.asked_for("bai-") <= len(TITLES) + 3, kind


def test_a_list_is_no_article_s_canonical_address(tmp_path):
    class Lists(MobilePortal):
        def other(self, target, mark):
            return page("Tin tức", listing(self.mobile)) if target == "/tin-tuc/muc-chung" else None

    with Lists(lambda n: "/tin-tuc/muc-chung") as portal:
        crawl(tmp_path, portal.host, settings=ONCE)
        assert addresses(tmp_path) == {f"m/tin/bai-{n + 301}.html" for n in NUMBERS}


def test_addresses_differ_in_one_form():
    assert form_of("http://a.vn/m/tin/5.html", "http://a.vn/tin/5.html") == ("m/", "")
    assert form_of("http://a.vn/tin/5.html?ref=12", "http://a.vn/tin/5.html") == ("ref=0", "")
    assert form_of("http://a.vn/tin/5.html", "http://a.vn/tin/6.html") == ("0", "0")

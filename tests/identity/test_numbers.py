"""A category and an article of one number are two pages; an article is one under all its addresses."""

import sqlite3
from contextlib import closing

from tests.identity.portal import TITLES, SessionPortal, page, text_of
from tests.network.crawling import SLUG, crawl

ONCE = {"TINPHUONG_RECHECK": 0.0, "TINPHUONG_RECHECK_LEAST": 0}
SLUGS = ("ra-quan", "lop-boi", "trao-nha", "hop-dan", "tiem-phong", "chua-chay")
BODY = "<body class='site com_content view-{} layout-blog'>"


class JoomlaPortal(SessionPortal):
    """Six articles, numbered from 1, in the category 2, which each entry of a list links to before anything else."""

    def __init__(self):
        super().__init__(lambda address, _: address, r"\s")
        self.folder = "thong-bao"
        self.slugs = list(SLUGS)

    def addresses(self):
        return [f"/{self.folder}/{number}-{slug}" for number, slug in enumerate(self.slugs, 1)]

    def answer(self, target, mark):
        if target in ("/", "/gioi-thieu/2-tin-phuong"):
            return self.listing()
        return self.article(self.addresses().index(target)) if target in self.addresses() else None

    def listing(self):
        items = "".join(
            "<div class='items-row'><div class='item'><dl class='article-info'><dd class='category-name'>"
            f"<a href='/gioi-thieu/2-tin-phuong'>Tin phường</a></dd></dl><h2><a href='{address}'>{title}</a></h2>"
            "</div></div>"
            for address, title in zip(self.addresses(), TITLES, strict=True)
        )
        return page("Tin phường", f"<div class='blog'>{items}</div>").replace("<body>", BODY.format("category"))

    def article(self, number):
        main = (
            f"<div class='item-page'><div class='page-header'><h2 itemprop='headline'>{TITLES[number]}</h2></div>"
            f"<dl class='article-info'><dd><time class='published' datetime='2025-09-1{number}T07:30:00+07:00'>"
            f"1{number}/09/2025</time></dd></dl><div itemprop='articleBody'>{text_of(number)}</div></div>"
        )
        return page(TITLES[number], main).replace("<body>", BODY.format("article"))


def rows(folder, sql, *values):
    with closing(sqlite3.connect(folder / "a.db")) as opened, opened:
        return opened.execute(sql, values).fetchall()


def crawled(folder, portal):
    return crawl(folder, portal.host, settings=ONCE, platform="joomla")


def test_a_category_and_an_article_of_one_number_are_two_pages(tmp_path):
    with JoomlaPortal() as portal:
        first = crawled(tmp_path, portal)
        assert [url.rpartition("/")[2] for url in first.articles] == [f"{n}-{s}" for n, s in enumerate(SLUGS, 1)]
        portal.asked.clear()
        assert (crawled(tmp_path, portal).code, portal.asked_for("/thong-bao/")) == (0, 0)


def test_articles_stored_by_their_number_alone_are_known(tmp_path):
    with JoomlaPortal() as portal:
        crawled(tmp_path, portal)
        rows(tmp_path, "UPDATE articles SET key = substr(key, 1, 1)")  # as earlier versions stored them
        rows(tmp_path, "UPDATE article_urls SET key = substr(key, 1, 1)")
        portal.asked.clear()
        crawled(tmp_path, portal)
        assert portal.asked_for("/thong-bao/") == 0
    assert rows(tmp_path, "SELECT key FROM articles ORDER BY key")[1] == ("2-lop-boi",)
    assert rows(tmp_path, "SELECT DISTINCT key FROM article_urls ORDER BY key")[1] == ("2-lop-boi",)


def test_an_article_that_moves_or_gets_another_slug_stays_one(tmp_path):
    with JoomlaPortal() as portal:
        crawled(tmp_path, portal)
        portal.folder = "van-hoa/thong-bao"
        portal.asked.clear()
        crawled(tmp_path, portal)
        assert portal.asked_for("/thong-bao/") == 0
        portal.slugs[1] = "lop-boi-he"
        portal.article = lambda number: JoomlaPortal.article(portal, number).replace("Đoạn 1", "Đoạn khác")
        crawled(tmp_path, portal)
    assert rows(tmp_path, "SELECT count(*), sum(changed_at > '') FROM articles WHERE site = ?", SLUG) == [(6, 1)]

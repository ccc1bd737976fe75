"""A site whose pages show no list that can be read: its feed and its sitemap are the list."""

from types import SimpleNamespace

import pytest

from tests.platforms.crawling import crawl
from tests.platforms.replica import Answer

TITLES = (
    "Xóm Đoài họp bàn việc sửa đường ra đồng",
    "Thông báo",
    "Phát gạo cho mười hộ ở bãi ven sông",
    "Lịch tiêm phòng cho đàn trâu bò tháng tư",
    "Đội bóng chuyền xóm Trại thắng giải đầu xuân",
)
IN_FEED = 3
MENU = '<nav><a href="/">Trang chủ</a> <a href="/gioi-thieu">Giới thiệu</a></nav>'
TEXT = (
    "<p>Bà con trong xóm họp tại nhà văn hóa bàn việc sửa con đường ra đồng trước mùa gặt, việc thứ {n} của năm.</p>"
    "<p>Mỗi hộ góp hai ngày công, đá và cát do xã cấp theo quyết định của ủy ban.</p>"
)
PAGES = ("/gioi-thieu", "/ve-xom-doai.html", "/tac-gia/gam", "/chuyen-muc/xom-lang")


def page(title, body):
    return Answer(f"<html><head><title>{title}</title></head><body>{MENU}<main>{body}</main></body></html>".encode())


class FeedOnly:
    """A home page without a list; a feed with titles and dates of the newest; a sitemap of everything. No article's
    page shows its date."""

    host, platform, start = "xom.chicofeed.test", "", ("/",)

    def answer(self, method, target, form=""):
        base = f"http://{self.host}"
        articles = {f"/tin/viec-xom-{n}.html": title for n, title in enumerate(TITLES, 1)}
        if target == "/":
            return page("Xóm Đoài", "<p>Chào mừng bà con đến với trang tin của xóm Đoài.</p><canvas></canvas>")
        if target == "/feed/":
            rows = "".join(
                f"<item><title>{title}</title><link>{base}{path}</link><pubDate>Wed, 0{n} Apr 2026 08:00:00 +0700"
                "</pubDate></item>"
                for n, (path, title) in enumerate(list(articles.items())[:IN_FEED], 1)
            )
            return Answer(f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>".encode(), "text/xml")
        if target == "/sitemap.xml":
            rows = "".join(f"<url><loc>{base}{path}</loc></url>" for path in ("/", *PAGES, *articles))
            space = "http://www.sitemaps.org/schemas/sitemap/0.9"
            return Answer(f"<urlset xmlns='{space}'>{rows}</urlset>".encode(), "text/xml")
        if title := articles.get(target):
            return page(title, f"<h1>{title}</h1>{TEXT.format(n=target[-6])}")
        if target in PAGES:
            return page("Về xóm Đoài", f"<h1>Giới thiệu về xóm Đoài</h1>{TEXT.format(n=0)}")
        return Answer(b"<h1>404</h1>", status=404)

    def asked(self, path):
        return False


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    done = crawl(tmp_path_factory.mktemp("feed"), [FeedOnly()])
    return SimpleNamespace(done=done, rows=done.rows("SELECT title, url, published_at FROM articles"))


def test_every_article_of_feed_and_sitemap_is_stored_and_nothing_else(crawled):
    assert sorted(row["title"] for row in crawled.rows) == sorted(TITLES)


def test_the_feed_dates_its_articles(crawled):
    dates = {row["title"]: row["published_at"] for row in crawled.rows}
    assert [dates[title] and dates[title][:10] for title in TITLES] == [
        "2026-04-01",
        "2026-04-02",
        "2026-04-03",
        None,
        None,
    ]


def test_the_run_names_the_pages_of_which_it_is_not_sure(crawled):
    said = crawled.done.summary["sites"][0]["message"]
    assert "5 new, not sure of 1 page without a date: /ve-xom-doai.html" in said

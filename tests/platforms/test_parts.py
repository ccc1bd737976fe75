"""Articles that go on at further pages: one row, whole or not at all, and every page of them kept."""

import re
from dataclasses import replace

import pytest
from scrapy.http import HtmlResponse

from crawler.cli import main
from crawler.extraction import Article
from crawler.extraction.further_pages import join
from spiders.fingerprint import platforms
from spiders.platform import Platform
from storage.archives.archive import Archive
from tests.platforms.common import WordPressWithoutApi
from tests.platforms.crawling import crawl, slug_of


class Long(WordPressWithoutApi):
    """A story on three pages of a paragraph each; each page names its neighbours alone."""

    host = "anvinh.wordpress3.test"
    last = 3
    missing = ()

    def _page(self, number):
        story = self.stories[self.split]
        near = [n for n in (number - 1, number + 1) if 1 <= n <= self.last]
        ends = {n: "" if n == 1 else f"{n}/" for n in near}
        links = "".join(f'<a class="x" href="{self.address(story)}{end}">{n}</a>' for n, end in ends.items())
        made = super()._single(story, story.paragraphs[number - 1 : number], 0)
        return made.replace("</div></article>", f'<div class="page-links">{links}</div></div></article>')

    def article(self, story):
        return self._page(1) if story is self.stories[self.split] else super().article(story)

    def _part(self, target):
        found = re.fullmatch(rf"{self.address(self.stories[self.split])}(\d)/", target)
        return self._page(int(found[1])) if found and int(found[1]) not in self.missing else None


def row_of(crawled, replica):
    title = replica.stories[replica.split].title
    rows = crawled.rows("SELECT * FROM articles WHERE site = ? AND title = ?", slug_of(replica), title)
    return rows[0] if rows else None


def test_a_long_article_is_one_row_and_all_its_pages_are_kept(tmp_path, capsys):
    replica = Long()
    done = crawl(tmp_path, [replica])
    row, address = row_of(done, replica), f"http://{replica.host}{replica.address(replica.stories[0])}"
    assert done.code == 0 and row["body"] == replica.stories[0].body
    assert row["url"] == address and "read from 3 pages" in row["notes"]
    assert len(done.rows("SELECT 1 FROM articles")) == 7
    kept = done.rows("SELECT url FROM captures WHERE kind = 'article' AND url LIKE ? ORDER BY 1", f"{address}%")
    assert [capture["url"] for capture in kept] == [address, f"{address}2/", f"{address}3/"]
    assert [served.target for served in done.served].count("/category/tin-tuc/page/2/") == 1
    # what was kept gives the same article again, and an archive of it the same collection
    db = ["--db", str(done.db)]
    from crawler.reprocess.reprocess import reprocess
    from spiders.registry import Registry

    again = reprocess(done.db, Registry.of_places([tmp_path / "sites.csv"]), progress=lambda *_: None)
    assert (again.articles, again.differing, again.clean) == (7, 0, True)
    assert main([*db, "export", "warc", str(tmp_path / "one"), "--query", f'"{replica.stories[0].title}"']) == 0
    files = sorted((tmp_path / "one").rglob("*.warc.gz")) or [tmp_path / "one"]
    assert {address, f"{address}2/", f"{address}3/"} <= {capture.url for capture in Archive(files).captures()}
    replayed = tmp_path / "again"
    replayed.mkdir()
    copy = crawl(replayed, [replica], replay=sorted(tmp_path.glob("a.captures/**/*.warc.gz")))
    assert row_of(copy, replica)["body"] == row["body"] and not copy.served
    assert "Traceback" not in capsys.readouterr().err


def test_without_one_of_its_pages_an_article_is_counted_and_waits_for_the_next_run(tmp_path):
    replica = Long()
    replica.missing = (3,)
    first = crawl(tmp_path, [replica])
    assert row_of(first, replica) is None and len(first.rows("SELECT 1 FROM articles")) == 6
    (skipped,) = first.rows("SELECT * FROM skipped WHERE reason = 'part_missing'")
    assert skipped["url"].endswith(replica.address(replica.stories[0])) and skipped["detail"] == "page 3: status 404"
    replica.missing = ()
    second = crawl(tmp_path, [replica])
    assert row_of(second, replica)["body"] == replica.stories[0].body


def respond(body, url="https://a.vn/mot-viec/"):
    return HtmlResponse(url, body=body.encode())


def test_pages_of_archives_other_articles_and_hosts_are_no_parts():
    wordpress = platforms()["wordpress"]
    paths = "/mot-viec/2/ /page/2/ /category/tin/page/2/ /viec-khac/2/ https://b.vn/mot-viec/3/ /mot-viec/1/"
    links = "".join(f"<a href={path}>x</a>" for path in paths.split())
    page = f'<div class="page-links">{links}</div><a href="/mot-viec/4/">4</a>'
    assert wordpress.further_pages(respond(page)) == {2: "https://a.vn/mot-viec/2/"}
    assert wordpress.part_of("https://a.vn/category/tin/page/2/") is None
    assert wordpress.part_of("https://a.vn/2024/05/") is None
    assert wordpress.part_of("https://a.vn/?p=12&page=2") == ("12", 2)


@pytest.mark.parametrize(
    ("pattern", "href"),
    [
        (r"(?P<page>[?&]page=(?P<number>\d+))$", "/tin/viec-7.htm?page=2"),
        (r"(?P<page>/trang-(?P<number>\d+))(?=\.htm$)", "/tin/viec-7/trang-2.htm"),
    ],
)
def test_other_makes_state_their_own_way(pattern, href):
    platform = Platform(
        name="x", layout=None, articles=(re.compile(r"-(?P<id>\d+)\.htm$"),), items="", parts="//nav/a",
        part_urls=(re.compile(pattern),),
    )  # fmt: skip
    page = f"<nav><a href='{href}'>2</a></nav>"
    assert platform.further_pages(respond(page, "https://a.vn/tin/viec-7.htm")) == {2: f"https://a.vn{href}"}
    assert replace(platform, parts="").further_pages(respond(page)) == {}


def test_joining_keeps_order_and_loses_nothing():
    first = Article("a", title="T", summary="S", body="một", markdown="một", author=None)
    second = Article("b", title="T", summary="đầu trang hai", body="hai", markdown="hai", author="Lê Thị Thoa")
    whole = join(first, [second])
    assert (whole.body, whole.author) == ("một\n\nđầu trang hai\n\nhai", "Lê Thị Thoa")
    broken = join(Article("a", body="một"), [Article("b", reason="error_page")])
    assert (broken.reason, broken.body) == ("part_missing", "")

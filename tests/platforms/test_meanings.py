"""A site that says little where it is asked: sent on by script, in frames, its news named by an index of sitemaps."""

import pytest

from crawler.reprocess.reprocess import reprocess
from spiders.registry import Registry
from tests.platforms.crawling import crawl
from tests.platforms.replica import Answer, esc, page, paragraphs, rss
from tests.platforms.unknown import Handmade


def xml(root, element, *named):
    rows = "".join(
        f"<{element}><loc>{url}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</{element}>" for url, date in named
    )
    source = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'
    return Answer(source.encode(), "application/xml")


class Meaning(Handmade):
    """Stories 0 and 1 are in the list, which a frame shows; 2 to 5 are in sitemaps; 6 comes with the second run."""

    host = "anvinh.meaning.test"
    start = ("/",)
    robots = "\ufeffuser-agent: *\nDisallow: /quan-tri/\nSITEMAP: sm/index.xml\nSitemap: https://khac.test/sm.xml\n"
    second_run = False

    def route(self, asked):
        base = f"http://{self.host}"
        match asked.path:
            case "/":
                return "<html><body onload=\"setTimeout('location.href=&quot;/vi/cong&quot;', 0)\"></body></html>"
            case "/vi/cong":
                return self._frame("Cổng", '<h2>Tin</h2><iframe src="/khung/tin.aspx" width="100%"></iframe>')
            case "/khung/tin.aspx":
                return page("", "", f"<div class=ds>{''.join(map(self.entry, self.stories[:2]))}</div>")
            case "/sm/index.xml":
                newer = "2025-11-09" if self.second_run else "2025-11-02"
                named = [("tin-1", "2025-11-01T08:00:00+07:00"), ("tin-2", newer), ("trang", "2025-10-01")]
                return xml("sitemapindex", "sitemap", *((f"{base}/sm/{name}.xml", date) for name, date in named))
            case "/sm/trang.xml":
                return xml("urlset", "url")
            case "/sm/tin-1.xml":
                return xml("urlset", "url", *((base + self.address(story), "") for story in self.stories[2:4]))
            case "/sm/tin-2.xml":
                last = 7 if self.second_run else 6
                return xml("urlset", "url", *((base + self.address(story), "") for story in self.stories[4:last]))
        for story in self.stories:
            if asked.path == f"/khung/{story.number}.html":
                return f"<html><body>{paragraphs(story)}</body></html>"
            if asked.path == f"/tin-phuong/moi/{story.number}.html":
                return super().article(story)
            if asked.path == f"/khung/ca-trang/{story.number}.html":
                return super().article(story)
        return None

    def article(self, story):
        match self.stories.index(story):
            case 0:
                head = f'<h1>{esc(story.title)}</h1><div class="ngay">Ngày đăng: {story.at("%d/%m/%Y %H:%M")}</div>'
                return self._frame(story.title, f'{head}<iframe src="/khung/{story.number}.html"></iframe>')
            case 1:
                return f"<script>top.location.replace('/tin-phuong/moi/{story.number}.html')</script>"
            case 2:
                frames = f'<frame src="/khung/menu.html"><frame src="/khung/ca-trang/{story.number}.html">'
                return f'<html><head><title>Phường</title></head><frameset cols="20%,*">{frames}</frameset></html>'
            case 3:
                return "<script>location.href='http://khac.test/bai.html'</script>"
        return super().article(story)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    folder, replica = tmp_path_factory.mktemp("meanings"), Meaning()
    first = crawl(folder, [replica])
    replica.second_run = True
    return replica, folder, first, crawl(folder, [replica])


def bodies(crawled):
    return {row["url"].partition(".test")[2]: row["body"] for row in crawled.rows("SELECT url, body FROM articles")}


def test_the_article_is_what_a_reader_sees(twice):
    replica, _, first, second = twice
    moved = f"/tin-phuong/moi/{replica.stories[1].number}.html"
    found = bodies(second)
    wanted = {replica.address(story): story.body for story in replica.stories[:7]}
    wanted[moved] = wanted.pop(replica.address(replica.stories[1]))
    del wanted[replica.address(replica.stories[3])]
    assert first.code == second.code == 0 and found == wanted
    addresses = {row["url"].partition(".test")[2] for row in second.rows("SELECT url FROM article_urls")}
    assert replica.address(replica.stories[1]) in addresses and not [url for url in addresses if "/khung/" in url]


def test_both_pages_are_kept_and_give_the_article_again(twice):
    replica, folder, _, second = twice
    kept = {row["url"].partition(".test")[2] for row in second.rows("SELECT url FROM captures")}
    number = replica.stories[0].number
    assert {replica.address(replica.stories[0]), f"/khung/{number}.html"} <= kept
    again = reprocess(second.db, Registry.of_places([folder / "sites.csv"]), progress=lambda *_: None)
    assert (again.articles, again.differing, again.clean) == (6, 0, True)


def test_what_leaves_the_site_is_not_followed_and_said(twice):
    _, _, first, _ = twice
    left = {row["url"]: row["reason"] for row in first.rows("SELECT url, reason FROM skipped")}
    assert left["https://khac.test/sm.xml"] == "offsite"
    assert "offsite" in [reason for url, reason in left.items() if "/tin-phuong/" in url]
    assert {served.host for served in first.served} <= {"anvinh.meaning.test"}


def test_a_sitemap_that_did_not_change_is_not_asked_for_again(twice):
    _, _, first, second = twice
    asked = [[served.target for served in crawled.served if "/sm/" in served.target] for crawled in (first, second)]
    assert sorted(asked[0]) == ["/sm/index.xml", "/sm/tin-1.xml", "/sm/tin-2.xml", "/sm/trang.xml"]
    assert sorted(asked[1]) == ["/sm/index.xml", "/sm/tin-2.xml"]


class WithoutLists(Handmade):
    """A NukeViet whose home page names nothing but a feed, and whose robots.txt names a sitemap."""

    platform, host = "nukeviet", "anvinh.elsewhere.test"
    start = ("/",)
    robots = "User-agent: *\nDisallow:\nSitemap: /sm.xml\n"

    def address(self, story):
        return f"/news/tin-phuong/{story.slug}-{story.number}.html"

    def route(self, asked):
        base = f"http://{self.host}"
        if asked.path == "/":
            link = '<link rel="alternate" type="application/rss+xml" href="/kenh.rss">'
            return page("Cổng", link, "<p>Chào mừng bạn đến với cổng thông tin của phường.</p>")
        if asked.path == "/kenh.rss":
            return rss(base, self.stories[:2], self.address)
        if asked.path == "/sm.xml":
            return xml("urlset", "url", *((base + self.address(story), "") for story in self.stories[2:6]))
        return None


def test_where_no_list_names_an_article_feeds_and_sitemaps_do(tmp_path):
    replica = WithoutLists()
    done = crawl(tmp_path, [replica])
    assert sorted(bodies(done)) == sorted(replica.address(story) for story in replica.stories[:6])

"""What only NukeViet gets wrong, on replicas of what the real software prints."""

import pytest

from spiders.platforms.nukeviet import PLATFORM, NukeVietSpider
from spiders.registry import Registry
from tests.platforms.crawling import crawl, slug_of
from tests.platforms.nukeviet import NukeViet, NukeVietAsInstalled

SITES = Registry.of_package()

BOTH = [NukeViet(), NukeVietAsInstalled()]
EACH = pytest.mark.parametrize("replica", BOTH, ids=lambda replica: replica.host.split(".")[1])


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    return crawl(tmp_path_factory.mktemp("nukeviet"), BOTH)


@EACH
def test_the_hour_is_that_of_publication_not_of_the_last_edit(crawled, replica):
    rows = crawled.rows("SELECT title, published_at, published_from FROM articles WHERE site = ?", slug_of(replica))
    moments = {story.title: story.at("%Y-%m-%dT%H:%M+07:00") for story in replica.stories if not story.copy}
    assert {row["title"]: row["published_at"] for row in rows} == moments
    assert {row["published_from"] for row in rows} == {"page"}


@EACH
def test_people_section_files_and_the_picture_with_its_caption(crawled, replica):
    for row in crawled.rows("SELECT * FROM articles WHERE site = ?", slug_of(replica)):
        assert (row["author"], row["source"], row["section"]) == (replica.author, replica.source, "Tin hoạt động")
        images = crawled.rows("SELECT url, caption FROM images WHERE article_id = ?", row["id"])
        address = f"http://{replica.host}/uploads/news/2024_05/a.jpg"
        assert images == [{"url": address, "caption": replica.caption}]
    files = crawled.rows(
        "SELECT f.name, f.type, f.url FROM attachments f JOIN articles a ON a.id = f.article_id WHERE a.site = ?",
        slug_of(replica),
    )
    assert {file["name"] for file in files} == {story.file for story in replica.stories if story.file}
    assert all(file["type"] == "pdf" and "?download=1" in file["url"] for file in files)


def test_what_is_for_members_or_not_out_yet_is_counted_and_not_stored(crawled):
    replica = BOTH[1]
    skipped = {
        (row["url"].removeprefix(f"http://{replica.host}"), row["reason"])
        for row in crawled.rows("SELECT * FROM skipped")
    }
    assert {(replica.members, "password_protected"), (replica.future, "http_404")} <= skipped


def test_no_page_of_another_module_is_an_article_and_none_is_asked_for_twice(crawled):
    for replica in BOTH:
        asked = [served.target for served in crawled.served if served.host == replica.host and served.status == 200]
        assert len(asked) == len(set(asked)), asked  # pages of lists too: the home page shows another list's pager
        assert not crawled.rows("SELECT 1 FROM articles WHERE url LIKE ? OR url LIKE ?", "%/about/%", "%/gioi-thieu/%")


def test_a_short_address_is_taken_where_a_list_tells_it_alone():
    short, long = "https://a.vn/tin/mot-viec-12.html", "https://a.vn/news/tin/mot-viec-12.html"
    assert PLATFORM.identity(short) == PLATFORM.identity(long) == "mot-viec-12"
    assert PLATFORM.is_article(short, in_entry=True) and not PLATFORM.is_article(short, in_entry=False)
    assert PLATFORM.is_article(long, in_entry=False)
    assert PLATFORM.identity("https://a.vn/about/NukeViet-4.html") is None
    assert PLATFORM.first_of("https://a.vn/vi/news/page-3/") == "https://a.vn/vi/news/"


def test_its_sites_keep_under_its_limit_of_requests():
    from scrapy.settings import Settings

    def pause(spider, given=None):
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        if given:
            settings.set("DOWNLOAD_DELAY", given, priority="cmdline")
        spider.update_settings(settings)
        return settings.getfloat("DOWNLOAD_DELAY")

    assert 300 / pause(NukeVietSpider) < 150
    assert pause(SITES["hanoi_trucbach"]) < pause(NukeVietSpider)
    assert pause(NukeVietSpider, given=0.01) == 0.01

"""Where feeds are named, and what an index of sitemaps says of when each changed."""

import json
from datetime import UTC, datetime

import pytest

from crawler.run.site_memory import PageMemory
from spiders.lists import sitemap_dates
from spiders.lists.listing import Listing
from tests.lists.test_answers import entries, read

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
HOME = "https://a.test/"


@pytest.mark.parametrize(
    ("source", "feeds"),
    [
        ('<link rel="alternate" type="application/feed+json" href="/feed.json">', ["feed.json"]),
        ('<link rel="alternate" type="text/xml" title="RSS" href="/xml/tin">', ["xml/tin"]),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/comments/feed/"><a href="/rss">Tin</a>', ["rss"]),
        ('<a href="/rss">RSS</a><a href="/tin.rss">tin</a>', ["rss", "tin.rss"]),
        ('<a href="/rss.aspx?cat=1"><img src="/i.png" alt="RSS"></a>', ["rss.aspx?cat=1"]),
        ('<a href="/kenh/12" title="Kênh RSS"><i></i></a>', ["kenh/12"]),
        ('<a href="/rss-la-gi-va-dung-the-nao.html">RSS là gì và dùng thế nào</a>', []),
        ('<a href="http://b.test/rss">RSS</a><a href="/tin-tuc/1.html">Tin</a>', []),
        ('<a href="/rss/1">1</a><a href="/rss/2">2</a><a href="/rss/3">3</a><a href="/rss/4">4</a>',
         ["rss/1", "rss/2", "rss/3"]),
    ],
)  # fmt: skip
def test_feeds_are_found_in_the_head_else_behind_links(source, feeds):
    found = read(f"<html><head></head><body>{source}</body></html>", "text/html", HOME)
    assert isinstance(found, Listing) and found.feeds == [HOME + feed for feed in feeds]


def test_a_page_and_an_outline_that_list_feeds_name_nothing_else():
    page = read('<h1>RSS</h1><a href="/rss/tin.rss">Tin tức</a>', "text/html", "https://a.test/rss.html")
    outline = '<opml version="2.0"><body><outline text="a"><outline xmlUrl="rss/tin.rss"/></outline></body></opml>'
    assert page.is_index and page.feeds == ["https://a.test/rss/tin.rss"]
    assert read(outline, "text/xml", "https://a.test/all.opml").feeds == ["https://a.test/rss/tin.rss"]


@pytest.mark.parametrize(
    ("item", "address"),
    [
        ({"id": "https://a.test/tin/bai-1.html"}, "bai-1.html"),
        ({"id": 7, "external_url": "https://a.test/tin/bai-2.html"}, "bai-2.html"),
        ({"id": "https://a.test/tin/bai-3.html", "external_url": "https://b.test/x/y"}, "bai-3.html"),
        ({"id": "https://a.test/x/1", "url": "/tin/bai-4.html"}, "bai-4.html"),
        ({"id": "12"}, None),
    ],
)
def test_the_address_of_an_item_of_json_is_its_own_or_one_of_the_site(item, address):
    value = {"version": "https://jsonfeed.org/version/1.1", "items": [item | {"title": "Tin"}]}
    found = entries(read(json.dumps(value), "application/feed+json", "https://a.test/feed.json"))
    assert [url for url, _, _ in found] == ([f"https://a.test/tin/{address}"] if address else [])


def test_a_feed_goes_on_at_its_next_page_however_many_there_are():
    value = {"items": [], "next_url": "?p=3"}
    found = read(json.dumps(value), "application/feed+json", "https://a.test/feed.json?p=2")
    assert list(found.pages.values()) == ["https://a.test/feed.json?p=3"]
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/atom?p=2"/><entry/></feed>'
    assert list(read(atom).pages.values()) == ["https://a.test/atom?p=2"]


def test_a_guid_that_is_no_permanent_link_is_no_address():
    item = '<item><title>Tin</title><guid isPermaLink="{}">https://a.test/tin/g-1.html</guid></item>'
    assert entries(read(f"<rss><channel>{item.format('False')}</channel></rss>")) == []
    assert len(entries(read(f"<rss><channel>{item.format('true')}</channel></rss>"))) == 1


def test_sitemaps_are_asked_for_where_news_is_likely_first():
    dates = {"/tin-1.xml": "2025-01-01", "/tin-2.xml": "2025-02-01", "/trang.xml": "2025-03-01"}
    assert sitemap_dates.in_order(["/trang.xml", "/tin-1.xml", "/tin-2.xml"], dates)[:2] == ["/tin-2.xml", "/tin-1.xml"]
    assert sitemap_dates.in_order(list("abcde"), {}) == ["e", "a", "d", "b", "c"]


def index(**dates):
    urls = [f"https://a.test/{name}.xml" for name in dates]
    return sitemap_dates.pages_of("/i.xml", urls, dict(zip(urls, dates.values(), strict=True)))


def read_before(pages, now=NOW):
    return {url: sitemap_dates.remembered(page, url, now, PageMemory(url, etag="x")) for page, url in pages.items()}


@pytest.mark.parametrize(
    ("before", "after", "asked", "certain"),
    [
        ({"a": "2026-11-01", "b": "2026-11-02"}, {"a": "2026-11-01", "b": "2026-11-02"}, "", ""),
        ({"a": "2026-11-01", "b": "2026-11-02"}, {"a": "2026-11-01", "b": "2026-11-03"}, "b", "b"),
        ({"a": "2026-11-01"}, {"a": "2026-11-01", "b": "2026-10-03"}, "b", "b"),
        ({"a": "", "b": ""}, {"a": "", "b": ""}, "ab", ""),
        # made anew for every reader: the dates say nothing
        ({"a": "2026-11-27", "b": "2026-11-27"}, {"a": "2026-11-28", "b": "2026-11-28"}, "ab", ""),
        # it may change once more on that day, or its date is in the future
        ({"a": "2026-11-30", "b": "2026-11-01"}, {"a": "2026-11-30", "b": "2026-11-01"}, "a", "a"),
        ({"a": "2027-01-01T00:00:00Z"}, {"a": "2027-01-01T00:00:00Z"}, "a", "a"),
        ({"a": "2026-11-30T08:00:00+07:00"}, {"a": "2026-11-30T08:00:00+07:00"}, "", ""),
        ({"a": "hôm qua"}, {"a": "hôm qua"}, "a", "a"),
    ],
)
def test_a_sitemap_with_the_date_under_which_it_was_read_is_left_out(before, after, asked, certain):
    pages, sure = sitemap_dates.changed(index(**after), read_before(index(**before)))
    name = {url: url[-5] for url in pages.values()}
    assert "".join(sorted(name.values())) == asked
    assert "".join(sorted(name[pages[page]] for page in sure)) == certain


def test_a_sitemap_is_remembered_with_what_else_it_named():
    ((page, url),) = index(a="2026-11-01").items()
    memory = PageMemory(url, "x", None, ["https://a.test/1"], {("next", 2): "https://a.test/2"})
    kept = sitemap_dates.remembered(page, url, NOW, memory)
    assert (kept.etag, kept.entries, sitemap_dates.others(kept.pages)) == ("x", memory.entries, memory.pages)

"""Whatever comes where a list was asked for is read as a list, or refused with the right word; nothing raises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from crawler.new_site import frozen_pages
from crawler.run.items import Listed
from crawler.run.site_memory import PageMemory
from spiders.fingerprint import platforms
from spiders.lists.forms import post_address
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.reader import ListReader
from spiders.registry import Registry
from tests.examples import examples
from tests.platforms import replicas
from tests.unknown.platforms import PORTALS

SLUG = "hanoi_trucbach"
REPLICAS = {replica.host.split(".")[1]: replica for replica in replicas.ALL}
UNKNOWN = {portal.invented.name: portal for portal in PORTALS}


def response(url, body=b"", content_type="text/html; charset=utf-8", status=200, page=("", 1), **headers):
    """A response as the crawl gets it: Scrapy chooses its class."""
    named = Headers({"Content-Type": content_type, **headers})
    kind = responsetypes.from_args(headers=named, url=url, body=body)
    request = Request(url, cb_kwargs={"page": page})
    return kind(url.partition("#")[0], status=status, headers=named, body=body, request=request)


def answer(portal, target, form="", page=("", 1)):
    """A replica's response to a request."""
    came = portal.answer("POST" if form else "GET", target, form)
    return response(f"http://{portal.host}{target}", came.body, came.content_type, came.status, page, **came.headers)


def read(came, platform, host, learnt=None, pages=None):
    return ListReader(platforms()[platform], {host, f"www.{host}"}, learnt, pages or {}).read(came)


def frozen(name="listing", **changed):
    page = frozen_pages.load(SLUG, name)
    return response(changed.get("url", page.url), changed.get("body", page.body), page.content_type)


def read_frozen(came, pages=None):
    spider = Registry.of_package().site(SLUG)
    return ListReader(spider.platform, spider.hosts_with_www(), None, pages or {}).read(came)


def test_a_page_is_read_with_titles_dates_pager_and_sections():
    found = read_frozen(frozen())
    expected = frozen_pages.facts(SLUG)["listing"]["expected"]
    assert isinstance(found, Listing) and found.has_items
    assert [[url, listed.title, listed.date] for url, listed in found.entries] == expected["articles"]
    assert list(found.pages.values()) == list(expected["pages"].values()) and found.links == expected["links"]
    assert {listed.page for _, listed in found.entries} == {frozen_pages.load(SLUG, "listing").url}


def test_links_to_other_hosts_are_left_out():
    found = ListReader(Registry.of_package().site(SLUG).platform, {"elsewhere.test"}).read(frozen())
    assert (found.entries, found.pages, found.links) == ([], {}, [])


def test_a_redirect_onto_an_article_is_that_article():
    url = frozen_pages.load(SLUG, "article").url
    assert read_frozen(frozen("article", url=f"{url}?utm_source=x")) == ArticleInstead(url)


def test_an_unchanged_page_is_read_as_it_was():
    url = "https://a.test/tin"
    page = PageMemory(url, "e", None, ["https://a.test/1"], {("page", 2): f"{url}?page=2"}, ["https://a.test/muc"])
    found = read_frozen(response(url, status=304), {url: page})
    assert found == Listing([("https://a.test/1", Listed())], 1, page.pages, page.links)
    found.pages.clear()
    assert page.pages  # what is remembered is not handed out itself


def test_an_unchanged_page_that_nobody_remembers_is_refused():
    assert read_frozen(response("https://a.test/tin", status=304)) == Refusal("http_304")


def test_a_feed_is_a_list():
    replica = REPLICAS["wordpress"]
    found = read(answer(replica, "/feed/"), "wordpress", replica.host)
    assert [listed.title for _, listed in found.entries] and all(listed.date for _, listed in found.entries)
    assert (found.links, found.pages) == ([], {})


def test_an_index_of_sitemaps_names_sitemaps_as_further_pages():
    replica = REPLICAS["wordpress"]
    found = read(answer(replica, "/wp-sitemap.xml"), "wordpress", replica.host)
    assert not found.entries and found.has_items
    assert list(found.pages) == [("sitemap:/wp-sitemap.xml", number) for number in range(2, 2 + len(found.pages))]
    assert all("posts-post" in url for url in found.pages.values())


def test_an_answer_of_an_api_is_a_list():
    replica = REPLICAS["wordpress"]
    found = read(answer(replica, "/wp-json/wp/v2/posts?per_page=100"), "wordpress", replica.host)
    assert len(found.entries) >= 5 and all(listed.title and listed.date for _, listed in found.entries)


def test_a_page_where_a_feed_was_expected_is_refused():
    replica = REPLICAS["wordpress2"]
    assert read(answer(replica, "/feed/"), "wordpress", replica.host) == Refusal("not_a_feed")


def test_a_file_in_the_place_of_a_list_is_refused():
    assert read_frozen(response("https://a.test/tin", b"%PDF-1.4\n", "application/pdf")) == Refusal("not_html")
    assert read_frozen(response("https://a.test/tin", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))) == Refusal("not_html")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("  \n", "empty_page"),
        ("<title>404 Not Found</title><h1>Not Found</h1>", "error_page"),
        ("<title>Just a moment...</title><p>Checking your browser before accessing</p>", "antibot"),
    ],
)
def test_a_page_that_is_not_the_portals_is_refused_with_its_reason(body, reason):
    assert read_frozen(response("https://a.test/tin", body.encode())) == Refusal(reason)


def test_a_list_that_a_script_fetches_is_one_without_entries():
    replica = REPLICAS["bacninh"]
    found = read(answer(replica, "/tin-tuc"), "liferay", replica.host)
    ((page, url),) = found.pages.items()
    assert found.is_scripted and found.has_items and not found.entries and page == ("pageNum", 1)
    filled = read(answer(replica, url.removeprefix(f"http://{replica.host}")), "liferay", replica.host)
    assert filled.entries and not filled.is_scripted


def test_a_list_whose_further_pages_no_address_leads_to_says_so():
    portal = UNKNOWN["loadmore"]
    lists = [read(answer(portal, target), "generic", portal.host) for target in sections(portal)]
    assert any(found.goes_on_by_script and found.entries and not found.pages for found in lists)


def test_an_empty_frame_says_so():
    portal = UNKNOWN["react"]
    found = read(answer(portal, "/"), "generic", portal.host)
    assert found.is_frame and not found.entries and not found.has_items


def test_what_was_learnt_helps_with_a_list_of_one_entry_and_is_handed_out():
    item = '<div class="tin"><h3><a href="/{n}-hop-giao-ban-quy-{n}.html">Họp giao ban công tác quý {n}</a></h3></div>'
    several, one = ("".join(item.format(n=n) for n in numbers) for numbers in (range(11, 16), (16,)))
    learnt = platforms()["generic"].fresh_learnt()
    first = read(response("http://a.test/tin", several.encode()), "generic", "a.test", learnt)
    assert len(first.entries) == 5 and learnt.articles and learnt.lists
    last = response("http://a.test/tin?page=2", one.encode(), page=("page", 2))
    assert len(read(last, "generic", "a.test", learnt).entries) == 1
    assert read(last, "generic", "a.test").entries == []  # read by itself, one entry is not a list


def test_a_platform_that_is_described_learns_nothing():
    assert [name for name, platform in platforms().items() if platform.fresh_learnt() is not None] == ["generic"]


@pytest.mark.parametrize("content_type", ["text/xml", "application/json", "text/plain", "application/xhtml+xml"])
def test_a_page_is_read_whatever_its_server_calls_it(content_type):
    page = frozen_pages.load(SLUG, "listing")
    came = response(page.url, page.body, f"{content_type}; charset=utf-8")
    assert read_frozen(came).entries == read_frozen(frozen()).entries


def test_a_base_that_is_not_an_address_is_ignored():
    page = frozen_pages.load(SLUG, "listing")
    body = page.body.replace(b"<head>", b"<head><base href='http://[x/'>", 1)
    assert body != page.body
    assert read_frozen(frozen(body=body)).entries == read_frozen(frozen()).entries


def sections(portal):
    """Paths of a portal's lists."""
    found = read(answer(portal, "/"), "generic", portal.host)
    return [url.removeprefix(f"http://{portal.host}") for url in found.links]


ADDRESSES = (
    "https://a.test/",
    "https://a.test/tin-tuc/page/2?page=x",
    "https://a.test/feed/",
    "https://a.test/wp-json/wp/v2/posts?per_page=100&page=x",
    "https://a.test/tin?p_p_resource_id=loadPage&pageNum=x",
    post_address("https://a.test/APIVP/api/DSTinTuc/QUERYDATA", {"do": "QUERYDATA", "start": "x"}),
    post_address("https://a.test/api/NewsZone/NewsZone", {"PageIndex": "x"}),
)
TYPES = (
    "text/html",
    "text/html; charset=none",
    "application/json",
    "text/xml",
    "text/plain",
    "application/rss+xml",
    "",
)
PIECES = (
    "<rss>", "<urlset>", "<sitemapindex>", "<feed>", "<item>", "<entry>", "<url>", "<sitemap>", "<loc>", "<link>",
    "</link>", "<title>", "</title>", "<pubDate>", '<?xml version="1.0" encoding="none"?>', "<![CDATA[", "<!--",
    '<base href="http://[x">', '<a href="', '">', "</a>", "</", '<div class="news-item">', "<h3>", "<nav>",
    "<table><tr><td>", '<form action="http://[x"><input type="hidden" name="__VIEWSTATE">',
    '<a href="javascript:__doPostBack(\'a\',\'b\')">2</a>', '<a href="javascript:go(2)">3</a>',
    "<script>function go(p){location='/x?p='+p}</script>", "<small>11 - 20 of 243</small>", 'loadPageURL="http://[x"',
    'UrlList="/x"', '"/api/DSTinTuc/QUERYDATA"', "maxPage=99", 'article_category_id="1"', 'site_id="1"', "http://[x",
    "https://a.test/tin-tuc/hop-giao-ban-12345.html", "?page=²", "12/05/2024", "\x00", "\u2028",
    "Hội nghị tổng kết công tác năm của phường", "Fri, 31 Dec 9999 23:59:59 -2359",
    '<svg xmlns="http://www.w3.org/2000/svg">', '<p:a xmlns:p="x">', '{"a":1}', '<meta charset="utf-16">',
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "/tin/hop-12.html", "http://[x", "publish"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["items", "data", "link", "title", "rendered", "content", "date", "ID"]), inner
        )
    ),
)
LISTING = frozen_pages.load(SLUG, "listing").body
DOCUMENTS = st.tuples(
    st.sampled_from(("<rss>", "<urlset>", "<feed>", "<sitemapindex>", "<html><body>")),
    st.sampled_from(("<item>", "<url>", "<entry>", "<sitemap>", '<form><input type="hidden" name="__VIEWSTATE">')),
    st.sampled_from(("<link>", "<loc>", "<title>", "<pubDate>", '<a href="')),
    st.sampled_from(PIECES),
)
BODIES = (
    st.binary(max_size=200)
    | DOCUMENTS.map(lambda parts: "".join(parts).encode())
    | st.lists(st.sampled_from(PIECES), max_size=25).map(lambda pieces: "".join(pieces).encode())
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.tuples(st.integers(0, len(LISTING)), st.integers(0, 400), st.sampled_from(PIECES)).map(
        lambda cut: LISTING[: cut[0]] + cut[2].encode() + LISTING[cut[0] + cut[1] :]
    )
)


@given(
    st.sampled_from(sorted(platforms())),
    st.sampled_from(ADDRESSES),
    st.sampled_from(TYPES),
    st.sampled_from((200, 200, 200, 304)),
    BODIES,
)
@examples(400)
def test_whatever_comes_is_a_list_an_article_or_refused(name, url, content_type, status, body):
    platform = platforms()[name]
    reader = ListReader(platform, {"a.test"}, platform.fresh_learnt())
    came = response(url, body, content_type, status, page=("page", 2))
    assert isinstance(reader.read(came), Listing | ArticleInstead | Refusal)


@pytest.mark.parametrize(
    ("name", "target", "body"),
    [
        ("drupal", "rss.xml", "<rss><item><link>/a</link><pubDate>Fri, 31 Dec 9999 23:59:59 -2359</pubDate></item>"),
        ("wordpress", "wp-json/wp/v2/posts", '[1, null, {"link": 3, "title": "x", "content": [], "date": 4}]'),
        ("wordpress", "wp-json/wp/v2/posts?page=x", "[]"),
        ("liferay", "tin?p_p_resource_id=a&pageNum=x", '{"items": [{"urlDetail": "/-/hop", "title": []}]}'),
        ("dotnetnuke", "tin", "<form action='http://[x'><input type='hidden' name='__VIEWSTATE'></form>"),
        ("joomla", "tin", """<a href='{"a":1}' {"link":1}='x'>x</a>"""),
        ("generic", "tin", "<base href='http://a.test:99999/'><a href='/hop'>Hop giao ban cong tac thang sau</a>"),
        ("sharepoint", "APIVP#POST:do=QUERYDATA", '{"data": [{"ID": 5}]}'),
        ("vnpt_uiarticle", "L#POST:no=5", "<a href='/muc/hop-12345'>x</a>"),
    ],
)  # fmt: skip
def test_what_once_raised_is_read(name, target, body):
    platform = platforms()[name]
    for content_type in ("text/html", "text/xml", "application/json"):
        came = response(f"https://a.test/{target}", body.encode(), content_type)
        assert isinstance(ListReader(platform, {"a.test"}, platform.fresh_learnt()).read(came), Listing | Refusal)


def test_json_nested_without_end_is_no_list():
    replica = REPLICAS["wordpress"]
    came = response("http://a.test/wp-json/wp/v2/posts", b"[" * 100_000, "application/json")
    assert not getattr(read(came, "wordpress", replica.host), "entries", ())

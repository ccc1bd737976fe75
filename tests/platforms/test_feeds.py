"""Feeds, sitemaps and forms: what is read, what is refused."""

import json

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse

from spiders.fingerprint import platforms
from spiders.lists.feeds import local_time, read_feed
from spiders.lists.forms import address_of, post_address, postbacks, request_arguments, sent_fields
from spiders.lists.reader import ListReader

URL = "https://a.test/feed/"


def xml(text):
    return read_feed(TextResponse(URL, body=text.encode()))


def test_rss_with_namespaces_and_a_byte_order_mark():
    feed = xml(
        '\ufeff<?xml version="1.0"?><?xml-stylesheet href="x"?><!-- a --><rss xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Kênh</title><item><title>Tin <![CDATA[A & B]]></title><link> /tin/a-1.html </link>"
        "<dc:date>2024-05-17</dc:date></item></channel></rss>"
    )
    ((url, listed),) = feed.entries
    assert (url, listed.title, listed.date) == ("https://a.test/tin/a-1.html", "Tin A & B", "2024-05-17")


def test_atom_takes_the_alternate_link():
    feed = xml(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link rel="replies" href="/b"/>'
        '<link rel="alternate" href="/a"/><published>2024-05-17T08:30:00+07:00</published></entry></feed>'
    )
    assert [url for url, _ in feed.entries] == ["https://a.test/a"]


def test_an_index_of_sitemaps_puts_news_first():
    rows = "".join(f"<sitemap><loc>https://a.test/{name}.xml</loc></sitemap>" for name in ("page", "user", "news-1"))
    feed = xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>')
    assert feed.children[0] == "https://a.test/news-1.xml" and not feed.entries


@pytest.mark.parametrize("text", ["<!DOCTYPE html><html><body>rss</body></html>", "", "{}", "<svg></svg>"])
def test_what_is_no_feed_is_none(text):
    assert xml(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel></channel></rss>",
        "<rss><channel><item><title>A</title>",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
    ],
)
def test_an_empty_or_broken_feed_has_no_entries_and_raises_nothing(text):
    feed = xml(text)
    assert feed is None or feed.entries == []


def test_dates_of_feeds_are_brought_to_vietnam():
    assert local_time("Fri, 17 May 2024 01:30:00 GMT") == "2024-05-17 08:30"
    assert local_time("Fri, 17 May 2024 08:30:00 +0700") == "2024-05-17 08:30"
    assert local_time("17/05/2024") == "17/05/2024"


def test_nukeviet_keeps_the_day_of_a_feed_alone():
    item = "<link>/vi/news/a/b-1.html</link><pubDate>Fri, 17 May 2024 08:05:00 +0700</pubDate>"
    text = f"<rss><channel><item>{item}</item></channel></rss>"
    feed = platforms()["nukeviet"].read_data(TextResponse(URL, body=text.encode()))
    assert feed.entries[0][1].date == "2024-05-17"


def test_a_form_is_an_address_and_back():
    address = post_address("https://a.test/api#old", {"PageIndex": "1", "Site": "ab=="})
    assert sent_fields(address) == {"PageIndex": "1", "Site": "ab=="}
    request = Request(address, **request_arguments(address, "https://a.test/tin"))
    assert (request.method, request.body) == ("POST", b"PageIndex=1&Site=ab%3D%3D")
    assert request.headers["Referer"] == b"https://a.test/tin"
    assert address_of(HtmlResponse("https://a.test/api", request=request)) == address
    assert request_arguments("https://a.test/x#top") == sent_fields("https://a.test/x") == {}


def test_postbacks_send_the_page_s_own_form():
    page = (
        '<form action="tin.aspx"><input type="hidden" name="__VIEWSTATE" value="v">'
        '<input type="hidden" name="__EVENTTARGET">'
        "<a href=\"javascript:__doPostBack('p$2','')\">2</a>"
        "<a href=\"javascript:__doPostBack('p$n','')\">Sau</a></form>"
    )
    found = postbacks(HtmlResponse("https://a.test/trang/tin.aspx", body=page.encode()))
    assert list(found) == [2]
    assert sent_fields(found[2]) == {"__VIEWSTATE": "v", "__EVENTTARGET": "p$2", "__EVENTARGUMENT": ""}


def answered(address, body):
    return TextResponse(address.partition("#")[0], body=body.encode(), request=Request(address))


def test_each_page_of_an_api_is_a_page_of_its_own():
    """Behind the second page of WordPress's API there are more."""
    url, posts = "https://a.test/wp-json/wp/v2/posts?per_page=100&page=2", [{"link": "https://a.test/mot-viec/"}]
    response = TextResponse(url, body=json.dumps(posts).encode(), headers={"X-WP-TotalPages": "4"})
    listing = ListReader(platforms()["wordpress"], {"a.test"}).read(response)
    assert listing.pages == {("page", 3): url.replace("&page=2", "&page=3")} and len(listing.entries) == 1


RESOURCE = "https://a.test/tin?p_p_resource_id=loadPage&pageNum=2"
QUERY = post_address(
    "https://a.test/APIVP/api/DSTinTuc/QUERYDATA",
    {"do": "QUERYDATA", "UrlList": "/a b/Lists/T", "start": "20", "length": "20"},
)
ODD = ("", "x", "[]", "{}", "null", "3", '{"items": 3, "data": {}}', '{"items": [1, null], "data": ["a"]}')


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize(("name", "address"), [("liferay", RESOURCE), ("sharepoint", QUERY)])
def test_an_answer_of_another_shape_has_no_entries_and_raises_nothing(name, address, body):
    feed = platforms()[name].read_data(answered(address, body))
    assert feed is None or (feed.entries, feed.pages) == ([], {})


def test_answers_of_lists_that_scripts_fill():
    row = (
        '{"id": 7, "title": " Một  việc", "createdDate": "17/05/2024", "urlDetail": "/news/-/details/1/mot-viec-2045"}'
    )
    liferay = platforms()["liferay"]
    feed = liferay.read_data(answered(RESOURCE, f'{{"items": [{row}, {{"id": 8}}], "totalPageNum": "3"}}'))
    ((url, listed),) = feed.entries
    assert (liferay.identity(url), listed.title, listed.date) == ("mot-viec-2045", "Một việc", "17/05/2024")
    assert list(feed.pages) == [("pageNum", 3)]
    feed = platforms()["sharepoint"].read_data(
        answered(QUERY, '{"data": [{"ID": 12, "CreatedDate": "2025-06-30T19:02:21"}]}')
    )
    assert feed.entries[0][0] == "https://a.test/a%20b/Lists/T/View_Detail.aspx?ItemID=12"
    assert sent_fields(feed.pages["start", 22])["start"] == "21"


def test_a_script_names_its_resource_in_any_spelling():
    shown = "https://a.test/tin?p_p_id=n&p_p_resource_id=loadPage"
    for written in (
        shown,
        shown.replace("&", "&amp;"),
        shown.replace("&", "\\x26"),
        shown.removeprefix("https://a.test"),
    ):
        page = HtmlResponse("https://a.test/tin", body=f"<script>var loadPageURL = '{written}';</script>".encode())
        (address,) = platforms()["liferay"].more_pages(page, 0).values()
        assert address == f"{shown}&pageNum=1&recordPerPage=20&keyword="

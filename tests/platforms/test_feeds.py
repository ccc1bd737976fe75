"""Feeds, sitemaps and forms: what is read, what is refused."""

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse

from spiders.feeds import local_time, read_xml
from spiders.fingerprint import platforms
from spiders.forms import address_of, post_address, postbacks, request_arguments, sent_fields

URL = "https://a.test/feed/"


def xml(text):
    return read_xml(TextResponse(URL, body=text.encode()))


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

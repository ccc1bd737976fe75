"""Feeds and sitemaps as servers send them: packed, mislabelled, with anything before them; and what is none of them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reasons import Reason
from spiders.fingerprint import platforms
from spiders.lists.feeds import local_time, read_json
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.reader import ListReader
from tests.examples import examples
from tests.test_list_reader import response

URL = "https://a.test/rss/tin.xml"
ITEM = "<item><title>Tin</title><link>/tin/a-1.html</link><pubDate>Wed, 01 Oct 2025 08:10:00 +0700</pubDate></item>"
RSS = f'<rss version="2.0"><channel><title>Kênh</title>{ITEM}</channel></rss>'
XML = '<?xml version="1.0" encoding="UTF-8"?>'
ENTRY = ("https://a.test/tin/a-1.html", "Tin", "2025-10-01 08:10")


def read(body, content_type="text/xml", url=URL):
    platform = platforms()["generic"]
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return ListReader(platform, {"a.test"}, platform.fresh_learnt()).read(response(url, body, content_type))


def entries(found):
    assert isinstance(found, Listing), found
    return [(url, listed.title, listed.date) for url, listed in found.entries]


@pytest.mark.parametrize(
    "body",
    [
        RSS,
        f'{XML}<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.test/rss.dtd">{RSS}',
        f"<br />\n<b>Warning</b>: Undefined variable $a in <b>/w/r.php</b> on line <b>9</b><br />\n{XML}{RSS}",
        f"<html><body>Fatal error</body></html>\n{XML}{RSS}",
        f"<!-- <html> and <rss> --><?xml-stylesheet href='/s.xsl'?>{RSS}",
        f"\ufeff \r\n\n{XML}\n{RSS}",
        (f'<?xml version="1.0" encoding="utf-16"?>{RSS}').encode("utf-16"),
        (f'<?xml version="1.0" encoding="utf-16"?>{RSS}').encode("utf-16-be"),
        (f'<?xml version="1.0" encoding="utf-32"?>{RSS}').encode("utf-32"),
        f'<?xml version="1.0" encoding="utf-16"?>{RSS}',
        f'<?xml version="1.0" encoding="windows-1258"?>{RSS}',
        f"{RSS}<!-- cached --><script>x</script>",
        gzip.compress(RSS.encode()),
        gzip.compress(gzip.compress(RSS.encode())),
        RSS.replace("item>", "ITEM>").replace("link>", "LINK>"),
        RSS.replace("Tin<", "Tin\uffff&#xFFFE;&#0;&#1;\x01<"),
        RSS.replace("Tin<", "<![CDATA[ <b>Tin</b> ]]><"),
        RSS.replace("<title>Tin", "<media:title>no</media:title><title>Tin"),
        RSS.replace("<link>", "<description>a<br>b<p>c</description><link>"),
    ],
)
@pytest.mark.parametrize("content_type", ["text/xml", "text/html", "application/octet-stream", "application/rss+xml"])
def test_a_feed_is_read_whatever_stands_before_it_and_whatever_it_is_called(body, content_type):
    assert entries(read(body, content_type)) == [ENTRY]


@pytest.mark.parametrize(
    ("item", "address"),
    [
        ('<guid isPermaLink="true">https://a.test/g-1.html</guid>', "g-1.html"),
        ('<guid isPermaLink="false">77</guid><link></link><guid>/g-2.html</guid>', "g-2.html"),
        ('<link href="/l-1.html"/>', "l-1.html"),
        ("<link/>https://a.test/l-2.html", "l-2.html"),
        ('<atom:link rel="self" href="/l-3.html"/>', "l-3.html"),
        ("<link><![CDATA[ https://a.test/l-4.html?x=1&y=2 ]]></link>", "l-4.html?x=1&y=2"),
        ("<link>/l-5.html?x=1&y=2</link>", "l-5.html?x=1&y=2"),
        ("<link>#</link><guid>/g-3.html</guid>", "g-3.html"),
        ("<id>tag:a.test,2025:1</id><link rel='replies' href='/no'/><link href='/l-6.html'/>", "l-6.html"),
    ],
)
def test_the_address_of_an_entry_is_found_wherever_it_stands(item, address):
    ((url, title, _),) = entries(read(f"<rss><channel><item><title>Tin</title>{item}</item></channel></rss>"))
    assert (url, title) == (f"https://a.test/{address}", "Tin")


@pytest.mark.parametrize(
    "body",
    [
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="/tin/a-1.html"><title>Tin</title>'
        "<dc:date>2025-10-01T01:10:00Z</dc:date></item></rdf:RDF>",
        '<feed version="0.3" xmlns="http://a.test/atom#"><entry><source><title>no</title><link href="/n"/></source>'
        '<title mode="escaped">&lt;i&gt;Tin&lt;/i&gt;</title><link rel="alternate" href="../tin/a-1.html"/>'
        "<issued>2025-10-01T08:10:00+07:00</issued></entry></feed>",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="/tin/"><a:entry xml:base="x/"><a:title>Tin</a:title>'
        '<a:link href="../a-1.html"/><a:published>2025-10-01T08:10:00+07</a:published></a:entry></a:feed>',
        '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "/tin/a-1.html","title": "Tin\\ud800\\uffff",'
        '"date_published": "2025-10-01T01:10:00Z"}, 4, {"url": NaN}]}',
        '<urlset xmlns:news="n" xmlns:image="i"><url><image:image><image:loc>/no.jpg</image:loc><image:title>no'
        "</image:title></image:image><loc>/tin/a-1.html</loc><news:news><news:title>Tin</news:title>"
        "<news:publication_date>2025-10-01T08:10:00+07:00</news:publication_date></news:news></url></urlset>",
    ],
)
def test_every_kind_of_feed_is_read(body):
    assert entries(read(body, "application/feed+json" if body[0] == "{" else "text/xml")) == [ENTRY]


def test_a_list_of_addresses_is_a_sitemap():
    body = "https://a.test/1.html\r\n\nhttps://a.test/2.html\n"
    assert [url for url, _, _ in entries(read(body, "text/plain"))] == [
        "https://a.test/1.html",
        "https://a.test/2.html",
    ]
    assert not entries(read("https://a.test/1.html is a page", "text/plain"))


def test_entities_are_resolved_where_they_are_plain_and_nothing_else_is_fetched_or_multiplied():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    stated = f'{XML}<!DOCTYPE rss [<!ENTITY site "https://a.test"><!ENTITY f SYSTEM "file:///etc/hostname">{laughs}]>'
    ((url, title, _),) = entries(
        read(stated + RSS.replace("/tin", "&site;/tin").replace("Tin<", "Th&ocirc;ng b&aacute;o &f;&l9;<"))
    )
    assert (url, title) == ("https://a.test/tin/a-1.html", "Thông báo &f;&l9;")


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (f'{XML}<opml version="2.0"><body><outline text="x"/></body></opml>', "text/xml", Reason.NOT_A_FEED),
        ("<opml><head><title>x</title></head></opml>", "text/html", Reason.NOT_A_FEED),
        (f"{XML}<Error><Code>NoSuchKey</Code></Error>", "application/xml", Reason.NOT_A_FEED),
        (f"{XML}<LichTiepDan/>", "text/html", Reason.NOT_A_FEED),
        ("", "application/rss+xml", Reason.NOT_A_FEED),
        ('{"code": "rest_no_route"}', "application/json", Reason.NOT_A_FEED),
        (b"\x1f\x8b" + b"x" * 40, "application/gzip", Reason.NOT_A_FEED),
        (gzip.compress(RSS.encode() * 9)[:-20], "application/gzip", Reason.TRUNCATED),
        (gzip.compress(b" " * 9_000_000), "application/gzip", Reason.TOO_LARGE),
        (b"%PDF-1.4", "application/pdf", Reason.NOT_HTML),
    ],
)
def test_what_is_no_feed_is_refused(body, content_type, reason):
    assert read(body, content_type) == Refusal(reason)


@pytest.mark.parametrize(
    "head", ["<!DOCTYPE html>", XML, f'{XML}<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x">']
)
def test_a_page_of_html_is_read_as_one_whatever_it_is_called(head):
    items = "".join(
        f'<div class="t"><h3><a href="/tin/hop-{n}.html">Họp giao ban tháng {n} của phường</a></h3></div>'
        for n in range(5)
    )
    page = f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body>{items}<br /></body></html>'
    for content_type in ("text/xml", "application/xml", "application/xhtml+xml"):
        assert len(entries(read(page, content_type, "https://a.test/tin"))) == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('\ufeff{"a": 1}', {"a": 1}),
        ('<br /><b>Warning</b>: $x [y] in {z}<br />\n[{"a": 1}]', [{"a": 1}]),
        ('{"a": NaN, "b": 1}<br>', {"a": None, "b": 1}),
        ("[" * 100_000, None),
        ('{"a": ' + "9" * 5000 + "}", None),
        ("", None),
    ],
)
def test_json_is_read_whatever_stands_around_it(text, value):
    assert read_json(response(URL, text.encode(), "application/json")) == value


@pytest.mark.parametrize(
    "text",
    ["Wed, 01 Oct 2025 08:10:00 GMT+7", "Wed, 1 Oct 2025 08:10 +07", "2025-10-01T01:10:00Z", "01 Oct 2025 01:10:00 UT"],
)
def test_the_zone_of_a_date_is_heeded_in_all_its_forms(text):
    assert local_time(text) == "2025-10-01 08:10"


PIECES = (
    "<rss>",
    "</rss>",
    "<item>",
    "</item>",
    "<link>",
    "</link>",
    "<title>",
    "</title>",
    "<guid>",
    "http://[::1",
    "\ud800",
    "<!DOCTYPE rss [",
    "]>",
    '<!ENTITY a "b">',
    "&a;",
    "&#xffff;",
    "&",
    "<![CDATA[",
    "]]>",
    "<!--",
    "<?xml",
    "?>",
    "\x00",
    "<urlset>",
    "<url>",
    "<loc>",
    "/a.html",
    'xml:base="//["',
    "<feed ",
    ">",
    '<link href="',
    '"/>',
    "<pubDate>",
    "9999",
    "<description>",
    "<html>",
    "</html>",
    '{"version":"https://jsonfeed.org/","items":[',
    "{",
    "]",
    "https://a.test/x\n",
)


@given(
    st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["text/xml", "text/html", "application/json", ""])
)
@examples(300)
def test_whatever_comes_as_a_feed_is_read_or_refused(pieces, content_type):
    assert isinstance(read("".join(pieces), content_type), Listing | ArticleInstead | Refusal)

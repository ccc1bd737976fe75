"""Links as pages write them, and as browsers read them. Nothing raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from scrapy import Request

from crawler import urls
from crawler.extraction import extract_article
from crawler.extraction.page_metadata import absolute
from crawler.extraction.rules.attachment_links import file_type, viewed_file
from crawler.extraction.rules.pictures import source_of
from tests.examples import examples

BASE = "http://a.test/tin-tuc/x.html"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (" /a b.html\n", "http://a.test/a%20b.html"),
        ("/a\r\n\tb.html", "http://a.test/ab.html"),
        ("\\tin\\b.html", "http://a.test/tin/b.html"),
        ("..\\..\\..\\b.html?x=\\y", "http://a.test/b.html?x=\\y"),
        ("\\\\b.test\\x", "http://b.test/x"),
        ("http:/tin/b.html", "http://a.test/tin/b.html"),
        ("http:/a.test/b.html", "http://a.test/b.html"),
        ("https:/b.test/x", "https://b.test/x"),
        ("http:///b.test/x", "http://b.test/x"),
        ("//b.test/x", "http://b.test/x"),
        ("HTTP://B.test:80/x", "http://b.test/x"),
        ("http://phường.test/x", "http://xn--phng-rib8295b.test/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("/a\uffffb", "http://a.test/ab"),
        ("http://[::1", None),
        ("http://a.test:99999/", None),
        ("http://a..test/", None),
        ("http://a b.test/", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.test", None),
        ("tel:0208", None),
        ("data:text/html,x", None),
        ("#top", None),
        ("\ud800", None),
    ],
)
def test_a_link_is_read_as_browsers_read_it(href, url):
    assert urls.absolute(BASE, href) == url


HREFS = st.lists(
    st.sampled_from(
        (
            "http:",
            "https:",
            "HTTP:",
            "/",
            "//",
            "\\",
            "..",
            "[",
            "]",
            "::1",
            ":",
            "@",
            "?",
            "#",
            "%",
            "%zz",
            "%00",
            " ",
            "\n",
            "\x00",
            "\ud800",
            "\uffff",
            "a.test",
            "phường",
            "ﬀ",
            "。",
            "65536",
            "x" * 300,
            "javascript:",
            "data:,",
            ";",
            "=",
            "&",
            "file.pdf",
            ".jpg",
            "url=",
            "docs.google.com/viewer?url=",
            "١",
        )
    ),
    max_size=8,
).map("".join) | st.text(max_size=30)


@given(HREFS, HREFS)
@examples(500)
def test_no_link_raises_and_every_address_can_be_asked_for(href, base):
    for start in (BASE, base):
        if url := urls.absolute(start, href):
            Request(url)
            assert urls.absolute(url, url) and urls.host(url) is not None
            urls.is_trap(url), urls.without_locale(url), urls.without_query(url)
        absolute(href, start), file_type(href), viewed_file(href, start)
        urls.host(href), urls.host_and_port(href), urls.cleaned(href)


@pytest.mark.parametrize(
    ("picture", "url"),
    [
        ('<img src="/a.jpg">', "a.jpg"),
        ('<img src="data:image/gif;base64,x" data-srcset="/a-1.jpg 1x,/a-2.jpg 2x">', "a-2.jpg"),
        ('<img src="/blank.gif" srcset="/s-320.jpg 320w, /s-1200.jpg 1200w, /s-800.jpg 800w">', "s-1200.jpg"),
        ('<img src="/placeholder.png" data-lazy-srcset="/s-320.jpg 320w">', "s-320.jpg"),
        ('<img src="/1x1.png" width="1" height="1" data-original="/b.jpg">', "b.jpg"),
        ('<img src="/grey.gif" data-anh="/upload/z.jpg">', "upload/z.jpg"),
        ('<img srcset="/a,b.jpg 100w">', "a,b.jpg"),
        ('<img src="" srcset=" \\u\\x.jpg 1x , /y.jpg 0.5x ">', "u/x.jpg"),
        (
            '<picture><source srcset="/w.webp 800w, /w2.webp 1600w"><img src="data:image/gif;base64,x"></picture>',
            "w2.webp",
        ),
        ('<figure><img src="data:x"><noscript><img src="/n.jpg"></noscript></figure>', "n.jpg"),
        ('<img src="/t.gif" width="1" height="1">', None),
        ('<img data-src="/pdf.png" width="16">', None),
        ('<img src="/icon.png" srcset="/icon-2x.png 2x">', None),
        ('<img srcset=", ,">', None),
    ],
)
def test_a_picture_is_found_wherever_its_address_stands(picture, url):
    img = next(html.fromstring(f"<div>{picture}</div>").iter("img"))
    assert source_of(img, BASE) == (f"http://a.test/{url}" if url else None)


@given(st.text(alphabet="a/,. 12wx:()\n\ud800%", max_size=40))
@examples(200)
def test_no_set_of_pictures_raises(value):
    img = html.fromstring("<p><img src='data:,'></p>").find("img")
    img.set("srcset", value.replace("\ud800", ""))
    source_of(img, BASE)


TEXT = "Sáng 04/10, phường Yên Lạc tổ chức lễ khánh thành nhà văn hóa tổ dân phố số 5 với hơn hai trăm bà con dự. "


@pytest.mark.parametrize(
    "bad", ["\uffff", "\ufffe", "\ufdd0", "\U0001ffff", "\x01", "&#xFFFF;", "&#65534;", "&#0;", "&#1;", "&#xD800;"]
)
def test_what_no_xml_holds_goes_when_a_page_is_decoded(bad):
    page = f"<title>Khánh{bad} thành nhà văn hóa</title><h1>Khánh{bad} thành nhà văn hóa</h1>" + "".join(
        f"<p>{TEXT}{n} <a href='/a{bad}'>Xem</a> {bad}</p>" for n in range(5)
    )
    article = extract_article(page.encode(), BASE)
    assert article.title == "Khánh thành nhà văn hóa" and TEXT.strip() in article.body
    assert all(character.isprintable() or character == "\n" for character in article.body)

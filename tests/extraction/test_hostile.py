"""Bad input: bounded time, a clear answer, never an exception."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import Reason, extract_article
from crawler.text import normalize
from tests.examples import examples

URL = "https://phuong.vidu.example/tin/hop-to-dan-pho-so-ba-thang-sau-12345.html"
TEXT = "Tối qua, tổ dân phố số 3 họp bàn việc sửa đường và góp quỹ khuyến học."
PAGE = f"<title>Họp tổ dân phố số 3</title><h1>Họp tổ dân phố số 3</h1><p>12/06/2023</p>%s<p>{TEXT}</p>"


@pytest.mark.parametrize(
    "inside",
    [
        "<div>" * 200_000,
        "<b>" * 200_000,
        "<table><tr><td>" * 20_000,
        f'<p title="{"a" * 3_000_000}">x</p>',
        f'<img src="data:image/png;base64,{"A" * 3_000_000}">',
        "\x00".join("<p>a</p>"),
        "<!--" + "-" * 300_000 + "-->",
        "a<br>" * 5_000,
        '<a href="http://[::1">x</a><img src="//[z"><base href="http://[b">',
        '<a href="?' + "&".join(f"f{n}=a.pdf" for n in range(200)) + '">x</a>',
        "<h2>Họp tổ</h2>" * 3_000,
        "&#x110;" * 20_000 + "&" * 20_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_markup_is_read(inside: str) -> None:
    start = time.process_time()
    article = extract_article((PAGE % inside).encode(), URL)
    assert time.process_time() - start < 5
    assert article.reason is None
    assert TEXT in article.body


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        (b"", {Reason.EMPTY_PAGE}),
        (b"\x00" * 1000, {Reason.EMPTY_PAGE}),
        (bytes(range(256)) * 400, {Reason.NOT_HTML}),
        (b"a" * 50_000_000, {Reason.TOO_LARGE}),
        (b"<p>" * 3_000_000, {Reason.TOO_LARGE}),
        (b"<p>x</p>" * 6_250_000, {Reason.TOO_LARGE}),
        (b"<" * 100_000, {Reason.NOT_HTML, Reason.UNDECODABLE}),
        (b"\x1f\x8b\x08" + b"x" * 100, {Reason.NOT_HTML}),
    ],
    ids=["empty", "zeros", "binary", "50 MB", "3 million tags", "50 MB of markup", "brackets", "gzip"],
)
def test_what_is_no_page_says_so(data: bytes, reasons: set[Reason]) -> None:
    start = time.process_time()
    article = extract_article(data, URL)
    assert article.reason in reasons
    assert article.body == ""
    assert time.process_time() - start < 5


@pytest.mark.parametrize("url", ["", "::", "http://[::1", "không phải url", "http://a.example/\x00"])
def test_a_page_is_read_whatever_its_address(url: str) -> None:
    assert TEXT in extract_article((PAGE % "").encode(), url).body, "a page is not read for its address"


SNIPPETS = st.sampled_from(
    [
        "<p>", "</p>", "<div class='noidung'>", "</div>", "<table border=1>", "<table>", "</table>", "<tr>",
        "<td>", "<th>", "<br>", "<ul><li>", "<a href='/a.pdf'>", "<a href='/tin/khac.html'>", "</a>", "<h1>",
        "<h3>", "<img src='/a.jpg'>", "<figure>", "<figcaption>", "<pre>", "<script>", "</script>", "<style>",
        "<!--", "-->", "<title>", "<form>", "<iframe src='?file=a.pdf'>", "<span style='display:none'>",
        "<body>", "<html>", "<head>", "<meta charset=utf-16>", "<base href='//['>", "<svg>", "<o:p>",
        "12/3/2023 08:15", "Tin liên quan", "Họp tổ dân phố", "content:", "Đánh giá:", TEXT, "\x00", "&nbsp;",
        "&#0;", "<![CDATA[",
    ]
)  # fmt: skip


@examples(150)
@given(st.lists(st.one_of(SNIPPETS, st.text(max_size=20)), max_size=60))
def test_any_markup_gives_an_article_or_a_reason(pieces: list[str]) -> None:
    article = extract_article("".join(pieces).encode("utf-8", "replace"), URL)
    assert article.body == normalize(article.body)
    assert article.reason is None or article.body == ""
    for file in article.attachments:
        assert file.url.startswith("http")


@examples(100)
@given(st.binary(max_size=2000))
def test_any_bytes_give_an_article_or_a_reason(data: bytes) -> None:
    for article in (
        extract_article(data, URL),
        extract_article(b"<html><body><h1>x</h1>" + data, URL, charset="windows-1258"),
    ):
        assert article.body == normalize(article.body), "a body has characters that are not stored"
        assert article.body == "" if article.reason else article.body, "neither a text nor a reason"


@pytest.mark.parametrize("reference", ["&amp;bogus;", "&amp;#9999999;", "&amp;amp;bogus;"])
def test_a_reference_that_no_character_has_is_left_as_it_is(reference: str) -> None:
    """It looks like one that was escaped too often, and decoding it again and again would never end."""
    article = extract_article((PAGE % f"<p>Phường{reference}xã họp bàn việc chung với tổ dân phố.</p>").encode(), URL)
    assert TEXT in article.body and "xã họp bàn việc chung" in article.body, "a text is lost"

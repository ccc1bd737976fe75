"""What a page needs to look as it did, as it and its style sheets name it."""

import pytest

from crawler.extraction.requisites import (
    RequisiteKind,
    kind_of_answer,
    requisites_of_page,
    requisites_of_style_sheet,
)
from crawler.replica_portals.icon_font import icon_font

PAGE, BASE = "https://xa.example.vn/tin/bai-1", "https://xa.example.vn/"
NAMED = {
    '<link rel="stylesheet" href="a.css?v=1#x">': "style tin/a.css?v=1",
    '<link rel="alternate stylesheet" href="/a.css">': "style a.css",
    '<link rel="shortcut icon" href="/a.ico">': "picture a.ico",
    '<link rel="preload" as="font" href="/a.woff2">': "font a.woff2",
    '<style>@import "/a.css";</style>': "style a.css",
    "<style>@import url( '/a.css' ) print;</style>": "style a.css",
    "<style>@font-face { src: url(/a.eot?#i); src: url(/a.woff2) format('woff2') }</style>": "font a.woff2",
    '<p style="background: url(&quot;/a b.png&quot;)">': "picture a%20b.png",
    "<style>p { background: url(/a\\)b.png) }</style>": "picture a)b.png",
    '<script src="/a.js"></script>': "script a.js",
    '<img src="/a.jpg" srcset="/b.jpg 2x, /c.jpg 3x">': "picture a.jpg picture b.jpg picture c.jpg",
    '<img src="data:image/gif;base64,R0" data-src="/ảnh.jpg">': "picture %E1%BA%A3nh.jpg",
    '<picture><source srcset="/a.webp 300w,/b.webp 600w"></picture>': "picture a.webp picture b.webp",
    '<input type="image" src="/a.png">': "picture a.png",
    '<video src="/a.mp4" poster="/a.jpg"></video>': "picture a.jpg",
    '<table background="/a.gif"><tr><td>x</table>': "picture a.gif",
    '<svg><image xlink:href="/a.svg"/><use href="#b"/></svg>': "picture a.svg",
    '<img src="https://dem.example.vn/p.gif" width="1" height="1">': "",
    '<noscript><link rel="stylesheet" href="/a.css"><p><img src="/a.png"></p></noscript>': "",
    "<style>/* url(/a.png) */ p { content: 'url(/b.png)' }</style>": "",
    '<a href="/a.css">x</a><iframe src="/b.html"></iframe><form action="/c.js"></form>': "",
    '<img src="javascript:1"><img src="http://[::1/"><script src="about:blank"></script>': "",
}


@pytest.mark.parametrize("markup", NAMED, ids=lambda markup: markup[:60])
def test_what_a_page_needs_is_found(markup):
    html = f"<!DOCTYPE html><title>x</title><body>{markup}<p>Nội dung".encode()
    found = " ".join(f"{one.kind} {one.url.removeprefix(BASE)}" for one in requisites_of_page(html, PAGE))
    assert found == NAMED[markup]


def test_addresses_are_relative_to_the_base_and_those_of_a_style_sheet_to_itself():
    html = b'<base href="/goc/"><img src="a.png">'
    assert [one.url for one in requisites_of_page(html, PAGE)] == [f"{BASE}goc/a.png"]
    found = requisites_of_style_sheet(b"@import 'b.css'; p { background: url(../a.png) }", f"{BASE}css/v1/a.css")
    assert [(str(one.kind), one.url) for one in found] == [
        ("style", f"{BASE}css/v1/b.css"), ("picture", f"{BASE}css/a.png"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "declared", "asked", "kind"),
    [
        (b"p { color: red }", "text/css; charset=utf-8", "style", "style"),
        (b"p { color: red }", "", "style", "style"),
        (b"", "text/css", "style", "style"),
        (b"", "", "style", None),
        (b"<!DOCTYPE html><p>404", "text/css", "style", None),
        (b"Not found", "text/html", "script", None),
        (b"var a", "application/x-javascript", "script", "script"),
        (b"GIF89a", "text/html", "picture", "picture"),
        (b"\x00\x00\x00\x1cftypavif", "", "picture", "picture"),
        (b"<!-- x --><svg xmlns='x'>", "image/svg+xml", "picture", "picture"),
        (icon_font(), "application/octet-stream", "font", "font"),
        (b"not one", "application/octet-stream", "font", None),
        (b"%PDF-1.4", "image/png", "picture", None),
        (b"\x00\x00\x00\x1cftypisom", "video/mp4", "picture", None),
    ],
)
def test_what_came_is_told_by_its_bytes_first(data, declared, asked, kind):
    assert kind_of_answer(data, declared, RequisiteKind(asked)) == kind


def test_hostile_style_sheets_take_no_time():
    for part in (b"url(", b"@import ", b"/*", b"\\", b"'", b"@font-face{", b"url('a" * 2, b"<!--"):
        assert len(requisites_of_style_sheet(part * 200_000, BASE)) <= 2000

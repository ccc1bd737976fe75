"""Hostile content: what came is whole, and is not what it claims, or far more of it than anyone writes."""

import json
from collections.abc import Iterator
from itertools import pairwise

from tests.hostile.kind import OK, Answer, Asked, Kind, head, whole

_MARKUP = "elements, attributes and text of a page; then time and memory of its reading"
_LARGE = frozenset({"too_large", "too_slow"})
_NOT_READ = frozenset({"not_html", "undecodable", "no_article", "empty_page", "error_page", "not_a_feed"})


def attributes(asked: Asked) -> Answer:
    many = " ".join(f"data-{n}={n}" for n in range(200_000))
    return whole(asked.put(f"<div {many}>x</div>"))


def deep(asked: Asked) -> Answer:
    return whole(asked.put("<div>" * 100_000 + "x"))


def deep_inline(asked: Asked) -> Answer:
    return whole(asked.put("<b><i>" * 50_000 + "x"))


def tables(asked: Asked) -> Answer:
    return whole(asked.put("<table><tr><td>" * 20_000 + "x"))


def file_links(asked: Asked) -> Answer:
    return whole(asked.put("".join(f"<a href='/tep/{n}.pdf'>Tệp {n}</a> " for n in range(30_000))))


def links(asked: Asked) -> Iterator[bytes]:
    yield head()
    yield asked.page.replace(b"</body></html>", b"")
    for begin in range(0, 100_000, 1000):
        yield "".join(f'<a href="/muc-{n}">Mục {n}</a>\n' for n in range(begin, begin + 1000)).encode()


def article_links(asked: Asked) -> Answer:
    rows = "".join(f'<li><a href="/tin-tuc/-/view_content/{n}-tin.html">Tin số {n}</a></li>' for n in range(20_000))
    return whole(asked.page.replace(b'<ul class="lfr-menu-list">', rows.encode() + b'<ul class="lfr-menu-list">'))


def sitemap(asked: Asked) -> Iterator[bytes]:
    yield head(kind="application/xml")
    yield b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    for begin in range(0, 400_000, 2000):
        rows = (f"<url><loc>http://{asked.host}/tin/{n}.html</loc></url>" for n in range(begin, begin + 2000))
        yield "".join(rows).encode()
    yield b"</urlset>"


def laughs(asked: Asked) -> Answer:
    names = [chr(ord("a") + n) for n in range(12)]
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(names))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{entities}]><rss><channel><item><title>&l;</title>'
    return whole(f"{body}<link>http://{asked.host}/tin/1</link></item></channel></rss>", kind="application/rss+xml")


def outside_entity(asked: Asked) -> Answer:
    dtd = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://{asked.elsewhere}/b">]>'
    item = f"<item><title>&a;&b;</title><link>http://{asked.host}/tin/1</link></item>"
    return whole(f'<?xml version="1.0"?>{dtd}<rss><channel>{item}</channel></rss>', kind="application/rss+xml")


def html_as_xml(asked: Asked) -> Answer:
    return whole(asked.page, kind="text/xml")


def xml_after_warning(asked: Asked) -> Answer:
    warning = b"<br />\n<b>Warning</b>: foreach() in <b>/var/www/a.php</b> on line <b>3</b><br />\n"
    return whole(warning + b"<?xml version='1.0'?><opml><body/></opml>", kind="text/xml")


def deep_json(asked: Asked) -> Answer:
    return whole("[" * 200_000 + "]" * 200_000, kind="application/json")


def odd_json(asked: Asked) -> Answer:
    post = {"id": {}, "link": [], "date": 9e99, "title": {"rendered": None}, "excerpt": 7}
    return whole(json.dumps([post, None, 1, "x", [[]], {}]), kind="application/json")


def pdf_as_html(asked: Asked) -> Answer:
    return whole(b"%PDF-1.7\n" + bytes(range(256)) * 2000)


def html_as_pdf(asked: Asked) -> Answer:
    return whole(asked.put("<a href='/tep/1.html.pdf'>Tệp đính kèm</a>"))


def image_as_html(asked: Asked) -> Answer:
    return whole(b"\x89PNG\r\n\x1a\n" + b"\x00" * 300_000)


def unknown_charset(asked: Asked) -> Answer:
    return whole(asked.page, kind="text/html; charset=x-bogus\\u0000")


def false_charset(asked: Asked) -> Answer:
    return whole(asked.page, kind="text/html; charset=utf-16")


def noncharacters(asked: Asked) -> Answer:
    return whole(asked.put("<p>Ký tự \ufffe\uffff\U0001fffe&#xfffe;&#0;\x00\x1b[2J lạ</p>"))


def data_uri(asked: Asked) -> Answer:
    large = "A" * 3_000_000
    return whole(asked.put(f"<img src='data:image/png;base64,{large}' srcset='{'/a.jpg 1x, ' * 50_000}'>"))


def long_title(asked: Asked) -> Answer:
    return whole(asked.page.replace(b'content-title">', b'content-title">' + b"tin " * 250_000, 1))


def long_article(asked: Asked) -> Answer:
    return whole(asked.put("<p>Phường họp bàn việc chung. Tổ dân phố góp ý kiến.</p>" * 70_000))


def many_dates(asked: Asked) -> Answer:
    return whole(asked.put("<p>" + "ngày 12/3/2023, 08:15 " * 20_000 + "</p>"))


def blanks(asked: Asked) -> Iterator[bytes]:
    yield head()
    for _ in range(25):
        yield b" \n" * 500_000


def comments(asked: Asked) -> Answer:
    return whole(asked.put("<!--" + "-" * 2_000_000 + "--><!-- a --" * 20_000))


def scripts(asked: Asked) -> Answer:
    return whole(asked.put("<script type='application/ld+json'>" + '{"a":' * 50_000 + "</script>" * 50))


def same_ids(asked: Asked) -> Answer:
    return whole(asked.put("<p id='tin' class='tin'>Một dòng tin ngắn.</p>" * 3000))


def framesets(asked: Asked) -> Answer:
    return whole(f"<html><frameset><frame src='/?{asked.count}'><frame src='{asked.target}'></frameset></html>")


def script_only(asked: Asked) -> Answer:
    return whole("<html><body><script>location.href = '/?n=' + Math.random()</script></body></html>")


def empty(asked: Asked) -> Answer:
    return whole(b"")


KINDS = (
    Kind("attributes", "article", attributes, "200,000 attributes on one element",
         "the element loses its attributes, the page is read", "256 attributes an element", frozenset(), OK),
    Kind("deep", "article", deep, "100,000 elements inside each other", "read, or counted under `too_large`", _MARKUP,
         frozenset(), OK),
    Kind("deep_inline", "article", deep_inline, "100,000 unclosed <b> and <i>", "read, or counted under `too_large`",
         _MARKUP, frozenset(), OK),
    Kind("tables", "article", tables, "20,000 tables inside each other", "read, or counted under `too_large`", _MARKUP,
         frozenset(), OK),
    Kind("file_links", "article", file_links, "an article with 30,000 links to files",
         "read, or counted under `too_large`", _MARKUP, frozenset(), OK),
    Kind("links", "section", links, "a list with 100,000 links to further lists",
         "as many are followed as may be; the rest is counted under `too_large`", "links of a page; pages of a section",
         frozenset(), stored=0),
    Kind("article_links", "section", article_links, "a list with 20,000 links to articles that are not there",
         "as many are asked for as may be; then the run says why it stopped", "articles of a section in one run",
         frozenset(), frozenset({"ok", "failed", "doubtful"}), 0),
    Kind("sitemap", "/sitemap.xml", sitemap, "a sitemap of 400,000 addresses",
         "as many are read as may be; the lists are read as ever", "addresses of a feed", frozenset(),
         frozenset({"ok", "failed", "doubtful"}), 0, "generic"),
    Kind("laughs", "/rss.xml", laughs, "entities that grow a billion times (“billion laughs”)",
         "not expanded; the lists are read as ever", "no entities", frozenset(), platform="generic", stored=0),
    Kind("outside_entity", "/rss.xml", outside_entity, "entities that name a file of ours and another host",
         "neither is opened", "no entities, no network", frozenset(), platform="generic", stored=0),
    Kind("html_as_xml", "section", html_as_xml, "a list of HTML as text/xml", "read as a page", "", frozenset(), OK),
    Kind("xml_after_warning", "/sitemap.xml", xml_after_warning, "OPML behind a PHP warning in a sitemap's place",
         "`not_a_feed`; the lists are read as ever", "", frozenset(), platform="generic", stored=0),
    Kind("deep_json", "section", deep_json, "JSON of 200,000 arrays in a list's place", "counted under a reason",
         "Python's own bound", frozenset(), stored=0),
    Kind("odd_json", "section", odd_json, "JSON of the wrong types in a list's place", "counted under a reason", "",
         frozenset(), stored=0),
    Kind("pdf_as_html", "article", pdf_as_html, "a PDF as text/html", "counted under `not_html`", "", _NOT_READ, OK),
    Kind("image_as_html", "article", image_as_html, "a picture as text/html", "counted under `not_html`", "",
         _NOT_READ, OK),
    Kind("html_as_pdf", "article", html_as_pdf, "a page of HTML behind a link to a PDF",
         "the article is stored, the file counted under `not_a_file`", "", frozenset(), OK),
    Kind("unknown_charset", "article", unknown_charset, "a charset that does not exist", "the charset is found", "",
         frozenset(), OK),
    Kind("false_charset", "article", false_charset, "UTF-8 that claims to be UTF-16", "the charset is found", "",
         frozenset(), OK),
    Kind("noncharacters", "article", noncharacters, "U+FFFE, U+FFFF, NUL and escape sequences in the text",
         "they are left out, the text is stored", "", frozenset(), OK),
    Kind("data_uri", "article", data_uri, "3 MB in a data: address, 50,000 sources of a picture",
         "read, or counted under `too_large`", _MARKUP, frozenset(), OK),
    Kind("long_title", "article", long_title, "a title of 1 MB", "read, or counted under `too_large`", _MARKUP,
         frozenset(), OK),
    Kind("long_article", "article", long_article, "an article of 5 MB in 70,000 paragraphs",
         "read, or counted under `too_large` or `too_slow`", _MARKUP, frozenset(), OK),
    Kind("many_dates", "article", many_dates, "20,000 dates in one paragraph", "read; the date is that of the page",
         "dates that are looked at", frozenset(), OK),
    Kind("blanks", "article", blanks, "25 MB of blanks", "counted under `empty_page` or `too_large`", _MARKUP,
         _NOT_READ | _LARGE, OK),
    Kind("comments", "article", comments, "2 MB of comment and 20,000 that never end", "read", _MARKUP, frozenset(),
         OK),
    Kind("scripts", "article", scripts, "50,000 objects inside each other in JSON-LD", "read without it", _MARKUP,
         frozenset(), OK),
    Kind("same_ids", "article", same_ids, "3,000 elements with one id", "read", _MARKUP, frozenset(), OK),
    Kind("framesets", "home", framesets, "frames of frames of frames", "the site fails with `redirect_loop`",
         "4 steps from frame to frame", frozenset({"redirect_loop"}), frozenset({"failed"}), 0),
    Kind("script_only", "home", script_only, "a start page that sends browsers on by script, for ever",
         "the site fails with `empty_listing` or `antibot`", "scripts are not run",
         frozenset({"empty_listing", "filled_by_script", "antibot"}),
         frozenset({"failed"}), 0),
    Kind("empty", "home", empty, "an empty start page", "the site fails with `empty_page`", "",
         frozenset({"empty_page", "empty_listing"}), frozenset({"failed"}), 0),
)  # fmt: skip

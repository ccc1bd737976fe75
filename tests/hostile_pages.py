"""Pages that are hostile in one dimension each, of any size: what tests and profiles of the bounds are fed with.

PAGES["links"](10_000)  ->  the source of a page with 10,000 links in one element
"""

# ruff: noqa: E501  (one line a page)
from collections.abc import Callable

_HEAD = (
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Rước đèn quanh hồ Vân - Phường Mây Lốc</title>'
    "@HEAD@</head><body><div class='menu'><a href='/'>Trang chủ</a></div><div class='chi-tiet'>"
    "<h1>Rước đèn quanh hồ Vân</h1><div class='ngay'>Ngày đăng: 12/05/2024 08:15</div><div class='noi-dung'>"
)
_TEXT = (
    "<p>Tối qua bà con phường Mây Lốc rước đèn quanh hồ Vân, trẻ em đi trước, người lớn theo sau cùng trống.</p>"
    "<p>Ban tổ chức cho biết năm nay có mười hai tổ dân phố tham gia, đông hơn năm trước nhiều lần.</p>"
)
_TAIL = "<p>Lễ hội khép lại lúc nửa đêm trong tiếng trống của đội lân phường.</p></div></div>@END@</body></html>"


def page(inside: str = "", *, head: str = "", end: str = "") -> str:
    """Return a small article's page with something more in its text, its head or behind all else."""
    return _HEAD.replace("@HEAD@", head) + _TEXT + inside + _TAIL.replace("@END@", end)


def _each(piece: str) -> Callable[[int], str]:
    return lambda n: page("".join(piece.replace("@N", str(i)) for i in range(n)))


def _around(opening: str, closing: str, inner: str = "chữ") -> Callable[[int], str]:
    return lambda n: page(opening * n + inner + closing * n)


def _head(piece: str) -> Callable[[int], str]:
    return lambda n: page(head="".join(piece.replace("@N", str(i)) for i in range(n)))


_WORDS = "Bà con trong thôn cùng nhau làm đường, ai cũng góp một tay. "
_LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Tin @N","datePublished":"2024-05-12"}</script>'

PAGES: dict[str, Callable[[int], str]] = {
    "links": _each("<a href='/tin/bai-viet-so-@N.html'>Tin bài số @N của phường Mây Lốc</a> "),
    "links_same": _each("<a href='/tin/bai.html'>Tin bài số @N của phường Mây Lốc</a> "),
    "links_paragraphs": _each("<p><a href='/tin/bai-viet-so-@N.html'>Tin bài số @N của phường Mây Lốc</a></p>"),
    "links_entries": _each(
        "<div class='tin'><h3><a href='/tin/bai-viet-so-@N.html'>Tin bài số @N của phường Mây Lốc</a></h3>"
        "<span class='ngay'>12/05/2024</span><p>Tóm tắt của tin số @N ở phường Mây Lốc, dài hơn bốn mươi chữ.</p></div>"
    ),
    "links_boxes": _each("<div class='b@N'><a href='/tin/bai-viet-so-@N.html'>Tin bài số @N của phường Mây Lốc</a></div>"),
    "links_pages": _each("<a href='?page=@N'>@N</a> "),
    "links_empty": _each("<a href='/tin/@N.html'></a>"),
    "links_pictures": _each("<a href='/tin/bai-viet-so-@N.html'><img src='/a@N.jpg'></a>"),
    "links_details": _each("<a href='/tin/bai-viet-so-@N.html'>Xem chi tiết</a>"),
    "links_nested": lambda n: page("".join(f"<a href='/tin/bai-viet-so-{i}.html'>Tin bài số {i} của phường " for i in range(n))),
    "links_unclosed": lambda n: page("".join(f"<span><a href='/tin/{i}.html'>Tin bài số {i} của phường " for i in range(n))),
    "links_divs_nested": lambda n: page(
        "".join(f"<div><a href='/tin/bai-viet-so-{i}.html'>Tin bài số {i} của phường</a>" for i in range(n))
    ),
    "links_script": _each("<a href='#' onclick='sang(@N)'>@N</a> "),
    "links_files": _each("<a href='/documents/tep-@N.pdf'>Tệp số @N</a> "),
    "links_words": lambda n: page(
        "".join(f"<a class='i' href='/in/{i}'><div>{(_WORDS + '<a href=/x>xem</a> ') * 10}" for i in range(n // 10))
    ),
    "divs_nested": _around("<div>", "</div>"),
    "divs_clicked": _around("<div onclick=\"window.open('/tep.pdf')\">" + _WORDS, "</div>"),
    "named_nested": _around("<div class='noi-dung'>" + _WORDS, "</div>"),
    "chrome_nested": _around("<div class='menu'>" + _WORDS, "</div>"),
    "forms_nested": _around("<div><form>" + _WORDS, "</form></div>"),
    "asides": _each("<p>" + _WORDS + "</p><aside>" + _WORDS + "</aside>"),
    "asides_nested": _around("<aside>" + _WORDS, "</aside>"),
    "spans_nested": _around("<span>", "</span>"),
    "tables": _each("<table><tr><td>Tổ @N</td><td>@N hộ</td></tr><tr><td>Tổ</td><td>@N người</td></tr></table>"),
    "tables_nested": _around("<table><tr><td>" + _WORDS, "</td></tr></table>"),
    "lists_nested": _around("<ul><li>" + _WORDS, "</li></ul>"),
    "lists": _each("<ul><li>Tổ dân phố số @N</li></ul>"),
    "items": lambda n: page("<ul>" + "".join(f"<li>Tổ dân phố số {i}</li>" for i in range(n)) + "</ul>"),
    "cells": lambda n: page("<table><tr>" + "<td>chữ</td>" * n + "</tr><tr>" + "<td>số</td>" * n + "</tr></table>"),
    "rows": lambda n: page("<table>" + "<tr><td>chữ</td><td>số</td></tr>" * n + "</table>"),
    "colspan": lambda n: page(
        "<table>" + "<tr><td colspan=1000000000 rowspan=1000000000>chữ</td><td>số</td></tr>" * n + "</table>"
    ),
    "attributes": lambda n: page(f"<p {' '.join(f'a{i}=1' for i in range(n))}>chữ</p>"),
    "attributes_bare": lambda n: page(f"<p {' '.join(f'a{i}' for i in range(n))}>chữ</p>"),
    "attributes_tight": lambda n: page("<p " + "".join(f"a{i}='>'" for i in range(n)) + ">chữ</p>"),
    "attributes_many": lambda n: page("".join(f"<b a='{i}' b=1 c=2 d=3 e=4>x</b>" for i in range(n))),
    "data_attributes": lambda n: page("".join(f"<p data-a{i}='{i}'>x</p>" for i in range(n))),
    "classes": lambda n: page(f"<p class='{' '.join(f'c{i}' for i in range(n))}'>chữ</p>"),
    "dates": _each("<p>Ngày @N thì 12/05/2024 họp.</p>"),
    "dates_lines": _each("<div>Ngày đăng: 12/05/2024 08:15</div>"),
    "dates_one": lambda n: page("<p>" + "".join(f"ngày {i} thì 1{i % 9}/05/2024 " for i in range(n)) + "</p>"),
    "dates_many": lambda n: page("<p>" + "12/05/2024 " * n + "</p>"),
    "dates_spans": _each("<span class='date'>1@N/05/2024</span> "),
    "dates_named": _each("<div class='date'>12/05/2024 08:15</div>"),
    "times": _each("<time datetime='2024-05-12T08:15'>12/05/2024</time> "),
    "dates_words": lambda n: page("<p>" + "ngày mười hai tháng năm năm hai nghìn không trăm hai mươi tư " * n + "</p>"),
    "images": _each("<img src='/anh/@N.jpg' alt='Ảnh số @N'>"),
    "images_paragraphs": _each("<p><img src='/anh/@N.jpg'></p><p><em>Ảnh số @N</em></p>"),
    "figures": _each("<figure><img src='/anh/@N.jpg'><figcaption>Ảnh số @N</figcaption></figure>"),
    "figure_one": lambda n: page("<figure>" + "<img src='/a.jpg'><p>x</p>" * n + "</figure>"),
    "caption_box": lambda n: page(
        "<div class='caption'>" + "".join(f"<span><img src='/a{i}.jpg'></span>" for i in range(n)) + "</div>"
    ),
    "empty_paragraphs": _each("<p></p>"),
    "paragraphs": _each("<p>Đoạn số @N: " + _WORDS + "</p>"),
    "paragraphs_same": _each("<p>" + _WORDS + "</p>"),
    "breaks": _each("chữ số @N<br>"),
    "breaks_empty": _each("<br>"),
    "headings": _each("<h2>Rước đèn quanh hồ Vân số @N</h2>"),
    "headings_same": _each("<h1>Rước đèn quanh hồ Vân</h1>"),
    "headings_linked": _each("<h3><a href='/tin/@N.html'>Rước đèn quanh hồ Vân</a></h3><p>" + _WORDS + "</p>"),
    "bylines": _each("<p>Tác giả: Nguyễn Văn A@N</p>"),
    "labels": _each("<p><b>Lĩnh vực:</b> số @N</p>"),
    "signatures": _each("<p style='text-align:right'><b>Nguyễn Thị Mây</b></p>"),
    "sources": _each("<p>Nguồn: báo Mây Lốc @N</p>"),
    "ends": _each("<p>Tin liên quan</p><p><a href='/tin/@N.html'>Một tin khác của phường Mây Lốc</a></p>"),
    "footers": _each("<p>Cổng thông tin điện tử phường Mây Lốc</p><p>Địa chỉ: @N Trần Phú. Điện thoại: 0208.3855.555</p>"),
    "bold": _each("<b>chữ @N</b> "),
    "unclosed_bold": lambda n: page("<b>chữ " * n),
    "unclosed_paragraphs": lambda n: page("<p>chữ " * n),
    "unclosed_fonts": lambda n: page("<p><font><i>chữ " * n),
    "closing": lambda n: page("</div></p></b>" * n),
    "text": lambda n: page("<p>" + _WORDS * (n // 2) + "</p>"),
    "word": lambda n: page("<p>" + "a" * 50 * n + "</p>"),
    "digits": lambda n: page("<p>" + "1" * 50 * n + "</p>"),
    "blanks": lambda n: page("<p>a" + " " * 50 * n + "b</p>"),
    "nbsp": lambda n: page("<p>a" + "&nbsp;" * 5 * n + "b</p>"),
    "lines": lambda n: page("<pre>" + "dòng chữ\n" * 5 * n + "</pre>"),
    "less": lambda n: page("<p>" + "<" * 20 * n + "</p>"),
    "quotes": lambda n: page("<p>" + "\"'" * 20 * n + "</p>"),
    "dots": lambda n: page("<p>" + ". " * 20 * n + "</p>"),
    "brackets": lambda n: page("<p>" + "([" * 20 * n + "</p>"),
    "capitals": lambda n: page("<p>" + "NGUYỄN VĂN " * 5 * n + "</p>"),
    "colons": lambda n: page("<p>" + "Nguồn: " * 5 * n + "</p>"),
    "pipes": lambda n: page("<p>" + "| - " * 10 * n + "</p>"),
    "long_title": lambda n: page(head="<title>" + "Rước đèn - " * n + "</title>"),
    "long_heading": lambda n: page("<h1>" + "Rước đèn - " * n + "</h1>"),
    "long_link": lambda n: page("<a href='/" + "a/" * 20 * n + "'>x</a>"),
    "long_query": lambda n: page("<a href='/a?" + "a=1&amp;" * 5 * n + "'>x</a>"),
    "long_style": lambda n: page("<p style='" + "color:red;" * 4 * n + "'>x</p>"),
    "style_element": lambda n: page(head="<style>" + ".a{color:red}" * 5 * n + "</style>"),
    "script_element": lambda n: page(head="<script>" + "if(a<b){c('<p>')}" * 3 * n + "</script>"),
    "srcset": lambda n: page("<img src='/a.jpg' srcset='" + "/a.jpg 100w, " * 3 * n + "'>"),
    "long_meta": lambda n: page(head="<meta name='description' content='" + _WORDS * (n // 2) + "'>"),
    "inline_data": lambda n: page("<img src='data:image/png;base64," + "QUJD" * 10 * n + "'>"),
    "entities": lambda n: page("<p>" + "&aacute;&amp;" * 3 * n + "</p>"),
    "entities_twice": lambda n: page("<p>" + "&amp;aacute; " * 3 * n + "</p>"),
    "entities_deep": lambda n: page("<p>&" + "amp;" * 5 * n + "aacute;</p>"),
    "comments": _each("<!-- @N -->"),
    "comments_open": lambda n: page("<!--" * n),
    "cdata": lambda n: page("<![CDATA[" * n),
    "bases": _head("<base href='/@N/'>"),
    "metas": _head("<meta property='article:published_time' content='2024-05-12T08:15'>"),
    "metas_different": _head("<meta property='article:published_time' content='2024-05-12T08:@N'>"),
    "link_tags": _head("<link rel='alternate' type='application/rss+xml' href='/rss/@N'>"),
    "ld": _head(_LD),
    "ld_deep": lambda n: page(head='<script type="application/ld+json">' + '{"a":[' * n + "</script>"),
    "ld_deep_closed": lambda n: page(
        head='<script type="application/ld+json">' + '{"a":' * n + "1" + "}" * n + "</script>"
    ),
    "ld_graph": lambda n: page(
        head='<script type="application/ld+json">{"@graph":['
        + ",".join('{"@type":"NewsArticle","datePublished":"2024-05-12"}' for _ in range(n))
        + "]}</script>"
    ),
    "forms": _each("<form action='/tim'><input name='q@N'></form>"),
    "options": lambda n: page("<select>" + "".join(f"<option value='/p/{i}'>{i}</option>" for i in range(n)) + "</select>"),
    "selects": _each("<select><option>@N</option></select>"),
    "frames": _each("<iframe src='/khung/@N'></iframe>"),
    "frames_files": _each("<iframe src='/viewer.html?file=/tep/@N.pdf'></iframe>"),
    "viewstate": lambda n: page(
        "<form method='post'><input type='hidden' name='__VIEWSTATE' value='x'>"
        + "".join(f"<a href=\"javascript:__doPostBack('a','{i}')\">{i}</a>" for i in range(n))
        + "</form>"
    ),
    "articles": _each("<article><h2><a href='/tin/bai-viet-so-@N.html'>Tin bài số @N của phường</a></h2><a href='/tac-gia/a'>Võ Minh</a></article>"),
    "article_one": lambda n: page(
        "<article>" + "".join(f"<h2><a href='/tin/bai-viet-so-{i}.html'>Tin bài số {i} của phường</a></h2>" for i in range(n))
    ),
    "headers": _each("<header class='header'><a href='/a@N'>Mục số @N</a><a href='/b@N'>Mục</a></header>"),
    "headers_nested": lambda n: page("".join(f"<header><a href='/a{i}'>Mục số {i}</a>" for i in range(n))),
    "menus_nested": lambda n: page("".join(f"<div class='menu'><a href='/a{i}'>Mục số {i}</a>" for i in range(n))),
    "spans_dated": _each("<div><span>12/05/2024</span><a href='/tin/bai-viet-so-@N.html'>Tin bài số @N của phường Mây Lốc</a></div>"),
    "words_around_link": lambda n: page(
        "<div><a href='/tin/bai-viet-so-1.html'>Tin bài số 1 của phường Mây Lốc</a>" + "<b>chữ</b>" * n + "</div>"
    ),
    "nul": lambda n: page("<p>" + "\x00" * 20 * n + "</p>"),
    "replacement": lambda n: page("<p>" + "\ufffd" * 20 * n + "</p>"),
    "marks": lambda n: page("<p>a" + "\u0301" * 20 * n + "</p>"),
}  # fmt: skip

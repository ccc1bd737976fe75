"""Lists and articles as blog software shows them: linked authors, counts of comments, English rows, own pagers."""

# ruff: noqa: E501 (markup keeps the long lines of blogs)

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from crawler.extraction import extract_article
from spiders.lists.address_shapes import shape
from spiders.lists.reader import ListReader
from spiders.platforms.generic import PLATFORM

HOST = "xomdoai.test"
TITLES = (
    "Xóm Đoài họp bàn việc sửa đường ra đồng",
    "Đội bóng chuyền xóm Trại thắng giải đầu xuân",
    "Phát gạo cho mười hộ ở bãi ven sông",
    "Lịch tiêm phòng cho đàn trâu bò tháng tư",
)
TEXT = (
    "<p>Bà con trong xóm họp tại nhà văn hóa bàn việc sửa con đường ra đồng trước mùa gặt.</p>"
    "<p>Mỗi hộ góp hai ngày công, đá và cát do xã cấp theo quyết định của ủy ban.</p>"
)
ENTRIES = {
    "comments counted in the footer": (
        "/index.php?/bai/{n}-viec.html",
        '<article><header><h2><a href="{href}">{title}</a></h2><span>Posted by <a href="/index.php?/authors/{n}-x">Vũ Thị'
        ' Hồng Gấm</a> on <time datetime="2025-03-0{n}T07:15:00+07:00">Wednesday, March  {n}. 2025</time></span></header>'
        '<div><p>Bà con trong xóm họp bàn.</p></div><footer><a href="/index.php?/categories/1-x">Chuyện xóm làng</a> |'
        ' <a href="{href}#comments">0 Comments</a></footer></article>',
    ),
    "comments counted in a nav": (
        "/bai/viec-cua-xom-{n}",
        '<div class="o"><article><header><div><h2><a href="{href}">{title}</a></h2></div><span>Posted by Gấm on Mar 0{n},'
        ' 2025 in <a href="/muc/chuyen-xom-lang/">Chuyện xóm làng</a></span><nav><a href="{href}#feedbacks">Send'
        " feedback</a></nav></header></article></div>",
    ),
    "the date above the heading": (
        "/index.php?article{n}/viec-cua-xom",
        '<article><header><time datetime="2025-03-0{n}">0{n} march 2025</time><h2><a href="{href}">{title}</a></h2><small>'
        'Written by <a href="/index.php?author2/x">Vũ Thị Hồng Gấm</a></small></header><p>Bà con họp.</p><p><a href='
        '"{href}">Read more {title}</a></p></article>',
    ),
    "the date linked below": (
        "/?p={n}",
        '<ul class="loop"><li class="post"><h2><a href="{href}">{title}</a></h2><div><p>Bà con họp.</p></div><div><time'
        ' datetime="2025-03-0{n}T07:15:00+07:00"><a href="{href}">March {n}, 2025</a></time></div></li></ul>',
    ),
    "a date only for machines": (
        "/viec-{n}/",
        '<article><h3><a href="{href}">{title}</a></h3><time datetime="2025-03-0{n}T07:15:00+07:00">tuần trước</time>'
        '<a rel="author" href="/author/gam/">Vũ Thị Hồng Gấm</a></article>',
    ),
}  # fmt: skip


def read(body, url=f"https://{HOST}/", page=("", 1)):
    html = f"<html><body><nav><a href='/'>Trang chủ</a></nav><main>{body}</main></body></html>"
    request = Request(url, cb_kwargs={"page": page})
    response = HtmlResponse(url, body=html.encode(), encoding="utf-8", request=request)
    return ListReader(PLATFORM, {HOST}, PLATFORM.fresh_learnt()).read(response)


@pytest.mark.parametrize("kind", ENTRIES)
def test_the_entries_of_a_blog_are_its_articles_and_nothing_else(kind):
    address, markup = ENTRIES[kind]
    rows = [(address.format(n=n), n, title) for n, title in enumerate(TITLES, 1)]
    found = read("".join(markup.format(href=href, n=n, title=title) for href, n, title in rows))
    assert [(url, listed.title) for url, listed in found.entries] == [(f"https://{HOST}{h}", t) for h, _, t in rows]
    assert all("2025" in listed.date and "Posted" not in listed.summary for _, listed in found.entries)


_ROWS = "".join(f'<article><h2><a href="/bai/{n}-viec">{t}</a></h2></article>' for n, t in enumerate(TITLES, 1))


@pytest.mark.parametrize(
    "pager",
    [
        '<nav class="my_pagination"><ul><li>Page 3 of 3, totaling 38 entries</li><li><a href="/o/P2.html">&larr; previous'
        " page</a></li></ul></nav>",
        '<nav class="navigation nav-links"><a href="/o/P2.html">&larr; Older posts</a></nav>',
        '<div class="phan-trang"><a href="/o/P2.html">« Cũ hơn</a></div>',
        '<div><a href="/o/P2.html">Xem các bài viết cũ hơn</a></div>',
    ],
)  # fmt: skip
def test_the_first_page_of_a_list_leads_to_what_is_older(pager):
    assert list(read(_ROWS + pager).pages.values()) == [f"https://{HOST}/o/P2.html"]


@pytest.mark.parametrize(
    "box",
    [
        '<aside><a href="/kho">Older...</a></aside>',
        '<div class="tin"><a href="/kho">Previous</a></div>',
        '<div><a href="/kho">Trang trước</a></div>',
    ],
)
def test_a_link_back_outside_a_pager_is_no_further_page(box):
    assert read(_ROWS + box).pages == {}


def test_a_path_behind_the_question_mark_has_the_shape_of_a_path():
    one, two = (f"http://a.test/index.php?/bai/{n}-viec-cua-xom.html" for n in (3, 41))
    assert shape(one) == shape(two) != shape("http://a.test/index.php?/muc/chuyen")
    assert shape("http://a.test/tin.php?extend.7") == shape("http://a.test/tin.php?extend.12")


def article(body):
    page = f"<html><head><title>{TITLES[0]}</title></head><body><main>{body}</main></body></html>"
    return extract_article(page.encode(), f"https://{HOST}/bai/1-viec")


STORIES = {
    "theme of blocks": f'<h1>{TITLES[0]}</h1><div class="entry-content">{TEXT}</div><div><div><p>Posted</p><div class='
    '"post-date"><time datetime="2025-03-04T07:15:00+07:00">March 4, 2025</time></div><p>in</p><div><a href="/?cat=3"'
    ' rel="tag">Chuyện xóm</a></div></div><div><p>by</p><div class="post-author"><p class="post-author__name">Vũ Thị Hồng'
    "</p></div></div></div>",
    "own footer below": f'<article><h1>{TITLES[0]}</h1><div class="entry-content">{TEXT}</div><footer class="entry-footer">'
    'Published <time class="entry-date published" datetime="2025-03-04T07:15:00+07:00">March 4, 2025</time> <time'
    ' class="updated" datetime="2025-04-01T10:00:00+07:00">April 1, 2025</time> By <a rel="author" href="/a/h">Vũ Thị Hồng'
    "</a></footer></article>",
    "own footer above": f"<h1>{TITLES[0]}</h1><article><footer><p class='submitted'>Tue, 04/03/2025 - 7:15am by Vũ Thị Hồng"
    f"</p></footer><div class='content'>{TEXT}</div></article>",
    "rows of labels": f'<article><header><span><time datetime="2025-03-04T07:15+07:00">4 march 2025</time></span><h2>'
    f'{TITLES[0]}</h2><div><small><span>Written by <a href="/a/h">Vũ Thị Hồng</a></span> <span><a href="#c">no comments'
    '</a></span></small></div><div><small><span>Classified in : <a href="/m">Chuyện xóm</a></span> <span>Tags : none'
    f"</span></small></div></header>{TEXT}</article>",
    "small print": f'<article><h1>{TITLES[0]}</h1><span>Posted by <b>nguoidung12</b> on <time datetime="2025-03-04T07:15:00+07:00">'
    f'Mar 4, 2025</time></span><section>{TEXT}</section><div class="w_item_small_print">This entry was posted by <b>Vũ Thị'
    ' Hồng</b> and filed under <a href="/m">Chuyện xóm</a>.</div></article>',
    "row below": f'<article><header><h1>{TITLES[0]}</h1><time datetime="2025-03-04T07:15:00+07:00">Mar 4, 2025</time></header>'
    f"<section>{TEXT}</section><div>This entry was posted by Vũ Thị Hồng and filed under <a href='/m'>Chuyện xóm</a>.</div>"
    "<div><p><span></span>Form is loading...</p></div></article>",
}  # fmt: skip


@pytest.mark.parametrize("kind", STORIES)
def test_a_blog_s_article_has_its_moment_its_author_and_no_row_of_the_blog(kind):
    read_ = article(STORIES[kind])
    assert (read_.title, read_.published_at, read_.author) == (TITLES[0], "2025-03-04T07:15+07:00", "Vũ Thị Hồng")
    assert read_.body.startswith("Bà con trong xóm") and read_.body.endswith("quyết định của ủy ban.")


@pytest.mark.parametrize(
    "line", ["© 2026 by Vũ Thị Hồng • Liên hệ", "Copyright by Vũ Thị Hồng", "Theme by Vũ Thị Hồng"]
)
def test_who_made_or_owns_the_site_is_no_author(line):
    story = f"<div><article><h1>{TITLES[0]}</h1><div class='entry-content'>{TEXT}</div></article><footer>{line}</footer></div>"
    assert article(story).author is None


def test_the_list_of_a_category_with_one_entry_is_no_article():
    story = f'<h2>Category: "Chuyện xóm"</h2><article><h3><a href="/bai/1">{TITLES[0]}</a></h3>{TEXT}</article>'
    page = f"<html><head><title>Category: &quot;Chuyện xóm&quot;</title></head><body>{story}</body></html>"
    assert extract_article(page.encode(), f"https://{HOST}/chuyen-xom/").reason is not None


def test_the_times_of_other_articles_below_are_not_this_one_s():
    others = "".join(f'<li><a href="/{n}">{t}</a> <time datetime="2024-01-0{n}T08:00:00+07:00">x</time></li>'
                     for n, t in enumerate(TITLES[1:], 1))  # fmt: skip
    comment = '<div class="comment"><time datetime="2025-05-05T08:00:00+07:00">May 5, 2025</time> <p>Hay quá.</p></div>'
    story = f"<article><h1>{TITLES[0]}</h1><div class='entry-content'>{TEXT}</div>{comment}<ul>{others}</ul></article>"
    assert article(story).published_at is None

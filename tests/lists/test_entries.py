"""The entries of lists on unknown platforms, a kind of markup each: where people see a title, there it is found."""

# ruff: noqa: E501 (markup keeps its long lines)

from dataclasses import replace

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from spiders.lists.reader import ListReader
from spiders.platform import Platform
from spiders.platforms.generic import PLATFORM

HOST = "xomdoai.test"
TITLES = (
    "Xóm Đoài họp bàn việc sửa đường ra đồng",
    "Đội bóng chuyền xóm Trại thắng giải đầu xuân",
    "Phát gạo cho mười hộ ở bãi ven sông",
)
SHORT = ("Thông báo", "Xã Bế Triều", "Thông báo")
MENU = (
    '<nav><a href="/">Trang chủ</a><a href="/gioi-thieu">Giới thiệu</a><a href="/tin-tuc">Tin tức</a></nav>'
    '<footer><a href="/lien-he">Liên hệ</a></footer>'
)

# Each entry: {n} its number, {title} its title; the address is /bai/viec-xom-{n}.html, the date 0{n}/10/2025.
DATED = {
    "an empty link over the card, with a prefix for machines": '<article class="post-entry"><header><h2>{title}</h2></header><div><p>Bà con trong xóm.</p></div><footer><span>0{n}/10/2025</span></footer><a class="entry-link" aria-label="post link to {title}" href="{href}"></a></article>',
    "only a label for machines": '<div class="card"><img src="/a.jpg" alt=""><a class="o" aria-label="Đọc bài viết: {title}" href="{href}"></a><small>0{n}/10/2025</small></div>',
    "a label elsewhere on the page": '<div class="card"><p id="t{n}">{title}</p><small>0{n}/10/2025</small><a href="{href}" aria-labelledby="t{n}"><img src="/a.jpg"></a></div>',
    "a stretched link with a title": '<div class="card"><div class="card-body"><h5 class="card-title">{title}</h5><span>0{n}/10/2025</span><a class="stretched-link" title="{title}" href="{href}"></a></div></div>',
    "a stretched link for screen readers": '<div class="card"><a class="badge" href="/muc/xom-lang">Xóm làng</a><h5>{title}</h5><span>0{n}/10/2025</span><a class="stretched-link" href="{href}"><span class="sr-only">Xem chi tiết</span></a></div>',
    "a link around the picture alone": '<div class="tin"><a href="{href}"><img src="/a.jpg" alt="{title}"></a><span>0{n}/10/2025</span></div>',
    "a link around the picture, the heading without one": '<div class="tin"><a href="{href}"><img src="/a.jpg" alt="anh-{n}.jpg"></a><div><h3>{title}</h3><span>0{n}/10/2025</span></div></div>',
    "a picture's link before the named one": '<div class="dng-news-item"><a href="{href}"><img src="/a.jpg"></a><div class="c"><div class="hot-news-block"><a class="link-news-content" href="{href}">{title}</a></div></div><span>0{n}/10/2025</span></div>',
    "a link around the whole card": '<a class="card" href="{href}"><img src="/a.jpg"><div class="d">0{n}/10/2025</div><div class="x">{title}</div><div class="y">Bà con trong xóm họp tại nhà văn hóa bàn việc.</div></a>',
    "a link inside the heading's span": '<li><h3><span><a href="{href}">{title}</a></span></h3><i>0{n}/10/2025</i></li>',
    "a heading and a button below": '<div class="o"><h3>{title}</h3><p>Bà con trong xóm họp tại nhà văn hóa.</p><span>0{n}/10/2025</span><p><a class="btn" href="{href}">Đọc bài viết này »</a></p></div>',
    "a card opened by a script": '<article onclick="location.href=\'{href}\'"><h3>{title}</h3><p>Bà con trong xóm họp tại nhà văn hóa.</p><time datetime="2025-10-0{n}">hôm nọ</time></article>',
    "a card with its address in an attribute": '<div class="tin" data-href="{href}"><h4>{title}</h4><small>0{n}/10/2025</small></div>',
    "a link without an address, opened by a script": '<a class="card" onclick="window.location = \'{href}\'; return false;"><h4>{title}</h4><small>0{n}/10/2025</small></a>',
    "a row of a table": '<tr><td>{n}</td><td><a href="{href}">{title}</a></td><td>0{n}/10/2025</td></tr>',
    "a row of a table, the link at its end": '<tr><td>{n}</td><td>{title}</td><td>0{n}/10/2025</td><td><a href="{href}">Xem</a></td></tr>',
    "a definition list": '<dt><a href="{href}">{title}</a></dt><dd>0{n}/10/2025</dd>',
    "a definition list, the link below": '<dt>{title}</dt><dd>0{n}/10/2025 <a href="{href}">Chi tiết</a></dd>',
    "a date for machines alone": '<li><a href="{href}">{title}</a><time datetime="2025-10-0{n}T08:00:00+07:00"></time></li>',
    "a date under the pointer": '<li><a href="{href}">{title}</a> <span title="0{n}/10/2025 08:00">3 ngày trước</span></li>',
    "an author beside each": '<div class="o"><h3><a href="{href}">{title}</a></h3><a href="/nguoi-viet/{n}">Võ Minh Khuê</a> <span>0{n}/10/2025</span></div>',
    "the card's own footer around the link": '<article><h2>{title}</h2><time>0{n}/10/2025</time><footer><a href="{href}" title="{title}"></a></footer></article>',
}  # fmt: skip
AROUND = {"tr": "<table>{}</table>", "dt": "<dl>{}</dl>", "li": "<ul>{}</ul>"}


def read(body, url=f"https://{HOST}/", learnt=None, whole=False):
    html = body if whole else f"<html><body>{MENU}<main><div class='list'>{body}</div></main></body></html>"
    response = HtmlResponse(
        url, body=html.encode(), encoding="utf-8", request=Request(url, cb_kwargs={"page": ("", 1)})
    )
    return ListReader(PLATFORM, {HOST}, learnt or PLATFORM.fresh_learnt()).read(response)


def rows(markup, titles=TITLES, address="/bai/viec-xom-{n}.html"):
    made = "".join(markup.format(n=n, title=t, href=address.format(n=n)) for n, t in enumerate(titles, 1))
    return AROUND.get(markup[1:3], "{}").format(made)


def shown(found):
    return [(url.rpartition("-")[2].removesuffix(".html"), listed.title) for url, listed in found.entries]


def wanted(titles=TITLES):
    return [(str(n), title) for n, title in enumerate(titles, 1)]


@pytest.mark.parametrize("kind", DATED)
def test_each_card_is_an_entry_with_its_title_and_date(kind):
    found = read(rows(DATED[kind]))
    assert shown(found) == wanted()
    assert all("/10/2025" in listed.date or "2025-10-" in listed.date for _, listed in found.entries)


@pytest.mark.parametrize("kind", [kind for kind in DATED if "picture alone" not in kind])
def test_short_titles_that_repeat_are_entries_of_a_list_with_dates(kind):
    if kind in ("a row of a table, the link at its end", "a link around the whole card"):
        pytest.skip("nothing shows which cell or block is the title")
    assert shown(read(rows(DATED[kind], SHORT))) == wanted(SHORT)


@pytest.mark.parametrize("kind", DATED)
def test_a_list_of_two_entries_is_a_list(kind):
    assert shown(read(rows(DATED[kind], TITLES[:2]))) == wanted(TITLES[:2])


def test_a_short_title_among_long_ones_is_an_entry():
    titles = (TITLES[0], "Thông báo", *TITLES[1:])
    assert shown(read(rows('<li><a href="{href}">{title}</a> <i>0{n}/10/2025</i></li>', titles))) == wanted(titles)
    assert shown(read(rows('<li><h4><a href="{href}">{title}</a></h4></li>', titles))) == wanted(titles)


def test_an_entry_without_any_title_is_left_to_its_page():
    found = read(rows('<div class="tin"><a href="{href}"><img src="/a.jpg"></a><span>0{n}/10/2025</span></div>'))
    assert shown(found) == wanted(("", "", ""))


def test_a_card_that_shows_its_title_twice_is_one_entry():
    card = '<div class="tin"><a href="{href}" title="{title}"><img src="/a.jpg" alt="{title}"></a><h3><a href="{href}">{title}</a></h3><span>0{n}/10/2025</span><a href="{href}">Đọc tiếp về {title}</a></div>'
    assert shown(read(rows(card))) == wanted()
    assert shown(read(rows(card, SHORT))) == wanted(SHORT)


def test_short_titles_without_dates_are_entries_that_have_to_prove_it():
    learnt = PLATFORM.fresh_learnt()
    found = read(rows('<li><a href="{href}">{title}</a></li>', SHORT), learnt=learnt)
    assert shown(found) == wanted(SHORT)
    assert all(PLATFORM.is_unsure(url, listed, learnt) for url, listed in found.entries)


def test_two_headlines_without_dates_are_entries_that_have_to_prove_it():
    learnt = PLATFORM.fresh_learnt()
    found = read(rows('<div class="tin"><h3><a href="{href}">{title}</a></h3></div>', TITLES[:2]), learnt=learnt)
    assert shown(found) == wanted(TITLES[:2])
    assert all(PLATFORM.is_unsure(url, listed, learnt) for url, listed in found.entries)


NOT_ENTRIES = {
    "an archive of months": '<div><h4>Lưu trữ</h4><ul><li><a href="/luu-tru?thang=10">Tháng 10 năm 2025 (12)</a></li><li><a href="/luu-tru?thang=9">Tháng 9 năm 2025 (9)</a></li><li><a href="/luu-tru?thang=8">Tháng 8 năm 2025 (4)</a></li></ul></div>',
    "categories": '<div class="chuyen-muc"><ul><li><a href="/xom-lang/">Chuyện xóm làng</a> (3)</li><li><a href="/nong-vu/">Nông vụ</a> (4)</li><li><a href="/the-thao/">Thể thao</a> (5)</li></ul></div>',
    "long categories in a side box": '<aside class="widget"><ul><li><a href="/xom-lang">Chuyện xóm làng và các tổ dân phố</a></li><li><a href="/nong-vu">Nông vụ, chăn nuôi và thủy lợi</a></li><li><a href="/the-thao">Thể thao, văn nghệ và vui chơi</a></li></ul></aside>',
    "tags": '<div><a href="/tag/cho">chợ Mía</a> <a href="/tag/lu">mùa lũ</a> <a href="/tag/de">đê điều</a> <a href="/tag/lua">lúa chiêm</a></div>',
    "authors": '<ul><li><a href="/authors/gam">Vũ Thị Hồng Gấm</a></li><li><a href="/authors/khue">Võ Minh Khuê</a></li><li><a href="/authors/hai">Trần Đại Hải</a></li></ul>',
    "the numbers of a slider": '<div class="hot"><ul><li><a href="#">1</a></li><li><a href="#slide2">2</a></li><li><a href="/#slide3">3</a></li><li><a href="#">4</a></li></ul></div>',
    "about and contact": '<p><a href="/about/">About</a> <a href="/gioi-thieu/">Giới thiệu</a> <a href="/archives/">Archives</a> <a href="/search/">Search</a></p>',
    "a box's heading with a link to all": '<div class="head"><h2>Tin hoạt động của xóm</h2><a href="/hoat-dong">Xem tất cả</a></div>',
    "links to share": '<div class="fb-like" data-href="https://xomdoai.test/bai/viec-xom-1.html"></div><button data-url="/bai/viec-xom-9.html">Chia sẻ bài này</button>',
}  # fmt: skip


@pytest.mark.parametrize("kind", NOT_ENTRIES)
@pytest.mark.parametrize("beside", ["alone", "beside a list"])
def test_what_is_around_lists_is_no_entry(kind, beside):
    listed = rows('<li><h4><a href="{href}">{title}</a></h4><i>0{n}/10/2025</i></li>') if beside != "alone" else ""
    learnt = PLATFORM.fresh_learnt()
    found = read(listed + NOT_ENTRIES[kind], learnt=learnt)
    entries = [(url, each) for url, each in found.entries if not PLATFORM.is_unsure(url, each, learnt)]
    assert [each.title for _, each in entries] == ([] if beside == "alone" else list(TITLES))
    assert not found.pages and not found.goes_on_by_script


def test_a_home_page_with_several_boxes_names_what_is_in_each():
    focus = '<div class="focus"><a href="/bai/viec-xom-7.html"><img src="/a.jpg"></a><h2><a href="/bai/viec-xom-7.html">Khánh thành cầu qua mương lớn</a></h2><p>Cầu dài sáu mét.</p></div>'
    notices = '<div class="box"><h3><a href="/thong-bao">Thông báo</a></h3><ul>' + "".join(
        f'<li><a href="/bai/viec-xom-{n}.html">Thông báo</a> <span>0{n}/09/2025</span></li>' for n in (4, 5, 6)
    ) + "</ul></div>"  # fmt: skip
    news = (
        '<div class="box"><h3><a href="/tin-tuc">Tin tức</a></h3>'
        + rows(DATED["a stretched link with a title"])
        + "</div>"
    )
    found = read(focus + news + notices)
    assert {int(number) for number, _ in shown(found)} == {1, 2, 3, 4, 5, 6, 7}
    assert dict(shown(found))["7"] == "Khánh thành cầu qua mương lớn"


@pytest.mark.parametrize(
    "path", ["/tac-gia/gam", "/about/", "/about-us.html", "/archives/", "/luu-tru", "/tags/lua/", "/author/gam"]
)
def test_pages_about_the_site_and_lists_by_name_are_no_articles(path):
    assert PLATFORM.identity(f"https://{HOST}{path}") is None
    assert PLATFORM.identity(f"https://{HOST}/archives/123") == "archives/123"


def test_an_undated_entry_among_dated_ones_of_its_folder_is_sure():
    learnt = PLATFORM.fresh_learnt()
    read(rows('<li><a href="{href}">{title}</a> <i>0{n}/10/2025</i></li>'), learnt=learnt)
    undated = rows('<div><h3><a href="{href}">{title}</a></h3></div>', address="/bai/tin-xom-{n}.html")
    elsewhere = rows('<div><h3><a href="{href}">{title}</a></h3></div>', address="/xom/tin-xom-{n}.html")
    for body, is_unsure in ((undated, False), (elsewhere, True)):
        found = read(body, f"https://{HOST}/tin-khac", learnt=learnt)
        assert len(found.entries) == 3
        assert {PLATFORM.is_unsure(url, listed, learnt) for url, listed in found.entries} == {is_unsure}


def test_an_entry_of_a_known_platform_is_named_by_the_link_that_shows_a_title():
    platform = replace(PLATFORM, items="//li")
    html = '<ul><li><a href="/a-1"><img src="/a.jpg"></a><h3><a href="/a-1">Thông báo</a></h3></li><li><a href="/a-2" aria-label="Read more about Xã Bế Triều"></a></li></ul>'
    response = HtmlResponse(f"https://{HOST}/", body=html.encode(), encoding="utf-8")
    assert [tuple(item)[:2] for item in Platform.read_items(platform, response, None)] == [
        ("/a-1", "Thông báo"),
        ("/a-2", "Xã Bế Triều"),
    ]

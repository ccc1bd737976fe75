"""Whole pages by our own hand: what is the article's, whatever its markup does to it."""

from typing import Any, ClassVar

import pytest

from crawler.doubts import DoubtKind
from crawler.extraction import Article, isolate

TITLE = "Xã Đồng Giang mở lớp dạy bơi cho trẻ em dịp hè"
FIRST = "Sáng 5/6, xã Đồng Giang khai giảng lớp dạy bơi miễn phí cho hơn chín mươi em nhỏ ở bốn thôn ven sông."
SECOND = "Mỗi lớp có hai giáo viên và một nhân viên cứu hộ, học ba buổi một tuần trong suốt tháng sáu và tháng bảy."
THIRD = "Phụ huynh đăng ký tại nhà văn hóa thôn, em nào chưa biết nổi được xếp học trước."
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
OTHER = "Hội Phụ nữ xã Đồng Giang tặng áo phao cho học sinh"
URL = "http://donggiang.xa.test/tin-tuc/lop-day-boi-cho-tre-em-dip-he-2231.html"
MENU = '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul>'
IMPRINT = (
    "Cổng thông tin điện tử xã Đồng Giang",
    "Địa chỉ: thôn Trung, xã Đồng Giang. Điện thoại: 0255.000.111",
    "Chịu trách nhiệm nội dung: Văn phòng UBND xã",
    "© 2024 UBND xã Đồng Giang",
)
FOOTER = "<div class='chan'>" + "".join(f"<p>{line}</p>" for line in IMPRINT) + "</div>"


def page(inside: str, *, head: str = "", title: str = TITLE, foot: str = FOOTER) -> bytes:
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'>"
        f"<title>{title} - Xã Đồng Giang</title>{head}</head>"
        f"<body><div id='dau'>{MENU}</div><div id='giua'>{inside}</div>{foot}</body></html>"
    ).encode()


def read(inside: str, **options: Any) -> Article:
    listed = {name: options.pop(name) for name in ("listed", "listed_summary") if name in options}
    return isolate(page(inside, **options), URL, **listed)


def text_of(article: Article) -> str:
    return f"{article.summary or ''}\n{article.body}"


DATE = "<div class='thoi-gian'>05/06/2024 14:20</div>"


def story(heading: str = "h2", tag: str = "div") -> str:
    return f'<{tag} class="muc"><{heading}><a href="/tin-tuc/ao-phao-2229.html">{OTHER}</a></{heading}></{tag}>'


class TestTeasers:
    @pytest.mark.parametrize("heading", ["h2", "h3", "h4"])
    @pytest.mark.parametrize("count", [1, 2, 3, 4])
    def test_other_articles_before_the_text_do_not_make_the_page_a_list(self, heading: str, count: int) -> None:
        others = story(heading) * count
        article = read(f"<h1>{TITLE}</h1>{DATE}<div class='khung'>{others}</div><div class='bai'>{TEXT}</div>")
        assert article.reason is None
        assert FIRST in text_of(article)
        assert THIRD in text_of(article)
        assert OTHER not in text_of(article)

    @pytest.mark.parametrize("tag", ["div", "article", "section", "li"])
    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_other_articles_between_the_paragraphs_are_left_out(self, tag: str, count: int) -> None:
        inside = f"<p>{FIRST}</p><p>{SECOND}</p>{story('h3', tag) * count}<p>{THIRD}</p>"
        article = read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{inside}</div>")
        assert FIRST in text_of(article)
        assert THIRD in text_of(article)
        assert OTHER not in text_of(article)

    def test_a_list_of_teasers_stays_a_list(self) -> None:
        items = "".join(
            f"<div class='muc'><h2>"
            f"<a href='/tin-tuc/bai-so-{n}-{n}000.html'>{OTHER} lần {n}</a></h2><p>{FIRST}</p></div>"
            for n in range(1, 5)
        )
        article = isolate(page(f"<h1>Tin hoạt động</h1>{items}", title="Tin hoạt động"), "http://donggiang.xa.test/tin")
        assert article.reason == "no_article"

    def test_a_list_of_whole_texts_stays_a_list(self) -> None:
        items = "".join(
            f"<div class='bai'><h2><a href='/tin-tuc/bai-so-{n}-{n}000.html'>{OTHER} lần {n}</a></h2>{TEXT}</div>"
            for n in range(1, 4)
        )
        article = isolate(page(f"<h1>Tin hoạt động</h1>{items}", title="Tin hoạt động"), "http://donggiang.xa.test/tin")
        assert article.reason == "no_article"


class TestImprint:
    @pytest.mark.parametrize(
        "content",
        [
            "<iframe src='https://www.youtube.com/embed/x1'></iframe>",
            "<video src='/phim/a.mp4'></video>",
            "<div class='khung-phim'><embed src='/phim/a.swf'></div>",
            "",
        ],
    )
    @pytest.mark.parametrize("box", ["noi-dung", "bai", "detail-content"])
    @pytest.mark.parametrize("foot", ["div", "footer", "table", "bare"])
    def test_an_article_without_a_text_has_an_empty_body(self, content: str, box: str, foot: str) -> None:
        wrapped = {
            "div": FOOTER,
            "footer": f"<footer>{'<br>'.join(IMPRINT)}</footer>",
            "table": "<table><tr><td>" + "<br>".join(IMPRINT) + "</td></tr></table>",
            "bare": "".join(f"<p>{line}</p>" for line in IMPRINT),
        }[foot]
        article = read(f"<h1>{TITLE}</h1>{DATE}<div class='{box}'>{content}</div>", foot=wrapped)
        assert article.title == TITLE
        assert text_of(article).strip() == ""

    def test_a_sentence_beside_a_film_is_the_body(self) -> None:
        film = "<p>Mời bà con xem phóng sự.</p><iframe src='https://www.youtube.com/embed/x1'></iframe>"
        assert read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{film}</div>").body == "Mời bà con xem phóng sự."

    def test_unclosed_markup_does_not_let_the_imprint_in(self) -> None:
        article = read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'><p>{FIRST}<p>{SECOND}<div><p>{THIRD}", foot=FOOTER)
        assert THIRD in article.body
        assert not any(line in article.body for line in IMPRINT)

    def test_an_address_of_the_notice_stays(self) -> None:
        contact = "Địa chỉ: nhà văn hóa thôn Trung. Điện thoại: 0255.000.222"
        assert contact in read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}<p>{contact}</p></div>").body


class TestStrayEndTags:
    @pytest.mark.parametrize("stray", ["</div>", "</div></td></tr></table>", "</span></div>", "</section></div>"])
    @pytest.mark.parametrize("box", ["noi-dung", "khung-bai", "entry-content"])
    def test_the_text_goes_on_to_its_end(self, stray: str, box: str) -> None:
        inside = f"<p>{FIRST}</p><div><img src='/anh/a.jpg'></div>{stray}<p>{SECOND}</p><p>{THIRD}</p></div>"
        link = f"<a href='/tin-tuc/ao-phao-2229.html'>{OTHER}</a>"
        others = f"<div class='ben'><h3>Tin khác</h3><ul><li>{link}</li></ul></div>"
        article = read(f"<div class='trang'><h1>{TITLE}</h1>{DATE}<div class='{box}'>{inside}</div>{others}")
        assert all(part in text_of(article) for part in (FIRST, SECOND, THIRD))
        assert OTHER not in text_of(article)
        assert not any(line in text_of(article) for line in IMPRINT)

    def test_on_a_known_layout_too(self) -> None:
        from spiders.platforms import layout_named

        inside = f"<p>{FIRST}</p><div><img src='/anh/a.jpg'></div></div></div><p>{SECOND}</p><p>{THIRD}</p></div>"
        body = f"<div class='item-page'><h2 itemprop='headline'>{TITLE}</h2><div itemprop='articleBody'>{inside}</div>"
        article = isolate(page(body), URL, layout=layout_named("joomla"))
        assert all(part in text_of(article) for part in (FIRST, SECOND, THIRD))
        assert not any(line in text_of(article) for line in IMPRINT)


class TestAsides:
    @pytest.mark.parametrize(
        "aside",
        [
            "<aside><p>Lớp học dùng bể bơi lắp ghép dài mười hai mét.</p></aside>",
            "<aside class='hop'><h4>Số liệu</h4><p>Lớp học dùng bể bơi lắp ghép dài mười hai mét.</p></aside>",
            "<aside><blockquote>Lớp học dùng bể bơi lắp ghép dài mười hai mét.</blockquote></aside>",
        ],
    )
    def test_prose_between_the_paragraphs_stays(self, aside: str) -> None:
        article = read(f"<article><h1>{TITLE}</h1>{DATE}<p>{FIRST}</p>{aside}<p>{SECOND}</p><p>{THIRD}</p></article>")
        assert "bể bơi lắp ghép" in article.body

    def test_a_column_of_links_goes(self) -> None:
        aside = f"<aside><h3>Đọc nhiều</h3><a href='/tin-tuc/ao-phao-2229.html'>{OTHER}</a></aside>"
        article = read(f"<article><h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div></article>{aside}")
        assert OTHER not in article.body


class TestAuthors:
    @pytest.mark.parametrize(
        "line",
        [
            "Viết bởi Lương Thị Thảo",
            "Submitted by Lương Thị Thảo on Wed, 06/05/2024 - 14:20",
            "Posted by Lương Thị Thảo on 5 June 2024 in Tin tức",
            "Written by Lương Thị Thảo",
            "By Lương Thị Thảo | June 5, 2024",
            "Đăng bởi: Lương Thị Thảo - 05/06/2024",
            "Người đăng: Lương Thị Thảo",
            "Tác giả: Lương Thị Thảo | 05/06/2024 14:20",
            "Lương Thị Thảo · 05/06/2024",
            "05/06/2024 | Lương Thị Thảo",
            "Lương Thị Thảo - 05/06/2024 - 14:20",
            "Lương Thị Thảo, 05/06/2024",
        ],
    )
    @pytest.mark.parametrize("name", ["meta", "dong", "info"])
    def test_the_name_beside_the_title_is_the_author(self, line: str, name: str) -> None:
        article = read(f"<h1>{TITLE}</h1><div class='{name}'>{line}</div><div class='noi-dung'>{TEXT}</div>")
        assert article.author == "Lương Thị Thảo"
        assert "Thảo" not in article.body

    @pytest.mark.parametrize(
        "line",
        [
            "admin 05 Jun 2024",
            "Đăng bởi: Quản trị viên - 05/06/2024",
            "Posted by Administrator on 5 June 2024",
            "Tin Tức | 05/06/2024",
            "Thanh Hóa - 05/06/2024",
            "Văn hóa xã hội · 05/06/2024",
        ],
    )
    def test_accounts_sections_and_places_are_none(self, line: str) -> None:
        article = read(f"<h1>{TITLE}</h1><div class='meta'>{line}</div><div class='bai'>{TEXT}</div>")
        assert article.author is None

    @pytest.mark.parametrize(
        "head",
        [
            '<meta name="author" content="Lương Thị Thảo">',
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x",'
            '"author":{"@type":"Person","name":"Lương Thị Thảo"}}</script>',
            '<script type="application/ld+json">{"@graph":[{"@type":"Person","@id":"#a","name":"Lương Thị Thảo"},'
            '{"@type":"Article","author":{"@id":"#a"}}]}</script>',
        ],
    )
    def test_the_declared_author_is_taken_but_a_signature_wins(self, head: str) -> None:
        body = f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}"
        assert read(f"{body}</div>", head=head).author == "Lương Thị Thảo"
        assert read(f"{body}<p style='text-align:right'>Minh Hạnh</p></div>", head=head).author == "Minh Hạnh"

    @pytest.mark.parametrize("name", ["admin", "Xã Đồng Giang", "UBND xã Đồng Giang", "Tag Cloud", "webmaster"])
    def test_a_declared_account_or_office_is_none(self, name: str) -> None:
        head = f'<meta name="author" content="{name}">'
        assert read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>", head=head).author is None

    def test_the_articles_own_footer_names_the_author(self) -> None:
        article = read(f"<article><h1>{TITLE}</h1>{DATE}{TEXT}<footer>Tác giả: Lương Thị Thảo</footer></article>")
        assert article.author == "Lương Thị Thảo"


class TestSideBoxes:
    @pytest.mark.parametrize(
        "box",
        [
            "<h2>Chào bạn</h2><form><input name='q'><button>Tìm</button></form>",
            "<h4>Kho lưu trữ</h4><ul><li><a href='/thang/6'>Tháng 6 2024</a></li>"
            "<li><a href='/thang/5'>Tháng 5 2024</a></li></ul>",
            "<h3>Thẻ</h3><p><a href='/the/boi'>bơi</a> <a href='/the/he'>hè</a></p>",
            "<form action='/vao'><label>Tên:</label><input name='u'>"
            "<label>Mật khẩu:</label><input type='password'></form>",
        ],
    )
    def test_a_column_without_a_name_is_not_the_text(self, box: str) -> None:
        article = read(
            f"<h1>{TITLE}</h1><div class='hang'><div class='c8'>"
            f"<div class='xem'><div class='hang'><div class='c6'>admin "
            f"<span>05 Jun 2024</span></div><div class='c6'>None "
            f"<a href='/muc/1'>Hoạt động</a></div></div>{TEXT}</div></div>"
            f"<div class='c4'><div class='o'>{box}</div></div></div>"
        )
        assert text_of(article).strip() == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


class TestSummaries:
    LEAD = "Lớp học kéo dài hai tháng, do đoàn xã và trường tiểu học phối hợp tổ chức cho trẻ em các thôn."

    def test_an_excerpt_of_metadata_or_list_is_kept(self) -> None:
        body = f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>"
        declared = read(body, head=f'<meta name="description" content="{self.LEAD}">')
        assert declared.summary == self.LEAD
        assert "summary from the page's metadata" in declared.notes
        listed = read(body, listed_summary=self.LEAD)
        assert listed.summary == self.LEAD
        assert "summary from the list" in listed.notes

    @pytest.mark.parametrize(
        "excerpt",
        [
            FIRST,
            FIRST[:70] + "…",
            FIRST[:70] + " [...]",
            f"{FIRST} {SECOND[:30]}... Xem thêm",
            "Cổng thông tin điện tử xã Đồng Giang, huyện Ba Tơ, tỉnh Quảng Ngãi",
            "Xã Đồng Giang",
            TITLE,
            "Chuyên trang giới thiệu ẩm thực, phong cảnh miền núi phía tây.",
        ],
    )
    def test_what_is_no_summary(self, excerpt: str) -> None:
        body = f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>"
        declared = read(body, head=f'<meta name="description" content="{excerpt}">')
        assert declared.summary in (None, FIRST)  # the first paragraph, where it is what the page declares
        assert read(body, listed_summary=excerpt).summary is None

    @pytest.mark.parametrize("layout", [None, "joomla", "wordpress"])
    def test_a_bold_first_paragraph_is_the_lead_with_and_without_a_layout(self, layout: str | None) -> None:
        from spiders.platforms import layout_named

        inside = f"<p><strong>{self.LEAD}</strong></p>{TEXT}"
        joomla = f"<h2 itemprop='headline'>{TITLE}</h2><div itemprop='articleBody'>{inside}</div>"
        wordpress = f"<h1 class='entry-title'>{TITLE}</h1><div class='entry-content'>{inside}</div>"
        html = {
            None: f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{inside}</div>",
            "joomla": f"<div class='item-page'>{joomla}</div>",
            "wordpress": f"<article class='post type-post'>{wordpress}</article>",
        }[layout]
        article = isolate(page(html), URL, layout=layout_named(layout) if layout else None)
        assert article.summary == self.LEAD
        assert article.body == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


class TestDoubleEscapes:
    def test_title_summary_and_text_are_decoded_once_more(self) -> None:
        title = "Hội thi &amp;quot;Mẹ kể con nghe&amp;quot; &amp;amp; chợ quê"
        first = "<p>B&amp;agrave; con &amp;#273;ến xem&amp;nbsp;đông.</p>"
        inside = f"<h1>{title}</h1>{DATE}<div class='noi-dung'>{first}{TEXT}</div>"
        article = read(inside, title=title)
        assert article.title == 'Hội thi "Mẹ kể con nghe" & chợ quê'
        assert "Bà con đến xem đông." in article.body

    def test_an_article_about_markup_keeps_what_it_writes(self) -> None:
        inside = "<p>Trong HTML, viết &amp;nbsp; để có dấu cách cứng.</p><pre>a&amp;nbsp;b</pre>"
        article = read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}{inside}</div>")
        assert "viết &nbsp; để" in article.body
        assert "a&nbsp;b" in article.body


class TestTitles:
    def test_a_category_in_the_titles_cell_is_not_glued_to_it(self) -> None:
        cell = f"<td class='tieude'><span>Tin hoạt động</span> {TITLE}</td>"
        assert read(f"<table><tr>{cell}</tr><tr><td>{TEXT}</td></tr></table>").title == TITLE

    def test_a_title_that_the_list_does_not_know_is_doubted(self) -> None:
        inside = f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>"
        assert read(inside, listed=TITLE[:30] + "...").doubts == []
        assert read(inside, listed=TITLE.upper()).doubts == []
        other = read(
            f"<h1>{OTHER}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>", title="Chi tiết", listed="Kế hoạch thu gom rác"
        )
        assert [(doubt.field, str(doubt.kind)) for doubt in other.doubts] == [("title", "differs_from_list")]

    @pytest.mark.parametrize(
        "line", ["Lương Thị Thảo - 05/06/2024", "NƠI NHẬN:", "KT. CHỦ TỊCH", "Người đăng: Minh Hạnh"]
    )
    def test_bylines_and_headings_of_signatures_are_no_titles(self, line: str) -> None:
        from crawler.extraction.rules.title_choice import cannot_be_title

        assert cannot_be_title(line)
        assert not cannot_be_title(TITLE)


class TestPromises:
    LONG = " ".join((FIRST, SECOND, THIRD, "Xã Đồng Giang trao chứng nhận cho các em biết bơi vào cuối tháng tám."))

    def test_a_page_that_stops_inside_a_sentence_is_doubted(self) -> None:
        whole = page(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>")
        cut = whole[: whole.index("tháng sáu".encode())]
        kinds = [str(doubt.kind) for doubt in isolate(cut, URL).doubts]
        assert kinds == ["mid_sentence"]
        assert isolate(whole, URL).doubts == []

    def test_a_text_far_shorter_than_promised_is_doubted(self) -> None:
        inside = f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'><p>{FIRST}</p></div>"
        article = read(inside, listed_summary=self.LONG)
        assert [str(doubt.kind) for doubt in article.doubts] == ["shorter_than_promised"]
        assert read(f"<h1>{TITLE}</h1>{DATE}<div class='noi-dung'>{TEXT}</div>", listed_summary=FIRST).doubts == []


class TestStockTemplates:
    """The row of who, when and where as the stock themes of many makes write it."""

    NAME = "Lương Thị Thảo"
    ROWS: ClassVar = {
        "posted": "<p class='post-info'>Posted on June 5, 2024 by {name} | Tags: <a href='/t'>bơi</a></p>",
        "span": "<span class='page-date'>June 5, 2024</span> <span class='page-author'>{name}</span>",
        "in": "<p><em>Đăng ngày 5 tháng 6, 2024 bởi {name} trong <a href='/c'>Tin tức</a></em></p>",
        "dots": "<small class='dong'>{name} · 05/06/2024 · <a href='/c'>Tin tức</a></small>",
        "byline": "<span class='documentAuthor'>by <a href='/author/t'>{name}</a></span> — <span>Jun 05, 2024</span>",
        "heading": "<h4 class='gh-article-author-name'><a href='/author/t'>{name}</a></h4><time>05 Jun 2024</time>",
        "bars": "<div>Viết bởi {name} | Ngày đăng: 05/06/2024 14:20 | Lượt xem: 33</div>",
    }
    TAILS = (
        "<p>Từ khóa: <a href='/t'>bơi</a>, <a href='/u'>hè</a></p>",
        "<p>Tags: bơi, hè</p>",
        "<p>Category: <a href='/c'>Tin tức</a></p><p><a href='/p'>« Bài trước</a> <a href='/n'>Bài sau »</a></p>",
        "<div>Filed under: <a href='/t'>bơi</a></div><div>Chia sẻ: <a href='/f'>Facebook</a></div>",
    )

    @pytest.mark.parametrize("tail", TAILS)
    @pytest.mark.parametrize("row", ROWS)
    def test_neither_its_row_nor_its_tags_are_text(self, row: str, tail: str) -> None:
        above = self.ROWS[row].format(name=self.NAME)
        article = read(f"<main><article><h1>{TITLE}</h1><div>{above}</div>{TEXT}{tail}</article></main>")
        assert article.author == self.NAME
        assert text_of(article).strip() == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_a_page_that_breaks_off_within_its_text_is_noted_and_doubted():
    page = (
        "<html><head><title>Tổ 4 làm đường - Xã Đồng Giang</title></head><body><h1>Tổ 4 làm đường</h1>"
        "<p>12/05/2025</p><div class='noi-dung'><p>Sáng nay, tổ 4 khởi công con đường dài hai trăm mét.</p>"
        "<p>Theo dự toán, đã"
    )
    article = isolate(page.encode(), "http://donggiang.xa.test/tin/to-4-lam-duong-12.html")
    assert [(doubt.field, doubt.kind) for doubt in article.doubts] == [("body", DoubtKind.MID_SENTENCE)]
    assert "cut off: the page ends in the middle of its text" in article.notes
    whole = page.replace("Theo dự toán, đã", "Theo dự toán, xong trong tháng.")
    assert isolate(whole.encode(), article.url).doubts == []

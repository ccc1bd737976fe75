"""Each rule alone: the failure it cures, and the text it must leave."""

import pytest
from lxml import html as lxml_html

from crawler.extraction.blocks import Block, Run, Walker
from crawler.extraction.rules import body_edges, data_tables, listings, neighbours, people, pictures, titles
from crawler.extraction.rules.attachment_links import collect, file_type, viewed_file
from crawler.extraction.rules.element_names import AUTHOR, BODY, CHROME, DATE, SUMMARY, TITLE, named

URL = "https://phuong.vidu.example/tin/bai-viet-12345.html"


def tree(html: str):
    return lxml_html.document_fromstring(f"<body>{html}</body>")


def walk(html: str) -> list[Block]:
    return Walker().walk(tree(html).find("body"))


def texts(html: str) -> list[str]:
    return [block.text for block in walk(html)]


class TestBlocks:
    """The pre-pass."""

    def test_bare_runs_become_paragraphs(self) -> None:
        assert texts("<div>Một<p>hai</p>ba<span> bốn</span><div>năm</div></p>sáu</div>") == [
            "Một", "hai", "ba bốn", "năm", "sáu",
        ]  # fmt: skip

    def test_break_runs_part_paragraphs(self) -> None:
        assert texts("<div>một<br>hai<br> <br>ba<br/>&nbsp;<br/>bốn</div>") == ["một\nhai", "ba", "bốn"]

    def test_a_break_behind_a_whole_sentence_parts_too(self) -> None:
        long = "Câu này dài hơn tám mươi chữ cái vì nó còn kể thêm nhiều việc nữa ở phường và các tổ dân phố."
        assert texts(f"<div>{long}<br>{long}</div>") == [long, long]

    def test_layout_tables_are_walked_and_data_tables_kept(self) -> None:
        assert texts("<table><tr><td>trái</td><td><p>giữa</p><p>tiếp</p></td></tr></table>") == ["trái", "giữa", "tiếp"]
        data = "<table border=1><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2<br>3</td></tr></table>"
        assert texts(data) == ["A | B\n1 | 2 3"]

    def test_hidden_text_and_scripts_are_left_out(self) -> None:
        assert texts('<p>a<span style="display: none">b</span><script>c</script></p><div hidden>d</div>') == ["a"]

    def test_words_of_different_styles_do_not_meet(self) -> None:
        assert texts("<p>một <b>hai</b> ba</p>") == ["một hai ba"]

    def test_nested_elements_beyond_any_page_are_read_flat(self) -> None:
        assert "x" in " ".join(texts("<i>" * 240 + "x"))


class TestTables:
    @pytest.mark.parametrize(
        "html",
        [
            "<table role=presentation><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
            "<table><tr><td>một cột</td></tr><tr><td>hai</td></tr><tr><td>ba</td></tr></table>",
            "<table><tr><td>Nơi nhận:<br>- Như trên</td><td>TM. ỦY BAN NHÂN DÂN<br>CHỦ TỊCH</td></tr></table>",
            "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>",
            "<table><tr><td><img src=a.jpg></td><td><img src=b.jpg></td></tr></table>",
            f"<table><tr><td>{'menu ' * 5}</td><td>{'Bài viết dài. ' * 60}</td></tr></table>",
        ],
    )
    def test_a_table_for_layout_is_not_data(self, html: str) -> None:
        assert data_tables.data_rows(tree(html).find(".//table")) is None

    @pytest.mark.parametrize(
        "html",
        [
            "<table border=1><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "<table><tr><td>TT</td><td>Tên</td></tr><tr><td>1</td><td>A</td></tr><tr><td>2</td><td>B</td></tr></table>",
            '<table><tr><td style="border:solid windowtext">a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>',
        ],
    )
    def test_a_table_of_data_keeps_its_rows(self, html: str) -> None:
        rows = data_tables.data_rows(tree(html).find(".//table"))
        assert rows is not None
        assert len(rows) >= 2


class TestTitles:
    @pytest.mark.parametrize(
        ("text", "declared", "fit"),
        [
            ("Lễ ra quân đầu năm", "Lễ ra quân đầu năm - Tin tức - Phường A", 3),
            ("LỄ RA QUÂN ĐẦU NĂM", "Lễ ra quân đầu năm", 3),
            ("Tin tức - Sự kiện", "Lễ ra quân đầu năm - Tin tức - Sự kiện - Phường A", 0),
            ("Lễ ra quân đầu năm", "Cổng thông tin điện tử phường A - Lễ ra quân đầu năm", 2),
            ("UBND PHƯỜNG A", "UBND phường A - Lễ ra quân đầu năm của thanh niên", 1),
            ("Cổng thông tin điện tử phường A", "Cổng thông tin điện tử phường A", 0),
            ("Lễ ra", "Lễ ra quân đầu năm", 0),
            ("Phường A phát động tháng vệ sinh yêu nước năm 2023", "Phường A phát động tháng vệ sinh... - A", 3),
        ],
    )
    def test_a_heading_is_measured_by_what_the_page_declares(self, text: str, declared: str, fit: int) -> None:
        assert titles.matches(text, declared) == fit

    def test_the_sites_name_is_cut_off(self) -> None:
        assert titles.without_site("Lễ ra quân - Cổng thông tin điện tử phường A") == "Lễ ra quân"
        assert titles.without_site("Trang chủ") is None


class TestPeople:
    def blocks(self, *lines: str) -> list[Block]:
        return [Block("p", line, None, [Run(line)]) for line in lines]

    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("Tin, ảnh: Chu Lan", "Chu Lan"),
            ("Tin và ảnh: Chu Lan", "Chu Lan"),
            ("(Tác giả: Chu Lan)", "Chu Lan"),
            ("Bài, ảnh: Chu Lan - Lê Vũ", "Chu Lan - Lê Vũ"),
            ("Ảnh: Chu Lan", None),
            ("Tin vui: cả tổ đều có nước sạch", None),
        ],
    )
    def test_a_labelled_line_names_the_author(self, line: str, name: str | None) -> None:
        assert people.byline(self.blocks("Đoạn đầu của bài.", line)) == name

    @pytest.mark.parametrize(
        ("line", "signed"),
        [
            ("Minh Thu - UBND phường Hoa Lư", "Minh Thu - UBND phường Hoa Lư"),
            ("Trọng Tín", "Trọng Tín"),
            ("Bà con vui mừng đón nhận món quà", None),
            ("Kính gửi", None),
            ("HẾT", None),
            ("Ông Đinh Văn Tám, tổ phó, cho biết tất cả đã xong.", None),
        ],
    )
    def test_a_signature_names_the_author(self, line: str, signed: str | None) -> None:
        assert people.signature(self.blocks("Đoạn đầu của bài.", line))[0] == signed

    def test_an_office_signs(self) -> None:
        assert people.signature(self.blocks("Một đoạn.", "Trạm Y tế phường")) == (None, "Trạm Y tế phường")

    def test_accounts_are_nobody(self) -> None:
        assert people.is_account("admin admin")
        assert people.is_account("Quản trị viên")
        assert not people.is_account("Phạm Quản")

    def test_a_line_names_the_source(self) -> None:
        assert people.source_line(self.blocks("Một đoạn.", "(Nguồn: Báo Bình Minh)")) == "Báo Bình Minh"
        assert people.source_line(self.blocks("Nguồn nước sạch đã về.")) is None


class TestFiles:
    @pytest.mark.parametrize(
        ("href", "kind"),
        [
            ("/documents/10181/22/K%E1%BA%BF+ho%E1%BA%A1ch.pdf/0a1b2c3d-0000-4000-8000-00000000000a?t=1", "pdf"),
            ("/upload/a.DOCX?download=1", "docx"),
            ("/viewer.html?file=/upload/a.pdf", "pdf"),
            ("/LinkClick.aspx?fileticket=abc&tabid=82", ""),
            ("https://drive.google.com/file/d/1AbC/preview", ""),
            ("/tin/bai-viet.html", None),
            ("/anh/a.jpg", None),
            ("/vn.pdf.html", None),
            ("javascript:void(0)", None),
            ("http://[::1", None),
            ("/x?" + "&".join(f"a{n}=1" for n in range(99)), None),
        ],
    )
    def test_the_ending_of_a_link_names_the_kind_of_file(self, href: str, kind: str | None) -> None:
        assert file_type(href) == kind

    def test_viewer_frames_give_what_they_show(self) -> None:
        assert (
            viewed_file("/pdfjs/web/viewer.html?file=%2Fupload%2Fa.pdf#page=2", URL)
            == "https://phuong.vidu.example/upload/a.pdf"
        )
        shown = viewed_file("https://docs.google.com/viewer?url=http://a.example/b.doc&embedded=true", URL)
        assert shown == "http://a.example/b.doc"
        assert viewed_file("https://www.youtube.com/embed/abc", URL) is None

    def test_each_file_once_in_order(self) -> None:
        node = tree(
            '<a href="/a.pdf">Tải về</a><iframe data-src="/b.pdf"></iframe><a href="/a.pdf">Công văn</a>'
            "<a onclick=\"downloadFile('/c.xlsx','Biểu mẫu')\" href='#'>tải</a><a href='/d.html'>trang</a>"
        )
        assert [(f.url[-6:], f.type) for f in collect([node], URL)] == [
            ("/a.pdf", "pdf"),
            ("/b.pdf", "pdf"),
            ("c.xlsx", "xlsx"),
        ]


class TestEdges:
    def clean(self, html: str, **known: str | None) -> list[str]:
        parts = {"title": None, "summary": None, "section": None, **known}
        return [b.text for b in body_edges.clean(walk(html), parts["title"], parts["summary"], parts["section"])]

    def test_what_repeats_above_the_text_goes(self) -> None:
        html = (
            "<p>Tin hoạt động</p><h1>Họp tổ dân phố</h1><p>12/3/2023</p><p>Sapo của bài viết này.</p><p>Nội dung.</p>"
        )
        assert self.clean(html, title="Họp tổ dân phố", summary="Sapo của bài viết này.") == ["Nội dung."]

    def test_the_end_is_the_end(self) -> None:
        html = "<p>Nội dung đã đủ dài để là một bài.</p><p>Đánh giá:</p><p>lượt đánh giá: ,</p><p>Online: 3</p>"
        assert self.clean(html) == ["Nội dung đã đủ dài để là một bài."]

    def test_a_heading_in_the_text_is_not_the_end(self) -> None:
        more = "<p>" + "Kết quả tốt ở cả mười một tổ dân phố của phường. " * 6 + "</p>"
        assert len(self.clean(f"<p>Mở đầu.</p><p><b>Đánh giá:</b></p>{more}")) == 3

    def test_an_article_of_files_alone_has_no_text(self) -> None:
        assert (
            self.clean('<p><a href="/a.pdf">Kế hoạch số 12</a></p><p>Tệp đính kèm: <a href="/b.doc">b.doc</a></p>')
            == []
        )

    def test_a_link_to_a_file_beside_text_stays(self) -> None:
        html = '<p>Phường thông báo lịch tiêm.</p><p><a href="/a.pdf">Kế hoạch số 12</a></p>'
        assert self.clean(html) == ["Phường thông báo lịch tiêm.", "Kế hoạch số 12"]

    def test_headlines_at_the_end_go_and_a_single_link_stays(self) -> None:
        links = "".join(f'<p><a href="/tin/{n}.html">Một bản tin khác của phường {n}</a></p>' for n in range(3))
        assert self.clean(f"<p>Nội dung của bài.</p>{links}") == ["Nội dung của bài."]
        assert (
            len(self.clean('<p>Nội dung.</p><p>Xem tại đây: <a href="http://a.example/b">http://a.example/b</a></p>'))
            == 2
        )


class TestNeighbours:
    def test_a_list_behind_the_text_is_cut_with_its_heading(self) -> None:
        items = "".join(
            f'<h4><a href="/t/{n}.html">Một bản tin khác {n} của phường</a></h4><p>Đoạn dẫn.</p>' for n in range(3)
        )
        blocks = walk(f"<p>{'Nội dung của bài viết. ' * 9}</p><h3>Tin nổi bật</h3>{items}")
        assert neighbours.cut_at_neighbours(blocks, 0, len(blocks), URL) == 1

    def test_the_signature_above_a_list_stays(self) -> None:
        items = "".join(
            f'<p><a href="/t/{n}.html">Một bản tin khác {n} của phường</a><br>Đoạn dẫn.</p>' for n in range(3)
        )
        blocks = walk(f"<p>Nội dung của bài viết.</p><p align=right><b>Lê Thu</b></p>{items}")
        assert neighbours.cut_at_neighbours(blocks, 0, len(blocks), URL) == 2

    def test_one_link_is_no_list(self) -> None:
        blocks = walk('<p>Nội dung.</p><p><a href="/t/1.html">Một bản tin khác của phường</a></p><p>Thêm.</p>')
        assert neighbours.cut_at_neighbours(blocks, 0, len(blocks), URL) == 3


class TestListings:
    def test_a_linked_heading_heads_another_article(self) -> None:
        other, own = walk('<h3><a href="/tin/khac.html">Một bản tin khác của phường</a></h3>')[0], URL
        assert listings.heads_another(other, own)
        same = walk(f'<h1><a href="{URL}">Chính bản tin này của phường</a></h1>')[0]
        assert not listings.heads_another(same, own)
        assert not listings.heads_another(walk('<h1><a href="/">Phường Hoa Lư thân yêu</a></h1>')[0], own)

    def test_the_address_of_an_article_is_known_from_a_lists(self) -> None:
        assert listings.names_an_article(URL)
        assert not listings.names_an_article("https://a.example/tin-tuc-su-kien")


class TestPictures:
    def test_lazy_and_plain_sources_and_decoration(self) -> None:
        images = walk(
            '<p><img src="/logo.png"><img data-src="/a.jpg" src="data:image/gif;base64,R"><img src="/b.jpg" width="20">'
            '<img src="/c.jpg"></p>'
        )
        assert [i.url[-6:] for i in pictures.collect(images, URL)] == ["/a.jpg", "/c.jpg"]

    def test_a_picture_has_its_caption(self) -> None:
        html = (
            '<figure><img src="/a.jpg"><figcaption>Chú thích một</figcaption></figure>'
            '<p align=center><img src="/b.jpg"><br><i>Chú thích hai</i></p>'
            '<p><img src="/c.jpg"></p><p>Đoạn văn thường.</p>'
        )
        found = pictures.collect(walk(html), URL)
        assert [i.caption for i in found] == ["Chú thích một", "Chú thích hai", None]


def test_the_name_of_an_element_says_what_it_holds() -> None:
    assert named("main-menu") & CHROME
    assert named("news_content") & BODY
    assert named("sapo") & SUMMARY
    assert named("post-date") & DATE
    assert named("tac-gia") & AUTHOR
    assert named("entry-title") & TITLE
    assert not named("container wrapper x12")

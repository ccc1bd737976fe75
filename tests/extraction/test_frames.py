"""Frames that hold an article's text: which are asked for, and the page with them."""

import pytest

from crawler.extraction import extract_article, frames

URL = "http://a.test/tin/bai-1.html"
TEXT = (
    "<p>Bà con tổ 5 cùng nhau dọn cỏ quanh nhà văn hóa, ai cũng mang theo cuốc và chổi từ sáng sớm chủ nhật.</p>"
    "<p>Ông Lê Văn Tám, tổ trưởng, cho biết hơn bốn mươi người đã tham gia và dọn được hai xe rác đầy.</p>"
    "<p>Tuần sau tổ sẽ trồng thêm hoa mười giờ dọc lối vào, cây giống do các hộ trong ngõ đóng góp.</p>"
)


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ('<iframe src="/khung/1.html?x=1&amp;y=2"></iframe>', ["http://a.test/khung/1.html?x=1&y=2"]),
        ('<IFRAME width=9 SRC=../khung/1.html></IFRAME><iframe src="/menu.html">', ["http://a.test/khung/1.html"]),
        ('<frameset><frame src="/menu.html"></frameset>', ["http://a.test/menu.html"]),
        ('<iframe src="https://www.youtube.com/embed/x"></iframe>', []),
        ('<iframe src="/viewer?file=/upload/a.pdf"></iframe><iframe src="/a.pdf"></iframe>', []),
        ('<iframe src="/quang-cao/1.html"></iframe><iframe src="about:blank"></iframe><iframe></iframe>', []),
        (f'<h1>Dọn cỏ quanh nhà văn hóa tổ 5</h1>{TEXT}<iframe src="/khung/1.html"></iframe>', []),
    ],
)
def test_a_page_without_text_names_its_frames_of_the_same_host(source, named):
    assert frames.holding_text(f"<html><body>{source}</body></html>".encode(), URL, None, None) == named


def test_what_a_frame_shows_stands_in_its_place_with_links_that_still_lead_there():
    head = '<h1>Dọn cỏ quanh nhà văn hóa tổ 5</h1><div class="ngay">Ngày đăng: 05/09/2025 08:10</div>'
    outer = f'{head}<iframe src="/k/1.html">'
    inner = f'<base href="http://[x"><body>{TEXT}<p><img src="le.jpg"></p><a href="don.pdf">Đơn</a></body>'
    page = frames.filled(
        outer.encode(), URL, None, {"http://a.test/k/1.html": ("http://a.test/k/1.html", inner.encode(), None)}
    )
    article = extract_article(page, URL)
    assert (article.title, article.published_at) == ("Dọn cỏ quanh nhà văn hóa tổ 5", "2025-09-05T08:10+07:00")
    assert article.body.count("\n\n") >= 2 and "hoa mười giờ" in article.body
    assert [image.url for image in article.images] == ["http://a.test/k/le.jpg"]
    assert [file.url for file in article.attachments] == ["http://a.test/k/don.pdf"]


@pytest.mark.parametrize(
    "inner", [b"", b"\x00\xff\xfe", b"<frameset>", b"<title>\x01", b"<a href='http://[x'>", b"%PDF-1.4"]
)
@pytest.mark.parametrize(
    "outer", [b"", b"<frameset><frame src='/k'>", b"<iframe src='/k'>", b"<base href='http://[x'><iframe src='/k'>"]
)
def test_no_page_in_a_frame_raises(inner, outer):
    assert isinstance(frames.filled(outer, URL, None, {"http://a.test/k": ("http://a.test/k", inner, "utf-16")}), bytes)

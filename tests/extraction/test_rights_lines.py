"""Lines of pages that speak of reuse: what is taken for one, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.rights_lines import MOST, rights_lines

NEWS = "<p>Sáng 12/3, UBND phường tổ chức hội nghị triển khai nhiệm vụ quý hai.</p>" * 40
SAID = [
    "® Ghi rõ nguồn: “Cổng thông tin điện tử phường A” khi phát hành lại thông tin từ nguồn này.",
    "Đề nghị ghi rõ nguồn khi sử dụng lại thông tin trên trang này",
    "Yêu cầu ghi rõ nguồn khi phát hành lại thông tin từ website này.",
    "(*) Vui lòng trích dẫn nguồn khi sử dụng lại nội dung",
    "Khi sử dụng lại thông tin, đề nghị ghi rõ nguồn Cổng thông tin phường A",
    "De nghi ghi ro nguon khi phat hanh lai thong tin",
    "Bản quyền thuộc về Ủy ban nhân dân phường A",
    "Bản quyền © 2020 UBND phường A. Bảo lưu toàn quyền",
    "© 2024 UBND phường A",
    "Copyright © 2019 phuong-a.gov.vn. All rights reserved.",
    "UBND phường A giữ bản quyền nội dung trên website này",
    "Nghiêm cấm sao chép dưới mọi hình thức",
    "Mọi hành vi sao chép nội dung phải được sự đồng ý bằng văn bản của Ban biên tập",
]
NOT_SAID = [
    "Vi phạm bản quyền phần mềm tại Việt Nam tiếp tục giảm",
    "Hàng hóa phải ghi rõ nguồn gốc, xuất xứ trước khi bán",
    "Các khoản chi cần ghi rõ nguồn vốn được giao trong năm",
    "Thu hồi một số giấy phép cung cấp dịch vụ viễn thông",
    "Trang tin bị phạt vì lấy bài của báo khác mà không xin phép",
    "Nguồn: Báo Hà Nội Mới",
    "Người dân được cấp lại giấy chứng nhận quyền sử dụng đất",
    "© 24",
]


def page(footer, before=NEWS, head=""):
    return (
        f"<html><head>{head}</head><body><div class='list'>{before}</div><div id='footer'>{footer}</div></body></html>"
    )


@pytest.mark.parametrize("line", SAID)
@pytest.mark.parametrize(
    "around", ["<p>{}</p>", "<p>Địa chỉ: số 1 phố B<br/>{}<br>Điện thoại: 1</p>", "<td><b>{}</b></td>"]
)
def test_a_footer_is_read(line, around):
    assert rights_lines(page(around.format(line))) == [line]


@pytest.mark.parametrize("line", NOT_SAID)
def test_what_speaks_of_something_else_is_left_out(line):
    assert rights_lines(page(f"<p>{line}</p>")) == []


@pytest.mark.parametrize("line", SAID)
@pytest.mark.parametrize("news", [
    "<div class='item'><h3><a href='/tin-1.html'>{}</a></h3></div>",
    "<div class='item'><h3><a href='/tin-1.html'>Tin</a></h3><p>{}</p></div>",
    "<li><a href='/tin-1.html'>{}</a></li>",
    "<article><p>{}</p></article>",
    "<div class='asset-summary'>{}</div>",
])  # fmt: skip
def test_a_headline_or_teaser_is_no_evidence(line, news):
    html = f"<html><body>{NEWS}{news.format(line)}<p>Điện thoại: 1</p></body></html>"
    assert rights_lines(html) == []


@pytest.mark.parametrize("line", SAID)
def test_a_line_outside_footers_counts_near_the_end_only(line):
    assert rights_lines(f"<html><body>{NEWS}<div><p>{line}</p></div></body></html>") == [line]
    assert rights_lines(f"<html><body><div><p>{line}</p></div>{NEWS}</body></html>") == []


def test_what_the_head_declares_comes_first():
    head = '<meta name="copyright" content="UBND phường A"><link rel="license" href="https://a.vn/giay-phep">'
    assert rights_lines(page(f"<p>{SAID[0]}</p>", head=head)) == [
        "meta copyright: UBND phường A", "rel=license: https://a.vn/giay-phep", SAID[0],
    ]  # fmt: skip


def test_scripts_comments_and_what_is_too_long_say_nothing():
    hidden = f"<!-- {SAID[0]} --><script>var a = '{SAID[6]}'</script><style>/* {SAID[8]} */</style>"
    assert rights_lines(page(hidden)) == []
    assert rights_lines(page(f"<!-- a --><p>{SAID[0]}</p><!-- b -->")) == [SAID[0]]
    assert rights_lines(page(f"<p>{SAID[0]} {'chữ ' * 150}</p>")) == []
    assert len(rights_lines(page("".join(f"<p>© 2024 UBND phường {n}</p>" for n in range(30))))) == MOST


@given(st.text(max_size=300), st.sampled_from(SAID))
def test_nothing_that_a_page_holds_is_an_error(noise, line):
    for html in (noise, page(f"{noise}<p>{line}"), f"{noise}<div id=footer>{noise}{line}"):
        assert all(isinstance(found, str) and found.strip() == found for found in rights_lines(html))

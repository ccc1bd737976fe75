"""Newspapers' themes: the stamp beside a category, boxes of related news around and in the text, keywords under it."""

import itertools

import pytest

from crawler.extraction import extract_article

URL = "https://bao.test/xa-hoi/cau-treo-qua-suoi-lon-1300.html"
LEAD = "Cây cầu dài 62 mét thay cho bến đò ngang đã phục vụ bà con ba thôn suốt hai mươi năm."
PARAGRAPHS = [
    "Chiều 8/10, xã Bình Sơn khánh thành cây cầu treo nối thôn Thượng với thôn Hạ, sau mười một tháng thi công.",
    "Công trình do nhân dân đóng góp ngày công, phần thép và xi măng do một quỹ thiện nguyện tài trợ toàn bộ.",
    "Ông Hồ Văn Lữ, trưởng thôn Thượng, nói từ nay học sinh không còn phải nghỉ học mỗi khi nước lũ về.",
    "Cây cầu có thể chịu tải ba tấn và rộng hai mét.",
]
_ONE = '<a href="/xa-hoi/ben-do-1200.html">Bến đò cũ ngày cuối cùng chở khách</a>'
_TWO = '<a href="/xa-hoi/thon-da-1201.html">Thêm đường bê tông về thôn Đá Bạc</a>'

BOXES = {
    "none": "",
    "a list": f"<div class='rel'><p>Tin liên quan</p><ul><li><h2>{_ONE}</h2></li><li><h2>{_TWO}</h2></li></ul></div>",
    "headings": f"<div class='zz'><h3>Tin liên quan</h3><h3>{_ONE}</h3><h3>{_TWO}</h3></div>",
    "one heading": f"<div class='zz'><h3>{_ONE}</h3></div>",
    "cards": f"<div class='zz'><div>TIN LIÊN QUAN</div><article><a href='/xa-hoi/ben-do-1200.html'><img src='/1'></a>"
    f"<h4>{_ONE}</h4></article><article><h4>{_TWO}</h4></article></div>",
    "with times": f"<div class='zz'><p>Tin liên quan</p><h4>{_ONE}</h4><time>10:00 01/02/2018</time><h4>{_TWO}</h4>"
    "<time>11:00 05/02/2018</time></div>",
    "with teasers": f"<div class='zz'><p>Tin liên quan</p><h4>{_ONE}</h4><p>Sau hai mươi năm chở khách bến đã nghỉ.</p>"
    f"<h4>{_TWO}</h4><p>Con đường dài một cây số giúp bà con đi lại thuận tiện.</p></div>",
    "plain links": f"<div class='zz'><b>Tin liên quan:</b><p>{_ONE}</p><p>{_TWO}</p></div>",
    "a table": f"<table class='rl'><tr><td><h3>Tin liên quan</h3><h2>{_ONE}</h2><h2>{_TWO}</h2></td></tr></table>",
}  # fmt: skip
TAGS = {
    "beside": "<div class='zt'><span>Từ khóa:</span> <a href='/t/1'>cầu treo</a> <a href='/t/2'>Bình Sơn</a></div>",
    "a list": "<div class='zt'><h3>Từ khóa</h3><ul><li><a href='/t/1'>cầu treo</a></li><li><a href='/t/2'>Bình Sơn</a>"
    "</li></ul></div>",
    "a line": "<p>Từ khóa: cầu treo, Bình Sơn</p>",
}
STAMPS = {
    "time first": ("<p class='m'><a href='/xa-hoi'>Xã hội</a> 20:00 08-Oct-2019</p>", "2019-10-08T20:00+07:00"),
    "with a bar": ("<p class='m'><a href='/xa-hoi'>Xã hội</a> 20:00 | 08/10/2019</p>", "2019-10-08T20:00+07:00"),
    "in the head": (
        "<div class='detail-top'><a href='/xa-hoi'>Xã hội</a> <time datetime='2019-10-08T20:00:00+07:00'>08/10/2019"
        " 20:00</time></div>",
        "2019-10-08T20:00+07:00",
    ),
    "in the breadcrumb": (
        "<div class='breadcrumb'><a href='/xa-hoi'>Xã hội</a> | <time datetime='2019-10-08T20:00'>Thứ Ba, 08/10/2019"
        "</time></div>",
        "2019-10-08T20:00+07:00",
    ),
    "said by the attribute alone": (
        "<div class='m'><a href='/xa-hoi'>Xã hội</a> <time datetime='2019-10-08T20:00:00'></time></div>",
        "2019-10-08T20:00+07:00",
    ),
}


def read(
    stamp: str, lead_box: str = "", inner_box: str = "", tags: str = "", *, below: bool = True, box: str = "article"
):
    title = "<h1 class='tt'>Xã Bình Sơn khánh thành cầu treo qua suối Lớn</h1>"
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS[:2]) + inner_box
    text += "".join(f"<p>{line}</p>" for line in PARAGRAPHS[2:]) + "<p><strong>Hoài Phương</strong></p>"
    page = f"""<!DOCTYPE html><html><head>
<title>Xã Bình Sơn khánh thành cầu treo qua suối Lớn | Báo Trung</title>
</head>
<body><header><div class="top"><span class="clock">Thứ Hai, 30/11/2026 16:20</span><a href="/">Báo Trung</a></div>
<nav><ul><li><a href="/thoi-su">Thời sự</a></li><li><a href="/xa-hoi">Xã hội</a></li></ul></nav></header>
<main><{box} class="cc">{title + stamp if below else stamp + title}<h2 class="sapo">{LEAD}</h2>{lead_box}
<div class="cms-body">{text}{tags}</div>
<div class="more"><h3>Tin cùng chuyên mục</h3>
<h4><a href="/x-1.html">Hội chợ nông sản cuối năm mở cửa</a></h4></div></{box}>
</main><footer><p>Báo Trung. Giấy phép 55/GP-BTTTT ngày 11/07/2017</p></footer></body></html>"""
    return extract_article(page.encode(), URL)


@pytest.mark.parametrize("box", ["article", "div"])
@pytest.mark.parametrize("below", [True, False], ids=["below", "above"])
@pytest.mark.parametrize("kind", STAMPS)
def test_a_stamp_beside_its_category_is_the_date(kind, below, box):
    stamp, when = STAMPS[kind]
    article = read(stamp, below=below, box=box)
    assert article.published_at == when
    assert article.author == "Hoài Phương"


@pytest.mark.parametrize(("lead", "inner"), list(itertools.product(BOXES, BOXES)))
def test_related_news_cost_no_text_and_are_none(lead, inner):
    article = read(STAMPS["time first"][0], BOXES[lead], BOXES[inner], TAGS["beside"])
    assert article.reason is None and article.summary == LEAD
    assert article.body.split("\n\n") == [*PARAGRAPHS, "Hoài Phương"]
    assert article.published_at == "2019-10-08T20:00+07:00"


@pytest.mark.parametrize("kind", TAGS)
def test_keywords_under_the_text_are_none_of_it(kind):
    article = read(STAMPS["time first"][0], tags=TAGS[kind])
    assert article.body.split("\n\n") == [*PARAGRAPHS, "Hoài Phương"]
    assert article.author == "Hoài Phương"


def test_a_heading_of_keywords_with_text_under_it_stays():
    text = "<h3>Từ khóa</h3><p>Đổi mới, sáng tạo và trách nhiệm là ba từ khóa mà xã chọn cho năm tới.</p>"
    assert "Từ khóa\n\nĐổi mới" in read(STAMPS["time first"][0], inner_box=text).body

"""Pictures that are no plain `<img src>`: read where a reader sees them, with their captions."""

import pytest

from crawler.extraction import extract_article

URL = "http://anvinh.test/tin/khai-giang-1.html"
PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Khai giảng năm học mới ở An Vĩnh</title>
</head>
<body><div class="chi-tiet">
<h1>Khai giảng năm học mới ở An Vĩnh</h1><div class="ngay">Ngày đăng: 05/09/2025 08:10</div>
<div class="noi-dung"><p>Sáng nay, trường tiểu học An Vĩnh tổ chức lễ khai giảng với đông đảo phụ huynh và học sinh.</p>
%s<p>Năm học này trường có 24 lớp với hơn 800 học sinh, phòng học đã được sửa chữa và quét vôi lại trong mùa hè.</p>
</div></div></body></html>"""
BLANK = 'src="data:image/gif;base64,R0lGODlhAQABAAAAACw="'
LARGE = "http://anvinh.test/upload/le.jpg"


def pictures(source):
    return [(image.url, image.caption) for image in extract_article((PAGE % source).encode(), URL).images]


@pytest.mark.parametrize(
    "source",
    [
        '<p><img srcset="/upload/le-3.jpg 300w, /upload/le.jpg 1200w"></p>',
        '<p><img srcset="\n/upload/le-3.jpg 1x,/upload/le.jpg 2x\n"></p>',
        f'<p><img {BLANK} data-srcset="/upload/le-3.jpg 300w,/upload/le.jpg 900w"></p>',
        f'<p><img {BLANK} data-lazy-src="/upload/le.jpg"></p>',
        f'<p><img {BLANK} original="/upload/le.jpg"></p>',
        '<picture><source srcset="/upload/le.jpg 1200w, /upload/le-6.jpg 600w"></picture>',
        f'<picture><source data-srcset="/upload/le.jpg 900w"><img {BLANK}></picture>',
        '<p><noscript><img src="/upload/le.jpg"></noscript></p>',
        f'<p><noscript><img src="/upload/le.jpg"></noscript><img class="lazy" {BLANK}></p>',
        '<amp-img src="/upload/le.jpg" width="900" height="600"></amp-img>',
        '<div class="anh" style="background: #fff url(&quot;/upload/le.jpg&quot;) no-repeat; height: 400px"></div>',
        r'<p><img src="\upload\le.jpg"></p>',
        r'<p><img src="http:\\anvinh.test\upload\le.jpg"></p>',
        '<p><img src="\n/upl\noad/le.jpg\n"></p>',
    ],
)
def test_a_picture_is_found_once_and_the_largest_is_taken(source):
    assert [url for url, _ in pictures(source)] == [LARGE]


@pytest.mark.parametrize(
    "inside",
    [
        '<picture><source data-srcset="/upload/le.jpg 1200w"><img alt=""></picture>',
        f'<img {BLANK}><noscript><img srcset="/upload/le-3.jpg 300w, /upload/le.jpg 900w"></noscript>',
        '<div style="background-image: url(/upload/le.jpg)"></div>',
        '<div class="lazy" data-bg="/upload/le.jpg"></div>',
        '<noscript><img src="/upload/le.jpg"></noscript>',
    ],
)
def test_a_figure_s_picture_keeps_its_caption(inside):
    assert pictures(f"<figure>{inside}<figcaption>Lễ khai giảng</figcaption></figure>") == [(LARGE, "Lễ khai giảng")]
    style = 'style="background-image:url(/upload/le.jpg)"'
    assert pictures(f"<figure {style}><figcaption>Lễ</figcaption></figure>") == [(LARGE, "Lễ")]


@pytest.mark.parametrize(
    "source",
    [
        '<p style="background: url(/upload/nen.jpg)">Nhà trường mời phụ huynh tới dự đầy đủ.</p>',
        '<div class="anh" style="background: linear-gradient(red, blue)"></div>',
        '<a class="thumb" href="/tin/khac-2.html" style="background-image:url(/upload/khac.jpg)"></a>',
        '<noscript><img height="1" width="1" src="https://www.facebook.com/tr?id=1&noscript=1"></noscript>',
        "<picture></picture>",
    ],
)
def test_what_only_decorates_is_no_picture(source):
    assert pictures(source) == []

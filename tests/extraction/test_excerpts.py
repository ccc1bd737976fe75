"""Excerpts of feeds and APIs beside the whole text: an editor's is the summary, a cut text is none."""

import json

import pytest
from scrapy.http import TextResponse

from crawler.extraction.isolation import isolate
from crawler.extraction.rules.summaries import is_written
from spiders.fingerprint import platforms

TITLE = "Khai giảng năm học mới tại trường An Vĩnh"
TEXT = (
    "Sáng nay, trường tiểu học An Vĩnh tổ chức lễ khai giảng với sự có mặt của đông đảo phụ huynh và học sinh.",
    "Năm học này trường có 24 lớp với hơn 800 học sinh, phòng học đã được sửa chữa và quét vôi lại trong mùa hè.",
    "Cô hiệu trưởng mong phụ huynh cùng nhà trường giữ cổng trường thông thoáng vào giờ tan học buổi chiều.",
)
WORDS = " ".join(TEXT).split()
PAGE = (
    f'<html><head><meta charset="utf-8"><title>{TITLE}</title></head><body class="single">'
    '<main><article class="type-post">'
    f'<h1 class="entry-title">{TITLE}</h1><time datetime="2025-09-05T08:10:00+07:00">5/9</time>'
    f'<div class="entry-content">{"".join(f"<p>{line}</p>" for line in TEXT)}</div></article></main></body></html>'
)
WRITTEN = (
    "Hơn 800 học sinh bước vào năm học mới với phòng học vừa được sửa chữa.",
    "Trống trường đã điểm.",
    "Ngôi trường nhỏ ven sông rộn ràng đón lứa trò mới, và còn nhiều điều thú vị…",
)
CUT = (
    f"{' '.join(WORDS[:40])} […]",
    f"{' '.join(WORDS[:40])}…",
    f"{' '.join(TEXT)[:150]}...",
    f"{' '.join(WORDS[:20])}… Đọc tiếp {TITLE}",
    TEXT[0],
    "Trường An Vĩnh […]",
)


def read(excerpt, *, written):
    return isolate(
        PAGE.encode(), "https://a.test/khai-giang/", layout=platforms()["wordpress"].layout, listed=TITLE,
        listed_summary=excerpt, summary_is_written=written,
    )  # fmt: skip


def of_api(excerpt):
    post = {
        "link": "https://a.test/khai-giang/", "title": {"rendered": TITLE}, "date": "2025-09-05T08:10:00",
        "content": {"rendered": "".join(f"<p>{line}</p>\n" for line in TEXT)},
        "excerpt": {"rendered": f"<p>{excerpt}</p>"},
    }  # fmt: skip
    response = TextResponse("https://a.test/wp-json/wp/v2/posts", body=json.dumps([post]).encode())
    return platforms()["wordpress"].read_data(response).entries[0][1]


def of_feed(excerpt):
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    more = '<p>The post <a href="/x">Khai giảng</a> appeared first on <a href="/">An Vĩnh</a>.</p>'
    item = (
        f"<title>{TITLE}</title><link>/khai-giang/</link><description><![CDATA[<p>{excerpt}</p>{more}]]></description>"
        f"<content:encoded><![CDATA[{text}{more}]]></content:encoded>"
    )
    source = (
        f'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>{item}</item></channel></rss>'
    )
    response = TextResponse("https://a.test/feed/", body=source.encode())
    return platforms()["wordpress"].read_data(response).entries[0][1]


@pytest.mark.parametrize("source", [of_api, of_feed])
@pytest.mark.parametrize("excerpt", WRITTEN)
def test_what_an_editor_wrote_is_the_summary_and_not_in_the_body(source, excerpt):
    listed = source(excerpt)
    assert (listed.summary, listed.summary_is_written) == (excerpt, True)
    article = read(listed.summary, written=True)
    assert article.summary == excerpt and article.body == "\n\n".join(TEXT)


@pytest.mark.parametrize("source", [of_api, of_feed])
@pytest.mark.parametrize("excerpt", CUT)
def test_a_text_that_was_cut_off_is_no_summary(source, excerpt):
    listed = source(excerpt)
    assert not listed.summary_is_written
    article = read(listed.summary, written=False)
    assert article.summary is None and article.body == "\n\n".join(TEXT)


def test_without_the_text_beside_it_nothing_is_known_of_an_excerpt():
    assert is_written(WRITTEN[0], " ".join(TEXT)) and not is_written("", "") and not is_written("Tin", "Khác")
    assert read("Trống trường đã điểm.", written=False).summary is None

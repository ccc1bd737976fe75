"""The contract: what callers may rely on, whatever the page."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.dates import DateCandidate
from crawler.extraction import Layout, Reason, apply_publication, extract_article, isolate
from crawler.extraction.layout import has_class
from spiders.platforms import layout_named

URL = "https://phuong.vidu.example/tin/hop-to-dan-pho-so-ba-thang-sau-12345.html"
TEXT = "Tối qua, tổ dân phố số 3 họp bàn việc sửa đường và góp quỹ khuyến học cho năm học mới."
PAGE = f"""<html lang="en"><head><meta charset="utf-8"><title>Họp tổ dân phố số 3 - Phường Hoa Lư</title>
<link rel="canonical" href="/tin/hop.html"></head><body><h1>LIÊN KẾT WEBSITE</h1>
<div class="khung"><div class="ten">Họp tổ dân
phố số 3</div><div class="khi">12/06/2023 | 12:00 AM</div><div class="chu"><p>{TEXT}</p><h2>Việc đã bàn</h2><ul><li>Sửa
đường</li><li>Góp <b>quỹ</b></li></ul>
<p><a href="/a_(1).html">Xem *thêm* ở đây</a> và <img src="/anh/hop.jpg" alt="Họp"></p>
</div><div class="nguoi">admin</div></div></body></html>"""
LAYOUT = Layout(
    name="thu",
    container=(f"//div[{has_class('khung')}]",),
    body=(f".//div[{has_class('chu')}]",),
    title=(f".//div[{has_class('ten')}]",),
    date=(f".//div[{has_class('khi')}]",),
    author=(f".//div[{has_class('nguoi')}]",),
)


def test_a_layout_says_where_everything_stands() -> None:
    article = extract_article(PAGE.encode(), URL, platform=LAYOUT)
    assert article.title == "Họp tổ dân phố số 3"
    assert article.body.split("\n\n")[:4] == [TEXT, "Việc đã bàn", "Sửa đường", "Góp quỹ"]
    assert article.author is None
    assert article.canonical_url == "https://phuong.vidu.example/tin/hop.html"
    assert article.language == "vi"
    assert (article.published_at, article.published_precision, article.published_from) == ("2023-06-12", "day", "page")


def test_markdown_keeps_the_structure() -> None:
    text = extract_article(PAGE.encode(), URL, platform=LAYOUT).markdown
    assert "## Việc đã bàn" in text
    assert "- Sửa đường\n- Góp **quỹ**" in text
    assert "[Xem \\*thêm\\* ở đây](https://phuong.vidu.example/a_%281%29.html)" in text
    assert "![Họp](https://phuong.vidu.example/anh/hop.jpg)" in text


def test_a_page_without_the_container_goes_the_generic_way_and_says_so() -> None:
    article = extract_article(PAGE.encode(), URL, platform=replace(LAYOUT, container=("//article[@id='x']",)))
    assert TEXT in article.body
    assert any("no container of thu" in note for note in article.notes)


def test_the_two_stages_are_the_whole() -> None:
    whole = extract_article(PAGE.encode(), URL, platform=LAYOUT)
    assert apply_publication(isolate(PAGE.encode(), URL, layout=LAYOUT)) == whole


def test_isolate_chooses_no_date() -> None:
    article = isolate(PAGE.encode(), URL, layout=LAYOUT)
    assert article.published_at is None
    assert DateCandidate("12/06/2023 | 12:00 AM", "page") in article.date_candidates


def test_the_dictionary_is_json() -> None:
    record = json.loads(json.dumps(extract_article(PAGE.encode(), URL).to_dict()))
    assert record["published_at"]
    assert record["reason"] is None
    assert record["images"] == [{"url": "https://phuong.vidu.example/anh/hop.jpg", "caption": None}]


def test_misuse_raises_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"unknown platform 'khong-co'; known: .*hanoi_liferay62"):
        layout_named("khong-co")
    with pytest.raises(TypeError, match=r"spiders\.platforms\.layout_named\('hanoi_liferay62'\)"):
        extract_article(b"", URL, platform="hanoi_liferay62")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time zone"):
        extract_article(b"", URL, fetched_at=datetime(2023, 1, 1))  # noqa: DTZ001
    with pytest.raises(TypeError):
        extract_article("chữ", URL)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        extract_article(b"", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        extract_article(b"", URL, platform=3)  # type: ignore[arg-type]
    assert extract_article(b"", URL, fetched_at=datetime.now(UTC)).reason is Reason.EMPTY_PAGE


def test_importing_costs_next_to_nothing() -> None:
    code = "import sys, crawler.extraction; "
    code += "print([m for m in ('lxml', 'trafilatura', 'scrapy', 'viparse') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("", Reason.EMPTY_PAGE),
        ("<html><body> </body></html>", Reason.EMPTY_PAGE),
        ('{"id": 1, "content": "<p>a</p>"}', Reason.NOT_HTML),
        ('<?xml version="1.0"?><rss></rss>', Reason.NOT_HTML),
        ("%PDF-1.7 x", Reason.NOT_HTML),
        ("chỉ là chữ", Reason.NOT_HTML),
        ("<title>Just a moment...</title><p>Checking your browser before accessing</p>", Reason.ANTIBOT),
        ("<html><body>Access Denied by Viettel WAF</body></html>", Reason.ANTIBOT),
        ('<script>document.cookie="D1N=00ff";location.reload()</script>', Reason.ANTIBOT),
        ("<title>404 Not Found</title><h1>Not Found</h1>", Reason.ERROR_PAGE),
        ("<title>Lỗi 404 - Phường</title><p>Trang không tồn tại</p>", Reason.ERROR_PAGE),
        ("<title>HTTP Status 500 – Internal Server Error</title><p>Type Exception Report</p>", Reason.ERROR_PAGE),
        ("<title>Đăng nhập</title><form><input name=u><input type=password></form>", Reason.LOGIN),
        (
            "<title>Được bảo vệ: Văn bản</title><h1>Được bảo vệ: Văn bản</h1>"
            '<form class="post-password-form">Nội dung này '
            "được bảo mật.<input type=password></form>",
            Reason.PASSWORD_PROTECTED,
        ),
    ],
)
def test_a_page_without_an_article_has_the_reason(html: str, reason: Reason) -> None:
    article = extract_article(html.encode(), URL)
    assert article.reason is reason
    assert article.body == ""


def test_an_article_about_errors_is_an_article() -> None:
    title = "Cảnh báo lỗi 404 giả mạo để lừa đảo"
    html = f"<title>{title} - Phường</title><h1>{title}</h1><p>{TEXT}</p>"
    assert extract_article(html.encode(), URL).body == TEXT

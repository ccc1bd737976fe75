"""trafilatura as the second reader: what it finds where our own rules found nothing or far too little."""

import pytest

from crawler.doubts import DoubtKind
from crawler.extraction import Article, isolate, second_reader
from crawler.extraction.observe import Observer
from crawler.extraction.tree import parse
from crawler.profile import SiteProfile

TEXTS = (
    "Sáng thứ sáu, phường Bến Nứa khánh thành cây cầu gỗ dài bốn mươi mét qua rạch Ông Tám sau hai tháng thi công.",
    "Cầu do bà con hai khu phố góp công dựng, thay cho cây cầu khỉ đã mục mà học sinh phải qua mỗi ngày hai lượt.",
    "Chủ tịch phường cảm ơn các hộ đã hiến đất làm đường dẫn và mong cây cầu được giữ gìn lâu dài, sạch đẹp.",
)
PAGE = (
    f"<html><head><title>Cầu gỗ</title></head><body><main>{''.join(f'<p>{t}</p>' for t in TEXTS)}</main></body></html>"
)
FOOTER = (
    "<html><body><div><p>Trang thông tin điện tử phường Bến Nứa</p><p>Địa chỉ: số 9 đường Bờ Rạch</p>"
    "<p>Điện thoại: 0270 000 111</p></div></body></html>"
)
URL = "http://bennua.phuong.test/tin/cau-go-311.html"


def completed(page, promised="", profile=None, **values):
    article = Article(URL, title="Cầu gỗ qua rạch Ông Tám", **values)
    second_reader.complete(article, parse(page)[0], promised, profile or SiteProfile())
    return article


def test_a_text_that_we_lost_is_taken_and_the_notes_say_so():
    article = completed(PAGE)
    assert article.body == "\n\n".join(TEXTS) and article.doubts == []
    assert article.notes == ["text found by trafilatura, not by our own rules"]


def test_a_footer_is_never_taken_for_a_text():
    assert (completed(FOOTER).body, completed(FOOTER).notes) == ("", [])


def test_files_and_pictures_promise_no_text():
    from crawler.extraction.article import Attachment

    assert completed(PAGE, attachments=[Attachment("http://a.test/a.pdf", "a.pdf", "pdf")]).body == ""


@pytest.mark.parametrize(
    ("promised", "profile"),
    [(" ".join(TEXTS), None), ("", SiteProfile(articles=20, length=2400))],
    ids=["list", "site"],
)
def test_a_text_far_shorter_than_promised_stays_and_is_doubted(promised, profile):
    article = completed(PAGE, promised, profile, body="Cầu đã xong.")
    assert article.body == "Cầu đã xong."
    ((field, kind),) = {(doubt.field, doubt.kind) for doubt in article.doubts}
    assert (field, kind) == ("body", DoubtKind.READERS_DIFFER)


def test_a_text_that_is_long_enough_is_not_read_twice(monkeypatch):
    monkeypatch.setattr(second_reader, "paragraphs", lambda root: pytest.fail("read twice"))
    completed(PAGE, "Cầu gỗ", SiteProfile(articles=20, length=900), body=" ".join(TEXTS))


def test_reading_along_changes_nothing_and_says_how_far_both_agree():
    page = PAGE.replace("<main>", "<h1>Cầu gỗ qua rạch Ông Tám</h1><p>12/05/2025</p><main class='noi-dung'>")
    observer = Observer(reads_along=True)
    article = isolate(page.encode(), URL, observer=observer)
    assert article == isolate(page.encode(), URL)
    assert observer.agreement is not None and observer.agreement > 0.9
    assert second_reader.parts_ways(0.2) and not second_reader.parts_ways(observer.agreement)

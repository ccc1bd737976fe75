"""Variants of what testers found wrong: other elements, labels, orders and separators, each with its right answer."""

from typing import Any

import pytest

from crawler.dates import parse_date
from crawler.extraction import Article, extract_article
from crawler.profile.dates import order
from crawler.profile.observation import Observation, ShownDate
from tests.extraction.test_whole_articles import FIRST, IMPRINT, MENU, OTHER, SECOND, TEXT, THIRD, TITLE, URL, text_of

MOMENT = "2024-06-06T08:15"
DATE = "<p>06/06/2024 08:15</p>"
SAPO = "Lớp học kéo dài tám tuần và không thu tiền của phụ huynh."
BOX = "<div class='hop'><h3>Liên kết</h3><a href='http://khac.test/'>Báo tỉnh bạn</a></div>"


def page(inside: str, *, head: str = "", title: str = TITLE, top: str = "", side: str = "", foot: str = "") -> str:
    imprint = foot or "<div>" + "".join(f"<p>{line}</p>" for line in IMPRINT) + "</div>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"<div>{top}{MENU}</div><div><div>{inside}</div>{side}</div>{imprint}</body></html>"
    )


def read(inside: str, **options: Any) -> Article:
    return extract_article(page(inside, **options).encode(), URL)


def teaser(count: int, item: str) -> str:
    return "".join(item.format(address=f"/tin/{n}.html", title=f"{OTHER} lần {n}") for n in range(count))


TEASERS = [
    "<div class='muc'><strong><a href='{address}'>{title}</a></strong></div>",
    "<article><div class='ten'><a href='{address}'>{title}</a></div><span>01/02/2015 01:20</span></article>",
    "<section><h5><a href='{address}'>{title}</a></h5><p>Tóm tắt ngắn của tin ấy.</p></section>",
    "<div class='muc'><b><a href='{address}'>{title}</a></b><span>01/02/2015 01:20</span></div>",
]


class TestTeasers:
    @pytest.mark.parametrize("item", TEASERS)
    @pytest.mark.parametrize("count", [2, 5])
    @pytest.mark.parametrize("place", ["front", "between", "behind", "above"])
    def test_a_box_of_teasers_takes_neither_text_nor_date(self, item: str, count: int, place: str) -> None:
        box = f"<div class='x'><h4>Đọc thêm</h4>{teaser(count, item)}</div>"
        first, rest = f"<p>{FIRST}</p>", f"<p>{SECOND}</p><p>{THIRD}</p>"
        inside = {"front": box + first + rest, "between": first + box + rest, "behind": first + rest + box}
        body = inside.get(place, first + rest)
        article = read(f"<h1>{TITLE}</h1>{DATE}{box if place == 'above' else ''}<div>{body}</div>")
        assert (article.published_at or "")[:16] == MOMENT
        assert all(part in text_of(article) for part in (FIRST, SECOND, THIRD))
        assert OTHER not in text_of(article)

    def test_a_linked_category_beside_the_date_is_no_teaser(self) -> None:
        stamp = "<ul><li>06/06/2024 08:15</li><li><a href='/vh/'>Văn hóa - Xã hội</a></li><li>Lượt xem: 23</li></ul>"
        article = read(f"<h1>{TITLE}</h1><div>{stamp}</div><div>{TEXT}</div>")
        assert (article.published_at or "")[:16] == MOMENT
        assert "Văn hóa" not in text_of(article)


class TestImprints:
    @pytest.mark.parametrize(
        "foot",
        [
            ("Số người truy cập: 123456", "Hotline: 0905 000 222", "Phát triển bởi Trung tâm CNTT"),
            ("TRANG THÔNG TIN ĐIỆN TỬ XÃ ĐỒNG GIANG", "Trưởng ban biên tập: Lê Thị Bưởi", "Đang xem: 12 | Hôm nay: 3"),
            ("Bản quyền thuộc về UBND xã; Người chịu trách nhiệm: Bà Bưởi", "ĐT: 0255 000 111 - Fax: 0255 000 112"),
            ("UBND XÃ ĐỒNG GIANG", "Số 45 đường Bờ Sông, xã Đồng Giang", "ĐT: 0255.000.111", "Email: a@donggiang.test"),
        ],
    )
    @pytest.mark.parametrize("content", ["", "<iframe src='/van-ban/1.pdf'></iframe>", "<p><img src='/a.jpg'></p>"])
    @pytest.mark.parametrize("side", ["", BOX])
    def test_neither_imprint_nor_side_box_is_the_text_of_an_article_without_one(self, foot, content, side) -> None:
        imprint = "<div>" + "".join(f"<p>{line}</p>" for line in foot) + "</div>"
        article = read(f"<h1>{TITLE}</h1>{DATE}<div>{content}</div>", foot=imprint, side=side)
        assert article.title == TITLE
        assert text_of(article).strip() == ""

    def test_who_made_the_site_wrote_nothing(self) -> None:
        foot = "<div><p>Copyright © 2024</p><p>Designed by SaoBien Software</p><p>Biên tập: Lê Thị Bưởi</p></div>"
        assert read(f"<h1>{TITLE}</h1>{DATE}<div>{TEXT}</div>", foot=foot).author is None


class TestDates:
    @pytest.mark.parametrize(
        "clock",
        [
            "<p id='gio'>14:02:33 - 21/11/2025</p>",
            "<div>14:02, 21/11/2025 +07:00</div>",
            "<marquee>21/11/2025 14:02 Chào bạn</marquee>",
            "<b>Thời gian: 14 giờ 02 phút, 21/11/2025</b>",
        ],
    )
    @pytest.mark.parametrize("place", ["top", "side"])
    @pytest.mark.parametrize(("shown", "wanted"), [("06/06/2024", "2024-06-06"), ("", None)])
    def test_a_clock_outside_the_article_is_never_its_date(self, clock, place, shown, wanted) -> None:
        article = read(f"<h1>{TITLE}</h1><div>{shown}</div><div>{TEXT}</div>", **{place: clock})
        assert article.published_at == wanted

    @pytest.mark.parametrize(
        "stamp",
        [
            "Chỉnh sửa: 09/06/2024 10:00 - Ngày tạo: 06/06/2024 08:15",
            "<span>06/06/2024 08h15</span> / 15 lượt xem",
            "08:15 | Thứ 5, 06/06/2024",
            "08 giờ 15 6 Tháng Sáu 2024, <span>Văn hóa</span>",
            "<time class='updated'>09/06/2024 10:00</time> <time class='published'>06/06/2024 08:15</time>",
            "06/06/2024 08:15&nbsp;&nbsp;Nông nghiệp&nbsp;&nbsp;Lượt đọc: 33",
        ],
    )
    def test_forms_of_a_stamp(self, stamp: str) -> None:
        article = read(f"<h1>{TITLE}</h1><div>{stamp}</div><div>{TEXT}</div>")
        assert (article.published_at or "")[:16] == MOMENT
        assert text_of(article).strip().startswith(FIRST)

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("Thu 06/04/2026 03:04 AM", "2026-06-04T03:04"),
            ("02/03/2026 - 08:51 (Tuesday)", "2026-02-03T08:51"),
            ("08/23/2026 - 01:28 (Sunday)", "2026-08-23T01:28"),
            ("mùa thu 06/04/2026", "2026-04-06"),
            ("7 Jan 2026 02:00 UT", "2026-01-07T09:00"),
            ("Tue, 08 Oct 2013 18:30:00 MST", "2013-10-09T08:30:00"),
            ("17h26 / 15 lượt xem 18/01/2016", "2016-01-18"),
        ],
    )
    def test_forms_of_a_date(self, text: str, wanted: str) -> None:
        found = parse_date(text)
        assert found is not None and found.start.isoformat() == wanted

    def test_the_minutes_of_a_clock_are_no_day(self) -> None:
        """Cures: all dates of a site read month first, since "15:53:00 - 30/11/2026" stands on its pages."""
        clock = ShownDate("html/body/div", "15:53:00 - 30/11/2026", "page")
        at = "2026-11-30T16:00:00+07:00"
        pages = [Observation(key=str(n), title=f"{TITLE} {n}", at=at, dates=(clock,)) for n in range(6)]
        assert order(pages).day_first is not False

    @pytest.mark.parametrize("quoted", [True, False])
    def test_structured_data_written_as_text_of_html(self, quoted: bool) -> None:
        own = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "2024-06-06T08:15:00+07:00"}}'
        own = own.replace('"', "&quot;") if quoted else own.replace("ớ", "&#7899;")
        head = f'<script type="application/ld+json">{own}</script>'
        article = read(f"<h1>{TITLE}</h1><div>{TEXT}</div>", head=head)
        assert (article.published_at or "")[:16] == MOMENT


class TestTexts:
    @pytest.mark.parametrize("times", [2, 3])
    @pytest.mark.parametrize(("reference", "sign"), [("&{}agrave;", "à"), ("&{}#224;", "à"), ("&{}ndash;", "–")])
    def test_references_escaped_over_and_over(self, times: int, reference: str, sign: str) -> None:
        written = FIRST.replace("5/6,", f"5/6 {sign} b{sign} con,")
        escaped = written.replace(sign, reference.format("amp;" * (times - 1)))
        assert written in text_of(read(f"<h1>{TITLE}</h1>{DATE}<div><p>{escaped}</p><p>{SECOND}</p></div>"))

    @pytest.mark.parametrize("aside", ["<aside><p>{}</p></aside>", "<aside class='so-lieu'><h4>Con số</h4>{}</aside>"])
    @pytest.mark.parametrize("at", [0, 1, 3])
    def test_an_aside_of_the_text_stays_wherever_it_is(self, aside: str, at: int) -> None:
        parts = [f"<p>{part}</p>" for part in (FIRST, SECOND, THIRD)]
        parts.insert(at, aside.format("Lớp học có bốn bể bơi di động và mười hai giáo viên."))
        assert "mười hai giáo viên" in text_of(read(f"<h1>{TITLE}</h1>{DATE}<div>{''.join(parts)}</div>"))

    def test_a_sapo_above_the_date_is_not_the_title(self) -> None:
        """The page's `<title>` names the site only."""
        inside = f"<h2 class='ten'>{TITLE}</h2><h4>{SAPO}</h4>{DATE}<div>{TEXT}</div>"
        article = read(inside, title="Trang tin xã Đồng Giang")
        assert article.title == TITLE
        assert SAPO in text_of(article)


class TestAuthors:
    @pytest.mark.parametrize(
        "stamp",
        [
            "06/06/2024 - PV: Đặng Mai Anh",
            "Tin, ảnh: Đặng Mai Anh | 06/06/2024",
            "06/06/2024 Đặng Mai Anh",
            "Đặng Mai Anh - Chủ nhật, 06/06/2024 06:01",
            "Đăng bởi Đặng Mai Anh vào lúc 08:15 06/06/2024",
        ],
    )
    def test_a_name_beside_the_date(self, stamp: str) -> None:
        article = read(f"<h1>{TITLE}</h1><div>{stamp}</div><div>{TEXT}</div>")
        assert article.author == "Đặng Mai Anh"
        assert (article.published_at or "")[:10] == "2024-06-06"

    @pytest.mark.parametrize("line", ["Tác giả bài viết: Lê Thị Bưởi", "Bài và ảnh: Lê Thị Bưởi"])
    def test_a_name_under_the_text(self, line: str) -> None:
        assert read(f"<h1>{TITLE}</h1>{DATE}<div>{TEXT}<p>{line}</p></div>").author == "Lê Thị Bưởi"

    @pytest.mark.parametrize("name", ["Phường Bến Lở", "Trang tin xã Đồng Giang"])
    def test_a_place_in_the_metadata_wrote_nothing(self, name: str) -> None:
        assert (
            read(f"<h1>{TITLE}</h1>{DATE}<div>{TEXT}</div>", head=f"<meta name='author' content='{name}'>").author
            is None
        )

    def test_the_heading_of_a_side_box_is_no_name(self) -> None:
        side = "<div class='author'><h4>Tác giả nổi bật</h4><a href='/u/9'>Lý Văn Cam</a></div>"
        assert read(f"<h1>{TITLE}</h1>{DATE}<div>{TEXT}</div>", side=side).author is None

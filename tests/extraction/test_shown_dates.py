"""Which date of a page is its article's: stamps among other text, the site's clock, declared dates, doubts."""

from datetime import datetime
from itertools import product

import pytest

from crawler.extraction import Article, apply_publication, extract_article, isolate
from crawler.extraction.rules.stamps import is_stamp, line_stamp
from crawler.profile import SiteProfile
from spiders.platforms import layout_named

URL = "https://anbinh.phuong.example/tin-tuc/ra-quan-trong-cay-41.html"
TITLE = "Phường An Bình ra quân trồng cây đầu xuân"
TEXT = (
    "<p>Sáng mồng sáu, hơn hai trăm người dân phường An Bình ra quân trồng cây dọc bờ kênh và ở sân các trường.</p>"
    "<p>Mỗi khu phố nhận chăm sóc một đoạn, tưới cây hai lần một tuần cho đến khi cây bén rễ.</p>"
    "<p>Phường sẽ trồng dặm những cây chết vào tháng sau.</p>"
)
MENU = '<div id="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul></div>'
MOMENT, DAY = "2025-02-03T09:40", "2025-02-03"


def page(stamp: str = "", *, head: str = "", top: str = "", meta: str = "", over: str = "", after: str = "") -> bytes:
    """A page with `stamp` under the title, `over` above it in the article's box, `top` outside, `head` in the head."""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{TITLE}</title>{meta}</head><body>'
        f'<div id="header">{head}<img src="/logo.png"></div>{MENU}<div id="main">{top}'
        f'<div class="chi-tiet">{over}<h1>{TITLE}</h1>{stamp}<div class="nd">{TEXT}</div></div>{after}</div>'
    ).encode()


def read(html: bytes, fetched: str | None = None) -> Article:
    return extract_article(html, URL, fetched_at=datetime.fromisoformat(fetched) if fetched else None)


def kinds(article: Article) -> list[str]:
    return [str(doubt.kind) for doubt in article.doubts]


STAMPS = ["03/02/2025 09:40", "09h40, 03/02/2025", "Thứ Hai, ngày 03/02/2025 09:40", "Ngày đăng: 3/2/2025 9:40 SA",
          "2025-02-03 09:40", "Đăng lúc 09:40 ngày 03 tháng 02 năm 2025"]  # fmt: skip
BESIDE = ["Lê Thị Mai", "Tin hoạt động | Lượt xem: 2.315", "Nguồn: Báo tỉnh", "3 bình luận"]
FORMS = ["<p>{0} | {1}</p>", "<p>{1} - {0}</p>", "<div><span>{0}</span> <span>{1}</span></div>",
         "<div><span>{1}</span><span>{0}</span></div>", "<ul><li>{1}</li><li>{0}</li></ul>",
         "<table><tr><td>{0}</td><td>{1}</td></tr></table>"]  # fmt: skip


@pytest.mark.parametrize(("stamp", "beside", "form"), list(product(STAMPS, BESIDE, FORMS)))
def test_a_stamp_is_read_whatever_shares_its_line(stamp, beside, form):
    article = read(page(form.format(stamp, beside)))
    assert (article.published_at or "")[:16] == MOMENT
    assert article.title == TITLE
    assert (article.summary or article.body).startswith("Sáng mồng sáu")


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 03/02/2025, UBND phường An Bình tổ chức lễ phát động.",
        "Theo Quyết định số 12/QĐ-UBND ngày 03/02/2025",
        "Thời gian tổ chức: 8h00 ngày 03/02/2025 - Địa điểm: Hội trường UBND phường",
        "Dự kiến tổ chức vào 08 giờ 30 ngày 03/02/2025 (Thứ Hai).",
        "Kế hoạch có hiệu lực từ 03/02/2025",
        "Phường họp vào 03/02/2025",
        "Hạn nộp hồ sơ: 03/02/2025",
        "03/02/2025: Họp giao ban",
        "An Bình, ngày 03 tháng 02 năm 2025",
    ],
)
def test_a_date_in_a_sentence_is_no_stamp(line):
    assert line_stamp(line) == ""


def test_a_stamp_keeps_its_label_and_weekday():
    assert line_stamp("Lê Mai | Ngày đăng 03/02/2025 | 09:40 | 12 lượt xem") == "Ngày đăng 03/02/2025 | 09:40"
    assert line_stamp("Văn hóa - Mon, 03/02/2025 09:40").startswith("Mon, 03/02/2025")
    assert is_stamp("Cập nhật: 09/02/2025 10:00 | Đăng lúc: 03/02/2025 09:40 | Lê Mai")


def test_a_title_and_its_stamp_in_one_element_are_parted():
    html = page().replace(f"<h1>{TITLE}</h1>".encode(), f"<h1>{TITLE} <small>03/02/2025 09:40</small></h1>".encode())
    article = read(html)
    assert (article.title, (article.published_at or "")[:16]) == (TITLE, MOMENT)


CLOCKS = ["Thứ Sáu, 21/11/2025 14:02", "21/11/2025 14:02:33", "Friday, November 21, 2025 2:02 PM",
          "Hôm nay: Thứ sáu, 21/11/2025, 14:02 (GMT+7)"]  # fmt: skip


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("fetched", [None, "2025-11-21T14:03:00+07:00"])
def test_the_sites_clock_is_never_the_articles_date(clock, fetched):
    stamp = '<span class="d">03/02/2025</span>'
    for html in (
        page(stamp, head=f"<span>{clock}</span>"),
        page(stamp, top=f"<div>{clock}</div>"),
        page(stamp, over=f"<div>{clock}</div>"),
        page("<span>03/02/2025 | Lê Mai</span>", head=clock),
        page('<time datetime="2025-02-03">3 tháng 2</time>', head=clock),
    ):
        assert read(html, fetched).published_at == DAY
    for html in (page(head=clock), page(top=f'<div class="dong-ho">{clock}</div>')):
        assert read(html, fetched).published_at is None
    declared = '<meta property="article:published_time" content="2025-02-03T09:40:00+07:00">'
    assert (read(page(top=f"<p>{clock}</p>", meta=declared), fetched).published_at or "")[:16] == MOMENT


def test_a_date_above_the_title_in_the_articles_box_is_the_articles():
    assert (read(page(over="<div>Thứ Hai, 03/02/2025, 09:40</div>")).published_at or "")[:16] == MOMENT


def test_a_place_known_for_its_clock_is_passed_over():
    article = isolate(page(over="<div class='x9'>Thứ Hai, 03/02/2025, 09:40</div>"), URL)
    place = article.date_candidates[0].place
    assert place == "div.main/div.chi-tiet/div.x"
    profile = SiteProfile(articles=8, clocks={place: 8})
    assert apply_publication(article, profile=profile).published_at is None


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


OWN = f'"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2025-02-03T09:40:00+07:00"'
OTHER = '{"@type":"NewsArticle","headline":"Tin khác hẳn","url":"/khac","datePublished":"2025-01-20T07:00:00+07:00"}'


@pytest.mark.parametrize(
    ("meta", "published"),
    [
        (script("{" + OWN + ",}"), MOMENT),
        (script("//<![CDATA[\n{" + OWN + "}\n//]]>"), MOMENT),
        (script('{"@graph":[{"@type":"WebPage","datePublished":"2020-01-01"},{' + OWN + "}]}"), MOMENT),
        (script(f"[{OTHER},{{{OWN}}}]"), MOMENT),
        (script('{"@type":"WebPage","hasPart":[' + OTHER + "]}"), None),
        (script('{"@type":"ItemList","itemListElement":[' + OTHER + "]}"), None),
        (script(OTHER), None),
        (script('{"@type":"CollectionPage","datePublished":"2020-01-01"}'), None),
        (script('{"@type":"WebPage","url":"' + URL + '","datePublished":"2025-02-03T09:40:00+07:00"}'), MOMENT),
        (script('{"@type":"BlogPosting","@id":"' + URL + '","datePublished":"2025-02-03T02:40:00Z"}'), MOMENT),
        (script("[" * 5000), None),
        (script('{"@type": "NewsArticle", "headline": "x" "datePublished": "2025-02-03T09:40:00+07:00"}'), MOMENT),
    ],
)
def test_json_ld_speaks_through_the_pages_own_article(meta, published):
    assert (read(page(meta=meta)).published_at or "")[:16] == (published or "")


@pytest.mark.parametrize(
    ("stamp", "published"),
    [
        ('<span property="dc:date dc:created" content="2025-02-03T09:40:00+07:00"></span>', MOMENT),
        ('<span property="schema:datePublished" content="2025-02-03T09:40:00+07:00">hôm nọ</span>', MOMENT),
        ('<meta itemprop="datePublished" content="2025-02-03T09:40:00+07:00">', MOMENT),
        ('<time pubdate datetime="2025-02-03T09:40:00+07:00">thứ hai</time>', MOMENT),
        ('<time datetime="2025-02-03T09:40:00+07:00">03/02/2025</time>', MOMENT),
        ('<time datetime="2025-02-03T20:40:00Z">03/02/2025</time>', DAY),
        ('<abbr class="published" title="2025-02-03T09:40:00+07:00">Ngày 03 tháng 02 năm 2025</abbr>', MOMENT),
        ('<p>Đăng <span title="2025-02-03 09:40">03/02/2025</span> bởi An</p>', MOMENT),
        ('<abbr class="published" title="2025-03-09T09:40:00+07:00">03/02/2025</abbr>', DAY),
        ('<abbr class="published" title="2/3/2025 9:40:00 AM">03/02/2025</abbr>', DAY),
        ('<aside><time datetime="2025-01-20">20/01/2025</time></aside>', ""),
        ('<div class="comments"><time pubdate datetime="2025-01-20">20/01/2025</time></div>', ""),
    ],
)
def test_declared_in_the_markup(stamp, published):
    got = read(page(stamp)).published_at or ""
    assert got[: len(published)] == published and bool(got) == bool(published)


def test_teasers_declare_their_own_dates():
    teaser = (
        '<div itemscope itemtype="http://schema.org/Article"><h3>Khai mạc giải bóng đá thiếu niên</h3>'
        '<meta itemprop="datePublished" content="2025-01-20"></div>'
    )
    assert read(page(after=f"<div>{teaser}</div>")).published_at is None
    assert read(page(after=f"<div>{teaser}{teaser}</div>")).published_at is None


@pytest.mark.parametrize(
    ("stamp", "meta", "fetched", "expected"),
    [
        ("03/02/2025 09:40", "", "2025-02-03T09:41:00+07:00", ["fetch_time"]),
        ("Ngày đăng: 03/02/2025 09:40", "", "2025-02-03T09:41:00+07:00", []),
        ("03/02/2025 09:40", "2025-02-03T09:40:00+07:00", "2025-02-03T09:41:00+07:00", []),
        ("03/02/2025 19:40", "", "2025-02-03T09:41:00+07:00", ["after_fetch"]),
        ("23/02/2025 19:40", "", "2025-02-03T09:41:00+07:00", []),
        ("Ngày đăng: 03/02/2025", "2025-01-03T09:40:00+07:00", None, ["differs_from_meta"]),
        ("Ngày đăng: 03/02/2025", "2025-02-09T09:40:00+07:00", None, []),
        ("Thứ Năm, 03/02/2025", "", None, ["weekday"]),
        ("Cập nhật: 09/02/2025 10:00", "2025-02-03T09:40:00+07:00", None, []),
    ],
)
def test_what_contradicts_is_doubted(stamp, meta, fetched, expected):
    declared = f'<meta property="article:published_time" content="{meta}">' if meta else ""
    assert kinds(read(page(f"<p>{stamp}</p>", meta=declared), fetched)) == expected


@pytest.mark.parametrize(
    "line",
    ['<div class="date-and-view"><span>Ngày đăng 03/02/2025 | 09:40 </span><span>| View count: 98</span></div>',
     '<p class="thong-tin">Lê Mai - 03/02/2025 09:40</p>'],
)  # fmt: skip
def test_hanoi_shows_its_date_in_more_than_one_element(line):
    html = (
        f'<html><head><title>{TITLE}</title></head><body><div id="banner"><span class="time">Hôm nay: 22/11/2026</span>'
        f'</div><div class="asset-full-content"><div class="asset-full-content-title">{TITLE}</div>{line}'
        f'<div class="journal-content-article">{TEXT}</div></div></body></html>'
    )
    article = extract_article(html.encode(), URL, platform=layout_named("hanoi_liferay62"))
    assert (article.published_at or "")[:16] == MOMENT


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ('Submitted by <span class="username">Lê Mai</span> on Mon, 02/03/2025 - 09:40', "Lê Mai"),
        ("Submitted by Lê Mai on Mon, 02/03/2025 - 09:40", "Lê Mai"),
        ("Được gửi bởi Lê Mai vào T2, 03/02/2025 - 09:40", "Lê Mai"),
    ],
)
def test_drupal_shows_author_and_date_in_one_line(line, author):
    html = (
        f'<html><head><title>{TITLE} | An Bình</title></head><body><h1 class="title" id="page-title">{TITLE}</h1>'
        f'<div class="node node-article"><div class="meta submitted">{line}</div>'
        f'<div class="field field-name-body">{TEXT}</div></div></body></html>'
    )
    article = extract_article(html.encode(), URL, platform=layout_named("drupal"))
    assert ((article.published_at or "")[:16], article.author, kinds(article)) == (MOMENT, author, [])

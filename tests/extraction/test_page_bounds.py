"""What one page may hold: each bound, and pages just as large as they may be, which are read right."""

import random
from datetime import UTC, datetime

import pytest
from lxml import html as lxml_html
from scrapy.http import HtmlResponse, TextResponse

from crawler.extraction import extract_article, page_bounds
from crawler.reasons import Reason
from spiders.lists import feed_bounds
from spiders.lists.listing import Listing, Refusal
from spiders.lists.reader import ListReader
from spiders.platforms import generic
from tests.hostile_pages import PAGES

URL = "http://myloc.xa.test/bai/ruoc-den"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read_list(body: bytes, path: str = "/tin-tuc", kind: str = "text/html; charset=utf-8"):
    """Return what a reader on an unknown platform makes of a page."""
    reader = ListReader(generic.PLATFORM, {"myloc.xa.test"}, generic.PLATFORM.fresh_learnt())
    cls = HtmlResponse if "html" in kind else TextResponse
    return reader.read(cls(f"http://myloc.xa.test{path}", body=body, headers={"Content-Type": kind}))


@pytest.mark.parametrize(
    ("name", "n"),
    [("links", 8_001), ("empty_paragraphs", 250_000), ("metas", 2_001), ("text", 80_000), ("attributes_many", 59_000)],
)
def test_a_page_over_a_bound_is_refused_as_article_and_as_list(name, n, monkeypatch):
    monkeypatch.setattr(page_bounds, "MAX_ALL_ATTRIBUTES", 100_000)
    html = PAGES[name](n).encode()
    assert extract_article(html, URL).reason == Reason.TOO_LARGE
    assert read_list(html) == Refusal(Reason.TOO_LARGE)


@pytest.mark.parametrize("name", ["attributes", "attributes_bare", "attributes_tight"])
def test_a_tag_with_too_many_attributes_is_read_without_them(name):
    html = PAGES[name](100_000).encode()
    article = extract_article(html, URL, fetched_at=NOW)
    assert (article.reason, article.title) == (None, "Rước đèn quanh hồ Vân")
    assert "chữ" in article.body and article.published_at == "2024-05-12T08:15+07:00"
    assert isinstance(read_list(html), Listing)


@pytest.mark.parametrize(
    "name",
    ["links_pages", "links_script", "links_words", "divs_clicked", "caption_box", "figure_one", "times", "dates_one",
     "links_files", "headers_nested", "menus_nested", "viewstate"],
)  # fmt: skip
def test_a_large_page_within_the_bounds_is_read(name):
    html = PAGES[name](3_000).encode()
    article = extract_article(html, URL, fetched_at=NOW)
    assert (article.reason, article.title) == (None, "Rước đèn quanh hồ Vân")
    assert article.published_at == "2024-05-12T08:15+07:00"
    assert isinstance(read_list(html), Listing)


@pytest.mark.parametrize("name", ["comments_open", "cdata", "less", "quotes", "long_query"])
def test_runs_of_marks_cost_the_look_no_more_than_one_pass(name):
    assert page_bounds.bounded(PAGES[name](40_000))


def test_a_list_of_three_thousand_entries_is_read_whole():
    listing = read_list(PAGES["links_entries"](3_000).encode())
    assert isinstance(listing, Listing) and len(listing.entries) == 3_000
    assert listing.entries[-1][1].date == "12/05/2024"


def test_no_markup_hides_attributes_from_the_look(monkeypatch):
    """Whatever quotes, comments and scripts say, the parser never meets more attributes than are allowed."""
    monkeypatch.setattr(page_bounds, "MAX_ATTRIBUTES", 6)
    monkeypatch.setattr(page_bounds, "_LONG", 12)
    monkeypatch.setattr(page_bounds, "_SMALL", 0)
    pieces = ["<p", "<b ", ">", " ", "/", "'", '"', "=", "a1 ", "b2=", "e5 f6 g7 h8 ", "<!--", "-->", "--!>", "<!",
              "<?", "<script", "</script>", "<script>", "<title>", "</title>", "x='>' ", 'y=">"', "<style>", "</style>",
              "q1 q2 q3 q4 q5 q6 q7 q8 q9", "<!DOCTYPE html PUBLIC ", "<textarea>", "<xmp>", "<iframe>"]  # fmt: skip
    chance = random.Random(1)
    cut = 0
    for _ in range(3_000):
        html = "".join(chance.choices(pieces, k=chance.randint(3, 30)))
        kept = page_bounds.bounded(html)
        cut += kept != html
        root = lxml_html.document_fromstring(f"<p>{kept}", parser=lxml_html.HTMLParser(encoding="utf-8"))
        assert max(len(element.attrib) for element in root.iter() if isinstance(element.tag, str)) <= 6, html
    assert cut > 100


def sitemap(count: int, changed: bool) -> bytes:
    """Return a sitemap whose addresses were changed later and later."""
    rows = (
        f"<url><loc>http://myloc.xa.test/bai-viet-so-{i}.html</loc>"
        + (f"<lastmod>2024-01-01T{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}+07:00</lastmod>" if changed else "")
        + "</url>"
        for i in range(count)
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'.encode()


@pytest.mark.parametrize("changed", [True, False])
def test_of_a_sitemap_with_too_many_addresses_the_newest_are_read_and_the_rest_counted(changed, monkeypatch):
    monkeypatch.setattr(feed_bounds, "MAX_ADDRESSES", 100)
    body, left_out = feed_bounds.newest(sitemap(1_000, changed))
    assert left_out == 900 and body.count(b"<url>") == 100
    assert b"so-999.html" in body and body.endswith(b"</urlset>")
    assert (b"so-0.html" in body) is not changed


_MARKUP = [
    "<p", "<b ", ">", " ", "/", "'", '"', "=", "a1 ", "b2=", "e5 f6 g7 h8 ", "<!--", "-->", "--!>", "<!", "<?",
    "<script", "</script>", "<script>", "<title>", "</title>", "x='>' ", 'y=">"', "<style>", "</style>",
    "q1 q2 q3 q4 q5 q6 q7 q8 q9",
    "<!DOCTYPE html PUBLIC ", "<textarea>", "<iframe>", "/>", "-", "</", "\n", ' k="v"', "<SCRIPT ", "='", "<a href=",
    "<a h=1>", "<meta a>", "<link>", "<base>", "<area x>", "ſ",
]  # fmt: skip
_LOW = {"_SMALL": 0, "MAX_ATTRIBUTES": 6, "MAX_DECLARED": 3, "MAX_LINKS": 4, "MAX_ELEMENTS": 12,
        "MAX_ALL_ATTRIBUTES": 40, "MAX_TEXT": 120}  # fmt: skip


def test_a_page_that_is_surely_within_its_bounds_comes_to_what_the_exact_look_says(monkeypatch):
    for name, value in _LOW.items():
        monkeypatch.setattr(page_bounds, name, value)
    within, chance, ends = page_bounds._is_within, random.Random(22), set()

    def bounded(page, is_within):
        monkeypatch.setattr(page_bounds, "_is_within", is_within)
        try:
            return page_bounds.bounded(page)
        except page_bounds.PageTooLarge as error:
            return str(error)

    for _ in range(3000):
        page = "".join(chance.choices(_MARKUP, k=chance.randint(3, 50)))
        exact = bounded(page, lambda text: False)
        assert bounded(page, within) == exact, page
        ends.add("whole" if exact == page else "cut" if "more than" not in exact else "refused")
    assert ends == {"whole", "cut", "refused"}, "the pages are all alike"

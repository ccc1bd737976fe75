"""The pages in a real browser: reading, searching, both languages, a phone, paper, accessibility, and traps."""

from urllib.parse import quote

import pytest

from tests.browse.chromium import axe_path, follows
from tests.browse.planted import OTHER, PAYLOADS, SITE

ARTICLE = f"/article/{SITE}/thu-vien"
PAGES = (
    "/",
    "/search?q=thu+vien",
    ARTICLE,
    f"/article/{OTHER}/gone",
    f"/ward/{SITE}",
    "/run/1",
    "/health",
    "/portals",
    "/portals/hanoi",
    "/nothing",
)


def overflow(tab):
    return tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("query", ["thu vien", "thư viện", "THƯ VIỆN"])
def test_searching_from_the_front_page_and_reading(tab, query):
    tab.goto("/")
    tab.fill("#q", query)
    with follows(tab):
        tab.press("#q", "Enter")
    assert tab.locator(".hits mark").first.inner_text() == "thư viện"
    with follows(tab):
        tab.click(".hits h3 a >> nth=0")
    assert tab.locator("h1").inner_text() == "Trúc Bạch mở thư viện bên hồ"


def test_facets_narrow_and_widen(tab):
    tab.goto("/search")
    everything = tab.locator("#results").inner_text()
    with follows(tab):
        tab.click(".facets >> text=Phường Trúc Bạch")
    assert tab.locator(".hits li").count() == 1
    with follows(tab):
        tab.click("text=× bỏ lọc")
    assert tab.locator("#results").inner_text() == everything


def test_days_narrow_and_stay_with_the_words(tab):
    tab.goto("/search?q=thu+vien&since=2024-04")
    assert tab.locator("[name=since][type=date]").input_value() == "2024-04-01"
    tab.fill("[name=until][type=date]", "2024-04-29")
    with follows(tab):
        tab.click(".span button")
    assert tab.locator(".hits li").count() == 0 and tab.locator("#q").input_value() == "thu vien"
    tab.fill("[name=until][type=date]", "2024-04-30")
    with follows(tab):
        tab.click(".span button")
    tab.fill("#q", "hồ")
    with follows(tab):
        tab.press("#q", "Enter")
    assert tab.locator(".hits li").count() == 1
    assert tab.locator("[name=until][type=date]").input_value() == "2024-04-30"
    with follows(tab):
        tab.click(".span .drop")
    assert "since" not in tab.url and "until" not in tab.url


def test_a_malformed_query_is_answered_in_the_language_of_the_page(tab):
    tab.goto("/search?q=thu+vien+OR&until=gestern")
    assert tab.locator(".remark").all_inner_texts() == [
        "không hiểu until:gestern nên đã bỏ qua", "OR thiếu vế nên đã bỏ qua",
    ]  # fmt: skip
    with follows(tab):
        tab.click("text=English")
    assert tab.locator(".remark").first.inner_text() == "until:gestern is not understood, so it was left out"


def test_a_kept_picture_is_seen(tab):
    tab.goto(ARTICLE)
    assert tab.evaluate("document.querySelector('figure img').decode().then(() => true)")
    assert tab.locator("figure img").evaluate("img => img.naturalWidth") > 0


def test_versions_show_what_changed(tab):
    tab.goto(ARTICLE)
    diff = tab.locator(".version .diff").first
    assert [text.split(":")[-1].strip() for text in diff.locator("del").all_inner_texts()] == ["Thứ Bảy", "8"]
    assert [text.split(":")[-1].strip() for text in diff.locator("ins").all_inner_texts()] == ["Chủ nhật", "9"]


@pytest.mark.parametrize("tab", [1280, 360], indirect=True)
def test_a_doubt_is_said_in_words_beside_its_field(tab):
    tab.goto(ARTICLE)
    mark = tab.locator(".doubt").first
    assert mark.is_visible() and mark.inner_text().startswith("Còn ngờ – Ngày đăng: thứ ghi bên cạnh là của ngày khác")
    byline, note, text = (tab.locator(place).first.bounding_box()["y"] for place in (".byline", ".doubt", ".text"))
    assert byline < note < text
    tab.goto("/search")
    with follows(tab):
        tab.click(".facets >> text=còn ngờ")
    assert "doubt=1" in tab.url and tab.locator(".facets .chosen").inner_text().startswith("còn ngờ")


def test_the_language_is_switched_and_kept(tab):
    tab.goto(ARTICLE)
    with follows(tab):
        tab.click("text=English")
    assert tab.url.endswith(ARTICLE) and tab.locator("text=Where this comes from").count() == 1
    tab.goto("/")
    assert tab.locator("html").get_attribute("lang") == "en"


def test_the_keyboard_reaches_the_text_first(tab):
    tab.goto(ARTICLE)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#content:focus")


@pytest.mark.parametrize("tab", [360], indirect=True)
def test_a_phone_needs_no_sideways_scrolling(tab):
    for path in PAGES:
        tab.goto(path)
        assert overflow(tab) <= 0, path


def test_paper_shows_the_article_without_the_furniture(tab):
    tab.goto(ARTICLE)
    tab.emulate_media(media="print")
    assert not tab.locator(".quick").is_visible() and not tab.locator(".tongues").is_visible()
    assert tab.locator(".sapo").is_visible() and tab.locator(".life .address").first.is_visible()
    assert tab.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(tab, scheme):
    axe = axe_path()
    if axe is None:
        pytest.skip("axe-core is not installed: requirements-dev.txt")
    tab.emulate_media(color_scheme=scheme)
    for path in PAGES:
        tab.goto(path)
        tab.evaluate(axe.read_text(encoding="utf-8"))  # by the debugger: the page itself may run no script
        found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == [], path


def test_no_trap_goes_off(tab):
    tab.goto("/search?q=bẫy")
    for number, payload in enumerate(PAYLOADS):
        tab.goto(f"/article/xx_evil/{quote(f'bẫy/{number}?{payload}#x', safe='')}")
        assert "owned" not in tab.title().replace(payload, "")
        assert (
            tab.locator(
                "script:not([type='application/ld+json']), iframe, frame, object, embed, img, style, base, video, "
                "audio, meta[http-equiv]"
            ).count()
            == 0
        )
        assert tab.locator("form:not([action='/search'])").count() == 0
        assert tab.locator(".text").is_visible()
    assert tab.complaints == []


@pytest.mark.parametrize("tab", [320, 375, 768, 1280], indirect=True)
def test_portals_by_province_need_no_sideways_scrolling(tab):
    for path in ("/", "/portals", "/portals/hanoi", "/portals/thanhhoa"):
        for language in ("vi", "en"):
            tab.goto(f"{path}?lang={language}")
            for details in tab.locator("details").all()[:5]:
                details.locator("summary").first.click()
            tables = tab.locator(".table:has(table)")  # charts may scroll in their boxes
            inside = tables.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
            assert overflow(tab) <= 0 and max(inside, default=0) <= 0, (path, language)


def test_from_the_front_page_to_a_ward_of_a_province(tab):
    tab.goto("/")
    with follows(tab):
        tab.click("text=Xem từng tỉnh, thành phố")
    with follows(tab):
        tab.click("table >> text=Hà Nội")
    assert tab.locator("h1").inner_text() == "Thành phố Hà Nội"
    unit = tab.locator("tr", has_text="phường Ba Đình").first
    unit.locator("summary").click()
    assert unit.locator("text=trucbach.badinh.hanoi.gov.vn").is_visible()
    with follows(tab):
        unit.locator("li a[href='/ward/hanoi_trucbach']").first.click()
    assert tab.locator("h1").inner_text() == "Phường Trúc Bạch, quận Ba Đình"

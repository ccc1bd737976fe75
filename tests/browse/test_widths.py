"""No page scrolls sideways, on a phone or a tablet: every kind of page, in both languages, with the widest of texts."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from storage import Collection
from tests.browse.conftest import serving
from tests.browse.wide import ADDRESS, COLUMNS, OTHER, SITE, WORD, plant
from tests.running import PATIENCE, tinphuong

WIDTHS = (320, 375, 768)  # CSS pixels: the narrowest phone there is, a usual one, a tablet held upright
# An element that sticks out of the page and is not inside a box that scrolls or cuts, the farthest first.
STICKING_OUT = """() => {
  const boxed = el => {
    for (let up = el.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
  };
  const found = [...document.body.querySelectorAll("*")]
    .map(el => [el, Math.round(el.getBoundingClientRect().right + scrollX)])
    .filter(([el, right]) => right > innerWidth && !boxed(el))
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([el, right]) => `<${el.tagName} class="${el.className}"> to ${right}: ${el.textContent.trim().slice(0, 60)}`);
  return [document.scrollingElement.scrollWidth - innerWidth, found];
}"""
PAGES = {
    "start": "/",
    "search for all": "/search",
    "search with words": "/search?q=ph%C6%B0%E1%BB%9Dng&page=2",
    "search with a long word": f"/search?q={WORD}",
    "search with filters": f"/search?q=t%E1%BB%95&site={SITE}&unit=new:00622&year=2024&since=2020-01-01&file=1&doubt=1",
    "search with remarks": f"/search?q=%22{WORD}+OR&until={WORD[:60]}",
    "search without results": f"/search?q={WORD}{WORD}",
    "article as wide as can be": f"/article/{SITE}/wide",
    "article with near duplicates": f"/article/{SITE}/near",
    "article with a long word for its title": f"/article/{OTHER}/word",
    "article taken down": f"/article/{SITE}/gone",
    "ward": f"/ward/{SITE}",
    "run": "/run/1",
    "health": "/health",
    "portals of all provinces": "/portals",
    "portals of a province": "/portals?province=thanhhoa",
    "missing": f"/{quote(ADDRESS, safe='')}",
}


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    path = tmp_path_factory.mktemp("wide") / "wide.db"
    plant(path)
    return path


@pytest.fixture(scope="module")
def pages(wide):
    with serving(wide) as address:
        yield address


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE * 1000)  # milliseconds
    yield context.new_page()
    context.close()


def fits(page, address):
    """Open a page, and assert that it fits every width."""
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over, elements = page.evaluate(STICKING_OUT)
        assert over <= 0 and not elements, f"{address[:120]} at {width} pixels is {over} too wide: {elements}"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", PAGES)
def test_no_page_scrolls_sideways(page, pages, kind, language):
    path = PAGES[kind]
    fits(page, f"{pages}{path}{'&' if '?' in path else '?'}lang={language}")


@pytest.mark.parametrize("path", [f"/article/{SITE}/wide", "/search", "/run/1", "/"])
def test_nothing_sticks_out_when_all_is_unfolded(page, pages, path):
    page.goto(f"{pages}{path}")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKING_OUT) == [0, []], f"{path} at {width}"


def test_a_wide_table_scrolls_in_its_own_box(page, pages):
    page.goto(f"{pages}/article/{SITE}/wide")
    page.set_viewport_size({"width": 375, "height": 900})
    box = page.locator(".text .table").first
    assert box.locator("th").count() == COLUMNS
    assert box.evaluate("box => box.scrollWidth > box.clientWidth") and box.bounding_box()["width"] <= 375
    assert box.get_attribute("role") == "region" and box.get_attribute("aria-label") == "Bảng 1"
    box.focus()
    page.keyboard.press("ArrowRight")
    moved = "box => box.scrollLeft > 0 || new Promise(done => { box.onscroll = () => done(true) })"
    assert box.evaluate(moved)


def test_the_offline_site_fits_as_well(page, wide, tmp_path):
    site = tmp_path / "site"
    assert tinphuong("--db", wide, "export", "html", site).returncode == 0
    found = sorted(site.rglob("*.html"))
    assert len(found) > 30
    widest = [path for path in found if WORD in path.read_text(encoding="utf-8")]
    for path in (site / "index.html", *widest, *sorted((site / "lists").iterdir())):
        fits(page, path.as_uri())
    page.goto((site / "index.html").as_uri())
    page.set_viewport_size({"width": 320, "height": 900})
    page.fill("#query", "van ban")
    page.press("#query", "Enter")
    page.wait_for_selector("#results li")
    assert page.evaluate(STICKING_OUT) == [0, []]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_report_fits_as_well(page, wide, tmp_path, language):
    from crawler.browse import report

    with Collection(wide, must_exist=True) as collection:
        html = report.page(report.gather(collection, None, datetime(2024, 6, 1, tzinfo=UTC)), language).html
    (tmp_path / "report.html").write_text(html, encoding="utf-8")
    fits(page, (tmp_path / "report.html").as_uri())

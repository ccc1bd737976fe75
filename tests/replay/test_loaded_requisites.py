"""Pages that a script dresses or fills look as they did in ReplayWeb.page, where a browser told what they need."""

import pytest

from tests.exports.handing import hand_on
from tests.replay.asked import asked
from tests.replay.replayweb import replaying
from tests.scripted.dressed import FINISHED, LOADED, dressed
from tests.scripted.test_rendering import with_browser

LOOKS = """() => ({
    background: getComputedStyle(document.body).backgroundColor,
    picture: /nen\\.svg/.test(getComputedStyle(document.body).backgroundImage),
    frame: document.querySelector('#khung')?.innerText,
    module: document.body.dataset.module,
})"""
DRESSED = {"background": "rgb(1, 2, 3)", "picture": True, "frame": "Lịch tiếp dân", "module": "on"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Site → (its article, a WACZ of it) of one crawl."""
    folder = tmp_path_factory.mktemp("dressed")
    with dressed(folder) as (_, crawl):
        done, _ = crawl(folder / "a.db", "--limit", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for article in asked(folder / "a.db"):
        site = LOADED if "127.4.0.1" in article.url else FINISHED
        hand_on(folder / "a.db", "wacz", folder / f"{site}.wacz", sites=(site,))
        found[site] = article, folder / f"{site}.wacz"
    return found


@with_browser
def test_a_page_that_a_script_dresses_is_dressed(packages, chromium):
    article, package = packages[LOADED]
    with replaying(chromium, package) as replay:
        shown = replay.show(article.url, article.timestamp)
        shown.wait_for_function("document.querySelector('#khung') && document.body.dataset.module", timeout=60_000)
        assert shown.evaluate(LOOKS) == DRESSED


@with_browser
def test_a_page_that_a_script_fills_is_filled(packages, chromium):
    article, package = packages[FINISHED]
    with replaying(chromium, package) as replay:
        shown = replay.show(article.url, article.timestamp)
        shown.wait_for_selector(".detail h1")
        assert shown.evaluate("document.querySelectorAll('.content p').length") == 3
        assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"

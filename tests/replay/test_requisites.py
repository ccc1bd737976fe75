"""A page of a WACZ looks as it looked, in ReplayWeb.page: its style sheets, font, pictures and script are there."""

import pytest

from crawler.replica_portals.server import PortalServer
from tests.exports.handing import hand_on
from tests.replay.asked import asked
from tests.replay.replayweb import replaying
from tests.running import crawl_replicas

SITE = "hanoi_haibatrung"
LOOKS = """async () => {
    await document.fonts.ready;
    const banner = getComputedStyle(document.querySelector('#header, .banner, #banner')).backgroundImage;
    const shown = await fetch(banner.match(/url\\("([^"]+)"\\)/)?.[1] || '/').then(answer => answer.blob());
    return {
        background: getComputedStyle(document.body).backgroundColor,
        fonts: [...document.fonts].map(font => [font.family, font.status]),
        pictures: [...document.images].map(image => image.naturalWidth),
        banner: shown.type,
        script: document.querySelectorAll('.text-size').length,
    };
}"""


def crawled(folder, *, requisites):
    """Crawl an article with or without what its page needs; return it as it is cited, and its WACZ."""
    with PortalServer() as portals:
        settings = {"TINPHUONG_REQUISITES": requisites, "TINPHUONG_LIMIT": 1}
        done = crawl_replicas(portals, folder, SITE, settings=settings)
    hand_on(done.db, "wacz", folder / "page.wacz")
    return asked(done.db)[0], folder / "page.wacz"


@pytest.fixture(scope="module")
def looks(chromium, tmp_path_factory):
    """How the page looks in the WACZ of a crawl with requisites, and in that of one without."""
    found = []
    for requisites in (True, False):
        article, package = crawled(tmp_path_factory.mktemp("looks"), requisites=requisites)
        with replaying(chromium, package) as replay:
            found.append(replay.show(article.url, article.timestamp).evaluate(LOOKS))
    return found


def test_a_page_looks_as_it_looked(looks):
    whole, _ = looks
    assert whole["background"] == "rgb(233, 238, 243)"
    assert whole["fonts"] == [["ward-icons", "loaded"]]
    assert whole["pictures"] and all(whole["pictures"])
    assert whole["banner"] == "image/png" and whole["script"] == 1


def test_without_requisites_it_is_bare(looks):
    _, bare = looks
    assert (bare["background"], bare["fonts"], bare["script"]) == ("rgba(0, 0, 0, 0)", [], 0)
    assert not all(bare["pictures"])

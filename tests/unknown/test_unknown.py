"""Portals on platforms that no module was written for, crawled and surveyed with nothing known but their host."""

import importlib.util
from types import SimpleNamespace

import pytest

from crawler.new_site import frozen_pages, scaffold
from crawler.new_site.survey_failures import SurveyFailed
from tests.unknown.platforms import PORTALS
from tests.unknown.scoring import score
from tests.unknown.surveyed import survey_of

AGAIN = [portal for portal in PORTALS[::3] if not portal.invented.shell]
EACH = pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.invented.name)


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    found, said = score(tmp_path_factory.mktemp("unknown"), again=AGAIN)
    assert not said
    return SimpleNamespace(of={each.portal.invented.name: each for each in found})


@EACH
def test_every_article_is_found_and_nothing_else(scores, portal):
    seen = scores.of[portal.invented.name]
    wanted = len(portal.notices) - portal.invented.unreached
    assert seen.found >= wanted, f"on an unknown platform articles are missed: {seen.missing}"
    assert not seen.extra, f"on an unknown platform pages are stored that are not articles: {seen.extra}"
    assert not seen.wrong, f"on an unknown platform articles are stored wrongly: {seen.wrong}"
    assert not seen.trapped and len(seen.twice) <= 1 and seen.requests < 30


@EACH
def test_what_is_not_found_is_reported(scores, portal):
    seen = scores.of[portal.invented.name]
    if portal.invented.shell:
        assert seen.site["reason"] == "empty_listing" and "a script fills" in seen.site["message"]
        assert seen.site["skipped"]["filled_by_script"] == 1
    elif portal.invented.unreached:
        assert seen.site["skipped"]["pager_not_followed"] == 1 and "1 list not read to the end" in seen.site["message"]
    else:
        assert seen.site["status"] == "ok" and "pager_not_followed" not in seen.site["skipped"]


@pytest.mark.parametrize("portal", AGAIN, ids=lambda portal: portal.invented.name)
def test_a_second_crawl_asks_for_lists_alone(scores, portal):
    seen = scores.of[portal.invented.name]
    assert seen.again["new"] == seen.again["changed"] == seen.again["duplicates"] == 0
    assert seen.refetched <= 3 and seen.requests_again <= 17


@EACH
def test_a_survey_makes_a_site_of_it(portal, tmp_path):
    if portal.invented.shell:
        with pytest.raises(SurveyFailed, match="a script fills"):
            survey_of(portal)
        return
    found, asked = survey_of(portal)
    assert found.platform == "generic" and found.ward == "Xã An Sơn" and len(asked) < 25
    assert not [url for url in asked if portal.is_trap(url.removeprefix(f"http://{portal.host}"))]
    days = {notice.title: notice.at("%Y-%m-%d") for notice in portal.notices}
    assert len(found.shown) == 3
    assert all(days[article.title] == article.published_at[:10] for _, article in found.shown)
    if not portal.invented.unreached:
        assert "further articles" in found.pager and " 0 further" not in found.pager
    path = scaffold.write_file(found, tmp_path / "sites", in_package=False)[-1]
    scaffold.freeze(found, tmp_path / "frozen")
    spider = loaded(path)
    assert not list(frozen_pages.differences(spider, tmp_path / "frozen"))


def loaded(path):
    """The spider class of a site's file."""
    spec = importlib.util.spec_from_file_location("written", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(item for item in vars(module).values() if getattr(item, "__module__", "") == "written")

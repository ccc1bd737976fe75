"""What a run asks for when most is known, and what it notices."""

import pytest

from tests.living.portal import Portal

FIRST, SECOND, THIRD = (f"2025-03-0{day}T01:00:00+00:00" for day in (1, 2, 3))


def grown(articles=40, **facts):
    """A portal with 40 articles on two lists of four pages each."""
    portal = Portal("mot.test", **facts)
    for ago in range(articles, 0, -1):
        portal.publish(days_ago=ago)
    return portal


def paths(done, status=None):
    return [r.path.split("?")[0] + ("#" + r.path.rsplit("=", 1)[1] if "_cur=" in r.path else "")
            for r in done.requests if status in (None, r.status)]  # fmt: skip


def articles(done):
    return [path for path in paths(done) if "view_content" in path]


def lists(done):
    return sorted(path for path in paths(done) if "view_content" not in path and path != "/robots.txt")


TOPS = ["/", "/thong-bao", "/tin-tuc"]


def known(begin, **facts):
    """All 40 articles were read on the first day."""
    ward = begin(grown(**facts))
    assert ward.crawl(now=FIRST).site("mot")["new"] == 40, "a first run does not find all that was published"
    return ward


def known_with_validators(begin):
    return known(begin, validators=True)


@pytest.fixture
def settled(go_on_from):
    """A portal all of which is known, and who crawls it."""
    ward = go_on_from(known)
    return ward.world.portals["mot.test"], ward


# Only what is new


def test_the_second_run_reads_one_page_a_section_and_the_recheck_share(settled):
    _, ward = settled
    again = ward.crawl(now=SECOND)
    assert lists(again) == TOPS, "a run without news reads more of the lists than their tops, or less"
    assert len(articles(again)) == 3, "a run without news asks for other articles than the three it looks at again"
    site = again.site("mot")
    assert site["new"] == site["changed"] == 0, "a run without news claims news"


def test_lists_that_did_not_change_are_answered_with_304(go_on_from):
    again = go_on_from(known_with_validators).crawl(now=SECOND)
    assert sorted(paths(again, 304)) == TOPS, "lists that did not change are sent whole"
    assert again.code == 0, "a site whose lists did not change is called failing"
    assert again.site("mot")["linked"] > 15, "what an unchanged list links to is forgotten"
    assert again.site("mot")["listings"] == 3, "lists that did not change are not counted"


def test_what_a_304_page_links_to_is_still_asked_for(operate):
    """An article that answered 500, on a list that has not changed since."""
    portal = grown(validators=True)
    broken = portal.order["tin-tuc"][1]
    portal.broken[f"view_content/{broken}"] = 500
    ward = operate(portal)
    assert ward.crawl(now=FIRST).site("mot")["new"] == 39, "an article that answers 500 keeps others away"
    portal.broken.clear()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 1, "an article on an unchanged list is not asked for again"
    section = ward.rows("SELECT section FROM articles WHERE key = ?", str(broken))
    assert section == [{"section": "Tin tuc"}], "an article found through an unchanged list has no section"


def test_full_walks_and_fetches_everything(settled):
    _, ward = settled
    again = ward.crawl("--all", "--full", now=SECOND)
    assert len(articles(again)) == 40, "--full does not fetch every article"
    assert again.site("mot")["unchanged"] == 40, "--full finds changes where none are"
    assert len(lists(again)) == 9, "--full does not walk every page of every list"


def test_new_articles_below_pinned_ones_are_found(settled):
    portal, ward = settled
    for number in portal.order["tin-tuc"][-6:]:
        portal.pin(number)
    new = portal.publish(3, section="tin-tuc")
    assert ward.crawl(now=SECOND).site("mot")["new"] == 3, "news below pinned articles is missed"
    assert set(new) <= ward.stored(), "news below pinned articles is counted and not stored"
    # The pinned ones are where they were: news would stand on the page below them.
    assert lists(ward.crawl(now=THIRD)) == [*TOPS, "/tin-tuc#2"], "pinned articles make every run walk on, or hide news"


def test_new_articles_in_a_re_sorted_list_are_found(settled):
    portal, ward = settled
    portal.publish(4)
    portal.resort()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 4, "news in a list that was re-sorted is missed"
    again = sorted([*TOPS, "/thong-bao#2", "/tin-tuc#2"])  # where a list is not by date, two pages are read
    assert lists(ward.crawl(now=THIRD)) == again, "a list that was re-sorted once makes every run walk on"


def test_a_list_page_that_failed_is_gone_on_with(operate):
    portal = grown()
    portal.broken["/tin-tuc?p_p_id=101&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&_101_delta=5"
                  "&p_r_p_564233524_resetCur=false&_101_cur=3"] = 500  # fmt: skip
    ward = operate(portal)
    assert ward.crawl(now=FIRST).site("mot")["new"] == 35, "a list page that failed ends the walk, or is not missed"
    portal.broken.clear()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 5, "the next run does not go on with a list page that failed"
    assert lists(ward.crawl(now=THIRD)) == TOPS, "a list page that failed once is asked for in every run"


def test_articles_deep_in_the_archive_that_failed_are_asked_for_again(operate):
    portal = grown()
    deep = portal.order["thong-bao"][-2]
    portal.broken[f"view_content/{deep}"] = 503
    ward = operate(portal)
    assert ward.crawl(now=FIRST).site("mot")["new"] == 39, "an article that answers 503 keeps others away"
    portal.broken.clear()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 1, "an article that failed is not asked for again"
    assert deep in ward.stored(), "an article that failed and came is not stored"


@pytest.mark.long
def test_an_article_that_never_answers_is_left_in_the_end(operate):
    portal = grown(articles=24)
    deep = portal.order["thong-bao"][-2]
    portal.broken[f"view_content/{deep}"] = 503
    ward = operate(portal)
    for day in range(1, 8):
        last = ward.crawl(now=f"2025-03-0{day}T01:00:00+00:00")
        asked = [path for path in articles(last) if str(deep) in path]
        assert asked or day > 2, "an article that failed once is not asked for again"
    assert not asked, "an article that never answers is asked for for ever"
    assert last.code == 0, "an article that never answers makes a site fail for ever"


def test_a_section_that_failed_is_found_though_the_home_page_does_not_change(operate):
    portal = grown(validators=True, articles=20)
    portal.broken["/thong-bao"] = 500
    ward = operate(portal)
    ward.crawl(now=FIRST)
    portal.broken.clear()
    ward.crawl(now=SECOND)
    assert ward.stored() == set(portal.pieces), "a section that failed once is never read"


# Rechecks


@pytest.mark.long
def test_every_old_article_has_its_turn_though_some_never_answer(operate):
    portal = Portal("mot.test")
    portal.publish(12, days_ago=20)
    ward = operate(portal)
    ward.crawl(now=FIRST)
    for number in sorted(portal.pieces)[:3]:
        portal.broken[f"view_content/{number}"] = 500
    asked = set()
    for day in range(2, 7):
        asked |= set(articles(ward.crawl(now=f"2025-03-0{day}T01:00:00+00:00")))
    assert len(asked) == 12, "an old article is never looked at again"


def test_an_edit_found_by_a_recheck_keeps_section_and_the_date_of_the_list(operate):
    portal = Portal("mot.test")
    portal.publish(3, days_ago=5)
    ward = operate(portal)
    ward.crawl(now=FIRST)
    before = ward.rows("SELECT key, section, published_at FROM articles ORDER BY key")
    for number in portal.pieces:
        portal.edit(number)
    assert ward.crawl(now=SECOND).site("mot")["changed"] == 3, "edits are not noticed"
    after = ward.rows("SELECT key, section, published_at FROM articles ORDER BY key")
    assert after == before, "an edit moves an article to another section or day"
    for number, piece in portal.pieces.items():
        assert ward.texts(number) == piece.bodies, "a text that an article had is lost"


def test_a_date_that_stands_in_the_lists_only_is_kept_and_no_alarm(operate):
    portal = Portal("mot.test")
    portal.dates = "lists"
    portal.publish(6, days_ago=5)
    ward = operate(portal)
    ward.crawl(now=FIRST)
    sources = {r["published_from"] for r in ward.rows("SELECT published_from FROM articles")}
    assert sources == {"listing"}, "a date that only the list shows is not said to be from there"
    before = ward.rows("SELECT key, published_at FROM articles ORDER BY key")
    for number in portal.pieces:
        portal.edit(number)
    for now in (SECOND, THIRD):
        done = ward.crawl(now=now)
        assert done.code == 0, "articles without a date of their own are called a failure"
        assert done.site("mot")["changed"] == 3, "edits are not noticed"
    after = ward.rows("SELECT key, published_at FROM articles ORDER BY key")
    assert after == before, "a recheck loses the date that the list showed"


def test_counters_tokens_and_layouts_make_no_version(settled):
    portal, ward = settled
    portal.count()
    changed = ward.crawl("--all", "--full", now=SECOND).site("mot")["changed"]
    assert changed == 0, "a counter or a token in a page is called an edit"
    portal.redesign_articles("container")
    ward.crawl("--all", "--full", now=THIRD)
    assert ward.rows("SELECT * FROM versions") == [], "another layout makes another version of an article"
    texts = {number: ward.texts(number) for number in portal.pieces}
    assert texts == {n: piece.bodies for n, piece in portal.pieces.items()}, "another layout changes the texts"


def test_a_site_that_is_down_takes_nothing_down(settled):
    """Every address answers 404 for three days; then all is as before."""
    portal, ward = settled
    portal.broken["/-/"] = portal.broken["_cur"] = 404
    for section in portal.order:
        portal.broken[f"/{section}"] = 404
    portal.home_links = "gone"
    for day in (2, 3, 4):
        done = ward.crawl(now=f"2025-03-0{day}T01:00:00+00:00")
        (site,) = done.summary["sites"]
        assert site["status"] == "failed", "a site that is down is called well"
        assert done.code == int(day == 2), "a site that is down is not told once"
    taken = ward.rows("SELECT * FROM articles WHERE removed_at IS NOT NULL OR gone_at IS NOT NULL")
    assert taken == [], "articles are called removed because their site is down"

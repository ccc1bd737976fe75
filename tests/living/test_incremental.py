"""What a run asks for when most is known, and what it notices."""

from tests.living.portal import Portal

FIRST, SECOND, THIRD = (f"2025-03-0{day}T01:00:00+00:00" for day in (1, 2, 3))


def grown(**facts):
    """A portal with 40 articles on two lists of four pages each."""
    portal = Portal("mot.test", **facts)
    for ago in range(40, 0, -1):
        portal.publish(days_ago=ago)
    return portal


def paths(done, status=None):
    return [r.path.split("?")[0] + ("#" + r.path.rsplit("=", 1)[1] if "_cur=" in r.path else "")
            for r in done.requests if status in (None, r.status)]  # fmt: skip


def articles(done):
    return [path for path in paths(done) if "view_content" in path]


def lists(done):
    return sorted(path for path in paths(done) if "view_content" not in path and path != "/robots.txt")


TOPS = ["/", "/thong-bao", "/thong-bao#2", "/tin-tuc", "/tin-tuc#2"]


# Only what is new


def test_the_second_run_reads_two_pages_a_section_and_the_recheck_share(operate):
    ward = operate(grown())
    assert ward.crawl(now=FIRST).site("mot")["new"] == 40
    again = ward.crawl(now=SECOND)
    assert lists(again) == TOPS and len(articles(again)) == 3
    assert again.site("mot")["new"] == again.site("mot")["changed"] == 0


def test_lists_that_did_not_change_are_answered_with_304(operate):
    ward = operate(grown(validators=True))
    ward.crawl(now=FIRST)
    again = ward.crawl(now=SECOND)
    assert sorted(paths(again, 304)) == TOPS and again.code == 0
    assert again.site("mot")["linked"] > 20 and again.site("mot")["listings"] == 5


def test_what_a_304_page_links_to_is_still_asked_for(operate):
    """An article that answered 500, on a list that has not changed since."""
    portal = grown(validators=True)
    broken = portal.order["tin-tuc"][1]
    portal.broken[f"view_content/{broken}"] = 500
    ward = operate(portal)
    assert ward.crawl(now=FIRST).site("mot")["new"] == 39
    portal.broken.clear()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 1
    assert ward.rows("SELECT section FROM articles WHERE key = ?", str(broken)) == [{"section": "Tin tuc"}]


def test_full_walks_and_fetches_everything(operate):
    ward = operate(grown())
    ward.crawl(now=FIRST)
    again = ward.crawl("--all", "--full", now=SECOND)
    assert len(articles(again)) == 40 and again.site("mot")["unchanged"] == 40 and len(lists(again)) == 9


def test_new_articles_below_pinned_ones_are_found(operate):
    portal = grown()
    ward = operate(portal)
    ward.crawl(now=FIRST)
    for number in portal.order["tin-tuc"][-6:]:
        portal.pin(number)
    new = portal.publish(3, section="tin-tuc")
    assert ward.crawl(now=SECOND).site("mot")["new"] == 3
    assert set(new) <= ward.stored()
    assert lists(ward.crawl(now=THIRD)) == TOPS  # the pinned ones are where they were


def test_new_articles_in_a_re_sorted_list_are_found(operate):
    portal = grown()
    ward = operate(portal)
    ward.crawl(now=FIRST)
    portal.publish(4)
    portal.resort()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 4
    assert lists(ward.crawl(now=THIRD)) == TOPS


def test_a_list_page_that_failed_is_gone_on_with(operate):
    portal = grown()
    portal.broken["/tin-tuc?p_p_id=101&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&_101_delta=5"
                  "&p_r_p_564233524_resetCur=false&_101_cur=3"] = 500  # fmt: skip
    ward = operate(portal)
    assert ward.crawl(now=FIRST).site("mot")["new"] == 35
    portal.broken.clear()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 5
    assert lists(ward.crawl(now=THIRD)) == TOPS


def test_articles_deep_in_the_archive_that_failed_are_asked_for_again(operate):
    portal = grown()
    deep = portal.order["thong-bao"][-2]
    portal.broken[f"view_content/{deep}"] = 503
    ward = operate(portal)
    assert ward.crawl(now=FIRST).site("mot")["new"] == 39
    portal.broken.clear()
    assert ward.crawl(now=SECOND).site("mot")["new"] == 1 and deep in ward.stored()


def test_an_article_that_never_answers_is_left_in_the_end(operate):
    portal = grown()
    deep = portal.order["thong-bao"][-2]
    portal.broken[f"view_content/{deep}"] = 503
    ward = operate(portal)
    for day in range(1, 8):
        last = ward.crawl(now=f"2025-03-0{day}T01:00:00+00:00")
    assert not [path for path in articles(last) if str(deep) in path] and last.code == 0


def test_a_section_that_failed_is_found_though_the_home_page_does_not_change(operate):
    portal = grown(validators=True)
    portal.broken["/thong-bao"] = 500
    ward = operate(portal)
    ward.crawl(now=FIRST)
    portal.broken.clear()
    ward.crawl(now=SECOND)
    assert ward.stored() == set(portal.pieces)


# Rechecks


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
    assert len(asked) == 12


def test_an_edit_found_by_a_recheck_keeps_section_and_the_date_of_the_list(operate):
    portal = Portal("mot.test")
    portal.publish(3, days_ago=5)
    ward = operate(portal)
    ward.crawl(now=FIRST)
    before = ward.rows("SELECT key, section, published_at FROM articles ORDER BY key")
    for number in portal.pieces:
        portal.edit(number)
    assert ward.crawl(now=SECOND).site("mot")["changed"] == 3
    assert ward.rows("SELECT key, section, published_at FROM articles ORDER BY key") == before
    for number, piece in portal.pieces.items():
        assert ward.texts(number) == piece.bodies


def test_a_date_that_stands_in_the_lists_only_is_kept_and_no_alarm(operate):
    portal = Portal("mot.test")
    portal.dates = "lists"
    portal.publish(6, days_ago=5)
    ward = operate(portal)
    ward.crawl(now=FIRST)
    assert {r["published_from"] for r in ward.rows("SELECT published_from FROM articles")} == {"listing"}
    before = ward.rows("SELECT key, published_at FROM articles ORDER BY key")
    for number in portal.pieces:
        portal.edit(number)
    for now in (SECOND, THIRD):
        done = ward.crawl(now=now)
        assert done.code == 0 and done.site("mot")["changed"] == 3
    assert ward.rows("SELECT key, published_at FROM articles ORDER BY key") == before


def test_counters_tokens_and_layouts_make_no_version(operate):
    portal = grown()
    ward = operate(portal)
    ward.crawl(now=FIRST)
    portal.count()
    assert ward.crawl("--all", "--full", now=SECOND).site("mot")["changed"] == 0
    portal.redesign_articles("container")
    ward.crawl("--all", "--full", now=THIRD)
    assert ward.rows("SELECT * FROM versions") == []
    assert all(ward.texts(number) == piece.bodies for number, piece in portal.pieces.items())


def test_a_site_that_is_down_takes_nothing_down(operate):
    """Every address answers 404 for three days; then all is as before."""
    portal = grown()
    ward = operate(portal)
    ward.crawl(now=FIRST)
    portal.broken["/-/"] = portal.broken["_cur"] = 404
    for section in portal.order:
        portal.broken[f"/{section}"] = 404
    portal.home_links = "gone"
    for day in (2, 3, 4):
        assert ward.crawl(now=f"2025-03-0{day}T01:00:00+00:00").code == 1
    assert ward.rows("SELECT * FROM articles WHERE removed_at IS NOT NULL OR gone_at IS NOT NULL") == []

"""What a run notices, and what `status` then says: each change in the first run after it."""

import json

import pytest

from tests.living.portal import Portal

DAYS = [f"2025-03-{day:02}T01:00:00+00:00" for day in range(1, 20)]


@pytest.fixture
def settled(operate):
    """A portal with 20 articles that was crawled twice, and who crawls it."""
    portal = Portal("mot.test")
    for ago in range(20, 0, -1):
        portal.publish(days_ago=ago)
    ward = operate(portal)
    for now in DAYS[:2]:
        assert ward.crawl(now=now).code == 0
    return portal, ward


def noticed(ward, now):
    """The reason under which the next run fails; run and status agree on it."""
    done = ward.crawl(now=now)
    site = done.site("mot")
    status = ward.run("status", "--json", now=now)
    state = json.loads(status.out)[0]
    assert (done.code, status.code) == (int(site["status"] == "failed"), int(state["state"] == "failing"))
    assert state["reason"] == site["reason"]
    return site["reason"]


@pytest.mark.parametrize("home", [True, False])
@pytest.mark.parametrize("kind", ["links", "shape"])
def test_lists_whose_links_are_others(settled, kind, home):
    portal, ward = settled
    portal.redesign_lists(kind, home=home)
    assert noticed(ward, DAYS[2]) == "listing_layout_changed"
    assert noticed(ward, DAYS[3]) == "listing_layout_changed"
    portal.rebuild_as_before()
    portal.publish()
    assert noticed(ward, DAYS[4]) is None and ward.stored() == set(portal.pieces)


@pytest.mark.parametrize("kind", ["container", "fields", "script"])
@pytest.mark.parametrize("news", [0, 1])
def test_articles_that_are_built_otherwise(settled, kind, news):
    portal, ward = settled
    portal.publish(news)
    portal.redesign_articles(kind)
    assert noticed(ward, DAYS[2]) == "article_layout_changed"
    assert ward.rows("SELECT * FROM versions") == []
    portal.rebuild_as_before()
    assert noticed(ward, DAYS[3]) is None


def test_dates_that_say_nothing_any_more(settled):
    portal, ward = settled
    portal.break_dates()
    assert noticed(ward, DAYS[2]) == "dates_stopped"
    portal.rebuild_as_before()
    assert noticed(ward, DAYS[3]) is None


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("dns", "dns"), ("refused", "refused"), ("timeout", "timeout"), ("500", "http_500"), ("antibot", "antibot"),
     ("robots", "robots_unreadable")],
)  # fmt: skip
def test_a_site_that_fails_and_comes_back(settled, mode, reason):
    portal, ward = settled
    portal.fail(mode)
    assert noticed(ward, DAYS[2]) == reason
    portal.recover()
    assert noticed(ward, DAYS[3]) is None


def test_nothing_is_never_a_success(operate):
    """A portal without any article."""
    ward = operate(Portal("mot.test"))
    assert noticed(ward, DAYS[0]) in ("empty_listing", "layout_changed")


def test_a_site_with_known_articles_whose_lists_are_empty_fails(settled):
    portal, ward = settled
    for listed in portal.order.values():
        listed.clear()
    assert noticed(ward, DAYS[2]) == "listing_layout_changed"


def test_status_says_since_when_and_exits_with_1(settled):
    portal, ward = settled
    portal.fail("500")
    for now in DAYS[2:5]:
        ward.crawl(now=now)
    done = ward.run("status", now=DAYS[5])
    assert done.code == 1 and "failing" in done.out
    assert "the server answered 500 (since 2025-03-03)" in done.out
    portal.recover()
    ward.crawl(now=DAYS[6])
    assert ward.run("status", now=DAYS[6]).code == 0


def test_a_site_never_crawled_is_no_failure(operate):
    portal, other = Portal("mot.test"), Portal("hai.test")
    portal.publish(5)
    ward = operate(portal, other)
    ward.crawl("mot", now=DAYS[0])
    assert {slug: row["state"] for slug, row in ward.status(DAYS[0]).items()} == {
        "mot": "healthy", "hai": "never crawled"
    }  # fmt: skip


def test_a_site_is_quiet_when_silent_for_longer_than_its_habit(settled):
    portal, ward = settled
    late = "2025-04-20T01:00:00+00:00"  # the newest article is of the last day of the year before
    assert noticed(ward, late) is None
    state = ward.status(late)["mot"]
    assert state["state"] == "quiet" and "no news for" in state["message"]
    portal.today = portal.today.replace(month=4, day=19)
    portal.publish()
    assert noticed(ward, "2025-04-20T03:00:00+00:00") is None
    assert ward.status(late)["mot"]["state"] == "healthy"


def test_fill_rates_are_kept_with_every_run(settled):
    _, ward = settled
    counts = [json.loads(row["counts"]) for row in ward.rows("SELECT counts FROM runs ORDER BY id")]
    assert [run["fetched"] for run in counts] == [20, 3]
    assert [run["filled"]["published_at"] for run in counts] == [20, 3]


def test_removed_and_returned(settled):
    portal, ward = settled
    first, second, _third = sorted(portal.pieces)[:3]
    portal.remove(first)
    portal.redirect_home(second)
    for now in DAYS[2:10]:
        ward.crawl(now=now)
    listed = json.loads(ward.run("removed", "--json").out)
    assert {int(row["key"]): row["reason"] for row in listed} == {first: "http_404", second: "redirected_away"}
    for row in listed:
        assert row["removed_at"][:10] > row["gone_at"][:10] and row["body"] == portal.pieces[int(row["key"])].body
    assert "the server answered 404; first missed on" in ward.run("removed").out
    portal.restore(first)
    for now in DAYS[10:18]:
        ward.crawl(now=now)
    assert [int(row["key"]) for row in json.loads(ward.run("removed", "--json").out)] == [second]
    events = ward.rows("SELECT kind FROM article_events ORDER BY id")
    assert sorted(row["kind"] for row in events) == ["removed", "removed", "returned"]


def test_an_edit_is_shown_in_words(settled):
    portal, ward = settled
    number = sorted(portal.pieces)[0]
    portal.edit(number)
    for now in DAYS[2:9]:
        ward.crawl(now=now)
    article = ward.rows("SELECT id FROM articles WHERE key = ?", str(number))[0]["id"]
    done = ward.run("diff", str(article))
    assert "[-" in done.out and "{+" in done.out and ward.texts(number) == portal.pieces[number].bodies

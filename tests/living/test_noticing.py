"""What a run notices, and what `status` then says: each change in the first run after it."""

import json
from itertools import product

import pytest

from tests.living.portal import Portal

DAYS = [f"2025-03-{day:02}T01:00:00+00:00" for day in range(1, 20)]
SIX = ("mot", "hai", "ba", "bon", "nam", "sau")


def settled(begin, *slugs, articles=20):
    """A portal each with 20 articles that was crawled twice."""
    portals = [Portal(f"{slug}.test") for slug in slugs or ("mot",)]
    for portal in portals:
        for ago in range(articles, 0, -1):
            portal.publish(days_ago=ago)
    ward = begin(*portals)
    for now in DAYS[:2]:
        assert ward.crawl(now=now).code == 0, "a portal that answers well is called failing"
    return ward


def six_settled(begin):
    return settled(begin, *SIX, articles=12)


def few_settled(begin):
    """Three old articles are looked at again in every run: here, each in every second."""
    return settled(begin, articles=6)


def cases(ward, wanted):
    """The portals of a world, each with one of the cases."""
    return {slug: (ward.world.portals[f"{slug}.test"], case) for slug, case in zip(SIX, wanted, strict=False)}


def noticed(ward, now, *slugs, **job):
    """Crawl `slugs` (default: all); returns the reason under which each fails, None for none. Run and status agree."""
    done = ward.crawl(*slugs, now=now, **job)
    reasons = {site["site"]: site["reason"] for site in done.summary["sites"]}
    failed = {site["site"] for site in done.summary["sites"] if site["status"] == "failed"}
    status = ward.run("status", *slugs, "--json", now=now)
    rows = {row["site"]: row for row in json.loads(status.out) if row["site"] in reasons}
    turned = {site["site"] for site in done.summary["sites"] if site["turned"] in ("failing", "doubtful", "quiet")}
    assert done.code == int(bool(turned)), "the exit code of a run does not say whether a site came to be unwell"
    assert turned <= failed, "a site that is well is said to have turned bad"
    assert status.code == int(bool(failed)), "the exit code of status is not that of the sites"
    assert {slug for slug in rows if rows[slug]["state"] == "failing"} == failed, "run and status differ on what fails"
    assert {slug: row["reason"] for slug, row in rows.items()} == reasons, "run and status differ on why"
    return reasons


def all_say(sites, reason):
    return dict.fromkeys(sites, reason)


@pytest.mark.long
def test_lists_whose_links_are_others(go_on_from):
    ward = go_on_from(six_settled)
    sites = cases(ward, product(["links", "shape"], [True, False]))
    for portal, (kind, home) in sites.values():
        portal.redesign_lists(kind, home=home)
    for day in DAYS[2:4]:
        reasons = noticed(ward, day, *sites)
        assert reasons == all_say(sites, "listing_layout_changed"), "lists that were rebuilt are not noticed"
    for portal, _ in sites.values():
        portal.rebuild_as_before()
        portal.publish()
    assert noticed(ward, DAYS[4], *sites) == all_say(sites, None), "lists that are as before are called changed"
    published = {number for portal in ward.world.portals.values() for number in portal.pieces}
    assert ward.stored() == published, "what came while lists were rebuilt was not found afterwards"


def test_articles_that_are_built_otherwise(go_on_from):
    ward = go_on_from(six_settled)
    sites = cases(ward, product(["container", "fields", "script"], [0, 1]))
    for portal, (kind, news) in sites.values():
        portal.publish(news)
        portal.redesign_articles(kind)
    reasons = noticed(ward, DAYS[2])
    assert reasons == all_say(sites, "article_layout_changed"), "articles that were rebuilt are not noticed"
    assert ward.rows("SELECT * FROM versions") == [], "another layout made another version of an article"
    for portal, _ in sites.values():
        portal.rebuild_as_before()
    assert noticed(ward, DAYS[3]) == all_say(sites, None), "articles that are as before are called changed"


@pytest.mark.long
def test_sites_that_fail_and_come_back(go_on_from):
    """Each for a reason of its own, beside one that is well."""
    ward = go_on_from(six_settled)
    expected = {
        "dns": "dns", "refused": "refused", "500": "http_500", "antibot": "antibot", "robots": "robots_unreadable",
    }  # fmt: skip
    sites = cases(ward, expected)
    for portal, mode in sites.values():
        portal.fail(mode)
    reasons = noticed(ward, DAYS[2])
    wanted = {slug: expected[mode] for slug, (_, mode) in sites.items()}
    assert reasons == wanted | {"sau": None}, "a site's failure is not noticed, or has another's reason"
    for portal, _ in sites.values():
        portal.recover()
    assert noticed(ward, DAYS[3]) == all_say(SIX, None), "a site that answers again is called failing"


def test_a_silent_site(go_on_from):
    """Only here a request may time out: this server answers nothing, however fast the machine is."""
    ward = go_on_from(few_settled)
    ward.world.portals["mot.test"].fail("timeout")
    reasons = noticed(ward, DAYS[2], settings={"DOWNLOAD_TIMEOUT": 0.2})
    assert reasons == {"mot": "timeout"}, "a server that never answers is not noticed"
    ward.world.portals["mot.test"].recover()
    assert noticed(ward, DAYS[3]) == {"mot": None}, "a server that answers again is called silent"


def test_dates_that_say_nothing_any_more(go_on_from):
    ward = go_on_from(settled)
    (portal,) = ward.world.portals.values()
    portal.break_dates()
    assert noticed(ward, DAYS[2]) == {"mot": "dates_stopped"}, "dates that can no longer be read are not noticed"
    portal.rebuild_as_before()
    assert noticed(ward, DAYS[3]) == {"mot": None}, "dates that can be read again are called unreadable"


def test_nothing_is_never_a_success(operate):
    """A portal without any article."""
    reason = noticed(operate(Portal("mot.test")), DAYS[0])["mot"]
    assert reason in ("empty_listing", "layout_changed"), "a portal in which nothing was found is called well"


def test_a_site_with_known_articles_whose_lists_are_empty_fails(go_on_from):
    ward = go_on_from(settled)
    for listed in ward.world.portals["mot.test"].order.values():
        listed.clear()
    assert noticed(ward, DAYS[2]) == {"mot": "listing_layout_changed"}, "lists that became empty are not noticed"


def test_status_says_since_when_and_exits_with_1(go_on_from):
    ward = go_on_from(few_settled)
    (portal,) = ward.world.portals.values()
    portal.fail("500")
    for now in DAYS[2:5]:
        ward.crawl(now=now)
    done = ward.run("status", now=DAYS[5])
    assert done.code == 1, "status does not say by its exit code that a site fails"
    assert "failing" in done.out, "status does not say that a site fails"
    assert "the server answered 500 (since 2025-03-03)" in done.out, "status does not say why and since when"
    portal.recover()
    ward.crawl(now=DAYS[6])
    assert ward.run("status", now=DAYS[6]).code == 0, "status calls a site failing that answers again"


def test_a_site_never_crawled_is_no_failure(operate):
    portal, other = Portal("mot.test"), Portal("hai.test")
    portal.publish(5)
    ward = operate(portal, other)
    ward.crawl("mot", now=DAYS[0])
    states = {slug: row["state"] for slug, row in ward.status(DAYS[0]).items()}
    assert states == {"mot": "healthy", "hai": "never crawled"}, (
        "a site that was never crawled is called something else"
    )


def test_a_site_is_quiet_when_silent_for_longer_than_its_habit(go_on_from):
    ward = go_on_from(settled)
    (portal,) = ward.world.portals.values()
    late = "2025-04-20T01:00:00+00:00"  # the newest article is of the last day of the year before
    assert noticed(ward, late) == {"mot": None}, "a site without news is called failing"
    state = ward.status(late)["mot"]
    assert state["state"] == "quiet", "a site that has been silent for months is not called quiet"
    assert "no news for" in state["message"], "status does not say for how long a site has been silent"
    portal.today = portal.today.replace(month=4, day=19)
    portal.publish()
    assert noticed(ward, "2025-04-20T03:00:00+00:00") == {"mot": None}, "a site with news again is called failing"
    assert ward.status(late)["mot"]["state"] == "healthy", "a site with news again is still called quiet"


def test_fill_rates_are_kept_with_every_run(go_on_from):
    ward = go_on_from(settled)
    counts = [json.loads(row["counts"]) for row in ward.rows("SELECT counts FROM runs ORDER BY id")]
    assert [run["fetched"] for run in counts] == [20, 3], "a run is kept with another number of articles read"
    dated = [run["filled"]["published_at"] for run in counts]
    assert dated == [20, 3], "a run is kept with another number of articles that have a date"


def test_removed_and_returned(go_on_from):
    ward = go_on_from(few_settled)
    (portal,) = ward.world.portals.values()
    first, second, _third = sorted(portal.pieces)[:3]
    portal.remove(first)
    portal.redirect_home(second)
    for now in DAYS[2:7]:
        ward.crawl(now=now)
    listed = json.loads(ward.run("removed", "--json").out)
    reasons = {int(row["key"]): row["reason"] for row in listed}
    assert reasons == {first: "http_404", second: "redirected_away"}, "what was taken down is not listed, or more is"
    for row in listed:
        assert row["removed_at"][:10] > row["gone_at"][:10], "an article is called removed on the day it was missed"
        assert row["body"] == portal.pieces[int(row["key"])].body, "the text of a removed article is not kept"
    words = ward.run("removed").out
    assert "the server answered 404; first missed on" in words, "removed does not say why and since when"
    portal.restore(first)
    for now in DAYS[7:11]:
        ward.crawl(now=now)
    left = [int(row["key"]) for row in json.loads(ward.run("removed", "--json").out)]
    assert left == [second], "an article that came back is still listed as removed"
    events = sorted(row["kind"] for row in ward.rows("SELECT kind FROM article_events"))
    assert events == ["removed", "removed", "returned"], "what befell the articles is not kept"


def test_an_edit_is_shown_in_words(go_on_from):
    ward = go_on_from(few_settled)
    (portal,) = ward.world.portals.values()
    number = sorted(portal.pieces)[0]
    portal.edit(number)
    for now in DAYS[2:5]:
        ward.crawl(now=now)
    article = ward.rows("SELECT id FROM articles WHERE key = ?", str(number))[0]["id"]
    done = ward.run("diff", str(article))
    assert "[-" in done.out and "{+" in done.out, "diff does not show what was taken away and what was added"
    assert ward.texts(number) == portal.pieces[number].bodies, "a text that an article had is lost"

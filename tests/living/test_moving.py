"""Articles whose addresses change or are gone: which of them were taken down."""

import json

import pytest

from tests.living.portal import Portal

LINE = "Mời bà con theo dõi những bản tin tiếp theo của phường trên trang này vào mỗi buổi sáng."
DAYS = [f"2025-03-{day:02}T01:00:00+00:00" for day in range(1, 20)]


def settled(begin, count=8):
    portal = Portal("mot.test")
    for ago in range(count, 0, -1):
        portal.publish(days_ago=ago)
    ward = begin(portal)
    for now in DAYS[:2]:
        assert ward.crawl(now=now).code == 0, "a portal that answers well is called failing"
    return ward


def few(begin):
    return settled(begin, 3)


def only(ward):
    (portal,) = ward.world.portals.values()
    return portal


def removed(ward):
    return {int(row["key"]) for row in json.loads(ward.run("removed", "--json").out)}


def shown(ward):
    return {row["url"] for row in ward.rows("SELECT url FROM articles")}


def crawled_on(ward, days):
    return [ward.crawl(now=day).code for day in days]


LONG = pytest.mark.long


@pytest.mark.long
@pytest.mark.parametrize(
    ("at", "adds"),
    [
        ("gone", ""),
        ("moved", LINE),
        *(pytest.param(*both, marks=LONG) for both in (("home", ""), ("moved", ""), ("gone", LINE), ("home", LINE))),
    ],
    ids=["gone", "moved-with-a-line", "home", "moved", "gone-with-a-line", "home-with-a-line"],
)
def test_new_addresses_of_all_articles_take_nothing_down(go_on_from, at, adds):
    """A redesign: the texts stay, to the letter or with a line of the new frame below them."""
    ward = go_on_from(settled)
    before = set(ward.stored())
    new = only(ward).renumber(at=at, adds=adds)
    assert crawled_on(ward, DAYS[2:8]) == [0] * 6, "articles with new addresses are an alarm"
    assert removed(ward) == set(), "articles are called removed that are at new addresses"
    assert ward.rows("SELECT * FROM article_events") == [], "something is said to have befallen articles that moved"
    if adds:
        assert len(ward.stored()) == 2 * len(before), "the added line is no part of the text: nothing is tested"
    else:
        assert ward.stored() == before, "an article that moved is another article"
        urls = shown(ward)
        for day in DAYS[8:12]:  # three articles are looked at again in each run, and which ones is not said
            if urls != {only(ward).url(number) for number in new.values()}:
                assert ward.crawl(now=day).code == 0
                urls = shown(ward)
        assert urls == {only(ward).url(number) for number in new.values()}, "an article is shown at a dead address"


def test_what_moved_and_was_edited_has_a_version(go_on_from):
    ward = go_on_from(few)
    new = only(ward).renumber()
    crawled_on(ward, DAYS[2:4])
    for number in new.values():
        only(ward).edit(number)
    crawled_on(ward, DAYS[4:6])
    assert ward.stored() == set(new), "an edit of an article that moved is another article"
    for old, number in new.items():
        assert ward.texts(old) == only(ward).pieces[number].bodies, "a text of an article that moved is lost"


@pytest.mark.long
def test_what_moved_and_was_taken_down_then_is_removed(go_on_from):
    ward = go_on_from(settled)
    new = only(ward).renumber()
    crawled_on(ward, DAYS[2:6])
    victim = next(iter(new))
    only(ward).remove(new[victim])
    crawled_on(ward, DAYS[6:14])
    assert removed(ward) == {victim}, "an article that moved is not missed at its new address, or others are"


@pytest.mark.long
def test_what_moved_while_it_was_called_removed_is_back(go_on_from):
    ward = go_on_from(settled)
    number = min(only(ward).pieces)
    only(ward).remove(number)
    crawled_on(ward, DAYS[2:8])
    assert removed(ward) == {number}, "an article that was taken down is not noticed"
    only(ward).restore(number)
    only(ward).renumber(number)
    crawled_on(ward, DAYS[8:10])
    assert removed(ward) == set(), "an article that is back under a new address is called removed"
    kinds = [row["kind"] for row in ward.rows("SELECT kind FROM article_events ORDER BY id")]
    assert kinds == ["removed", "returned"], "what befell the article is not kept"


@pytest.mark.parametrize("kind", [404, 410])
def test_all_gone_at_once_is_an_alarm(go_on_from, kind):
    """The lists answer and link to the articles as before, but no article is there."""
    ward = go_on_from(settled)
    only(ward).broken["view_content"] = kind
    for day in DAYS[2:5]:
        done = ward.crawl(now=day)
        site = done.site("mot")
        assert (site["status"], site["reason"]) == ("failed", "all_gone"), "all gone at once is no alarm"
        assert done.code == int(day == DAYS[2]), "the alarm is not told once"
        assert "are gone at once; none was recorded as taken down" in done.err, "the alarm is not said in words"
    marked = "SELECT id FROM articles WHERE gone_at IS NOT NULL OR removed_at IS NOT NULL"
    assert ward.rows(marked) == [], "articles are marked as gone in a run that raised the alarm"
    assert ward.rows("SELECT url FROM article_urls WHERE gone_at IS NOT NULL") == [], "and so are their addresses"
    only(ward).broken.clear()
    assert ward.crawl(now=DAYS[5]).code == 0, "articles that answer again are an alarm"


def test_an_alarm_is_believed_on_request(go_on_from):
    ward = go_on_from(few)
    portal = only(ward)
    portal.broken["view_content"] = 404
    codes = [ward.crawl("--all", "--believe-removals", now=day).code for day in DAYS[2:5]]
    assert codes == [0, 0, 0], "what a person believes is an alarm all the same"
    assert removed(ward) == set(portal.pieces), "what a person believes is not recorded"


@pytest.mark.long
@pytest.mark.parametrize("count", [3, pytest.param(4, marks=LONG), pytest.param(5, marks=LONG)])
def test_several_taken_down_of_more_are_removals_and_no_alarm(go_on_from, count):
    """The oldest ones, which are looked at in one run: others are asked, too, and are there."""
    ward = go_on_from(settled)
    oldest = sorted(only(ward).pieces)[:count]
    for number in oldest:
        only(ward).remove(number)
    assert crawled_on(ward, DAYS[2:14]) == [0] * 12, "articles that were taken down are an alarm"
    assert removed(ward) == set(oldest), "not all that were taken down are noticed, or others are"


@pytest.mark.long
def test_a_copy_elsewhere_that_is_gone_too_is_no_life(go_on_from):
    """The same story in two sections, nearly the same text; both are taken down."""
    ward = go_on_from(settled)
    portal = only(ward)
    number = max(portal.pieces)
    copy = portal.renumber(number, adds=LINE)[number]
    portal.pieces[number].at = "there"
    crawled_on(ward, DAYS[2:4])
    portal.pieces[number].at = "gone"
    portal.remove(copy)
    crawled_on(ward, DAYS[4:18])
    assert removed(ward) == {number, copy}, "two that are gone keep each other alive"

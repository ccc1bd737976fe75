"""An exception of ours in one page loses that page only; it is counted, logged, said, and asked for again."""

import pytest

from tests.living.portal import Portal

NOON, NEXT = "2025-03-01T12:00:00+00:00", "2025-03-02T12:00:00+00:00"
FAULTS = "tests.living.faults"


def ward_of(begin, count=12, **settings):
    portal = Portal("mot.test", sections=("tin-tuc",), page_size=20)
    return begin(portal, **settings), portal.publish(count, days_ago=2)


def faulty(ward, part, *argv, place="", **job):
    """A crawl in which our code fails on the pages whose address holds `part`."""
    return ward.crawl(*argv, env={"FAULTY": part, "FAULTY_PLACE": place}, **job)


def lost_one_page(ward, done, log, number, numbers):
    """One article of many is lost: the run is well and says so, the log has the traceback, the next run gets it."""
    site = done.site("mot")
    assert "Traceback" not in done.err, f"the user sees a traceback: {done.err}"
    assert ward.stored() == set(numbers) - {number}, "an error in one page loses others, or nothing failed"
    assert (site["status"], done.code) == ("ok", 0), f"an error in one page fails the whole site: {done.out}"
    assert site["skipped"] == {"internal_error": 1} and site["page_errors"] == 1
    assert "on 1 page an error of tinphuong itself, see the log" in site["message"]
    assert "Traceback (most recent call last)" in log.read_text(), "the log does not say where the fault is"
    again = ward.crawl(now=NEXT)
    assert again.code == 0 and ward.stored() == set(numbers), "a page on which we failed is not asked for again"
    assert again.site("mot")["message"] == "1 new, 14 known"


def code(place):
    return {"add": {"EXTENSIONS": {f"{FAULTS}.FaultyCode": 500}}, "place": place}


PLACES = {
    "callback": code("callback"),
    "pipeline": {"add": {"ITEM_PIPELINES": {f"{FAULTS}.FaultyPipeline": 260}}},
    "half an article written": code("storing"),
    "request": {"add": {"DOWNLOADER_MIDDLEWARES": {f"{FAULTS}.FaultyRequest": 560}}},
    "response": {"add": {"DOWNLOADER_MIDDLEWARES": {f"{FAULTS}.FaultyResponse": 560}}},
    "spider middleware": {"add": {"SPIDER_MIDDLEWARES": {f"{FAULTS}.FaultySpiderMiddleware": 600}}},
}


@pytest.mark.parametrize("place", PLACES)
def test_an_error_in_an_article_loses_that_article(operate, tmp_path, place):
    ward, numbers = ward_of(operate)
    log, number = tmp_path / "log.txt", numbers[3]
    done = faulty(ward, f"/{number}-", "mot", "--log", log, now=NOON, **PLACES[place])
    lost_one_page(ward, done, log, number, numbers)


def test_an_error_in_an_errback_loses_that_article(operate, tmp_path):
    ward, numbers = ward_of(operate)
    (portal,) = ward.world.portals.values()
    log, number = tmp_path / "log.txt", numbers[3]
    portal.broken[f"/{number}-"] = 404
    done = faulty(ward, f"/{number}-", "mot", "--log", log, now=NOON, **code("errback"))
    portal.broken.clear()
    lost_one_page(ward, done, log, number, numbers)


def test_an_error_in_a_list_loses_that_page_and_what_was_counted_stays(operate):
    ward, numbers = ward_of(operate)
    (portal,) = ward.world.portals.values()
    portal.page_size = 4
    done = faulty(ward, "_cur=2", now=NOON, **code("lists"))
    site = done.site("mot")
    assert (site["status"], done.code, site["new"]) == ("ok", 0, 4), done.out
    assert site["skipped"] == {"internal_error": 1} and site["errors"] == 1
    assert ward.crawl(now=NEXT).code == 0 and ward.stored() == set(numbers)


def test_an_error_in_every_article_fails_the_site(operate):
    ward, _ = ward_of(operate)
    done = faulty(ward, "/", now=NOON, **PLACES["pipeline"])
    assert (done.site("mot")["status"], done.site("mot")["reason"], done.code) == ("failed", "internal_error", 1)


def test_an_error_in_a_handler_about_one_page_is_counted_for_that_page(operate, tmp_path):
    ward, numbers = ward_of(operate)
    log = tmp_path / "log.txt"
    handler = {"EXTENSIONS": {f"{FAULTS}.FaultyHandler": 500}}
    done = faulty(ward, f"/{numbers[3]}-", "mot", "--log", log, now=NOON, add=handler)
    site = done.site("mot")
    assert (site["status"], site["page_errors"], done.code) == ("ok", 1, 0), done.out
    assert ward.stored() == set(numbers) and "Traceback" in log.read_text()


def test_an_error_about_one_waiting_article_loses_none_of_the_others(operate):
    ward, numbers = ward_of(operate)
    (portal,) = ward.world.portals.values()
    portal.broken["view_content"] = 500
    ward.crawl(now=NOON)
    portal.broken.clear()
    portal.order["tin-tuc"].clear()  # only what the first run remembers leads to the articles
    done = faulty(ward, f"/{numbers[3]}-", now=NEXT, **code("beginning"))
    assert ward.stored() == set(numbers) - {numbers[3]}, done.err
    assert done.site("mot")["page_errors"] == 1

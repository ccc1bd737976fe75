"""A run ends by itself, whatever a portal links to; what is left over is said, and the next run goes on from there."""

import pytest

from tests.living.portal import Portal

DAYS = [f"2025-03-{day:02}T12:00:00+00:00" for day in range(1, 9)]


def ward_of(begin, count=40, **settings):
    portal = Portal("mot.test", sections=("tin-tuc",), page_size=4)
    return begin(portal, **settings), portal.publish(count, days_ago=2)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ({"TINPHUONG_LIST_PAGES": 4}, "4 pages of one list"),
        ({"TINPHUONG_LIST_ARTICLES": 16}, "16 articles of one list"),
    ],
)
def test_a_list_without_end_is_read_so_far_in_each_run(operate, bound, said):
    ward, numbers = ward_of(operate, **bound)
    first = ward.crawl(now=DAYS[0])
    site = first.site("mot")
    assert (first.code, site["status"], site["reason"], site["new"]) == (0, "ok", "run_bound", 16), first.out
    assert f"the bound of one run was reached ({said}): the next run goes on" in site["message"]
    assert site["skipped"] == {"run_bound": 1} and site["errors"] == 0
    for day in DAYS[1:7]:
        done = ward.crawl(now=day)
        if done.site("mot")["reason"] is None:
            break
    assert ward.stored() == set(numbers), "articles beyond the bound of one run are never read"
    assert "bound" not in done.site("mot")["message"]


def test_a_list_whose_last_page_is_that_of_the_bound_is_whole(operate):
    ward, numbers = ward_of(operate, 16, TINPHUONG_LIST_PAGES=4)
    assert ward.crawl(now=DAYS[0]).site("mot")["reason"] is None and ward.stored() == set(numbers)


@pytest.mark.long
def test_the_requests_of_a_run_are_bounded_and_the_next_goes_on(operate):
    ward, numbers = ward_of(operate, TINPHUONG_REQUESTS=20)
    first = ward.crawl(now=DAYS[0])
    site = first.site("mot")
    assert len(first.requests) == 20, "more was asked for than a run may"
    assert (first.code, site["status"], site["reason"]) == (0, "ok", "run_bound"), first.out
    assert "(20 requests were made): the next run goes on" in site["message"] and "not stored" not in site["message"]
    for day in DAYS[1:7]:
        ward.crawl(now=day)
    assert ward.stored() == set(numbers), "what a run left over is never read"


def test_sections_without_end_are_asked_for_so_far(operate):
    ward, _ = ward_of(operate, 8, TINPHUONG_SECTIONS=5)
    (portal,) = ward.world.portals.values()
    for number in range(40):
        portal.order[f"loc-{number}"] = []
    site = ward.crawl(now=DAYS[0]).site("mot")
    assert (site["status"], site["reason"], site["new"]) == ("ok", "run_bound", 8)
    assert "(5 pages that may be lists)" in site["message"]
    assert sum("loc-" in request.path for request in ward.world.requests) <= 5


def test_runs_of_other_sites_that_were_killed_are_closed_too(operate):
    portals = [Portal("mot.test"), Portal("hai.test")]
    for portal in portals:
        portal.publish(6, days_ago=2)
    ward = operate(*portals)
    gate = portals[0].keep_back("view_content", 2)
    job = ward.start("crawl", "mot", now=DAYS[0])
    ward.wait_for(gate, job)
    job.kill()
    ward.finish(job)
    portals[0].open_gates()
    done = ward.crawl("hai", now=DAYS[1])
    assert "mot: the run that began at 2025-03-01 19:00 +07:00 did not end: it was killed" in done.err
    row, _ = ward.rows("SELECT * FROM runs ORDER BY id")
    assert (row["status"], row["reason"], row["finished_at"]) == ("interrupted", "interrupted", None)
    assert row["message"].startswith("it was killed; what was fetched is kept")
    assert ward.run("verify").code == 0, "the log of runs does not hold any more"
    assert "did not end" not in ward.crawl("mot", now=DAYS[2]).err, "a killed run is told of twice"
    assert ward.run("export", "jsonl", ward.folder / "a.jsonl").code == 0

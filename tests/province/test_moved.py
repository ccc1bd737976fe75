"""Hosts that begin to lead to another portal: told as such, with what to do, and nothing of the other is stored."""

import json
import sqlite3

import pytest

from spiders.moved_portals import where_to
from tests.discovery.portals_by_host import Host, PortalsByHost, by_replica
from tests.fifty.portals import made
from tests.platforms import unknown
from tests.platforms.replica import Answer
from tests.running import run

NEW_WARD = "haibatrung.hanoi.gov.vn"  # since July 2025 the portal of phường Hai Bà Trưng
SAME_UNIT = "dongnhan.haibatrung.hanoi.gov.vn"
# Slug → (host, code before July 2025, host that it leads to in the end).
SITES = {
    "hanoi_doi": ("bachkhoa.haibatrung.hanoi.gov.vn", "00277", NEW_WARD),
    "hanoi_nha": ("dongnhan.thudo.gov.vn", "00259", SAME_UNIT),
    "hanoi_la": ("la.hanoi.test", "", "noi-khac.test"),
    "hanoi_www": ("ba.hanoi.test", "", "www.ba.hanoi.test"),
    "hanoi_con": ("con.hanoi.test", "", "xa.con.hanoi.test"),
    "hanoi_bai": ("bai.hanoi.test", "", ""),
}


def leads_to(host):
    return by_replica(lambda target: Answer(b"", status=301, headers={"Location": f"http://{host}{target}"}))


def by_script(host):
    page = f"<html><head><script>window.location.href = 'http://{host}/';</script></head><body></body></html>"
    return by_replica(lambda target: Answer(page.encode()))


def answers(portal):
    return by_replica(lambda target: portal.answer("GET", target, ""))


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """(reports before the hosts moved, and after; requests after; what status says; rows of articles)."""
    folder = tmp_path_factory.mktemp("moved")
    portals = {slug: made(unknown.Handmade, host, 2) for slug, (host, _, _) in SITES.items()}
    other = made(unknown.Handmade, NEW_WARD, 4)  # of the same platform: its articles have the same addresses
    table, db = folder / "sites.csv", folder / "a.db"
    rows = ["slug,name,host,platform,unit_old,start_pages,scheme"]
    rows += [f"{slug},Phường {slug},{host},generic,{old},/,http" for slug, (host, old, _) in SITES.items()]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")

    with PortalsByHost({host: answers(portals[slug]) for slug, (host, _, _) in SITES.items()}) as web:

        def tinphuong(*arguments):
            job = json.dumps({"env": {"TINPHUONG_PROXY": web.proxy}})
            return run("tests.living.runner", "--db", db, "--sites", table, *arguments, stdin=job)

        def crawl(name):
            done = tinphuong("crawl", *SITES, "--summary", folder / name)
            assert (folder / name).exists(), done.stderr
            summary = json.loads((folder / name).read_text(encoding="utf-8"))
            return {site["site"]: site for site in summary["sites"]} | {"code": done.returncode}

        before = crawl("before.json")
        for host, _, target in SITES.values():
            if target:
                web.hosts[host] = leads_to(target)
            web.hosts.setdefault(target, answers(other))
        web.hosts["la.hanoi.test"] = by_script("noi-khac.test")
        web.hosts["www.ba.hanoi.test"] = answers(portals["hanoi_www"])
        listed = made(unknown.Handmade, "bai.hanoi.test", 4)  # two more, which are on the other host
        there = leads_to(NEW_WARD), answers(listed)
        web.hosts["bai.hanoi.test"] = Host(
            lambda host, path: there["tin-so-3" not in path and "tin-so-2" not in path].answer(host, path)
        )
        web.asked.clear()
        after, asked = crawl("after.json"), [(host, path) for _, host, path in web.asked]
        again = crawl("again.json")
        status = json.loads(tinphuong("status", "--json").stdout)
    with sqlite3.connect(db) as connection:
        articles = connection.execute("SELECT site, url, body FROM articles").fetchall()
    return before, after, again, asked, {site["site"]: site for site in status}, articles


def test_before_they_moved_all_went_well(moved):
    before, *_ = moved
    assert before["code"] == 0
    assert {slug: before[slug]["new"] for slug in SITES} == dict.fromkeys(SITES, 2)


def test_the_portal_of_another_unit_is_named_and_proposed(moved):
    _, after, *_ = moved
    site = after["hanoi_doi"]
    assert (site["status"], site["reason"]) == ("failed", "moved_to_another")
    assert site["message"] == (
        "its start page leads to haibatrung.hanoi.gov.vn, the portal of phường Hai Bà Trưng, thành phố Hà Nội: "
        "`tinphuong new-site http://haibatrung.hanoi.gov.vn` adds that one; what is stored of this one stays"
    )


def test_the_new_home_of_the_same_unit_is_told_as_such(moved):
    _, after, *_ = moved
    assert after["hanoi_nha"]["message"] == (
        "its start page leads to dongnhan.haibatrung.hanoi.gov.vn, the portal of phường Đồng Nhân, quận Hai Bà Trưng, "
        "thành phố Hà Nội, the same unit: correct the site's host"
    )


@pytest.mark.parametrize(("slug", "host"), [("hanoi_la", "noi-khac.test"), ("hanoi_con", "xa.con.hanoi.test")])
def test_an_unknown_host_by_a_script_or_below_is_named_with_both_ways_to_go(moved, slug, host):
    _, after, *_ = moved
    assert (after[slug]["status"], after[slug]["reason"]) == ("failed", "moved_to_another")
    assert after[slug]["message"] == (
        f"its start page leads to {host}: if that is the new home of the same unit, correct the site's host; if it is "
        f"another's, `tinphuong new-site http://{host}` adds that one"
    )


def test_a_redirect_within_the_site_is_followed_as_ever(moved):
    _, after, *_ = moved
    assert (after["hanoi_www"]["status"], after["hanoi_www"]["known"]) == ("ok", 2)


def test_nothing_of_another_portal_is_read_or_stored(moved):
    _, after, again, asked, _, articles = moved
    hosts = {host for host, _ in asked}
    assert hosts.isdisjoint({NEW_WARD, SAME_UNIT, "noi-khac.test"}), "another unit's portal was asked for pages"
    assert len(articles) == 2 * len(SITES)
    assert all(SITES[site][0] in url.replace("//www.", "//") for site, url, _ in articles)
    assert not any(f"của {NEW_WARD}" in body for _, _, body in articles)
    assert set(after["hanoi_bai"]["skipped"]) == {"offsite"}, "an article that leads to another portal is not counted"
    assert after["hanoi_bai"]["new"] == again["hanoi_bai"]["new"] == 0


def test_it_is_an_alarm_once_and_status_goes_on_to_say_so(moved):
    _, after, again, _, status, _ = moved
    assert (after["code"], again["code"]) == (1, 0)
    assert after["hanoi_doi"]["turned"] == "failing" and again["hanoi_doi"]["turned"] is None
    assert status["hanoi_doi"]["reason"] == "moved_to_another"
    assert "the portal of phường Hai Bà Trưng" in status["hanoi_doi"]["message"]


def test_a_unit_that_went_into_another_is_not_the_same():
    class Old:
        unit_old, unit_new = "00277", "00256"

    class New:
        unit_old, unit_new = None, "00256"

    assert "adds that one; what is stored of this one stays" in where_to(Old, f"https://{NEW_WARD}/")
    assert "the same unit: correct the site's host" in where_to(New, f"https://{NEW_WARD}/")


def test_of_a_host_that_nobody_listed_its_name_tells_whose_it_is():
    class HamRong:
        unit_old, unit_new = "14755", "14758"

    said = where_to(HamRong, "https://hamrong.thanhhoa.gov.vn/")
    assert "by its name the portal of phường Hàm Rồng, tỉnh Thanh Hóa, which this unit went into: " in said
    assert "`tinphuong new-site https://hamrong.thanhhoa.gov.vn` adds that one" in said
    assert "by its name" not in where_to(HamRong, "https://dongtien.thanhhoa.gov.vn/")  # of two units of today
    assert "by its name" not in where_to(HamRong, "https://bachmai.gov.vn/")

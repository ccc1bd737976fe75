"""How much of the country is known and held: every figure of the pages and of the report is counted here once more."""

import csv
import io
import re
import sqlite3
from datetime import UTC, datetime

import pytest

from crawler import clock
from crawler.browse import report as reporting
from crawler.browse.portal_counts import Coverage, KnownSite
from crawler.browse.portal_pages import coverage_of, flat, known_sites, today, units_of
from crawler.units import NEW, table
from crawler.units.provinces import provinces
from spiders.portals import Portal, directory
from storage import Collection
from tests.browse.planted import record

NOW = datetime(2026, 7, 1, tzinfo=UTC)
# Trúc Bạch and Quán Thánh went into phường Ba Đình (00004 of today), as a whole; Bách Khoa (00277) into Bạch Mai
# (00292); Ngọc Hà (00016) in part into Ba Đình.
TRUC_BACH, QUAN_THANH, NGOC_HA, BACH_KHOA, BA_DINH, BACH_MAI = "00004", "00013", "00016", "00277", "00004", "00292"


def portal(host, level="ward", province="hanoi", old=None, new=None, *, seen="", since=False):
    return Portal(host, host.replace(".", "_"), level, province, "", old, new, seen, since, "register")


def site(slug, host, old=None, new=None, state="healthy", articles=3, newest="2026-06-01"):
    return KnownSite(slug, slug, (host,), old, new, state, articles, newest)


def counted(portals=(), sites=()):
    return Coverage(portals, sites).counts()


def of(counts, slug="hanoi"):
    (row,) = (row for row in counts["provinces"] if row["slug"] == slug)
    return row


def only(tally):
    return {name: number for name, number in tally.items() if number and name != "units"}


def test_every_unit_of_both_vintages_is_counted_once():
    counts = counted()
    assert (len(counts["provinces"]), len(counts["before"])) == (34, 63)
    assert counts["country"]["new"]["units"] == len(table().new) == 3321
    assert counts["country"]["old"]["units"] == len(table().old) == 10040
    assert sum(row["old"]["units"] for row in counts["before"]) == 10040
    assert only(counts["country"]["new"]) == only(counts["country"]["old"]) == {}


def test_a_unit_has_the_portals_of_the_units_that_went_into_it():
    whole = of(counted([portal("a.gov.vn", old=TRUC_BACH, new=BA_DINH)]))
    assert only(whole["old"]) == {"portals": 1, "own": 1}
    assert only(whole["new"]) == {"portals": len(table().successors(TRUC_BACH))}
    own = of(counted([portal("a.gov.vn", new=BA_DINH, since=True)]))
    assert only(own["new"]) == {"portals": 1, "own": 1} and only(own["old"]) == {}


def test_what_is_known_through_a_part_alone_is_said():
    units = table()
    old = next(
        code for code in units.old if not any(units.went_whole(code, new.code) for new in units.successors(code))
    )
    counts = counted([portal("a.gov.vn", old=old)])
    parts = len(units.successors(old))
    assert parts > 1 and only(counts["country"]["new"]) == {"portals": parts, "in_part": parts}


def test_a_unit_counts_once_under_its_site_that_does_best():
    sites = [
        site("hanoi_a", "a.vn", TRUC_BACH, state="failing", articles=0, newest=None),
        site("hanoi_b", "b.vn", QUAN_THANH, state="quiet", articles=5, newest="2025-01-01"),
        site("hanoi_c", "c.vn", None, BA_DINH, state="doubtful", articles=7),
    ]
    row = of(counted((), sites))
    assert row["new"]["doubtful"] == 1 and row["new"]["healthy"] == row["new"]["quiet"] == row["new"]["failing"] == 0
    assert (row["new"]["own"], row["new"]["crawled"]) == (1, 1)
    assert only(row["old"]) == {"portals": 2, "own": 2, "crawled": 1, "quiet": 1, "failing": 1}
    assert (row["sites"], row["articles"], row["newest"]) == (3, 12, "2026-06-01")


@pytest.mark.parametrize(("state", "articles"), [("never crawled", 0), (None, 0), ("never crawled", 4)])
def test_what_never_ran_has_no_state_but_its_articles_count(state, articles):
    row = of(counted((), [site("hanoi_a", "a.vn", BACH_KHOA, BACH_MAI, state=state, articles=articles)]))
    expected = {"portals": 1, "crawled": 1} if articles else {"portals": 1}
    assert only(row["new"]) == expected and only(row["old"]) == {**expected, "own": 1}


def test_a_host_of_the_directory_and_of_a_site_is_one():
    known = [portal("a.hanoi.gov.vn", old=TRUC_BACH), portal("b.hanoi.gov.vn", old=QUAN_THANH)]
    sites = [KnownSite("hanoi_x", "x", ("www.a.hanoi.gov.vn:443", "b.hanoi.gov.vn"), None, None, "healthy", 2)]
    row = of(counted(known, sites))
    assert row["hosts"]["unit"] == 2 and row["sites"] == 1 and row["articles"] == 2
    assert (row["old"]["portals"], row["old"]["crawled"], row["old"]["healthy"]) == (2, 2, 2)


def test_hosts_that_are_of_no_unit_stand_apart():
    known = [
        portal("d.hanoi.gov.vn", "district"), portal("p.hanoi.gov.vn", "province"), portal("w.hanoi.gov.vn"),
        portal("nowhere.gov.vn", province=""),
    ]  # fmt: skip
    counts = counted(known, [site("hanoi_sotttt", "s.vn"), site("xx_evil", "x.vn", articles=9)])
    row = of(counts)
    assert row["hosts"] == {"unit": 0, "unplaced": 1, "district": 1, "province": 1, "other": 1}
    assert only(row["new"]) == only(row["old"]) == {} and row["articles"] == 3
    assert counts["elsewhere"]["articles"] == 9 and counts["elsewhere"]["hosts"]["unplaced"] == 1
    assert counts["country"]["articles"] == 12 and counts["country"]["hosts"]["unplaced"] == 2


def test_a_code_that_no_unit_has_counts_for_nothing():
    counts = counted([portal("a.gov.vn", old="99998", new="99999")], [site("hanoi_a", "b.vn", "99998", "99999")])
    assert only(counts["country"]["new"]) == {} and of(counts)["articles"] == 3


def test_the_sums_over_the_directory_are_those_of_its_rows():
    units, portals = table(), [portal for portal in directory() if portal.is_of_unit]
    old = {row.old_code for row in portals if row.old_code}
    new = {unit.code for code in old for unit in units.successors(code)}
    new |= {row.new_code for row in portals if row.new_code}
    counts = coverage_of((), ()).counts()
    assert counts["country"]["old"]["portals"] == len(old) and counts["country"]["new"]["portals"] == len(new)
    assert sum(counts["country"]["hosts"].values()) == counts["knowledge"]["hosts"] == len(directory())
    for name in ("new", "old"):
        sums = {key: sum(row[name][key] for row in counts["provinces"]) for key in counts["country"][name]}
        assert sums == counts["country"][name]
    knowledge = counts["knowledge"]
    assert knowledge["last"] == max(row.seen for row in directory())
    assert knowledge["undated"] == sum(not row.seen for row in directory())
    assert knowledge["since_2025"] == sum(row.since_2025 for row in directory())


def test_what_is_registered_says_host_and_codes_and_the_collection_the_rest():
    row = {"slug": "a_b", "name": "B", "host": "old.vn", "unit_old": None, "unit_new": None, "state": "quiet",
           "articles": 4, "newest": "2026-01-01"}  # fmt: skip
    registered = [KnownSite("a_b", "B", ("new.vn",), TRUC_BACH, BA_DINH), KnownSite("a_c", "C", ("c.vn",))]
    assert known_sites([row], registered) == [
        KnownSite("a_b", "B", ("new.vn",), TRUC_BACH, BA_DINH, "quiet", 4, "2026-01-01"),
        KnownSite("a_c", "C", ("c.vn",)),
    ]


@pytest.mark.parametrize(
    ("text", "slug"),
    [("hanoi", "hanoi"), ("Thanh Hóa", "thanhhoa"), ("hanam", "ninhbinh"), ("thuathienhue", "hue"), ("nix", None)],
)
def test_a_province_of_before_leads_to_that_of_today(text, slug):
    assert today(text) == slug


def test_the_unit_of_a_site_is_that_of_its_codes():
    coverage = Coverage((), [site("hanoi_a", "a.vn", BACH_KHOA, BACH_MAI), site("hanoi_so", "so.vn")])
    (row,) = units_of(coverage, "hanoi_a")
    assert (row["code"], row["articles"], row["state"]) == (BACH_MAI, 3, "healthy")
    assert units_of(coverage, "hanoi_so") == units_of(coverage, "nobody") == []
    split = Coverage((), [site("hanoi_b", "b.vn", BACH_KHOA)])
    assert [row["code"] for row in units_of(split, "hanoi_b")] == [new.code for new in table().successors(BACH_KHOA)]


# The pages


def test_the_pages_show_what_was_counted(ask):
    counts = ask("/portals.json").json()
    page = ask("/portals?lang=en").text
    assert [row["slug"] for row in counts["provinces"]] == list(provinces(NEW))
    assert set(re.findall(r'<th scope="row"><a href="/portals/(\w+)"', page)) == set(provinces(NEW))
    units = counts["country"]["new"]
    share = round(100 * units["portals"] / 3321)
    assert f"A portal is known of {units['portals']} of 3,321 wards and communes ({share}%)" in page
    assert f"no portal is known of {3321 - units['portals']:,}" in page
    assert f"from 11 June 2013 to {int(counts['knowledge']['last'][8:])} February 2025" in page
    rows = list(csv.DictReader(io.StringIO(ask("/portals.csv").text.removeprefix("\ufeff"))))
    assert [int(row["portals"]) for row in rows] == [row["new"]["portals"] for row in counts["provinces"]]
    assert len(rows) == len(flat(counts)) == 34 and sum(int(row["old_units"]) for row in rows) == 10040


def test_the_planted_sites_are_counted_where_they_are(ask):
    counts = ask("/portals.json").json()
    rows = {row["slug"]: row for row in counts["provinces"]}
    assert rows["hanoi"]["articles"] == 1 and rows["hanoi"]["new"]["crawled"] == 1
    assert rows["hatinh"]["articles"] == 1 and counts["elsewhere"]["sites"] == 1
    total = ask("/search.json").json()["total"]
    assert counts["country"]["articles"] == total


def test_a_provinces_page_has_every_unit_with_the_units_before_beneath(ask):
    page, data = ask("/portals/hanoi").text, ask("/portals/hanoi.json").json()
    codes = [unit["code"] for unit in data["units"]]
    assert sorted(codes) == sorted(code for code, unit in table().new.items() if unit.province_code == "01")
    assert re.findall(r'<th scope="row"><a href="/search\?unit=new:(\d+)"', page) == codes
    for unit in data["units"]:
        assert [old["code"] for old in unit["before"]] == [old.code for old in table().predecessors(unit["code"])]
    known = [host["host"] for unit in data["units"] for old in unit["before"] for host in old["hosts"]]
    assert "trucbach.badinh.hanoi.gov.vn" in known and "http://trucbach.badinh.hanoi.gov.vn/" in page
    assert '<a href="/ward/hanoi_trucbach">1 bài</a>' in page
    missing = next(old for unit in data["units"] for old in unit["before"] if not old["hosts"])
    assert f"Chưa biết cổng: {missing['name']}" in page or f", {missing['name']}" in page


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [("/portals/hanam", 302, "/portals/ninhbinh"), ("/portals/Thanh%20H%C3%B3a", 302, "/portals/thanhhoa"),
     ("/portals/hanam.json", 302, "/portals/ninhbinh.json"), ("/portals/nix", 404, None),
     ("/portals/nix.json", 404, None), ("/portals/%3Cscript%3E", 404, None)],
)  # fmt: skip
def test_other_names_of_a_province_lead_to_it(ask, path, status, location):
    answer = ask(path)
    assert (answer.status_code, answer.headers.get("location")) == (status, location)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_front_page_has_the_sum_and_leads_there(ask, language):
    page = ask(f"/?lang={language}").text
    known = ask("/portals.json").json()["country"]["new"]["portals"]
    assert f"{known} " in page.partition('aria-labelledby="portals"')[2][:1500] and 'href="/portals"' in page
    assert {"vi": "Đã thu thập 2;", "en": "2 are crawled;"}[language] in page


def test_a_registered_site_counts_before_its_first_run(planted):
    from tests.browse.conftest import asking

    code = next(code for code, unit in table().new.items() if unit.province_code == "12")
    registered = [KnownSite("laichau_x", "X", ("x.laichau.gov.vn",), None, code)]
    with asking(planted, registered=registered) as ask:
        page = ask("/portals/laichau").text
        counts = ask("/portals/laichau.json").json()
    assert (counts["new"]["portals"], counts["new"]["own"], counts["new"]["crawled"], counts["sites"]) == (1, 1, 0, 1)
    assert "đã đăng ký, chưa thu thập" in page and "x.laichau.gov.vn" in page


def test_the_articles_of_a_province_are_searched_alone(ask):
    def found(query):
        return {row["site"] for row in ask(f"/search.json?{query}").json()["articles"]}

    assert found("province=hanoi") == {"hanoi_trucbach"} and found("province=H%C3%A0+T%C4%A9nh") == {"hatinh_honglinh"}
    assert found("province=camau") == found("province=hanoi&site=hatinh_honglinh") == set()
    assert found("province=hanoi&site=hanoi_trucbach&q=thu+vien") == {"hanoi_trucbach"}
    assert len(ask("/search.json?province=hanoi").json()["articles"]) == ask("/portals/hanoi.json").json()["articles"]
    page = ask("/search?province=hanoi").text
    assert '<input type="hidden" name="province" value="hanoi">' in page and "<span>Hà Nội</span>" in page
    assert ask("/feed.atom?province=hanoi").text.count("<entry>") == 1
    assert "không hiểu province:nix nên đã bỏ qua" in ask("/search?province=nix").text


# The report


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A collection with one site that does well."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    path = tmp_path / "a.db"
    with Collection(path) as collection:
        add_site(collection, "hanoi_trucbach", "Phường Trúc Bạch", TRUC_BACH, BA_DINH)
    return path


def add_site(collection, slug, name, old=None, new=None, days=("2026-06-01", "2026-06-20")):
    collection.put_site(
        {"slug": slug, "name": name, "host": f"{slug}.vn", "platform": "p", "unit_old": old, "unit_new": new,
         "updated_at": "2026"}
    )  # fmt: skip
    run = collection.begin_run(slug, mode="live", started_at="2026-06-30T01:00:00+00:00", software="t")
    for day in days:
        collection.save(record(slug, day, f"Tin ngày {day} của {slug}", published_at=day), run)
    collection.finish_run(
        run, finished_at="2026-06-30T01:05:00+00:00", status="ok", reason=None, message="2 new", counts={"new": 2},
        skipped={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "crawled", "row"),
    [("vi", "Đã thu thập 1; 1 đang tốt", "<th scope=\"row\">Hà Nội</th><td>126</td>"),
     ("en", "1 are crawled; 1 are healthy", "<th scope=\"row\">Hà Nội</th><td>126</td>")],
)  # fmt: skip
def test_the_report_on_all_has_table_and_chart(held, language, crawled, row):
    with Collection(held) as collection:
        page = reporting.page(reporting.gather(collection, None, NOW), language)
    assert crawled in page.html and row in page.html and page.charts["portals"].count('class="label"') == 34
    (cells,) = re.findall(r'<tr><th scope="row">Hà Nội</th>(.*?)</tr>', page.html)
    assert re.findall(r"<td>([^<]*)</td>", cells)[2:4] == ["1", "1"]


def test_the_report_on_a_site_has_its_unit(held):
    with Collection(held) as collection:
        facts = reporting.gather(collection, "hanoi_trucbach", NOW)
        page = reporting.page(facts, "vi").html
    assert facts["portals"] is None and "portals" not in reporting.page(facts, "vi").charts
    assert (
        '<th scope="row">phường Ba Đình, mã 00004</th>' in page
        and "Trước 7/2025: phường Trúc Bạch, quận Ba Đình" in page
    )
    with Collection(held) as collection:
        add_site(collection, "hanoi_so", "Sở")
        page = reporting.page(reporting.gather(collection, "hanoi_so", NOW), "vi").html
    assert "Không rõ cổng này là của đơn vị nào." in page


# All sites at once


def test_health_asks_no_question_more_for_more_sites(held):
    from crawler.run.health import sites_health

    def questions():
        with sqlite3.connect(held) as connection:
            asked = []
            connection.set_trace_callback(asked.append)
            found = sites_health(connection, NOW)
        return len(found), len(asked)

    assert questions()[0] == 1
    few = questions()[1]
    with Collection(held) as collection:
        for number in range(30):
            add_site(collection, f"hanoi_{number:02}", f"Phường {number}")
    assert questions() == (31, few)


def test_health_of_all_is_that_of_each(held):
    from crawler.run.health import site_health, sites_health

    old = [f"2025-0{month}-0{day}" for month in range(1, 6) for day in range(1, 6)]
    doubt = {"field": "title", "kind": "markup", "evidence": "x"}
    with Collection(held) as collection:
        add_site(collection, "hanoi_silent", "Im", days=old)
        add_site(collection, "hanoi_undated", "Không ngày", days=())
        add_site(collection, "hanoi_month", "Tháng", days=("2026-06",))
        add_site(collection, "hanoi_doubted", "Ngờ", days=())
        run = collection.begin_run("hanoi_undated", mode="live", started_at="2026-06-30T02:00:00+00:00", software="t")
        for number in range(9):
            dated = {"published_at": "2026-06-29"} if number < 4 else {}
            collection.save(record("hanoi_undated", str(number), f"Tin {number} không ngày", **dated), run)
            collection.save(
                record("hanoi_doubted", str(number), f"Tin {number} ngờ", published_at="2026-06-29", doubts=[doubt]),
                run,
            )
        for slug, status in (("hanoi_broken", "failed"), ("hanoi_replayed", "ok"), ("hanoi_cut", "interrupted")):
            add_site(collection, slug, slug)
            mode = "replay" if slug == "hanoi_replayed" else "live"
            run = collection.begin_run(slug, mode=mode, started_at="2026-06-30T03:00:00+00:00", software="t")
            collection.finish_run(
                run, finished_at="2026-06-30T03:05:00+00:00", status=status, reason="timeout", message="x", counts={},
                skipped={},
            )  # fmt: skip
        collection.put_site(
            {"slug": "hanoi_never", "name": "N", "host": "n.vn", "platform": "p", "unit_old": None, "unit_new": None,
             "updated_at": "2026"}
        )  # fmt: skip
        connection = collection.db.conn
        for now in (NOW, datetime(2026, 12, 1, tzinfo=UTC)):
            each = {
                slug: site_health(connection, slug, now) for (slug,) in connection.execute("SELECT slug FROM sites")
            }
            assert sites_health(connection, now) == each
    states = {str(health.state) for health in each.values()}
    assert states == {"quiet", "doubtful", "failing", "never crawled", "healthy"}

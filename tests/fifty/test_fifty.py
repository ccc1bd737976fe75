"""Many sites at once: each comes out as it should, what failed is grouped by reason, and memory stays small."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.cli.output.failures_by_reason import grouped, spoken_lines
from crawler.cli.output.progress import Shown
from crawler.cli.output.results_table import results_table
from crawler.reasons import Reason
from crawler.run.run_report import RunReport
from crawler.run.site_report import SiteReport, by_reason
from crawler.units.areas import Area
from tests.fifty.crawling import crawl
from tests.fifty.portals import FAILURES, FEW, plans
from tests.hostile.run import MOST_MEMORY
from tests.running import tinphuong

WORKING = [plan for plan in plans(22, failing=(), large=0, articles=3) if plan.platform != "nukeviet"][:12]
FAILING = plans(len(FEW), failing=FEW)
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def as_planned(done, chosen):
    """Check each site's outcome, and the groups of the summary, against what was planned."""
    found = {site["site"]: site for site in done.summary["sites"]}
    wanted: dict[str, list[str]] = {}
    for plan in chosen:
        site = found[plan.slug]
        said = f"{plan.slug} is {site['status']}, {site['reason']}: {site['message']}; skipped {site['skipped']}"
        assert site["status"] == ("failed" if plan.failing else "ok"), said
        assert site["new"] == plan.articles, said
        if plan.failing:
            assert site["reason"] == FAILURES[plan.failing], said
            wanted.setdefault(site["reason"], []).append(plan.slug)
    assert done.articles() == {plan.slug: plan.articles for plan in chosen if plan.articles}
    assert done.summary["by_reason"] == wanted
    assert done.code == 1
    assert done.memory < MOST_MEMORY, f"{done.memory:.0f} MB at the highest"


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return crawl([*FAILING, *WORKING], tmp_path_factory.mktemp("few"))


def test_sites_of_ten_platforms_and_nine_troubles_come_out_as_planned(few):
    as_planned(few, [*FAILING, *WORKING])


def test_without_a_terminal_a_line_a_site_then_one_for_all_and_a_line_a_reason(few):
    lines = few.out.splitlines()
    assert sorted(line.partition(":")[0] for line in lines[:-1]) == sorted(p.slug for p in [*FAILING, *WORKING])
    assert lines[-1].startswith("24 sites: 12 ok, 12 failed; 36 articles new")
    errors = few.err.splitlines()
    assert len(errors) == len(set(FEW)), "what failed is not one line a reason"
    assert errors[0] == (
        "tinphuong: 3 sites failed, dns: no start page could be read: the host name does not resolve: thu_dns000, "
        "thu_dns001, thu_dns002 (the next run tries again; if it lasts for days, look for the portal's new address)"
    )
    assert [line.split()[1] for line in errors[:3]] == ["3", "2", "2"], "the largest group is not first"
    assert "tinphuong: thu_error008 failed: no start page could be read: the server answered 500 (" in few.err


def test_status_shows_first_what_needs_attention_and_counts(few):
    told = tinphuong("--db", few.db, "--sites", few.table, "status")
    lines = told.stdout.splitlines()
    states = [line.split("  ")[1:] for line in lines[2:-2]]
    kinds = [next(cell.strip() for cell in cells if cell.strip()) for cells in states]
    assert kinds == sorted(kinds, key=["failing", "doubtful", "quiet", "never crawled", "healthy"].index)
    counts = Counter(kinds)
    assert counts["failing"] == 12 and sum(counts.values()) == len(lines) - 4
    assert lines[-1].startswith(f"{sum(counts.values())} sites: 12 failing, ")


def test_check_says_what_the_table_holds(few, capsys):
    assert main(["--sites", str(few.table), "sites", "--check"]) == 0
    said = capsys.readouterr().out
    assert "24 in sites.csv: no fault" in said
    assert "24 of 24 without the code of a unit" in said
    assert " generic, " in said and " wordpress" in said
    assert "21 hosts are private addresses that `politeness.allow_private` does not name" in said
    assert main(["--json", "--sites", str(few.table), "sites", "--check"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert len(facts["private_hosts"]) == 21 and facts["platforms"]["generic"] >= 12


def test_check_counts_many_faults(tmp_path, capsys):
    rows = "\n".join(f"thu_xa{n},,xa{n}.test,{'typo3' if n % 2 else ''}" for n in range(6))
    path = tmp_path / "sites.csv"
    path.write_text(f"slug,name,host,platform\n{rows}\n", encoding="utf-8")
    assert main(["--sites", str(path), "sites", "--check"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "9 faults in 6 lines, by column: name 6, platform 3"


# What is said, from reports that are made


def failed(site, reason, detail=""):
    report = SiteReport(site, finished=True)
    report.skip("listing", reason, detail)
    return report


def well(site, new=3):
    return SiteReport(site, finished=True, pages=2, linked=new, new=new, answered=new + 2, seconds=1.0)


def spoken(report, alarming=True):
    words = "failed" if alarming else "is still failing"
    return report, alarming, f"{report.site} {words}: {report.verdict()[2]}"


def test_sites_that_still_fail_stand_apart_and_what_else_changed_is_said_too():
    new, still = ([failed(f"{name}_{n}", Reason.DNS) for n in range(3)] for name in ("moi", "cu"))
    other = (well("khoe_a"), False, "khoe_a has recovered: failing → healthy")
    of_all = [*map(spoken, new), *(spoken(report, alarming=False) for report in still), other]
    words = "dns: no start page could be read: the host name does not resolve"
    do = "the next run tries again; if it lasts for days, look for the portal's new address"
    assert list(spoken_lines(of_all, of=30)) == [
        "tinphuong: khoe_a has recovered: failing → healthy",
        f"tinphuong: 3 sites failed, {words}: moi_0, moi_1, moi_2 ({do})",
        f"tinphuong: 3 sites still failing, {words}: cu_0, cu_1, cu_2 ({do})",
    ]


def test_a_few_failed_sites_are_named_one_by_one():
    reports = [failed(f"thu_{n}", Reason.DNS) for n in range(3)]
    words = "failed: no start page could be read: the host name does not resolve"
    assert list(spoken_lines([spoken(report) for report in reports], of=3)) == [
        f"tinphuong: thu_{n} {words}" for n in range(3)
    ]


def test_on_a_terminal_a_reason_has_a_line_for_its_sites_and_one_for_what_to_do():
    reports = [*(failed(f"thu_{n}", Reason.ANTIBOT) for n in range(4)), failed("thu_x", Reason.TLS, "Say tls = any.")]
    assert list(spoken_lines([spoken(report) for report in reports], of=6, in_blocks=True)) == [
        "\n5 of 6 sites failed:",
        "      4  antibot: no start page could be read: an anti-bot page came instead",
        "         thu_0, thu_1, thu_2, thu_3",
        "         → crawl it less often, and write to the webmaster",
        "      1  tls: no start page could be read: Say tls = any.",
        "         thu_x",
    ]


def test_most_sites_failing_by_the_network_point_to_our_own():
    reports = [failed(f"thu_{n:02}", Reason.DNS) for n in range(40)]
    (group,) = grouped(reports, of=41)
    assert group.do == "so many at once: look at this machine's own network first"
    assert group.named.endswith("thu_24 and 15 more"), "a group of very many fills a screen"
    assert grouped(reports[:5], of=14)[0].do != group.do


def test_sentences_that_differ_become_that_of_the_reason():
    reports = [failed(f"thu_{n}", Reason.TLS, f"Certificate {n}.") for n in range(4)]
    assert grouped(reports, of=4)[0].said == "no secure connection could be made"


@pytest.mark.parametrize("status", ["http_403", "http_404", "http_500", "http_503", *map(str, FAILURES.values())])
def test_every_trouble_has_a_line_on_what_to_do(status):
    assert "status SITE" not in grouped([failed("thu_a", status)], of=2)[0].do


def of_run(reports, areas=None):
    return RunReport("live", Path("a.db"), NOW, NOW, reports, {}, areas=areas or {})


def test_the_table_has_first_what_failed():
    reports = [*(well(f"thu_{n:02}") for n in range(18)), failed("thu_b", Reason.TIMEOUT), failed("thu_a", Reason.DNS)]
    lines = results_table(of_run(reports)).splitlines()
    assert [line.split("  ")[0] for line in lines[2:5]] == ["thu_a", "thu_b", "thu_00"]
    assert lines[2].split()[1:3] == ["failed:", "dns"]
    assert lines[-1].split()[-6:] == ["90", "54", "0", "0", "0", "2"]
    assert by_reason(reports) == {"dns": ["thu_a"], "timeout": ["thu_b"]}


def test_the_table_of_many_sites_is_by_district_and_names_what_needs_attention():
    slugs = [f"thu_{n:02}" for n in range(30)]
    areas = {slug: Area("tỉnh Thử", f"huyện {'AB'[n % 2]}") for n, slug in enumerate(slugs)}
    reports = [*(well(slug) for slug in slugs), failed("thu_a", Reason.DNS), failed("thu_b", Reason.TIMEOUT)]
    run = of_run(reports, areas | {"thu_a": Area("tỉnh Thử", "huyện A")})
    lines = results_table(run).splitlines()
    assert lines[0].split() == ["district", "sites", "new", "changed", "failed", "no", "answer", "doubtful", "quiet"]
    assert [" ".join(line.split()) for line in lines[2:6]] == [
        "not known 1 0 0 1 1 0 0",
        "huyện A, tỉnh Thử 16 45 0 1 1 0 0",
        "huyện B, tỉnh Thử 15 45 0 0 0 0 0",
        "32 sites in all 32 90 0 2 2 0 0",
    ]
    assert [line.split()[:3] for line in lines[-2:]] == [["thu_a", "failed:", "dns"], ["thu_b", "failed:", "timeout"]]
    assert run.to_dict()["groups"][1] == {
        "province": "tỉnh Thử", "district": "huyện A", "sites": 16, "new": 45, "changed": 0, "failed": 1,
        "without_answer": 1, "doubtful": 0, "quiet": 0,
    }  # fmt: skip


def test_the_table_of_many_districts_is_by_province_and_bounded():
    slugs = [f"thu_{n:03}" for n in range(100)]
    areas = {slug: Area(f"tỉnh {n % 3}", f"huyện {n % 40}") for n, slug in enumerate(slugs)}
    lines = results_table(of_run([failed(slug, Reason.DNS) for slug in slugs], areas)).splitlines()
    assert lines[0].split()[0] == "province"
    assert [" ".join(line.split()[:3]) for line in lines[2:5]] == ["tỉnh 0 34", "tỉnh 1 33", "tỉnh 2 33"]
    assert lines[-1] == "and 80 more: `tinphuong status` shows them"
    assert len(lines) == 30


def test_the_table_of_a_few_that_went_well_has_no_column_for_that():
    lines = results_table(of_run([well("thu_b"), well("thu_a")])).splitlines()
    assert lines[0].split()[:2] == ["site", "pages"]
    assert [line.split("  ")[0] for line in lines[2:]] == ["thu_a", "thu_b", "2 sites in all"]
    assert len(results_table(of_run([well("thu_a")])).splitlines()) == 3, "one site needs no sum"


def test_the_moving_table_of_many_sites_has_those_at_work_and_sums():
    from rich.console import Console

    reports = [*(well(f"thu_{n:02}") for n in range(30)), failed("thu_x", Reason.DNS), SiteReport("thu_work")]
    shown = Shown(reports, 50)
    console = Console(width=100)
    for _ in range(2):  # what ended is added up once
        with console.capture() as capture:
            console.print(shown.table())
        text = capture.get()
        assert "thu_work" in text and "thu_00" not in text
        assert "31 of 50 sites done: ✓ 30, ✗ 1, 18 to come" in text
        assert "150" in text and " 90 " in text


@pytest.mark.long
def test_fifty_sites_with_two_thousand_articles(tmp_path):
    chosen = plans()
    assert sum(plan.articles for plan in chosen) >= 2000
    as_planned(crawl(chosen, tmp_path, timeout=30), chosen)

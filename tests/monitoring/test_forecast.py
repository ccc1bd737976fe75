"""What a day adds, from the history of runs: without first fills, without catching up, and never from too little."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.cli import main
from crawler.monitoring.disk_use import PARTS, DiskUse
from crawler.monitoring.forecast import assess
from crawler.monitoring.growth import Growth, History, history
from crawler.reasons import Reason
from storage import Collection
from tests.monitoring.keeping import START, add_run, days, keep, put_site

DAY = timedelta(days=1)
GB = 10**9


def told(db, monkeypatch, capsys, at):
    monkeypatch.setattr(clock, "now", lambda: at)
    assert main(["--db", str(db), "--json", "status", "--forecast"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert main(["--db", str(db), "status", "--forecast"]) == 0
    return facts, capsys.readouterr().out


def grown(site="a", *, days=21, articles=2.0, captures=1000, since=START, every=1):
    """The growth of a site that is crawled every so many days and publishes evenly."""
    starts = [since + every * number * DAY for number in range(days // every)]
    return [Growth(site, start, start + every * DAY, articles * every, captures * every, 0) for start in starts]


def of(growths, *, free=100 * GB, devices=(1, 1, 1), articles=100, filling=()):
    use = [
        DiskUse(part, size, Path(f"/srv/{device}"), device, free * device, 500 * GB)
        for part, size, device in zip(PARTS, (1_000_000, 0, 0), devices, strict=True)
    ]
    return assess(History(growths, list(filling), 0, 0), use, START, articles=articles, records=0)


def test_years_of_news_in_the_first_run_are_no_growth(tmp_path, monkeypatch, capsys):
    facts, said = told(keep(tmp_path / "a.db"), monkeypatch, capsys, START + 21 * DAY)
    assert facts["problem"] is None and facts["days"] == 21 and facts["weeks"] == 3 and facts["sites"] == 1
    assert facts["articles"] == 242 and facts["articles_a_day"] == pytest.approx({"median": 2, "least": 2, "most": 2})
    assert facts["bytes_a_day"]["captures"]["median"] == pytest.approx(10_000)
    (disk,) = facts["disks"]
    assert disk["parts"] == list(PARTS) and disk["bytes_a_day"] == pytest.approx(facts["bytes_a_day"]["all"]["median"])
    assert "From 21 days of history until 2026-10-23: the median of 3 weeks" in said and "for 1 site." in said


@pytest.mark.parametrize(("runs", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (6, "6 days")])
def test_too_little_history_is_said_and_nothing_else(tmp_path, monkeypatch, capsys, runs, said):
    db = keep(tmp_path / "a.db", weeks=0)
    with Collection(db) as collection:
        for day in range(1, runs + 1):
            add_run(collection, "hoaan_dongha", START + day * DAY, articles=days(START + day * DAY, 1))
    facts, text = told(db, monkeypatch, capsys, START + runs * DAY)
    assert facts["problem"] == f"too little history: {said}; a week is needed"
    assert facts["articles_a_day"] is None and facts["bytes_a_day"] == {} and facts["disks"][0]["full_on"] is None
    assert facts["problem"] in text and "a day" not in text.splitlines()[0] and "free of" in text


def test_a_collection_without_runs_has_no_history(tmp_path, monkeypatch, capsys):
    Collection(tmp_path / "a.db").close()
    facts, _ = told(tmp_path / "a.db", monkeypatch, capsys, START)
    assert facts["problem"] == "too little history: 0 days; a week is needed"


def test_a_first_fill_over_several_runs_lasts_until_one_is_whole(tmp_path):
    with Collection(tmp_path / "a.db") as collection:
        put_site(collection, "a")
        put_site(collection, "b")
        add_run(collection, "a", START, status="failed", reason="dns")
        add_run(collection, "a", START + DAY, articles=days(START, 30), reason=Reason.CUT_SHORT)
        add_run(collection, "a", START + 2 * DAY, articles=days(START, 30), status="interrupted", reason="interrupted")
        add_run(collection, "a", START + 3 * DAY, articles=days(START, 30), reason=Reason.RUN_BOUND)
        add_run(collection, "a", START + 4 * DAY, articles=days(START, 5))
        add_run(collection, "a", START + 5 * DAY, articles=["2026-10-05"], captures=70)
        add_run(collection, "b", START + 5 * DAY, articles=days(START, 30), reason=Reason.CUT_SHORT)
        found = history(collection.db.conn)
    assert found.steady == [Growth("a", START + 4 * DAY, START + 5 * DAY, 1, 70, 0)]
    assert found.filling == ["b"]


def test_a_run_that_brings_mostly_old_news_is_left_out_and_told(tmp_path, monkeypatch, capsys):
    db = keep(tmp_path / "a.db", weeks=2)
    with Collection(db) as collection:
        late = START + 15 * DAY
        add_run(collection, "hoaan_dongha", late, articles=days(START - 400 * DAY, 60), captures=9_000_000)
    facts, said = told(db, monkeypatch, capsys, late)
    assert facts["caught_up"] == 1 and facts["caught_up_articles"] == 60
    assert facts["articles_a_day"]["most"] == pytest.approx(2)
    assert "Left out: 1 run that caught up on old news (60 articles)." in said


def test_what_a_killed_run_brought_counts_with_the_next(tmp_path):
    with Collection(tmp_path / "a.db") as collection:
        put_site(collection, "a")
        add_run(collection, "a", START)
        add_run(collection, "a", None, began=START + DAY, articles=["2026-10-02"] * 3, captures=500)
        add_run(collection, "a", START + 2 * DAY, articles=["2026-10-03"], captures=100)
        found = history(collection.db.conn)
    assert found.steady == [Growth("a", START, START + 2 * DAY, 4, 600, 0)]


def test_replays_and_readings_again_are_no_growth(tmp_path):
    with Collection(tmp_path / "a.db") as collection:
        put_site(collection, "a")
        add_run(collection, "a", START)
        for mode in ("replay", "reprocess"):
            add_run(collection, "a", START + DAY, mode=mode, articles=["2026-10-02"] * 9, captures=500)
        assert history(collection.db.conn).steady == []


def test_one_busy_week_does_not_set_the_rate_but_the_soonest_day():
    busy = [Growth("a", START + 7 * DAY, START + 8 * DAY, 700, 0, 0)]
    found = of(grown(days=28) + busy, free=10**8)
    assert found.articles_a_day.median == pytest.approx(2) and found.articles_a_day.most > 40
    (disk,) = found.disks
    assert disk.soonest_in_days < disk.full_in_days / 20


def test_a_pause_in_crawling_and_rare_runs_change_no_rate():
    usual = of(grown(days=28)).articles_a_day.median
    pause = Growth("a", START + 7 * DAY, START + 21 * DAY, 28, 0, 0)
    paused = [*grown(days=7), pause, *grown(days=7, since=START + 21 * DAY)]
    assert of(paused).articles_a_day.median == pytest.approx(usual)
    assert of(grown(days=28, every=14)).articles_a_day.median == pytest.approx(usual)


def test_sites_that_were_added_count_by_what_a_site_adds():
    later = [one for number in range(9) for one in grown(f"b{number}", days=7, since=START + 21 * DAY)]
    found = of(grown(days=28) + later)
    assert found.sites == 10 and found.articles_a_day.median == pytest.approx(20)


def test_each_disk_has_its_own_day():
    found = of([*grown(captures=GB)], devices=(1, 2, 1))
    own, captures = found.disks
    assert own.parts == ["database", "attachments"] and captures.parts == ["captures"]
    assert captures.full_in_days == pytest.approx(200) and captures.full_on == "2027-04-20"
    assert own.full_in_days is None  # 20 kB a day fill 100 GB in more than a century


def test_nothing_that_grows_fills_no_disk():
    found = of(grown(articles=0, captures=0))
    assert found.problem is None and found.disks[0].full_in_days is None and found.disks[0].bytes_a_day == 0


def test_a_forecast_is_of_the_whole_collection(tmp_path, capsys):
    db = keep(tmp_path / "a.db", weeks=0, filled=1)
    assert main(["--db", str(db), "status", "--forecast", "hanoi_trucbach"]) == 2
    assert "--forecast is about the whole collection" in capsys.readouterr().err

"""What is said of a site's health: in Việt Nam's days, with a habit only where there is one, in right numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.browse.languages import Words
from crawler.run.health import Silence, State, assess, layout_change
from crawler.run.site_report import SiteReport

NOW = datetime(2026, 11, 30, 20, 15, tzinfo=UTC)  # the 1st of December in Việt Nam


def run(status="ok", finished_at="2026-11-30T18:30:00+00:00", message="1 new"):
    return {"status": status, "reason": "dns", "message": message, "finished_at": finished_at, "counts": {}}


def every(days, many, until):
    return [f"{date.fromisoformat(until) - timedelta(days=days * number)}" for number in range(many)]


def test_since_when_a_site_fails_is_a_day_in_viet_nam():
    found = assess([run("failed", message="no"), run("ok", "2026-11-29T18:30:00+00:00")], [], NOW)
    assert found.since == "2026-12-01" and found.message == "no (since 2026-12-01)"


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (every(12, 9, "2026-06-01"), "no news for 183 days; before that, its news was rarely more than 12 days apart"),
        (every(1, 9, "2026-06-01"), "no news for 183 days; before that, its news was rarely more than 1 day apart"),
        (every(12, 5, "2026-06-01"), "no news for 183 days"),  # four gaps
        (["2026-06-01", "2020-01-02", "2020-01-01"], "no news for 183 days"),  # years apart
    ],
)
def test_a_habit_is_told_only_where_there_is_one(published, said):
    found = assess([run()], published, NOW)
    assert found.state is State.QUIET and found.message == said


def test_the_days_of_silence_are_counted_in_viet_nam():
    published = every(1, 9, "2026-10-31")  # 31 days before the 1st of December; in UTC it is still November
    assert assess([run()], published, NOW).silence == Silence(31, 1)
    assert assess([run()], published, NOW - timedelta(hours=4)).silence == Silence(30, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_one_list_answers_and_three_lists_answer(count):
    before = [{"listings": 3, "fetched": 5}]
    _, said = layout_change({"listings": 0, "lists_lost": count}, before)
    word = "1 list answers, but no longer links" if count == 1 else "3 lists answer, but no longer link"
    assert said == f"{word} to any article"


def test_two_articles_are_looked_at_again():
    _, said = layout_change({"fetched": 0, "rechecks_failed": {"no_article": 2}}, [{"fetched": 9, "filled": {}}])
    assert said == "2 known articles were looked at again and no text was found in them"


def test_a_report_counts_in_right_numbers():
    report = SiteReport("a", pages=1, linked=1, new=1, attachments=1, pictures=2, page_errors=1, answered=9)
    report.sections_failed["pager_not_followed"] = 1
    said = report.verdict()[2]
    assert "1 list not read to the end, 1 attachment, 2 pictures; on 1 page an error" in said
    report.bugs = 1
    assert report.verdict()[2].endswith("(1 time)")


@pytest.mark.parametrize(
    ("language", "count", "shown"),
    [("en", 1, "1 article"), ("en", 2, "2 articles"), ("en", 1200, "1,200 articles"), ("vi", 1, "1 bài"),
     ("vi", 1200, "1.200 bài")],
)  # fmt: skip
def test_the_pages_count_in_right_numbers(language, count, shown):
    t = Words(language)
    assert t.articles(count) == shown
    assert shown in t("search_hint", n=count) and shown in t("learned_from", n=count, since="1")
    assert "1200" in t("run", n=1200)  # the name of a run is no amount


def test_the_pages_show_moments_here_and_days_as_they_are():
    vi, en = Words("vi"), Words("en")
    assert vi.moment("2026-11-30T20:15:09+00:00") == "01/12/2026, 03:15 +07:00"
    assert en.moment("2026-11-30T20:15:09+00:00") == "1 December 2026, 03:15 +07:00"
    assert vi.date("2026-11-30T20:15:09+00:00") == "01/12/2026" and vi.date("2026-11-30") == "30/11/2026"
    assert vi.date("2026-11-30T20:15+07:00", time=True) == "30/11/2026, 20:15"
    assert vi.moment(None) == "" and vi.moment("2026-11-30") == "30/11/2026"

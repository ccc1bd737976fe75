"""The health page and the report say why a site is in its state, in the reader's language and with the figures."""

from datetime import UTC, datetime

import pytest

from crawler import clock
from crawler.browse import report as reporting
from storage import Collection
from tests.browse.planted import record

server = pytest.importorskip("crawler.browse.server")
pytest.importorskip("datasette", reason="the optional group requirements-browse.txt is not installed")

NOW = datetime(2025, 6, 1, tzinfo=UTC)
LAYOUT = "listing_layout_changed", "3 lists answer, but no longer link to any article"
SITES = {  # slug → days of its articles, status, reason and message of its last run
    "well": (("2025-05-01", "2025-05-15", "2025-05-30"), "ok", None, "2 new, 1 known"),
    "silent": (
        ("2024-12-01", "2024-12-10", "2024-12-19", "2024-12-28", "2025-01-06", "2025-01-13"), "ok", None, "1 known",
    ),
    "rare": (("2025-01-01", "2025-01-10", "2025-01-13"), "ok", None, "1 known"),  # too few days for a habit
    "broken": (("2025-05-30",), "failed", *LAYOUT),
    "untried": ((), None, None, None),
}  # fmt: skip


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    path = tmp_path / "a.db"
    with Collection(path) as collection:
        for slug, (days, status, reason, message) in SITES.items():
            collection.put_site(
                {"slug": slug, "name": f"Phường {slug}", "host": f"{slug}.vn", "platform": "p", "unit_old": None,
                 "unit_new": None, "updated_at": "2025"}
            )  # fmt: skip
            if status is None:
                continue
            run = collection.begin_run(slug, mode="live", started_at="2025-05-31T01:00:00+00:00", software="t")
            for day in days:
                collection.save(record(slug, day, f"Tin ngày {day}", published_at=day), run)
            collection.finish_run(
                run, finished_at="2025-05-31T01:05:00+00:00", status=status, reason=reason, message=message,
                counts={"new": 2, "known": 1} if slug == "well" else {"known": 1}, skipped={},
            )  # fmt: skip
    return path


WHY = {
    "vi": {
        "well": "2 bài mới, 1 bài đã có", "rare": "139 ngày không có tin mới",
        "silent": "139 ngày không có tin mới; trước đó các tin hiếm khi cách nhau quá 9 ngày",
        "broken": "danh sách không còn dẫn tới bài nào (từ 31/05/2025)", "untried": "",
    },
    "en": {
        "well": "2 new, 1 known", "rare": "no news for 139 days",
        "silent": "no news for 139 days; before that, its news was rarely more than 9 days apart",
        "broken": f"{LAYOUT[1]} (since 2025-05-31)", "untried": "",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_health_page_and_the_report_say_why(db, language):
    from tests.browse.test_permalinks import answers

    path = f"/health?lang={language}"
    status, page = answers(db, [path])[path]
    with Collection(db) as collection:
        report = reporting.page(reporting.gather(collection, None, NOW), language).html
    assert status == 200
    for slug, why in WHY[language].items():
        for text in (page, report):
            row = next(row for row in text.split("<tr>") if f"Phường {slug}" in row)
            assert f"<td>{why}</td>" in row, row


def test_page_and_command_judge_a_site_by_the_same_history(tmp_path):
    """A site that is silent for weeks between its days, with a hundred articles on each of the last."""
    from argparse import Namespace

    from crawler.browse import page_data
    from crawler.browse.answer_cache import AnswerCache
    from crawler.cli.status import states
    from crawler.configuration import Configuration

    days = [f"{year}-{month:02}-01" for year in (2023, 2024) for month in range(1, 13)]
    burst = ["2025-03-20", "2025-03-21", "2025-03-22"]
    with Collection(tmp_path / "a.db") as collection:
        collection.put_site(
            {"slug": "hanoi_trucbach", "name": "Trúc Bạch", "host": "a.vn", "platform": "p", "unit_old": None,
             "unit_new": None, "updated_at": "2025"}
        )  # fmt: skip
        run = collection.begin_run("hanoi_trucbach", mode="live", started_at="2025-05-16T01:00:00+00:00", software="t")
        for number, day in enumerate([*days, *(day for day in burst for _ in range(50))]):
            title = f"Tin số {number} của ngày {day}"
            collection.save(record("hanoi_trucbach", title, title, published_at=day), run)
        collection.finish_run(
            run, finished_at="2025-05-16T01:05:00+00:00", status="ok", reason=None, message="all known", counts={},
            skipped={},
        )  # fmt: skip
        now = datetime(2025, 5, 16, tzinfo=UTC)
        (page,) = page_data.health(collection.db.conn, now, AnswerCache())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: now)
        (row,) = states(
            Namespace(db=tmp_path / "a.db", sites=["hanoi_trucbach"], site_places=[], configuration=Configuration())
        )
    assert page["state"] == row["state"] == "healthy"
    assert page["newest"] == row["newest"] == "2025-03-22"


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [("vi", 12345, "12.345"), ("vi", 1.24, "1,24"), ("vi", 1234.5, "1.234,5"), ("en", 1234.5, "1,234.5")],
)
def test_numbers_are_written_as_the_language_does(language, number, text):
    from crawler.browse.languages import Words

    assert Words(language).number(number) == text

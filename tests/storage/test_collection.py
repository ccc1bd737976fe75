"""The collection on a real SQLite file."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from crawler.text import content_hash
from storage import Collection, NewerSchema, Outcome, Unreadable
from storage.records import Record

SITE = {"slug": "x_mot", "name": "Phường Một", "host": "mot.gov.vn", "platform": "p", "unit_old": None,
        "unit_new": None, "updated_at": "2026-01-01T00:00:00+00:00"}  # fmt: skip
LONG = "Hội nghị đã đánh giá kết quả thực hiện nhiệm vụ của phường trong năm qua và bàn phương hướng năm tới. " * 4


def record(key="1", title="Hội nghị tổng kết", body=LONG, *, site="x_mot", seen="2026-01-01T00:00:00+00:00", **more):
    fields = {"title": title, "body": body, "summary": more.pop("summary", "")} | more.pop("fields", {})
    return Record(
        site=site,
        key=key,
        url=f"https://{site}.gov.vn/{key}.html",
        content_hash=content_hash(title, body),
        seen_at=seen,
        fields=fields,
        **more,
    )


@pytest.fixture
def collection(tmp_path):
    with Collection(tmp_path / "a.db") as opened:
        opened.put_site(SITE)
        opened.put_site(SITE | {"slug": "x_hai"})
        opened.run_id = opened.begin_run("x_mot", mode="live", started_at="2026-01-01", software="test")
        yield opened


def save(collection, item):
    return collection.save(item, collection.run_id, twin=collection.twin(item))


def count(collection, table):
    return next(collection.rows(f"SELECT count(*) AS n FROM {table}"))["n"]


def test_a_new_article_is_a_row_with_its_urls_and_files(collection):
    outcome = save(
        collection,
        record(
            seen_urls=["https://x_mot.gov.vn/en/1.html"],
            attachments=[{"url": "https://x/a.pdf", "name": "a.pdf", "type": "pdf"}],
            images=[{"url": "https://x/a.jpg", "caption": "Toàn cảnh"}],
            fields={"notes": ["một điều"], "published_at": "2023-12-08"},
        ),
    )
    assert outcome is Outcome.NEW
    row = next(collection.rows("SELECT * FROM articles"))
    assert (row["title"], row["published_at"], row["notes"]) == ("Hội nghị tổng kết", "2023-12-08", '["một điều"]')
    assert row["first_seen_at"] == row["last_seen_at"] and row["changed_at"] is None
    assert {r["relation"] for r in collection.rows("SELECT relation FROM article_urls")} == {"canonical", "alias"}
    assert count(collection, "attachments") == count(collection, "images") == 1


def test_the_same_article_again_changes_nothing_but_the_day(collection):
    save(collection, record())
    assert save(collection, record(seen="2026-02-01T00:00:00+00:00")) is Outcome.UNCHANGED
    row = next(collection.rows("SELECT * FROM articles"))
    assert row["first_seen_at"].startswith("2026-01-01") and row["last_seen_at"].startswith("2026-02-01")
    assert count(collection, "versions") == 0


def test_a_changed_text_keeps_the_old_one(collection):
    save(collection, record())
    outcome = save(collection, record(body=LONG + "Bổ sung.", seen="2026-02-01T00:00:00+00:00"))
    assert outcome is Outcome.CHANGED
    version = next(collection.rows("SELECT * FROM versions"))
    assert version["body"] == LONG and version["seen_until"].startswith("2026-01-01")
    assert next(collection.rows("SELECT body FROM articles"))["body"].endswith("Bổ sung.")
    assert collection.search("bổ sung") and not collection.search('"năm tới bổ sung nữa"')


def test_a_changed_summary_is_a_change(collection):
    save(collection, record(summary="Sáng nay"))
    assert save(collection, record(summary="Chiều nay")) is Outcome.CHANGED


def test_the_same_text_elsewhere_is_one_row_with_two_urls(collection):
    save(collection, record())
    assert save(collection, record("77", site="x_hai")) is Outcome.DUPLICATE
    assert count(collection, "articles") == 1
    assert count(collection, "article_urls") == 2
    assert list(collection.urls("x_hai")) == ["https://x_hai.gov.vn/77.html"]
    assert save(collection, record("77", site="x_hai")) is Outcome.DUPLICATE
    assert count(collection, "article_urls") == 2


def test_further_urls_of_a_known_article_are_kept(collection):
    save(collection, record())
    collection.add_aliases("x_mot", "1", ["https://x_mot.gov.vn/en/1.html"], "2026-02-01", section="Tin tức")
    collection.add_aliases("x_mot", "nobody", ["https://x_mot.gov.vn/2.html"], "2026-02-01")
    assert next(collection.rows("SELECT section FROM articles"))["section"] == "Tin tức"
    assert list(collection.urls("x_mot")) == ["https://x_mot.gov.vn/1.html", "https://x_mot.gov.vn/en/1.html"]


def test_a_duplicate_that_gets_its_own_text_becomes_an_article(collection):
    save(collection, record())
    save(collection, record("77", site="x_hai"))
    assert save(collection, record("77", site="x_hai", body=LONG + "Riêng.")) is Outcome.NEW
    assert count(collection, "articles") == 2
    owners = {r["url"]: r["article_id"] for r in collection.rows("SELECT * FROM article_urls")}
    assert len(set(owners.values())) == 2


def test_schedules_that_differ_in_dates_are_two(collection):
    save(collection, record("1", "Lịch công tác tuần", "Từ 01/12 đến 07/12"))
    assert save(collection, record("2", "Lịch công tác tuần", "Từ 08/12 đến 14/12")) is Outcome.NEW


def test_notices_that_differ_only_in_their_file_are_two(collection):
    def notice(key, name):
        return record(
            key,
            "Thông báo",
            "Xem tệp đính kèm",
            attachments=[{"url": f"https://x/{name}", "name": name, "type": "pdf"}],
        )

    save(collection, notice("1", "thang-1.pdf"))
    assert save(collection, notice("2", "thang-2.pdf")) is Outcome.NEW
    assert save(collection, notice("3", "thang-1.pdf")) is Outcome.DUPLICATE


def test_picture_only_items_that_differ_in_pictures_are_two(collection):
    def pictures(key, name):
        return record(key, "Ảnh hoạt động", "", images=[{"url": f"https://x/{name}", "caption": ""}])

    save(collection, pictures("1", "a.jpg"))
    assert save(collection, pictures("2", "b.jpg")) is Outcome.NEW
    assert save(collection, pictures("3", "a.jpg")) is Outcome.DUPLICATE


@pytest.mark.parametrize(
    "query", ["dau lieu", "Đậu Liêu", "ĐẬU LIÊU", "Đâ\u0323u Liêu", '"đậu liêu"', "đậ*", "uy ban", "Ủy ban", "Uỷ ban"]
)
def test_search_finds_with_and_without_marks(collection, query):
    save(collection, record(title="Uỷ ban phường Đậu Liêu họp", body=LONG))
    assert len(collection.search(query)) == 1


def test_search_with_marks_is_exact(collection):
    save(collection, record("1", title="Mừng năm mới", body="x"))
    save(collection, record("2", title="Phường Nam Hồng", body="y"))
    assert [row["key"] for row in collection.search("năm")] == ["1"]
    assert {row["key"] for row in collection.search("nam")} == {"1", "2"}


@pytest.mark.parametrize(
    "query", ['"', "***", "AND OR", "a:b", "(", "NEAR(", "title:x", "'", "--", "", "\x00", "đ" * 5000]
)
def test_no_query_breaks_the_search(collection, query):
    save(collection, record())
    assert len(collection.search(query)) <= 1, "one article is found twice"
    assert [row["key"] for row in collection.search("hội nghị")] == ["1"], "after it nothing is found any more"


def test_snippet_marks_the_hit_as_written(collection):
    save(collection, record(body="Sáng nay, phường Đậu Liêu tổ chức hội nghị."))
    assert "[Đậu Liêu]" in collection.search("dau lieu")[0]["snippet"]


def test_a_text_file_is_no_database(tmp_path):
    path = tmp_path / "a.db"
    path.write_text("đây không phải cơ sở dữ liệu\n" * 100)
    with pytest.raises(Unreadable, match="cannot be used as a database"):
        Collection(path)


def test_a_missing_database_is_said_to_be_missing(tmp_path):
    with pytest.raises(Unreadable, match="there is no database"):
        Collection(tmp_path / "none.db", must_exist=True)
    assert not (tmp_path / "none.db").exists()


def test_a_newer_database_is_refused(tmp_path):
    Collection(tmp_path / "a.db").close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(NewerSchema, match="use a newer tinphuong"):
        Collection(tmp_path / "a.db")


def test_what_was_committed_outlives_a_kill(tmp_path):
    """A writer is killed with SIGKILL amid its work; every article it reported as committed is there, whole."""
    script = textwrap.dedent(
        """
        import sys
        sys.path.insert(0, ".")
        from tests.storage.test_collection import SITE, record
        from storage import Collection
        c = Collection(sys.argv[1]); c.put_site(SITE)
        run = c.begin_run("x_mot", mode="live", started_at="t", software="s")
        for n in range(100_000):
            c.save(record(str(n), title=f"Tin số {n}"), run)
            if n % 50 == 49:
                c.commit(); print(n + 1, flush=True)
        """
    )
    writer = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "a.db")], stdout=subprocess.PIPE, text=True)
    committed = 0
    while committed < 300:
        line = writer.stdout.readline()
        assert line, "the writer ended before it had committed anything worth a kill"
        committed = int(line)
    os.kill(writer.pid, signal.SIGKILL)
    committed = max([committed, *(int(line) for line in writer.stdout.read().split())])
    writer.wait()
    with Collection(tmp_path / "a.db") as collection:
        assert count(collection, "articles") >= committed >= 300
        assert count(collection, "articles") == count(collection, "article_urls")
        assert next(collection.rows("PRAGMA integrity_check")) == {"integrity_check": "ok"}
        assert len(collection.search("tin", limit=10_000)) == count(collection, "articles")


@pytest.mark.parametrize(("bound", "value"), [("BATCH", 3), ("LONGEST", 0.0)])
def test_a_batch_that_grows_long_is_committed(tmp_path, monkeypatch, bound, value):
    with Collection(tmp_path / "a.db") as collection, Collection(tmp_path / "a.db") as reader:
        collection.put_site(SITE)
        run = collection.begin_run("x_mot", mode="live", started_at="2026-01-01", software="test")
        collection.save(record("0"), run)
        assert count(reader, "articles") == 0
        monkeypatch.setattr(Collection, bound, value)
        for number in range(1, 4):
            collection.save(record(str(number), title=f"Tin {number}"), run)
        assert count(reader, "articles") >= 3

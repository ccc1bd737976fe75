"""The chain of runs, and citations."""

import json
import re
import sqlite3
from itertools import pairwise

import pytest

from crawler.cli import main
from crawler.dates.local_time import local_iso
from storage import Collection, run_log
from storage.exports.citations import UnknownArticle, citation
from storage.fixity.verification import verify


def damage(db):
    return [item for item in verify(db, lambda done, total: None).damage if item.kind == "run log"]


def change(db, sql):
    with sqlite3.connect(db) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(sql)


def test_every_run_carries_the_digest_of_the_one_before(kept):
    with Collection(kept) as collection:
        runs = list(collection.rows("SELECT * FROM runs ORDER BY number"))
    assert runs[0]["previous"] is None
    for before, run in pairwise(runs):
        assert run["previous"] == run_log.digest(before)
    assert [run["number"] for run in runs] == list(range(1, len(runs) + 1))


def test_a_whole_log_is_whole(db):
    assert damage(db) == []


@pytest.mark.parametrize(
    ("sql", "where", "what"),
    [
        ("UPDATE runs SET message = 'all went well' WHERE number = 3", "number 3", "altered"),
        ("UPDATE runs SET counts = '{}' WHERE number = 1", "number 1", "altered"),
        ("DELETE FROM runs WHERE number = 4", "number 4", "missing"),
        ("DELETE FROM runs WHERE number = (SELECT max(number) FROM runs)", "number 7", "missing"),
        ("DELETE FROM run_log WHERE number = 2", "number 2", "no longer in the run log"),
        ("UPDATE run_log SET digest = 'ff' WHERE number = 5", "number 5", "altered"),
    ],
)
def test_a_missing_or_altered_run_is_named(db, sql, where, what):
    change(db, sql)
    found = damage(db)
    assert any(where in item.where and what in item.what for item in found), found


def test_a_forged_run_breaks_the_chain_behind_it(db):
    """Who writes also the log's digest of a run anew is given away by the run behind it."""
    change(db, "UPDATE runs SET message = 'forged' WHERE number = 3")
    with Collection(db) as collection:
        run = next(collection.rows("SELECT * FROM runs WHERE number = 3"))
    change(db, f"UPDATE run_log SET digest = '{run_log.digest(run)}' WHERE number = 3")
    assert any("number 4" in item.where for item in damage(db))


def test_a_killed_run_is_entered_by_the_next(db):
    with Collection(db) as collection:
        collection.begin_run("hanoi_trucbach", mode="live", started_at="2027-07-01T00:00:00+00:00", software="x")
    with Collection(db) as collection:
        one = collection.begin_run("hanoi_trucbach", mode="live", started_at="2027-07-02T00:00:00+00:00", software="x")
        two = collection.begin_run("hatinh_honglinh", mode="live", started_at="2027-07-02T00:00:00+00:00", software="x")
        for run in (two, one):
            collection.finish_run(
                run,
                finished_at="2027-07-02T00:01:00+00:00",
                status="ok",
                reason=None,
                message="",
                counts={},
                skipped={},
            )
        logged = [row["run_id"] for row in collection.rows("SELECT run_id FROM run_log ORDER BY number")]
    assert logged[-3:] == [one - 1, two, one]
    assert damage(db) == []


def test_the_summary_of_a_run_carries_the_newest_digest(crawled):
    with Collection(crawled.db) as collection:
        head = run_log.head(collection.db)
    assert crawled.summary["run_log"] == {"number": head.number, "digest": head.digest}


def test_a_citation_holds_what_is_needed_to_find_and_check(kept, capsys):
    with Collection(kept) as collection:
        row = next(collection.rows("SELECT a.*, k.captured_at, k.payload_digest FROM articles a JOIN captures k "
                                   "ON k.id = a.capture_id WHERE a.site = 'hanoi_trucbach' LIMIT 1"))  # fmt: skip
        with pytest.raises(UnknownArticle):
            citation(collection, 10**6)
    assert main(["--db", str(kept), "cite", str(row["id"])]) == 0
    said = capsys.readouterr().out
    for part in ("title", "url", "published_at", "content_hash", "payload_digest"):
        assert str(row[part] or "") in said
    assert local_iso(row["captured_at"]) in said
    assert re.search(
        r"^Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội \(mã 00004, danh mục .* trước 01/7/2025; "
        r"nay thuộc phường Ba Đình, thành phố Hà Nội\)", said,
    )  # fmt: skip
    assert main(["--db", str(kept), "--json", "cite", "5", str(row["id"])]) == 0
    facts, located = json.loads(capsys.readouterr().out)
    assert (located["unit_code"], located["unit_vintage"]) == ("00004", "old")
    assert located["unit_name"] == "phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"
    assert facts["removed_at"] and facts["text_digest"]
    assert main(["--db", str(kept), "cite", "1000000"]) == 2


def test_a_citation_names_the_captured_address_and_the_canonical_one_beside_it(kept):
    with Collection(kept) as collection:
        rows = list(collection.rows("SELECT a.id, a.url, k.url AS captured FROM articles a "
                                    "JOIN captures k ON k.id = a.capture_id"))  # fmt: skip
        cited = {row["id"]: citation(collection, row["id"]) for row in rows}
    other = [row for row in rows if row["url"] != row["captured"]]
    assert len(other) == 22
    for row in rows:
        one = cited[row["id"]]
        assert (one.url, one.canonical_url) == (row["captured"], row["url"] if row in other else None)
        assert one.url in str(one) and row["url"] in str(one)

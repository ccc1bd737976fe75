"""What holds for every format: filters, refusals, whole or not at all, the same bytes, bounded memory."""

import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from crawler.cli import main
from storage import Collection
from storage.archives.captures import folder_of
from storage.exports import (
    BadChoice,
    DestinationExists,
    DestinationUnwritable,
    LastRunIncomplete,
    MissingGroup,
    mapping,
)
from tests.exports.handing import hand_on
from tests.running import ROOT

# Bạch Đằng, Phạm Đình Hổ and Vĩnh Tuy are on the same portal and went into other units.
NOT_ABOUT_OTHERS = "a.id NOT IN (SELECT article_id FROM article_units WHERE code IN ('00244', '00247', '00283'))"


def ids(db, tmp_path, **choice):
    hand_on(db, "jsonl", tmp_path / "ids.jsonl", force=True, **choice)
    return {json.loads(line)["id"] for line in (tmp_path / "ids.jsonl").read_text(encoding="utf-8").splitlines()}


def those(db, where):
    with Collection(db) as collection:
        return {
            row["id"] for row in collection.rows(f"SELECT a.id FROM articles a JOIN sites s ON s.slug = a.site {where}")
        }


@pytest.mark.parametrize(
    ("choice", "where"),
    [
        ({"sites": ("hanoi_trucbach", "hatinh_honglinh")}, "WHERE site IN ('hanoi_trucbach', 'hatinh_honglinh')"),
        ({"unit": "00292"}, f"WHERE unit_new = '00292' AND {NOT_ABOUT_OTHERS}"),
        ({"unit": "18127"}, "WHERE unit_old = '18127'"),
        ({"unit": "bach mai"}, f"WHERE unit_new = '00292' AND {NOT_ABOUT_OTHERS}"),
        ({"unit": "Trúc Bạch"}, "WHERE unit_old = '00004'"),
        ({"since": "2023-11-22"}, "WHERE published_at >= '2023-11-22'"),
        ({"until": "2020"}, "WHERE published_at < '2021'"),
        ({"since": "2023", "until": "2023-06"}, "WHERE published_at >= '2023' AND published_at < '2023-07'"),
        ({"changed_since": "2027-01-01T00:00:00+00:00"}, "WHERE a.id IN (3, 5)"),
        ({"changed_since": "2027-02-01T00:00:00+00:00"}, "WHERE a.id = 5"),
        ({}, ""),
    ],
)  # fmt: skip
def test_filters_choose(kept, tmp_path, choice, where):
    chosen = ids(kept, tmp_path, **choice)
    assert chosen == those(kept, where) and chosen


def test_a_query_chooses_what_a_search_finds(kept, tmp_path):
    with Collection(kept) as collection:
        found = {row["id"] for row in collection.search("phuong", limit=1000)}
    assert ids(kept, tmp_path, query="phuong") == found


def test_a_date_less_precise_than_the_filter_is_not_lost(db, tmp_path):
    with sqlite3.connect(db) as connection:
        for article, day in ((1, "2023-12"), (2, "2023-11-28/2023-12-03"), (4, "2023")):
            connection.execute("UPDATE articles SET published_at = ? WHERE id = ?", (day, article))
    assert {1, 2, 4} <= ids(db, tmp_path, since="2023-12-02", until="2023-12-31")
    assert not {1, 2} & ids(db, tmp_path, since="2024-01-01")


@pytest.mark.parametrize(
    "choice",
    [
        {"sites": ("nowhere",)},
        {"unit": "99999"},
        {"unit": "Hương Sơn"},
        {"unit": "new:05443", "sites": ("hanoi_trucbach",)},
        {"query": '"'},
    ],
)
def test_a_filter_that_means_nothing_is_refused(kept, tmp_path, choice):
    with pytest.raises(BadChoice):
        hand_on(kept, "jsonl", tmp_path / "a", **choice)


@pytest.mark.parametrize("name", ["jsonl", "oai"])
def test_what_is_there_is_not_overwritten_unless_told(kept, tmp_path, name):
    dest = tmp_path / "x"
    hand_on(kept, name, dest, sites=("hanoi_trucbach",))
    with pytest.raises(DestinationExists, match="--force"):
        hand_on(kept, name, dest)
    assert hand_on(kept, name, dest, force=True).articles == 100
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_folder_is_not_replaced_by_a_file(kept, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine").touch()
    with pytest.raises(DestinationUnwritable):
        hand_on(kept, "jsonl", tmp_path / "x", force=True)
    assert (tmp_path / "x" / "mine").exists()


@pytest.mark.parametrize("name", ["csv", "html", "sqlite"])
def test_a_failure_leaves_nothing_behind(kept, tmp_path, monkeypatch, name):
    def broken(self, *arguments, **options):
        yield from ()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.exports.job.Job.articles", broken)
    monkeypatch.setattr("storage.exports.job.Job.pieces", broken)
    monkeypatch.setattr("storage.search.fulltext.add", lambda *arguments: next(broken(None)))
    with pytest.raises(DestinationUnwritable, match="No space left"):
        hand_on(kept, name, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_an_export_that_is_told_to_stop_leaves_nothing(kept, tmp_path, monkeypatch, capsys):
    def stopped(job, path):
        (path / "half").write_text("x")
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("storage.exports.oai.write", stopped)
    assert main(["--db", str(kept), "export", "oai", str(tmp_path / "a")]) == 130
    assert not list(tmp_path.iterdir()) and "interrupted" in capsys.readouterr().err


def test_what_a_killed_export_left_is_cleared_away_by_the_next(kept, tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, others = tmp_path / f".a.jsonl.{gone.pid}.part", tmp_path / f".a.jsonl.{os.getppid()}.part"
    left.mkdir()
    others.write_text("of an export that goes on")
    hand_on(kept, "jsonl", tmp_path / "a.jsonl")
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", others.name}


@pytest.mark.parametrize("status", ["failed", "interrupted", "running"])
def test_a_collection_whose_last_run_did_not_end_well_is_not_handed_on(db, tmp_path, status):
    with sqlite3.connect(db) as connection:
        connection.execute(
            "INSERT INTO runs (site, mode, started_at, status, message, software) VALUES "
            "('hanoi_trucbach', 'live', '2027-06-01T00:00:00+00:00', ?, 'no list was found', 'x')",
            [status],
        )
    with pytest.raises(LastRunIncomplete, match="hanoi_trucbach"):
        hand_on(db, "jsonl", tmp_path / "a")
    hand_on(db, "jsonl", tmp_path / "a", sites=("hatinh_honglinh",))
    hand_on(db, "bagit", tmp_path / "b", allow_incomplete=True)
    for place in ("bag-info.txt", "data/README.md"):
        assert "no list was found" in (tmp_path / "b" / place).read_text(encoding="utf-8")


def test_a_missing_group_is_named(kept, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingGroup, match=r"tinphuong\[export\]"):
        hand_on(kept, "parquet", tmp_path / "a")


def test_damaged_captures_are_told_of_and_left_out(db, tmp_path):
    path = next(folder_of(db).glob("*.warc.gz"))
    content = bytearray(path.read_bytes())
    with Collection(db) as collection:
        sql = "SELECT k.offset + k.length / 2 AS middle FROM articles a JOIN captures k ON k.id = a.capture_id LIMIT 1"
        content[next(collection.rows(sql))["middle"]] ^= 0xFF
    path.write_bytes(content)
    done = hand_on(db, "warc", tmp_path / "a.warc.gz")
    assert any("could not be read" in remark for remark in done.remarks)
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", tmp_path / "a.warc.gz"]).returncode == 0


def test_the_command_line_says_what_it_wrote(kept, tmp_path, capsys):
    dest = tmp_path / "a.csv"
    assert main(["--db", str(kept), "export", "csv", str(dest), "--since", "1/12/2023", "--delimiter", ";"]) == 0
    said = capsys.readouterr().out
    assert "articles in" in said and "without a date" in said
    assert dest.read_text(encoding="utf-8-sig").startswith("id;site;")
    assert main(["--db", str(kept), "export", "csv", str(dest)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["--db", str(kept), "--json", "export", "jsonl", str(tmp_path / "n"), "--changed-since", "2027"]) == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 2


def test_the_mapping_is_the_documented_one():
    assert mapping.table() in (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2025-06-30", "00277"),
        ("2025-07-01T00:00+07:00", "00292"),
        ("2025", "00277"),
        (None, "00277"),
        ("2026", "00292"),
    ],
)
def test_the_unit_is_that_of_the_time(moment, code):
    unit = mapping.unit_at({"unit_old": "00277", "unit_new": "00292"}, moment)
    name = {
        "00277": "phường Bách Khoa, quận Hai Bà Trưng, thành phố Hà Nội",
        "00292": "phường Bạch Mai, thành phố Hà Nội",
    }
    assert (unit.code, unit.name) == (code, name[code])
    assert str(unit).startswith(f"{name[code]}; mã {code}, danh mục")


def test_a_unit_that_the_table_does_not_have_goes_by_its_code():
    assert str(mapping.unit_at({"unit_old": None, "unit_new": "99999"}, "2027")).startswith("mã 99999, danh mục")
    assert mapping.unit_at({"unit_old": None, "unit_new": "99999"}, "2024") is None


MEASURE = """
import resource, sys
from pathlib import Path
from tests.exports.handing import hand_on
hand_on(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["jsonl", "csv", "sqlite"])
def test_memory_does_not_grow_with_the_collection(db, tmp_path, name):
    """The whole of 100,000 articles is measured by benchmarks/export_bench.py; here the slope alone."""

    def peak(dest):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, db, name, tmp_path / dest],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout) / 1024

    before = peak("small")
    with sqlite3.connect(db) as connection:
        connection.execute(
            "INSERT INTO articles (site, key, url, title, body, content_hash, first_seen_at, last_seen_at, run_id) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
            "SELECT site, 'made-' || i, url || '?made=' || i, title || i, replace(hex(zeroblob(4000)), '0', 'ở'), "
            "'x' || i, first_seen_at, last_seen_at, run_id FROM n, articles WHERE id = 1"
        )
    assert peak("large") - before < 20  # MB, where the texts alone are over 30

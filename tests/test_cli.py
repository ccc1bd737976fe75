"""The command line as a user meets it."""

import json
import sqlite3
import subprocess
import sys

import pytest

from crawler.cli import main
from spiders.registry import Registry
from tests.running import ROOT, real_tinphuong, tinphuong

PAGE = """<html><head><title>Phường Mây tổ chức ra quân - Cổng thông tin</title></head><body>
<div class="asset-full-content"><div class="asset-full-content-title">Phường Mây tổ chức ra quân</div>
<div class="assetPublishDate">Ngày đăng 05/03/2021 | 9:07 AM</div>
<div class="journal-content-article"><p>Sáng nay, phường Mây ra quân dọn vệ sinh trên năm tuyến đường của phường.</p>
<p>Hơn hai trăm người tham gia, thu gom ba xe rác trước khi trời nắng lên.</p></div></div></body></html>"""


def said(done):
    assert "Traceback" not in done.stderr, f"the user sees a traceback: {done.stderr}"
    return done.stderr.strip()


def test_help_names_every_command():
    out = real_tinphuong("--help").stdout
    for command in ("crawl", "sites", "search", "extract", "date", "demo"):
        assert f"\n    {command} " in out, f"tinphuong --help does not name {command}"


def test_help_imports_nothing_heavy():
    code = (
        "import sys, crawler.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('scrapy', 'lxml', 'trafilatura', 'sqlite_utils', 'dateparser') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_printed():
    assert real_tinphuong("--version").stdout.startswith("tinphuong 0.")


def test_sites_are_listed_as_json():
    rows = json.loads(tinphuong("sites", "--json").stdout)
    assert json.loads(tinphuong("--json", "sites").stdout) == rows
    assert [row["slug"] for row in rows] == list(Registry.of_package())
    row = next(row for row in rows if row["slug"] == "hatinh_honglinh")
    assert row | {"ward": ""} == {
        "slug": "hatinh_honglinh", "ward": "", "host": "honglinh.hatinh.gov.vn", "platform": "hatinh_aspx",
        "platform_from": "stated", "unit_old": "18127", "unit_new": "18118",
        "unit_old_name": "phường Đậu Liêu, thị xã Hồng Lĩnh, tỉnh Hà Tĩnh",
        "unit_new_name": "phường Nam Hồng Lĩnh, tỉnh Hà Tĩnh",
        "tls": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "slugs"),
    [
        ("Gia Sàng", ["thainguyen_huongson"]),
        ("P. Hương Sơn, TP Thái Nguyên", ["thainguyen_huongson"]),
        ("05467", ["thainguyen_huongson"]),
        ("bach mai", ["hanoi_haibatrung"]),
        ("Sở Thông tin", ["hanoi_sotttt"]),
        ("Ngọc Hà, Hà Nội", []),
    ],
)
def test_sites_are_listed_by_their_unit(unit, slugs, capsys):
    assert main(["--json", "sites", "--unit", unit]) == 0
    assert [row["slug"] for row in json.loads(capsys.readouterr().out)] == slugs


def test_sites_of_an_unclear_unit(capsys):
    assert main(["sites", "--unit", "Hương Sơn"]) == 2
    assert "is the name of 9 units" in capsys.readouterr().err
    assert main(["sites", "--unit", "Gia Sàn"]) == 2
    assert "did you mean phường Gia Sàng, tỉnh Thái Nguyên (new:05467)" in capsys.readouterr().err
    assert main(["sites", "--unit", "Ngọc Hà, Hà Nội"]) == 0
    assert capsys.readouterr().out == "No registered site is of phường Ngọc Hà, thành phố Hà Nội (new:00008).\n"


def test_an_unknown_site_is_answered_with_the_nearest_names(tmp_path):
    done = tinphuong("--db", tmp_path / "a.db", "crawl", "hanoi_trucbac")
    assert "did you mean hanoi_trucbach" in said(done), "a misspelt site is not answered with the nearest name"
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["crawl"], "name the sites to crawl, or say --all"),
        (["crawl", "hanoi_sotttt", "--replay", "none.warc"], "there is no archive file none.warc"),
        (["crawl", "hanoi_sotttt", "--replay", "Makefile"], "Makefile is not a WARC file"),
        (["crawl", "hanoi_sotttt", "--since", "hôm kìa"], "is not a date; write 2024-06-30"),
        (["crawl", "hanoi_sotttt", "--limit", "-3"], "--limit takes a number"),
        (["search", "tin"], "there is no database"),
        (["extract", "none.html"], "none.html cannot be read"),
        (["extract", "Makefile", "--platform", "nonesuch"], "nonesuch"),
        (["date", "hôm qua", "--base", "mai"], "is not an ISO date"),
        (["nonesuch"], "invalid choice"),
        ([], "required"),
    ],
)
def test_a_users_mistake_is_one_clear_sentence(tmp_path, arguments, words):
    done = tinphuong("--db", tmp_path / "a.db", *arguments)
    assert words in said(done), f"tinphuong {' '.join(arguments)} does not say {words!r}"
    assert done.returncode == 2, f"tinphuong {' '.join(arguments)} exits with {done.returncode}, not 2 for bad usage"


@pytest.mark.parametrize("content", [b"not a database at all" * 50, b""])
def test_an_unreadable_database_is_one_clear_sentence(tmp_path, content):
    path = tmp_path / "a.db"
    path.write_bytes(content)
    done = tinphuong("--db", path, "search", "tin")
    said(done)
    assert done.returncode == (2 if content else 0), "the exit code does not fit a file that holds no database"


def test_a_newer_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    done = tinphuong("--db", tmp_path / "a.db", "search", "tin")
    assert "use a newer tinphuong" in said(done), "a database of a newer tinphuong is not refused with advice"
    assert done.returncode == 2


def test_extract_shows_what_would_be_stored(tmp_path):
    (tmp_path / "a.html").write_text(PAGE.replace("Mây", "Khương Mai"), encoding="utf-8")
    done = tinphuong("extract", tmp_path / "a.html", "--url", "http://sotttt.hanoi.gov.vn/x/-/view_content/1-a.html")
    row = json.loads(done.stdout)
    assert row["title"] == "Phường Khương Mai tổ chức ra quân" and row["reason"] is None
    assert row["published_at"] == "2021-03-05T09:07+07:00" and row["published_from"] == "page"
    assert [(unit["vintage"], unit["code"], unit["certainty"]) for unit in row["units"]] == [("old", "00352", "sure")]
    assert row["body"].count("\n\n") == 1 and row["body"].endswith("trước khi trời nắng lên.")


def test_extract_reads_standard_input_and_says_why_a_page_is_no_article():
    done = tinphuong("extract", "-", input="<html><body></body></html>")
    assert json.loads(done.stdout)["reason"] == "empty_page"


def test_date_means_what_it_says():
    assert json.loads(tinphuong("date", "Thứ sáu, 08/12/2023 | 3:07 CH").stdout)["date"] == "2023-12-08T15:07"
    assert json.loads(tinphuong("date", "31/02/2023").stdout)["date"] is None
    based = tinphuong("date", "hôm qua, 14:30", "--base", "2023-12-10T09:00:00+07:00")
    assert json.loads(based.stdout)["date"] == "2023-12-09T14:30"


def test_search_finds_without_marks(crawled):
    done = tinphuong("--db", crawled.db, "search", "dau lieu")
    assert "Đậu Liêu" in done.stdout, "searching without marks does not find the words with marks"
    assert done.returncode == 0
    rows = json.loads(tinphuong("--db", crawled.db, "--json", "search", "dau lieu", "--site", "hatinh_honglinh").stdout)
    assert rows and {row["site"] for row in rows} == {"hatinh_honglinh"}
    assert "matches" in tinphuong("--db", crawled.db, "search", "xyzzy").stdout


def test_scrapy_lists_the_sites():
    done = subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == list(Registry.of_package())

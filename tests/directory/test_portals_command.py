"""`tinphuong portals` and `portals add`, from the command line."""

import json
import os

import pytest

from crawler.cli import main
from spiders.portals import directory
from spiders.site_table import sound_rows


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a table of sites without rows."""
    (tmp_path / "tinphuong.toml").write_text('[sites]\npackage = false\ntables = ["sites.csv"]\n', encoding="utf-8")
    (tmp_path / "sites.csv").write_text("slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs the program; gives (exit code, standard output, standard error)."""

    def said(*words):
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return said


def test_without_a_question_every_province_is_counted(folder, run):
    code, out, _ = run("portals")
    assert code == 0 and out.count("tỉnh ") + out.count("thành phố ") == 34
    assert "Of no province that is known: ubndnhonmy.gov.vn." in out and "from before July 2025" in out
    code, out, _ = run("portals", "--json")
    rows = json.loads(out)
    assert list(rows[0]) == ["province", "name", "units", "units_with_portal", "portals", "others", "registered"]
    (thanhhoa,) = (row for row in rows if row["province"] == "thanhhoa")
    assert (thanhhoa["units"], thanhhoa["units_with_portal"], thanhhoa["registered"]) == (166, 162, 0)
    assert run("portals", "--quiet") == (0, "", "")


def test_a_province_is_listed_with_what_is_registered(folder, run):
    assert run("portals", "add", "lamson.tpthanhhoa.thanhhoa.gov.vn")[0] == 0
    code, out, _ = run("portals", "--province", "Thanh Hóa", "--json")
    rows = json.loads(out)
    assert code == 0 and len(rows) == 482
    keys = ["host", "name", "level", "province", "unit_old", "unit_old_name", "unit_new", "unit_new_name", "owner",
            "seen", "source", "since_2025", "slug", "registered", "state"]  # fmt: skip
    assert all(list(row) == keys for row in rows)
    (row,) = (row for row in rows if row["registered"])
    assert row["host"] == "lamson.tpthanhhoa.thanhhoa.gov.vn" and row["state"] is None  # there is no database
    assert row["unit_new_name"] == "phường Hạc Thành, tỉnh Thanh Hóa" and row["name"] == "Phường Lam Sơn"
    out = run("portals", "--province", "thanhhoa")[1]
    assert "more; --json lists them all." in out and "27 districts, 1 province; 1 registered." in out
    assert "Known in 162 of its 166 wards and communes of today; `tinphuong discover thanhhoa`" in out
    assert "of today" not in run("portals", "--province", "old:Hà Giang")[1]
    assert ", in the median on 20" in out and "`tinphuong portals add --province thanhhoa`" in out
    wards = json.loads(run("portals", "--province", "thanhhoa", "--level", "ward", "--json")[1])
    assert {row["level"] for row in wards} == {"ward"}


def test_the_state_is_that_of_the_run_history(crawled, run):
    code, out, _ = run("--db", crawled.db, "portals", "--unit", "old: Trúc Bạch, quận Ba Đình", "--json")
    assert code == 0
    (row,) = json.loads(out)
    (status,) = json.loads(run("--db", crawled.db, "status", "hanoi_trucbach", "--json")[1])
    assert (row["registered"], row["state"]) == ("hanoi_trucbach", status["state"]) and status["state"] == "quiet"


def test_near_a_host(folder, run):
    code, out, _ = run("portals", "--near", "https://trucbach.badinh.hanoi.gov.vn/tin-tuc")
    assert code == 0 and out.startswith("trucbach.badinh.hanoi.gov.vn is in the directory, as that of phường Trúc Bạch")
    assert "same district" in out
    out = run("portals", "--near", "xyz.badinh.hanoi.gov.vn")[1]
    assert out.startswith("xyz.badinh.hanoi.gov.vn is not in the directory, and not registered.")
    assert run("portals", "--near", "x.example.com")[1].endswith("No other portal is known near it.\n")
    assert json.loads(run("portals", "--near", "x.example.com", "--json")[1]) == []


def test_where_nothing_is_known_discover_is_named(folder, run):
    code, out, _ = run("portals", "--unit", "new: phường Lào Cai")
    assert code == 0 and "No portal is known of" in out and "`tinphuong discover" in out
    code, out, _ = run("portals", "--province", "Lào Cai", "--level", "ward")
    assert code == 0 and "No portal of wards is known of Lào Cai" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--province", "Thanh Hoa Binh"), "no province is called 'Thanh Hoa Binh'"),
        (("--unit", "Tân Hòa"), "is the name of 21 units: add the district or province"),
        (("--unit", "Nowhere"), "no ward or commune is called 'Nowhere'"),
        (("--near", "not a host"), "'not a host' is not a host; write it like"),
        (("--level", "city"), "invalid choice: 'city'"),
        (("--unit", "Ba Chúc", "--province", "An Giang"), "not allowed with"),
        (("add",), "nothing says which portals"),
        (("add", "--level", "ward"), "nothing says which portals"),
        (("add", "a.gov.vn", "--province", "Huế"), "give hosts or --province, not both"),
        (("add", "a.gov.vn", "--level", "ward"), "--level chooses among the portals"),
        (("add", "dapda.binhdinh.vn", "a.gov.vn"), "a.gov.vn: not in the directory; nothing is written"),
        (("add", "--province", "Nowhere"), "no province is called"),
        (("add", "--unit", "Tân Hòa"), "is the name of 21 units"),
    ],
)
def test_a_mistake_is_answered_by_a_sentence_and_writes_nothing(folder, run, words, said):
    before = (folder / "sites.csv").read_bytes()
    code, out, err = run("portals", *words)
    assert code == 2 and said in err and not out
    assert (folder / "sites.csv").read_bytes() == before


def test_a_province_is_added_once(folder, run):
    code, out, _ = run("portals", "add", "--province", "Khánh Hòa", "--dry-run")
    assert code == 0 and "109 sites would be added to sites.csv." in out and not list(sound_rows(folder / "sites.csv"))
    code, out, _ = run("portals", "add", "--province", "Khánh Hòa")
    assert code == 0 and "109 sites added to sites.csv." in out
    assert "9 districts, 2 provinces left out; --level district --level province adds them." in out
    assert out.endswith("\n  tinphuong crawl --province khanhhoa\n") and "from before July 2025" in out
    rows = [row for _, row in sound_rows(folder / "sites.csv")]
    (row,) = (row for row in rows if row["host"] == "dienphuoc.dienkhanh.khanhhoa.gov.vn")
    assert row["name"] == "Xã Diên Phước" and (row["unit_old"], row["unit_new"]) == ("22675", "22672")
    assert (row["scheme"], row["start_pages"]) == ("https", "/")
    text = (folder / "sites.csv").read_text(encoding="utf-8")
    assert "dienphuoc.dienkhanh.khanhhoa.gov.vn,,22675" in text, "the platform is to be found out"
    again = run("portals", "add", "--province", "Khánh Hòa")[1]
    assert again.startswith("Nothing to add to sites.csv.\n109 registered already: passed over.\n")
    assert (folder / "sites.csv").read_text(encoding="utf-8") == text
    assert run("sites", "--json")[0] == 0


def test_json_says_all_that_became_of_them(folder, run):
    portal = directory().at("aithuong.bathuoc.thanhhoa.gov.vn")
    (folder / "sites.csv").write_text(f"slug,name,host\n{portal.slug},Xã,a.gov.vn\n", encoding="utf-8")
    code, out, _ = run("portals", "add", "--province", "old:Bình Định", "--json")
    said = json.loads(out)
    assert code == 0 and said["table"].endswith("sites.csv") and not said["dry_run"]
    assert "nhonan.binhdinh.vn" in said["outside_gov_vn"] and said["other_levels"] == {"province": 1}
    code, out, _ = run("portals", "add", "nhonan.binhdinh.vn", portal.host, "--json")
    first, second = json.loads(out)["added"]
    assert first["host"] == "nhonan.binhdinh.vn", "named by its host, it is taken whoever owns the name"
    assert first["slug_taken"] is None
    assert (second["slug"], second["slug_taken"]) == (f"{portal.slug}2", portal.slug)
    code, out, _ = run("portals", "add", "--province", "Huế", "--level", "ward", "--quiet")
    assert (code, out) == (0, "") and len(list(sound_rows(folder / "sites.csv"))) > 40


def test_without_a_table_of_ones_own_init_is_named(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("portals", "add", "--province", "Huế")
    assert code == 2 and "`tinphuong init` makes a folder of your own" in err
    new = tmp_path / "new" / "my sites.csv"
    code, out, _ = run("portals", "add", "--unit", "Trúc Bạch, quận Ba Đình", "--sites", new)
    assert code == 0 and out.startswith("Nothing to add"), "the package has it"
    code, out, _ = run("portals", "add", "congvi.badinh.hanoi.gov.vn", "--sites", new)
    slug = directory().at("congvi.badinh.hanoi.gov.vn").slug
    assert code == 0 and f"tinphuong --sites '{new}' crawl {slug}\n" in out
    assert [row["slug"] for _, row in sound_rows(new)] == [slug]
    (tmp_path / "tinphuong.toml").write_text('[sites]\nfolder = "sites"\n', encoding="utf-8")
    (tmp_path / "sites").mkdir()
    code, _, err = run("portals", "add", "congvi.badinh.hanoi.gov.vn")
    assert code == 2 and "no table of sites is named: set sites.tables" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_table_that_cannot_be_written_is_told(folder, run):
    folder.chmod(0o500)
    try:
        code, _, err = run("portals", "add", "--province", "Huế")
    finally:
        folder.chmod(0o700)
    assert code == 2 and "cannot be written" in err


def test_a_table_with_faults_is_told(folder, run):
    (folder / "sites.csv").write_text("slug,name,host\n?,Xã,a.gov.vn\n", encoding="utf-8")
    code, _, err = run("portals", "add", "--province", "Huế")
    assert code == 2 and "line 2, column slug" in err

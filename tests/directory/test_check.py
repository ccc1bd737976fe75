"""The check of the directory of portals: the table that ships has no fault, and each kind of fault is found."""

import csv
from datetime import date

import pytest

from spiders.portals import COLUMNS, LEVELS, TABLE, directory
from spiders.portals.check import counts, faults, main
from tests.running import ROOT

TODAY = date(2026, 12, 1)
SOUND = {
    "host": "aithuong.bathuoc.thanhhoa.gov.vn", "slug": "thanhhoa_aithuong", "level": "commune", "province": "thanhhoa",
    "owner": "UBND Xã Ái Thượng", "old_code": "14944", "new_code": "14950", "seen": "2024-08-21", "since_2025": "",
    "source": "register",
}  # fmt: skip
SINCE = SOUND | {
    "host": "longha.dongnai.gov.vn", "slug": "dongnai_longha", "province": "dongnai", "old_code": "",
    "new_code": "25255", "seen": "", "since_2025": "yes", "source": "pages",
}  # fmt: skip
DISTRICT = SOUND | {
    "host": "bathuoc.thanhhoa.gov.vn", "slug": "thanhhoa_bathuoc", "level": "district", "old_code": "", "new_code": "",
}  # fmt: skip


def found(*rows):
    lines = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]
    return [str(fault) for fault in faults("\n".join(lines).encode(), TODAY)]


def test_the_directory_has_no_fault():
    assert not list(faults(TABLE.read_bytes(), TODAY))


def test_the_readme_has_the_counts_as_they_are():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = (ROOT / "spiders" / "portals" / "README.md").read_text(encoding="utf-8")
    assert counts(rows) in said, "python -m spiders.portals.check --counts prints them"
    units = [portal for portal in directory() if portal.is_of_unit]
    assert f"{len(rows):,} hosts of local government" in said and f"{len(units):,} are of wards and communes" in said
    assert all(f"`{name}`" in said for name in (*COLUMNS, *LEVELS))


def test_sound_rows_have_no_fault():
    assert found(SOUND, SINCE, DISTRICT) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "Aithuong.gov.vn"}, "is not a host's name in lower-case ASCII"),
        ({"host": "phường.gov.vn"}, "is not a host's name in lower-case ASCII"),
        ({"host": "https://a.gov.vn"}, "is not a host's name"),
        ({"host": "a.gov.vn:8080"}, "is not a host's name"),
        ({"host": "-a.gov.vn"}, "is not a host's name"),
        ({"host": "vn"}, "is not a host's name"),
        ({"host": "10.0.0.1"}, "is an address, not a name"),
        ({"host": "www.a.gov.vn"}, "begins with www."),
        ({"slug": "Thanh Hóa"}, "column slug: 'Thanh Hóa' is not a slug"),
        ({"level": "town"}, "'town' is none of ward, commune, district, province, service"),
        ({"level": "ward"}, "is a commune, not a ward"),
        ({"level": "district"}, "column old_code: a district has no code"),
        ({"province": "thanhoa"}, "'thanhoa' is not the slug of a province"),
        ({"province": "hanoi"}, "is in thanhhoa, not in hanoi"),
        ({"old_code": "99999"}, "column old_code: no unit has the code '99999' before July 2025"),
        ({"new_code": "00004"}, "column new_code:"),
        ({"new_code": "10525"}, "did not go into"),
        ({"seen": "21/08/2024"}, "is not a day like 2024-08-21"),
        ({"seen": "20240821"}, "is not a day like 2024-08-21"),
        ({"seen": "2026-12-02"}, "is in the future"),
        ({"seen": ""}, "what the register has is certified on a day"),
        ({"since_2025": "no"}, "leave it empty where that is not known"),
        ({"since_2025": "yes"}, "column old_code: a portal since July 2025 is one of a new unit, not of this one"),
        ({"source": "guess"}, "'guess' is none of register, certificates, menus, pages"),
        ({"owner": " UBND"}, "has blanks around it"),
        ({"owner": "a,b"}, "does not have 10 cells"),
    ],
)
def test_a_fault_is_named_with_its_line(change, said):
    (fault, *more) = found(DISTRICT, SOUND | change)
    assert fault.startswith("line 3") and said in "\n".join([fault, *more])


def test_a_district_needs_its_province_and_a_new_unit_its_code():
    assert found(DISTRICT | {"province": ""}) == ["line 2, column province: the province is missing"]
    assert "line 2, column new_code: a portal since" in found(SINCE | {"new_code": ""})[0]
    assert found(SINCE | {"province": "bariavungtau"})[0].endswith("'bariavungtau' is not the slug of a province")


def test_what_is_there_twice_is_told_with_both_lines():
    said = found(SOUND, SOUND | {"host": "www.aithuong.bathuoc.thanhhoa.gov.vn"})
    assert "line 3, column host: 'www.aithuong.bathuoc.thanhhoa.gov.vn' is in line 2 already" in said
    assert "line 3, column slug: 'thanhhoa_aithuong' is in line 2 already" in said


def test_the_command_says_where_and_ends_with_one(tmp_path, capsys):
    assert main([]) == 0 and capsys.readouterr().out == f"portals.csv: {len(directory())} portals, no fault\n"
    broken = tmp_path / "portals.csv"
    broken.write_text("host,slug\n", encoding="utf-8")
    assert (
        main([str(broken)]) == 1
        and f"{broken}: line 1: the first line is not host,slug,level" in capsys.readouterr().out
    )
    broken.write_bytes(b"host\n\xff\n")
    assert main([str(broken)]) == 1 and "line 2: the file is not UTF-8" in capsys.readouterr().out
    assert main([str(tmp_path / "none.csv")]) == 2 and "No such file" in capsys.readouterr().err
    assert main(["--counts"]) == 0 and "| register | 2,173 |" in capsys.readouterr().out

"""Many rows for a table of sites: one write, nobody twice, and nothing in it that would make it unreadable."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler.new_site.portal_rows import SiteRow, add_sites
from spiders.registry import Registry
from spiders.site_table import BadTable, sound_rows

ROW = SiteRow("tinh_a", "Xã A", "a.tinh.gov.vn", unit_old="00004", unit_new="00004")
NOBODY: dict = {}


def rows_of(table):
    return {row["slug"]: row for _, row in sound_rows(table)}


def test_what_the_rows_say_can_be_crawled(tmp_path):
    table = tmp_path / "new" / "sites.csv"
    more = SiteRow(
        "tinh_b", 'Xã "B", huyện C', "b.tinh.gov.vn:8080", "http", "old", "nukeviet", start_pages=("/tin", "/")
    )
    found = add_sites(table, [ROW, more], NOBODY)
    assert found.added == (ROW, more) and not (found.registered or found.refused or found.renamed)
    assert list(rows_of(table)) == ["tinh_a", "tinh_b"]
    site = Registry.of_places([table])["tinh_b"]
    assert (site.ward, site.host, site.scheme, site.tls) == ('Xã "B", huyện C', "b.tinh.gov.vn:8080", "http", "old")
    assert site.start_pages == ("/tin", "/") and Registry.of_places([table])["tinh_a"].unit_old == "00004"


def test_what_is_registered_is_passed_over_and_a_taken_slug_gets_a_number(tmp_path):
    table = tmp_path / "sites.csv"
    text = "# mine\r\nslug,name,host\r\ntinh_a,Xã A,other.gov.vn\r\nxa_cu,Xã Cũ,www.cu.gov.vn\r\n"
    table.write_bytes(text.encode())
    wanted = [
        ROW,
        SiteRow("tinh_a", "Xã A", "a2.tinh.gov.vn"),
        SiteRow("xa_cu2", "Xã Cũ", "cu.gov.vn"),
        SiteRow("hanoi_trucbach2", "Phường Trúc Bạch", "www.trucbach.badinh.hanoi.gov.vn"),
        SiteRow("tinh_a9", "Xã A", "a.tinh.gov.vn"),
    ]
    found = add_sites(table, wanted, Registry.of_package([table]))
    assert [row.slug for row in found.added] == ["tinh_a2", "tinh_a3"]
    assert found.renamed == {"a.tinh.gov.vn": "tinh_a", "a2.tinh.gov.vn": "tinh_a"}
    assert found.registered == {
        "cu.gov.vn": "xa_cu", "www.trucbach.badinh.hanoi.gov.vn": "hanoi_trucbach", "a.tinh.gov.vn": "tinh_a2",
    }  # fmt: skip
    text = text.replace("host\r\n", "host,unit_old,unit_new\r\n").replace("gov.vn\r\n", "gov.vn,,\r\n")
    assert table.read_bytes().decode().startswith(text), "what the user wrote stays"
    again = add_sites(table, wanted, Registry.of_package([table]))
    assert not again.added and set(again.registered) == {row.host for row in wanted}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SiteRow("Tinh A", "Xã A", "a.gov.vn"), "slug: 'Tinh A' is not a slug"),
        (SiteRow("tinh_a", "", "a.gov.vn"), "name: the ward's name is missing"),
        (SiteRow("tinh_a", "Xã\nA", "a.gov.vn"), "not a text of one line"),
        (SiteRow("tinh_a", "Xã A", "https://a.gov.vn/"), "is not a host name"),
        (SiteRow("tinh_a", "Xã A", "a.gov.vn", platform="wordpres"), "is not a platform"),
        (SiteRow("tinh_a", "Xã A", "a.gov.vn", start_pages=("tin",)), "is not a path"),
        (SiteRow("tinh_a", "Xã A", "a.gov.vn", unit_old="123"), "is not a code"),
    ],
)
def test_what_would_make_the_table_unreadable_is_refused_and_told(tmp_path, row, said):
    table = tmp_path / "sites.csv"
    found = add_sites(table, [row, SiteRow("tinh_b", "Xã B", "b.gov.vn")], NOBODY)
    assert said in found.refused[row.host] and list(rows_of(table)) == ["tinh_b"]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path):
    table = tmp_path / "new" / "sites.csv"
    assert add_sites(table, [ROW], NOBODY, dry_run=True).added == (ROW,)
    assert not table.parent.exists()


def test_a_table_with_faults_stays_as_it_is(tmp_path):
    table = tmp_path / "sites.csv"
    table.write_text("slug,name,host\nÄ,Xã,a.gov.vn\n")
    with pytest.raises(BadTable, match="line 2, column slug"):
        add_sites(table, [ROW], NOBODY)
    assert table.read_text() == "slug,name,host\nÄ,Xã,a.gov.vn\n"


def test_two_at_once_write_every_row_once(tmp_path):
    table = tmp_path / "sites.csv"
    rows = [SiteRow(f"tinh_{n}", f"Xã {n}", f"{n}.tinh.gov.vn") for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: add_sites(table, rows[n : n + 20], NOBODY), (0, 10, 20, 5)))
    assert len(rows_of(table)) == 40 == sum(len(each.added) for each in found)


def test_thousands_of_rows_take_no_time(tmp_path):
    table = tmp_path / "sites.csv"
    begun = time.process_time()
    add_sites(table, [SiteRow(f"tinh_{n}", f"Xã {n}", f"{n}.tinh.gov.vn") for n in range(2000)], NOBODY)
    assert time.process_time() - begun < 2  # measured: 0.05

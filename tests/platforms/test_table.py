"""Sites without a file each: the table, its faults, its size."""

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from crawler import units
from crawler.cli import main
from spiders import site_table
from spiders.fingerprint import platforms
from spiders.registry import Registry

OLD_CODES = sorted(units.table().old)
HEADER = "slug,name,host,platform,unit_old,unit_new,start_pages"


def write(path, *rows, header=HEADER):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_row_makes_a_site(tmp_path):
    row = "tayninh_phuong3,Phường 3,phuong3.test,nukeviet,25459,25456,/ /vi/news/,http,48"
    path = write(tmp_path / "sites.csv", row, header=f"{HEADER},scheme,every")
    spider = site_table.load(path)["tayninh_phuong3"]
    assert spider.platform is platforms()["nukeviet"]
    assert (spider.ward, spider.host, spider.start_pages) == ("Phường 3", "phuong3.test", ("/", "/vi/news/"))
    assert (spider.unit_old, spider.unit_new, spider.every, spider.scheme) == ("25459", "25456", 48, "http")


def test_the_shipped_table_is_sound():
    rows, faults = site_table.read(site_table.TABLE)
    assert not faults
    assert {row["slug"] for _, row in rows} <= set(Registry.of_package())


@pytest.mark.parametrize(
    ("row", "column", "wrong"),
    [
        ("Hanoi_X,Phường X,x.vn,nukeviet,,,", "slug", "not a slug"),
        ("hanoi_x,,x.vn,nukeviet,,,", "name", "missing"),
        ("hanoi_x,Phường X,https://x.vn/,nukeviet,,,", "host", "not a host name"),
        ("hanoi_x,Phường X,x.vn,typo3,,,", "platform", "not a platform; known: dotnetnuke"),
        ("hanoi_x,Phường X,x.vn,nukeviet,277,,", "unit_old", "five digits"),
        ("hanoi_x,Phường X,x.vn,nukeviet,,,tin-tuc", "start_pages", "not a path"),
        ("hanoi_x,Phường X,x.vn", "start_pages", "does not have 7 cells"),
        ("hanoi_a,Phường X,x.vn,nukeviet,,,", "slug", "is in line 2 already"),
        ("hanoi_x,Phường X,a.vn,nukeviet,,,", "host", "is in line 2 already"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, row, column, wrong):
    path = write(tmp_path / "sites.csv", "hanoi_a,Phường A,a.vn,nukeviet,,,", row)
    with pytest.raises(site_table.BadTable) as raised:
        site_table.load(path)
    fault = raised.value.faults[-1]
    assert (fault.line, fault.column) == (3, column) and wrong in fault.wrong
    assert f"line 3, column {column}" in str(raised.value)


def test_a_faulty_header_is_named(tmp_path):
    path = write(tmp_path / "sites.csv", header="slug,name,cms,unit_old,unit_new,start_pages,slug,")
    found = [(fault.line, fault.column, fault.wrong) for fault in site_table.read(path)[1]]
    assert found == [
        (1, "host", "the header lacks this column"),
        (1, "cms", "no column has this name"),
        (1, "slug", "two columns have this name"),
        (1, "", "column 8 has no name"),
    ]


def test_the_command_names_the_row(tmp_path, capsys):
    path = write(tmp_path / "sites.csv", "hanoi_trucbach,Phường X,x.vn,nukeviet,,,", "b_c,,c.vn,nukeviet,,,")
    assert main(["sites", "--check", "--table", str(path)]) == 1
    out = capsys.readouterr().out
    assert f"{path}: line 2, column slug: 'hanoi_trucbach' has a file of its own" in out
    assert f"{path}: line 3, column name: the ward's name is missing" in out
    assert main(["sites", "--check"]) == 0


def test_units_are_checked_against_their_lists(tmp_path, capsys):
    path = write(
        tmp_path / "sites.csv",
        "hatinh_a,Phường Đậu Liêu,a.vn,nukeviet,18127,18118,",
        "hatinh_b,Phường Đậu Liêu,b.vn,nukeviet,18127,05467,",
        "hatinh_c,Phường C,c.vn,nukeviet,99999,,",
        "hatinh_d,Phường D,d.vn,nukeviet,,00073,",
        "haiphong_bachlongvi,Đặc khu Bạch Long Vĩ,e.vn,nukeviet,318,11948,",
    )
    assert main(["sites", "--check", "--table", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: line 3, column unit_new: phường Đậu Liêu, thị xã Hồng Lĩnh, tỉnh Hà Tĩnh (old:18127) did not go into "
        "phường Gia Sàng, tỉnh Thái Nguyên (new:05467) but into phường Nam Hồng Lĩnh, tỉnh Hà Tĩnh (new:18118)",
        f"{path}: line 4, column unit_old: no unit has the code '99999' before July 2025",
        f"{path}: line 5, column unit_new: no unit has the code '00073' since July 2025",
    ]
    assert len(site_table.load(path)) == 5  # a unit younger than the list of units must not stop a crawl


def test_the_units_of_site_files_are_checked_too(monkeypatch, capsys):
    monkeypatch.setattr(Registry.of_package()["hanoi_trucbach"], "unit_new", "00292")
    assert main(["sites", "--check"]) == 1
    assert "spiders.hanoi.trucbach: unit_new: phường Trúc Bạch, " in capsys.readouterr().out


def test_five_thousand_rows_are_five_thousand_sites(tmp_path):
    """How long it takes is measured by `benchmarks/table_bench.py`."""
    rows = [f"tinh_xa{n},Xã {n},xa{n}.tinh.test,nukeviet,{OLD_CODES[n]},,/ /vi/news/" for n in range(5000)]
    path = write(tmp_path / "sites.csv", *rows)
    assert len(site_table.load(path)) == 5000
    assert not site_table.unit_faults(site_table.read(path)[0])


def test_scrapy_lists_sites_of_all_kinds(tmp_path):
    path = write(tmp_path / "sites.csv", "tinh_xa1,Xã 1,xa1.test,nukeviet,,,")
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.set("TINPHUONG_SITES", str(path), priority="cmdline")
    loader = get_spider_loader(settings)
    assert {"tinh_xa1", "hanoi_trucbach"} <= set(loader.list())
    assert loader.load("tinh_xa1").host == "xa1.test"
    assert loader.find_by_request(Request("https://xa1.test/tin/")) == ["tinh_xa1"]
    with pytest.raises(KeyError):
        loader.load("tinh_xa2")

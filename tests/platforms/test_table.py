"""Sites without a file each: the table, its faults, its size."""

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from crawler import registry, units
from crawler.cli import main
from spiders import table
from spiders.fingerprint import platforms

OLD_CODES = sorted(units.table().old)
HEADER = "slug,name,host,platform,unit_old,unit_new,start_pages"


def write(path, *rows, header=HEADER):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_row_makes_a_site(tmp_path):
    row = "tayninh_phuong3,Phường 3,phuong3.test,nukeviet,25459,25456,/ /vi/news/,http,48"
    path = write(tmp_path / "sites.csv", row, header=f"{HEADER},scheme,every")
    spider = table.load(path)["tayninh_phuong3"]
    assert spider.platform is platforms()["nukeviet"]
    assert (spider.ward, spider.host, spider.start_pages) == ("Phường 3", "phuong3.test", ("/", "/vi/news/"))
    assert (spider.unit_old, spider.unit_new, spider.every, spider.scheme) == ("25459", "25456", 48, "http")


def test_the_shipped_table_is_sound():
    rows, faults = table.read(table.TABLE)
    assert not faults
    assert {row["slug"] for _, row in rows} <= set(registry.sites())


@pytest.mark.parametrize(
    ("row", "column", "wrong"),
    [
        ("Hanoi_X,Phường X,x.vn,nukeviet,,,", "slug", "no slug"),
        ("hanoi_x,,x.vn,nukeviet,,,", "name", "missing"),
        ("hanoi_x,Phường X,https://x.vn/,nukeviet,,,", "host", "no host name"),
        ("hanoi_x,Phường X,x.vn,typo3,,,", "platform", "no platform; known: dotnetnuke"),
        ("hanoi_x,Phường X,x.vn,nukeviet,277,,", "unit_old", "five digits"),
        ("hanoi_x,Phường X,x.vn,nukeviet,,,tin-tuc", "start_pages", "no path"),
        ("hanoi_x,Phường X,x.vn", "start_pages", "has not 7 cells"),
        ("hanoi_a,Phường X,x.vn,nukeviet,,,", "slug", "stands in line 2"),
        ("hanoi_x,Phường X,a.vn,nukeviet,,,", "host", "stands in line 2"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, row, column, wrong):
    path = write(tmp_path / "sites.csv", "hanoi_a,Phường A,a.vn,nukeviet,,,", row)
    with pytest.raises(table.BadTable) as raised:
        table.load(path)
    fault = raised.value.faults[-1]
    assert (fault.line, fault.column) == (3, column) and wrong in fault.wrong
    assert f"line 3, column {column}" in str(raised.value)


def test_a_faulty_header_is_named(tmp_path):
    path = write(tmp_path / "sites.csv", header="slug,name,host,cms,unit_old,unit_new,start_pages")
    assert [(f.line, f.column) for f in table.read(path)[1]] == [(1, "platform"), (1, "cms")]


def test_the_command_names_the_row(tmp_path, capsys):
    path = write(tmp_path / "sites.csv", "hanoi_trucbach,Phường X,x.vn,nukeviet,,,", "b_c,,c.vn,nukeviet,,,")
    assert main(["sites", "--check", "--table", str(path)]) == 1
    out = capsys.readouterr().out
    assert f"{path}: line 2, column slug: 'hanoi_trucbach' has a file of its own" in out
    assert f"{path}: line 3, column name: the ward's name is missing" in out
    assert main(["sites", "--check"]) == 0


def test_five_thousand_rows_are_five_thousand_sites(tmp_path):
    """How long it takes, `benchmarks/table_bench.py` tells."""
    rows = [f"tinh_xa{n},Xã {n},xa{n}.tinh.test,nukeviet,{n:05},,/ /vi/news/" for n in range(5000)]
    assert len(table.load(write(tmp_path / "sites.csv", *rows))) == 5000


def test_scrapy_lists_sites_of_both_kinds(tmp_path, monkeypatch):
    path = write(tmp_path / "sites.csv", "tinh_xa1,Xã 1,xa1.test,nukeviet,,,")
    monkeypatch.setattr(table, "TABLE", path)
    registry.sites.cache_clear()
    try:
        settings = Settings()
        settings.setmodule("crawler.settings")
        loader = get_spider_loader(settings)
        assert {"tinh_xa1", "hanoi_trucbach"} <= set(loader.list())
        assert loader.load("tinh_xa1").host == "xa1.test"
        with pytest.raises(KeyError):
            loader.load("tinh_xa2")
    finally:
        registry.sites.cache_clear()

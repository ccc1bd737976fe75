"""`tinphuong new-site` and `tinphuong check`: from an address to a site whose frozen pages are read as recorded."""

import ast
import importlib.util
import json

import pytest

from crawler.cli import main
from crawler.configuration import Configuration
from crawler.new_site import frozen_pages, scaffold
from crawler.new_site.proposed_names import slug_of, ward_of
from crawler.new_site.surveyed import Survey
from crawler.units import faults as unit_faults
from crawler.units import propose
from spiders import site_table
from spiders.lists.address_shapes import pattern_of
from spiders.registry import Registry
from tests.platforms import replicas
from tests.platforms.server import PlatformServer
from tests.running import ROOT, tinphuong

FORBIDDEN = {ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.If}
HOSTS = ("afcbc", "dnn", "wordpress", "wordpress2", "slugs", "bacninh", "vinhphuc", "danangcity", "quanmoi", "baotinh")
CHOSEN = [replica for replica in replicas.ALL if replica.host.split(".")[1] in HOSTS]


def new_site(replica, folder, *options):
    with PlatformServer(only=replica) as server:
        url = f"http://127.0.0.1:{server.port}{replica.start[0]}"
        done = tinphuong("new-site", url, "--into", folder, "--slug", "thu_phuong", "--json", *options)
        return done, server.served


def loaded(path):
    """The spider class of a site's file."""
    spec = importlib.util.spec_from_file_location("written", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(item for item in vars(module).values() if getattr(item, "__module__", "") == "written")


@pytest.mark.parametrize("replica", CHOSEN, ids=lambda replica: replica.host.split(".")[1])
def test_a_site_is_written_that_passes_its_own_test(replica, tmp_path):
    done, served = new_site(replica, tmp_path)
    assert done.returncode == 0 and not done.stderr, f"tinphuong new-site fails or warns: {done.stderr}"
    facts = json.loads(done.stdout)
    assert facts["platform"] == replica.platform
    assert facts["ward"] == "Phường An Vĩnh"
    assert "further articles" in facts["pager"] and " 0 further" not in facts["pager"]
    assert [article["title"] for article in facts["articles"]] == [story.title for story in replica.stories[:3]]
    assert served[0].target == "/robots.txt" and len(served) < 25
    assert not [each for each in served if any(trap in each.target for trap in replica.traps)]
    source = (tmp_path / "spiders" / "thu" / "phuong.py").read_text(encoding="utf-8")
    assert len(source.rstrip().splitlines()) <= 12 and max(map(len, source.splitlines())) <= 120
    assert not {type(node) for node in ast.walk(ast.parse(source))} & FORBIDDEN
    spider = loaded(tmp_path / "spiders" / "thu" / "phuong.py")
    frozen = tmp_path / "spiders" / "frozen"
    assert list(frozen_pages.differences(spider, frozen)) == []
    assert len(frozen_pages.read_list(spider, frozen_pages.load("thu_phuong", "listing", frozen))["articles"]) >= 5
    assert frozen_pages.load("thu_phuong", "article", frozen).fetched_at


def test_a_row_in_place_of_a_file(tmp_path):
    done, _ = new_site(replicas.BY_PLATFORM["nukeviet"], tmp_path, "--table")
    assert done.returncode == 0, done.stderr
    spider = site_table.load(tmp_path / "spiders" / "sites.csv")["thu_phuong"]
    assert spider.platform.name == "nukeviet" and spider.scheme == "http"
    assert list(frozen_pages.differences(spider, tmp_path / "spiders" / "frozen")) == []


@pytest.mark.parametrize(
    ("ward", "host", "front", "codes"),
    [
        ("Phường Trúc Bạch", "trucbach.badinh.hanoi.gov.vn", "", ("00004", "00004")),
        ("Phường Hương Sơn", "huongson.thainguyencity.gov.vn", "", ("05473", "05467")),
        ("Phường 4", "phuong4.example.vn", "UBND PHƯỜNG 4, THÀNH PHỐ TÂY NINH", ("25462", "25459")),
        ("Xã Hương Sơn", "xahuongson.vn", "Địa chỉ: xã Hương Sơn, huyện Mỹ Đức, Hà Nội", ("10489", "10489")),
        ("Phường Nam Hồng Lĩnh", "namhonglinh.hatinh.gov.vn", "", (None, "18118")),
        ("Phường Gia Sàng", "giasang.example.vn", "phường Gia Sàng, tỉnh Thái Nguyên", ("05461", "05467")),
        ("Xã Hương Sơn", "xahuongson.vn", "Tin xã Hương Sơn", (None, None)),
        ("Phường Hương Sơn", "huongson.vn", "phường Hương Sơn. Thành phố Thái Nguyên", (None, None)),
        ("Phường An Vĩnh", "anvinh.hanoi.gov.vn", "", (None, None)),
    ],
)
def test_units_are_proposed_where_host_or_page_names_their_place(ward, host, front, codes, tmp_path):
    assert propose(ward, host, front) == codes
    survey = Survey(
        f"https://{host}/", "generic", [], ward, "thu_phuong", host, "https", ("/",), [], [], "", {}, front=front
    )
    scaffold.write_file(survey, tmp_path / "spiders", in_package=True)
    spider = loaded(tmp_path / "spiders" / "thu" / "phuong.py")
    assert (spider.unit_old, spider.unit_new) == codes
    scaffold.write_row(survey, tmp_path / "spiders" / "sites.csv")
    ((_, row),), faults = site_table.read(tmp_path / "spiders" / "sites.csv")
    assert (row["unit_old"] or None, row["unit_new"] or None) == codes
    assert not faults and not list(unit_faults(*codes))


def test_the_units_proposed_for_registered_sites_are_those_in_their_files():
    known = [spider for spider in Registry.of_package().values() if spider.unit_old]
    assert known
    for spider in known:
        assert propose(spider.ward, spider.host, "") == (spider.unit_old, spider.unit_new)


def test_what_is_no_portal_is_said_in_a_sentence(tmp_path):
    done = tinphuong("new-site", "http://127.0.0.1:9/", "--into", tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "127.0.0.1:9" in done.stderr and not any(tmp_path.iterdir())


def test_a_registered_host_is_not_written_again():
    from argparse import Namespace

    from crawler.cli import UsageError, new_site

    arguments = Namespace(
        dry_run=False, into=ROOT, slug=None, table=False, frozen=None, site_places=[], named_places=[],
        configuration=Configuration(),
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"trucbach\.badinh\.hanoi\.gov\.vn is registered already, as hanoi_trucbach"):
        new_site.registration(arguments).check_free("hanoi_trucbach", "elsewhere.test")


def test_a_site_of_a_users_table_gets_frozen_pages_only(tmp_path, capsys):
    replica = replicas.BY_PLATFORM["nukeviet"]
    table, frozen = tmp_path / "mine.csv", tmp_path / "spiders" / "frozen"
    frozen.mkdir(parents=True)
    with PlatformServer(only=replica) as server:
        table.write_text(
            f"slug,name,host,platform,scheme\nthu_phuong,Xã Của Tôi,127.0.0.1:{server.port},nukeviet,http\n",
            encoding="utf-8",
        )
        words = ["--sites", str(table), "check", "--frozen", str(frozen), "thu_phuong"]
        assert main(words) == 1, "a site that is named is checked without frozen pages"
        assert "`tinphuong new-site` writes them" in capsys.readouterr().out
        address = f"http://127.0.0.1:{server.port}{replica.start[0]}"
        new = ["--sites", table, "new-site", address, "--slug", "thu_phuong", "--into", tmp_path]
        done = tinphuong(*new)
        again = tinphuong(*new)
    assert done.returncode == 0, f"new-site writes no frozen pages for a site of --sites: {done.stderr}"
    names = [path.name for path in (tmp_path / "spiders").iterdir()]
    assert names == ["frozen"], "a site that --sites registers is registered a second time"
    assert f"tinphuong --sites {table} check thu_phuong" in done.stdout, "the advice forgets --sites"
    assert main(words) == 0, f"the pages just frozen are not read as recorded: {capsys.readouterr().out}"
    assert again.returncode == 2 and "has frozen pages already" in again.stderr, "frozen pages are written over"


def test_check_passes_over_the_sites_of_a_users_table_that_have_no_frozen_pages(tmp_path, capsys):
    (tmp_path / "mine.csv").write_text("slug,name,host\nthu_phuong,Xã Của Tôi,a.test\n", encoding="utf-8")
    assert main(["--sites", str(tmp_path / "mine.csv"), "check"]) == 0, "check fails for a user's own site"
    out = capsys.readouterr().out
    assert "thu_phuong: has no frozen pages and is passed over" in out, f"it is not said what was left out: {out}"


def test_check_shows_what_differs_and_records_it(tmp_path, capsys):
    def check(slug, *options):
        code = main(["check", slug, "--frozen", str(folder), *options])
        return code, capsys.readouterr().out

    folder = tmp_path / "frozen"
    source = frozen_pages.FROZEN / "hanoi_trucbach"
    (folder / "hanoi_trucbach").mkdir(parents=True)
    for path in source.iterdir():
        (folder / "hanoi_trucbach" / path.name).write_bytes(path.read_bytes())
    stated = frozen_pages.facts("hanoi_trucbach", folder)
    stated["article"]["expected"]["title"] = "Một tên khác"
    expected = folder / "hanoi_trucbach" / "expected.json"
    expected.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
    code, out = check("hanoi_trucbach")
    assert code == 1 and "hanoi_trucbach article.title\n  - Một tên khác\n  + Phường Trúc Bạch" in out
    assert "1 recorded anew" in check("hanoi_trucbach", "--update")[1]
    assert check("hanoi_trucbach") == (0, "1 site: 1 as recorded\n")
    assert check("hanoi_sotttt")[0] == 1  # it has no frozen pages there
    assert expected.read_bytes() == (source / "expected.json").read_bytes()


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("trucbach.badinh.hanoi.gov.vn", "hanoi_trucbach"),
        ("www.huongson.thainguyencity.gov.vn", "thainguyen_huongson"),
        ("honglinh.hatinh.gov.vn", "hatinh_honglinh"),
        ("hanoi.gov.vn", "hanoi_tinh"),
        ("phuong7govap.org.vn", "khac_phuong7govap"),
        ("127.0.0.1:8102", "khac_may127001"),
    ],
)
def test_slugs_come_from_hosts(host, slug):
    assert slug_of(host) == slug


@pytest.mark.parametrize(
    ("texts", "ward"),
    [
        (["CỔNG THÔNG TIN ĐIỆN TỬ PHƯỜNG AN VĨNH - TRANG CHỦ"], "Phường An Vĩnh"),
        (["Trang chủ", "UBND xã Đức Thọ tổ chức hội nghị"], "Xã Đức Thọ"),
        (["Phường 7"], "Phường 7"),
        (["Trang tin của phường chúng ta"], None),
    ],
)
def test_wards_come_from_pages(texts, ward):
    assert ward_of(*texts) == ward


def test_shapes_of_addresses_are_learnt_only_where_they_tell_articles_apart():
    base = "https://a.vn"
    articles = [f"{base}/dang/viec-so-{n}-{4100 + n}.html" for n in range(5)]
    assert pattern_of(articles, [f"{base}/gioi-thieu.html"]) == r"-(?P<id>\d{3,})\.(?:html?|aspx)$"
    assert pattern_of(articles, [f"{base}/chuyen-muc-120.html"]) is None
    assert pattern_of([f"{base}/mot-viec-nao-do", f"{base}/viec-khac", f"{base}/viec-nua"], []) is None

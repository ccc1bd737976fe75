"""The registry of sites: an object that is handed in; tables and folders of a user's own beside the package's sites."""

import json

import pytest

from crawler.cli import COMMANDS, _command_in, main
from crawler.errors import ConfigurationError
from spiders.platforms.nukeviet import NukeVietSpider
from spiders.registry import Registry, UnknownSite
from tests.platforms import replicas
from tests.platforms.crawling import slug_of
from tests.platforms.server import PlatformServer
from tests.running import tinphuong

SITE_FILE = '''"""Xã Thử."""

from spiders.platforms.nukeviet import NukeVietSpider


class XaThu(NukeVietSpider):
    name = "tinh_xathu"
    ward = "Xã Thử, tỉnh Tỉnh"
    host = "xathu.tinh.test"
'''


def site(slug, host, **facts):
    return type(slug, (NukeVietSpider,), {"name": slug, "ward": "Xã", "host": host, **facts})


def table(path, *rows, header="slug,name,host"):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


# The object


def test_a_registry_is_a_mapping_sorted_by_slug_that_nothing_changes():
    b, a = site("x_b", "b.test"), site("x_a", "a.test", other_hosts=("cu.a.test",))
    registry = Registry({"x_b": b, "x_a": a})
    assert dict(registry) == {"x_a": a, "x_b": b} and list(registry) == ["x_a", "x_b"] and len(registry) == 2
    assert registry.chosen(["x_b", "x_a", "x_b"]) == [b, a] and registry.chosen([]) == [a, b]
    with pytest.raises(UnknownSite, match=r"did you mean x_[ab] or x_[ab]"):
        registry.chosen(["x_c"])
    with pytest.raises(TypeError):
        registry["x_c"] = a


def test_a_site_is_found_by_its_hosts_with_a_port_and_without():
    with_port = site("x_c", "127.0.0.1:8080")
    registry = Registry({"x_a": site("x_a", "a.test", other_hosts=("cu.a.test",)), "x_c": with_port})
    assert registry.by_host("cu.a.test") is registry.by_host("a.test:8080") is registry["x_a"]
    assert registry.by_host("127.0.0.1:8080") is with_port
    assert registry.by_host("127.0.0.1:8081") is registry.by_host("127.0.0.1") is None


def test_two_registries_know_nothing_of_each_other(tmp_path):
    more = Registry.of_package([table(tmp_path / "a.csv", "tinh_a,Xã A,a.test")])
    assert set(more) - set(Registry.of_package()) == {"tinh_a"}
    assert list(Registry.of_places([tmp_path / "a.csv"])) == ["tinh_a"]


# Tables and folders of a user's own


def test_a_row_needs_three_cells_only(tmp_path):
    rows = ["tinh_a,Xã A,127.0.0.1:8080,http,", "tinh_b,Xã B,b.test,,nukeviet"]
    path = table(tmp_path / "a.csv", *rows, header="slug,name,host,scheme,platform")
    a, b = Registry.of_places([path]).values()
    assert (a.platform.name, a.start_urls_of(), a.unit_old) == ("generic", ["http://127.0.0.1:8080/"], None)
    assert a().allowed_domains == ["127.0.0.1", "www.127.0.0.1"] and a.host_names() == ("127.0.0.1",)
    assert (b.platform.name, b.start_urls_of(), b.every) == ("nukeviet", ["https://b.test/"], 24)


def test_files_of_a_folder_are_sites(tmp_path):
    folder = tmp_path / "mine"
    (folder / "tinh").mkdir(parents=True)
    (folder / "xathu.py").write_text(SITE_FILE, encoding="utf-8")
    deeper = SITE_FILE.replace("tinh_xathu", "tinh_xahai").replace("xathu.tinh.test", "xahai.tinh.test")
    (folder / "tinh" / "xahai.py").write_text(deeper, encoding="utf-8")
    (folder / "__init__.py").write_text("raise RuntimeError", encoding="utf-8")
    registry = Registry.of_package([folder, folder])  # given twice: read once
    assert registry["tinh_xathu"].host == "xathu.tinh.test" and registry["tinh_xahai"].platform.name == "nukeviet"
    assert {"hanoi_trucbach", "tinh_xathu", "tinh_xahai"} < set(registry)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("slug,name\ntinh_a,Xã\n", "a.csv: line 1, column host: the header lacks this column"),
        ("slug;name;host\ntinh_a;Xã;a.test\n", "a.csv: line 1: the cells must be parted by commas"),
        ("slug,name,host,colour\ntinh_a,Xã,a.test,red\n", "a.csv: line 1, column colour: no column has this name"),
        (b"slug,name,host\ntinh_a,X\xe3,a.test\n", "a.csv: line 2: the file is not UTF-8 (byte 23)"),
        ("slug,name,host\n\ntinh_a,Xã,a.test:99999\n", "a.csv: line 3, column host: 'a.test:99999' is not a host name"),
        ("slug,name,host\ntinh_a,Xã\n", "a.csv: line 2, column host: the row does not have 3 cells"),
        ('slug,name,host\nx_a,"Xã\nA",a.test\nx_b,"Xã,b.test\nx_c,Xã,c.test\n', 'line 4: a quotation mark (") is not'),
        ('slug,name,host\ntinh_a,Xã,"a.test\n', 'a.csv: line 2: a quotation mark (") is not closed'),
        ("", "a.csv: line 1: the file is empty"),
        ("\n \n", "a.csv: line 1: the file is empty"),
        ("slug,name,host\nx_a,Xã,a.test\nx_a,Xã,b.test\n", "a.csv: line 3, column slug: 'x_a' is in line 2"),
        ("slug,name,host\nhanoi_trucbach,Xã,a.test\n", "spiders/hanoi/trucbach.py, line 6"),
        (f"slug,name,host\ntinh_a,\"{'x' * 200_000}\",a.test\n", "cannot be read as comma-separated values"),
    ],
)  # fmt: skip
def test_a_fault_of_a_table_is_a_sentence_with_file_and_line(tmp_path, capsys, content, wanted):
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["sites", "--sites", str(path)]) == 2
    err = capsys.readouterr().err
    assert wanted in err and err.startswith(f"tinphuong: {path}: line ") and err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("import nonesuch\n", ", line 1: cannot be imported (ModuleNotFoundError: No module named 'nonesuch')"),
        ("x = 1\nclass A(:\n", ", line 2: cannot be imported (SyntaxError: invalid syntax)"),
        ("import sys\n\nsys.exit(3)\n", ", line 3: cannot be imported (SystemExit: 3)"),
        ("x = 1\n", ": holds no site; a site is a class over a platform's spider that states a `name`"),
        (SITE_FILE.replace("tinh_xathu", "XaThu"), ", line 6: name: 'XaThu' is not a slug like hanoi_trucbach"),
        (SITE_FILE.replace('    ward = "Xã Thử, tỉnh Tỉnh"\n', ""), ", line 6: ward: the ward's name is missing"),
        (SITE_FILE + '    start_pages = "/"\n', ", line 6: start_pages: '/' is not a tuple of texts like"),
        (SITE_FILE + "    unit_new = 292\n", ", line 6: unit_new: 292 is not a text"),
        (SITE_FILE.replace("tinh_xathu", "hanoi_trucbach"), ", line 6: 'hanoi_trucbach' is registered already, in "),
        (SITE_FILE.replace("xathu.tinh.test", "sotttt.hanoi.gov.vn"), ", line 6: 'sotttt.hanoi.gov.vn' is registered"),
    ],
)  # fmt: skip
def test_a_fault_of_a_site_file_is_a_sentence_with_file_and_line(tmp_path, capsys, content, wanted):
    path = tmp_path / "thu.py"
    path.write_text(content, encoding="utf-8")
    assert main(["--sites", str(tmp_path), "sites"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"tinphuong: {path}{wanted}") and err.count("\n") == 1


def test_sites_of_two_places_with_one_name_are_named_with_both(tmp_path):
    one = table(tmp_path / "one.csv", "tinh_a,Xã A,a.test")
    two = table(tmp_path / "two.csv", "tinh_b,Xã B,b.test", "tinh_a,Xã A,c.test", "tinh_c,Xã C,a.test")
    with pytest.raises(ConfigurationError) as raised:
        Registry.of_package([one, two])
    assert str(raised.value).splitlines() == [
        f"{two}: line 3, column slug: 'tinh_a' is registered already, in {one}, line 2",
        f"{two}: line 4, column host: 'a.test' is registered already, in {one}, line 2",
    ]


@pytest.mark.parametrize("name", ["none.csv", "empty"])
def test_a_place_without_sites_is_a_sentence(tmp_path, capsys, name):
    (tmp_path / "empty").mkdir()
    assert main(["--sites", str(tmp_path / name), "sites"]) == 2
    assert capsys.readouterr().err.startswith(f"tinphuong: {tmp_path / name}: the")


# Every command


def test_the_command_word_is_not_looked_for_in_the_values_of_options():
    for argv in (
        ["--db", "sites", "check", "x"], ["--sites", "sites", "check"], ["--sites=sites", "check"],
        ["--quiet", "--sites", "sites", "check"], ["--json", "check", "sites"], ["--db=sites", "check", "--sites", "x"],
    ):  # fmt: skip
        assert _command_in(argv) == "check", argv
    assert _command_in(["--help"]) is _command_in([]) is _command_in(["nonesuch", "check"]) is None


def test_a_file_may_bear_the_name_of_a_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table(tmp_path / "crawl", "tinh_a,Xã A,a.test")
    table(tmp_path / "check", "tinh_b,Xã B,b.test")
    assert main(["--sites", "crawl", "--json", "sites", "--sites", "check"]) == 0
    assert {"tinh_a", "tinh_b"} < {row["slug"] for row in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "demo"])
def test_every_command_takes_the_option_before_and_after_it(command):
    for words in (["--sites", "x.csv", command, "--help"], [command, "--sites", "x.csv", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A folder with a table of a site at a port of this machine, and a database of one crawl of it."""
    folder = tmp_path_factory.mktemp("own")
    replica = replicas.BY_PLATFORM["drupal"]
    with PlatformServer(only=replica) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINPHUONG_DELAY", "0.01")
        host = f"127.0.0.1:{server.port}"
        row = f"{slug_of(replica)},Phường Thử,{host},drupal,http,{' '.join(replica.start)}"
        path = table(folder / "sites.csv", row, header="slug,name,host,platform,scheme,start_pages")
        done = tinphuong("--db", folder / "a.db", "crawl", slug_of(replica), "--sites", path)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, slug_of(replica), host


def test_a_site_of_a_table_is_known_to_every_command_that_names_one(own, tmp_path, capsys):
    folder, slug, host = own
    named = ["--db", str(folder / "a.db"), "--sites", str(folder / "sites.csv")]
    assert main([*named, "--json", "status", slug]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["site"], row["articles"]) == (slug, 7)
    for words in (
        ["search", "--site", slug, "--since", "2000"], ["removed", "--site", slug], ["similar", "--site", slug],
        ["report", slug, "--output", str(tmp_path / "a.html")], ["reprocess", "--site", slug],
        ["crawl", "--due", slug], ["sites", "--check"],
    ):  # fmt: skip
        assert main([*named, *words]) == 0, capsys.readouterr().err
        capsys.readouterr()
        if words[0] == "reprocess":
            assert main([*named[:2], *words]) == 2  # without the table
            assert f"no site is registered as '{slug}'" in capsys.readouterr().err
    assert main([*named, "check", slug]) == 1
    assert "has no frozen pages" in capsys.readouterr().out
    page = tmp_path / "a.html"
    page.write_text("<title>x</title>", encoding="utf-8")
    assert main([*named, "extract", str(page), "--url", f"http://{host}/"]) == 0


def test_commands_that_read_know_a_site_of_the_database_that_is_not_registered_now(own, tmp_path, capsys):
    folder, slug, _ = own
    db = ["--db", str(folder / "a.db")]
    assert main([*db, "--json", "status"]) == 0, capsys.readouterr().err
    rows = {row["site"]: row for row in json.loads(capsys.readouterr().out)}
    assert {*Registry.of_package(), slug} == set(rows), "status leaves out a site, registered or stored"
    assert rows[slug]["state"] == "quiet", "status does not judge a stored site by its own history"
    assert rows[slug]["articles"] == 7, "status does not count the articles of a stored site"
    assert rows[slug]["message"].startswith("not registered here; "), "status does not say that it is not registered"
    for words in (
        ["status", slug], ["search", "--site", slug, "--since", "2000"], ["removed", "--site", slug],
        ["similar", "--site", slug], ["report", slug, "--output", str(tmp_path / "a.html")],
    ):  # fmt: skip
        assert main([*db, *words]) == 0, f"{words[0]} does not know a site of the database: {capsys.readouterr().err}"
        capsys.readouterr()
        wrong = [word.replace(slug, slug[:-1]) for word in words]
        assert main([*db, *wrong]) == 2, f"{words[0]} takes a site that nothing knows"
        assert f"did you mean {slug}" in capsys.readouterr().err, f"{words[0]} does not offer a site of the database"

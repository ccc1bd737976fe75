"""Sites of a user's own, outside the package: where `new-site` writes them, and what `check` reads."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler.cli import main
from crawler.configuration import Configuration
from crawler.errors import UsageError
from crawler.new_site import frozen_pages, places, table_rows
from crawler.new_site.places import Places, Users
from crawler.new_site.whole_files import write_whole
from spiders import site_table
from tests.platforms import replicas
from tests.platforms.server import PlatformServer
from tests.running import ROOT, tinphuong

HEADER = "slug,name,host,platform,unit_old,unit_new,start_pages,scheme\n"
ROW = {"slug": "tinh_b", "name": "Xã B", "host": "b.test", "platform": "generic", "unit_old": "", "unit_new": "",
       "start_pages": "/", "scheme": "https"}  # fmt: skip


@pytest.fixture(scope="module")
def portal():
    with PlatformServer(only=replicas.BY_PLATFORM["nukeviet"]) as server:
        yield f"http://127.0.0.1:{server.port}{replicas.BY_PLATFORM['nukeviet'].start[0]}"


def workplace(folder, sites):
    folder.mkdir(parents=True)
    (folder / "tinphuong.toml").write_text(f"[sites]\npackage = false\n{sites}\n", encoding="utf-8")
    return folder


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_site_goes_into_the_folder_of_the_configuration(tmp_path, portal):
    folder = workplace(tmp_path / "kho báo phường", 'folder = "sites"\ntables = ["sites.csv"]')
    (folder / "sites").mkdir()
    (folder / "sites.csv").write_text(HEADER, encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "spiders").rglob("*") if "__pycache__" not in str(path)}
    done = tinphuong("new-site", portal, "--slug", "thu_phuong", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "\n  sites/thu/phuong.py\n  frozen/thu_phuong\n" in done.stdout and "--sites" not in done.stdout
    frozen = [f"frozen/thu_phuong/{name}" for name in ("article.html.gz", "expected.json", "listing.html.gz")]
    assert tree(folder) == [*frozen, "sites.csv", "sites/thu/phuong.py", "tinphuong.toml"]
    assert tinphuong("check", cwd=folder).stdout == "1 site: 1 as recorded\n"
    assert before == {path: path.stat().st_mtime_ns for path in before}, "the package was written to"
    again = tinphuong("new-site", portal, "--slug", "thu_phuong", cwd=folder)
    assert again.returncode == 2 and "has frozen pages already" in again.stderr
    # with that of the package beside it, each is read from where it is registered
    (folder / "tinphuong.toml").write_text('[sites]\nfolder = "sites"\nfrozen = "frozen"\n', encoding="utf-8")
    (folder / "frozen" / "thu_cu").mkdir()
    (folder / "frozen" / "thu_cu" / "expected.json").write_text("{}")
    both = tinphuong("check", cwd=folder)
    assert both.returncode == 0 and "7 sites: 7 as recorded" in both.stdout
    assert "frozen/thu_cu: frozen pages of a site that is not registered" in both.stdout
    (folder / "frozen" / "thu_phuong" / "expected.json").write_text("{")
    damaged = tinphuong("check", "thu_phuong", cwd=folder)
    assert damaged.returncode == 2 and "expected.json: the frozen pages are damaged" in damaged.stderr


def test_a_row_goes_into_the_table_of_the_configuration_which_is_made(tmp_path, portal):
    folder = workplace(tmp_path / "w", 'tables = ["sites.csv"]')
    none = tinphuong("new-site", portal, "--slug", "thu_phuong", cwd=folder)
    assert none.returncode == 2 and "sites.csv" in none.stderr, "a file is written although no folder is named"
    assert tree(folder) == ["tinphuong.toml"]
    done = tinphuong("new-site", portal, "--slug", "thu_phuong", "--table", cwd=folder)
    assert done.returncode == 0, done.stderr
    (row,) = site_table.sound_rows(folder / "sites.csv")
    assert (row[1]["slug"], row[1]["platform"], row[1]["scheme"]) == ("thu_phuong", "nukeviet", "http")
    assert tinphuong("check", cwd=folder).stdout == "1 site: 1 as recorded\n"
    checked = tinphuong("sites", "--check", cwd=folder).stdout
    assert checked.startswith("0 sites with a file, 1 in sites.csv: no fault\n")


def test_a_table_named_on_the_command_line_has_its_frozen_pages_beside_it(tmp_path, portal):
    table = tmp_path / "của tôi" / "mine.csv"
    done = tinphuong("--sites", table, "new-site", portal, "--slug", "thu_phuong", "--table", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"tinphuong --sites '{table}' check thu_phuong" in done.stdout
    assert "của tôi/frozen/thu_phuong/expected.json" in tree(tmp_path)
    assert tinphuong("--sites", table, "check", "thu_phuong", cwd=tmp_path).stdout == "1 site: 1 as recorded\n"


def test_nothing_is_written_into_an_installed_package(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "_ROOT", tmp_path)  # without a pyproject.toml
    monkeypatch.chdir(tmp_path)
    assert main(["new-site", "http://127.0.0.1:9/"]) == 2
    err = capsys.readouterr().err
    assert "nothing is written into the installed package: `tinphuong init`" in err and "--into DIR" in err
    assert tree(tmp_path) == []
    shutil.copytree(frozen_pages.FROZEN / "hanoi_trucbach", tmp_path / "frozen" / "hanoi_trucbach")
    expected = tmp_path / "frozen" / "hanoi_trucbach" / "expected.json"
    stated = json.loads(expected.read_text(encoding="utf-8"))
    stated["article"]["expected"]["title"] = "Khác"
    expected.write_text(json.dumps(stated), encoding="utf-8")
    monkeypatch.setattr(frozen_pages, "FROZEN", tmp_path / "frozen")
    monkeypatch.setattr(places, "FROZEN", tmp_path / "frozen")
    assert main(["check", "hanoi_trucbach", "--update"]) == 2
    assert "comes with the package, in which nothing is written" in capsys.readouterr().err


def test_places_of_the_command_line_go_before_those_of_the_configuration(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    text = "[sites]\nfolder = 'a'\ntables = ['t.csv', 'u.csv']\n"
    (tmp_path / "tinphuong.toml").write_text(text, encoding="utf-8")
    configuration = Configuration.load(tmp_path / "tinphuong.toml", environment={})
    users = Users(configuration)
    assert users.places(as_row=False) == Places(tmp_path / "a", tmp_path / "t.csv", tmp_path / "frozen")
    users = Users(configuration, [tmp_path / "b", tmp_path / "b" / "v.csv"])
    assert users.places(as_row=False) == Places(tmp_path / "b", tmp_path / "b" / "v.csv", tmp_path / "frozen")
    assert users.places(as_row=True).frozen == tmp_path / "b" / "frozen"
    assert users.frozen_of(None) == frozen_pages.FROZEN
    assert Users(configuration, (), tmp_path / "x").frozen_of(tmp_path / "a") == tmp_path / "x"
    assert Users(Configuration()).places(as_row=True) is None


KEPT = {
    "line ends of Windows": "\ufeffslug,name,host\r\ntinh_a,\"Xã A, huyện\",a.test\r\n",
    "no line end at the end": "slug,name,host\ntinh_a,Xã A,a.test",
    "comments and empty lines": "# của tỉnh\n\nslug,name,host,every\n# thôi: b,\"Xã\ntinh_a,Xã A,a.test,48\n\n# hết\n",
    "columns in another order": "host,every,slug,platform,name\na.test,,tinh_a,,  Xã A\n",
    "a cell of two lines": 'slug,name,host\ntinh_a,"Xã A\nxa",a.test\n',
    "only a header": HEADER,
}  # fmt: skip


@pytest.mark.parametrize("kind", KEPT)
def test_what_stands_in_a_table_stays_as_it_is(tmp_path, kind):
    path, text = tmp_path / "sites.csv", KEPT[kind]
    path.write_bytes(text.encode())
    path.chmod(0o640)
    table_rows.append(path, ROW | {"platform": ""})
    assert path.read_bytes().decode().startswith(text) and path.stat().st_mode & 0o777 == 0o640
    added = path.read_bytes().decode().removeprefix(text)
    assert ("\r\n" in added) == ("\r\n" in text)
    assert site_table.sound_rows(path)[-1][1]["slug"] == "tinh_b"
    with pytest.raises(UsageError, match="registered already, as tinh_b"):
        table_rows.append(path, ROW | {"slug": "tinh_c"})
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


def test_a_column_that_a_site_needs_is_added_to_every_row():
    text = 'slug,name,host\r\n# a\r\ntinh_a,"Xã\r\nA",a.test\r\n'
    made = table_rows.with_row(text, ROW | {"scheme": "http", "platform": "nukeviet"})
    assert made == (
        'slug,name,host,platform,scheme\r\n# a\r\ntinh_a,"Xã\r\nA",a.test,,\r\ntinh_b,Xã B,b.test,nukeviet,http\r\n'
    )


def test_generic_is_stated_as_an_empty_cell_means_that_the_platform_is_still_to_be_found():
    made = table_rows.with_row("slug,name,host\ntinh_a,Xã,a.test\n", ROW)
    assert made == "slug,name,host,platform\ntinh_a,Xã,a.test,\ntinh_b,Xã B,b.test,generic\n"


def test_a_row_that_ends_early_is_filled_up_before_a_column_is_added():
    made = table_rows.with_row("slug,name,host,every\ntinh_a,Xã,a.test\n", ROW | {"platform": "", "scheme": "http"})
    assert made == "slug,name,host,every,scheme\ntinh_a,Xã,a.test,,\ntinh_b,Xã B,b.test,,http\n"


@pytest.mark.parametrize("text", [None, "", "\n", "# sổ các trang\n"])
def test_a_table_without_a_header_gets_one(tmp_path, text):
    path = tmp_path / "new" / "sites.csv"
    if text is not None:
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    table_rows.append(path, ROW)
    assert path.read_text(encoding="utf-8") == f"{text or ''}{HEADER}tinh_b,Xã B,b.test,generic,,,/,https\n"


def test_rows_added_at_once_are_all_there(tmp_path):
    path = tmp_path / "sites.csv"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: table_rows.append(path, ROW | {"slug": f"tinh_{n}", "host": f"{n}.test"}), range(24)))
    assert {row["slug"] for _, row in site_table.sound_rows(path)} == {f"tinh_{n}" for n in range(24)}


def test_a_table_is_as_it_was_where_it_cannot_be_written(tmp_path, monkeypatch):
    path = tmp_path / "sites.csv"
    path.write_text(HEADER, encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.new_site.whole_files.fsync", full)
    with pytest.raises(OSError, match="No space"):
        table_rows.append(path, ROW)
    assert path.read_text(encoding="utf-8") == HEADER and not list(tmp_path.glob("*.part"))


def test_a_link_to_a_table_stays_a_link(tmp_path):
    (tmp_path / "real.csv").write_text(HEADER, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_whole(tmp_path / "link.csv", b"x")
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "real.csv").read_bytes() == b"x"

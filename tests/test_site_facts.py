"""Facts of single sites: of a configuration, of a site file, of a table; and how a mistake is said."""

import json

import pytest
from scrapy.settings import Settings

from crawler.cli import main
from crawler.configuration import Configuration
from crawler.configuration.keys import SITE_BY_NAME
from crawler.run.site import Site
from crawler.run.site_report import SiteReport
from spiders.base import PortalSpider
from spiders.platforms import nukeviet
from spiders.registry import RegisteredSites, Registry, WrongFacts
from spiders.site_facts import FACTS, wrong_fact
from spiders.site_table import OPTIONAL
from tests.running import tinphuong

SLUG = "hanoi_trucbach"


def with_configuration(folder, text, **environment):
    path = folder / "tinphuong.toml"
    path.write_text(text, encoding="utf-8")
    return Configuration.load(path, environment=environment)


def settings_of(site, **run):
    settings = Settings({"DOWNLOAD_DELAY": 1.5, "DOWNLOAD_TIMEOUT": 45.0, "USER_AGENT": "kho"}, priority="project")
    settings.update(run, priority="cmdline")
    site.update_settings(settings)
    return settings


def site(**facts):
    return type("Own", (PortalSpider,), {"platform": nukeviet.PLATFORM, **facts})


def test_every_key_of_a_site_is_a_fact_and_has_its_default():
    assert set(FACTS) == set(SITE_BY_NAME)
    assert all(wrong_fact(name, getattr(Site, name)) is None for name in FACTS)
    assert set(FACTS) - set(OPTIONAL) == {"proxy"}, "a table is no place for passwords"


def test_a_registry_with_facts_is_another_one(tmp_path):
    before = Registry.of_package()
    said = with_configuration(
        tmp_path, f"[site.{SLUG}]\ndelay = 0\nevery = 48\nattachments = false\nleave_out = ['/van-ban']\n",
        TINPHUONG_SITE_HANOI_TRUCBACH_TIMEOUT="90",
    ).sites  # fmt: skip
    after = before.with_facts(said)
    assert (after[SLUG].every, after[SLUG].timeout, after[SLUG].attachments) == (48, 90.0, False)
    assert before[SLUG].every == 24 and before[SLUG].leave_out == () and list(before) == list(after)
    assert issubclass(after[SLUG], before[SLUG]) and after["hanoi_sotttt"] is before["hanoi_sotttt"]
    assert after.by_host(before[SLUG].host) is after[SLUG]


def test_a_delay_is_what_is_said_of_the_site_and_else_at_least_its_platforms():
    pause = nukeviet.PLATFORM.pause
    assert settings_of(site()).getfloat("DOWNLOAD_DELAY") == pause > 1.5
    assert settings_of(site(delay=0.5)).getfloat("DOWNLOAD_DELAY") == 0.5
    assert settings_of(site(delay=9)).getfloat("DOWNLOAD_DELAY") == 9
    assert settings_of(site(delay=0.5)).getfloat("TINPHUONG_DELAY_ELSEWHERE") == 1.5, "files of others are asked faster"
    assert 0 < settings_of(site(delay=0)).getfloat("DOWNLOAD_DELAY") < 0.01, "Scrapy asks several at once without any"
    assert settings_of(site(delay=9), DOWNLOAD_DELAY=0).getfloat("DOWNLOAD_DELAY") == 0, "a replay waits"


def test_user_agent_and_timeout_take_the_place_of_the_runs():
    settings = settings_of(site(user_agent="phuong/1", timeout=7))
    assert (settings["USER_AGENT"], settings.getfloat("DOWNLOAD_TIMEOUT")) == ("phuong/1", 7)
    assert settings_of(site())["USER_AGENT"] == "kho"


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("https://a.vn/van-ban", True), ("https://a.vn/van-ban/2024?p=2", True), ("https://a.vn/van-ban-moi", True),
        ("https://a.vn/VAN-BAN/x", True), ("https://a.vn/vi/van-ban/x", True),
        ("https://a.vn/v%C4%83n-b%E1%BA%A3n", True),
        ("https://a.vn/tin/van-ban", False), ("https://a.vn/", False), ("https://a.vn/index.php?muc=9&x", True),
        ("https://a.vn/index.php?muc=1", False),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told_by_the_beginning_of_the_path(url, left):
    assert site(leave_out=("/van-ban", "/văn-bản", "/index.php?muc=9")).is_left_out(url) is left
    assert not site().is_left_out(url)


def test_what_is_left_out_is_counted_and_no_failure():
    report = SiteReport("x_a", pages=3, linked=5, new=4)
    for kind in ("listing", "section", "article"):
        report.skip(kind, "left_out")
    assert report.skipped == {"left_out": 3} and report.errors == 0 and report.verdict()[0] == "ok"
    nothing = SiteReport("x_a")
    nothing.skip("listing", "left_out")
    assert nothing.verdict()[:2] == ("failed", "left_out"), "all start pages are left out, and nobody says so"


WRONG = {
    "another slug": (
        "[site.hanoi_trucbak]\ndelay = 1\n",
        "line 2: no site is registered as 'hanoi_trucbak'; did you mean hanoi_trucbach",
    ),
    "a part of a path": (
        f"[site.{SLUG}]\n\nleave_out = ['van-ban']\n", f"line 3: site.{SLUG}.leave_out: ('van-ban',) is not a list of",
    ),
    "everything": (f"[site.{SLUG}]\nleave_out = ['/']\n", "none of them '/' alone"),
    "a proxy": (
        f"[site.{SLUG}]\nproxy = 'socks5://a:matkhau@b:1'\n", f"line 2: site.{SLUG}.proxy is not what it takes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_about_a_single_site_is_a_sentence_with_file_and_line(tmp_path, capsys, kind):
    text, wanted = WRONG[kind]
    path = tmp_path / "tinphuong.toml"
    path.write_text(text, encoding="utf-8")
    for words in (["sites"], ["crawl", "--due"], ["check", SLUG], ["config"]):
        assert main(["--config", str(path), "--db", str(tmp_path / "a.db"), *words]) == 2, words
        err = capsys.readouterr().err
        assert wanted in err and str(path) in err and "matkhau" not in err and err.count("\n") == 1, err


def test_a_variable_for_a_site_that_there_is_not_is_named(tmp_path):
    said = with_configuration(tmp_path, "", TINPHUONG_SITE_HANOI_TRUCBAK_DELAY="3").sites
    with pytest.raises(WrongFacts, match="TINPHUONG_SITE_HANOI_TRUCBAK_DELAY: no site is registered as"):
        Registry.of_package().with_facts(said)


def test_a_site_file_states_facts_and_its_mistakes_are_named(tmp_path, capsys):
    folder = tmp_path / "sites"
    folder.mkdir()
    text = (
        "from spiders.platforms.generic import GenericSpider\n\n\nclass A(GenericSpider):\n    name = 'tinh_a'\n"
        "    ward = 'Xã A'\n    host = 'a.test'\n    {}\n"
    )
    (folder / "a.py").write_text(text.format("delay, pictures, leave_out = 3, True, ('/van-ban',)"), encoding="utf-8")
    made = Registry.of_places([folder])["tinh_a"]
    assert (made.delay, made.pictures, made.leave_out) == (3, True, ("/van-ban",))
    (folder / "a.py").write_text(
        text.format("delay, pictures, leave_out, proxy, user_agent = -1, 'yes', '/x', 'http://a:matkhau@', 'a\\nb'"),
        encoding="utf-8",
    )
    assert main(["--sites", str(folder), "sites"]) == 2
    err = capsys.readouterr().err
    for name in ("delay", "pictures", "leave_out", "proxy", "user_agent"):
        assert f"a.py, line 4: {name}: " in err, err
    assert "matkhau" not in err


def test_a_table_states_facts_in_columns_and_may_hold_comments(tmp_path, capsys):
    path = tmp_path / "sites.csv"
    path.write_text(
        "# các trang của tỉnh, xem \"sổ\"\n\nslug,name,host,delay,timeout,attachments,leave_out,user_agent\n"
        "# tạm dừng: tinh_b\ntinh_a,Xã A,a.test,2.5,90,no,/van-ban /lich,kho/2\ntinh_c,Xã C,c.test,,,,,\n",
        encoding="utf-8",
    )  # fmt: skip
    a, c = Registry.of_places([path]).values()
    assert (a.delay, a.timeout, a.attachments, a.pictures) == (2.5, 90.0, False, None)
    assert (a.leave_out, a.user_agent) == (("/van-ban", "/lich"), "kho/2")
    assert (c.delay, c.timeout, c.attachments, c.leave_out, c.user_agent) == (None, 0.0, None, (), "")
    path.write_text("# x\nslug,name,host,delay,pictures\n# y\ntinh_a,Xã A,a.test,nhanh,true\n", encoding="utf-8")
    assert main(["--sites", str(path), "sites"]) == 2
    err = capsys.readouterr().err
    assert (
        "line 4, column delay: 'nhanh' is not a number" in err and "line 4, column pictures: 'true' is neither" in err
    )


def test_scrapys_own_commands_obey_the_configuration(tmp_path, monkeypatch):
    (tmp_path / "mine.csv").write_text("slug,name,host\ntinh_a,Xã A,a.test\n", encoding="utf-8")
    said = with_configuration(tmp_path, "[sites]\npackage = false\ntables = ['mine.csv']\n[site.tinh_a]\nevery = 5\n")
    settings = Settings(
        {
            "TINPHUONG_SITES": [str(path) for path in said.site_places], "TINPHUONG_SITE_FACTS": said.sites,
            "TINPHUONG_SITES_PACKAGE": said["sites.package"],
        }
    )  # fmt: skip
    loader = RegisteredSites.from_settings(settings)
    assert loader.list() == ["tinh_a"] and loader.load("tinh_a").every == 5


def test_commands_without_any_site_say_what_to_do(tmp_path):
    folder = tmp_path / "nơi làm việc"
    (folder / "sites").mkdir(parents=True)
    (folder / "tinphuong.toml").write_text(
        "[sites]\npackage = false\nfolder = 'sites'\ntables = ['sites.csv']\n", encoding="utf-8"
    )
    (folder / "sites.csv").write_text("slug,name,host,platform,unit_old,unit_new,start_pages\n", encoding="utf-8")
    for words, code in (("sites", 0), ("check", 0), ("crawl --due", 2), ("crawl --all", 2), ("crawl", 2)):
        done = tinphuong(*words.split(), cwd=folder)
        assert done.returncode == code, done.stderr
        assert "no site is registered; `tinphuong new-site URL` adds one" in done.stdout + done.stderr
    assert json.loads(tinphuong("sites", "--json", cwd=folder).stdout) == []
    assert tinphuong("sites", "--check", cwd=folder).stdout == "0 sites with a file, 0 in sites.csv: no fault\n"

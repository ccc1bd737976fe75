"""The configuration: which file is read, what goes before what, and how a mistake is said."""

import json
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler import settings
from crawler.configuration import Configuration
from crawler.configuration.configuration import default, unknown_variables
from crawler.configuration.file import BadConfiguration, ConfigurationFile
from crawler.configuration.keys import BY_NAME, KEYS, SECTIONS, SITE_KEYS
from crawler.configuration.toml_lines import lines_of
from crawler.configuration.values import BadSetting, of_text, of_toml
from crawler.errors import TinphuongError
from tests.running import tinphuong

HERE = Path()


@pytest.fixture
def configured(tmp_path):
    """Return the configuration under the text of a file and some variables."""

    def read(text="", **environment):
        path = tmp_path / "tinphuong.toml"
        path.write_text(text, encoding="utf-8")
        return Configuration.load(path, environment=environment)

    return read


def faults(text, tmp_path):
    path = tmp_path / "tinphuong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        ConfigurationFile(path)
    return [fault.replace(str(path), "FILE") for fault in raised.value.faults]


# The list of keys


def test_every_key_has_a_variable_a_section_and_a_setting_that_exists():
    assert len({key.variable for key in KEYS}) == len({key.flat for key in KEYS}) == len(BY_NAME) == len(KEYS)
    for key in KEYS:
        assert key.section in SECTIONS and key.variable.startswith("TINPHUONG_") and key.about
        assert not key.setting or hasattr(settings, key.setting), key.name
    assert not {key.flat for key in KEYS} & {*SECTIONS, "site"}


def test_every_default_is_what_its_key_takes():
    for key in KEYS:
        if (value := default(key)) not in (None, ()):
            plain = str(value) if isinstance(value, Path) else value
            assert of_toml(key, plain, HERE) == (tuple(value) if isinstance(value, list) else value), key.name


# Where a value comes from


def test_an_option_goes_before_a_variable_before_the_file_before_the_default(configured, tmp_path):
    text = "[politeness]\ndelay = 3\ntimeout = 90\n"
    found = configured(text, TINPHUONG_TIMEOUT="60")
    assert found["politeness.delay"] == 3.0 and found.in_force("politeness.delay").origin.endswith("toml, line 2")
    assert found["politeness.timeout"] == 60.0 and found.in_force("politeness.timeout").origin == "TINPHUONG_TIMEOUT"
    assert found["politeness.retry_times"] == 3 and found.in_force("politeness.retry_times").origin == "default"
    options = Configuration.load(tmp_path / "tinphuong.toml", options={"db": HERE / "x.db"}, environment={})
    assert (options["db"], options.in_force("db").origin) == (HERE / "x.db", "option")


def test_a_key_may_stand_above_all_sections_under_its_flat_name(configured):
    found = configured('delay = 2\nping_url = "https://ping.example.org/1"\n')
    assert (found["politeness.delay"], found["alarms.ping"]) == (2.0, "https://ping.example.org/1")
    assert found.in_force("alarms.ping").origin.endswith("line 2")


def test_paths_are_relative_to_the_file_and_in_variables_to_the_current_folder(configured, tmp_path):
    text = 'db = "kho dữ liệu/a.db"\n[sites]\ntables = ["a.csv", "/b.csv"]\n'
    assert configured(text)["db"] == tmp_path / "kho dữ liệu" / "a.db"
    assert configured(text)["sites.tables"] == (tmp_path / "a.csv", Path("/b.csv"))
    assert configured(text)["sites.frozen"] is None and configured(text).frozen == tmp_path / "frozen"
    assert configured(text, TINPHUONG_DB="c.db")["db"] == Path("c.db")


def test_what_is_said_becomes_the_settings_of_a_crawl(configured):
    found = configured(
        'contact = "mailto:a@b.example"\n[politeness]\ndelay = 0\nallow_private = ["10.0.0.0/24"]\n'
        "[bounds]\npage_size = 2\n[recheck]\nshare = 0.5\n[captures]\nkeep = \"always\"\n"
    ).settings()  # fmt: skip
    assert found["USER_AGENT"] == settings.user_agent("mailto:a@b.example")
    assert found.getfloat("DOWNLOAD_DELAY") == 0.001 and found.getlist("TINPHUONG_ALLOW_PRIVATE") == ["10.0.0.0/24"]
    assert found.getint("DOWNLOAD_MAXSIZE") == 2 << 20 and found.getfloat("TINPHUONG_RECHECK") == 0.5
    assert found["TINPHUONG_CAPTURE"] == "always" and found.getint("RETRY_TIMES") == settings.RETRY_TIMES


def test_single_sites_are_named_in_the_file_and_the_environment(configured):
    text = '[site.hanoi_trucbach]\ndelay = 10\nleave_out = ["/van-ban"]\n'
    found = configured(text, TINPHUONG_SITE_HANOI_TRUCBACH_USER_AGENT="us", TINPHUONG_SITE_X_Y_DELAY="4").sites
    assert {slug: {name: said.value for name, said in facts.items()} for slug, facts in found.items()} == {
        "hanoi_trucbach": {"delay": 10.0, "leave_out": ("/van-ban",), "user_agent": "us"}, "x_y": {"delay": 4.0},
    }  # fmt: skip
    assert found["hanoi_trucbach"]["delay"].origin.endswith("line 2")


@pytest.mark.parametrize("key", [key for key in KEYS if key.type is bool], ids=lambda key: key.name)
@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False), ("FALSE", False)])
def test_variables_say_yes_and_no_in_several_ways(key, text, value):
    assert of_text(key, text, HERE) is value


def test_several_addresses_stand_in_one_variable():
    found = of_text(
        BY_NAME["alarms.to"], "mailtos://a:b@mail.example.org?to=x@y.example,z@y.example,\n json://h/ , ", HERE
    )
    assert found == ("mailtos://a:b@mail.example.org?to=x@y.example,z@y.example", "json://h/")
    assert of_text(BY_NAME["politeness.allow_private"], "127.0.0.1, 10.0.0.0/8", HERE) == ("127.0.0.1", "10.0.0.0/8")


# Which file


def test_the_first_file_found_is_the_one_that_is_read(tmp_path, monkeypatch):
    own = tmp_path / "config"
    here = tmp_path / "here"
    for folder in (own / "tinphuong", here):
        folder.mkdir(parents=True)
        (folder / "tinphuong.toml").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own))
    monkeypatch.chdir(here)
    assert Configuration.load(environment={}).file == Path("tinphuong.toml")
    assert Configuration.load(environment={"TINPHUONG_CONFIG": str(own / "tinphuong" / "tinphuong.toml")}).file == (
        own / "tinphuong" / "tinphuong.toml"
    )
    (here / "tinphuong.toml").unlink()
    assert Configuration.load(environment={}).file == own / "tinphuong" / "tinphuong.toml"
    (own / "tinphuong" / "tinphuong.toml").unlink()
    assert Configuration.load(environment={}).file is None
    with pytest.raises(TinphuongError, match="no file"):
        Configuration.load(environment={"TINPHUONG_CONFIG": "none.toml"})


# Mistakes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[politeness]\n# slow\ndelai = 3\n",
         "FILE, line 4: there is no key politeness.delai; did you mean politeness.delay?"),
        ("[politness]\ndelay = 3\n", "FILE, line 1: there is no key politness; did you mean politeness?"),
        ("delay_jitter = 2\n",
         "FILE, line 1: politeness.delay_jitter is 2; it takes a number from 0 to 1, in shares of the pause"),
        ("[politeness]\ntimeout = [\n  1,\n  2,\n]\n",
         "FILE, line 2: politeness.timeout is [1, 2]; it takes a number of 0.1 or more, in seconds"),
        ("[bounds]\nrequests = true\n", "FILE, line 2: bounds.requests is True; it takes a whole number, 0 or more"),
        ("[bounds]\nreaders = inf\n", "FILE, line 2: bounds.readers is inf; it takes a whole number from 0 to 64"),
        ("[sites]\ntables = \"sites.csv\"\n", "FILE, line 2: sites.tables is 'sites.csv'; it takes a list of paths"),
        ("[site.a_b]\ndelays = 3\n", "FILE, line 2: there is no key site.a_b.delays; did you mean delay?"),
        ("[site.a_b]\ntls = \"none\"\n", 'FILE, line 2: site.a_b.tls is \'none\'; it takes "old", "any" or ""'),
        ("site = 3\n", "FILE, line 1: site is no key; write [site.SLUG] with keys of that site below"),
        ("delay = 1\n[politeness]\ndelay = 2\n",
         "FILE, line 3: politeness.delay stands in the file twice; take one of them out"),
        ("[politeness]\nallow_private = [\"10.0.0.300\"]\n", "10.0.0.300"),
        ("contact = \"a\\nX-Evil: 1\"\n",
         "FILE, line 1: contact is 'a\\nX-Evil: 1'; it takes text, without control characters"),
        ("[politeness]\ndelay = 1\n\ndelay = 2\n", "FILE: line 4, column 10: cannot overwrite a value; write it"),
        ("delay = 1,5\n", "FILE: line 1, column 10: expected newline or end of document after a statement; "),
        ("db = \"\"\n", "FILE, line 1: db is empty; name a path"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_with_file_and_line(tmp_path, text, said):
    (found,) = faults(text, tmp_path)
    assert said in found and "\n" not in found


def test_all_mistakes_are_said_at_once(tmp_path):
    assert len(faults("delai = 1\n[bounds]\nreaders = 100\n[site.x_y]\nevery = 0\n", tmp_path)) == 3


def test_what_may_be_a_password_is_never_shown(configured, tmp_path):
    secret = "http://user:geheim@proxy.example.org:3128"  # of nobody
    for text in (f'[politeness]\nproxy = "{secret} x"\n', f'[alarms]\nto = "json://x:{secret}"\n'):
        assert "geheim" not in "".join(faults(text, tmp_path))
    (tmp_path / "tinphuong.toml").write_text(f'[politeness]\nproxy = "{secret}"\n[alarms]\nto = ["tgram://geheim/1"]\n')
    for words in ([], ["--json"], ["politeness.proxy"], ["alarms"]):
        done = tinphuong("--config", tmp_path / "tinphuong.toml", "config", *words)
        assert done.returncode == 0 and "geheim" not in done.stdout + done.stderr and "://…" in done.stdout


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    for path, content in ((tmp_path / "none.toml", None), (tmp_path / "latin.toml", b"# \xe9\n")):
        if content:
            path.write_bytes(content)
        done = tinphuong("--config", path, "sites")
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and str(path) in done.stderr
    done = tinphuong("--config", tmp_path, "sites")
    assert done.returncode == 2 and done.stderr.count("\n") == 1


def test_a_mark_at_the_beginning_and_other_line_ends_are_no_mistake(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes("\ufeff[politeness]\r\ndelay = 4\r\n".encode())
    assert Configuration.load(path, environment={})["politeness.delay"] == 4.0


def test_a_misspelt_variable_is_named(monkeypatch):
    assert unknown_variables({"TINPHUONG_DELAI": "1", "TINPHUONG_DELAY": "1", "TINPHUONG_SITE_A_B_DELAY": "1"}) == [
        "TINPHUONG_DELAI"
    ]
    monkeypatch.setenv("TINPHUONG_DELAI", "1")
    done = tinphuong("config", "politeness.delay")
    assert (done.returncode, done.stdout) == (0, "1.5\n") and "TINPHUONG_DELAI" in done.stderr


# The command


def test_the_command_shows_what_is_in_force_and_where_from(tmp_path):
    (tmp_path / "tinphuong.toml").write_text("[politeness]\ndelay = 3\n")
    rows = json.loads(tinphuong("--json", "config", cwd=tmp_path).stdout)
    assert [row["key"] for row in rows] == [key.name for key in KEYS]
    (delay,) = (row for row in rows if row["key"] == "politeness.delay")
    assert delay == {
        "key": "politeness.delay", "value": 3.0, "from": "tinphuong.toml, line 2", "variable": "TINPHUONG_DELAY",
    }  # fmt: skip
    wrong = tinphuong("config", "politeness.delai", cwd=tmp_path)
    assert wrong.returncode == 2 and "did you mean politeness.delay?" in wrong.stderr


def test_sites_of_the_configuration_are_registered(tmp_path):
    (tmp_path / "sites.csv").write_text("slug,name,host\nx_a,Xã A,a.example.vn\n")
    (tmp_path / "tinphuong.toml").write_text('[sites]\npackage = false\ntables = ["sites.csv"]\n')
    rows = json.loads(tinphuong("--json", "sites", cwd=tmp_path).stdout)
    assert [row["slug"] for row in rows] == ["x_a"]
    (tmp_path / "tinphuong.toml").write_text('[sites]\nfolder = "sites"\n')
    missing = tinphuong("sites", cwd=tmp_path)
    assert missing.returncode == 2 and "tinphuong.toml, line 2: sites.folder: there is no folder" in missing.stderr


# Properties

STATEMENTS = [
    (("a",), "a = 1"), (("b",), "b = [\n  1, # two\n  2,\n]"), (("c",), 'c = """\nd = 1\n[e]\n"""'),
    (("f", "g"), "f.g = 1"),
    (("h", "i"), 'h = {"i" = 1}'), (("j k",), '"j k" = "#"  # note'), (("l",), "l = '''\n\n'''"), (("m",), "m = '=['"),
]  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


@given(TEXTS)
def test_any_text_in_a_variable_is_a_value_or_one_sentence(text):
    for key in (*KEYS, *SITE_KEYS):
        try:
            of_text(key, text, HERE)
        except BadSetting as wrong:
            assert str(wrong)


@given(st.lists(st.sampled_from([*string.ascii_lowercase, "[", "]", "=", '"', "\n", ".", "1", "site", "delay"])))
def test_any_file_is_read_or_refused_in_sentences(tmp_path_factory, parts):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text("".join(parts), encoding="utf-8")
    try:
        ConfigurationFile(path)
    except BadConfiguration as error:
        assert all(str(path) in fault for fault in error.faults)


@given(st.lists(st.sampled_from(STATEMENTS), unique_by=lambda statement: statement[0], max_size=8))
def test_every_key_has_the_line_in_which_it_begins(chosen):
    lines, expected = [], {}
    for names, text in chosen:
        expected[names] = len(lines) + 1
        lines += text.split("\n")
    assume(_is_toml("\n".join(lines)))
    found = lines_of("\n".join(lines))
    assert {names: found[names] for names in expected} == expected


def _is_toml(text):
    try:
        return tomllib.loads(text) is not None
    except tomllib.TOMLDecodeError:
        return False


@given(st.lists(st.sampled_from(["# note", "", "[bounds]", "[log]"]), max_size=6), st.integers(0, 3))
def test_the_line_of_a_mistake_is_its_line(tmp_path_factory, before, gap):
    path = tmp_path_factory.getbasetemp() / "lines.toml"
    lines = [*dict.fromkeys(before), *([""] * gap), "[recheck]", "leest = [", "1]"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        ConfigurationFile(path)
    assert raised.value.faults[-1].startswith(f"{path}, line {len(lines) - 1}: ")

"""`tinphuong init`: what it writes, what it leaves, and what it refuses."""

import json
import os
import re
import tomllib

import pytest

from crawler.cli import main
from crawler.configuration import Configuration
from crawler.configuration.keys import KEYS, SECTIONS, SITE_KEYS
from crawler.working_folder.configuration_text import EXAMPLES, SITE_EXAMPLES
from spiders import site_table
from tests.operating.folders import init
from tests.running import ROOT

LIVE = {"db", "sites.package", "sites.folder", "sites.tables"}
WRITTEN = {
    "tinphuong.toml", "sites.csv", "sites", "frozen", "data", "README.md", "README.vi.md", "crontab",
    *(f"tinphuong{job}.{kind}" for job in ("", "-verify", "-backup") for kind in ("service", "timer")),
}  # fmt: skip


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def made(tmp_path, program):
    """A working folder as init leaves it, and what it printed."""
    code, out, err = init(tmp_path / "a" / "tin phường", program=program)
    assert (code, err) == (0, "")
    return tmp_path / "a" / "tin phường", out


def test_a_working_folder_has_all_that_is_said(made):
    folder, out = made
    assert {path.name for path in folder.iterdir()} == WRITTEN
    assert {line.removeprefix("  wrote ").rstrip("/") for line in out.splitlines() if "wrote" in line} == {
        *WRITTEN, "data/.gitignore",
    }  # fmt: skip
    assert "set `contact`" in out and "add a row" in out
    assert (folder / "tinphuong.toml").stat().st_mode & 0o077 == 0, "others can read what may hold passwords"


def test_the_configuration_of_a_new_folder_says_only_where_things_are(made):
    folder, _ = made
    configuration = Configuration.load(folder / "tinphuong.toml", environment={})
    assert {key for key in configuration if configuration.in_force(key).origin != "default"} == LIVE
    assert configuration["db"] == folder / "data" / "tinphuong.db"
    assert configuration.site_places == [folder / "sites.csv"] and configuration.frozen == folder / "frozen"
    assert configuration["sites.package"] is False


def test_every_key_stands_in_a_new_configuration_with_its_sentence_and_default(made):
    """Each commented line, made live, says what is in force without it, or an example where there is no default."""
    folder, _ = made
    text = (folder / "tinphuong.toml").read_text(encoding="utf-8")
    flowing = re.sub(r"\s*\n# ", " ", text)
    for key in (*KEYS, *SITE_KEYS):
        assert key.about[1:] in flowing.replace("\n", " "), f"{key.name} has no sentence"
    for section in filter(None, SECTIONS):
        assert f"\n[{section}]\n" in text, f"a key of {section} that is made live would be one of another section"
    uncommented = re.sub(r"^# +(?=\w+ = |\[site\.)", "", text, flags=re.MULTILINE)
    (folder / "live.toml").write_text(uncommented, encoding="utf-8")
    live = Configuration.load(folder / "live.toml", environment={})
    fresh = Configuration.load(folder / "tinphuong.toml", environment={})
    for key in KEYS:
        assert live.in_force(key.name).origin.startswith(str(folder)), f"{key.name} has no line"
        if key.name not in EXAMPLES:
            assert live[key.name] == fresh[key.name], f"the line of {key.name} does not show its default"
    assert {name for facts in live.sites.values() for name in facts} == {key.name for key in SITE_KEYS}
    assert set(SITE_EXAMPLES) <= {key.name for key in SITE_KEYS} and set(EXAMPLES) <= {key.name for key in KEYS}


def test_the_table_of_a_new_folder_is_empty_and_sound(made):
    folder, _ = made
    assert site_table.load(folder / "sites.csv") == {}
    with (folder / "sites.csv").open("a", encoding="utf-8") as table:
        table.write("hanoi_a,Phường A,a.test\n")
    _, faults = site_table.read(folder / "sites.csv")
    assert [str(fault) for fault in faults] == ["line 2, column start_pages: the row does not have 7 cells"]
    (folder / "sites.csv").write_text(
        (folder / "sites.csv").read_text(encoding="utf-8").replace("a.test\n", "a.test,,,,/\n"), encoding="utf-8"
    )
    assert [*site_table.load(folder / "sites.csv")] == ["hanoi_a"], "a row may end after start_pages"


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_the_readme_of_a_folder_names_its_files_and_commands_of_the_program(made, readme):
    folder, _ = made
    text = (folder / readme).read_text(encoding="utf-8")
    for name in ("tinphuong.toml", "sites.csv", "sites/", "frozen/", "data/", "crontab", "tinphuong*.service"):
        assert f"`{name}`" in text, f"{readme} does not say what {name} is"
    from crawler.cli import COMMANDS

    (commands, *_) = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    used = re.findall(r"^\S*tinphuong ([a-z-]+)", commands, re.MULTILINE)
    assert len(used) == 5 and set(used) <= set(COMMANDS)
    example = re.search(r"`(hanoi_abc,.+)`", text)[1]
    (folder / "sites.csv").write_text(
        (folder / "sites.csv").read_text(encoding="utf-8") + example + "\n", encoding="utf-8"
    )
    assert [*site_table.load(folder / "sites.csv")] == ["hanoi_abc"], "the row that is shown has a fault"


def test_both_readmes_of_a_folder_are_in_step(made):
    folder, _ = made
    english, vietnamese = ((folder / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md"))
    assert re.findall(r"```\n(.*?)```", english, re.S) == re.findall(r"```\n(.*?)```", vietnamese, re.S)
    assert len(re.findall("^#", english, re.M)) == len(re.findall("^#", vietnamese, re.M))


def test_a_contact_and_the_sites_of_the_package_are_taken(tmp_path, program):
    _, out, _ = init(tmp_path / "x", "--contact", "archive@example.org", "--with-package-sites", program=program)
    said = tomllib.loads((tmp_path / "x" / "tinphuong.toml").read_text(encoding="utf-8"))
    assert said["contact"] == "mailto:archive@example.org" and said["sites"]["package"] is True
    assert "set `contact`" not in out and "add a row" not in out


@pytest.mark.parametrize("contact", ["", "me", "a b@c.d", "mailto:", "https://", "a@b.c (me)", "a@b.org\r\nX: y"])
def test_a_contact_that_nobody_can_use_is_refused(tmp_path, program, contact):
    code, _, err = init(tmp_path / "x", "--contact", contact, program=program)
    assert code == 2 and "no address" in err and not (tmp_path / "x").exists()


def test_a_second_init_changes_nothing(made, program):
    folder, _ = made
    (folder / "crontab").unlink()
    before = contents(folder)
    code, out, err = init(folder, program=program)
    assert (code, out) == (2, "") and "exists already, and nothing was changed" in err and "--add-missing" in err
    assert contents(folder) == before


def test_what_is_missing_is_added_and_the_rest_left(made, program):
    folder, _ = made
    crontab = (folder / "crontab").read_bytes()
    (folder / "crontab").unlink()
    (folder / "tinphuong.toml").write_text("db = 7", encoding="utf-8")  # even one that has a fault
    before = contents(folder)
    code, out, err = init(folder, "--add-missing", program=program)
    assert (code, err) == (0, "") and contents(folder) == before | {(folder / "crontab").relative_to(folder): crontab}
    assert "  wrote crontab" in out and "  left as it is: tinphuong.toml" in out and "README.md" in out


def test_files_that_are_there_already_are_left_and_said(tmp_path, program):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "README.md").write_text("mine", encoding="utf-8")
    code, out, _ = init(tmp_path / "x", program=program)
    assert code == 0 and "  left as it is: README.md" in out
    assert (tmp_path / "x" / "README.md").read_text(encoding="utf-8") == "mine"


def test_an_init_that_was_stopped_can_be_run_again(tmp_path, program, monkeypatch):
    from pathlib import Path

    monkeypatch.setattr(Path, "rename", _fails_at("tinphuong.timer", Path.rename))
    code, _, err = init(tmp_path / "x", program=program)
    assert code == 2 and "No space left" in err and "run again" in err
    assert not [path for path in (tmp_path / "x").rglob("*") if "unfinished" in path.name]
    monkeypatch.undo()
    code, out, _ = init(tmp_path / "x", program=program)
    assert code == 0 and "left as it is: crontab" in out and "wrote tinphuong.toml" in out


def _fails_at(name, rename):
    def renamed(path, target):
        if target.name == name:
            raise OSError(28, "No space left on device", str(target))
        return rename(path, target)

    return renamed


def test_what_cannot_be_a_working_folder_is_one_sentence(tmp_path, program):
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "data").touch()
    places = {
        tmp_path / "file": "is a file",
        tmp_path / "file" / "x": "Not a directory",
        tmp_path / "dangling": "link that leads nowhere",
        tmp_path / "taken": "in the way",
        tmp_path / "a\nb": "cannot be named",
        tmp_path / "a\\%b": "backslash",
        ROOT: "holds the program itself",
        ROOT / "crawler" / "x": "holds the program itself",
        "/proc/x": "cannot be made a working folder",
    }
    for place, said in places.items():
        code, out, err = init(place, program=program)
        assert code == 2 and said in err and err.count("\n") == 1 and not out, f"{place}: {err}"
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["data"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to every folder")
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, program):
    (tmp_path / "theirs").mkdir(mode=0o555)
    code, _, err = init(tmp_path / "theirs", program=program)
    assert code == 2 and "Permission denied" in err and err.count("\n") == 1


@pytest.mark.parametrize("option", [("--db", "x.db"), ("--config", "x.toml"), ("--sites", "x.csv")])
def test_options_that_init_would_not_heed_are_refused(tmp_path, capsys, option):
    assert main([*option, "init", str(tmp_path / "x")]) == 2
    assert "keys of the tinphuong.toml" in capsys.readouterr().err and not (tmp_path / "x").exists()


def test_a_folder_can_be_made_although_another_configuration_is_missing_or_bad(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TINPHUONG_CONFIG", str(tmp_path / "none.toml"))
    assert main(["init", str(tmp_path / "x"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["folder"] == str(tmp_path / "x") and str(tmp_path / "x" / "tinphuong.toml") in facts["written"]
    assert facts["left"] == []


def test_a_python_that_runs_a_source_tree_is_told_where_it_is(tmp_path):
    """`python -m crawler` in a checkout: cron starts in another folder, with another search path."""
    _, out, _ = init(tmp_path / "x", "--json", program=ROOT / "crawler" / "__main__.py")
    command = json.loads(out)["command"]
    assert command[-3:] == ["-P", "-m", "crawler"] and f"PYTHONPATH={ROOT}" in command

"""docs/operating/configure.md: its tables are the list of keys, its examples are what the program prints."""

import re

from tests.configuration.tables import PAGE, with_tables
from tests.running import tinphuong

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_are_the_list_of_keys():
    assert with_tables(TEXT) == TEXT, "run `python -m tests.configuration.tables`"


def test_the_example_is_in_force_as_shown(tmp_path, monkeypatch):
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "tinphuong.toml").write_text(example, encoding="utf-8")
    (tmp_path / "sites.csv").write_text("slug,name,host\n")
    shown, _ = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    _, changed, one = re.split(r"^\$ .*\n", shown, flags=re.MULTILINE)
    monkeypatch.setenv("TINPHUONG_DELAY_JITTER", "0.1")
    monkeypatch.setenv("TINPHUONG_ALLOW_PRIVATE", "")  # the tests allow their own servers
    printed = tinphuong("config", "--changed", cwd=tmp_path).stdout
    assert cells(printed.replace(str(tmp_path), "/srv/tinphuong")) == cells(changed)
    assert tinphuong("config", "politeness.delay", cwd=tmp_path).stdout == one


def test_the_mistakes_are_said_as_shown(tmp_path):
    _, shown = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "tinphuong.toml").write_text('\n\n\n\n\n\n[politeness]\ndelai = 3\ntimeout = "soon"\n')
    done = tinphuong("crawl", "--due", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, shown.partition("\n")[2])


def cells(table):
    """The rows without rules and the width of columns."""
    return [re.split(r"\s{2,}", line.strip()) for line in table.splitlines() if line.strip("- ")]

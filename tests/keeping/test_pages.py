"""The pages of docs/operating on keeping a collection: their commands run, in their order, and print what is shown."""

import re
import shutil
import subprocess

import pytest

from crawler.cli import build_parser
from storage.archives.captures import folder_of
from tests.keeping.kept import with_lists
from tests.running import ROOT, tinphuong

PAGES = [ROOT / "docs" / "operating" / name for name in ("back-up-and-restore.md", "upgrade.md")]
VARYING = (r"\d{4}-\d\d-\d\d \d\d:\d\d \+07:00", r"\d{8}T\d{6}", r"[0-9a-f]{64}", r"\d+\.\d MB")


@pytest.fixture(scope="module")
def place(crawled, tmp_path_factory):
    """A folder with the collections that the pages speak of."""
    place = tmp_path_factory.mktemp("keeping")
    (place / "data").mkdir()
    shutil.copy(crawled.db, place / "data" / "demo.db")
    shutil.copytree(folder_of(crawled.db), place / "data" / "demo.captures")
    made = with_lists(place / "made")
    made.rename(place / "data" / "ward.db")
    folder_of(made).rename(place / "data" / "ward.captures")
    return place


def same(text):
    for pattern in VARYING:
        text = re.sub(pattern, "#", text)
    return text.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_in_order_and_print_what_is_shown(page, place):
    blocks = re.findall(r"^```shell-session\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    shown = [part.partition("\n") for block in blocks for part in re.split(r"^\$ ", block, flags=re.M)[1:]]
    assert len(shown) >= 3
    for line, _, output in shown:
        words = line.split()
        if words[0] == "tinphuong":
            done = tinphuong(*words[1:], cwd=place)
        else:
            done = subprocess.run(["sh", "-c", line], cwd=place, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
        assert same(done.stdout) == same(output), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_options_are_those_of_the_program(page):
    known = {"--version", "--db", "--now", "--quiet", "-c"}
    for command in ("backup", "restore", "prune"):
        (commands,) = (action for action in build_parser(command)._actions if action.dest == "command")
        known |= {name for action in commands.choices[command]._actions for name in action.option_strings}
    assert set(re.findall(r"(?<![-\w])--[a-z][a-z-]*", page.read_text(encoding="utf-8"))) <= known

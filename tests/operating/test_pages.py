"""Every page of docs/operating keeps its word: what it shows is done in a working folder and prints what it shows.

How a page says what is not run, and what differs from machine to machine, is in tests/operating/page_steps.py.
"""

import os
import re
import shlex
import shutil
import subprocess
from itertools import groupby

import pytest

from crawler.cli import COMMANDS, build_parser
from crawler.configuration.file import ConfigurationFile
from tests.operating.folders import ARTICLES, SLUG, console_script, edit, init
from tests.operating.page_steps import SHELLS, blocks, pattern_of
from tests.running import NO_CONFIGURATION, PATIENCE, ROOT, environment, forks_in, read_at_import, tinphuong

PAGES = sorted((ROOT / "docs" / "operating").glob("*.md"))
PLAIN = re.compile(r"(?:tinphuong|cd|export) [^|&;<>$`*?~(){}\n]+")  # a command line that needs no shell
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))  # of a line of a crontab


@pytest.fixture(scope="module")
def crawled(tmp_path_factory, portal):
    """A working folder whose one site has been crawled: what each page begins with."""
    place = tmp_path_factory.mktemp("pages")
    program = console_script(place / "bin")
    assert init(place / "news", "--contact", "archive@example.org", program=program)[0] == 0
    edit(place / "news", portal.port)
    done = tinphuong("--config", place / "news" / "tinphuong.toml", "crawl", "--due")
    assert (done.returncode, done.stderr) == (0, "") and f"{ARTICLES} new" in done.stdout
    return place


class Shell:
    """A shell in a working folder: it remembers `cd` and `export`."""

    def __init__(self, crawled, place):
        self.cwd = place / "news"
        program = console_script(place / "bin")
        assert init(self.cwd, "--contact", "archive@example.org", program=program)[0] == 0
        for name in ("tinphuong.toml", "sites.csv"):
            shutil.copy(crawled / "news" / name, self.cwd)
        data = self.cwd / "data"
        shutil.copytree(crawled / "news" / "data", data, dirs_exist_ok=True)
        shutil.copy(data / "tinphuong.db", data / "demo.db")  # as of `tinphuong demo`, which some pages speak of
        shutil.copytree(data / "tinphuong.captures", data / "demo.captures")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TINPHUONG_")}
        self.env = {
            **inherited, **read_at_import(environment()), **NO_CONFIGURATION, "HOME": str(place),
            "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT),
            "PATH": f"{program.parent}:{os.environ['PATH']}",
        }  # fmt: skip

    def run(self, command):
        """Run a command line; returns its exit code and what it printed, standard error last."""
        words = shlex.split(command) if PLAIN.fullmatch(command) else [""]
        if words[0] == "cd":
            self.cwd /= words[1]
            return (0 if self.cwd.is_dir() else 1), ""
        if words[0] == "export":
            self.env |= dict(word.split("=", 1) for word in words[1:])
            return 0, ""
        if words[0] == "tinphuong" and words[1] != "init":  # which asks who started it
            with forks_in(self.env).start("crawler", *words[1:], cwd=self.cwd, env=self.env) as job:
                done = job.done()
            return done.returncode, done.stdout + done.stderr
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.cwd, env=self.env, stdin=subprocess.DEVNULL, timeout=PATIENCE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout


def check_syntax(command, place):
    """What can be known of a command line that is not run: a shell can read it, and the program has its options."""
    done = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True)
    assert done.returncode == 0, f"{place}: no shell can read {command}: {done.stderr}"
    for words in simple_commands(command):
        if words[0] != "tinphuong":
            continue
        used = [word for word in words[1:] if word in COMMANDS]
        assert used or {"--version", "--help"} & set(words), f"{place}: {shlex.join(words)} names no command"
        if used:
            try:
                build_parser(used[0]).parse_args(words[1:])
            except SystemExit:
                pytest.fail(f"{place}: the program does not take {shlex.join(words)}")


def simple_commands(line):
    """The words of each command in a command line of several."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    return [list(words) for operator, words in groupby(lexer, lambda word: set(word) <= set("();<>|&")) if not operator]


def check_crontab(text, place):
    """Every line of a crontab is empty, a comment, a variable, or five times and a command."""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#") or re.match(r"\w+ *=", line):
            continue
        *times, command = line.split(None, 5)
        assert len(times) == len(FIELDS) and command, f"{place}: {line} is no line of a crontab"
        for time, (least, most) in zip(times, FIELDS, strict=True):
            for part in time.split(","):
                found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/\d+)?", part)
                assert found, f"{place}: {time} is no time"
                assert all(least <= int(number) <= most for number in found.groups() if number), f"{place}: {time}"
        assert not re.search(r"(?<!\\)%", command), f"{place}: cron ends a command at a %"
        check_syntax(command.replace(r"\%", "%"), place)


def check_unit(text, place, folder):
    """What systemd can be given, it finds nothing wrong with."""
    kind = next((kind for kind in ("service", "timer") if f"[{kind.title()}]" in text), None)
    if kind and "ExecStart=" in text and shutil.which("systemd-analyze"):
        unit = folder / f"shown.{kind}"
        unit.write_text(text, encoding="utf-8")
        done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
        assert "shown" not in done.stderr, f"{place}: {done.stderr}"
        unit.unlink()


def go_through(block, shell, folder):
    """Do what one block says."""
    for command in block.before:
        code, printed = shell.run(command)
        assert code == 0, f"{block.place}: what is to be done before it ends with {code}: {command}\n{printed}"
    if block.file:
        (shell.cwd / block.file).write_text(block.text, encoding="utf-8")
    if block.language == "toml":
        (folder / "shown.toml").write_text(block.text, encoding="utf-8")
        ConfigurationFile(folder / "shown.toml")
    elif block.language == "cron":
        check_crontab(block.text, block.place)
    elif block.language == "ini":
        check_unit(block.text, block.place, folder)
    assert not block.not_run or block.language in {"console", *SHELLS}, f"{block.place}: nothing of it would be run"
    for command in block.commands:
        if block.not_run or command.root:
            check_syntax(command.text, block.place)
            continue
        code, printed = shell.run(command.text)
        assert code == block.exit_code, f"{block.place}: `{command.text}` ends with {code}: {printed}"
        assert "Traceback" not in printed, f"{block.place}: `{command.text}` ends with a traceback: {printed}"
        if command.shown.strip():
            wanted = pattern_of(command.shown)
            assert wanted.fullmatch(printed.strip()), (
                f"{block.place}: `{command.text}` prints something else than is shown:\n{printed}"
            )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_shows(page, crawled, tmp_path):
    shell, number = None, 0
    for block in blocks(page):
        if shell is None or block.afresh:
            number += 1
            (tmp_path / str(number)).mkdir()
            shell = Shell(crawled, tmp_path / str(number))
        go_through(block, shell, tmp_path)


def test_the_index_names_every_page():
    index = (ROOT / "docs" / "operating" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\((\w[\w-]*\.md)\)", index))
    assert named >= {page.name for page in PAGES} - {"README.md"}, "the index of docs/operating leaves a page out"


def test_most_of_what_the_pages_show_is_run():
    shown = [(block, command) for page in PAGES for block in blocks(page) for command in block.commands]
    left = [f"{block.place}: {command.text}" for block, command in shown if block.not_run or command.root]
    assert len(left) < len(shown) / 2, f"more than half of the pages' commands are not tried: {left}"


@pytest.mark.parametrize(
    "shown, printed, fits",
    [
        ("12 articles", "12 articles", True),
        ("12 articles", "13 articles", False),
        ("last run 2026-11-22T13:30", "last run 2027-01-02T03:04", True),
        ("0.8 MB in /srv/news/data", "12.4 KiB in /tmp/x-1/data", True),
        ("a  b\n---  ---", "a    b\n-----  -----", True),
        ("7 new (15 pages, 12.6 a second)", "7 new (15 pages, 3.1 a second)", True),
        ("7 new (15 pages, 12.6 a second)", "7 new (16 pages, 12.6 a second)", False),
        ("first\n…\nlast", "first\nx\ny\nlast", True),
        ("first\n…\nlast", "first\nx\ny", False),
    ],
)
def test_what_is_shown_is_compared_but_for_what_must_differ(shown, printed, fits):
    assert bool(pattern_of(shown).fullmatch(printed)) == fits


@pytest.mark.parametrize(
    "line, right",
    [
        ("17 * * * *  tinphuong crawl --due", True),
        ("17 * * * tinphuong crawl --due", False),
        ("61 * * * *  tinphuong crawl --due", False),
        ("*/5 0-6 1,15 * 1  tinphuong status", True),
        ("0 0 * * *  tinphuong crawl --dew", False),
        ("0 0 * * *  echo 100%", False),
        ("MAILTO=a@example.org", True),
    ],
)
def test_a_crontab_is_told_from_what_is_none(line, right, capsys):
    try:
        check_crontab(line, "here")
    except (AssertionError, pytest.fail.Exception):
        assert not right
    else:
        assert right


def test_the_site_that_the_pages_speak_of_is_the_one_that_is_crawled():
    spoken = {word for page in PAGES for word in re.findall(r"\bhanoi_\w+", page.read_text(encoding="utf-8"))}
    assert SLUG in spoken

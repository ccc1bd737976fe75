"""The documentation keeps its word: its commands run and print what it shows, its names are the program's."""

import ast
import gzip
import re
import shlex
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.cli import COMMANDS, build_parser, main
from crawler.extraction import Reason
from crawler.run import reasons
from spiders.registry import site
from storage.archives.captures import folder_of
from tests.freeze import FROZEN
from tests.running import ROOT, tinphuong

README, IN_VIETNAMESE = ROOT / "README.md", ROOT / "README.vi.md"
PAGES = [README, IN_VIETNAMESE, *sorted((ROOT / "docs").glob("*.md"))]
FOR_READERS = [README, *(ROOT / "docs" / f"{who}.md" for who in ("operators", "archivists", "developers"))]
VARYING = {"crawl", "status", "verify", "report", "similar"}  # they tell of moments, rates, and order of arrival
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}


@dataclass(frozen=True)
class Shown:
    """A command line as a page shows it, and what stands under it as its output ("" for nothing)."""

    page: Path
    line: str
    output: str

    @property
    def words(self):
        return shlex.split(self.line)

    @property
    def needs_network(self):
        return "crawl" in self.words and "--replay" not in self.words


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(page):
    for block in blocks(TEXTS[page], "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield Shown(page, line, output.strip())


SHOWN = [shown for page in PAGES if page != IN_VIETNAMESE for shown in commands(page)]


def chosen(*programs):
    """The command lines of these programs, as parameters of a test."""
    found = [shown for shown in SHOWN if shown.words[0] in programs]
    return pytest.mark.parametrize("shown", found, ids=lambda shown: f"{shown.page.stem}: {shown.line[:60]}")


@pytest.fixture(scope="module")
def place(crawled, tmp_path_factory):
    """A folder as `make demo` leaves it, and a saved page."""
    place = tmp_path_factory.mktemp("docs")
    (place / "data").mkdir()
    with sqlite3.connect(crawled.db) as source, sqlite3.connect(place / "data" / "demo.db") as copy:
        source.backup(copy)
    shutil.copytree(folder_of(crawled.db), place / "data" / "demo.captures")
    (place / "page.html").write_bytes(gzip.decompress((FROZEN / "hanoi_sotttt" / "article.html.gz").read_bytes()))
    return place


@chosen("tinphuong")
def test_a_command_runs_and_prints_what_is_shown(shown, place, capsys, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.delenv("TINPHUONG_DB", raising=False)
    words = [str(path) for word in shown.words[1:] for path in (sorted(Path().glob(word)) if "*." in word else [word])]
    if shown.needs_network:
        for slug in build_parser("crawl").parse_args(words).sites:
            assert site(slug)
    elif "crawl" in words:  # in a process of its own: a reactor runs once
        done = tinphuong(*words, cwd=place)
        assert done.returncode == 0, done.stderr
        assert done.stdout and shown.output
    else:
        assert main(words) == 0
        printed = capsys.readouterr().out.strip()
        assert printed
        if shown.output and not VARYING & set(words):
            assert printed == shown.output


@chosen("sqlite3")
def test_a_query_answers_what_is_shown(shown, place):
    _, path, query = shown.words
    with sqlite3.connect(place / path) as connection:
        rows = connection.execute(query).fetchall()
    assert "\n".join("|".join("" if cell is None else str(cell) for cell in row) for row in rows) == shown.output


def test_the_examples_name_only_programs_that_are_checked():
    assert {shown.words[0] for shown in SHOWN} <= {"tinphuong", "sqlite3", "make", "export"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_docs(command):
    for readme in (README, IN_VIETNAMESE):
        assert re.search(rf"^\| `{command}` \|", TEXTS[readme], re.MULTILINE), readme


def test_every_option_is_one_of_the_program():
    known = set()
    for command in COMMANDS:
        parser = build_parser(command)
        (commands_,) = (action for action in parser._actions if action.dest == "command")
        for each in (parser, commands_.choices[command]):
            known |= {name for action in each._actions for name in action.option_strings}
    for page in FOR_READERS:
        assert set(re.findall(r"(?<![-\w])--[a-z][a-z-]*", TEXTS[page])) <= known, page


@pytest.mark.parametrize("word", sorted({*map(str, reasons.Reason), *map(str, Reason)}))
def test_every_reason_is_explained(word):
    assert re.search(rf"^\| `{word}`[ ,]", TEXTS[ROOT / "docs" / "operators.md"], re.MULTILINE)


def test_make_knows_every_verb():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page, text in TEXTS.items():
        assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", text)) <= targets, page


def test_both_readmes_are_in_step():
    english, vietnamese = (
        [len(marks) for marks in re.findall(r"^(#+) ", TEXTS[readme], re.MULTILINE)]
        for readme in (README, IN_VIETNAMESE)
    )
    assert english == vietnamese
    assert blocks(TEXTS[README], "console") == blocks(TEXTS[IN_VIETNAMESE], "console")


def slugs(text):
    """The anchors of a page's headings."""
    without_code = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", without_code, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page]):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_file(), target
        if anchor:
            assert anchor in slugs(file.read_text(encoding="utf-8")), target


def test_the_example_of_a_site_is_the_file():
    text = TEXTS[ROOT / "docs" / "developers.md"]
    path = re.search(r"`(spiders/\w+/\w+\.py)`, whole", text)[1]
    assert (ROOT / path).read_text(encoding="utf-8") in blocks(text, "python")


def imported(folder):
    """(dotted name, file) for what the modules under a folder, or the module there, import."""
    for file in sorted((ROOT / folder).rglob("*.py")) or [ROOT / folder]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name, file.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module}.{alias.name}", file.name) for alias in node.names)


@pytest.mark.parametrize(
    ("folder", "barred"),
    [
        ("storage", r"scrapy|spiders|crawler\.(?!dates|near|remarks|text|units|urls|filetypes)"),
        ("spiders", r"storage"),
        ("crawler/dates", r"scrapy|spiders|storage|crawler\.(?!dates|extraction|text)"),
        ("crawler/extraction", r"scrapy|spiders|storage|crawler\.(?!dates|extraction|filetypes|text)"),
        ("crawler/near", r"scrapy|spiders|storage|crawler\.(?!near|text)"),
        ("crawler/text", r"scrapy|spiders|storage|crawler\.(?!text)"),
        ("crawler/units", r"scrapy|spiders|storage|crawler\.(?!remarks|units|text)"),
        ("crawler/text/remarks.py", r"scrapy|spiders|storage|crawler"),
    ],
)
def test_the_arrows_of_the_house_point_one_way(folder, barred):
    assert [found for found in imported(folder) if re.match(barred, found[0])] == []


def test_the_picture_needs_no_network():
    picture = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"'\s)]+", picture)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in picture and "<script" not in picture

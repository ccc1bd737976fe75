"""The documentation keeps its word: its commands run and print what it shows, its names are the program's."""

import gzip
import importlib
import re
import shlex
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler import settings
from crawler.cli import COMMANDS, build_parser, main
from crawler.configuration.keys import KEYS
from crawler.extraction.file_text import FileTextProblem
from crawler.reasons import Reason
from spiders.fingerprint import platforms
from spiders.registry import Registry
from storage.archives.captures import folder_of
from storage.exports import FORMATS
from tests.freeze import FROZEN
from tests.platforms.replicas import BY_PLATFORM
from tests.running import ROOT, tinphuong

README, IN_VIETNAMESE = ROOT / "README.md", ROOT / "README.vi.md"
PAGES = [README, IN_VIETNAMESE, *sorted((ROOT / "docs").glob("*.md"))]
OPERATING = sorted((ROOT / "docs" / "operating").glob("*.md"))  # their commands are run by tests/operating
EVERY_PAGE = [
    *PAGES,
    *OPERATING,
    *sorted((ROOT / "docs" / "platforms").glob("*.md")),
    ROOT / "crawler" / "replica_portals" / "README.md",
]
FOR_READERS = [
    README,
    *(ROOT / "docs" / f"{who}.md" for who in ("operators", "archivists", "what-is-kept", "developers")),
]
VARYING = {"crawl", "status", "verify", "report", "similar"}  # they show moments, rates, and order of arrival
WHEN_IT_RAN = re.compile(r"(?<=in force since )\d{4}-\d\d-\d\d")
TEXTS = {page: page.read_text(encoding="utf-8") for page in EVERY_PAGE}
FOLDERS = ("crawler", "spiders", "storage", "tests", "benchmarks")
SOURCES = {path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")} | {"tinphuong.py"}
WRITTEN_BY_EXPORTS = {"serve.py"}


@dataclass(frozen=True)
class Shown:
    """A command line as a page shows it, and the output shown under it ("" for nothing)."""

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


@pytest.fixture
def place(crawled, tmp_path):
    """A folder as `make demo` leaves it, and a saved page."""
    (tmp_path / "data").mkdir()
    with sqlite3.connect(crawled.db) as source, sqlite3.connect(tmp_path / "data" / "demo.db") as copy:
        source.backup(copy)
    shutil.copytree(folder_of(crawled.db), tmp_path / "data" / "demo.captures")
    (tmp_path / "page.html").write_bytes(gzip.decompress((FROZEN / "hanoi_sotttt" / "article.html.gz").read_bytes()))
    return tmp_path


WITH_COMMANDS = [page for page in PAGES if any(shown.page == page and shown.words[0] == "tinphuong" for shown in SHOWN)]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.stem)
def test_the_commands_of_a_page_run_in_their_order_and_print_what_is_shown(page, place, capsys, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.delenv("TINPHUONG_DB", raising=False)
    for shown in SHOWN:
        if shown.page == page and shown.words[0] == "tinphuong":
            runs_as_shown(shown, place, capsys)


def runs_as_shown(shown, place, capsys):
    words = [str(path) for word in shown.words[1:] for path in (sorted(Path().glob(word)) if "*." in word else [word])]
    if shown.needs_network:
        assert Registry.of_package().chosen(build_parser("crawl").parse_args(words).sites)
    elif "crawl" in words:  # in a process of its own: a reactor runs once
        done = tinphuong(*words, cwd=place)
        assert done.returncode == 0, f"{shown.page.name} shows a command that fails: {shown.line}\n{done.stderr}"
        assert done.stdout and shown.output
    else:
        assert main(words) == 0, f"{shown.page.name} shows a command that fails: {shown.line}"
        printed = capsys.readouterr().out.strip()
        assert printed
        if shown.output and not VARYING & set(words):
            same = WHEN_IT_RAN.sub("", printed) == WHEN_IT_RAN.sub("", shown.output)
            assert same, f"{shown.page.name} shows another output than {shown.line} prints"


@chosen("sqlite3")
def test_a_query_answers_what_is_shown(shown, place):
    _, path, query = shown.words
    with sqlite3.connect(place / path) as connection:
        rows = connection.execute(query).fetchall()
    assert "\n".join("|".join("" if cell is None else str(cell) for cell in row) for row in rows) == shown.output


def test_the_examples_name_only_programs_that_are_checked():
    assert {shown.words[0] for shown in SHOWN} <= {"tinphuong", "sqlite3", "make", "export"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_docs(command):
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


def first_cells(page, heading):
    """The words in the first cells of a page's tables that begin with this cell."""
    text = TEXTS[ROOT / "docs" / page]
    tables = re.findall(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [
        word for table in tables for line in table.splitlines() for word in re.findall(r"`(\w+)`", line.split("|")[1])
    ]


def test_the_tables_of_reasons_hold_every_reason_once():
    words = first_cells("operators.md", "reason")
    assert sorted(word for word in words if not word.startswith("http_")) == sorted(Reason)
    assert "http_404" in words


def test_a_page_of_help_names_only_reasons():
    of_pages = {*first_cells("extraction.md", "reason"), *first_cells("health.md", "reason")}
    assert {word for word in of_pages if not word.startswith("http_")} <= {*Reason}


def test_the_table_of_file_problems_holds_every_one():
    assert sorted(first_cells("attachments.md", "`files.text_reason`")) == sorted(FileTextProblem)


def test_every_column_of_articles_is_explained(place):
    (table,) = re.findall(r"^\| column \| holds .*?\n\n", TEXTS[ROOT / "docs" / "what-is-kept.md"], re.M | re.S)
    explained = {name for row in table.strip().splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    with sqlite3.connect(place / "data" / "demo.db") as connection:
        assert {row[1] for row in connection.execute("PRAGMA table_info(articles)")} == explained


def test_every_export_is_in_the_docs():
    for name in FORMATS:
        assert re.search(rf"^\| `{name}` \|", TEXTS[ROOT / "docs" / "export.md"], re.MULTILINE), name


def test_every_platform_has_a_replica_and_is_listed():
    replicas = {
        *BY_PLATFORM,
        *(spider.platform.name for spider in Registry.of_package().values()),
    }  # of the demo: crawler/replica_portals
    for name in platforms():
        assert name in replicas, f"{name} has no replica"
        assert f"| [`{name}`]({name}.md) |" in TEXTS[ROOT / "docs" / "platforms" / "README.md"]


def test_every_page_of_browse_is_in_the_docs():
    plugin = pytest.importorskip("crawler.browse.plugin", reason="datasette is not installed")
    (table,) = re.findall(r"^\| page \| address .*?\n\n", TEXTS[ROOT / "docs" / "browse.md"], re.M | re.S)
    documented = {f"/{word}" for word in re.findall(r"`/(\w*)", table)}
    served = {match[0] for route, _ in plugin.register_routes() if (match := re.match(r"/\w*", route.lstrip("^")))}
    parts_of_pages = {"/picture", "/language", "/static", "/favicon"}
    assert served - parts_of_pages == documented


def test_every_variable_that_is_read_is_a_key():
    """Each is read by the configuration, which has a table; others name the configuration, or a tool of the tests."""
    read = set()
    for file in (path for folder in ("crawler", "spiders", "storage") for path in (ROOT / folder).rglob("*.py")):
        read |= set(re.findall(r"environ(?:\.get)?[\[(]\s*\"(TINPHUONG_\w+)", file.read_text(encoding="utf-8")))
    assert read == set()
    for page, text in TEXTS.items():
        named = set(re.findall(r"`(TINPHUONG_(?!SITE_)\w+)`", text)) - {"TINPHUONG_CHROMIUM", "TINPHUONG_CONFIG"}
        assert named <= {key.variable for key in KEYS} | {name for name in dir(settings) if name.isupper()}, page


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


@pytest.mark.parametrize("page", [*PAGES, *OPERATING], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page]):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_file(), target
        if anchor:
            assert anchor in slugs(file.read_text(encoding="utf-8")), target


def mentions(page, pattern):
    """What a page's prose and Python examples say that matches; what commands print is left out."""
    text = re.sub(r"^```(?!py)\w*\n.*?^```", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    return sorted({found.group() for found in re.finditer(pattern, text)})


def resolves(dotted, package=""):
    """Tell whether a dotted name is a module, or something that a module holds."""
    names = f"{package}{dotted}".split(".")
    for cut in range(len(names), 0, -1):
        name = ".".join(names[:cut])
        try:
            holder = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if not (name == error.name or name.startswith(f"{error.name}.")):
                raise
            continue
        for rest in names[cut:]:
            holder = getattr(holder, rest, None)
        return holder is not None
    return False


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_module_that_a_page_names_exists(page):
    for path in mentions(page, rf"(?<![\w./-])(?:{'|'.join(FOLDERS)}|docs)/[\w./-]*(?<![.-])(?:::\w+)?"):
        file, _, name = path.partition("::")
        assert (ROOT / file).exists(), f"{page.name} names {file}, which does not exist"
        if name:
            found = re.search(rf"^\s*(?:def|class) {name}\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
            assert found, f"{page.name} names {name}, which is not in {file}"
    for dotted in mentions(page, rf"(?<![\w./-])(?:{'|'.join(FOLDERS)})(?:\.\w+)+"):
        assert resolves(dotted), f"{page.name} names {dotted}, which does not exist"
    for name in mentions(page, r"(?<=`)\w+\.py(?=`)"):
        assert name in SOURCES | WRITTEN_BY_EXPORTS, f"{page.name} names {name}, which does not exist"


def test_every_rule_of_extraction_is_where_the_page_says():
    (table,) = re.findall(r"^\| rule \| failure \|\n.*?\n\n", TEXTS[ROOT / "docs" / "extraction.md"], re.M | re.S)
    rules = re.findall(r"`(\w+\.\w+)", "\n".join(row.split("|")[1] for row in table.splitlines()[2:] if row))
    assert len(rules) > 20
    for rule in rules:
        package = "crawler.extraction."
        assert resolves(rule, package) or resolves(rule, f"{package}rules."), f"there is no {rule}"


def test_the_glossary_names_tables_and_columns_that_exist(place):
    text = TEXTS[ROOT / "docs" / "glossary.md"]
    with sqlite3.connect(place / "data" / "demo.db") as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {f"{table}.{row[1]}" for table in tables for row in connection.execute(f"PRAGMA table_info({table})")}
    named = set(re.findall(r"`([a-z_]+\.[a-z_\d]+)`", text))
    assert len(named) > 20 and {name for name in named if name.split(".")[0] in tables} <= columns
    assert {name.split(".")[0] for name in named} <= tables
    assert set(re.findall(r"\btables? `([a-z_]+)`", text)) <= tables
    terms = re.findall(r"^\| ([a-z][\w, -]*) \|", text, re.MULTILINE | re.IGNORECASE)
    terms = [term for term in terms if term != "term"]
    assert len(terms) == len(set(terms)) > 50


def test_the_example_of_a_site_is_the_file():
    text = TEXTS[ROOT / "docs" / "developers.md"]
    path = re.search(r"`(spiders/\w+/\w+\.py)`, whole", text)[1]
    assert (ROOT / path).read_text(encoding="utf-8") in blocks(text, "python")


def test_the_picture_needs_no_network():
    picture = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"'\s)]+", picture)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in picture and "<script" not in picture

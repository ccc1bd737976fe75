"""The package works alone, loads what it needs when it needs it, and lets dateparser contradict nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import crawler.dates
from crawler.dates import parse_date

SOURCES = sorted(Path(crawler.dates.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_module_imports_nothing_of_the_project_but_its_own_package(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert not name.startswith(("crawler", "spiders", "storage")) or name.startswith("crawler.dates"), name
    assert len(source.read_text(encoding="utf-8").splitlines()) <= 400


def test_importing_loads_neither_the_grammar_nor_its_libraries() -> None:
    code = (
        "import sys, crawler.dates; print([n for n in sys.modules if n.startswith(('crawler.dates.', 'dateparser'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in crawler.dates.__all__:
        assert getattr(crawler.dates, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = crawler.dates.no_such_name


def test_dateparser_serves_english_shapes_only() -> None:
    for text in ("2022-Jun-05", "2022 Jun 5", "Jun. the 5th, 2022", "5. June 2022"):
        found = parse_date(text)
        assert found is not None, text
        assert found.isoformat() == "2022-06-05"
    for text in ("June 31, 2022", "Version 5 of June 2022, 31 pages", "June 2022 5 10 15", "31 June 2022"):
        found = parse_date(text)
        assert found is None or found.precision == "month", text

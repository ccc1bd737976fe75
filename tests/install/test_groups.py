"""The optional groups: each sentence about a missing one names it, and all that is imported is declared."""

import ast
import re
import sys
from importlib import import_module, metadata

import pytest
from packaging.utils import canonicalize_name

from crawler.errors import MissingGroup
from tests.install.metadata import BASE, GROUPS, NOT_USED_YET, PROJECT
from tests.running import ROOT

SOURCES = [path for top in ("crawler", "spiders", "storage") for path in (ROOT / top).rglob("*.py")]
TCVN3 = "S¸ng nay, UBND ph­êng tæ chøc héi nghÞ tæng kÕt c«ng t¸c n¨m 2005 t¹i héi tr­êng."


def missing(name, monkeypatch, *modules):
    """What is said where a group's packages are not installed: the group's own way to say so."""
    for module in [each for each in sys.modules if each.partition(".")[0] in modules]:
        monkeypatch.delitem(sys.modules, module)
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingGroup) as raised:
        SAID[name]()
    return str(raised.value)


def browse():
    import_module("crawler.browse.server").application(ROOT / "none.db")


def export():
    import_module("storage.exports.job").need("pyarrow", "parquet")


def archive():
    import_module("crawler.web_archives.sources").toolkit()


def report():
    import_module("crawler.browse.report").write_pictures(None, ROOT)


def files():
    if said := import_module("crawler.run.file_reader").missing_readers():
        raise MissingGroup(said)


def fonts():
    if said := import_module("crawler.extraction.legacy_fonts").convert_page(f"<p>{TCVN3}</p>")[1]:
        raise MissingGroup(said)


def alerts():
    import_module("crawler.run.alarms.delivery").targets(["json://alarms.example.org/"])


def browser():
    raise MissingGroup(import_module("crawler.rendering.browser").what_is_missing(""))


SAID = {
    "browse": browse, "export": export, "archive": archive, "report": report, "files": files, "fonts": fonts,
    "alerts": alerts, "browser": browser,
}  # fmt: skip
PACKAGES = {
    "browse": ["datasette"], "export": ["pyarrow"], "archive": ["cdx_toolkit"], "report": ["resvg_py"],
    "files": ["pypdf"], "fonts": ["viparse"], "alerts": ["apprise"],
    "browser": ["scrapy_playwright"],
}  # fmt: skip


def test_every_group_that_something_uses_has_a_sentence():
    assert {*GROUPS} == {*SAID} | NOT_USED_YET
    assert {*PROJECT["optional-dependencies"]} == {*GROUPS, "all"}
    (everything,) = PROJECT["optional-dependencies"]["all"]
    assert everything == f"tinphuong[{','.join(GROUPS)}]"


@pytest.mark.parametrize("name", SAID)
def test_a_missing_group_is_named_with_the_command_that_installs_it(name, monkeypatch):
    assert f"pip install 'tinphuong[{name}]'" in missing(name, monkeypatch, *PACKAGES[name])


def test_sentences_and_pages_name_groups_that_there_are():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SOURCES]
    named = {
        group
        for page in pages
        for groups in re.findall(
            r"""(?:tinphuong\S*\[|how_to_install\(['"])([\w,]+)""", page.read_text(encoding="utf-8")
        )
        for group in groups.split(",")
    }
    assert named - {*PROJECT["optional-dependencies"]} == set()


def imported(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield f"{node.module}.{node.names[0].name}"


def test_all_that_is_imported_is_declared():
    """Also what something else brings along: it may stop doing so."""
    ours = {"crawler", "spiders", "storage", *sys.stdlib_module_names}
    names = {name for path in SOURCES for name in imported(path.read_text(encoding="utf-8"))}
    names = {name for name in names if name.partition(".")[0] not in ours}
    homes = metadata.packages_distributions() | {"backports": ["backports.zstd"]}
    used = {
        canonicalize_name(home)
        for name in names
        for home in homes.get(name.partition(".")[0], [f"{name}, which is not installed"])
    }
    declared = {canonicalize_name(each.name): "base" for each in BASE}
    declared |= {canonicalize_name(each.name): name for name, group in GROUPS.items() for each in group}
    assert used - {*declared} == set(), "add it to the requirements in pyproject.toml"
    unused = {name for name in used if declared[name] in NOT_USED_YET}
    assert unused == set(), "a group is used now: take it out of NOT_USED_YET and give it a sentence in SAID"

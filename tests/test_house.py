"""The layers of the house: who may import whom, by the imports as they are; the size of folders and files; circles."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.running import PATIENCE, ROOT

# Each layer's modules and packages, and the layers that it may import; docs/developers.md says why.
LAYERS = {
    "core": ["crawler.dates", "crawler.extraction", "crawler.text", "crawler.units", "crawler.near", "crawler.urls",
             "crawler.filetypes", "crawler.errors", "crawler.reasons", "crawler.doubts", "crawler.profile",
             "crawler.workers"],
    "storage": ["storage"],
    "run": ["crawler.run", "crawler.pipelines", "crawler.middlewares", "crawler.extensions", "crawler.handlers",
            "crawler.network", "crawler.rendering",
            "crawler.configuration", "crawler.settings", "crawler.clock", "crawler.scrapy_internals"],
    "spiders": ["spiders"],
    "applications": ["crawler.cli", "crawler.browse", "crawler.new_site", "crawler.discovery", "crawler.reprocess",
                     "crawler.web_archives", "crawler.monitoring", "crawler.replica_portals", "crawler.working_folder",
                     "crawler.__main__"],
}  # fmt: skip
MAY_IMPORT = {
    "core": {"core"},
    "storage": {"core", "storage"},
    "run": {"core", "storage", "run"},
    "spiders": {"core", "run", "spiders"},
    "applications": set(LAYERS),
}
WITHOUT_SCRAPY = ("core", "storage")

# What a layer names although it may not import it, each with the reason.
EXCEPTIONS = {
    ("crawler.settings", "spiders.registry.RegisteredSites"),  # Scrapy's own commands, `scrapy list`, start from here
}
# Imports whose name only the running program knows.
OPEN = {
    ("spiders.site_files", "module_info.name"),  # what lies under spiders/
    ("storage.exports.job", "package"),  # what an export needs installed; none of our own
    ("storage.exports.delivery", "name"),  # pyarrow, where an earlier delivery is a Parquet file
    ("crawler.cli.shadowing", "name"),  # our own packages, asked where they are
    ("spiders.site_files", "name"),  # a file of a folder that --sites names
    ("spiders.site_files", "module"),  # the same
}
# Who finds the modules of a package by a name that a user or a table gives, and the package: such a module may import
# the finder, which imports it only when it is asked for by name.
LOOKUPS = {
    ("crawler.cli", "crawler.cli"),  # commands
    ("crawler.dates", "crawler.dates"),  # the names that the package offers, each imported when it is first used
    ("spiders.fingerprint", "spiders.platforms"),  # platforms, to recognise a site's
    ("spiders.platforms", "spiders.platforms"),  # the layout of a stored page
    ("storage.exports.job", "storage.exports"),  # formats
}

MOST_LOOSE_FILES = {"crawler": 12, "storage": 16}
MOST_LINES = 400


@dataclass(frozen=True)
class Import:
    """What a module imports or names; `how` is "static", "types", "late", "dynamic", "process" or "string"."""

    importer: str
    name: str
    line: int
    how: str

    def __str__(self):
        path = self.importer.replace(".", "/")
        return f"{path}.py:{self.line} imports {self.name} ({self.how})"


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for top in ("crawler", "spiders", "storage") for path in (ROOT / top).rglob("*.py")}
TEST_FILES = {module_of(path): path for top in ("tests", "benchmarks") for path in (ROOT / top).rglob("*.py")}
DYNAMIC = (
    "import_module", "__import__", "load_object", "find_spec", "spec_from_file_location", "exec_module", "run_module",
    "run_path",
)  # fmt: skip
OURS = re.compile(r"(?:crawler|spiders|storage|tests|benchmarks)(?:\.\w+)+|tests(?:/.*)?")


def imports_of(module, source) -> Iterator[Import]:
    """Yield what a module imports: at its top, in functions, for types only, by call, by `-m`, and named in strings."""
    is_package = FILES.get(module, Path()).name == "__init__.py"
    yield from _imports(module, is_package, ast.parse(source).body, "static")


def _imports(module, is_package, nodes, how) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, node.lineno, how) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = module.split(".")[: len(module.split(".")) - node.level + is_package] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from (Import(module, f"{base}.{alias.name}", node.lineno, how) for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _imports(module, is_package, node.body, "types")
            yield from _imports(module, is_package, node.orelse, how)
        else:
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DYNAMIC and node.args:
                yield Import(module, called_with(module, node.args[0]), node.lineno, "dynamic")
            if isinstance(node, ast.List | ast.Tuple):
                for option, argument in pairwise(node.elts):
                    if isinstance(option, ast.Constant) and option.value == "-m":
                        yield Import(module, called_with(module, argument), node.lineno, "process")
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and OURS.fullmatch(node.value):
                yield Import(module, node.value.partition("/")[0], node.lineno, "string")
            inside = "late" if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else how
            yield from _imports(module, is_package, ast.iter_child_nodes(node), inside)


def called_with(module, argument):
    """The name that a call imports; of an f-string, what comes before its first unknown part; else its source."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if not isinstance(argument, ast.JoinedStr):
        return f"? {ast.unparse(argument)}"
    known = ""
    for part in argument.values:
        if isinstance(part, ast.Constant):
            known += part.value
        elif ast.unparse(part.value) == "__name__":
            known += module
        else:
            break
    return known.removesuffix(".") or f"? {ast.unparse(argument)}"


def layer_of(name):
    """The layer of a dotted name; None for what is not ours, and for `crawler` itself, which has the version alone."""
    for layer, packages in LAYERS.items():
        if any(name == package or name.startswith(f"{package}.") for package in packages):
            return layer
    return None


IMPORTS = {module: list(imports_of(module, path.read_text(encoding="utf-8"))) for module, path in FILES.items()}


def objections(found):
    """What is wrong with an import, as a sentence, or None."""
    layer = layer_of(found.importer)
    if layer is None:
        return None
    if found.name.startswith("? "):
        return None if (found.importer, found.name[2:]) in OPEN else f"{found}: add it to OPEN with a reason"
    if (found.importer, found.name) in EXCEPTIONS:
        return None
    if layer in WITHOUT_SCRAPY and re.match(r"(scrapy|twisted)\b", found.name):
        return f"{found}: {layer} knows no Scrapy"
    if found.name.partition(".")[0] in ("tests", "benchmarks"):
        return f"{found}: nothing imports tests or benchmarks"
    other = layer_of(found.name)
    return f"{found}: {layer} may not import {other}" if other and other not in MAY_IMPORT[layer] else None


def test_every_module_has_a_layer():
    assert [module for module in FILES if layer_of(module) is None and module != "crawler"] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_what_it_may(layer):
    found = [each for module in FILES if layer_of(module) == layer for each in IMPORTS[module]]
    assert [wrong for wrong in map(objections, found) if wrong] == []


def test_what_is_excepted_is_still_there():
    found = {(each.importer, each.name.removeprefix("? ")) for module in FILES for each in IMPORTS[module]}
    assert found >= EXCEPTIONS | OPEN | LOOKUPS


SMUGGLED = """
import importlib
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from spiders.base import PortalSpider
def read(name):
    importlib.import_module("storage.search")
    importlib.import_module(f"spiders.platforms.{name}")
    __import__("crawler.cli.crawl")
    load_object(f"{name}.pipeline")
    from crawler.run import run
HANDLERS = {"crawler.handlers.loopback.LoopbackHandler": 1}
runpy.run_module("benchmarks.quality")
subprocess.Popen([sys.executable, "-m", "tests.portals"])
runpy.run_path(name)
spec.loader.exec_module(name)
util.spec_from_file_location("crawler.browse.own", name)
PAGES = ROOT / "tests" / "portals"
from . import sites
"""


def test_this_test_sees_every_way_to_import():
    found = {(each.name, each.how) for each in imports_of("crawler.dates.parser", SMUGGLED)}
    assert found >= {
        ("spiders.base.PortalSpider", "types"), ("storage.search", "dynamic"), ("spiders.platforms", "dynamic"),
        ("crawler.cli.crawl", "dynamic"), ("? f'{name}.pipeline'", "dynamic"), ("crawler.run.run", "late"),
        ("crawler.handlers.loopback.LoopbackHandler", "string"), ("crawler.dates.sites", "static"),
        ("benchmarks.quality", "dynamic"), ("tests.portals", "process"), ("? name", "dynamic"),
        ("crawler.browse.own", "dynamic"), ("tests", "string"),
    }  # fmt: skip
    wrong = [objections(each) for each in imports_of("crawler.dates.parser", SMUGGLED)]
    assert len({sentence for sentence in wrong if sentence}) >= 13


LOAD = """
import importlib, json, pkgutil, sys
for name in json.loads(sys.argv[1]):
    try:
        package = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        continue
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer != "applications"])
def test_a_layer_that_runs_has_loaded_only_what_it_may(layer):
    done = subprocess.run(
        [sys.executable, "-c", LOAD, json.dumps(LAYERS[layer])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    allowed = MAY_IMPORT[layer] | ({"storage"} if layer == "spiders" else set())  # by way of run
    assert [name for name in loaded if layer_of(name) not in {None, *allowed}] == []
    if layer in WITHOUT_SCRAPY:
        assert [name for name in loaded if re.match(r"(scrapy|twisted)\b", name)] == []


@pytest.mark.parametrize("package", ["crawler.dates", "crawler.extraction", "crawler.text"])
def test_the_core_is_importable_alone(package):
    code = f"import sys, {package}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert not {"scrapy", "twisted", "spiders", "storage"} & set(done.stdout.split())


def test_folders_have_few_loose_files():
    loose = Counter(path.parent.name for path in FILES.values() if path.parent.parent == ROOT)
    assert {folder: count for folder, count in loose.items() if count > MOST_LOOSE_FILES.get(folder, 99)} == {}


def test_no_file_is_too_long():
    paths = [*FILES.values(), *TEST_FILES.values()]
    lines = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {str(path): count for path, count in lines.items() if count > MOST_LINES} == {}


def module_named(name):
    """The module of ours that a dotted name is, or is something of; None for what is not ours."""
    while name and name not in FILES:
        name = name.rpartition(".")[0]
    return name or None


def circles(graph):
    """The groups of modules of which each leads to all others (Tarjan's strongly connected components)."""
    index, low, stack, found = {}, {}, [], []

    def visit(module):
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in graph[module]:
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            group = [stack.pop()]
            while group[-1] != module:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for module in graph:
        if module not in index:
            visit(module)
    return found


def modules_behind(found):
    """The modules of ours that an import reaches; of a package whose modules are found by name, each."""
    named = module_named(found.name)
    parts = {module for module in FILES if module.rpartition(".")[0] == named}
    return {named, *parts} if found.how == "dynamic" and found.name == named else {named}


def test_no_modules_import_each_other_in_a_circle():
    """By whatever way, but for what LOOKUPS names."""
    graph = {
        module: {
            other
            for each in found
            if (module, each.name) not in LOOKUPS or each.how != "dynamic"
            for other in modules_behind(each) - {None, module}
        }
        for module, found in IMPORTS.items()
    }
    assert circles(graph) == [], "modules import each other in a circle"
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]], "a circle is not seen"


def test_the_table_of_layers_is_in_the_docs():
    text = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| layer \|.*?\n\n", text, re.MULTILINE | re.DOTALL)
    rows = {cells[1].strip(): cells[2:] for line in table.strip().splitlines()[2:] if (cells := line.split("|"))}
    assert list(rows) == list(LAYERS)
    for layer, (folders, _, may, _) in rows.items():
        for package in LAYERS[layer]:
            name = package.replace(".", "/")
            if package in FILES and package != "crawler.__main__":
                assert f"`{name}/`" in folders or f"`{name}.py`" in folders, f"{package} is missing under {layer}"
        others = MAY_IMPORT[layer] - {layer}
        wanted = others if layer != "applications" else {"anything"}
        assert set(re.findall(r"core|storage|run|spiders|anything", may)) == wanted, layer


PATHS = re.compile(r"`((?:crawler|spiders|storage|tests|benchmarks|docs)/[\w./]*)`")


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_the_paths_of_a_page_exist(page):
    named = set(PATHS.findall(page.read_text(encoding="utf-8")))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []

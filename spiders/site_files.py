"""Sites with a file each: a spider class that states the facts of one site over the spider of its platform."""

import ast
import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import spiders
from crawler.errors import ConfigurationError
from spiders import site_table
from spiders.base import PortalSpider
from spiders.platform import Platform
from spiders.site_facts import wrong_facts

_MODULES = "tinphuong_site_files"  # under which the files of a user's folder are in sys.modules


class BadSiteFile(ConfigurationError):
    """Site files have faults; the message has a line for each, with file, line where it is known, and a sentence."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


def of_package() -> list[type[PortalSpider]]:
    """Return the sites with a file under `spiders/`, by the names of their modules."""
    found: list[type[PortalSpider]] = []
    for module_info in pkgutil.walk_packages(spiders.__path__, "spiders."):
        if not module_info.ispkg and not module_info.name.startswith(("spiders.platforms", "spiders.portals")):
            found += _sites_in(importlib.import_module(module_info.name))
    return found


def of_folder(folder: Path) -> list[type[PortalSpider]]:
    """Return the sites that the Python files of `folder`, and of the folders in it, hold.

    Names that begin with `_` or `.` are left out. Raises BadSiteFile for files that cannot be imported, hold no site,
    or state facts that cannot be right.
    """
    found: list[type[PortalSpider]] = []
    faults: list[str] = []
    for path in (paths := _files(folder)):
        try:
            module = _imported(path)
        except BadSiteFile as error:
            faults += error.faults
            continue
        sites = list(_sites_in(module))
        if not sites:
            faults.append(f"{path}: holds no site; a site is a class over a platform's spider that states a `name`")
        for site in sites:
            faults += [f"{place_of(site)}: {wrong}" for wrong in _wrong_facts(site)]
        found += sites
    if not paths:
        faults.append(f"{folder}: the folder holds no site file (*.py)")
    if faults:
        raise BadSiteFile(faults)
    return found


def is_folder(path: Path) -> bool:
    """Tell whether a user's `path` is a folder; False also where we may not look, as reading it as a file says so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def place_of(site: type[PortalSpider]) -> str:
    """Return the file that states a site, with the line of its class where the file can be read."""
    path = Path(str(sys.modules[site.__module__].__file__))
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return str(path)
    lines = (node.lineno for node in tree.body if isinstance(node, ast.ClassDef) and node.name == site.__name__)
    line = next(lines, None)
    return f"{path}, line {line}" if line else str(path)


def _files(folder: Path) -> list[Path]:
    """The site files of a folder laid out as `spiders/` is: some in it, some one folder deeper."""
    found = [path for pattern in ("*.py", "*/*.py") for path in folder.glob(pattern)]
    return sorted(path for path in found if not any(part[0] in "._" for part in path.relative_to(folder).parts))


def _sites_in(module: ModuleType) -> Iterator[type[PortalSpider]]:
    """Yield the classes of a module that are sites of their own: those that it defines and that have a slug."""
    for item in vars(module).values():
        if not (isinstance(item, type) and issubclass(item, PortalSpider) and item.__module__ == module.__name__):
            continue
        if getattr(item, "name", None):
            yield item


def _imported(path: Path) -> ModuleType:
    """Import a file that is in no package, anew each time. Raises BadSiteFile."""
    name = f"{_MODULES}.{path.stem}_{sha256(bytes(path.resolve())).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadSiteFile([f"{path}: is not a Python file"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and type hints look for it there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        line = _line_of(error, path)
        where = f", line {line}" if line else ""
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        said = " ".join(f"{type(error).__name__}: {what}".split()).removesuffix(":")
        raise BadSiteFile([f"{path}{where}: cannot be imported ({said})"]) from None
    return module


def _line_of(error: BaseException, path: Path) -> int | None:
    """The line of a file at which importing it failed."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)


def _wrong_facts(site: type[PortalSpider]) -> Iterator[str]:
    """Yield what is wrong with the facts that a class states, by the rules of the table's columns."""
    facts: dict[str, object] = {
        "slug": site.name,
        "name": getattr(site, "ward", ""),
        "host": getattr(site, "host", ""),
        "unit_old": site.unit_old or "",
        "unit_new": site.unit_new or "",
        "scheme": site.scheme,
    }
    names = {"slug": "name", "name": "ward"}  # of columns, in a class
    for column, value in facts.items():
        wrong = site_table.wrong_cell(column, value) if isinstance(value, str) else f"{value!r} is not a text"
        if wrong:
            yield f"{names.get(column, column)}: {wrong}"
    for fact in ("start_pages", "other_hosts"):
        value = getattr(site, fact)
        if not isinstance(value, tuple | list) or not all(isinstance(item, str) for item in value):
            yield f"{fact}: {value!r} is not a tuple of texts like ('/', '/tin-tuc')"
    yield from wrong_facts(site)
    if not isinstance(getattr(site, "platform", None), Platform):
        yield "platform: is missing; base the class on a platform's spider, or state one"

"""Somebody else's `crawler`, `spiders` or `storage` before ours is one sentence; a mere folder of that name is none."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from crawler import SCHEMA_VERSION, __version__
from storage.schema import MIGRATIONS
from tests.running import PATIENCE, ROOT


def started(*words, cwd, path=ROOT):
    """Start the program as pip's script does, from `cwd`, with `path` as PYTHONPATH."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


def put(folder, name, kind):
    """Put a package, a folder without `__init__.py` or a single file of that name into `folder`."""
    folder.mkdir(exist_ok=True)
    if kind == "file":
        (folder / f"{name}.py").write_text("")
        return folder / f"{name}.py"
    (folder / name).mkdir()
    (folder / name / ("__init__.py" if kind == "package" else "letters.txt")).write_text("")
    return folder / name


@pytest.mark.parametrize("kind", ["package", "file"])
@pytest.mark.parametrize("name", ["storage", "spiders"])
def test_a_package_in_the_current_folder_that_shadows_ours_is_named(name, kind, tmp_path):
    place = put(tmp_path / "of others", name, kind)
    for module in ("tinphuong", "crawler"):
        done = started("-m", module, "--help", cwd=place.parent)
        assert done.returncode == 2, done.stdout
        assert done.stderr.startswith(f"tinphuong: Python finds {place} where this program's own package `{name}`")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("kind", ["package", "file"])
def test_a_crawler_of_others_is_named_where_the_program_is_started_by_its_own_name(kind, tmp_path):
    place = put(tmp_path / "of others", "crawler", kind)
    done = started("-m", "tinphuong", "--version", cwd=place.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"tinphuong: Python finds {place} where this program's own package `crawler`")


def test_a_package_in_pythonpath_is_named(tmp_path):
    place = put(tmp_path / "lib", "storage", "package")
    done = started("-m", "tinphuong", "--help", cwd="/", path=f"{place.parent}{os.pathsep}{ROOT}")
    assert done.returncode == 2
    assert f"Python finds {place} where" in done.stderr


def test_folders_that_are_no_packages_are_nobodys_trouble(tmp_path):
    for name in ("crawler", "spiders", "storage"):
        put(tmp_path, name, "folder")
    for module in ("tinphuong", "crawler"):
        done = started("-m", module, "--version", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"tinphuong {__version__} (schema {SCHEMA_VERSION})\n"


def test_a_tree_behind_a_link_is_ours(tmp_path):
    (tmp_path / "tree").symlink_to(ROOT)
    done = started("-m", "tinphuong", "--version", cwd="/", path=tmp_path / "tree")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_part_that_is_missing_is_named(tmp_path):
    shutil.copytree(ROOT / "crawler", tmp_path / "crawler", ignore=shutil.ignore_patterns("__pycache__"))
    done = started("-m", "crawler", "--version", cwd=tmp_path, path="")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"where this program's own package `spiders` in {tmp_path} is meant" in done.stderr


def test_the_version_is_that_of_the_schema_and_of_the_changelog():
    assert len(MIGRATIONS) == SCHEMA_VERSION, "a migration came: raise SCHEMA_VERSION in crawler/__init__.py"
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## [")[2]
    said = re.search(r"\bSchema (\d+)\.", newest)
    assert said and int(said[1]) == SCHEMA_VERSION, "say the schema's number in CHANGELOG.md"
    if newest.startswith("Unreleased]"):
        newest = newest.partition("\n## [")[2]
    assert newest.startswith(f"{__version__}]")

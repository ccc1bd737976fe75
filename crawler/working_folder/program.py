"""How the program that runs is started again, by cron or systemd: from any folder, without a shell's settings."""

import os
import shlex
import shutil
import site
import sys
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
NAME = "tinphuong"


def words() -> list[str]:
    """Return the command as words that begin with an absolute path: the console script, or Python with the module."""
    started = Path(sys.argv[0])
    if started.name == NAME and (found := shutil.which(started)):
        return [os.path.abspath(found)]  # noqa: PTH100 — a symbolic link outlives what it leads to
    # -P: a folder named `crawler` in the current one would be run in place of the package
    command = [sys.executable, "-P", "-m", "crawler"]
    if _is_installed():
        return command
    return [shutil.which("env") or "/usr/bin/env", f"PYTHONPATH={PACKAGE.parent}", *command]


def for_people() -> str:
    """Return what a person types in a shell to start it."""
    command = words()
    found = shutil.which(NAME)
    if len(command) == 1 and found and Path(found).samefile(command[0]):
        return NAME
    return shlex.join(command)


def places(command: list[str]) -> list[Path]:
    """Return the files and folders that the command needs, where they are named and where they really are."""
    named = [Path(sys.executable), Path(sys.prefix), Path(sys.base_prefix), PACKAGE, Path(command[0])]
    return [*named, *(path.resolve() for path in named)]


def _is_installed() -> bool:
    folders = {*site.getsitepackages(), site.getusersitepackages(), *sysconfig.get_paths().values()}
    return any(PACKAGE.parent == Path(folder).resolve() for folder in folders)
